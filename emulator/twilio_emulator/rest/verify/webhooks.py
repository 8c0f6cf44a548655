"""Webhooks of a Verify service by REST (https://www.twilio.com/docs/verify/api/webhooks)."""

from twilio_emulator.core.verify import webhooks
from twilio_emulator.core.verify.webhooks import (
    AddVerifyWebhook,
    RemoveVerifyWebhook,
    UpdateVerifyWebhook,
    VerifyWebhook,
)
from twilio_emulator.rest.verify.look import service_url
from twilio_emulator.rest.verify.services import LARGEST_PAGE
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.spelling import iso


def declare(api: Api) -> None:
    """Declare the operations of this file."""
    api.collection(
        "/Services/{service}/Webhooks",
        "/{webhook}",
        webhook,
        key="webhooks",
        list=webhooks.list_webhooks,
        create=AddVerifyWebhook,
        fetch=webhooks.fetch_webhook,
        update=UpdateVerifyWebhook,
        delete=RemoveVerifyWebhook,
        page_max=LARGEST_PAGE,
        where=ROOT,
    )


def webhook(it: VerifyWebhook, call: Call) -> dict[str, object]:
    """Who hears of what."""
    return {
        "url": f"{service_url(it.service_sid, call)}/Webhooks/{it.sid}",
        "sid": it.sid,
        "service_sid": it.service_sid,
        "account_sid": it.account_sid,
        "friendly_name": it.friendly_name,
        "event_types": list(it.event_types),
        "status": it.status,
        "version": it.version,
        "webhook_url": it.webhook_url,
        "webhook_method": it.webhook_method,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
    }
