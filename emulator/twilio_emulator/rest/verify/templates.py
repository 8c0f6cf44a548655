"""Verify templates by REST (https://www.twilio.com/docs/verify/api/templates)."""

from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.verify import templates
from twilio_emulator.core.verify.templates import TemplateTranslation, VerifyTemplate
from twilio_emulator.rest.verify.services import LARGEST_PAGE
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.operations import ROOT, Api


def declare(api: Api) -> None:
    """Declare the one operation: they are made by Twilio's support."""
    api.collection(
        "/Templates",
        "",
        template,
        key="templates",
        list=templates.list_templates,
        page_max=LARGEST_PAGE,
        where=ROOT,
    )


def template(it: VerifyTemplate, call: Call) -> dict[str, object]:
    """One that everybody has is shown as the account's own."""
    return {
        "sid": it.sid,
        "account_sid": call.account_sid,
        "friendly_name": it.friendly_name,
        "channels": it.channels,
        "translations": {each.locale: _translation(it, each) for each in it.translations},
    }


def _translation(it: VerifyTemplate, each: TemplateTranslation) -> dict[str, object]:
    """Dates have nanoseconds. The last three keys were seen in real answers, always so."""
    at = f"{write_instant(it.date_created)[:-1]}000000Z"
    return {
        "is_default_translation": each.is_default,
        "status": each.status,
        "locale": each.locale,
        "text": each.text,
        "date_updated": at,
        "date_created": at,
        "to_be_deleted": False,
        "reject_reason": "",
        "temporal_text": "",
    }
