"""Connections of clients, and who is told that they come and go
(https://www.twilio.com/docs/sync/webhooks).

The rules of this file:

- With `reachability_webhooks_enabled` each connection that comes or goes is told.
- With debouncing it is people who come and go: nothing is told of a connection while its identity
  has another one, which is decided. Of the last one that goes is told when the window is over,
  unless the identity has come back by then; of its coming back nothing is told then, either.
- Connections do not outlive the server, so nothing is kept of them here but who is awaited.
"""

from twilio_emulator.core.kernel.clock import milliseconds
from twilio_emulator.core.kernel.records import command, event, record
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync.resources import SyncService, SyncServices


@record
class SyncEndpoint:
    """A connection of a client: of which identity, to which service."""

    service_sid: str
    identity: str
    endpoint: str


@event
class SyncEndpointConnected:
    """A client has connected."""

    endpoint: SyncEndpoint


@event
class SyncEndpointDisconnected:
    """A connection is no more."""

    endpoint: SyncEndpoint


@event
class SyncReachabilityTold:
    """Whoever wants to know of connections is told of one."""

    endpoint: SyncEndpoint
    is_connected: bool


@record
class OnSyncEndpoint:
    """A wish about a connection; `others` is how many more its identity has to the service."""

    service: str
    identity: str
    endpoint: str
    others: int = 0

    def shown(self) -> SyncEndpoint:
        """The connection, as events show it."""
        return SyncEndpoint(
            service_sid=self.service, identity=self.identity, endpoint=self.endpoint
        )

    def away(self) -> str:
        """What the timer is set under that waits for the identity to come back."""
        return f"sync away {self.service} {self.identity}"


@command
class ConnectSyncEndpoint(OnSyncEndpoint):
    """A client has connected to a service."""

    def apply(self, world: World) -> None:
        endpoint = self.shown()
        world.tell(SyncEndpointConnected(endpoint=endpoint))
        service = world[SyncServices].get(self.service)
        if service is None or not service.reachability_webhooks_enabled:
            return
        was_awaited = world.timers.get(self.away()) is not None
        world.timers.cancel(self.away())
        if _is_debounced(service) and (self.others or was_awaited):
            return
        world.tell(SyncReachabilityTold(endpoint=endpoint, is_connected=True))


@command
class DisconnectSyncEndpoint(OnSyncEndpoint):
    """A connection to a service is no more."""

    def apply(self, world: World) -> None:
        endpoint = self.shown()
        world.tell(SyncEndpointDisconnected(endpoint=endpoint))
        service = world[SyncServices].get(self.service)
        if service is None or not service.reachability_webhooks_enabled:
            return
        if not _is_debounced(service):
            world.tell(SyncReachabilityTold(endpoint=endpoint, is_connected=False))
        elif not self.others:
            world.timers.set(
                self.away(),
                world.now + milliseconds(service.reachability_debouncing_window),
                TellSyncDisconnection(
                    service=self.service, identity=self.identity, endpoint=self.endpoint
                ),
            )


@command
class TellSyncDisconnection(OnSyncEndpoint):
    """An identity has not come back in time."""

    def apply(self, world: World) -> None:
        service = world[SyncServices].get(self.service)
        if service is not None and service.reachability_webhooks_enabled:
            world.tell(SyncReachabilityTold(endpoint=self.shown(), is_connected=False))


def _is_debounced(service: SyncService) -> bool:
    return service.reachability_debouncing_enabled
