"""The client SDKs that are connected to one account.

The rules of this file:

- Until the first one connects nothing listens to the account, and until the first one of a product
  connects nothing of that product does.
- All connections are dropped when the world is put back as it was: who comes again is let in anew,
  or is not.
"""

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.kernel.move_clock import ClockMoved
from twilio_emulator.core.kernel.restoring import WorldRestored
from twilio_emulator.core.kernel.world import Happened, World
from twilio_emulator.core.simulation import faults
from twilio_emulator.core.simulation.faults import SpendFault
from twilio_emulator.core.simulation.resources import SocketFault
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.sdk.conversations.clients import ChatClients
from twilio_emulator.sdk.sync_product.clients import SyncClients
from twilio_emulator.sdk.twilsock.connection import ChatConnection, Membership
from twilio_emulator.sdk.twilsock.continuation import ContinuationTokens
from twilio_emulator.sdk.twilsock.operations import Operations
from twilio_emulator.sdk.twilsock.sessions import Entrance, ProductClients, ProductSession
from twilio_emulator.sdk.twilsock.token_expiry import Expiry
from twilio_emulator.wire.access_tokens import Grant, GrantKind, TokenRefused

PING_EVERY = 30.0
"""Seconds. The Kotlin SDK leaves a connection that is silent for 45."""

NO_FAULT = SocketFault()


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A connection as the log keeps it: it was opened, or closed."""

    connection: str
    identity: str
    service_sid: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnedAway:
    """A connection that was not let in, as the log keeps it."""

    code: int
    message: str
    reason: str | None
    state: str

    @staticmethod
    def because(refused: TokenRefused) -> "TurnedAway":
        """The entry for a token that opens nothing."""
        return TurnedAway(
            code=refused.code, message=refused.message, reason=refused.reason, state="refused"
        )


class Clients:
    """All connections of an account.

    Args:
        gate: the door to the account's world.
        operations: what clients can ask.
    """

    def __init__(self, gate: Gate, operations: Operations) -> None:
        self.gate = gate
        self.operations = operations
        self.expiry = Expiry(gate.world.clock)
        self._products: dict[GrantKind, ProductClients] = {}
        self._connections: dict[str, ChatConnection] = {}
        self._listens = False
        self._numbers = itertools.count(1)
        self._pinging: asyncio.TimerHandle | None = None

    @property
    def world(self) -> World:
        return self.gate.world

    @cached_property
    def continuation_tokens(self) -> ContinuationTokens:
        """Signed with the account's own secret, so that they outlive us."""
        world = self.world
        secret = world[Accounts][world.account_sid].auth_token
        return ContinuationTokens(secret.encode(), self.gate.run)

    def __iter__(self) -> Iterator[ChatConnection]:
        return iter(list(self._connections.values()))

    def get(self, id: str) -> ChatConnection | None:
        """The connection with this id."""
        return self._connections.get(id)

    def fault_for(self, grant: Grant) -> SocketFault:
        """What goes wrong on purpose with a connection that is about to be opened."""
        rule = faults.for_connection(self.world, identity=grant.identity, service=grant.service_sid)
        if rule is None or rule.do.socket is None:
            return NO_FAULT
        self.gate.perform_now(SpendFault(rule=rule.sid))
        return rule.do.socket

    def enter(
        self,
        connection: ChatConnection,
        grant: Grant,
        endpoint_id: str,
        metadata: Mapping[str, object],
        fault: SocketFault,
        *,
        product: GrantKind | None,
    ) -> Membership:
        """Let a connection in.

        Args:
            endpoint_id: by which the client is known, as long as it keeps its continuation token.
            product: what the client is for; None when it has not said yet.

        Raises:
            Refused: its identity is not one that a client of this product may have.
        """
        if not self._listens:
            self._listens = True
            self.world.listeners.append(self._hear, (ClockMoved, WorldRestored))
        member = Membership(
            id=str(next(self._numbers)),
            clients=self,
            grant=grant,
            endpoint_id=endpoint_id,
            since=self.world.clock.now(),
            metadata=metadata,
            fault=fault,
        )
        if product is not None:
            self.open(connection, member, product)
        self._connections[member.id] = connection
        self._note(member, "opened")
        if self._pinging is None:
            self._ping_later()
        return member

    def open(
        self, connection: ChatConnection, member: Membership, kind: GrantKind
    ) -> ProductSession:
        """Let a connection in to a product that its token opens.

        Raises:
            Refused: its identity is not one that a client of it may have.
        """
        entry = Entrance(
            line=connection,
            kind=kind,
            grant=member.grant,
            endpoint_id=member.endpoint_id,
            fault=member.fault,
        )
        session = member.sessions[kind] = self._product(kind).enter(entry)
        return session

    def leave(self, connection: ChatConnection, member: Membership) -> None:
        """A connection is gone."""
        del self._connections[member.id]
        self.expiry.forget(connection)
        self._note(member, "closed")
        for session in member.sessions.values():
            session.leave(connection)
        if not self._connections and self._pinging is not None:
            self._pinging.cancel()
            self._pinging = None

    def close(self) -> None:
        """Drop all connections."""
        for connection in self:
            connection.drop()

    def _product(self, kind: GrantKind) -> ProductClients:
        known = self._products.get(kind)
        if known is None:
            known = self._products[kind] = (
                ChatClients(self.gate, self.operations)
                if kind is GrantKind.CHAT
                else SyncClients(self.gate)
            )
        return known

    def _hear(self, happened: Happened) -> None:
        if isinstance(happened.event, ClockMoved):
            self.expiry.look()
        else:
            self.close()

    def _note(self, member: Membership, state: str) -> None:
        connected = Connected(
            connection=member.id,
            identity=member.grant.identity,
            service_sid=member.grant.service_sid,
            state=state,
        )
        self.gate.note("connection", connected)

    def _ping_later(self) -> None:
        self._pinging = asyncio.get_running_loop().call_later(PING_EVERY, self._ping)

    def _ping(self) -> None:
        for connection in self:
            connection.ping()
        self._ping_later()
