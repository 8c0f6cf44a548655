import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from twilio_emulator.core.verify import authenticator_data as passkeys
from twilio_emulator.core.verify import cbor
from twilio_emulator.core.verify.authenticator_data import (
    HAS_EXTENSIONS,
    HAS_KEY,
    PRESENT,
    VERIFIED,
    NewPasskey,
    NoWebAuthn,
)

# The example of the API reference, https://www.twilio.com/docs/verify/api/passkeys-factor
OBJECT = (
    "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViko3mm9u6vuaVeN4wRgDTidR5oL6ufLTCrE9ISVYbOGUdFAAAAAA"
    "AAAAAAAAAAAAAAAAAAAAAAIOskpoSXeqhlDArYYqrM8m-DneFOkxZ9L9wy8_tRGazUpQECAyYgASFYIOP8op-6gZJ1"
    "H0wHNLe2k7cgBqaSUR4pdcBqtOHPaYUhIlggsXZWuWfZS-6YpbeU9dsB2UoroACSKXJOrdE_auaUIf4"
)
CLIENT_DATA = (
    "eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiV1VZd05EaGtNV0UzWldNellUSmhOamszTURBMU9XTXlO"
    "elkyWW1Kak4yVXdaZyIsIm9yaWdpbiI6Imh0dHBzOi8vZXhhbXBsZS5jb20iLCJjcm9zc09yaWdpbiI6ZmFsc2V9"
)
ID = bytes.fromhex("eb24a684977aa8650c0ad862aaccf26f839de14e93167d2fdc32f3fb5119acd4")


def der(key: ec.EllipticCurvePublicKey) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.DER, form)


KEY = ec.derive_private_key(7, ec.SECP256R1()).public_key()
PASSKEY = NewPasskey(b"a passkey", der(KEY))


def made() -> bytearray:
    flags = PRESENT | VERIFIED | HAS_KEY
    return bytearray(passkeys.data("example.com", flags, 0, PASSKEY))


def test_twilios_own_example_is_read() -> None:
    data = passkeys.read_data(passkeys.read_attestation(passkeys.decoded(OBJECT)))
    assert data.is_of("example.com")
    assert not data.is_of("localhost")
    assert data.flags == PRESENT | VERIFIED | HAS_KEY
    assert data.passkey is not None
    assert data.passkey.id == ID
    assert passkeys.encoded(ID) == "6ySmhJd6qGUMCthiqszyb4Od4U6TFn0v3DLz-1EZrNQ"
    key = serialization.load_der_public_key(data.passkey.public_key)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    client = passkeys.read_client_data(passkeys.decoded(CLIENT_DATA))
    assert (client.type, client.origin) == ("webauthn.create", "https://example.com")
    assert client.challenge == b"YF048d1a7ec3a2a6970059c2766bbc7e0f"


def test_an_example_is_written_again_byte_for_byte() -> None:
    said = passkeys.decoded(OBJECT)
    data = passkeys.read_data(passkeys.read_attestation(said))
    again = passkeys.data("example.com", data.flags, data.uses, data.passkey)
    assert passkeys.attestation(again) == said
    challenge = passkeys.encoded(b"YF048d1a7ec3a2a6970059c2766bbc7e0f")
    client = passkeys.client_data("webauthn.create", challenge, "https://example.com")
    assert passkeys.encoded(client) == CLIENT_DATA


def test_another_library_reads_what_is_written() -> None:
    read = AttestationObject(passkeys.attestation(bytes(made())))
    assert read.fmt == "none"
    assert read.auth_data.is_user_verified()
    assert read.auth_data.credential_data.credential_id == b"a passkey"
    assert read.auth_data.credential_data.public_key == ES256.from_cryptography_key(KEY)


def test_what_another_library_writes_is_read() -> None:
    credential = AttestedCredentialData.create(bytes(16), b"its", ES256.from_cryptography_key(KEY))
    flags = PRESENT | HAS_KEY | HAS_EXTENSIONS
    written = AuthenticatorData.create(
        passkeys.party_hash("localhost"), flags, 77, credential, {"credProps": True}
    )
    data = passkeys.read_data(written)
    assert (data.uses, data.flags, data.is_of("localhost")) == (77, flags, True)
    assert data.passkey == NewPasskey(b"its", der(KEY))


def test_a_use_says_no_key() -> None:
    data = passkeys.read_data(passkeys.data("localhost", PRESENT, 5))
    assert (data.flags, data.uses, data.passkey) == (PRESENT, 5, None)


@pytest.mark.parametrize("said", ["=", "a", "a+b/", "aé", "ab\n", "a b"])
def test_what_is_no_base64url_is_malformed(said: str) -> None:
    if said == "=":
        assert passkeys.decoded(said) == b""
        return
    with pytest.raises(NoWebAuthn):
        passkeys.decoded(said)


def test_base64url_is_read_with_padding_too() -> None:
    assert passkeys.decoded("-_8=") == passkeys.decoded("-_8") == b"\xfb\xff"


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"type":1,"challenge":"YQ","origin":"o"}',
        b'{"type":"webauthn.get","challenge":"*","origin":"o"}',
    ],
)
def test_client_data_without_its_texts_is_malformed(said: bytes) -> None:
    with pytest.raises(NoWebAuthn):
        passkeys.read_client_data(said)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        cbor.write([]),
        cbor.write({"fmt": "none", "attStmt": {}, "authData": b""}) + b"\x00",
        cbor.write({"fmt": "none", "attStmt": {}, "authData": ""}),
        cbor.write({"fmt": "none", "authData": b""}),
        cbor.write({"attStmt": {}, "authData": b""}),
    ],
)
def test_an_attestation_object_without_its_parts_is_malformed(said: bytes) -> None:
    with pytest.raises(NoWebAuthn):
        passkeys.read_attestation(said)


@pytest.mark.parametrize("length", [0, 36, 37, 54, 55, 60, 64, 100])
def test_data_that_are_cut_off_are_malformed(length: int) -> None:
    with pytest.raises(NoWebAuthn):
        passkeys.read_data(bytes(made()[:length]))


def test_data_with_more_than_there_should_be_are_malformed() -> None:
    with pytest.raises(NoWebAuthn):
        passkeys.read_data(bytes(made()) + b"\x00")


def test_a_passkey_has_an_id_of_no_more_than_its_limit() -> None:
    for name in (b"", bytes(1024)):
        said = passkeys.data("localhost", HAS_KEY, 0, NewPasskey(name, PASSKEY.public_key))
        with pytest.raises(NoWebAuthn):
            passkeys.read_data(said)


@pytest.mark.parametrize(
    "key",
    [
        [],
        {1: 2, 3: -257, -1: 1, -2: bytes(32), -3: bytes(32)},
        {1: 2, 3: -7, -1: 2, -2: bytes(32), -3: bytes(32)},
        {1: 2, 3: -7, -1: 1, -2: bytes(31), -3: bytes(32)},
        {1: 2, 3: -7, -1: 1, -2: bytes(32)},
        {1: 2, 3: -7, -1: 1, -2: 1, -3: bytes(32)},
        {1: 2, 3: -7, -1: 1, -2: bytes(32), -3: bytes(32)},
        {1: 2, 3: -7, -1: 1, -2: b"\xff" * 32, -3: bytes(32)},
    ],
)
def test_a_key_that_is_none_of_the_one_sort_is_malformed(key: cbor.Cbor) -> None:
    said = passkeys.data("localhost", HAS_KEY, 0) + bytes(16) + b"\x00\x01a" + cbor.write(key)
    with pytest.raises(NoWebAuthn):
        passkeys.read_data(said)


def test_extensions_that_are_no_cbor_are_malformed() -> None:
    said = passkeys.data("localhost", PRESENT | passkeys.HAS_EXTENSIONS, 5) + b"\xff"
    with pytest.raises(NoWebAuthn):
        passkeys.read_data(said)
