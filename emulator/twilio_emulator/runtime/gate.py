"""The one door: check, consult pre-event webhooks, write down, perform.

The rules of this file:

- Everything that changes an account's world comes through its gate: REST, client SDKs, handsets,
  the control API, scenarios and what webhooks answer. Timers alone the world performs by itself.
- Only the gate awaits, and only before the change. Between a change and the queueing of its news
  there is no `await`, so what clients see is in the order in which it happened.
- What is written down is the command as performed, after a webhook has rewritten it. When the write
  fails, the command is not performed. What then could not be performed is struck off again.
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing
from typing import Any, TypeVar, cast

import msgspec

from twilio_emulator.core.kernel.journal import CommandJournal, Log, Turned, Written, written_down
from twilio_emulator.core.kernel.keeping import DEFAULTS, MB, OWN, Keep, Ring, Room
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.core.kernel.sids import Stream
from twilio_emulator.core.kernel.sizes import SIZES
from twilio_emulator.core.kernel.world import QUIET, Command, Happened, Origin, World

Ask = Callable[["Gate", Command[object], Origin], Coroutine[Any, Any, Command[object]] | None]
"""Whom a pre-event webhook has to be asked about: None when nobody, else the command as it may be
performed.

The awaitable raises Refused when the webhook forbids the command.
"""

Write = Callable[[Written], None]
"""Puts a line of the journal where it survives; raises OSError when it cannot."""


StrikeOff = Callable[[], None]
"""Takes back the line that was written last; raises OSError when it cannot."""

REFUSED_KEPT = Room(1000, 4 * MB)
"""Commands that were refused, of which recordings tell."""

R = TypeVar("R")

log = logging.getLogger("twilio_emulator")


class Gate:
    """The door to one world.

    Args:
        world: what it leads to.
        ask: consults pre-event webhooks.
        write: keeps the journal elsewhere too.
        keep: how much of what went on is kept here.

    Attributes:
        journal: what was performed lately, or all of it while it is recorded.
        refused: what was refused lately, each with how much had been performed by then.
        strike_off: takes back what `write` wrote last.
        reached: what stood before Twilio's hosts in the last request of an app, as in
            `http://twilio:8008/`; None while there was none.
        after: called when a command has been performed, to look when the next timer is due.
        run: what tells this run of the account from those before a restart, in names of streams.
    """

    def __init__(
        self,
        world: World,
        ask: Ask | None = None,
        write: Write | None = None,
        keep: Keep = DEFAULTS,
    ) -> None:
        self.world = world
        self.journal = CommandJournal(keep.commands)
        self.refused: Ring[tuple[int, Written]] = Ring(REFUSED_KEPT)
        self.log = Log(keep.log, keep.bodies)
        self.ask = ask
        self.write = write
        self.strike_off: StrikeOff | None = None
        self.reached: str | None = None
        self.after: Callable[[], None] | None = None
        self.run = str(world.events)
        self._request_prefix = f"RQ{self.stream('requests').hex()[:16]}"
        self._requests = 0
        world.listeners.append(self._note_event)

    async def perform(self, command: Command[R], origin: Origin = QUIET) -> R:
        """Ask the webhooks that have to be asked, then perform.

        This waits only when somebody has to be asked, and then first of all for its task: a
        request is begun outside of one (see `wire/immediate.py`), where nothing can be timed.

        Returns:
            what the command answers.

        Raises:
            Refused: the command cannot be performed, or a webhook forbade it.
        """
        asking = None if self.ask is None else self.ask(self, command, origin)
        if asking is not None:
            command = await self.asked(asking)
        return self.perform_now(command, origin)

    async def asked(self, asking: Coroutine[Any, Any, Command[object]]) -> Command[R]:
        """The same wish, in the words of whoever has to be asked.

        Raises:
            Refused: a webhook forbade it.
        """
        with closing(asking):
            await asyncio.sleep(0)
            return cast("Command[R]", await asking)

    def perform_now(self, command: Command[R], origin: Origin = QUIET) -> R:
        """Perform a command that no webhook is asked about.

        Raises:
            Refused: the command cannot be performed.
        """
        world = self.world
        written = written_down((world.clock.now(), origin, command))
        if self.write is not None:
            self.write(written)
        noted = written
        if type(written.command) is RestoreWorld:
            # Of a whole world the log keeps no more than that.
            noted = written._replace(command=RestoreWorld(snapshot={}))
        wish = noted.command
        bytes_of_it = OWN + SIZES[type(wish)](wish)
        number = self.log.add(written.at, "command", noted, bytes_of_it)
        try:
            answer = world.perform(command, origin, written.at)
        except BaseException as why:
            self._take_back()
            if isinstance(why, Refused):
                self.refused.push((self.journal.number, noted), bytes_of_it)
            self.log.add(written.at, "refused", Turned.by(why, number))
            raise
        finally:
            if self.after is not None:
                self.after()
        if noted is not written:
            # What was in between led to nothing that is left.
            self.journal.begin_with(self._base() if self.journal.is_recorded else None)
            self.refused.clear()
        else:
            self.journal.push(written, bytes_of_it)
        return answer

    def stream(self, *names: str) -> Stream:
        """Random numbers for what goes on around the world: from its seed, but none of its own, so
        that nobody's asking changes what the world draws next."""
        return Stream(self.world.seed, self.world.account_sid, self.run, *names)

    def request_sid(self) -> str:
        """What a request is called that has just been made, whatever comes of it."""
        self._requests += 1
        return f"{self._request_prefix}{self._requests:016x}"

    def record(self) -> None:
        """Have the journal keep all that comes. While it is whole it goes back to the account's
        beginning; else it begins with what the world is like now."""
        if self.journal.is_recorded:
            return
        if self.journal.is_whole:
            self.journal.record()
        else:
            self.journal.record(self._base())
            self.refused.clear()
        self.refused.change_room(None)

    def end_recording(self) -> None:
        """Keep no more of what is performed than there is room for."""
        self.journal.end()
        self.refused.change_room(REFUSED_KEPT)

    def _base(self) -> bytes:
        return msgspec.json.encode(self.world.snapshot())

    def history(self) -> Iterator[Written]:
        """What was performed, and what was refused lately, in the order in which it was asked."""
        refused = iter(self.refused)
        turned = next(refused, None)
        for number, written in self.journal.since(0):
            while turned is not None and turned[0] < number:
                yield turned[1]
                turned = next(refused, None)
            yield written
        if turned is not None:
            yield turned[1]
        yield from (each for _, each in refused)

    def _take_back(self) -> None:
        """Strike off what has changed nothing."""
        if self.strike_off is not None:
            try:
                self.strike_off()
            except OSError as error:
                # It comes to nothing again when it is read.
                log.warning("a command that was not performed stays written down: %s", error)

    def note(self, kind: str, content: object) -> int:
        """Keep in the log what went on beside commands and events, at the time when it did, which
        is later than that of the last command; answers its number."""
        return self.log.add(self.world.clock.now(), kind, content)

    def _note_event(self, happened: Happened) -> None:
        event = happened.event
        self.log.add(happened.at, "event", happened, OWN + SIZES[type(event)](event))
