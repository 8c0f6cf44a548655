"""One operation of a client SDK as the function that answers it sees it, and how it is found.

The rules of this file:

- The host of a request says nothing: what it is for is told by method and path.
- What an operation wants done is the same command as REST's, through the same door, as a user.
- Errors are Twilio's, in its form; what is unforeseen is 20500 and a traceback in our own log.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from twilio_emulator.core.conversations.resources import Service, Services, User, Users
from twilio_emulator.core.kernel.refusals import (
    INVALID_PARAMETER,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    SERVER_ERROR,
    Refused,
    Said,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import Command, Origin, Source, World
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.sdk.sync.pages import DIGITS
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse, refusal
from twilio_emulator.wire import cursors, json_bodies
from twilio_emulator.wire.request_log import Requested
from twilio_emulator.wire.twilio_hosts import Site

AIM = "https://aim.us1.twilio.com"
"""Where client SDKs think that Conversations is. The name is not looked up."""

log = logging.getLogger("twilio_emulator")

T = TypeVar("T")
R = TypeVar("R", bound=Any)


@dataclass(slots=True, kw_only=True)
class ClientSession:
    """Whose connection it is, and how it came about.

    Attributes:
        gate: the door to the account's world.
        site: where the socket was opened, for URLs that are really fetched.
        push_credential_sid: what the access token names for push notifications.
        notify: sends a notification to every connection of an identity in the service: the
            identity, the type of the message and what it says.
    """

    gate: Gate
    service_sid: str
    identity: str
    site: Site
    push_credential_sid: str | None
    notify: Callable[[str, str, object], None]

    @property
    def world(self) -> World:
        return self.gate.world

    @property
    def service(self) -> Service:
        """Raises:
        Refused: 20404 it has been deleted.
        """
        found = self.world[Services].get(self.service_sid)
        if found is None:
            raise Refused(NOT_FOUND)
        return found

    @property
    def user(self) -> User:
        """Raises:
        Refused: 20404 it has been deleted.
        """
        users = self.world[Users]
        found = users.found(users.by_identity, (self.service_sid, self.identity))
        if found is None:
            raise Refused(NOT_FOUND)
        return found

    @property
    def root(self) -> str:
        """What URLs of the service begin with."""
        return f"{AIM}/Client/v2/Services/{self.service_sid}"

    async def perform(self, command: Command[R]) -> R:
        """Have something done in this user's name.

        Raises:
            Refused: it cannot be.
        """
        origin = Origin(source=Source.SDK, identity=self.identity)
        return await self.gate.perform(command, origin)


@dataclass(slots=True, kw_only=True)
class ClientRequest:
    """One request. `said` is what its path says."""

    caller: ClientSession
    request: TunnelRequest
    said: dict[str, str] = field(default_factory=dict)

    @property
    def world(self) -> World:
        return self.caller.world

    def body(self, kind: type[T]) -> T:
        """What the body says, without what we do not know.

        Raises:
            Refused: 20001 it is no such JSON.
        """
        try:
            return msgspec.json.decode(self.request.body or b"{}", type=kind)
        except json_bodies.UNREADABLE as wrong:
            raise json_bodies.refusal(self.request.body, wrong) from None

    def page(self, rows: Rows[R], size: int) -> tuple[list[R], dict[str, object]]:
        """The records of the page that is asked for, and what `meta` says of it.

        Raises:
            Refused: 20001 the page token was not made here.
        """
        token = self.request.param("PageToken")
        place = None
        if token:
            cursor = cursors.read_record(token)
            if cursor is None:
                raise Refused(INVALID_PARAMETER, parameter="PageToken")
            place = cursor.place
        records, more = rows.after(place, self._page_size(size))
        following = cursors.write_place(rows.place(records[-1])) if more else None
        return records, {"previous_token": None, "next_token": following}

    def _page_size(self, largest: int) -> int:
        asked = self.request.param("PageSize") or ""
        return min(int(asked), largest) if DIGITS.fullmatch(asked) and int(asked) else largest


Work = Callable[[ClientRequest], Awaitable[TunnelResponse]]


class Operations:
    """What clients can ask, by method and path."""

    def __init__(self) -> None:
        self._tree = _PathSegment()

    def on(self, method: str, *paths: str) -> Callable[[Work], Work]:
        """Declare an operation: `on("GET", "Users/{user}")`."""

        def declare(work: Work) -> Work:
            for path in paths:
                self._tree.put(path.split("/"), method, work, ())
            return work

        return declare

    def find(self, request: TunnelRequest) -> tuple[Work, dict[str, str]]:
        """The operation that a request is for, and what its path says.

        Raises:
            Refused: 20404 no such path, 20004 it has no such method.
        """
        node = self._tree
        said: list[str] = []
        for segment in request.segments:
            following = node.literal.get(segment)
            if following is None:
                following = node.parameter
                if following is None or not segment:
                    raise Refused(NOT_FOUND)
                said.append(segment)
            node = following
        if not node.works:
            raise Refused(NOT_FOUND)
        if request.method not in node.works:
            raise Refused(METHOD_NOT_ALLOWED)
        work, names = node.works[request.method]
        return work, dict(zip(names, said, strict=True))

    async def answer(self, caller: ClientSession, request: TunnelRequest) -> TunnelResponse:
        """Answer a request, and note it in the account's log."""
        refused: Said | None = None
        try:
            work, said = self.find(request)
            if said.get("service", caller.service_sid) != caller.service_sid:
                raise Refused(NOT_FOUND)
            response = await work(ClientRequest(caller=caller, request=request, said=said))
        except Exception as why:
            response, refused = _say_why(request, why)
        _note(caller, request, response.status, refused)
        return response


class _PathSegment:
    """Where a path may go on: by a literal segment, else by a parameter."""

    __slots__ = ("literal", "parameter", "works")

    def __init__(self) -> None:
        self.literal: dict[str, _PathSegment] = {}
        self.parameter: _PathSegment | None = None
        self.works: dict[str, tuple[Work, tuple[str, ...]]] = {}

    def put(self, segments: list[str], method: str, work: Work, names: tuple[str, ...]) -> None:
        if not segments:
            self.works[method] = work, names
            return
        first, *rest = segments
        if first.startswith("{"):
            self.parameter = self.parameter or _PathSegment()
            self.parameter.put(rest, method, work, (*names, first[1:-1]))
        else:
            self.literal.setdefault(first, _PathSegment()).put(rest, method, work, names)


def _say_why(request: TunnelRequest, why: Exception) -> tuple[TunnelResponse, Said]:
    """The answer to a request that failed; a fault of ours is written to our own log."""
    if not isinstance(why, Refused):
        log.error("%s %s failed", request.method, request.path, exc_info=why)
        why = Refused(SERVER_ERROR)
    elif why.refusal is NOT_FOUND:
        why = Refused(NOT_FOUND, resource=request.path)
    return refusal(why), Said(why.code, why.message)


def _note(caller: ClientSession, request: TunnelRequest, status: int, refused: Said | None) -> None:
    requested = Requested(
        sid=request.id,
        method=request.method,
        product="aim",
        path=request.path,
        status=status,
        code=refused.code if refused else None,
        message=refused.message if refused else None,
    )
    caller.gate.note("request", requested)


def answered(content: object, status: int = 200) -> TunnelResponse:
    """An answer in JSON."""
    return TunnelResponse(status=status, body=msgspec.json.encode(content))


NOTHING = TunnelResponse(status=204)
