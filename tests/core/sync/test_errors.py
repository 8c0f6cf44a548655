"""The codes of Sync that apps compare, each with its status."""

from collections import defaultdict

from twilio_emulator.core.kernel.refusals import MISSING_PARAMETER, Refusal
from twilio_emulator.core.sync import errors

CODES = {
    400: {
        *(54003, 54008, 54010, 54011, 54051, 54053, 54209, 54302, 54351),
        *(54451, 54452, 54453, 54454, 54458),
    },
    403: {54007},
    404: {54100, 54150, 54151, 54200, 54201, 54250, 54300},
    409: {54208, 54301},
    412: {54103, 54155, 54205},
    413: {54006},
    429: {54009},
}


def test_codes_by_status() -> None:
    found = defaultdict(set)
    for refusal in vars(errors).values():
        if isinstance(refusal, Refusal) and refusal is not MISSING_PARAMETER:
            found[refusal.status].add(refusal.code)
    assert found == CODES
