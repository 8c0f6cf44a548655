"""How Lookup says no, and what is wrong with a package that could not be told.

The codes are those of https://www.twilio.com/docs/api/errors, 60600 to 60699. Most of them stand in
a package, under HTTP 200; a few refuse the request.
"""

from twilio_emulator.core.kernel.refusals import Refusal

RATE_LIMIT_EXCEEDED = Refusal(60616, 429, "Lookup rate limit exceeded")
MALFORMED_PARAMETER = Refusal(60618, 400, "Lookup Malformed Request Parameter: {parameter}")
"""Decided: the parameter is named, which Twilio's dictionary leaves open."""
INVALID_MAGIC_NUMBER = Refusal(60622, 400, "Invalid Magic Number")
VERIFICATION_NOT_FOUND = Refusal(60623, 400, "Verification Not Found")

NO_DATA = 60600
"""In a package: unprovisioned or out of coverage."""

UNSUPPORTED_COUNTRY = 60607

NOT_MOBILE = 60612

NOT_ENOUGH_PARAMETERS = 60617

PACKAGE_ERRORS = frozenset(
    {
        *(NO_DATA, 60601, 60606, UNSUPPORTED_COUNTRY, 60608, 60610, 60611, NOT_MOBILE, 60613),
        *(60614, 60616, NOT_ENOUGH_PARAMETERS, 60618, 60619, 60620, 60621, 60699),
    }
)
"""What may stand in a package as its `error_code`."""
