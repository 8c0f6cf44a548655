"""What the webhooks of Sync hear of: changes of objects and items, and connections of clients."""

from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.sync.endpoints import SyncReachabilityTold
from twilio_emulator.webhooks.delivery import ProductWebhooks, Webhooks
from twilio_emulator.webhooks.sync import changes
from twilio_emulator.webhooks.sync.changes import NAMES, SyncChange
from twilio_emulator.webhooks.sync.manner import SYNC


def _changed(webhooks: Webhooks, event: SyncChange, _: Happened) -> None:
    webhooks.send(changes.of_change(webhooks.world, event))


def _moved(webhooks: Webhooks, event: SyncReachabilityTold, _: Happened) -> None:
    webhooks.send(changes.of_connection(webhooks.world, event))


WEBHOOKS = ProductWebhooks(
    manner=SYNC,
    begin=lambda webhooks: webhooks,
    hears={**dict.fromkeys(NAMES, _changed), SyncReachabilityTold: _moved},
)
