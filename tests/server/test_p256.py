"""Keys of P-256, as the library knows them."""

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from twilio_emulator.runtime import p256


def test_keys_of_other_curves_are_none() -> None:
    others = (ec.derive_private_key(5, ec.SECP384R1()), ed25519.Ed25519PrivateKey.generate())
    for other in others:
        der = other.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert not p256.is_key(der)
        assert not p256.is_signed(der, b"x", b"y")
    assert p256.is_key(p256.public_key(p256.ORDER - 1))


def test_a_signature_of_a_jwt_has_both_numbers_in_full() -> None:
    assert {len(p256.sign_raw(key, b"x")) for key in range(1, 50)} == {64}
