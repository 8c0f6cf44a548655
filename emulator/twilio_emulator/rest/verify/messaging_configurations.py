"""Messaging configurations by REST (https://www.twilio.com/docs/verify/api/messaging-configuration)."""

from twilio_emulator.core.verify import messaging_configurations
from twilio_emulator.core.verify.messaging_configurations import (
    AddMessagingConfiguration,
    MessagingConfiguration,
    RemoveMessagingConfiguration,
    UpdateMessagingConfiguration,
)
from twilio_emulator.rest.verify.services import LARGEST_PAGE
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.spelling import iso


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    api.collection(
        "/Services/{service}/MessagingConfigurations",
        "/{country}",
        configuration,
        key="messaging_configurations",
        list=messaging_configurations.list_configurations,
        create=AddMessagingConfiguration,
        fetch=messaging_configurations.fetch_configuration,
        update=UpdateMessagingConfiguration,
        delete=RemoveMessagingConfiguration,
        page_max=LARGEST_PAGE,
        where=ROOT,
    )


def configuration(it: MessagingConfiguration, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/verify/api/messaging-configuration"""
    return {
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "country": it.country,
        "messaging_service_sid": it.messaging_service_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": f"{call.root}/Services/{it.service_sid}/MessagingConfigurations/{it.country}",
    }
