"""One request as an operation and its look see it: who calls, what was said, what comes back."""

import dataclasses
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import MISSING, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from twilio_emulator.core.kernel.indexes import Place
from twilio_emulator.core.kernel.records import NO_PARAMETER, maker
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, MISSING_PARAMETER, Refused
from twilio_emulator.core.kernel.world import LOUD, QUIET, Command, Origin, Source, World
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.wire import requests, spelling
from twilio_emulator.wire.twilio_hosts import Site

Look = Callable[[Any, "Call"], Mapping[str, object]]
"""From a thing to what Twilio's documentation page shows of it, key for key."""


class Listing(Protocol):
    """What a list operation answers: records, page by page."""

    def after(self, place: Place | None, size: int) -> tuple[list[Any], bool]: ...
    def before(self, place: Place, size: int) -> tuple[list[Any], bool]: ...
    def place(self, record: Any) -> Place: ...


@dataclass(slots=True)
class Call:
    """One request to an operation, as the operation and its look see it.

    Attributes:
        gate: the door to the account's world.
        account_sid: whose credentials came with the request.
        site: where the request was sent, for URLs.
        resource: the path as it was sent, such as `/v1/Conversations`.
        path: what its segments say, with the `account` and the `service` that they stand for.
        query: parameters of the query string, in order.
        form: parameters of the body, in order.
        headers: the headers, their names in lower case.
        body: the body itself.
        loud: whether conversation webhooks fire.
        root: what URLs of the answer begin with: `https://conversations.twilio.com/v1`, with
            `/Services/IS...` when the request had it.
        service_form: whether it had.
        identity: whose access token came with the request; None for an app's credentials.
        holder: sid of what its credentials are of, when that is neither an account nor a key.
        hints: what of it was passed over that may have been meant, for the log.
    """

    gate: Gate
    account_sid: str
    site: Site
    resource: str
    path: dict[str, str]
    query: list[tuple[str, str]]
    form: list[tuple[str, str]]
    headers: Mapping[bytes, bytes]
    body: bytes
    loud: bool
    root: str
    service_form: bool
    identity: str | None = None
    holder: str | None = None
    hints: tuple[str, ...] = ()

    @property
    def world(self) -> World:
        return self.gate.world

    @property
    def origin(self) -> Origin:
        if self.identity is not None:
            return Origin(source=Source.SDK, identity=self.identity)
        return LOUD if self.loud else QUIET


FILE = "application/octet-stream"


class Answer(NamedTuple):
    """What an operation answers: a status and, but for 204, a body for JSON.

    Bytes are sent as they are, as of a `content_type`, with `headers` besides the usual ones.
    """

    status: int
    body: object = None
    content_type: str = FILE
    headers: tuple[tuple[bytes, bytes], ...] = ()


_answer: Callable[[tuple[int, object, str, tuple[()]]], Answer] = maker(Answer)


Work = Callable[[Call], Awaitable[Answer]]
"""What an operation does. It waits for nothing but its gate."""


PAGING = ("PageSize", "Page", "PageToken")
"""What every list takes besides its own parameters."""

LONGEST_NAME = 64
"""Letters; no parameter has as many, so a longer name is none that somebody misspelled."""

Spell = Callable[[str], str]
"""From a field to the name of its parameter."""


class Parameters:
    """What a command or a list function takes, and from where.

    That is found out when it is first asked for: hundreds are declared before anybody asks.

    Args:
        taker: a command class, or a function with keyword parameters.
        spell: names the parameters of its fields.
        paging: what it takes besides, if it is a list.

    Attributes:
        wire: the fields by the names of their parameters. Others are not obeyed, however near.
    """

    __slots__ = (
        "_near",
        "_paging",
        "_required",
        "_spell",
        "_taken",
        "names",
        "repeated",
        "switches",
        "taker",
        "wire",
    )

    def __init__(
        self,
        taker: Callable[..., Any],
        spell: Spell = spelling.parameter,
        paging: tuple[str, ...] = PAGING,
    ) -> None:
        self.taker = taker
        self._spell = spell
        self._paging = paging
        self._near: dict[str, str] | None = None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            if name not in self.__slots__:
                raise AttributeError(name)
            self._read()
            return getattr(self, name)

    def _read(self) -> None:
        taker, spell = self.taker, self._spell
        if dataclasses.is_dataclass(taker):
            fields = [f for f in dataclasses.fields(taker) if f.metadata != NO_PARAMETER]
            kinds = {field.name: field.type for field in fields}
            required = [field.name for field in fields if field.default is MISSING]
        else:
            found = inspect.signature(taker).parameters.values()
            kinds = {p.name: p.annotation for p in found if p.kind is p.KEYWORD_ONLY}
            required = [p.name for p in found if p.name in kinds and p.default is p.empty]
        self.names = tuple(kinds)
        self._taken = frozenset(kinds)
        self._required = tuple(required)
        self.repeated = frozenset(name for name, kind in kinds.items() if "tuple" in str(kind))
        self.switches = frozenset(name for name, kind in kinds.items() if "bool" in str(kind))
        self.wire = {spell(name): name for name in self.names}

    def of_form(self, call: Call) -> dict[str, Any]:
        """Keyword arguments from the path and the form of a request.

        Raises:
            Refused: 20001 a required one is missing, or a switch is neither true nor false.
        """
        if call.body and not call.form and not requests.is_form(call.headers):
            said = call.headers[b"content-type"].decode("latin-1")
            call.hints += (f"the body was ignored: it is {said}, not a form",)
        return self.values(call.path, call.form, call)

    def values(
        self,
        context: Mapping[str, str],
        given: list[tuple[str, str]],
        call: Call | None = None,
    ) -> dict[str, Any]:
        """Keyword arguments from the path (`context`) and the form or query (`given`).

        Unknown parameters are ignored, and a `call` is told what they may have been meant for; of a
        parameter given twice the last one counts.

        Raises:
            Refused: 20001 a required one is missing, or a switch is neither true nor false.
        """
        values: dict[str, Any] = {
            name: value for name, value in context.items() if name in self._taken
        }
        for wire, value in given:
            name = self.wire.get(wire)
            if name is None or name in context:
                if name is None and call is not None and wire not in self._paging:
                    self.hint(wire, call)
                continue
            if name in self.repeated:
                values[name] = (*values.get(name, ()), value)
            elif name in self.switches:
                values[name] = _switch(wire, value)
            else:
                values[name] = value
        for name in self._required:
            if name not in values:
                wire = next(wire for wire, field in self.wire.items() if field == name)
                raise Refused(MISSING_PARAMETER, parameter=wire)
        return values

    def hint(self, wire: str, call: Call) -> None:
        """Note which parameter was meant by one that is not known, if it is near to one."""
        if self._near is None:
            self._near = {spelling.loosely(each): each for each in (*self._paging, *self.wire)}
        meant = self._near.get(spelling.loosely(wire)) if len(wire) <= LONGEST_NAME else None
        if meant is not None and self.wire.get(meant) not in call.path:
            call.hints += (f"`{wire}` was ignored: `{meant}`?",)


def _switch(wire: str, value: str) -> bool | None:
    if not value:
        return None
    if value.lower() not in ("true", "false"):
        raise Refused(INVALID_PARAMETER, parameter=wire)
    return value.lower() == "true"


def performer(
    command: type[Command[object]],
    look: Look | None,
    status: int,
    spell: Spell = spelling.parameter,
) -> Work:
    """An operation that performs a command built from path and form."""
    parameters = Parameters(command, spell)

    async def perform(call: Call) -> Answer:
        wish = command(**parameters.of_form(call))
        gate, origin = call.gate, call.origin
        # What `gate.perform` does, without a coroutine for it where nobody is asked.
        asking = None if gate.ask is None else gate.ask(gate, wish, origin)
        if asking is not None:
            wish = await gate.asked(asking)
        done = gate.perform_now(wish, origin)
        return _answer((status, None if look is None else look(done, call), FILE, ()))

    return perform


def fetcher(fetch: Callable[..., object], look: Look, spell: Spell = spelling.parameter) -> Work:
    """An operation that shows what a function of the core finds."""
    parameters = Parameters(fetch, spell)

    async def show(call: Call) -> Answer:
        found = fetch(call.gate.world, **parameters.values(call.path, call.query, call))
        return _answer((200, look(found, call), FILE, ()))

    return show
