from dataclasses import replace

import jwt
import pytest

from tests.control.asking import ANN, Control
from twilio_emulator.control.accounts import look
from twilio_emulator.core.accounts.accounts import Accounts, ApiKeys, OpenAccount
from twilio_emulator.core.accounts.api_keys import RemoveApiKey
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.anyio

DEFAULT = {
    "account_sid": "AC00000000000000000000000000000001",
    "auth_token": "00000000000000000000000000000001",
    "api_key": "SK00000000000000000000000000000001",
    "api_secret": "0000000000000000000000000000000a",
    "oauth_client_id": "OQ00000000000000000000000000000001",
    "oauth_client_secret": "0000000000000000000000000000000b",
    "conversation_service_sid": "IS00000000000000000000000000000001",
    "messaging_service_sid": "MG00000000000000000000000000000001",
    "verify_service_sid": "VA00000000000000000000000000000001",
    "sync_service_sid": "IS00000000000000000000000000000002",
    "conversation_configuration_id": "conv_configuration_00000000000000000000000001",
    "memory_store_id": "mem_store_00000000000000000000000001",
    "numbers": ["+12025550100", "+12025550101", "whatsapp:+14155238886"],
    "test_account_sid": "AC0000000000000000000000000000000f",
    "test_auth_token": "0000000000000000000000000000000f",
}


async def test_with_nothing_configured_there_is_the_account_of_the_contract(
    control: Control,
) -> None:
    assert await control.ask("GET", "/accounts") == {"accounts": [DEFAULT]}


async def test_a_new_account_is_complete_and_has_everything_of_its_own(control: Control) -> None:
    new = await control.ask("POST", "/accounts", status=201)
    assert new.keys() == DEFAULT.keys()
    of_first = ("conversation_configuration_id", "memory_store_id")
    alike = ("numbers", "verify_service_sid", "sync_service_sid", *of_first)
    assert all((new[name] == DEFAULT[name]) == (name in alike) for name in DEFAULT)
    assert await control.ask("GET", "/accounts") == {"accounts": [DEFAULT, new]}
    another = await control.ask("POST", "/accounts", status=201)
    assert another["account_sid"] != new["account_sid"]
    assert another["auth_token"] != new["auth_token"]


async def test_an_account_can_have_numbers_a_clock_and_a_carrier_of_its_own(
    control: Control,
) -> None:
    new = await control.ask(
        "POST",
        "/accounts",
        {
            "numbers": ["+1 (202) 555-0177", "whatsapp:+447700900123", "12345"],
            "clock": "x60",
            "now": "2026-01-05T09:00:00Z",
            "carrier": "realistic",
            "seed": 3,
        },
        status=201,
    )
    assert new["numbers"] == [
        *DEFAULT["numbers"],
        "+12025550177",
        "whatsapp:+447700900123",
        "12345",
    ]
    sid = new["account_sid"]
    clock = await control.ask("GET", "/clock", account=sid)
    assert clock["mode"] == "x60"
    assert clock["now"].startswith("2026-01-05T09:0")
    assert (await control.ask("GET", "/carrier", account=sid))["profile"] == "realistic"
    assert (await control.ask("GET", "/clock"))["mode"] == "frozen"


async def test_the_same_seed_gives_the_same_accounts(control: Control) -> None:
    new = await control.ask("POST", "/accounts", {"seed": 5}, status=201)
    hosted = control.server.worlds.of(new["account_sid"])
    assert hosted is not None
    assert hosted.world.seed == 5
    again = Server(control.server.settings, lambda: b"")
    opened = again.worlds.open(OpenAccount(), seed=5)
    assert opened.world.account_sid == new["account_sid"]
    assert opened.world[Accounts][new["account_sid"]].auth_token == new["auth_token"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"numbers": ["nobody"]}, "body number: expected a phone number in E.164"),
        ({"numbers": ["+123"]}, "body number: expected a phone number in E.164"),
        ({"numbers": ["12"]}, "or a short code of 3 to 8 digits, not '12'"),
        ({"numbers": ["whatsapp:55555"]}, "digits, not 'whatsapp:55555'"),
        ({"numbers": [7]}, "body numbers[0]: Expected str, got int"),
        ({"numbers": "+12025550177"}, "body numbers: Expected array, got str"),
        ({"clock": "slow"}, "body clock: expected real, frozen or xN, such as x60, not 'slow'"),
        ({"now": "noon"}, "body now: expected an ISO 8601 instant"),
        ({"carrier": "pigeon"}, "profile is one of ideal"),
        ({"colour": "red"}, "body: Object contains unknown field colour"),
        ([], "body: Expected object, got array"),
    ],
)
async def test_what_is_wrong_with_a_new_account_is_said_in_one_line(
    control: Control, body: object, message: str
) -> None:
    assert message in await control.mistake("POST", "/accounts", body)
    assert len(control.server.worlds.hosted) == 1


async def test_a_closed_account_is_gone(control: Control) -> None:
    new = await control.ask("POST", "/accounts", status=201)
    sid = new["account_sid"]
    login = (sid, new["auth_token"])
    path = "/v1/Conversations"
    assert (await control.client.get(path, auth=login)).status_code == 200
    await control.ask("DELETE", f"/accounts/{sid}", status=204)
    assert (await control.client.get(path, auth=login)).status_code == 401
    assert await control.mistake("DELETE", f"/accounts/{sid}", status=404) == (
        f"path account: there is no account {sid}"
    )
    assert await control.mistake("GET", "/clock", status=404, account=sid) == (
        f"query account: there is no account {sid}"
    )


async def test_the_default_account_stays(control: Control) -> None:
    sid = DEFAULT["account_sid"]
    assert "stays" in await control.mistake("DELETE", f"/accounts/{sid}", status=409)


async def test_two_accounts_text_the_same_handset_and_never_see_each_others_messages(
    control: Control,
) -> None:
    new = await control.ask("POST", "/accounts", {"clock": "frozen"}, status=201)
    other = control.server.worlds.of(new["account_sid"])
    assert other is not None
    before = control.default.world.clock.now()
    control.text("from the default account")
    control.text("from the other account", hosted=other)
    await control.ask("POST", "/clock", {"advance": 60}, account=new["account_sid"])
    mine = await control.ask("GET", f"/handsets/{ANN}/messages", account=new["account_sid"])
    assert [item["body"] for item in mine["items"]] == ["from the other account"]
    assert (await control.ask("GET", f"/handsets/{ANN}/messages"))["items"] == []
    assert control.default.world.clock.now() == before


async def test_a_secret_from_the_environment_is_not_shown(settings: Settings) -> None:
    server = Server(
        replace(
            settings,
            auth_token="from-the-env",
            api_secret="from-the-env-too",
            oauth_client_secret="and-this",
        ),
        lambda: b"",
    )
    account = server.worlds.default
    shown = look(server.worlds, account)
    assert shown["auth_token"] is None
    assert shown["api_secret"] is None
    assert shown["oauth_client_secret"] is None
    assert shown["test_auth_token"] == DEFAULT["test_auth_token"]


async def test_a_token_is_signed_with_the_accounts_key(control: Control) -> None:
    answer = await control.ask("POST", "/tokens", {"identity": "ann", "ttl": 60}, status=201)
    claims = jwt.decode(answer["token"], DEFAULT["api_secret"], ["HS256"])
    assert claims["iss"] == DEFAULT["api_key"]
    assert claims["sub"] == DEFAULT["account_sid"]
    assert claims["grants"] == {
        "identity": "ann",
        "chat": {"service_sid": DEFAULT["conversation_service_sid"]},
    }
    assert claims["exp"] - claims["iat"] == 60
    expires = control.default.tokens[claims["jti"]]
    assert (expires - control.default.world.clock.now()).total_seconds() == 60


async def test_a_bare_token_for_a_front_end(control: Control) -> None:
    response = await control.client.get("/_emulator/v1/token", params={"identity": "ann"})
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert "access-control-allow-origin" not in response.headers
    claims = jwt.decode(response.text, DEFAULT["api_secret"], ["HS256"])
    assert claims["grants"]["identity"] == "ann"
    assert claims["exp"] - claims["iat"] == 3600


@pytest.mark.parametrize("said", [True, "true", "default", DEFAULT["sync_service_sid"]])
async def test_a_token_may_open_sync_too(control: Control, said: object) -> None:
    body = {"identity": "ann", "sync": said}
    answer = await control.ask("POST", "/tokens", body, status=201)
    claims = jwt.decode(answer["token"], DEFAULT["api_secret"], ["HS256"])
    assert claims["grants"] == {
        "identity": "ann",
        "chat": {"service_sid": DEFAULT["conversation_service_sid"]},
        "data_sync": {"service_sid": DEFAULT["sync_service_sid"]},
    }


@pytest.mark.parametrize("said", ["false", ""])
async def test_a_page_may_say_that_a_token_is_to_open_sync(control: Control, said: str) -> None:
    path, wish = "/_emulator/v1/token", {"identity": "ann"}
    for sync, has_it in ((said, False), ("true", True)):
        response = await control.client.get(path, params={**wish, "sync": sync})
        claims = jwt.decode(response.text, DEFAULT["api_secret"], ["HS256"])
        assert ("data_sync" in claims["grants"]) is has_it


async def test_tokens_of_one_second_differ(control: Control) -> None:
    wish = {"identity": "ann"}
    tokens = [await control.ask("POST", "/tokens", wish, status=201) for _ in range(3)]
    assert len({each["token"] for each in tokens}) == 3


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "body: Object missing required field identity"),
        ({"identity": ""}, "identity: expected who the token is for"),
        ({"identity": "ann", "ttl": 0}, "ttl: expected seconds, such as 3600, not 0"),
        ({"identity": "ann", "ttl": 10**9}, "ttl: expected seconds"),
        ({"identity": "ann", "ttl": "1h"}, "body ttl: Expected int, got str"),
        (
            {"identity": "ann", "service_sid": "IS1"},
            "service_sid: expected a service of the account, not IS1",
        ),
        (
            {"identity": "ann", "sync": "IS1"},
            "sync: expected true, or a Sync service of the account, not IS1",
        ),
    ],
)
async def test_what_is_wrong_with_a_token_is_said_in_one_line(
    control: Control, body: object, message: str
) -> None:
    assert message in await control.mistake("POST", "/tokens", body)


async def test_an_account_without_a_key_gives_no_token(control: Control) -> None:
    world = control.default.world
    for key in list(world[ApiKeys]):
        control.default.gate.perform_now(RemoveApiKey(account=world.account_sid, key=key.sid))
    assert "API key" in await control.mistake("POST", "/tokens", {"identity": "ann"}, status=409)
