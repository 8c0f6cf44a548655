"""A name that a stranger can have pointed at us answers nothing of ours (DNS rebinding)."""

import asyncio
from base64 import b64encode
from collections.abc import MutableMapping
from typing import Any

import httpx2
import pytest

from tests.control.asking import Control
from twilio_emulator.core.texts.short_links import ShortLink, ShortLinks
from twilio_emulator.server.app import Server
from twilio_emulator.settings import ACCOUNT_SID, AUTH_TOKEN, Settings
from twilio_emulator.wire.immediate import Shown

pytestmark = pytest.mark.anyio

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
LOGIN = f"Basic {b64encode(f'{ACCOUNT_SID}:{AUTH_TOKEN}'.encode()).decode()}"
STRANGERS = (
    "evil.example",
    "EVIL.example:8008",
    "127.0.0.1.evil.example",
    "eviltwilio.com",
    "api.twilio.com.evil.example",
    "a" * 400,
)
FRIENDS = ("localhost:8008", "127.0.0.1", "[::1]:8008", "twilio:8008", "host.docker.internal")


def server(**settings: Any) -> Server:
    return Server(Settings(clock="frozen", **settings), lambda: b"")


async def get(server: Server, path: str, host: str, **more: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get(path, headers={"host": host, "authorization": LOGIN, **more})


@pytest.mark.parametrize("host", STRANGERS)
@pytest.mark.parametrize(
    "path",
    [
        MESSAGES,
        f"/api.twilio.com{MESSAGES}",
        "/v1/Conversations",
        "/conversations.twilio.com/v1/Conversations",
        "/media.twiliocdn.com/x",
        "/media.us1.twilio.com/x/y",
        "/",
        "/inbox.js",
        "/abc",
        "/v3/wsconnect",
    ],
)
async def test_a_stranger_is_refused_everywhere(host: str, path: str) -> None:
    response = await get(server(), path, host)
    assert response.status_code == 403
    message = response.json()["message"]
    assert message.startswith(f"Host {host[:300]}: expected")
    assert "--allow-host" in message
    assert "\n" not in message


@pytest.mark.parametrize("host", [*FRIENDS, "api.twilio.com", "conversations.ie1.twilio.com"])
async def test_who_cannot_be_a_stranger_is_served(host: str) -> None:
    path = MESSAGES if host.startswith("api.") else "/v1/Conversations"
    if not host.endswith("twilio.com"):
        assert (await get(server(), MESSAGES, host)).status_code == 200
    assert (await get(server(), path, host)).status_code == 200


async def test_the_user_adds_names() -> None:
    allowing = server(allow_hosts=("emulator.test",))
    assert (await get(allowing, MESSAGES, "emulator.test:8008")).status_code == 200
    assert (await get(allowing, MESSAGES, "other.test:8008")).status_code == 403


async def test_the_names_that_apps_are_told_are_served() -> None:
    public = server(public_url="https://Emulator.example:9000")
    assert (await get(public, MESSAGES, "emulator.example:9000")).status_code == 200
    assert (await get(public, "/_emulator/v1/clock", "emulator.example:9000")).status_code == 403


async def test_the_name_that_an_account_tells_its_app_is_served(control: Control) -> None:
    assert (await get(control.server, MESSAGES, "mine.example")).status_code == 403
    await control.ask("POST", "/accounts", {"public_url": "http://mine.example"}, status=201)
    assert (await get(control.server, MESSAGES, "mine.example")).status_code == 200


@pytest.mark.parametrize("host", STRANGERS)
async def test_nor_is_anything_answered_at_once(host: str) -> None:
    headers = {b"host": host.encode(), b"authorization": LOGIN.encode()}
    asked = Shown("GET", "http", MESSAGES, b"", headers, b"")
    assert server().answer_now(asked) is None
    assert server().answer_now(asked._replace(headers={**headers, b"host": b"localhost"}))


async def test_a_short_link_is_followed_at_its_own_host_only(control: Control) -> None:
    link = ShortLink(host="links.example", code="abc", target="https://shop.example/")
    control.default.world[ShortLinks].put(link)
    followed = await get(control.server, "/abc", "links.example")
    assert followed.headers["location"] == "https://shop.example/"
    assert (await get(control.server, "/links.example/abc", "localhost")).status_code == 307
    assert (await get(control.server, "/links.example/abc", "evil.example")).status_code == 403
    assert (await get(control.server, "/other", "links.example")).status_code == 403


@pytest.mark.parametrize("extensions", [{"websocket.http.response": {}}, {}])
async def test_a_stranger_opens_no_socket(extensions: dict[str, Any]) -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "websocket",
        "scheme": "ws",
        "raw_path": b"/v3/wsconnect",
        "headers": [(b"host", b"evil.example")],
        "extensions": extensions,
    }
    async with asyncio.timeout(5):
        await server()(scope, receive, send)
    if extensions:
        assert sent[0]["status"] == 403
        assert b"--allow-host" in sent[1]["body"]
    else:
        assert [message["type"] for message in sent] == ["websocket.close"]
