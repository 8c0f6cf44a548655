"""Keys and signatures of ECDSA with P-256 and SHA-256, as a library makes them.

The rules of this file:

- The same key and message give the same signature (RFC 6979): what devices do here is the same in
  every run.
- The library takes its time to import, so the first key pays that.
"""

import functools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import (
        EllipticCurvePrivateKey,
        EllipticCurvePublicKey,
    )

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve; a private key is a number from 1 on below it."""


def is_key(public_key: bytes) -> bool:
    """Whether this is a public key of P-256, in DER (SubjectPublicKeyInfo)."""
    return _public(public_key) is not None


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of a key has signed a message.

    Args:
        public_key: in DER (SubjectPublicKeyInfo).
        signature: in DER.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    key = _public(public_key)
    if key is None:
        return False
    try:
        key.verify(signature, message, ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def public_key(private_key: int) -> bytes:
    """The public key that belongs to a private one, in DER (SubjectPublicKeyInfo)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = _private(private_key).public_key()
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def sign(private_key: int, message: bytes) -> bytes:
    """The signature of a message, in DER."""
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.hashes import SHA256

    return _private(private_key).sign(message, ECDSA(SHA256(), deterministic_signing=True))


def sign_raw(private_key: int, message: bytes) -> bytes:
    """The signature of a message, as a JWT has it: two numbers of 32 bytes."""
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

    r, s = decode_dss_signature(sign(private_key, message))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def _private(number: int) -> "EllipticCurvePrivateKey":
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

    return derive_private_key(number, SECP256R1())


@functools.lru_cache(maxsize=256)
def _public(der: bytes) -> "EllipticCurvePublicKey | None":
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm):
        return None
    if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
        return key
    return None
