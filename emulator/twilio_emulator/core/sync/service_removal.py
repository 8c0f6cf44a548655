"""A Sync service is closed, and all that is in it is gone."""

from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import objects
from twilio_emulator.core.sync.resources import SyncServiceChanged, SyncServices
from twilio_emulator.core.sync.services import fetch_sync_service, open_next_default


@command
class RemoveSyncService:
    """Close a Sync service, with everything in it; an account is never without a default one.

    Raises of `apply`: Refused, 20404 there is none.
    """

    account: str
    service: str

    def apply(self, world: World) -> None:
        service = fetch_sync_service(world, account=self.account, service=self.service)
        objects.remove_all(world, service.sid)
        world[SyncServices].remove(service.sid)
        world.tell(SyncServiceChanged(sid=service.sid, service=None))
        if service.default_of is not None:
            opened = open_next_default(world, self.account)
            world.tell(SyncServiceChanged(sid=opened.sid, service=opened))
