"""How each way in which Lookup says no is brought about over HTTP."""

from collections.abc import Callable

from tests.conformance.inside import Inside, Said
from tests.conformance.lookup_walk import CARL, LOOKUPS
from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.kernel.refusals import Refusal
from twilio_emulator.core.lookup import errors

NUMBER = f"{LOOKUPS}/v2/PhoneNumbers/{CARL}"


def _over_the_limit(inside: Inside) -> Said:
    limit = f"{LOOKUPS}/v2/RateLimits/Fields/validation/Bucket/day"
    assert inside.ask("PUT", limit, said={"limit": 0}).status == 200
    return inside.ask("GET", NUMBER)


def _rehearsed(inside: Inside) -> Said:
    account = inside.world[Accounts][inside.account_sid]
    test = str(account.test_account_sid), str(account.test_auth_token)
    return inside.ask("GET", NUMBER, query={"Fields": "sim_swap"}, auth=test)


REFUSALS: dict[str, Callable[[Inside], Said]] = {
    "RATE_LIMIT_EXCEEDED": _over_the_limit,
    "MALFORMED_PARAMETER": lambda inside: inside.ask("GET", NUMBER, query={"Fields": "carrier"}),
    "INVALID_MAGIC_NUMBER": _rehearsed,
    "VERIFICATION_NOT_FOUND": lambda inside: inside.ask(
        "GET", NUMBER, query={"Fields": "pre_fill", "VerificationSid": "VE" + "0" * 32}
    ),
}
"""By name in the rules."""


def every_refusal() -> dict[str, Refusal]:
    """All of Lookup's by name."""
    return {name: value for name, value in vars(errors).items() if isinstance(value, Refusal)}
