"""OAuth client credentials through the whole server."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx2
import jwt
import pytest

from tests.server.conftest import ACCOUNT
from twilio_emulator.core.accounts.subaccounts import AddSubaccount, UpdateAccount
from twilio_emulator.server.app import Server
from twilio_emulator.settings import OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET, Settings

pytestmark = pytest.mark.anyio

GOOD = {
    "grant_type": "client_credentials",
    "client_id": OAUTH_CLIENT_ID,
    "client_secret": OAUTH_CLIENT_SECRET,
}
GOOD_V1 = {
    "GrantType": "client_credentials",
    "ClientId": OAUTH_CLIENT_ID,
    "ClientSecret": OAUTH_CLIENT_SECRET,
}
TOKEN = "https://oauth.twilio.com/v2/token"
MESSAGES = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
EVERYWHERE = (
    MESSAGES,
    f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Keys.json",
    "https://conversations.twilio.com/v1/Conversations",
    "https://messaging.twilio.com/v1/Services",
    "https://content.twilio.com/v1/Content",
    "https://monitor.twilio.com/v1/Alerts",
    "https://iam.twilio.com/v1/Keys?AccountSid=" + ACCOUNT,
)


@pytest.fixture
def server() -> Server:
    return Server(Settings(clock="frozen"), lambda: b"")


@pytest.fixture
async def client(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=server)) as client:
        yield client
    await server.end()


async def get(client: httpx2.AsyncClient, url: str, token: str) -> httpx2.Response:
    return await client.get(url, headers={"Authorization": f"Bearer {token}"})


@pytest.mark.parametrize(
    ("url", "form", "status"),
    [
        (TOKEN, GOOD, 200),
        ("https://oauth.twilio.com/v1/token", GOOD_V1, 201),
        ("https://preview-iam.twilio.com/v1/token", GOOD, 201),
        ("https://iam.twilio.com/v1/token", GOOD, 201),
    ],
)
async def test_a_token_for_a_secret_opens_every_api(
    client: httpx2.AsyncClient, url: str, form: dict[str, str], status: int
) -> None:
    answer = await client.post(url, data=form)
    assert answer.status_code == status
    token = answer.json()["access_token"]
    assert answer.json() == {
        "access_token": token,
        "refresh_token": None,
        "id_token": None,
        "token_type": "Bearer",
        "expires_in": 3600,
    }
    claims = jwt.decode(token, options={"verify_signature": False})
    assert abs(claims["exp"] - 3600 - datetime.now(UTC).timestamp()) < 60
    for each in EVERYWHERE:
        assert (await get(client, each, token)).status_code == 200, each


async def test_a_client_may_show_its_secret_as_basic_credentials(
    client: httpx2.AsyncClient,
) -> None:
    form = {"grant_type": "client_credentials"}
    answer = await client.post(TOKEN, data=form, auth=(OAUTH_CLIENT_ID, OAUTH_CLIENT_SECRET))
    assert answer.status_code == 200
    wrong = await client.post(TOKEN, data=form, auth=(OAUTH_CLIENT_ID, "wrong"))
    assert (wrong.status_code, wrong.json()["code"]) == (401, 322402)
    assert wrong.headers["www-authenticate"] == 'Basic realm="Twilio API"'


async def test_credentials_of_an_account_beside_it_count_for_nothing(
    client: httpx2.AsyncClient,
) -> None:
    # The Python library sends those of its environment along.
    answer = await client.post(TOKEN, data=GOOD, auth=(ACCOUNT, "wrong"))
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "code", "message"),
    [
        ({"client_secret": "wrong"}, 401, 322402, "Invalid credentials"),
        ({"client_secret": ""}, 401, 322402, "Invalid credentials"),
        ({"client_id": "OQ9"}, 401, 322402, "Invalid credentials"),
        ({"client_id": ""}, 400, 321402, "Empty client_id"),
        ({"grant_type": "authorization_code"}, 400, 321403, "Invalid grant_type"),
        ({"grant_type": ""}, 400, 321403, "Invalid grant_type"),
    ],
)
async def test_what_is_refused(
    client: httpx2.AsyncClient, changed: dict[str, str], status: int, code: int, message: str
) -> None:
    answer = await client.post(TOKEN, data=GOOD | changed)
    assert (answer.status_code, answer.json()) == (
        status,
        {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        },
    )


async def test_json_is_no_form(client: httpx2.AsyncClient) -> None:
    answer = await client.post(TOKEN, json=GOOD)
    assert (answer.status_code, answer.json()["code"]) == (400, 322403)


async def test_names_are_obeyed_to_the_letter(server: Server, client: httpx2.AsyncClient) -> None:
    answer = await client.post(TOKEN, data=GOOD_V1)
    assert answer.json()["code"] == 321402
    log = server.worlds.default.gate.log
    assert next(iter(log.after(log.number - 1))).content.hints == (
        "expected client_id in the form, which has GrantType, ClientId, ClientSecret",
    )


async def test_a_token_ends_on_the_clock_of_its_account(
    server: Server, client: httpx2.AsyncClient
) -> None:
    token = (await client.post(TOKEN, data=GOOD)).json()["access_token"]
    control = "http://localhost:8008/_emulator/v1/clock"
    assert (await client.post(control, json={"advance": 3599})).status_code == 200
    assert (await get(client, MESSAGES, token)).status_code == 200
    await client.post(control, json={"advance": 1})
    answer = await get(client, MESSAGES, token)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    another = (await client.post(TOKEN, data=GOOD)).json()["access_token"]
    assert (await get(client, MESSAGES, another)).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."])
async def test_what_is_no_token_opens_nothing(client: httpx2.AsyncClient, token: str) -> None:
    answer = await get(client, MESSAGES, token)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


async def test_a_token_is_for_one_account(server: Server, client: httpx2.AsyncClient) -> None:
    made = (await client.post("http://localhost:8008/_emulator/v1/accounts")).json()
    form = GOOD | {
        "client_id": made["oauth_client_id"],
        "client_secret": made["oauth_client_secret"],
    }
    token = (await client.post(TOKEN, data=form)).json()["access_token"]
    assert (await get(client, MESSAGES, token)).status_code == 404
    mine = MESSAGES.replace(ACCOUNT, made["account_sid"])
    assert (await get(client, mine, token)).status_code == 200
    path = f"http://localhost:8008/_emulator/v1/accounts/{made['account_sid']}"
    assert (await client.delete(path)).status_code == 204
    assert (await get(client, mine, token)).status_code == 401


async def test_a_token_for_a_subaccount(server: Server, client: httpx2.AsyncClient) -> None:
    gate = server.worlds.default.gate
    subaccount = gate.perform_now(AddSubaccount(account=ACCOUNT))
    query = {"account_sid": subaccount.sid}
    token = (await client.post(TOKEN, data=GOOD, params=query)).json()["access_token"]
    assert (await get(client, MESSAGES, token)).status_code == 404
    mine = MESSAGES.replace(ACCOUNT, subaccount.sid)
    assert (await get(client, mine, token)).status_code == 200
    refused = await client.post(TOKEN, data=GOOD, params={"account_sid": "AC9"})
    assert (refused.status_code, refused.json()["code"]) == (400, 322403)

    gate.perform_now(UpdateAccount(account=subaccount.sid, caller=ACCOUNT, status="suspended"))
    assert (await get(client, mine, token)).json()["code"] == 20005
    own = GOOD | {
        "client_id": str(subaccount.oauth_client_id),
        "client_secret": str(subaccount.oauth_client_secret),
    }
    assert (await client.post(TOKEN, data=own)).json()["code"] == 20005


async def test_the_journal_shows_no_secret(client: httpx2.AsyncClient) -> None:
    answer = await client.post(TOKEN, data=GOOD)
    await client.post("https://oauth.twilio.com/v1/token", data=GOOD_V1)
    journal: Any = (await client.get("http://localhost:8008/_emulator/v1/journal")).text
    assert "/v2/token" in journal
    assert answer.json()["access_token"] not in journal
    assert OAUTH_CLIENT_SECRET not in journal
