"""What authenticators of passkeys say, read and written byte for byte.

The rules of this file (https://www.w3.org/TR/webauthn-2/):

- Authenticator data is the hash of the relying party's id, a byte of flags, a counter, and, when a
  passkey was just made, its id and public key (§6.1). Nothing may follow but extensions.
- The one sort of key that Twilio asks for is ES256: a point of the curve P-256, as a COSE key. It
  is kept in the form that libraries check signatures with (RFC 5480).
- What vouches for the authenticator (the attestation statement) is not judged: `none` is asked
  for.
"""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any, NamedTuple

from twilio_emulator.core.kernel import outside
from twilio_emulator.core.verify import cbor
from twilio_emulator.core.verify.cbor import NotCbor

PRESENT, VERIFIED, HAS_KEY, HAS_EXTENSIONS = 0x01, 0x04, 0x40, 0x80
"""Flags: somebody was there; it was the owner; a new passkey, extensions follow."""

ES256 = -7
LONGEST_ID = 1023
"""Bytes of a passkey's id, by the same page."""

_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d03010703420004")
"""What comes before the two coordinates of a public key on P-256."""

_PRIME = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
"""The curve P-256: y² = x³ - 3x + b (FIPS 186-4, D.1.2.3)."""

_FIXED = 37
_AAGUID = 16


class NoWebAuthn(ValueError):
    """Something is not as an authenticator writes it."""


class MalformedPasskey(NoWebAuthn):
    """The id or the key of a new passkey is not."""


class NewPasskey(NamedTuple):
    """What was made: the id of a passkey, and its public key (DER, SubjectPublicKeyInfo)."""

    id: bytes
    public_key: bytes


class AuthenticatorData(NamedTuple):
    """What an authenticator says of what it did.

    Attributes:
        party: the SHA-256 hash of the relying party's id.
        uses: how often the passkey was used, as far as the authenticator counts.
        passkey: what was made, if something was.
    """

    party: bytes
    flags: int
    uses: int
    passkey: NewPasskey | None = None

    def is_of(self, party: str) -> bool:
        """Whether a relying party is the one that it was for."""
        return self.party == party_hash(party)


class ClientData(NamedTuple):
    """What the browser says of who asked: `webauthn.create` or `webauthn.get`, and from where."""

    type: str
    challenge: bytes
    origin: str


def party_hash(party: str) -> bytes:
    """How a relying party is named in authenticator data."""
    return hashlib.sha256(party.encode()).digest()


def encoded(said: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(said).rstrip(b"=").decode()


def decoded(said: str) -> bytes:
    """What base64url says, with padding or without.

    Raises:
        NoWebAuthn: it is none.
    """
    bare = said.rstrip("=")
    try:
        read = urlsafe_b64decode(bare.encode("ascii") + b"=" * (-len(bare) % 4))
    except ValueError:
        raise NoWebAuthn("no base64url") from None
    if encoded(read) != bare:
        raise NoWebAuthn("no base64url")
    return read


def read_client_data(said: bytes) -> ClientData:
    """What the browser said.

    Raises:
        NoWebAuthn: it is no JSON object with these three texts.
    """
    try:
        read = outside.json_value(said)
    except outside.NotJson:
        raise NoWebAuthn("no JSON") from None
    if not isinstance(read, dict):
        raise NoWebAuthn("no JSON object")
    kind, challenge, origin = (read.get(name) for name in ("type", "challenge", "origin"))
    if not (isinstance(kind, str) and isinstance(challenge, str) and isinstance(origin, str)):
        raise NoWebAuthn("type, challenge and origin are texts")
    return ClientData(kind, decoded(challenge), origin)


def client_data(kind: str, challenge: str, origin: str) -> bytes:
    """What a browser says, character for character as Chromium writes it."""
    said = {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
    return json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()


def signed(data: bytes, client_data: bytes) -> bytes:
    """What an authenticator signs when a passkey is used (§6.3.3)."""
    return data + hashlib.sha256(client_data).digest()


def read_attestation(said: bytes) -> bytes:
    """The authenticator data in an attestation object.

    Raises:
        NoWebAuthn: it is none.
    """
    try:
        read, end = cbor.read(said)
    except NotCbor as error:
        raise NoWebAuthn(str(error)) from None
    if not isinstance(read, dict) or end != len(said):
        raise NoWebAuthn("no map, or more than one")
    data = read.get("authData")
    if not (isinstance(read.get("fmt"), str) and isinstance(read.get("attStmt"), dict)):
        raise NoWebAuthn("no format, or no statement")
    if not isinstance(data, bytes):
        raise NoWebAuthn("no authenticator data")
    return data


def attestation(data: bytes) -> bytes:
    """An attestation object in which nobody vouches for the authenticator."""
    return cbor.write({"fmt": "none", "attStmt": {}, "authData": data})


def read_data(said: bytes) -> AuthenticatorData:
    """Authenticator data, to its last byte.

    Raises:
        NoWebAuthn: it is none, or the passkey in it is not of the one known sort.
    """
    if len(said) < _FIXED:
        raise NoWebAuthn("cut off")
    flags, uses = said[32], int.from_bytes(said[33:_FIXED], "big")
    at, passkey = _FIXED, None
    try:
        if flags & HAS_KEY:
            passkey, at = _passkey(said, at)
        if flags & HAS_EXTENSIONS:
            _, at = cbor.read(said, at)
    except NotCbor as error:
        raise NoWebAuthn(str(error)) from None
    if at != len(said):
        raise NoWebAuthn("more than there should be")
    return AuthenticatorData(said[:32], flags, uses, passkey)


def data(party: str, flags: int, uses: int, passkey: NewPasskey | None = None) -> bytes:
    """Authenticator data as bytes; with `passkey`, that of one that was just made."""
    said = party_hash(party) + bytes((flags,)) + uses.to_bytes(4, "big")
    if passkey is None:
        return said
    x, y = passkey.public_key[-64:-32], passkey.public_key[-32:]
    key = cbor.write({1: 2, 3: ES256, -1: 1, -2: x, -3: y})
    length = len(passkey.id).to_bytes(2, "big")
    return said + bytes(_AAGUID) + length + passkey.id + key


def _passkey(said: bytes, at: int) -> tuple[NewPasskey, int]:
    begin = at + _AAGUID + 2
    length = int.from_bytes(said[begin - 2 : begin], "big")
    name = said[begin : begin + length]
    if not 0 < length <= LONGEST_ID or len(name) < length:
        raise MalformedPasskey("no id of a passkey")
    try:
        key, end = cbor.read(said, begin + length)
    except NotCbor as error:
        raise MalformedPasskey(str(error)) from None
    return NewPasskey(name, _public_key(key)), end


def _public_key(key: Any) -> bytes:
    """A COSE key as SubjectPublicKeyInfo (RFC 9053, 7.1.1)."""
    if not isinstance(key, dict) or (key.get(1), key.get(3), key.get(-1)) != (2, ES256, 1):
        raise MalformedPasskey("no key for ES256")
    x, y = key.get(-2), key.get(-3)
    if not isinstance(x, bytes) or not isinstance(y, bytes) or (len(x), len(y)) != (32, 32):
        raise MalformedPasskey("no two coordinates")
    across, up = int.from_bytes(x, "big"), int.from_bytes(y, "big")
    if max(across, up) >= _PRIME or (up * up - across**3 + 3 * across - _B) % _PRIME:
        raise MalformedPasskey("no point of the curve")
    return _PREFIX + x + y
