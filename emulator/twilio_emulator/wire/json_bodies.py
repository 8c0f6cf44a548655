"""Why a body is not the JSON that was expected: in Twilio's words to its callers, else in ours.

What the library that reads JSON says is for who wrote it: to `"\\ud83d"`, half of an emoji, it says
that the data was truncated.
"""

import re

import msgspec

from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, MISSING_PARAMETER, Refused

UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What reading JSON from outside may raise."""

_MISSING = re.compile(r"Object missing required field `([^`]+)`")
_PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
_PAIR = re.compile(rb"(\\\\)|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_HALF = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def why(said: bytes, error: Exception) -> str:
    """What is wrong with a text that is no JSON, as the end of a sentence about it."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    try:
        said.decode()
    except UnicodeDecodeError as broken:
        return f"byte {broken.start} is no UTF-8"
    half = _HALF.search(_PAIR.sub(lambda pair: b" " * len(pair[0]), said))
    if half is not None:
        return f"{half[0].decode()} at byte {half.start()} is half of a character"
    return "it is not well-formed"


def refusal(said: bytes, error: Exception) -> Refused:
    """Twilio's answer to a body that could not be read, with the reason for the log."""
    if not isinstance(error, msgspec.ValidationError):
        refused = Refused(INVALID_PARAMETER, parameter="JSON body")
        refused.reason = f"the body is no JSON: {why(said, error)}"
        return refused
    text = str(error)
    missing, place = _MISSING.match(text), _PLACE.search(text)
    within = place[1] if place else ""
    if missing is not None:
        name = f"{within}.{missing[1]}" if within else missing[1]
        return Refused(MISSING_PARAMETER, parameter=name)
    refused = Refused(INVALID_PARAMETER, parameter=within or "JSON body")
    refused.reason = _PLACE.sub("", text).replace("`", "")
    return refused
