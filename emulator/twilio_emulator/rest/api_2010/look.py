"""How the resources of the 2010 API look, key for key as Twilio's pages show them.

URIs have no host, dates are RFC 2822, and numbers that are counted are texts.
"""

from twilio_emulator.core.accounts.accounts import Account, ApiKey
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.senders.refusals import LATER
from twilio_emulator.core.texts.media import MediaFile
from twilio_emulator.core.texts.text import Text, TextStatus
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.spelling import rfc2822

VERSION = "2010-04-01"
BILLED = frozenset(
    {TextStatus.SENT, TextStatus.DELIVERED, TextStatus.UNDELIVERED, TextStatus.READ}
    | {TextStatus.RECEIVED}
)
PRICES = {Channel.SMS: 0.0079, Channel.MMS: 0.02, Channel.WHATSAPP: 0.005}
"""What a segment costs in US dollars: the list prices of the United States, for any country."""


def message(it: Text, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/messaging/api/message-resource"""
    own = uri(it.account_sid, f"Messages/{it.sid}")
    subresources = {"media": f"{own}/Media.json"}
    if it.date_sent is not None:
        subresources["feedback"] = f"{own}/Feedback.json"
    return {
        "body": it.body,
        "num_segments": str(it.num_segments),
        "direction": it.direction,
        "from": it.sender,
        "to": it.to,
        "date_updated": rfc2822(it.date_updated),
        "price": price(it),
        "error_message": None if it.error_code is None else LATER.get(it.error_code),
        "uri": f"{own}.json",
        "account_sid": it.account_sid,
        "num_media": str(it.num_media),
        "status": it.status,
        "messaging_service_sid": it.messaging_service_sid,
        "sid": it.sid,
        "date_sent": rfc2822(it.date_sent),
        "date_created": rfc2822(it.date_created),
        "error_code": it.error_code,
        "price_unit": price_unit(it),
        "api_version": VERSION,
        "subresource_uris": subresources,
        **({"tags": it.tags} if it.tags is not None else {}),
    }


def sms_message(it: Text, call: Call) -> dict[str, object]:
    """The SMS Message resource of old, which apps from before 2013 call; its page is gone."""
    return {
        "sid": it.sid,
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
        "date_sent": rfc2822(it.date_sent),
        "account_sid": it.account_sid,
        "to": it.to,
        "from": it.sender,
        "body": it.body,
        "status": it.status,
        "direction": it.direction,
        "api_version": VERSION,
        "price": price(it),
        "price_unit": price_unit(it),
        "uri": uri(it.account_sid, f"SMS/Messages/{it.sid}.json"),
    }


def price(it: Text) -> str | None:
    """A negative decimal once the text was billed."""
    if it.status not in BILLED:
        return None
    return f"{-PRICES.get(it.channel, 0.0) * it.num_segments:.5f}"


def price_unit(it: Text) -> str | None:
    """None while it is not known what channel or sender will carry the text."""
    early = it.status in (TextStatus.ACCEPTED, TextStatus.SCHEDULED)
    if early or (it.channel is Channel.WHATSAPP and it.status not in BILLED):
        return None
    return "USD"


def media(it: MediaFile, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/messaging/api/media-resource"""
    return {
        "account_sid": it.account_sid,
        "content_type": it.content_type,
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
        "parent_sid": it.text_sid,
        "sid": it.sid,
        "uri": f"{uri(it.account_sid, f'Messages/{it.text_sid}/Media/{it.sid}')}.json",
    }


def feedback(it: Text, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/messaging/api/message-feedback-resource"""
    given = it.feedback
    assert given is not None
    return {
        "account_sid": it.account_sid,
        "message_sid": it.sid,
        "outcome": given.outcome,
        "date_created": rfc2822(given.date_created),
        "date_updated": rfc2822(given.date_updated),
        "uri": f"{uri(it.account_sid, f'Messages/{it.sid}')}/Feedback.json",
    }


SUBRESOURCES = {
    "available_phone_numbers": "AvailablePhoneNumbers",
    "incoming_phone_numbers": "IncomingPhoneNumbers",
    "outgoing_caller_ids": "OutgoingCallerIds",
    "signing_keys": "SigningKeys",
    "keys": "Keys",
    "applications": "Applications",
    "short_codes": "SMS/ShortCodes",
    "messages": "Messages",
}
"""What an account leads to: only what is emulated."""


def account(it: Account, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/iam/api/account"""
    return {
        "auth_token": it.auth_token,
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
        "friendly_name": it.friendly_name,
        "owner_account_sid": it.owner_account_sid,
        "sid": it.sid,
        "status": it.status,
        "subresource_uris": {
            name: f"{uri(it.sid, path)}.json" for name, path in SUBRESOURCES.items()
        },
        "type": "Trial" if it.trial else "Full",
        "uri": f"/{VERSION}/Accounts/{it.sid}.json",
    }


def key(it: ApiKey, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/iam/api-keys/key-resource-v2010: without the secret."""
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
    }


def new_key(it: ApiKey, call: Call) -> dict[str, object]:
    """A key with its secret, which is shown this once."""
    return {**key(it, call), "secret": it.secret}


def uri(account_sid: str, path: str) -> str:
    """What a resource of an account is called, without its extension."""
    return f"/{VERSION}/Accounts/{account_sid}/{path}"
