"""What a device signs, and what is no signature of its own."""

import json
from base64 import b64encode, urlsafe_b64encode
from typing import Any

import jwt
import pytest

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.signatures import NO_SIGNATURES
from twilio_emulator.core.verify import push_factors
from twilio_emulator.core.verify.push_factors import Platform, PushConfig
from twilio_emulator.runtime import p256

KEY, OTHER = 12345678901234567890, 98765432109876543210
YF = "YF0000000000000000000000000000000f"
SHOWN: dict[str, Any] = {"sid": "YC1", "details": {"message": "Log in?"}, "hidden_details": None}


def pem(key: int) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = ec.derive_private_key(key, ec.SECP256R1())
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


CONFIG = PushConfig(
    public_key=b64encode(p256.public_key(KEY)).decode(),
    sdk_version="1.0",
    app_id="com.example",
    notification_platform=Platform.NONE,
    credential_sid="CR0",
)


def test_a_device_proves_itself_with_its_signature_over_the_sid() -> None:
    signed = p256.sign(KEY, YF.encode())
    for payload in (b64encode(signed).decode(), urlsafe_b64encode(signed).decode().rstrip("=")):
        assert push_factors.is_proof(CONFIG, YF, payload, p256)
        assert push_factors.is_proof(CONFIG, YF, payload[:20] + "\n" + payload[20:], p256)
    assert not push_factors.is_proof(CONFIG, "YF1", payload, p256)
    assert not push_factors.is_proof(CONFIG, YF, "no Base64!", p256)
    assert not push_factors.is_proof(CONFIG, YF, payload, NO_SIGNATURES)
    other = b64encode(p256.sign(OTHER, YF.encode())).decode()
    assert not push_factors.is_proof(CONFIG, YF, other, p256)


def test_the_same_is_always_signed_the_same() -> None:
    assert p256.sign(KEY, b"x") == p256.sign(KEY, b"x")


def test_an_answer_says_again_what_is_shown_and_the_status() -> None:
    for status in ("approved", "denied"):
        token = jwt.encode({**SHOWN, "status": status}, pem(KEY), algorithm="ES256")
        assert push_factors.answer_of(CONFIG, token, SHOWN, p256) == status


@pytest.mark.parametrize(
    "claims",
    [
        {"sid": "YC1", "details": {"message": "Log in?"}, "status": "approved"},
        {**SHOWN, "sid": "YC2", "status": "approved"},
        {**SHOWN, "more": 1, "status": "approved"},
        {**SHOWN, "status": 1},
        SHOWN,
    ],
)
def test_what_says_something_else_is_no_answer(claims: dict[str, Any]) -> None:
    token = jwt.encode(claims, pem(KEY), algorithm="ES256")
    assert push_factors.answer_of(CONFIG, token, SHOWN, p256) is None


def test_what_another_has_signed_is_no_answer() -> None:
    token = jwt.encode({**SHOWN, "status": "approved"}, pem(OTHER), algorithm="ES256")
    assert push_factors.answer_of(CONFIG, token, SHOWN, p256) is None
    long = jwt.encode({**SHOWN, "status": "a" * 5456}, pem(KEY), algorithm="ES256")
    assert push_factors.answer_of(CONFIG, long, SHOWN, p256) is None


def part(content: object) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c.d",
        f"{part({'alg': 'ES256'})}.{part([])}.{'A' * 86}",
        f"{part([])}.{part({})}.{'A' * 86}",
        f"{part({'alg': 'none'})}.{part({})}.{'A' * 86}",
        f"{part({'alg': 'ES256'})}.{part({})}.{'A' * 40}",
        f"{part({'alg': 'ES256'})}.{part({})}.A",
        f"{part({'alg': 'ES256'})}.{part({})} .{'A' * 86}",
        f"{part({'alg': 'ES256'})}.ä.{'A' * 86}",
    ],
)
def test_what_is_no_jwt_is_none(token: str) -> None:
    assert push_factors.read_jwt(token) is None


def test_numbers_of_a_signature_stand_in_der_as_they_should() -> None:
    claims = part({"alg": "ES256"}), part({})
    raw = b"\0" * 32 + b"\x80" + b"\1" * 31
    read = push_factors.read_jwt(f"{claims[0]}.{claims[1]}.{urlsafe_b64encode(raw).decode()[:-2]}")
    assert read is not None
    assert read.signature == b"\x30\x26\x02\x01\0\x02\x21\0\x80" + b"\1" * 31


def test_keys_are_read_and_kept_in_one_spelling() -> None:
    der = p256.public_key(KEY)
    kept = push_factors.read_public_key("es256", urlsafe_b64encode(der).decode(), p256)
    assert kept == b64encode(der).decode()


@pytest.mark.parametrize(
    ("algorithm", "text", "code"),
    [
        (None, "MFkw", 60306),
        ("RS256", "MFkw", 60306),
        ("ES256", None, 60306),
        ("ES256", "", 60306),
        ("ES256", "!", 60314),
        ("ES256", "MFkw", 60314),
    ],
)
def test_what_is_no_key_is_refused(algorithm: str | None, text: str | None, code: int) -> None:
    with pytest.raises(Refused) as refused:
        push_factors.read_public_key(algorithm, text, p256)
    assert refused.value.code == code


def test_no_key_is_known_where_nobody_signs() -> None:
    with pytest.raises(Refused, match="60314"):
        push_factors.read_public_key("ES256", CONFIG.public_key, NO_SIGNATURES)


def test_a_token_is_needed_but_where_nothing_is_pushed() -> None:
    assert push_factors.read_token("", Platform.NONE) is None
    assert push_factors.read_token("t" * 32, Platform.NONE) == "t" * 32
    assert push_factors.read_token("t" * 255, Platform.APN) == "t" * 255
    for platform, token in (
        (Platform.FCM, None),
        (Platform.FCM, "t" * 31),
        (Platform.APN, "t" * 256),
    ):
        with pytest.raises(Refused, match="60306"):
            push_factors.read_token(token, platform)


def test_what_a_device_says_of_itself_is_needed() -> None:
    assert push_factors.read_platform("FCM") is Platform.FCM
    assert push_factors.read_app_id("a" * 100) == "a" * 100
    assert push_factors.read_version("1.0") == "1.0"
    for read, wrong in (
        (push_factors.read_platform, "web"),
        (push_factors.read_platform, None),
        (push_factors.read_app_id, None),
        (push_factors.read_app_id, "a" * 101),
        (push_factors.read_version, None),
    ):
        with pytest.raises(Refused, match="60306"):
            read(wrong)
