"""How the resources of Messaging v1 look, key for key as Twilio's pages show them."""

from twilio_emulator.core.senders.addresses import bare
from twilio_emulator.core.senders.resources import AlphaSender, MessagingService, PhoneNumber
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.spelling import iso

LINKS = {
    "phone_numbers": "PhoneNumbers",
    "short_codes": "ShortCodes",
    "alpha_senders": "AlphaSenders",
    "messages": "Messages",
    "us_app_to_person": "Compliance/Usa2p",
    "us_app_to_person_usecases": "Compliance/Usa2p/Usecases",
    "channel_senders": "ChannelSenders",
    "destination_alpha_senders": "DestinationAlphaSenders",
}


USECASES = [
    {"usecase": usecase, "description": description, "purpose": purpose}
    for usecase, description, purpose in (
        ("notifications", "News of orders, accounts and appointments.", "Notify my users."),
        ("marketing", "Offers, and calls to have a look at them.", "Market my services."),
        ("verification", "Codes that show who a user is.", "Verify my users."),
        ("discussion", "Talk between people.", "Talk to my users."),
        ("poll", "Questions to many, and what they answer.", "Ask my users."),
        ("undeclared", "Nobody said yet.", "I will say so later."),
    )
]
"""What the `usecase` of a service may be (https://www.twilio.com/docs/messaging/api/service-resource)
in our words."""


def service(it: MessagingService, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/messaging/api/service-resource"""
    url = f"{call.root}/Services/{it.sid}"
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "friendly_name": it.friendly_name,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "inbound_request_url": it.inbound_request_url,
        "inbound_method": it.inbound_method,
        "fallback_url": it.fallback_url,
        "fallback_method": it.fallback_method,
        "status_callback": it.status_callback,
        "sticky_sender": it.sticky_sender,
        "mms_converter": it.mms_converter,
        "smart_encoding": it.smart_encoding,
        "scan_message_content": it.scan_message_content,
        "fallback_to_long_code": it.fallback_to_long_code,
        "area_code_geomatch": it.area_code_geomatch,
        "synchronous_validation": it.synchronous_validation,
        "validity_period": it.validity_period,
        "url": url,
        "links": {name: f"{url}/{path}" for name, path in LINKS.items()},
        "usecase": it.usecase,
        "us_app_to_person_registered": it.us_app_to_person_registered,
        "use_inbound_webhook_on_number": it.use_inbound_webhook_on_number,
    }


def phone_number(it: PhoneNumber, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/messaging/api/phonenumber-resource"""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "service_sid": it.messaging_service_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "phone_number": it.address,
        "country_code": country(it, call),
        "capabilities": capabilities(it),
        "url": _url(it, call, "PhoneNumbers"),
    }


def short_code(it: PhoneNumber, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/messaging/api/services/shortcode-resource"""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "service_sid": it.messaging_service_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "short_code": it.address,
        "country_code": country(it, call),
        "capabilities": capabilities(it),
        "url": _url(it, call, "ShortCodes"),
    }


def channel_sender(it: PhoneNumber, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/messaging/api/channel-sender-resource"""
    return {
        "account_sid": it.account_sid,
        "messaging_service_sid": it.messaging_service_sid,
        "sid": it.sid,
        "sender": it.address,
        "sender_type": "WhatsApp",
        "country_code": country(it, call),
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "url": _url(it, call, "ChannelSenders"),
    }


def alpha_sender(it: AlphaSender, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/messaging/api/alphasender-resource"""
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "service_sid": it.messaging_service_sid,
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "alpha_sender": it.address,
        "capabilities": ["SMS"],
        "url": _url(it, call, "AlphaSenders"),
    }


def destination_alpha_sender(it: AlphaSender, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/messaging/api/destination-alphasender-resource"""
    return {
        **alpha_sender(it, call),
        "url": _url(it, call, "DestinationAlphaSenders"),
        "iso_country_code": it.country,
    }


def country(it: PhoneNumber, call: Call) -> str | None:
    """A short code says its country itself."""
    return it.country or call.world.numbering.country(bare(it.address))


def capabilities(it: PhoneNumber) -> list[str]:
    """In the order in which Twilio names them."""
    able = {"MMS": it.mms, "SMS": it.sms, "Voice": it.voice}
    return [name for name, holds in able.items() if holds]


def _url(it: PhoneNumber | AlphaSender, call: Call, kind: str) -> str:
    return f"{call.root}/Services/{it.messaging_service_sid}/{kind}/{it.sid}"
