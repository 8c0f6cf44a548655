"""Access tokens: the official helper library's are good, and each fault has its own code."""

import base64
import json
from datetime import UTC, datetime

import jwt
import pytest
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import ChatGrant, SyncGrant, VideoGrant

from twilio_emulator.core.kernel.refusals import Refusal
from twilio_emulator.wire import access_tokens as tokens
from twilio_emulator.wire.access_tokens import (
    Grant,
    GrantKind,
    TokenRefused,
    mint_token,
    read_token,
    token_id,
)

ACCOUNT = "AC00000000000000000000000000000001"
KEY = "SK00000000000000000000000000000001"
SECRET = "0000000000000000000000000000000a"
SERVICE = "IS00000000000000000000000000000001"
SYNC_SERVICE = "IS00000000000000000000000000000002"
NOW = 1_795_328_763.25
HEADERS = {"cty": "twilio-fpa;v=1"}


def find_key(sid: str) -> tuple[str, str] | None:
    return {KEY: (ACCOUNT, SECRET)}.get(sid)


def claims(**changed: object) -> dict[str, object]:
    """What a good token claims; None takes a claim out."""
    said = {
        "jti": f"{KEY}-{int(NOW)}",
        "iss": KEY,
        "sub": ACCOUNT,
        "iat": int(NOW),
        "exp": int(NOW) + 3600,
        "grants": {"identity": "alice", "chat": {"service_sid": SERVICE}},
    } | changed
    return {name: value for name, value in said.items() if value is not None}


def signed(said: object = None, secret: str = SECRET, **headers: object) -> str:
    payload = json.dumps(claims() if said is None else said).encode()
    return jwt.PyJWS().encode(payload, secret, "HS256", headers=HEADERS | headers)


def read(token: str, **options: object) -> Grant:
    return read_token(token, find_key, NOW, **options)


def refusal(token: str, **options: object) -> TokenRefused:
    with pytest.raises(TokenRefused) as caught:
        read(token, **options)
    return caught.value


def official(*grants: object, **options: object) -> AccessToken:
    return AccessToken(ACCOUNT, KEY, SECRET, grants=list(grants), **options)


def machine_time() -> float:
    return datetime.now(UTC).timestamp()


def test_a_token_of_the_official_library_is_good() -> None:
    chat = ChatGrant(service_sid=SERVICE, push_credential_sid="CR1")
    token = official(chat, identity="anna@example.com", region="ie1", ttl=600)

    grant = read_token(token.to_jwt(), find_key, machine_time())

    assert (grant.account_sid, grant.key_sid) == (ACCOUNT, KEY)
    assert (grant.identity, grant.service_sid) == ("anna@example.com", SERVICE)
    assert (grant.push_credential_sid, grant.region) == ("CR1", "ie1")
    assert grant.token_id.startswith(f"{KEY}-")
    assert 590 < grant.life <= 600


def test_the_official_library_reads_what_we_mint() -> None:
    token = mint_token(
        account_sid=ACCOUNT,
        key_sid=KEY,
        secret=SECRET,
        identity="alice",
        service_sid=SERVICE,
        ttl=3600,
        now=machine_time(),
        serial="7",
        push_credential_sid="CR1",
    )
    theirs = official(
        ChatGrant(service_sid=SERVICE, push_credential_sid="CR1"), identity="alice", ttl=3600
    )

    ours = AccessToken.from_jwt(token, SECRET)

    assert ours.payload["grants"] == theirs.payload["grants"]
    assert (ours.payload["iss"], ours.payload["sub"]) == (KEY, ACCOUNT)
    assert ours.payload["exp"] - ours.payload["iat"] == 3600
    assert ours.headers == {"alg": "HS256", "typ": "JWT", "cty": "twilio-fpa;v=1"}


def test_a_minted_token_is_read_back_and_unique() -> None:
    def mint(serial: str) -> str:
        return mint_token(
            account_sid=ACCOUNT,
            key_sid=KEY,
            secret=SECRET,
            identity="alice",
            service_sid=SERVICE,
            ttl=60,
            now=NOW,
            serial=serial,
        )

    assert mint("1") != mint("2")
    grant = read(mint("1"))
    assert grant.token_id == token_id(KEY, NOW, "1") == f"{KEY}-{int(NOW)}-1"
    assert grant.push_credential_sid is None
    assert grant.life == pytest.approx(59.75)


def test_the_older_name_of_the_grant_is_understood() -> None:
    grants = {"identity": "alice", "ip_messaging": {"service_sid": SERVICE}}
    assert read(signed(claims(grants=grants))).service_sid == SERVICE


def test_the_newer_name_of_the_grant_wins() -> None:
    grants = {
        "identity": "alice",
        "chat": {"service_sid": SERVICE},
        "ip_messaging": {"service_sid": "ISold"},
    }
    assert read(signed(claims(grants=grants))).service_sid == SERVICE


def test_secrets_may_be_short() -> None:
    token = mint_token(
        account_sid=ACCOUNT,
        key_sid=KEY,
        secret="shh",
        identity="alice",
        service_sid=SERVICE,
        ttl=60,
        now=NOW,
        serial="1",
    )
    assert read_token(token, lambda sid: (ACCOUNT, "shh"), NOW).identity == "alice"


def test_a_jti_is_not_needed() -> None:
    assert read(signed(claims(jti=None))).token_id == ""


@pytest.mark.parametrize(
    "token",
    [
        "",
        "not a token",
        "a.b.c",
        "e30.e30",
        "\ud800.\ud800.\ud800",
        signed([1, 2]),
        signed("text"),
        jwt.PyJWS().encode(b"not json", SECRET, "HS256", headers=HEADERS),
        jwt.PyJWS().encode(b"[" * 9999, SECRET, "HS256", headers=HEADERS),
        signed(claims(exp=None)),
    ],
)
def test_20101_what_is_no_token(token: str) -> None:
    refused = refusal(token)
    assert (refused.code, refused.status) == (20101, 401)
    assert refused.message == "Invalid Access Token"


@pytest.mark.parametrize(
    "token",
    [
        signed(claims(exp="tomorrow")),
        signed(claims(exp=True)),
        signed(claims(exp=10**300)),
        signed(claims(exp=int(NOW) + 86_401)),
        signed(claims(iat=None, exp=int(NOW) + 86_402)),
        signed(claims(iat=None, nbf=int(NOW) - 86_000, exp=int(NOW) + 401)),
        signed(claims(iat=int(NOW) - 86_400, exp=int(NOW) + 1)),
    ],
)
def test_20104_an_end_that_is_none_or_is_too_far_off(token: str) -> None:
    """https://www.twilio.com/docs/api/errors/20104"""
    refused = refusal(token)
    assert (refused.code, refused.status) == (20104, 401)
    assert refused.message == "Access Token expired or expiration date invalid"


def test_a_life_of_24_hours_is_allowed() -> None:
    assert read(signed(claims(exp=int(NOW) + 86_400))).life > 86_399
    assert read(signed(claims(iat=None, exp=int(NOW) + 86_400))).life > 86_399


@pytest.mark.parametrize("headers", [{"cty": None}, {"cty": "JWT"}, {"typ": "at+jwt"}])
def test_20102_a_header_of_another_kind(headers: dict[str, object]) -> None:
    assert refusal(signed(**headers)).code == 20102


def test_20102_another_algorithm() -> None:
    token = jwt.PyJWS().encode(json.dumps(claims()).encode(), SECRET * 2, "HS512", headers=HEADERS)
    refused = refusal(token)
    assert refused.code == 20102
    assert "HS512" in str(refused)


def test_20102_no_signature_at_all() -> None:
    header = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT","cty":"twilio-fpa;v=1"}')
    body = base64.urlsafe_b64encode(json.dumps(claims()).encode())
    token = b".".join([header.rstrip(b"="), body.rstrip(b"="), b""]).decode()
    assert refusal(token).code == 20102


@pytest.mark.parametrize(
    "said",
    [
        {"iss": None},
        {"iss": 5},
        {"iss": ""},
        {"iss": "SKunknown"},
        {"sub": None},
        {"sub": "ACother"},
        {"sub": [ACCOUNT]},
    ],
)
def test_20103_a_key_that_is_not_the_accounts(said: dict[str, object]) -> None:
    token = signed({**claims(), **said})
    assert refusal(token).code == 20103


def test_20104_expired() -> None:
    refused = refusal(signed(claims(iat=int(NOW) - 60, exp=int(NOW))))
    assert refused.code == 20104
    assert str(refused).startswith("20104 Access Token expired")


def test_20105_not_yet_valid() -> None:
    assert refusal(signed(claims(nbf=int(NOW) + 1))).code == 20105
    assert read(signed(claims(nbf=int(NOW)))).identity == "alice"


@pytest.mark.parametrize(
    "grants",
    [
        None,
        [],
        {"identity": "alice"},
        {"identity": "alice", "chat": None},
        {"identity": "alice", "chat": "IS1"},
        {"identity": "alice", "chat": {}},
        {"identity": "alice", "chat": {"service_sid": 7}},
        {"chat": {"service_sid": SERVICE}},
        {"identity": "", "chat": {"service_sid": SERVICE}},
        {"identity": 7, "chat": {"service_sid": SERVICE}},
    ],
)
def test_20106_grants_that_open_no_conversations(grants: object) -> None:
    assert refusal(signed(claims(grants=grants))).code == 20106


def test_20106_a_token_for_video_only() -> None:
    token = official(VideoGrant(room="r"), identity="alice").to_jwt()
    with pytest.raises(TokenRefused) as caught:
        read_token(token, find_key, machine_time())
    assert caught.value.code == 20106


def test_20106_a_service_that_the_account_does_not_have() -> None:
    asked: list[tuple[str, str, str]] = []

    def find_service(kind: GrantKind, account_sid: str, service: str) -> None:
        asked.append((kind, account_sid, service))

    assert refusal(signed(), find_service=find_service).code == 20106
    assert asked == [("ip_messaging", ACCOUNT, SERVICE)]


BOTH = {
    "identity": "alice",
    "chat": {"service_sid": SERVICE, "push_credential_sid": "CR1"},
    "data_sync": {"service_sid": "default"},
}


def find_sync(kind: GrantKind, account_sid: str, service: str) -> str | None:
    return SERVICE if kind is GrantKind.CHAT else {"default": SYNC_SERVICE}.get(service)


def test_a_sync_grant_of_the_official_library() -> None:
    token = official(SyncGrant(service_sid=SYNC_SERVICE), identity="alice").to_jwt()

    grant = read_token(token, find_key, machine_time())

    assert (grant.kind, grant.service_sid) == (GrantKind.SYNC, SYNC_SERVICE)
    assert grant.push_credential_sid is None


def test_the_default_service_by_its_name() -> None:
    grants = {"identity": "alice", "data_sync": {"service_sid": "default"}}
    assert read(signed(claims(grants=grants)), find_service=find_sync).service_sid == SYNC_SERVICE


@pytest.mark.parametrize(
    ("wanted", "service"),
    [(None, SERVICE), (GrantKind.CHAT, SERVICE), (GrantKind.SYNC, SYNC_SERVICE)],
)
def test_who_shows_a_token_with_two_grants_says_which(
    wanted: GrantKind | None, service: str
) -> None:
    grant = read(signed(claims(grants=BOTH)), find_service=find_sync, wanted=wanted)
    assert grant.service_sid == service
    assert grant.services == {GrantKind.CHAT: SERVICE, GrantKind.SYNC: SYNC_SERVICE}


@pytest.mark.parametrize("sync", [{"service_sid": "ISnone"}, {}, "IS1"])
def test_20106_a_grant_that_is_of_no_use_spoils_only_itself(sync: object) -> None:
    token = signed(claims(grants={**BOTH, "data_sync": sync}))
    assert read(token, find_service=find_sync).services == {GrantKind.CHAT: SERVICE}
    assert refusal(token, find_service=find_sync, wanted=GrantKind.SYNC).code == 20106


def test_20106_the_grant_that_is_wanted_is_missing() -> None:
    refused = refusal(signed(), wanted=GrantKind.SYNC)
    assert (refused.code, refused.reason) == (20106, "it has no data_sync grant")


def test_the_official_library_reads_what_we_mint_for_sync() -> None:
    token = mint_token(
        account_sid=ACCOUNT,
        key_sid=KEY,
        secret=SECRET,
        identity="alice",
        sync_service_sid=SYNC_SERVICE,
        ttl=60,
        now=machine_time(),
        serial="1",
    )
    theirs = official(SyncGrant(service_sid=SYNC_SERVICE), identity="alice", ttl=60)
    assert AccessToken.from_jwt(token, SECRET).payload["grants"] == theirs.payload["grants"]


def test_20107_signed_with_another_secret() -> None:
    assert refusal(signed(secret="0" * 32)).code == 20107


def test_20107_changed_after_it_was_signed() -> None:
    header, _, signature = signed().split(".")
    forged = base64.urlsafe_b64encode(json.dumps(claims(sub=ACCOUNT, exp=1)).encode())
    assert refusal(f"{header}.{forged.decode().rstrip('=')}.{signature}").code == 20107


def test_20107_a_secret_that_can_sign_nothing() -> None:
    pem = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"
    with pytest.raises(TokenRefused) as caught:
        read_token(signed(), lambda sid: (ACCOUNT, pem), NOW)
    assert caught.value.code == 20107


def test_our_own_token_lives_by_the_worlds_clock() -> None:
    long_gone = signed(claims(iat=int(NOW) - 7200, exp=int(NOW) - 3600))
    assert read(long_gone, life_left={f"{KEY}-{int(NOW)}": 12.5}.get).life == 12.5

    fresh = signed()
    assert refusal(fresh, life_left={f"{KEY}-{int(NOW)}": 0.0}.get).code == 20104
    assert read(fresh, life_left={"another": 0.0}.get).life == pytest.approx(3599.75)


def test_20104_our_own_token_that_lives_too_long() -> None:
    long = signed(claims(exp=int(NOW) + 86_401))
    assert refusal(long, life_left={f"{KEY}-{int(NOW)}": 86_401.0}.get).code == 20104


@pytest.mark.parametrize(
    "refusal",
    [each for each in vars(tokens).values() if isinstance(each, Refusal)],
    ids=lambda refusal: refusal.text,
)
def test_whoever_has_no_token_is_not_authorised(refusal: Refusal) -> None:
    assert refusal.code in range(20101, 20108)
    assert refusal.status == 401
