"""One connection of a client SDK: what it says becomes requests, what happens becomes frames.

The rules of this file:

- It does no I/O: messages come in, and what is to be sent is in the outbox. The owner of the socket
  reads the one, empties the other, and is woken when there is something to send or to end.
- What a client is for it says at once, or, before Sync 2, with its first request; but a token may
  open no more than one product.
- What a request is about is told by its grant, and who answers by that: some requests at once, so
  that what follows from them comes behind the answer. All others may have to wait for a webhook,
  each for itself, and begin in the order in which they came.
- Whatever is wrong with a token is told to the client with its code, and to the account's log with
  its reason. Who is not let in is hung up on, and so is who says what is no frame (live tests of
  twilio-sync-sdk in Kotlin).
"""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from twilio_emulator.core.kernel.refusals import SERVER_ERROR, Refused
from twilio_emulator.core.simulation.resources import RefusedInit, SocketFault
from twilio_emulator.sdk.twilsock.outbox import Outbox
from twilio_emulator.sdk.twilsock.protocol import (
    NOT_ACCEPTABLE,
    OTHER_IDENTITY,
    AccountDescriptor,
    Closed,
    Garbage,
    InitWanted,
    Status,
    TokenUpdateWanted,
    TwilsockConnection,
    unauthorized,
)
from twilio_emulator.sdk.twilsock.sessions import ProductSession
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse, refusal, reply
from twilio_emulator.wire.access_tokens import Grant, GrantKind
from twilio_emulator.wire.twilio_hosts import Site

if TYPE_CHECKING:
    from twilio_emulator.sdk.twilsock.clients import Clients

MOST_REQUESTS = 100
"""Requests of one client that are worked on at the same time; the next one has to wait."""

log = logging.getLogger("twilio_emulator")

Admit = Callable[[str, GrantKind | None], "tuple[Clients, Grant]"]
"""Finds the account and the grant of an access token, for what a client is for if it says so;
raises Refused, and notes why."""

Spawn = Callable[[Coroutine[Any, Any, None]], object]
"""Has something done that may have to wait."""

log = logging.getLogger("twilio_emulator")


@dataclass(slots=True, kw_only=True)
class Membership:
    """What a connection has once it was let in.

    Attributes:
        id: by which it is known to the control API.
        endpoint_id: by which the client is known, as long as it keeps its continuation token.
        since: when it was let in, on the world's clock.
        metadata: what the client says of itself.
        fault: what goes wrong with it on purpose.
        sessions: what it has of each product.
    """

    id: str
    clients: "Clients"
    grant: Grant
    endpoint_id: str
    since: datetime
    metadata: Mapping[str, object]
    fault: SocketFault
    sessions: dict[GrantKind, ProductSession] = field(default_factory=dict)

    @property
    def watches(self) -> list[str]:
        """The names of the objects that it follows."""
        return sorted(
            subscription.watched.name
            for session in self.sessions.values()
            for subscription in session.watcher.subscriptions.values()
        )


class ChatConnection:
    """One connection.

    Args:
        admit: finds out who comes.
        site: where the socket was opened.
        wake: called when there is something to send, or the connection is over.
        spawn: has requests answered.
    """

    def __init__(self, admit: Admit, site: Site, wake: Callable[[], None], spawn: Spawn) -> None:
        self.site = site
        self.outbox = Outbox(wake)
        self.member: Membership | None = None
        self.dropped = False
        self.ended = False
        """Whether it is to be closed once everything has been sent."""
        self._admit = admit
        self._wake = wake
        self._spawn = spawn
        self._twilsock = TwilsockConnection()
        self._working = 0
        self._asked = 0
        self._has_left = False

    @property
    def entered(self) -> Membership:
        """What it has since it was let in; nothing but its init comes through before."""
        assert self.member is not None
        return self.member

    @property
    def expires(self) -> datetime | None:
        """When its token expires, on the world's clock."""
        return self._twilsock.expiry_due

    @property
    def is_broken(self) -> bool:
        """Whether it is to be closed at once, whatever has not been sent."""
        return self.dropped or self.outbox.overflowed

    @property
    def is_busy(self) -> bool:
        """Whether nothing more should be read for now."""
        return self.outbox.congested or self._working >= MOST_REQUESTS

    def receive(self, message: bytes | str) -> None:
        """Take one WebSocket message."""
        for event in self._twilsock.receive(message):
            match event:
                case bytes():
                    self.outbox.answer(event)
                case TunnelRequest():
                    self._take(event)
                case InitWanted():
                    self._let_in(event)
                case TokenUpdateWanted():
                    self._update(event)
                case Closed():
                    self.end()
                case Garbage(reason):
                    log.warning("a client SDK sent what is no Twilsock frame: %s", reason)
                    self.close(NOT_ACCEPTABLE)

    def ping(self) -> None:
        """Show that we are here."""
        self.outbox.answer(self._twilsock.ping())

    def drop(self) -> None:
        """Hang up without a word, as a network does."""
        self.dropped = True
        self._wake()

    def close(self, status: Status, backoff: timedelta | None = None) -> None:
        """Say why, and hang up."""
        self.outbox.answer(self._twilsock.close(status, backoff))
        self.end()

    def end(self) -> None:
        """Hang up once everything has been sent."""
        self.ended = True
        self._wake()

    def pass_time(self, now: datetime) -> datetime | None:
        """Let the token grow older.

        Returns:
            when to call again.
        """
        twilsock = self._twilsock
        if twilsock.expiry_due is not None and twilsock.expiry_due <= now:
            self.outbox.answer(twilsock.token_expired())
            self.end()
        elif twilsock.warning_due is not None and twilsock.warning_due <= now:
            self.outbox.answer(twilsock.token_about_to_expire())
        return twilsock.warning_due or twilsock.expiry_due

    def leave(self) -> None:
        """The socket is gone."""
        self._has_left = True
        if self.member is not None:
            self.member.clients.leave(self, self.member)

    def _let_in(self, wanted: InitWanted) -> None:
        try:
            clients, grant = self._admit(wanted.token, wanted.product)
            fault = clients.fault_for(grant)
            if fault.refuse is not None:
                self._turn_away(wanted, fault.refuse)
                return
            continuation = clients.continuation_tokens.renew(
                wanted.continuation_token, grant.identity, grant.services
            )
            is_told = wanted.product is not None or len(grant.services) == 1
            self.member = clients.enter(
                self,
                grant,
                continuation.endpoint_id,
                wanted.metadata,
                fault,
                product=grant.kind if is_told else None,
            )
        except Refused as refused:
            self._refuse(wanted, unauthorized(refused))
            return
        now = clients.world.clock.now()
        account = AccountDescriptor(
            account_sid=grant.account_sid, services=grant.services, identity=grant.identity
        )
        self.outbox.answer(
            self._twilsock.accept_init(wanted, account, continuation, now, grant.life)
        )
        self._watch_time(clients)

    def _refuse(self, wanted: InitWanted, status: Status, backoff: timedelta | None = None) -> None:
        self.outbox.answer(self._twilsock.refuse_init(wanted, status, backoff))
        self.end()

    def _turn_away(self, wanted: InitWanted, fault: RefusedInit) -> None:
        phrase = HTTPStatus(fault.status).phrase
        status = Status(
            code=fault.status,
            status=phrase.upper().replace(" ", "_"),
            description=fault.message or phrase,
            error_code=fault.code,
        )
        wait = fault.reconnect_min_ms
        backoff = None if wait is None else timedelta(milliseconds=wait)
        self._refuse(wanted, status, backoff)

    def _update(self, wanted: TokenUpdateWanted) -> None:
        member = self.entered
        try:
            clients, grant = self._admit(wanted.token, member.grant.kind)
        except Refused as refused:
            self.outbox.answer(self._twilsock.refuse_update(wanted, unauthorized(refused)))
            return
        if _opens(grant) != _opens(member.grant):
            self.outbox.answer(self._twilsock.refuse_update(wanted, OTHER_IDENTITY))
            return
        member.grant = grant
        for session in member.sessions.values():
            session.renew(grant)
        now = clients.world.clock.now()
        self.outbox.answer(self._twilsock.accept_update(wanted, now, grant.life))
        self._watch_time(clients)

    def _watch_time(self, clients: "Clients") -> None:
        due = self._twilsock.warning_due or self._twilsock.expiry_due
        clients.expiry.set(self, due, self.pass_time)

    def _take(self, request: TunnelRequest) -> None:
        member = self.entered
        self._asked += 1
        if member.fault.drop_after is not None and self._asked > member.fault.drop_after:
            self.drop()
        elif member.fault.delay_ms or not self._answered_at_once(member, request):
            self._working += 1
            self._spawn(self._work(member, request))

    def _answered_at_once(self, member: Membership, request: TunnelRequest) -> bool:
        waiting = self.outbox.waiting
        try:
            response = self._session(member, request).answer_at_once(request)
        except Refused as refused:
            response = refusal(refused)
        except Exception as error:
            response = _our_fault(request, error)
        if response is None:
            return False
        self.outbox.answer(reply(request, response), after=waiting)
        return True

    def _session(self, member: Membership, request: TunnelRequest) -> ProductSession:
        """What it has of the product that a request is for."""
        kind = next((each for each in member.grant.services if each == request.active_grant), None)
        kind = kind or member.grant.kind
        return member.sessions.get(kind) or member.clients.open(self, member, kind)

    async def _work(self, member: Membership, request: TunnelRequest) -> None:
        try:
            if member.fault.delay_ms:
                await asyncio.sleep(member.fault.delay_ms / 1000)
                # Whoever has left asks for nothing more, or there would be sessions of nobody.
                if self._has_left or self._answered_at_once(member, request):
                    return
            await self._session(member, request).answer(
                request, lambda response: self.outbox.answer(reply(request, response))
            )
        except Exception as error:
            self.outbox.answer(reply(request, _our_fault(request, error)))
        finally:
            self._working -= 1


def _our_fault(request: TunnelRequest, error: Exception) -> TunnelResponse:
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return refusal(Refused(SERVER_ERROR))


def _opens(grant: Grant) -> tuple[str, str, str]:
    return grant.account_sid, grant.service_sid, grant.identity
