"""The world of one account: perform a command, publish its events, snapshot, restore.

The rules of this file:

- Time, sids and dice come from the world, and the world is changed by commands alone. So the same
  seed and the same timed commands give the same bytes.
- Before a command, every timer that is due by then is performed, each at its own due time. A real,
  a fast, a frozen and a replayed run take the same steps.
- A refused command has changed nothing, drawn nothing and told nothing; nor has one that fails by a
  fault of ours. Whatever it had changed is taken back.
- Listeners are told after the change, in the order in which things happened. They queue; they
  neither wait nor perform. One that raises is a fault of ours, and keeps nothing from the others.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from twilio_emulator.core.kernel import snapshots
from twilio_emulator.core.kernel.clock import Clock, Timers
from twilio_emulator.core.kernel.indexes import Counted
from twilio_emulator.core.kernel.patterns import Compile, python_pattern
from twilio_emulator.core.kernel.records import Plain, maker, plain, record, write_instant
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.sids import Sids, Stream
from twilio_emulator.core.kernel.signatures import NO_SIGNATURES, Signatures
from twilio_emulator.core.kernel.tables import Changes, Table

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")
T = TypeVar("T", bound=Table[Any])


class Command(Protocol[R_co]):
    """A wish to change the world, in the imperative. `apply` refuses, or changes and tells."""

    def apply(self, world: "World") -> R_co:
        """Check everything, then change, then tell.

        Raises:
            Refused: with the world unchanged.
        """


class Checkable(Command[object], Protocol[R_co]):
    """A command that a pre-event webhook may see: its guards can be asked without the change."""

    def check(self, world: "World") -> R_co:
        """What the command would make of the world.

        Raises:
            Refused: it cannot be performed.
        """


log = logging.getLogger("twilio_emulator")


class Source(StrEnum):
    """Where a command came from, in the words of webhooks."""

    API = "API"
    SDK = "SDK"
    SMS = "SMS"
    WHATSAPP = "WHATSAPP"


@record
class Origin:
    """Who wants a command performed.

    `webhooks` says whether conversation webhooks fire: for REST calls only with
    `X-Twilio-Webhook-Enabled: true`, for all others always. `endpoint` is a client's connection,
    where that matters.
    """

    source: Source = Source.API
    identity: str | None = None
    webhooks: bool = True
    endpoint: str | None = None


QUIET = Origin(webhooks=False)
"""A REST call without `X-Twilio-Webhook-Enabled: true`."""

LOUD = Origin()
"""A REST call with that header, a timer, a carrier: webhooks fire."""


class PlannedNumber(NamedTuple):
    """What the number plans of the world say of a number.

    Attributes:
        number: in E.164 form, as far as it can be read as a number; else as it was written.
        calling_country_code: such as `44`; None where nothing could be read.
        country: ISO 3166 code; None for a number of no country, or of none that there is.
        national_format: as it is written in its country.
        error: why nobody can have it, in the words of Lookup v2; None when somebody can.
        line_type: of its range, in the words of Lookup v2; `unknown` where it is in none.
    """

    number: str
    calling_country_code: str | None = None
    country: str | None = None
    national_format: str | None = None
    error: str | None = None
    line_type: str = "unknown"


class Numbering(Protocol):
    """What the world has to know of phone numbers; a library knows it, so it is handed in."""

    def normal(self, number: str, country: str | None = None) -> str | None:
        """The E.164 form of a possible number, else None. `country` helps with national forms."""

    def country(self, number: str) -> str | None:
        """ISO 3166 country of an E.164 number."""

    def planned(self, number: str, country: str) -> PlannedNumber:
        """What is known of a number, as anybody may write it; `country` helps with national
        forms."""


class Happened(NamedTuple):
    """An event with its circumstances."""

    number: int
    at: datetime
    origin: Origin
    event: object


_happened: Callable[[tuple[int, datetime, Origin, object]], Happened] = maker(Happened)


class Watch(Protocol):
    """Follows what a world keeps, as it is changed."""

    def changed(self, changes: Changes) -> None:
        """A command, or a timer that was performed, has changed this much."""

    def replaced(self) -> None:
        """Everything is another, as a snapshot showed it."""


Listener = Callable[[Happened], None]


class Listeners:
    """Who hears of what happens: of everything, or of events of some kinds."""

    def __init__(self) -> None:
        self._all: list[tuple[Listener, frozenset[type] | None]] = []
        self._of: dict[type, tuple[Listener, ...]] = {}

    def append(self, listener: Listener, kinds: Iterable[type] | None = None) -> None:
        """Tell `listener` too, after the others; only of events of these `kinds`, if any are
        named."""
        self._all.append((listener, None if kinds is None else frozenset(kinds)))
        self._of.clear()

    def remove(self, listener: Listener) -> None:
        """Tell it no more, if it was told."""
        self._all = [each for each in self._all if each[0] != listener]
        self._of.clear()

    def clear(self) -> None:
        """Tell nobody any more."""
        self._all.clear()
        self._of.clear()

    def of(self, kind: type) -> tuple[Listener, ...]:
        """Whom to tell of an event of this kind, in the order in which they came."""
        found = self._of.get(kind)
        if found is None:
            found = tuple(each for each, kinds in self._all if kinds is None or kind in kinds)
            self._of[kind] = found
        return found


Reaction = Callable[["World", Any], None]
"""What follows from an event, inside the same command: it may change and tell, and never refuses.

The second argument is the event.
"""


class Rules(NamedTuple):
    """What a world is made of; `wings.py` puts it together.

    Attributes:
        tables: what is kept, in the order in which a snapshot shows it.
        commands: what can be asked of the world, by name: a journal is read by these.
        reactions: what follows from events, by their type, in the order of the wings.
        claims: who may want a text that comes in, first asked first.
    """

    tables: tuple[type[Table[Any]], ...]
    commands: Mapping[str, type]
    reactions: Mapping[type, tuple[Reaction, ...]]
    claims: tuple[object, ...]


if TYPE_CHECKING:

    class _Tables:
        def __contains__(self, kind: object) -> bool: ...  # whether it was asked for before
        def __getitem__(self, kind: type[T]) -> T: ...
        def __setitem__(self, kind: type[T], table: T) -> None: ...

else:
    _Tables = dict  # a method of our own would cost a tenth of every command


class World(_Tables):
    """Everything that one account has: its tables, found by their class, and what drives them.

    Args:
        account_sid: the account; its subaccounts live here too.
        seed: of all sids and dice.
        clock: this world's time.
        numbering: what is known of phone numbers.
        rules: what it keeps, and what follows from what.
        compile_pattern: makes regular expressions ready that somebody gave.
        signatures: what is known of keys and of what they signed.

    Attributes:
        watch: follows what is changed.
    """

    def __init__(
        self,
        account_sid: str,
        seed: int,
        clock: Clock,
        numbering: Numbering,
        rules: Rules,
        compile_pattern: Compile = python_pattern,
        signatures: Signatures = NO_SIGNATURES,
    ) -> None:
        super().__init__()
        self.rules = rules
        self.account_sid = account_sid
        self.seed = seed
        self.clock = clock
        self.numbering = numbering
        self.compile_pattern = compile_pattern
        self.signatures = signatures
        self.sids = Sids(seed, account_sid, "sids")
        self.dice = Stream(seed, account_sid, "dice")
        self.timers = Timers()
        self.listeners = Listeners()
        self.now = clock.now()
        self.origin = QUIET
        self.serials = 0
        self.events = 0
        self._told: list[object] = []
        self._reactions = rules.reactions
        self._changes: Changes = []
        self.watch: Watch | None = None
        self.timers.changes = self._changes

    def __missing__(self, kind: type[Table[Any]]) -> Table[Any]:
        """A table is made when it is first asked for: most worlds are of one test, which needs few
        of a hundred."""
        if kind not in self.rules.tables:
            raise KeyError(kind)
        table = kind.empty()
        table.changes = self._changes
        self[kind] = table
        return table

    __hash__ = object.__hash__  # one world is no other, whatever it holds
    __eq__ = object.__eq__

    def serial(self) -> int:
        """The next number of one counter; what has a greater one came later."""
        self.serials += 1
        return self.serials

    def tell(self, event: object) -> None:
        """Note that something happened, and do what follows from it.

        Listeners hear of it when the command is done.
        """
        self._told.append(event)
        for react in self._reactions.get(type(event), ()):
            react(self, event)

    def perform(self, command: Command[R], origin: Origin = QUIET, at: datetime | None = None) -> R:
        """Perform what is due, then `command`, and tell the listeners.

        Args:
            at: the instant of the command; the clock's now unless given. Never before an earlier
                one.

        Returns:
            what the command answers.

        Raises:
            Refused: with nothing changed by the command.
        """
        at = self.clock.now() if at is None else at
        self.catch_up(at)
        if at > self.now:
            self.now = at
        return self._apply(command, origin)

    def check(self, command: Checkable[R], origin: Origin) -> R:
        """Perform what is due, then the guards of `command` alone.

        Returns:
            what the command would make of the world as it is now.

        Raises:
            Refused: it cannot be performed.
        """
        at = self.clock.now()
        self.catch_up(at)
        self.now = max(self.now, at)
        self.origin = origin
        return command.check(self)

    def catch_up(self, until: datetime) -> None:
        """Perform every timer that is due by `until`, each at its own time."""
        timers = self.timers
        while (due := timers.next_due()) is not None and due <= until:
            self.perform_due(until)

    def perform_due(self, until: datetime) -> bool:
        """Perform the first timer that is due by `until`, at its own time.

        Returns:
            whether there was one.
        """
        timer = self.timers.pop(until)
        if timer is None:
            return False
        if self.watch is not None:
            self.watch.changed([(self.timers, timer.key, timer)])
        self.now = max(self.now, timer.due)
        try:
            self._apply(timer.command, LOUD)
        except Refused:
            pass  # it has changed nothing, and there is nobody to tell
        except Exception:
            log.exception("a timer came to nothing: %s", timer.key)
        return True

    def _apply(self, command: Command[R], origin: Origin) -> R:
        self.origin = origin
        self._changes.clear()  # of whoever reached in without a command
        drawn = self.sids.drawn, self.dice.drawn, self.serials, self.timers.next_number
        try:
            answer = command.apply(self)
        except BaseException:
            self._take_back(drawn)
            raise
        if self.watch is not None:
            self.watch.changed(self._changes)
        self._changes.clear()
        told, self._told = self._told, []
        for event in told:
            self.events += 1
            happened = _happened((self.events, self.now, self.origin, event))
            for listener in self.listeners.of(type(event)):
                try:
                    listener(happened)
                except Exception:
                    log.exception("a listener failed at %s", type(event).__name__)
        return answer

    def _take_back(self, drawn: tuple[int, int, int, int]) -> None:
        """Be as before a command, which had `drawn` so much when it began."""
        self._told.clear()
        for changed, key, old in self._changes[::-1]:
            changed.undo(key, old)
        self._changes.clear()
        self.sids.drawn, self.dice.drawn, self.serials, self.timers.next_number = drawn

    def tables(self) -> dict[str, Table[Any]]:
        """Every table by name, in the order in which a snapshot shows them."""
        return {kind.name: self[kind] for kind in self.rules.tables}

    def digests(self) -> tuple[Counted[Any], ...]:
        """The digests of all bytes that are shown anywhere in it, by table."""
        showing = (self[kind].digests for kind in self.rules.tables if kind.shows_bytes)
        return tuple(each for each in showing if each is not None)

    def snapshot(self) -> dict[str, Plain]:
        """The whole state as plain data; equal worlds give equal snapshots."""
        return {
            **self.circumstances(),
            "timers": [timer.plain() for timer in self.timers],
            "tables": {
                name: [plain(kept) for kept in table]
                for name, table in self.tables().items()
                if len(table)
            },
        }

    def circumstances(self) -> dict[str, Plain]:
        """What a snapshot shows besides timers and tables."""
        return {
            "account_sid": self.account_sid,
            "seed": self.seed,
            "now": write_instant(self.now),
            "serials": self.serials,
            "events": self.events,
            "sids": self.sids.drawn,
            "dice": self.dice.drawn,
            "next_timer": self.timers.next_number,
        }

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Become what a snapshot shows. Clock and listeners stay; no event is told.

        Raises:
            Unreadable: the snapshot is not one of this version; nothing has changed.
        """
        self.become(snapshots.read(snapshot, self.rules.tables, self.rules.commands))

    def become(self, read: snapshots.SnapshotReading) -> None:
        """Become what a snapshot shows that was read to its end, and is not to be used again."""
        shown = read.shown
        self.account_sid, self.seed, self.now = shown.account_sid, shown.seed, shown.now
        self.serials, self.events = shown.serials, shown.events
        self.sids = Sids(self.seed, self.account_sid, "sids")
        self.sids.drawn = shown.sids
        self.dice = Stream(self.seed, self.account_sid, "dice")
        self.dice.drawn = shown.dice
        self.timers = read.timers
        self.timers.changes = self._changes
        for name, table in self.tables().items():
            table.become(read.tables[name])
        if self.watch is not None:
            self.watch.replaced()
