"""The clients of Sync that are connected to one account, and what each of them has.

The rules of this file:

- Until the first one connects nothing listens to the account.
- That a connection comes or goes is a command, for webhooks.
- They are no users of Conversations, and make none.
- When a service is deleted its connections are dropped.
"""

from http import HTTPStatus
from typing import get_args

import msgspec

from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.restoring import WorldRestored
from twilio_emulator.core.kernel.world import Happened, Origin, Source
from twilio_emulator.core.sync.endpoints import ConnectSyncEndpoint, DisconnectSyncEndpoint
from twilio_emulator.core.sync.resources import SyncPermissionChanged, SyncServiceChanged
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.sdk.sync_product.service import SharedObjects, TellingEvent
from twilio_emulator.sdk.twilsock.sessions import Answer, ClientLine, Entrance
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse, refusal
from twilio_emulator.wire.access_tokens import Grant
from twilio_emulator.wire.request_log import Requested

RATE_EXCEEDED = Refusal(54009, 429, "Rate limit exceeded")
"""Only where a test asks for it. Its words are decided."""


class _Why(msgspec.Struct):
    code: int | None
    message: str | None


_why = msgspec.json.Decoder(_Why)


class SyncClients:
    """All connections of an account's Sync services.

    Args:
        gate: the door to the account's world.
    """

    def __init__(self, gate: Gate) -> None:
        self._gate = gate
        self._services: dict[str, SharedObjects] = {}
        self._lines: dict[str, dict[ClientLine, str]] = {}
        hearing = (
            *get_args(TellingEvent),
            SyncPermissionChanged,
            SyncServiceChanged,
            WorldRestored,
        )
        gate.world.listeners.append(self._hear, hearing)

    def enter(self, entrance: Entrance) -> "SyncSession":
        """Let a connection in."""
        sid = entrance.service_sid
        shared = self._services.get(sid)
        if shared is None:
            shared = SharedObjects(self._gate, entrance.grant.account_sid, sid)
            self._services[sid] = shared
        identity, endpoint = entrance.grant.identity, entrance.endpoint_id
        others = self._others(sid, identity)
        self._lines.setdefault(sid, {})[entrance.line] = identity
        self._perform(
            ConnectSyncEndpoint(service=sid, identity=identity, endpoint=endpoint, others=others)
        )
        return SyncSession(self, entrance, shared)

    def leave(self, line: ClientLine, service_sid: str, endpoint: str) -> None:
        """A connection is gone."""
        lines = self._lines[service_sid]
        identity = lines.pop(line)
        if not lines:
            del self._lines[service_sid]
        self._perform(
            DisconnectSyncEndpoint(
                service=service_sid,
                identity=identity,
                endpoint=endpoint,
                others=self._others(service_sid, identity),
            )
        )

    def note(self, requested: Requested) -> None:
        """Keep a request in the account's log."""
        self._gate.note("request", requested)

    def _others(self, service_sid: str, identity: str) -> int:
        """How many connections an identity has."""
        shared = self._services.get(service_sid)
        return 0 if shared is None else shared.connections_of(identity)

    def _perform(self, command: ConnectSyncEndpoint | DisconnectSyncEndpoint) -> None:
        origin = Origin(source=Source.SDK, identity=command.identity, endpoint=command.endpoint)
        self._gate.perform_now(command, origin)

    def _hear(self, happened: Happened) -> None:
        event = happened.event
        if isinstance(event, WorldRestored):
            self._services.clear()  # all connections are dropped, and come again to what is there
        elif isinstance(event, SyncServiceChanged):
            self._service_changed(event)
        elif isinstance(event, SyncPermissionChanged):
            shared = self._services.get(event.permission.service_sid)
            if shared is not None:
                shared.recheck(event.permission.identity, event.permission.resource_sid)
        elif isinstance(event, TellingEvent):
            shared = self._services.get(event.resource.service_sid)
            if shared is not None:
                shared.hear(event, happened.origin)

    def _service_changed(self, event: SyncServiceChanged) -> None:
        shared = self._services.get(event.sid)
        if shared is None:
            return
        if event.service is None:
            del self._services[event.sid]
            for line in self._lines.get(event.sid, ()):
                line.drop()
        elif event.service.acl_enabled is not shared.asks_permissions:
            shared.asks_permissions = event.service.acl_enabled
            for identity in shared.identities:
                shared.recheck(identity)


class SyncSession:
    """What a connection has of Sync."""

    def __init__(self, clients: SyncClients, entrance: Entrance, shared: SharedObjects) -> None:
        line = entrance.line
        self.watcher = shared.watcher(entrance.grant.identity, line.outbox, entrance.endpoint_id)
        self._clients = clients
        self._service_sid = entrance.service_sid
        self._shared = shared
        self._throttles = entrance.fault.throttle

    def answer_at_once(self, request: TunnelRequest) -> TunnelResponse:
        if self._throttles:
            self._throttles -= 1
            return refusal(Refused(RATE_EXCEEDED))
        answer = self._shared.handle(request, self.watcher)
        if answer.status >= HTTPStatus.BAD_REQUEST or request.method != "GET":
            self._note(request, answer)
        return answer

    async def answer(self, request: TunnelRequest, answer: Answer) -> None:
        answer(self.answer_at_once(request))

    def _note(self, request: TunnelRequest, answer: TunnelResponse) -> None:
        """Have the account's log say what was written, and what was refused."""
        if request.segments[0] == "v4":
            return
        is_refused = answer.status >= HTTPStatus.BAD_REQUEST
        why = _why.decode(answer.body) if is_refused else _Why(None, None)
        requested = Requested(
            sid=request.id,
            method=request.method,
            product="cds",
            path=request.path,
            status=answer.status,
            code=why.code,
            message=why.message,
        )
        self._clients.note(requested)

    def renew(self, grant: Grant) -> None:
        """Nothing of it stands in the token but what it opens."""

    def leave(self, line: ClientLine) -> None:
        self._shared.forget(self.watcher)
        self._clients.leave(line, self._service_sid, self.watcher.endpoint_id)
