import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.wire import bearer_tokens

ACCOUNT = "AC00000000000000000000000000000001"
CLIENT = "OQ00000000000000000000000000000001"
SECRET = "0000000000000000000000000000000b"
NOW = 1_795_328_763.25
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def minted(secret: str = SECRET) -> str:
    return bearer_tokens.mint(
        account_sid=ACCOUNT, client_id=CLIENT, secret=secret, now=NOW, at=AT, serial="1"
    )


def find_secret(account_sid: str) -> str | None:
    return SECRET if account_sid == ACCOUNT else None


def claims() -> dict[str, Any]:
    return jwt.decode(minted(), options={"verify_signature": False})


def signed(said: object, **headers: str) -> str:
    key = bearer_tokens._key(SECRET)
    return jwt.PyJWS().encode(json.dumps(said).encode(), key, "HS256", headers=headers)


def test_a_token_says_for_which_account_and_until_when() -> None:
    said = bearer_tokens.read(minted(), find_secret)
    assert said == (ACCOUNT, (AT + timedelta(hours=1)).timestamp())


def test_it_says_to_the_libraries_what_twilios_say() -> None:
    assert claims()["exp"] - claims()["iat"] == 3600
    assert claims()["iat"] == int(NOW)
    assert claims()["act"] == {"sub": f"trn:us1:iam:account:{ACCOUNT}"}
    assert claims()["urn:tw:iam_ctx"] == f"trn:us1:iam:account:{ACCOUNT}"


def test_any_secret_signs() -> None:
    for secret in ("", "x", "-----BEGIN PUBLIC KEY-----", "\udcff"):
        said = bearer_tokens.read(minted(secret), lambda _, secret=secret: secret)
        assert said.account_sid == ACCOUNT


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        ("", "not a JWT"),
        ("a.b.c", "not a JWT"),
        (minted("another"), "gives another signature"),
        (signed(claims() | {"act": {"sub": "trn:us1:iam:account:AC2"}}), "another signature"),
        (signed(claims() | {"act": None}), "not a token that we made"),
        (signed(claims() | {bearer_tokens.CLOCK_EXPIRY: "later"}), "not a token that we made"),
    ],
)
def test_what_is_none_of_ours_is_refused(token: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        bearer_tokens.read(token, find_secret)
    assert (refused.value.code, refused.value.status) == (20003, 401)
    assert reason in str(refused.value.reason)


def test_a_token_ends() -> None:
    bearer_tokens.check(AT.timestamp() + 1, AT)
    with pytest.raises(Refused):
        bearer_tokens.check(AT.timestamp(), AT)
