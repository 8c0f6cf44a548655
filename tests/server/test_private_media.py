"""Media of conversations, fetched by client SDKs with their access tokens."""

from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest

from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant, RemoveParticipant
from twilio_emulator.core.conversations.resources import Roles
from twilio_emulator.core.conversations.users import AddUser
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.anyio

SERVICE = "IS00000000000000000000000000000001"
MEDIA = f"/mcs.us1.twilio.com/v1/Services/{SERVICE}"


class Desk:
    """A server, asked without a port by users with their tokens."""

    def __init__(self, server: Server, client: httpx2.AsyncClient) -> None:
        self.world = server.worlds.default.world
        self.client = client

    def perform(self, command: Command) -> Any:
        return self.world.perform(command)

    async def ask(
        self, identity: str, method: str, path: str, json: object = None, ttl: int = 3600
    ) -> tuple[int, Any]:
        wish = {"identity": identity, "ttl": ttl}
        minted = await self.client.post("/_emulator/v1/tokens", json=wish)
        headers = {"X-Twilio-Token": minted.json()["token"]}
        answer = await self.client.request(method, MEDIA + path, json=json, headers=headers)
        return answer.status_code, answer.json()


@pytest.fixture
async def desk(anyio_backend: str) -> AsyncIterator[Desk]:
    server = Server(Settings(clock="frozen"), lambda: b"")
    transport = httpx2.ASGITransport(server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield Desk(server, client)
        await server.end()


async def test_a_file_is_as_private_as_the_conversation_that_it_was_sent_to(desk: Desk) -> None:
    status, file = await desk.ask("alice", "POST", "/Media?Category=media", {"a": "picture"})
    assert (status, file["author"]) == (201, "alice")
    place = {"service": SERVICE, "conversation": desk.perform(AddConversation(service=SERVICE)).sid}
    for identity in ("alice", "bob"):
        desk.perform(AddParticipant(**place, identity=identity))
    desk.perform(PostMessage(**place, author="alice", media_sid=(file["sid"],)))
    admin = next(each for each in desk.world[Roles] if each.friendly_name == "service admin")
    desk.perform(AddUser(service=SERVICE, identity="root", role_sid=admin.sid))
    wanted = {"command": "get", "list": [{"media_sid": file["sid"]}]}
    for identity in ("alice", "bob", "root"):
        assert (await desk.ask(identity, "GET", f"/Media/{file['sid']}"))[0] == 200
        status, found = await desk.ask(identity, "GET", f"/Media/{file['sid']}/Content")
        assert (status, found) == (200, {"a": "picture"})
        assert (await desk.ask(identity, "POST", "/MediaSet", wanted))[1][0]["code"] == 200

    desk.perform(RemoveParticipant(**place, participant="bob"))
    for identity in ("bob", "mallory"):
        for path in ("", "/Content"):
            status, refused = await desk.ask(identity, "GET", f"/Media/{file['sid']}{path}")
            assert (status, refused["code"]) == (403, 50430)
        _, (entry,) = await desk.ask(identity, "POST", "/MediaSet", wanted)
        assert entry == {"code": 403, "media_record": {"sid": file["sid"]}}


async def test_a_token_that_lives_too_long_opens_no_media(desk: Desk) -> None:
    status, refused = await desk.ask("alice", "GET", f"/Media/ME{'0' * 32}", ttl=86_401)
    assert (status, refused["code"]) == (401, 20104)
    assert (await desk.ask("alice", "GET", f"/Media/ME{'0' * 32}", ttl=86_400))[0] == 404
