"""The clients of Conversations that are connected to one account, and what each of them has.

The rules of this file:

- Until the first one connects nothing listens to the account.
- The first connection of a user brings it online, and the last one that goes takes it offline.
- Connections of a user or a service that is deleted are dropped.
- Requests to Sync are answered at once. All others may have to wait for a webhook, each for itself.
"""

from collections.abc import Iterable

import msgspec

from twilio_emulator.core.conversations.resources import Users
from twilio_emulator.core.conversations.services import ServiceRemoved
from twilio_emulator.core.conversations.users import ChangeReachability, ConnectUser, UserRemoved
from twilio_emulator.core.kernel.refusals import CONVERSATION_RATE_EXCEEDED, Refused
from twilio_emulator.core.kernel.world import Happened, Origin, Source
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.sdk.conversations.projection import Projection
from twilio_emulator.sdk.sync.service import Sync
from twilio_emulator.sdk.twilsock.operations import ClientSession, Operations
from twilio_emulator.sdk.twilsock.sessions import Answer, ClientLine, Entrance
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse, refusal
from twilio_emulator.sdk.version1 import actions
from twilio_emulator.sdk.version1.session import Sessions
from twilio_emulator.wire.access_tokens import Grant

SYNC = frozenset({"v3", "v4"})
"""What paths of Sync begin with."""

ConnectedUser = tuple[str, str]
"""A service and an identity in it."""


class ChatClients:
    """All connections of an account's users.

    Args:
        gate: the door to the account's world.
        operations: what clients can ask.
    """

    def __init__(self, gate: Gate, operations: Operations) -> None:
        self.operations = operations
        self._gate = gate
        self._projection = Projection(gate.world)
        self._sessions: dict[str, Sessions] = {}
        self._of_users: dict[ConnectedUser, dict[ClientLine, None]] = {}
        gate.world.listeners.append(self._hear, (UserRemoved, ServiceRemoved))

    def enter(self, entry: Entrance) -> "ChatSession":
        """Let a connection in.

        Raises:
            Refused: its identity is not one that a user may have.
        """
        identity, service_sid = entry.grant.identity, entry.service_sid
        user = (service_sid, identity)
        if user not in self._of_users:
            self._perform(user, ConnectUser(service=service_sid, identity=identity))
        sync = self._projection.sync(service_sid)
        self._of_users.setdefault(user, {})[entry.line] = None
        caller = ClientSession(
            gate=self._gate,
            service_sid=service_sid,
            identity=identity,
            site=entry.line.site,
            push_credential_sid=entry.grant.push_credential_sid,
            notify=lambda identity, type, said: sync.notify(
                identity, type, msgspec.json.encode(said)
            ),
        )
        return ChatSession(self, entry, caller, sync, self._sessions_of(service_sid, sync))

    def leave(self, line: ClientLine, user: ConnectedUser) -> None:
        """A connection is gone."""
        others = self._of_users[user]
        del others[line]
        if not others:
            del self._of_users[user]
            self._take_offline(user)

    def _sessions_of(self, service_sid: str, sync: Sync) -> Sessions:
        known = self._sessions.get(service_sid)
        if known is None:
            known = self._sessions[service_sid] = Sessions(sync, actions.perform)
        return known

    def _hear(self, happened: Happened) -> None:
        event = happened.event
        if isinstance(event, UserRemoved):
            self._drop(self._of_users.get((event.user.service_sid, event.user.identity), ()))
        elif isinstance(event, ServiceRemoved):
            for (service_sid, _), lines in self._of_users.items():
                if service_sid == event.service.sid:
                    self._drop(lines)

    @staticmethod
    def _drop(lines: Iterable[ClientLine]) -> None:
        for line in lines:
            line.drop()

    def _take_offline(self, user: ConnectedUser) -> None:
        service_sid, identity = user
        if self._gate.world[Users].by_identity.find(user) is not None:
            self._perform(
                user, ChangeReachability(service=service_sid, user=identity, is_online=False)
            )

    def _perform(self, user: ConnectedUser, command: ConnectUser | ChangeReachability) -> None:
        self._gate.perform_now(command, Origin(source=Source.SDK, identity=user[1]))


class ChatSession:
    """What a connection has of Conversations."""

    def __init__(
        self,
        clients: ChatClients,
        entry: Entrance,
        caller: ClientSession,
        sync: Sync,
        sessions: Sessions,
    ) -> None:
        self.watcher = sync.watcher(caller.identity, entry.line.outbox)
        self._clients = clients
        self._caller = caller
        self._sync = sync
        self._sessions = sessions
        self._throttles = entry.fault.throttle

    def answer_at_once(self, request: TunnelRequest) -> TunnelResponse | None:
        # A session of version 1 is made and told what to do through Sync.
        if request.segments[0] in SYNC and not Sessions.is_for(request):
            return self._sync.handle(request, self.watcher)
        return None

    async def answer(self, request: TunnelRequest, answer: Answer) -> None:
        if self._throttles:
            self._throttles -= 1
            answer(refusal(Refused(CONVERSATION_RATE_EXCEEDED)))
        elif Sessions.is_for(request):
            await self._sessions.answer(self._caller, request, answer)
        else:
            answer(await self._clients.operations.answer(self._caller, request))

    def renew(self, grant: Grant) -> None:
        self._caller.push_credential_sid = grant.push_credential_sid

    def leave(self, line: ClientLine) -> None:
        self._sync.forget(self.watcher)
        self._clients.leave(line, (self._caller.service_sid, self._caller.identity))
