"""The ways Verify says no to services, verifications and their codes.

Codes and titles are those of Twilio's error dictionary (https://www.twilio.com/docs/api/errors),
texts those seen on the wire where they are known. A status that Twilio publishes nowhere is decided
here: not found 404, forbidden 403, too many 429, everything else 400.
"""

from twilio_emulator.core.kernel.refusals import MISSING_PARAMETER, Refusal, Refused

INVALID_TO = Refusal(60200, 400, "Invalid parameter `To`: {value}")
INVALID = Refusal(60200, 400, "Invalid parameter: {parameter}")
TRANSLATION_NOT_APPROVED = Refusal(
    60201, 400, "Selected template translation is not approved"
)  # decided: the status
MAX_CHECKS = Refusal(60202, 429, "Max check attempts reached")
MAX_SENDS = Refusal(60203, 429, "Max send attempts reached")
NOT_SUPPORTED = Refusal(60204, 403, "Service does not support this feature")
LANDLINE = Refusal(60205, 403, "SMS is not supported by landline phone number")
PAYMENT_REQUIRED = Refusal(60206, 400, "'Amount' & 'Payee' params are required")
NO_CALLS_FOR_PAYMENTS = Refusal(60214, 400, "Call channel is not supported when using PSD2")
INVALID_CONFIGURATION = Refusal(60217, 400, "Invalid Service configuration")
NO_TARGET = Refusal(60221, 400, "No target verification specified")
CHANNEL_DISABLED = Refusal(
    60223, 400, "Delivery channel disabled: {capitals}"
)  # as it was seen: https://github.com/supabase/supabase/issues/34385
TRANSLATION_NOT_FOUND = Refusal(
    60229, 404, "Template translation was not found"
)  # decided: that an unknown language is called so
TEMPLATE_NOT_FOUND = Refusal(60228, 404, "Template was not found")  # decided: the status
RESTRICTED_WORD = Refusal(
    60248, 400, "Friendly Name contains a restricted word"
)  # decided: the status
NO_SNA_FOR_PAYMENTS = Refusal(
    60329, 400, "Verify SNA does not work with psd2_enabled"
)  # decided: the status
NO_CHANNEL_LEFT = Refusal(
    60550, 400, "Auto Channel Failed: No channels selected due to validation errors"
)  # decided: the status
APP_HASH_NOT_SMS = Refusal(60602, 400, "App hash can only be used with SMS channel")
UNSPOKEN_LANGUAGE = Refusal(
    60331, 400, "Locale requested is not supported by Verify Text-To-Speech conversion"
)  # decided: the status
NO_SUCH_LINK = Refusal(20404, 404, "There is no such address of silent network authentication")
NO_WHATSAPP = Refusal(68008, 400, "Verify WhatsApp channel not configured")  # decided: the status

# Around verifications: templates, messaging configurations, rate limits, the safe list, fraud
TOO_MANY_RATE_LIMITS = Refusal(60207, 400, "Max rate limits per service reached")
UNIQUE_NAME_TAKEN = Refusal(60208, 400, "Unique name already exists")
UNIQUE_NAME_INVALID = Refusal(60209, 400, "UniqueName format is invalid")
TOO_MANY_BUCKETS = Refusal(60210, 400, "Max buckets per rate limit reached")
INTERVAL_TAKEN = Refusal(60211, 400, "Bucket with the given interval already exists")
CONFIGURATION_EXISTS = Refusal(
    60213, 400, "A Messaging Configuration already exists for the given country"
)
SUBSTITUTIONS_MISSING = Refusal(60224, 400, "Missing substitutions for selected template")
CHANNEL_NOT_IN_TEMPLATE = Refusal(
    60227, 400, "The selected channel for template is not supported"
)  # decided: the status
ATTEMPT_BLOCKED = Refusal(
    60238, 403, "Verification Creation Attempt blocked by Twilio"
)  # decided: the status
TEMPLATE_FOR_SMS_ALONE = Refusal(
    60408, 400, "TemplateSid is only supported for the SMS channel"
)  # decided: the status
FRAUD_BLOCKED = Refusal(
    60410,
    403,
    "The destination phone number has been temporarily blocked by Twilio due to fraudulent "
    "activities",
)
ON_SAFE_LIST = Refusal(60411, 400, "Phone Number or Phone Number Prefix already exists in Safelist")
FRAUDULENT_SIGN_UP = Refusal(
    60412, 403, "Verification blocked by Fraudulent Signup Prevention"
)  # decided: the status
GEO_BLOCKED = Refusal(
    60605,
    403,
    "The destination phone number has been blocked by Verify Geo-Permissions. {country} is blocked "
    "for {channel} channel for all services",
)
TOO_MANY_REQUESTS = Refusal(20429, 429, "Too many requests")


def invalid(parameter: str) -> Refused:
    """A parameter's value cannot be; its name is Twilio's, such as `Totp.Skew`."""
    return Refused(INVALID, parameter=parameter)


def required(parameter: str, value: str | None) -> str:
    """The value of a parameter that has to be said.

    Raises:
        Refused: 20001 it is not; that it is the general code is decided, as other APIs have it.
    """
    if not value:
        raise Refused(MISSING_PARAMETER, parameter=parameter)
    return value


def flag(parameter: str, value: str) -> bool:
    """`true` or `false`, in any case.

    Raises:
        Refused: 60200 it is neither.
    """
    said = value.lower()
    if said not in ("true", "false"):
        raise invalid(parameter)
    return said == "true"


def whole_number(parameter: str, value: str, least: int, most: int) -> int:
    """A whole number between two others.

    Raises:
        Refused: 60200 it is none.
    """
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise invalid(parameter)
    if not least <= int(value) <= most:
        raise invalid(parameter)
    return int(value)
