"""Which request is for which surface."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.anyio

LOGIN = ("AC00000000000000000000000000000001", "00000000000000000000000000000001")
KEY = ("SK00000000000000000000000000000001", "0000000000000000000000000000000a")


@pytest.fixture
async def client(anyio_backend: str) -> AsyncIterator[httpx2.AsyncClient]:
    server = Server(Settings(clock="frozen"), lambda: b"")
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8008") as client:
        yield client
        await server.end()


@pytest.mark.parametrize(
    ("url", "base", "others"),
    [
        ("/v1/Conversations", "http://localhost:8008/v1", None),
        (
            "/conversations.twilio.com/v1/Conversations",
            "http://localhost:8008/conversations.twilio.com/v1",
            None,
        ),
        (
            "https://conversations.twilio.com/v1/Conversations",
            "https://conversations.twilio.com/v1",
            None,
        ),
        (
            "https://conversations.dublin.ie1.twilio.com/v1/Conversations",
            "https://conversations.dublin.ie1.twilio.com/v1",
            None,
        ),
    ],
)
async def test_a_request_comes_back_in_the_form_in_which_it_was_made(
    client: httpx2.AsyncClient, url: str, base: str, others: str | None
) -> None:
    response = await client.post(url, auth=LOGIN, data={"FriendlyName": "Talk"})
    assert response.status_code == 201
    assert response.json()["url"].startswith(f"{base}/Conversations/CH")


@pytest.mark.parametrize(
    ("url", "key"),
    [
        (f"/2010-04-01/Accounts/{LOGIN[0]}/Messages.json", "messages"),
        (f"https://api.twilio.com/2010-04-01/Accounts/{LOGIN[0]}/Messages.json", "messages"),
        ("/messaging.twilio.com/v1/Services", "services"),
        ("https://messaging.twilio.com/v1/Services", "services"),
    ],
)
async def test_every_product_is_served(client: httpx2.AsyncClient, url: str, key: str) -> None:
    response = await client.get(url, auth=LOGIN)
    assert response.status_code == 200
    assert key in response.json()


@pytest.mark.parametrize("login", [LOGIN, KEY])
async def test_a_token_or_a_key_lets_in(client: httpx2.AsyncClient, login: tuple[str, str]) -> None:
    assert (await client.get("/v1/Conversations", auth=login)).status_code == 200


@pytest.mark.parametrize(
    "login", [(LOGIN[0], "wrong"), (KEY[0], "wrong"), ("AC2", LOGIN[1]), ("", "")]
)
async def test_nothing_else_does(client: httpx2.AsyncClient, login: tuple[str, str]) -> None:
    response = await client.get("/v1/Conversations", auth=login)
    assert response.status_code == 401
    assert response.json()["code"] == 20003


async def test_a_key_of_another_account_opens_that_account(client: httpx2.AsyncClient) -> None:
    new = (await client.post("/_emulator/v1/accounts")).json()
    await client.post("/v1/Conversations", auth=LOGIN)
    login = (new["api_key"], new["api_secret"])
    assert (await client.get("/v1/Conversations", auth=login)).json()["conversations"] == []


@pytest.mark.parametrize("path", ["/", "/favicon.ico", "/v9/Things", "/example.com/v1"])
async def test_where_nothing_is_the_way_is_shown(client: httpx2.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert response.status_code == 404
    message = response.json()["message"]
    assert message.startswith(f"nothing is at {path}: this is twilio-emulator")
    assert "/_emulator/v1" in message


async def test_a_request_without_a_host(client: httpx2.AsyncClient) -> None:
    server = Server(Settings(), lambda: b"")
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b""}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "raw_path": b"/v1/Conversations",
        "query_string": b"",
        "headers": [],
    }
    await server(scope, receive, send)  # type: ignore[arg-type]
    assert sent[0]["status"] == 401
    await server.end()


async def test_a_socket_that_nobody_answers_is_closed() -> None:
    server = Server(Settings(), lambda: b"")
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(message)

    scope = {
        "type": "websocket",
        "scheme": "ws",
        "raw_path": b"/chat",
        "headers": [(b"host", b"localhost")],
    }
    await server(scope, receive, send)  # type: ignore[arg-type]
    assert [message["type"] for message in sent] == ["websocket.close"]
    await server.end()
