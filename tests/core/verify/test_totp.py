"""One-time passwords: the vectors of RFC 6238, and pyotp on the other side."""

from base64 import b32encode
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.sids import Stream
from twilio_emulator.core.verify import totp
from twilio_emulator.core.verify.totp import Algorithm, TotpConfig

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
FROZEN = datetime(2026, 1, 5, 9, tzinfo=UTC)
TIMES = (59, 1111111109, 1234567890, int(FROZEN.timestamp()))

CODES = {
    ("sha1", 6, 30): ("287082", "081804", "005924", "978746"),
    ("sha1", 8, 30): ("94287082", "07081804", "89005924", "12978746"),
    ("sha256", 6, 30): ("247374", "756375", "829826", "827641"),
    ("sha512", 6, 30): ("342147", "049338", "671578", "959680"),
    ("sha1", 3, 30): ("082", "804", "924", "746"),
    ("sha1", 6, 60): ("755224", "360094", "713351", "515525"),
    ("sha1", 6, 20): ("359152", "043546", "529791", "573513"),
}

RFC_6238 = (
    (59, "94287082", "46119246", "90693936"),
    (1111111109, "07081804", "68084774", "25091201"),
    (1111111111, "14050471", "67062674", "99943326"),
    (1234567890, "89005924", "91819424", "93441116"),
    (2000000000, "69279037", "90698825", "38618901"),
    (20000000000, "65353130", "77737706", "47863826"),
)
"""Appendix B: seconds, and the codes of SHA-1, SHA-256 and SHA-512, whose secrets are the same
digits, repeated to 20, 32 and 64 bytes."""


def at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize("how", CODES)
def test_codes_are_those_that_are_known(how: tuple[str, int, int]) -> None:
    alg, length, step = how
    config = TotpConfig(secret=SECRET, alg=Algorithm(alg), code_length=length, time_step=step)
    assert tuple(totp.code_at(config, at(time)) for time in TIMES) == CODES[how]


@pytest.mark.parametrize("row", RFC_6238)
def test_the_vectors_of_the_rfc(row: tuple[int, str, str, str]) -> None:
    seconds, *codes = row
    digits = b"1234567890"
    for alg, length, code in zip(Algorithm, (20, 32, 64), codes, strict=True):
        secret = b32encode((digits * 7)[:length]).decode().rstrip("=")
        config = TotpConfig(secret=secret, alg=alg, code_length=8)
        assert totp.code_at(config, at(seconds)) == code


def test_an_authenticator_app_shows_the_same() -> None:
    secret = totp.new_secret(Stream(1, "dice"))
    config = TotpConfig(secret=secret)
    app = pyotp.parse_uri(totp.uri(config, "Owl & Co", "ann@example.com"))
    assert isinstance(app, pyotp.TOTP)
    assert (app.issuer, app.name, app.interval) == ("Owl & Co", "ann@example.com", 30)
    for time in TIMES:
        assert app.at(time) == totp.code_at(config, at(time))


def test_an_uri_is_spelled_as_twilio_spells_it() -> None:
    config = TotpConfig(secret=SECRET, alg=Algorithm.SHA256, code_length=8, time_step=60)
    uri = totp.uri(config, "Owl House", "Ann's phone")
    assert uri == (
        "otpauth://totp/Owl%20House:Ann%27s%20phone?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        "&issuer=Owl%20House&algorithm=SHA256&digits=8&period=60"
    )
    assert parse_qs(urlsplit(uri).query)["issuer"] == ["Owl House"]


def test_codes_of_the_steps_beside_are_good_as_far_as_the_skew_goes() -> None:
    config = TotpConfig(secret=SECRET)
    now = totp.step_at(FROZEN, 30)
    for skew, good in ((0, {0}), (1, {-1, 0, 1}), (2, {-2, -1, 0, 1, 2})):
        for away in range(-3, 4):
            code = totp.code_of(config, now + away)
            found = totp.accepted_step(replace(config, skew=skew), code, FROZEN, reuse=True)
            assert found == (now + away if away in good else None)


def test_before_the_first_step_there_is_none() -> None:
    config = TotpConfig(secret=SECRET)
    assert totp.accepted_step(config, totp.code_of(config, 0), at(5), reuse=True) == 0


def test_a_code_can_be_good_once_only() -> None:
    now = totp.step_at(FROZEN, 30)
    config = TotpConfig(secret=SECRET, last_step=now)
    code = totp.code_at(config, FROZEN)
    assert totp.accepted_step(config, code, FROZEN, reuse=True) == now
    assert totp.accepted_step(config, code, FROZEN, reuse=False) is None
    assert totp.accepted_step(config, totp.code_of(config, now + 1), FROZEN, reuse=False) == now + 1
    unused = replace(config, last_step=None)
    assert totp.accepted_step(unused, code, FROZEN, reuse=False) == now


def test_a_secret_is_read_in_any_case_and_with_padding_or_without() -> None:
    assert totp.read_secret("gezdgnbvgy3tqojq") == "GEZDGNBVGY3TQOJQ"
    assert totp.read_secret("GE======") == "GE"


@pytest.mark.parametrize("text", ["", "====", "0189", "A", "GEZD GNBV", "ÄÖÜ", "A" * 264])
def test_what_is_no_secret_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        totp.read_secret(text)
    assert refused.value.code == 60306


def test_numbers_are_read_within_their_bounds() -> None:
    assert totp.read_number("20", totp.TIME_STEPS) == 20
    assert totp.read_number("60", totp.TIME_STEPS) == 60
    assert totp.read_number("", totp.TIME_STEPS) is None
    for wrong in ("19", "61", "x", "-30", "30.5"):
        with pytest.raises(Refused, match="60306"):
            totp.read_number(wrong, totp.TIME_STEPS)


def test_algorithms_are_read_in_any_case() -> None:
    assert totp.read_algorithm("SHA512") is Algorithm.SHA512
    assert totp.read_algorithm(None) is None
    with pytest.raises(Refused, match="60306"):
        totp.read_algorithm("md5")


def test_secrets_follow_from_the_seed() -> None:
    first, again = Stream(1, "dice"), Stream(1, "dice")
    secret = totp.new_secret(first)
    assert secret == totp.new_secret(again) != totp.new_secret(first)
    assert len(secret) == 32
