"""Push factors: an app on a phone that signs with a key of its own.

The rules of this file (https://www.twilio.com/docs/verify/api/factor,
https://github.com/twilio/twilio-verify-android):

- A device proves itself with its signature (ECDSA, P-256, SHA-256, in DER) over its factor's sid.
- It answers a challenge with a JWT (ES256) that says again, key for key, what the challenge says
  (`SIGNED`), and the new status. It answers for itself with another, whose `kid` is the
  credential's sid and whose `sub` is the account's.
- Decided: which keys of a challenge are signed. The SDK signs those that the answer's header
  `Twilio-Verify-Signature-Fields` names, and no source says which these are.
- Decided: every factor has a credential (CR) of its own. No example shows one; without it the SDK
  fails.
"""

import base64
import binascii
from collections.abc import Mapping
from enum import StrEnum

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import Plain, record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.signatures import Signatures
from twilio_emulator.core.verify.factor_errors import INVALID_BINDING, INVALID_REQUEST

BINDING_ALGORITHM = "ES256"

APP_ID_LIMIT = 100
TOKEN_LENGTHS = range(32, 256)
LONGEST_PAYLOAD = 5456
"""Characters of what answers a challenge."""

SIGNED = (
    "sid",
    "account_sid",
    "service_sid",
    "entity_sid",
    "identity",
    "factor_sid",
    "date_created",
    "expiration_date",
    "details",
    "hidden_details",
)
"""Keys of a challenge that a device signs."""


class Platform(StrEnum):
    """Whose push service reaches a device."""

    APN = "apn"
    FCM = "fcm"
    NONE = "none"


@record
class PushConfig:
    """A device with its key.

    Attributes:
        public_key: Base64 of DER (SubjectPublicKeyInfo).
        credential_sid: what the device calls its key (CR).
    """

    public_key: str
    sdk_version: str
    app_id: str
    notification_platform: Platform
    notification_token: str | None = None
    credential_sid: str


def read_public_key(algorithm: str | None, text: str | None, signatures: Signatures) -> str:
    """A public key of a device, as it is kept.

    Raises:
        Refused: 60306 it is not given, or of another algorithm; 60314 it is no key of P-256.
    """
    if not text or (algorithm or "").upper() != BINDING_ALGORITHM:
        raise Refused(INVALID_REQUEST)
    key = _decoded(text)
    if key is None or not signatures.is_key(key):
        raise Refused(INVALID_BINDING)
    return base64.b64encode(key).decode()


def read_platform(text: str | None) -> Platform:
    """A platform in any case.

    Raises:
        Refused: 60306 it is none.
    """
    try:
        return Platform((text or "").lower())
    except ValueError:
        raise Refused(INVALID_REQUEST) from None


def read_token(text: str | None, platform: Platform) -> str | None:
    """What a device is called by its platform.

    Raises:
        Refused: 60306 it is needed, or of another length.
    """
    if not text and platform is Platform.NONE:
        return None
    if len(text or "") not in TOKEN_LENGTHS:
        raise Refused(INVALID_REQUEST)
    return text


def read_app_id(text: str | None) -> str:
    """What the store calls an app.

    Raises:
        Refused: 60306 it is not given, or too long.
    """
    if not text or len(text) > APP_ID_LIMIT:
        raise Refused(INVALID_REQUEST)
    return text


def read_version(text: str | None) -> str:
    """The version of the SDK on a device.

    Raises:
        Refused: 60306 it is not given.
    """
    if not text:
        raise Refused(INVALID_REQUEST)
    return text


def is_proof(config: PushConfig, factor_sid: str, payload: str, signatures: Signatures) -> bool:
    """Whether the device of a factor has signed its sid."""
    signature = _decoded(payload)
    key = base64.b64decode(config.public_key)
    return signature is not None and signatures.is_signed(key, factor_sid.encode(), signature)


def answer_of(
    config: PushConfig, payload: str, shown: Mapping[str, Plain], signatures: Signatures
) -> str | None:
    """The status that a device gives a challenge, as its answer says; None when it is no answer to
    what is `shown` of it."""
    if len(payload) > LONGEST_PAYLOAD:
        return None
    claims = claims_of(config, payload, signatures)
    if claims is None:
        return None
    status = claims.pop("status", None)
    return status if isinstance(status, str) and claims == {**shown} else None


def claims_of(config: PushConfig, token: str, signatures: Signatures) -> dict[str, Plain] | None:
    """What a JWT says that the device has signed; None when it has not."""
    jwt = read_jwt(token)
    key = base64.b64decode(config.public_key)
    if jwt is None or not signatures.is_signed(key, jwt.message, jwt.signature):
        return None
    return jwt.claims


@record
class Jwt:
    """A JWT of ES256, as it stands.

    Attributes:
        message: what is signed.
        signature: in DER.
    """

    header: dict[str, Plain]
    claims: dict[str, Plain]
    message: bytes
    signature: bytes


def read_jwt(token: str) -> Jwt | None:
    """A JWT of ES256; None when it is none."""
    message, _, last = token.rpartition(".")
    first, _, second = message.partition(".")
    header, claims, signature = map(_decoded_part, (first, second, last))
    if header is None or claims is None or signature is None or len(signature) != 64:
        return None
    says, claimed = parameters.json_object(header), parameters.json_object(claims)
    if says is None or claimed is None or says.get("alg") != BINDING_ALGORITHM:
        return None
    return Jwt(
        header=says,
        claims=claimed,
        message=message.encode(),
        signature=_der(signature),
    )


def _der(signature: bytes) -> bytes:
    """The two numbers of a JWT's signature (RFC 7518, 3.4) as DER has them."""
    numbers = b""
    for half in (signature[:32], signature[32:]):
        number = half.lstrip(b"\0")
        if not number or number[0] >= 0x80:
            number = b"\0" + number
        numbers += b"\x02" + bytes([len(number)]) + number
    return b"\x30" + bytes([len(numbers)]) + numbers


def _decoded(text: str) -> bytes | None:
    """Base64, of either alphabet, with padding or without; lines are of no account."""
    told = "".join(text.split()).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(told + "=" * (-len(told) % 4), validate=True)
    except (ValueError, binascii.Error):
        return None


def _decoded_part(text: str) -> bytes | None:
    """A part of a JWT."""
    if not text.isascii() or any(sign in text for sign in "+/= \t\r\n"):
        return None
    return _decoded(text)
