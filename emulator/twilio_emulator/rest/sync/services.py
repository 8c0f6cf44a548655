"""Sync services by REST (https://www.twilio.com/docs/sync/api/service)."""

from twilio_emulator.core.sync import services
from twilio_emulator.core.sync.service_removal import RemoveSyncService
from twilio_emulator.core.sync.services import AddSyncService, UpdateSyncService
from twilio_emulator.rest.sync import declaring, look
from twilio_emulator.wire.operations import Api

SERVICE = "/Services/{service}"


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    declaring.declare(
        api,
        "/Services",
        "/{service}",
        look.service,
        key="services",
        list=services.list_sync_services,
        create=AddSyncService,
        fetch=services.fetch_sync_service,
        update=UpdateSyncService,
        delete=RemoveSyncService,
    )
