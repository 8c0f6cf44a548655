"""The 2010 API through the whole server: what it needs others for."""

from base64 import b64encode
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from tests.server.conftest import ACCOUNT, ANN, NUMBER, OTHER_NUMBER, Site
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.texts.media import Enclosure, of
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.anyio

TOKEN = "00000000000000000000000000000001"
BASE = f"/2010-04-01/Accounts/{ACCOUNT}"
PICTURE = b"\x89PNG picture"


class Twilio:
    """The default account of a server, asked without a port."""

    def __init__(self, server: Server, client: httpx2.AsyncClient) -> None:
        self.server = server
        self.client = client

    @property
    def world(self) -> World:
        return self.server.worlds.default.world

    async def ask(
        self, method: str, path: str, user: str = ACCOUNT, token: str = TOKEN, **form: object
    ) -> httpx2.Response:
        authorization = b64encode(f"{user}:{token}".encode()).decode()
        return await self.client.request(
            method,
            f"{BASE}{path}",
            content=urlencode(form, doseq=True),
            headers={
                "Authorization": f"Basic {authorization}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
        )

    async def send(self, **form: object) -> Any:
        answer = await self.ask("POST", "/Messages.json", From=NUMBER, Body="Look", **form)
        assert answer.status_code == 201
        return answer.json()

    async def advance(self, seconds: float) -> None:
        answer = await self.client.post("/_emulator/v1/clock", json={"advance": seconds})
        assert answer.status_code == 200


@pytest.fixture
async def twilio(anyio_backend: str) -> AsyncIterator[Twilio]:
    server = Server(Settings(clock="frozen"), lambda: b"")
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8008") as client:
        yield Twilio(server, client)
        await server.end()


async def test_media_go_out_and_are_read_by_anybody(twilio: Twilio, site: Site) -> None:
    sent = await twilio.send(To=ANN, MediaUrl=site.put("/a.png", PICTURE, "image/png"))
    await twilio.advance(1)

    fetched = (await twilio.ask("GET", f"/Messages/{sent['sid']}.json")).json()
    assert fetched["status"] == "delivered"
    listed = (await twilio.ask("GET", f"/Messages/{sent['sid']}/Media.json")).json()
    (media,) = listed["media_list"]
    assert media["content_type"] == "image/png"

    answer = await twilio.client.get(media["uri"].removesuffix(".json"))
    assert (answer.status_code, answer.content) == (200, PICTURE)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["access-control-allow-origin"] == "*"


async def test_media_that_were_never_fetched_are_not_there(twilio: Twilio) -> None:
    url = "http://127.0.0.1:1/a.png"
    media = (Enclosure(content_type="image/png", url=url), Enclosure(content_type="image/png"))
    text = twilio.world.perform(SendFromHandset(address=ANN, to=NUMBER, media=media))
    elsewhere, nowhere = of(twilio.world, text.sid)

    for path in (
        f"{BASE}/Messages/{text.sid}/Media/{elsewhere.sid}",
        f"{BASE}/Messages/{text.sid}/Media/{nowhere.sid}",
        f"{BASE}/Messages/{text.sid}/Media/ME{'0' * 32}",
        f"{BASE}/Messages/SM{'0' * 32}/Media/{elsewhere.sid}",
        f"/2010-04-01/Accounts/AC{'9' * 32}/Messages/{text.sid}/Media/{elsewhere.sid}",
    ):
        answer = await twilio.client.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, 20404)


async def test_bytes_are_not_deleted_by_anybody(twilio: Twilio) -> None:
    path = f"{BASE}/Messages/SM{'0' * 32}/Media/ME{'0' * 32}.json"
    assert (await twilio.client.delete(path)).status_code == 401


async def test_a_text_comes_in_at_another_number_before_the_clock_answers(
    twilio: Twilio,
) -> None:
    await twilio.send(To=OTHER_NUMBER)
    await twilio.advance(1)
    listed = (await twilio.ask("GET", "/Messages.json")).json()["messages"]
    assert [(it["direction"], it["status"]) for it in listed] == [
        ("inbound", "received"),
        ("outbound-api", "delivered"),
    ]


async def test_test_credentials_are_those_of_the_account(twilio: Twilio) -> None:
    account = "AC0000000000000000000000000000000f"
    for token, status in (("0000000000000000000000000000000f", 201), (TOKEN, 401)):
        answer = await twilio.client.post(
            f"/2010-04-01/Accounts/{account}/Messages.json",
            auth=(account, token),
            data={"To": ANN, "From": "+15005550006", "Body": "Hi"},
        )
        assert answer.status_code == status


async def test_a_key_that_is_withdrawn_opens_nothing(twilio: Twilio) -> None:
    made = (await twilio.ask("POST", "/Keys.json")).json()
    key = {"user": made["sid"], "token": made["secret"]}
    assert (await twilio.ask("GET", "/Messages.json", **key)).status_code == 200
    assert (await twilio.ask("DELETE", f"/Keys/{made['sid']}.json")).status_code == 204
    assert (await twilio.ask("GET", "/Messages.json", **key)).status_code == 401


async def test_pages_of_any_origin_may_upload(twilio: Twilio) -> None:
    for url in ("/mcs.us1.twilio.com/v1/Services/IS1/Media", "https://mcs.us1.twilio.com/v1/x"):
        answer = await twilio.client.options(
            url,
            headers={
                "Origin": "https://app.example.com",
                "Access-Control-Request-Method": "POST",
                "Access-Control-Request-Headers": "content-type,x-twilio-token",
                "Access-Control-Request-Private-Network": "true",
            },
        )
        assert answer.status_code == 204
        assert {
            name.removeprefix("access-control-allow-"): value
            for name, value in answer.headers.items()
            if name.startswith("access-control-allow-")
        } == {
            "origin": "*",
            "methods": "GET, POST, DELETE",
            "headers": "content-type,x-twilio-token",
            "private-network": "true",
        }
    plain = await twilio.client.options("/media.us1.twilio.com/media-temp/ME1")
    assert plain.headers["access-control-allow-headers"] == "x-twilio-token"
    assert "access-control-allow-private-network" not in plain.headers


async def test_a_web_chat_is_opened_and_its_visitor_connects(twilio: Twilio) -> None:
    async def post(url: str, **form: str) -> httpx2.Response:
        return await twilio.client.post(url, data=form, auth=(ACCOUNT, TOKEN))

    root = "https://conversations.twilio.com/v1"
    configured = await post(
        f"{root}/Configuration/Addresses", Type="chat", Address="site", FriendlyName="Site"
    )
    opened = await post(
        "https://flex-api.twilio.com/v2/WebChats",
        AddressSid=configured.json()["sid"],
        ChatFriendlyName="Webchat widget",
        CustomerFriendlyName="Ann",
        PreEngagementData='{"friendlyName": "Ann"}',
    )
    assert (opened.status_code, opened.json().keys()) == (201, {"conversation_sid", "identity"})
    conversation = opened.json()["conversation_sid"]
    said = await post(
        f"{root}/Conversations/{conversation}/Messages",
        Author=opened.json()["identity"],
        Body="Hello",
    )
    assert (said.status_code, said.json()["participant_sid"][:2]) == (201, "MB")
    missing = await post("https://flex-api.twilio.com/v2/WebChats", addressSid="x")
    assert (missing.status_code, missing.json()["code"]) == (400, 20001)
