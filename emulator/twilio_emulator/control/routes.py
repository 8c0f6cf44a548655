"""Our own API beside Twilio's: how its calls are declared, found and decoded.

The rules of this file:

- JSON both ways. What a caller got wrong is said in one line, which names the place and what was
  expected there.
- Every call is about one account: `?account=AC...`, the default one unless given.
- What a call takes and answers is declared with it, and nowhere else: `openapi.py` makes the
  document of it, tests hold answers against it, scenarios are checked by it.
- A key that is not declared is a mistake, and so is a value where only some are known; what is said
  of it names those.
- HEAD is answered as GET is, without the body: checks of health ask so (`wget --spider`).
- A caller who leaves ends what a GET waits for, but not what any other call has begun.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import unquote, unquote_plus, urlencode

import msgspec

from twilio_emulator.control.exchange import (
    LONGEST_LINE,
    Header,
    Mistaken,
    Receive,
    Reply,
    Send,
    json_reply,
    read_body,
    send_reply,
    while_there,
)
from twilio_emulator.control.mistakes import line
from twilio_emulator.core.kernel import outside
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.simulation.choices import meant
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.wire import json_bodies

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

LONGEST_NAME = 100
"""Characters of a name that is repeated where it is not known."""

TOO_DEEP = f"body: expected JSON of at most {outside.DEEPEST} levels"

log = logging.getLogger("twilio_emulator")

T = TypeVar("T")
C = TypeVar("C", bound="DataclassInstance")


MOST = 2**53 - 1
"""The greatest number in a call: JavaScript writes no greater one exactly."""

Whole = Annotated[int, msgspec.Meta(ge=-MOST, le=MOST)]
"""A whole number in a call."""


class Fields(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a body or a query string may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A part of a path that says which thing is meant.

    Attributes:
        words: what stands there, for people.
        example: one that is there, or looks like those that are.
    """

    words: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlCall:
    """What is declared of one call.

    Attributes:
        method: of HTTP.
        path: below the prefix, with `{places}`.
        name: what programs call it.
        summary: what it does, in one sentence.
        places: what stands in the `{places}`.
        query: what its query string may hold besides the account.
        body: what its body may hold: one of these classes of `Fields` or commands, or of this
            content type. It takes none when there is none.
        without: fields of such a command that are not said in the body, but by the path.
        choices: by field, the values that are known where its type does not say so.
        gives: what it answers: JSON of this shape, or this content type; nothing when None.
        status: of the answer when all is well.
        otherwise: by status, what else it answers than all calls may; as words, or as a shape that
            says more than a `Mistake`.
        examples: bodies that can be sent, or query strings where it takes no body.
    """

    method: str
    path: str
    name: str
    summary: str
    places: Mapping[str, Place]
    query: type[Fields] | None
    body: tuple[type, ...] | str
    without: tuple[str, ...]
    choices: Mapping[str, Iterable[object]]
    gives: Any
    status: int
    otherwise: Mapping[int, Any]
    examples: tuple[Any, ...]


@dataclass(slots=True, kw_only=True)
class Control:
    """One call, as the function that answers it sees it.

    Attributes:
        call: what is declared of it.
        hosted: the account that it is about, or the one whose subaccount that is.
        account_sid: which of them.
        said: what its path says, decoded.
        headers: with names in lower case.
        path: from the prefix on, still percent-encoded.
        parameters: of its query string, but for the account.
    """

    call: ControlCall
    hosted: Hosted
    account_sid: str
    said: dict[str, str]
    headers: dict[bytes, bytes]
    content: bytes
    path: str
    parameters: dict[str, str] = field(default_factory=dict)

    def whole(self) -> Hosted:
        """The account, for what is done to all of it.

        Raises:
            Mistaken: the call is about a subaccount, which is a part of one.
        """
        of = self.hosted.world.account_sid
        if self.account_sid != of:
            raise Mistaken(
                f"query account: expected an account, as {of}, of which {self.account_sid} is a "
                "subaccount"
            )
        return self.hosted

    def again(self, **changes: object) -> str:
        """The same call with other parameters, for the next page; None is left out."""
        said = {"account": self.account_sid, **self.parameters, **changes}
        return f"{self.path}?{urlencode({name: v for name, v in said.items() if v is not None})}"

    def body(self, kind: type[T]) -> T:
        """What the body says; an empty one says nothing, as `{}` does.

        Args:
            kind: one of those that are declared.

        Raises:
            Mistaken: it is not JSON, or not of this kind.
        """
        assert kind in self.call.body
        said: T = self._read(kind)
        return said

    def _read(self, kind: Any) -> Any:
        try:
            said = msgspec.json.decode(self.content or b"{}", type=kind)
        except msgspec.ValidationError as error:
            raise Mistaken(line("body", error, kind)) from None
        except json_bodies.UNREADABLE as error:
            raise Mistaken(
                f"body: expected JSON, but {json_bodies.why(self.content, error)}"
            ) from None
        if isinstance(said, dict) and not outside.can_be_told(said):
            raise Mistaken(TOO_DEEP)
        return said

    def command(self, kind: type[C], **said: object) -> C:
        """A command with the fields that the body gives it, and those that the path says.

        Raises:
            Mistaken: the body is not JSON, or a field is unknown or not what it should be.
        """
        assert kind in self.call.body
        given = self._read(dict[str, object])
        known = [each.name for each in fields(kind) if each.name not in said]
        for name in given:
            if name not in known:
                some = f"some of {', '.join(known)}{meant(name, known)}"
                raise Mistaken(f"body: expected no field {name[:LONGEST_NAME]}, but {some}")
        try:
            return msgspec.convert({**given, **said}, kind)
        except msgspec.ValidationError as error:
            raise Mistaken(line("body", error)) from None

    def query(self, kind: type[T]) -> T:
        """What the query string says.

        Args:
            kind: the one that is declared.

        Raises:
            Mistaken: it is not of this kind.
        """
        assert kind is self.call.query
        try:
            return msgspec.convert(self.parameters, kind, strict=False)
        except msgspec.ValidationError as error:
            raise Mistaken(line("query", error, kind)) from None

    def check(self) -> None:
        """Refuse what a call says where it takes nothing, or not that.

        Raises:
            Mistaken: it has a query string or a body, and none is declared, or another.
        """
        call = self.call
        if call.query is not None and call.body:
            self.query(call.query)  # what is wrong there is said before anything is begun
        if call.query is None:
            for name in self.parameters:
                raise Mistaken(
                    f"query: expected no {name[:LONGEST_NAME]}, but account alone"
                    f"{meant(name, ('account',))}"
                )
        if not call.body and self.content and self._read(dict | None):
            raise Mistaken(f"body: expected none, since {call.method} {call.path} takes none")


Work = Callable[[Control], Awaitable[Reply]]

NO_PLACES: Mapping[str, Place] = {}
NO_CHOICES: Mapping[str, Iterable[object]] = {}
NO_REASONS: Mapping[int, Any] = {}

FindHosted = Callable[[str | None], Hosted | None]
"""The account with this sid; the default one for None."""


class Controls:
    """The calls of the control API, below one prefix.

    Args:
        prefix: what their paths begin with.
        find_hosted: knows the accounts.
    """

    def __init__(self, prefix: str, find_hosted: FindHosted) -> None:
        self.prefix = prefix
        self.about: dict[str, str] = {}
        self._find_hosted = find_hosted
        self._calls: dict[str, dict[str, tuple[ControlCall, Work]]] = {}
        self._by_length: dict[int, list[tuple[str, list[str]]]] = {}

    def group(self, segment: str, words: str) -> None:
        """Say what the calls are about whose paths begin with this segment."""
        self.about[segment] = words

    def on(
        self,
        method: str,
        path: str,
        name: str,
        summary: str,
        *,
        places: Mapping[str, Place] = NO_PLACES,
        query: type[Fields] | None = None,
        body: type | tuple[type, ...] | str = (),
        without: tuple[str, ...] = (),
        choices: Mapping[str, Iterable[object]] = NO_CHOICES,
        gives: Any = None,
        status: int = 0,
        otherwise: Mapping[int, Any] = NO_REASONS,
        examples: tuple[Any, ...] = (),
    ) -> Callable[[Work], Work]:
        """Declare a call; what its arguments mean is said of `ControlCall`.

        `status` is 200 unless given, or 204 where nothing is answered.
        """
        call = ControlCall(
            method=method,
            path=path,
            name=name,
            summary=summary,
            places=places,
            query=query,
            body=(body,) if isinstance(body, type) else body,
            without=without,
            choices=choices,
            gives=gives,
            status=status or (204 if gives is None else 200),
            otherwise=otherwise,
            examples=examples,
        )

        def declare(work: Work) -> Work:
            if path not in self._calls:
                self._calls[path] = {}
                segments = path.split("/")
                self._by_length.setdefault(len(segments), []).append((path, segments))
            self._calls[path][method] = call, work
            return work

        return declare

    @property
    def calls(self) -> list[ControlCall]:
        """Every call, those of one path after each other."""
        return [call for works in self._calls.values() for call, _ in works.values()]

    async def answer(
        self, path: str, scope: Mapping[str, Any], receive: Receive, send: Send, extra: list[Header]
    ) -> None:
        """Answer one call.

        Args:
            path: below the prefix, still percent-encoded.
            extra: headers that the answer has besides its own.
        """
        head_only = scope["method"] == "HEAD"
        try:
            method = "GET" if head_only else scope["method"]
            reply = await self._reply(method, path, scope, receive)
        except Mistaken as mistake:
            reply = json_reply(
                {"status": mistake.status, "message": mistake.message, **mistake.also},
                mistake.status,
                mistake.headers,
            )
        except Refused as refused:
            message = refused.message
            if refused.refusal is NOT_FOUND:  # what was asked for stands in the path alone
                message = Refused(NOT_FOUND, resource=f"{self.prefix}{path}").message
            reply = json_reply(
                {
                    "status": refused.status,
                    "message": outside.one_line(message, LONGEST_LINE),
                    "code": refused.code,
                },
                refused.status,
            )
        except Exception:
            log.exception("%s %s%s failed", scope["method"], self.prefix, path)
            reply = json_reply({"status": 500, "message": "a fault of ours: see the log"}, 500)
        await send_reply(reply, receive, send, extra, head_only=head_only)

    async def _reply(
        self, method: str, path: str, scope: Mapping[str, Any], receive: Receive
    ) -> Reply:
        (call, work), said = self._find(method, path)
        parameters = _parameters(scope["query_string"])
        account = parameters.pop("account", None)
        hosted = self._find_hosted(account)
        if hosted is None:
            raise Mistaken(f"query account: there is no account {account}", 404)
        control = Control(
            call=call,
            hosted=hosted,
            account_sid=account or hosted.world.account_sid,
            said=said,
            headers=dict(scope["headers"]),
            content=await read_body(receive),
            path=f"{self.prefix}{path}",
            parameters=parameters,
        )
        control.check()
        if method == "GET":
            return await while_there(work(control), receive)
        return await work(control)

    def _find(self, method: str, path: str) -> tuple[tuple[ControlCall, Work], dict[str, str]]:
        segments = [""] if path == "/" else path.split("/")
        for declared, parts in self._by_length.get(len(segments), ()):
            said = _match(parts, segments)
            if said is None:
                continue
            works = self._calls[declared]
            if method not in works:
                known = " and ".join(works)
                # RFC 9110, section 15.5.6: the answer says what the path knows.
                allowed = ", ".join((*works, "HEAD") if "GET" in works else works)
                raise Mistaken(
                    f"{self.prefix}{declared} knows {known}, not {method}",
                    405,
                    headers=((b"allow", allowed.encode()),),
                )
            return works[method], said
        hint = meant(path, (_filled(known, segments) for known in self._calls))
        raise Mistaken(f"no such call: {method} {self.prefix}{path}{hint}", 404)


def _filled(declared: str, segments: list[str]) -> str:
    """A path with what stands in its places in another one, where that is as long."""
    parts = declared.split("/")
    if len(parts) != len(segments):
        return declared
    return "/".join(
        segment if name.startswith("{") and segment else name
        for name, segment in zip(parts, segments, strict=True)
    )


def _match(declared: list[str], segments: list[str]) -> dict[str, str] | None:
    """What as many `segments` say, if they are such a path."""
    said = {}
    for name, segment in zip(declared, segments, strict=True):
        if name.startswith("{") and segment:
            said[name[1:-1]] = unquote(segment)
        elif name != segment:
            return None
    return said


def _parameters(query: bytes) -> dict[str, str]:
    pairs = (piece.partition("=") for piece in query.decode("latin-1").split("&") if piece)
    return {unquote_plus(name): unquote_plus(value) for name, _, value in pairs}
