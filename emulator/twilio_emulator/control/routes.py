"""Our own API beside Twilio's: how its calls are declared, found, decoded and answered.

The rules of this file:

- JSON both ways. What a caller got wrong is said in one line, which names the place and what was
  expected there.
- Every call is about one account: `?account=AC...`, the default one unless given.
- What a call takes is declared in `Fields`; a key that is not among them is a mistake.
- A caller who leaves ends what a GET waits for, but not what any other call has begun.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from typing import Annotated, Any, TypeVar
from urllib.parse import unquote, unquote_plus, urlencode

import msgspec

from twilio_emulator.core.kernel import outside
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.simulation.choices import meant
from twilio_emulator.runtime.accounts import Hosted
from twilio_emulator.wire import json_bodies

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Header = tuple[bytes, bytes]

LARGEST_BODY = 64 * 1024 * 1024
"""Bytes; an upload for a handset may be a film."""

LONGEST_NAME = 100
"""Characters of a name that is repeated where it is not known."""

LONGEST_LINE = 1000
"""Characters of what is said of a mistake; the rest of it is what the caller sent."""

TOO_DEEP = f"body: expected JSON of at most {outside.DEEPEST} levels"

JSON = b"application/json"

log = logging.getLogger("twilio_emulator")

T = TypeVar("T")


MOST = 2**53 - 1
"""The greatest number in a call: JavaScript writes no greater one exactly."""

Whole = Annotated[int, msgspec.Meta(ge=-MOST, le=MOST)]
"""A whole number in a call."""


class Fields(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What a body or a query string may hold."""


class Mistaken(Exception):
    """A call cannot be answered as it is.

    Args:
        message: one line, which names the place and what was expected there.
        status: of the answer.
        also: what else the answer says.
    """

    def __init__(
        self, message: str, status: int = 400, also: Mapping[str, object] | None = None
    ) -> None:
        super().__init__(message)
        self.message = outside.one_line(message, LONGEST_LINE)
        self.status = status
        self.also = also or {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a call answers; `pieces` come one by one, for as long as the caller is there."""

    status: int = 200
    body: bytes = b""
    content_type: bytes = JSON
    headers: tuple[Header, ...] = ()
    pieces: AsyncIterator[bytes] | None = None


def json_reply(content: object, status: int = 200) -> Reply:
    """An answer in JSON."""
    return Reply(status=status, body=msgspec.json.encode(content))


NOTHING = Reply(status=204)


@dataclass(slots=True, kw_only=True)
class Control:
    """One call, as whoever answers it sees it.

    Attributes:
        hosted: the account that it is about, or the one whose subaccount that is.
        account_sid: which of them.
        said: what its path says, decoded.
        headers: with names in lower case.
        path: from the prefix on, still percent-encoded.
        parameters: of its query string, but for the account.
    """

    hosted: Hosted
    account_sid: str
    said: dict[str, str]
    headers: dict[bytes, bytes]
    content: bytes
    path: str
    parameters: dict[str, str] = field(default_factory=dict)

    def again(self, **changes: object) -> str:
        """The same call with other parameters, for whoever wants to read on; None is left out."""
        said = {"account": self.account_sid, **self.parameters, **changes}
        return f"{self.path}?{urlencode({name: v for name, v in said.items() if v is not None})}"

    def body(self, kind: type[T]) -> T:
        """What the body says; an empty one says nothing, as `{}` does.

        Raises:
            Mistaken: it is not JSON, or not of this kind.
        """
        try:
            said = msgspec.json.decode(self.content or b"{}", type=kind)
        except msgspec.ValidationError as error:
            raise Mistaken(line("body", error) + known(kind, error)) from None
        except json_bodies.UNREADABLE as error:
            raise Mistaken(
                f"body: expected JSON, but {json_bodies.why(self.content, error)}"
            ) from None
        if isinstance(said, dict) and not outside.can_be_told(said):
            raise Mistaken(TOO_DEEP)
        return said

    def command(self, kind: type[T], **said: object) -> T:
        """A command with the fields that the body gives it, and those that the path says.

        Raises:
            Mistaken: the body is not JSON, or a field is unknown or not what it should be.
        """
        given = self.body(dict[str, object])
        known = [each.name for each in fields(kind) if each.name not in said]  # type: ignore[arg-type]
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

        Raises:
            Mistaken: it is not of this kind.
        """
        try:
            return msgspec.convert(self.parameters, kind, strict=False)
        except msgspec.ValidationError as error:
            raise Mistaken(line("query", error)) from None


def known(kind: Any, error: Exception) -> str:
    """What could have been said instead of a field that there is not, as the end of a line."""
    unknown = _UNKNOWN.match(str(error))
    if unknown is None or unknown[2] or not hasattr(kind, "__struct_encode_fields__"):
        return ""
    fields = kind.__struct_encode_fields__
    return f", expected some of {', '.join(fields)}{meant(unknown[1], fields)}"


def line(place: str, error: Exception) -> str:
    """What msgspec found, in one line: `body numbers[0]: expected str, got int`."""
    what, _, where = str(error).partition(" - at `$")
    where = where.removesuffix("`").lstrip(".")
    what = what.replace("`", "")
    return f"{place} {where}: {what}" if where else f"{place}: {what}"


_UNKNOWN = re.compile(r"Object contains unknown field `(.{1,100})`( - at `\$)?")

Work = Callable[[Control], Awaitable[Reply]]

FindHosted = Callable[[str | None], Hosted | None]
"""The account with this sid; the default one for None."""


class Controls:
    """The calls of the control API, below one prefix.

    Args:
        prefix: what their paths begin with.
        find_hosted: knows the accounts.
    """

    def __init__(self, prefix: str, find_hosted: FindHosted) -> None:
        self._prefix = prefix
        self._find_hosted = find_hosted
        self._calls: dict[str, dict[str, Work]] = {}
        self._by_length: dict[int, list[tuple[str, list[str]]]] = {}

    def on(self, method: str, path: str) -> Callable[[Work], Work]:
        """Declare a call: `on("GET", "/handsets/{address}")`."""

        def declare(work: Work) -> Work:
            if path not in self._calls:
                self._calls[path] = {}
                segments = path.split("/")
                self._by_length.setdefault(len(segments), []).append((path, segments))
            self._calls[path][method] = work
            return work

        return declare

    @property
    def calls(self) -> list[str]:
        """Every call, as in `GET /_emulator/v1/clock`."""
        return [
            f"{method} {self._prefix}{path}"
            for path, works in self._calls.items()
            for method in works
        ]

    async def answer(
        self, path: str, scope: Mapping[str, Any], receive: Receive, send: Send, extra: list[Header]
    ) -> None:
        """Answer one call.

        Args:
            path: below the prefix, still percent-encoded.
            extra: headers that the answer has besides its own.
        """
        try:
            reply = await self._reply(scope["method"], path, scope, receive)
        except Mistaken as mistake:
            reply = json_reply(
                {"status": mistake.status, "message": mistake.message, **mistake.also},
                mistake.status,
            )
        except Refused as refused:
            reply = json_reply(
                {
                    "status": refused.status,
                    "message": outside.one_line(refused.message, LONGEST_LINE),
                    "code": refused.code,
                },
                refused.status,
            )
        except Exception:
            log.exception("%s %s%s failed", scope["method"], self._prefix, path)
            reply = json_reply({"status": 500, "message": "a fault of ours: see the log"}, 500)
        await _send(reply, receive, send, extra)

    async def _reply(
        self, method: str, path: str, scope: Mapping[str, Any], receive: Receive
    ) -> Reply:
        work, said = self._find(method, path)
        parameters = _parameters(scope["query_string"])
        account = parameters.pop("account", None)
        hosted = self._find_hosted(account)
        if hosted is None:
            raise Mistaken(f"query account: there is no account {account}", 404)
        control = Control(
            hosted=hosted,
            account_sid=account or hosted.world.account_sid,
            said=said,
            headers=dict(scope["headers"]),
            content=await _body(receive),
            path=f"{self._prefix}{path}",
            parameters=parameters,
        )
        if method == "GET":
            return await _while_there(work(control), receive)
        return await work(control)

    def _find(self, method: str, path: str) -> tuple[Work, dict[str, str]]:
        segments = [""] if path == "/" else path.split("/")
        for declared, parts in self._by_length.get(len(segments), ()):
            said = _match(parts, segments)
            if said is None:
                continue
            works = self._calls[declared]
            if method not in works:
                known = " and ".join(works)
                raise Mistaken(f"{self._prefix}{declared} knows {known}, not {method}", 405)
            return works[method], said
        raise Mistaken(f"no such call: {method} {self._prefix}{path}", 404)


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


async def _body(receive: Receive) -> bytes:
    message = await receive()
    first: bytes = message.get("body", b"")
    if message.get("more_body") is False:
        return first
    body = bytearray(first)
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise Mistaken(f"body: expected at most {LARGEST_BODY} bytes", 413)
    if message.get("type") == "http.disconnect":
        raise Mistaken("body: it broke off")
    return bytes(body)


async def _while_there(work: Awaitable[Reply], receive: Receive) -> Reply:
    """What the work answers; nothing as soon as the caller is gone."""
    answering = asyncio.ensure_future(work)
    caller = asyncio.ensure_future(receive())  # the body is read: it leaves
    try:
        await asyncio.wait((answering, caller), return_when=asyncio.FIRST_COMPLETED)
        return await answering if answering.done() else NOTHING
    finally:
        await _end(answering)
        await _end(caller)
        # What was raised holds this frame, and a task holds what was raised in it.
        del answering, caller


async def _end(task: "asyncio.Future[Any]") -> None:
    if not task.done():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _send(reply: Reply, receive: Receive, send: Send, extra: list[Header]) -> None:
    headers = [*extra, *reply.headers, (b"cache-control", b"no-store")]
    if reply.status != 204:
        headers.append((b"content-type", reply.content_type))
    if reply.status != 204 and reply.pieces is None:
        headers.append((b"content-length", b"%d" % len(reply.body)))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    if reply.pieces is None:
        await send({"type": "http.response.body", "body": reply.body})
    else:
        await _stream(reply.pieces, receive, send)


async def _stream(pieces: AsyncIterator[bytes], receive: Receive, send: Send) -> None:
    async def pass_on() -> None:
        async for piece in pieces:
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    passing = asyncio.ensure_future(pass_on())
    caller = asyncio.ensure_future(receive())  # the body is read: it leaves
    try:
        await asyncio.wait((passing, caller), return_when=asyncio.FIRST_COMPLETED)
        if passing.done():
            await passing  # it may have failed: the server says so, and hangs up
    finally:
        await _end(caller)
        await _end(passing)
