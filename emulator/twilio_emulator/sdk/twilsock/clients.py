"""The client SDKs that are connected to one account.

The rules of this file:

- Until the first one connects nothing listens to the account.
- The first connection of a user brings it online, and the last one that goes takes it offline.
- Connections of a user or a service that is deleted are dropped, and all of them when the world is
  put back as it was: who comes again is let in anew, or is not.
"""

import asyncio
import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import msgspec

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.conversations.resources import Users
from twilio_emulator.core.conversations.services import ServiceRemoved
from twilio_emulator.core.conversations.users import ChangeReachability, ConnectUser, UserRemoved
from twilio_emulator.core.kernel.move_clock import ClockMoved
from twilio_emulator.core.kernel.restoring import WorldRestored
from twilio_emulator.core.kernel.world import Happened, Origin, Source, World
from twilio_emulator.core.simulation import faults
from twilio_emulator.core.simulation.faults import SpendFault
from twilio_emulator.core.simulation.resources import SocketFault
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.sdk.conversations.projection import Projection
from twilio_emulator.sdk.sync.service import Sync
from twilio_emulator.sdk.twilsock.connection import ChatConnection, Membership
from twilio_emulator.sdk.twilsock.continuation import ContinuationTokens
from twilio_emulator.sdk.twilsock.operations import ClientSession, Operations
from twilio_emulator.sdk.twilsock.token_expiry import Expiry
from twilio_emulator.sdk.version1 import actions
from twilio_emulator.sdk.version1.session import Sessions
from twilio_emulator.wire.access_tokens import Grant, TokenRefused

PING_EVERY = 30.0
"""Seconds. The Kotlin SDK leaves a connection that is silent for 45."""

NO_FAULT = SocketFault()

User = tuple[str, str]
"""A service and an identity in it."""


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
        self._projection: Projection | None = None
        self._connections: dict[str, ChatConnection] = {}
        self._sessions: dict[str, Sessions] = {}
        self._of_users: dict[User, dict[ChatConnection, None]] = {}
        self._numbers = itertools.count(1)
        self._pinging: asyncio.TimerHandle | None = None

    @property
    def world(self) -> World:
        return self.gate.world

    @cached_property
    def continuation_tokens(self) -> ContinuationTokens:
        """Signed with the account's own secret, so that they outlive us."""
        world = self.world
        return ContinuationTokens(world[Accounts][world.account_sid].auth_token.encode())

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
        metadata: Mapping[str, object],
        fault: SocketFault,
    ) -> Membership:
        """Let a connection in.

        Raises:
            Refused: its identity is not one that a user may have.
        """
        user = (grant.service_sid, grant.identity)
        if user not in self._of_users:
            self._perform(user, ConnectUser(service=grant.service_sid, identity=grant.identity))
        sync = self._listen().sync(grant.service_sid)
        member = Membership(
            id=str(next(self._numbers)),
            clients=self,
            grant=grant,
            caller=ClientSession(
                gate=self.gate,
                service_sid=grant.service_sid,
                identity=grant.identity,
                site=connection.site,
                push_credential_sid=grant.push_credential_sid,
                notify=lambda identity, type, said: sync.notify(
                    identity, type, msgspec.json.encode(said)
                ),
            ),
            sync=sync,
            sessions=self._sessions_of(grant.service_sid, sync),
            watcher=sync.watcher(grant.identity, connection.outbox),
            since=self.world.clock.now(),
            metadata=metadata,
            fault=fault,
        )
        self._connections[member.id] = connection
        self._of_users.setdefault(user, {})[connection] = None
        self._note(member, "opened")
        if self._pinging is None:
            self._ping_later()
        return member

    def leave(self, connection: ChatConnection, member: Membership) -> None:
        """A connection is gone."""
        user = (member.grant.service_sid, member.grant.identity)
        del self._connections[member.id]
        member.sync.forget(member.watcher)
        self.expiry.forget(connection)
        self._note(member, "closed")
        others = self._of_users[user]
        del others[connection]
        if not others:
            del self._of_users[user]
            self._take_offline(user)
        if not self._connections and self._pinging is not None:
            self._pinging.cancel()
            self._pinging = None

    def close(self) -> None:
        """Drop all connections."""
        for connection in self:
            connection.drop()

    def _sessions_of(self, service_sid: str, sync: Sync) -> Sessions:
        known = self._sessions.get(service_sid)
        if known is None:
            known = self._sessions[service_sid] = Sessions(sync, actions.perform)
        return known

    def _listen(self) -> Projection:
        if self._projection is None:
            self._projection = Projection(self.world)
            kinds = (ClockMoved, UserRemoved, WorldRestored, ServiceRemoved)
            self.world.listeners.append(self._hear, kinds)
        return self._projection

    def _hear(self, happened: Happened) -> None:
        event = happened.event
        if isinstance(event, ClockMoved):
            self.expiry.look()
        elif isinstance(event, UserRemoved):
            user = (event.user.service_sid, event.user.identity)
            self._drop(self._of_users.get(user, ()))
        elif isinstance(event, WorldRestored):
            self._drop(self)
        elif isinstance(event, ServiceRemoved):
            self._drop(each for each in self if _service_of(each) == event.service.sid)

    def _drop(self, connections: Iterable[ChatConnection]) -> None:
        for connection in connections:
            connection.drop()

    def _take_offline(self, user: User) -> None:
        service_sid, identity = user
        if self.world[Users].by_identity.find(user) is not None:
            self._perform(
                user, ChangeReachability(service=service_sid, user=identity, is_online=False)
            )

    def _perform(self, user: User, command: ConnectUser | ChangeReachability) -> None:
        self.gate.perform_now(command, Origin(source=Source.SDK, identity=user[1]))

    def _note(self, member: Membership, state: str) -> None:
        connected = Connected(
            connection=member.id,
            identity=member.grant.identity,
            service_sid=member.grant.service_sid,
            state=state,
        )
        self.gate.log.add(self.world.now, "connection", connected)

    def _ping_later(self) -> None:
        self._pinging = asyncio.get_running_loop().call_later(PING_EVERY, self._ping)

    def _ping(self) -> None:
        for connection in self:
            connection.ping()
        self._ping_later()


def _service_of(connection: ChatConnection) -> str | None:
    member = connection.member
    return None if member is None else member.grant.service_sid
