"""How numbers and what belongs to them look in the 2010 API, key for key as Twilio shows them."""

from twilio_emulator.core.carrier.caller_id_verification import CallerId, Validation
from twilio_emulator.core.senders.available_numbers import AvailableNumber, Country
from twilio_emulator.core.senders.resources import PhoneNumber, SenderKind
from twilio_emulator.core.senders.twiml_apps import Application
from twilio_emulator.rest.api_2010.look import uri
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.spelling import rfc2822


def incoming_phone_number(it: PhoneNumber, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource"""
    return {**number_of_type(it, call), "type": kind(it)}


def number_of_type(it: PhoneNumber, call: Call) -> dict[str, object]:
    """The same in the lists by type, which do not say it again."""
    return {
        "account_sid": it.account_sid,
        "address_sid": it.address_sid,
        "address_requirements": "none",
        "api_version": it.api_version,
        "beta": False,
        "capabilities": {"voice": it.voice, "sms": it.sms, "mms": it.mms, "fax": False},
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
        "friendly_name": it.friendly_name,
        "identity_sid": it.identity_sid,
        "phone_number": it.address,
        "origin": "twilio",
        "sid": it.sid,
        "sms_application_sid": it.sms_application_sid or "",
        "sms_fallback_method": it.sms_fallback_method,
        "sms_fallback_url": it.sms_fallback_url or "",
        "sms_method": it.sms_method,
        "sms_url": it.sms_url or "",
        "status_callback": it.status_callback or "",
        "status_callback_method": it.status_callback_method,
        "trunk_sid": it.trunk_sid,
        "uri": f"{uri(it.account_sid, f'IncomingPhoneNumbers/{it.sid}')}.json",
        "voice_receive_mode": it.voice_receive_mode,
        "voice_application_sid": it.voice_application_sid or "",
        "voice_caller_id_lookup": it.voice_caller_id_lookup,
        "voice_fallback_method": it.voice_fallback_method,
        "voice_fallback_url": it.voice_fallback_url or "",
        "voice_method": it.voice_method,
        "voice_url": it.voice_url or "",
        "emergency_status": it.emergency_status,
        "emergency_address_sid": it.emergency_address_sid,
        "emergency_address_status": "registered" if it.emergency_address_sid else "unregistered",
        "bundle_sid": it.bundle_sid,
        "status": "in-use",
    }


def kind(it: PhoneNumber) -> str:
    """What sort of number it is."""
    if it.kind is SenderKind.TOLL_FREE:
        return "tollfree"
    return "mobile" if it.mobile else "local"


def short_code(it: PhoneNumber, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/messaging/api/short-code-resource"""
    return {
        "account_sid": it.account_sid,
        "api_version": it.api_version,
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
        "friendly_name": it.friendly_name,
        "short_code": it.address,
        "sid": it.sid,
        "sms_fallback_method": it.sms_fallback_method,
        "sms_fallback_url": it.sms_fallback_url,
        "sms_method": it.sms_method,
        "sms_url": it.sms_url,
        "uri": f"{uri(it.account_sid, f'SMS/ShortCodes/{it.sid}')}.json",
    }


def country(it: Country, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/phone-numbers/api/availablephonenumber-resource"""
    own = uri(call.path["account"], f"AvailablePhoneNumbers/{it.code}")
    return {
        "country_code": it.code,
        "country": it.name,
        "uri": f"{own}.json",
        "beta": False,
        "subresource_uris": {name: f"{own}/{PATHS[name]}.json" for name in it.ranges},
    }


PATHS = {"local": "Local", "mobile": "Mobile", "toll_free": "TollFree"}
"""The last segment of a type."""


def available_phone_number(it: AvailableNumber, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/phone-numbers/api/availablephonenumberlocal-resource"""
    return {
        "friendly_name": national(it.phone_number),
        "phone_number": it.phone_number,
        "lata": None,
        "locality": it.locality,
        "rate_center": it.locality and it.locality.upper(),
        "latitude": None,
        "longitude": None,
        "region": it.region,
        "postal_code": it.postal_code,
        "iso_country": it.iso_country,
        "address_requirements": "none",
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": True},
    }


def national(number: str) -> str:
    """`(202) 555-0100`; numbers that are not North American stay as they are."""
    if not number.startswith("+1"):
        return number
    return f"({number[2:5]}) {number[5:8]}-{number[8:]}"


def application(it: Application, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/usage/api/applications"""
    return {
        "account_sid": it.account_sid,
        "api_version": it.api_version,
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
        "friendly_name": it.friendly_name,
        "message_status_callback": it.message_status_callback,
        "sid": it.sid,
        "sms_fallback_method": it.sms_fallback_method,
        "sms_fallback_url": it.sms_fallback_url,
        "sms_method": it.sms_method,
        "sms_status_callback": it.sms_status_callback,
        "sms_url": it.sms_url,
        "status_callback": it.status_callback,
        "status_callback_method": it.status_callback_method,
        "uri": f"{uri(it.account_sid, f'Applications/{it.sid}')}.json",
        "voice_caller_id_lookup": it.voice_caller_id_lookup,
        "voice_fallback_method": it.voice_fallback_method,
        "voice_fallback_url": it.voice_fallback_url,
        "voice_method": it.voice_method,
        "voice_url": it.voice_url,
        "public_application_connect_enabled": it.public_application_connect_enabled,
    }


def caller_id(it: CallerId, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/voice/api/outgoing-caller-ids"""
    return {
        "sid": it.sid,
        "date_created": rfc2822(it.date_created),
        "date_updated": rfc2822(it.date_updated),
        "friendly_name": it.friendly_name,
        "account_sid": it.account_sid,
        "phone_number": it.phone_number,
        "uri": f"{uri(it.account_sid, f'OutgoingCallerIds/{it.sid}')}.json",
    }


def validation(it: Validation, call: Call) -> dict[str, object]:
    """The answer to a request to verify a number."""
    return {
        "account_sid": it.account_sid,
        "call_sid": it.call_sid,
        "friendly_name": it.friendly_name,
        "phone_number": it.phone_number,
        "validation_code": it.validation_code,
    }
