"""One-time passwords that follow from a secret and the time: RFC 6238, and how factors use them.

The rules of this file (https://www.twilio.com/docs/verify/api/factor,
https://www.rfc-editor.org/rfc/rfc6238):

- Time is the account's. A code of the step now is good, and of `skew` steps before and after.
- The secret is the key as it is: it is not repeated to the length of SHA-256 or SHA-512.
- Decided: a code that was accepted is good again while its step lasts, unless the account's
  settings say otherwise. RFC 6238 forbids it (5.2), and what Twilio does is not known; tests enrol
  a factor and challenge it at one frozen instant.
"""

import base64
import binascii
import hmac
from datetime import datetime
from enum import StrEnum
from urllib.parse import quote

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.sids import Stream
from twilio_emulator.core.verify.factor_errors import INVALID_REQUEST

SECRET_BYTES = 20
"""Of a secret that Twilio makes, as in the example of its OpenAPI file: 32 characters of Base32."""

LONGEST_SECRET = 256
"""Decided: characters of a secret that an app brings; Twilio publishes no limit."""

TIME_STEP, SKEW, CODE_LENGTH = 30, 1, 6
"""What holds where neither the factor nor its service says otherwise."""

TIME_STEPS, SKEWS, CODE_LENGTHS = range(20, 61), range(3), range(3, 9)


class Algorithm(StrEnum):
    """What a code is made with."""

    SHA1 = "sha1"
    SHA256 = "sha256"
    SHA512 = "sha512"


@record
class TotpConfig:
    """How the codes of a factor are made.

    Attributes:
        secret: in Base32, upper case, without padding.
        last_step: of the code that was accepted last.
    """

    secret: str
    alg: Algorithm = Algorithm.SHA1
    skew: int = SKEW
    code_length: int = CODE_LENGTH
    time_step: int = TIME_STEP
    last_step: int | None = None


def step_at(at: datetime, time_step: int) -> int:
    """The number of the step that lasts at an instant."""
    return parameters.milliseconds(at) // (1000 * time_step)


def code_of(config: TotpConfig, step: int) -> str:
    """The code of a step (RFC 4226, 5.3)."""
    digest = hmac.digest(_bytes(config.secret), step.to_bytes(8, "big"), config.alg.value)
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**config.code_length:0{config.code_length}}"


def code_at(config: TotpConfig, at: datetime) -> str:
    """The code that an authenticator app shows at an instant."""
    return code_of(config, step_at(at, config.time_step))


def accepted_step(config: TotpConfig, code: str, at: datetime, *, reuse: bool) -> int | None:
    """The step whose code this is, of those that are good at an instant; None when it is none.

    Args:
        reuse: whether a code may be one that was accepted, or older.
    """
    now = step_at(at, config.time_step)
    first = max(now - config.skew, 0)
    if not reuse and config.last_step is not None:
        first = max(first, config.last_step + 1)
    steps = range(first, now + config.skew + 1)
    return next((step for step in steps if code_of(config, step) == code), None)


def new_secret(dice: Stream) -> str:
    """A secret that nobody has yet."""
    return base64.b32encode(
        dice.getrandbits(8 * SECRET_BYTES).to_bytes(SECRET_BYTES, "big")
    ).decode()


def read_secret(text: str) -> str:
    """A secret in Base32 of any case, with padding or without, as it is kept.

    Raises:
        Refused: 60306 it is none.
    """
    secret = text.upper().rstrip("=")
    try:
        if not secret or len(secret) > LONGEST_SECRET or not _bytes(secret):
            raise ValueError
    except (ValueError, binascii.Error):
        raise Refused(INVALID_REQUEST) from None
    return secret


def _bytes(secret: str) -> bytes:
    return base64.b32decode(secret + "=" * (-len(secret) % 8))


def read_number(text: str | None, allowed: range) -> int | None:
    """A whole number within bounds; None when nothing is given.

    Raises:
        Refused: 60306 it is none.
    """
    if not text:
        return None
    number = parameters.whole_number(text, INVALID_REQUEST)
    if number not in allowed:
        raise Refused(INVALID_REQUEST)
    return number


def read_algorithm(text: str | None) -> Algorithm | None:
    """An algorithm in any case; None when nothing is given.

    Raises:
        Refused: 60306 it is none of the three.
    """
    if not text:
        return None
    try:
        return Algorithm(text.lower())
    except ValueError:
        raise Refused(INVALID_REQUEST) from None


def uri(config: TotpConfig, issuer: str, account: str) -> str:
    """What an authenticator app reads as a QR code.

    As https://github.com/google/google-authenticator/wiki/Key-Uri-Format has it, and the example in
    Twilio's OpenAPI file: names are percent-encoded, and what is usual is said, too.
    """
    said = (
        f"secret={config.secret}&issuer={quote(issuer, safe='')}"
        f"&algorithm={config.alg.value.upper()}"
        f"&digits={config.code_length}&period={config.time_step}"
    )
    return f"otpauth://totp/{quote(issuer, safe='')}:{quote(account, safe='')}?{said}"
