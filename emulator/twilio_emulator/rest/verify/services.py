"""Verify services by REST (https://www.twilio.com/docs/verify/api/service)."""

from twilio_emulator.core.verify import services
from twilio_emulator.core.verify.services import (
    AddVerifyService,
    RemoveVerifyService,
    UpdateVerifyService,
)
from twilio_emulator.rest.verify import look
from twilio_emulator.wire.operations import ROOT, Api

LARGEST_PAGE = 1000


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    api.collection(
        "/Services",
        "/{service}",
        look.service,
        key="services",
        list=services.list_verify_services,
        create=AddVerifyService,
        fetch=services.fetch_verify_service,
        update=UpdateVerifyService,
        delete=RemoveVerifyService,
        page_max=LARGEST_PAGE,
        where=ROOT,
    )
