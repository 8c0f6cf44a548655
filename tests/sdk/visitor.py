"""Client SDKs as they come to an account: connections without a network, which say frames and read
what they are told."""

import asyncio
import itertools
import json
import time
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from tests.sdk.client import frame, read
from twilio_emulator.core.conversations.resources import Service, Users
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.kernel.move_clock import MoveClock
from twilio_emulator.core.kernel.world import LOUD, Command, World
from twilio_emulator.runtime import numbering
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.sdk.twilsock.admission import Lobby
from twilio_emulator.sdk.twilsock.connection import ChatConnection
from twilio_emulator.settings import Settings
from twilio_emulator.wire.access_tokens import mint_token
from twilio_emulator.wire.twilio_hosts import Site

SERVICE = "IS00000000000000000000000000000001"
KEY = "SK00000000000000000000000000000001"
SECRET = "0000000000000000000000000000000a"


class House:
    """An account whose clock stands still, and its door for client SDKs."""

    def __init__(self) -> None:
        self.worlds = Worlds(Settings(clock="frozen"), numbering, lambda hosted: None)
        self.lobby = Lobby(self.worlds)
        self._serials = itertools.count()

    @property
    def world(self) -> World:
        return self.worlds.default.world

    def perform(self, command: Command) -> Any:
        """Have something done as REST would."""
        return self.worlds.default.gate.perform_now(command, LOUD)

    def advance(self, by: timedelta) -> None:
        """Let time pass."""
        self.perform(MoveClock(now=self.world.clock.now() + by))

    def other_service(self) -> str:
        """The sid of a second service."""
        wish = AddService(account=self.world.account_sid, friendly_name="Another")
        made: Service = self.perform(wish)
        return made.sid

    def token(self, identity: str, *, service: str = SERVICE, ttl: int = 3600) -> str:
        return mint_token(
            account_sid=self.world.account_sid,
            key_sid=KEY,
            secret=SECRET,
            identity=identity,
            service_sid=service,
            ttl=ttl,
            now=time.time(),
            serial=str(next(self._serials)),
        )

    def sync_token(self, identity: str, service: str = "default", *, chat: bool = False) -> str:
        """A token for a Sync service, and for the first service of Conversations if wanted."""
        return mint_token(
            account_sid=self.world.account_sid,
            key_sid=KEY,
            secret=SECRET,
            identity=identity,
            service_sid=SERVICE if chat else None,
            sync_service_sid=service,
            ttl=3600,
            now=time.time(),
            serial=str(next(self._serials)),
        )

    def visitor(self) -> "Visitor":
        """Somebody who has not said anything yet."""
        return Visitor(self)

    def client(self, identity: str, **wish: object) -> "Visitor":
        """Somebody who was let in."""
        visitor = self.visitor()
        assert visitor.init(self.token(identity), **wish)["status"]["code"] == 200
        return visitor


class Visitor:
    """One connection.

    Attributes:
        told: the headers and payloads of what came without having been asked for.
        order: the methods of what came, or the types of its events, from the first one on.
    """

    def __init__(self, house: House) -> None:
        self.house = house
        self.told: list[tuple[dict[str, Any], Any]] = []
        self.order: list[str] = []
        self._replies: dict[str, tuple[dict[str, Any], Any]] = {}
        self._numbers = itertools.count(1)
        self._working: set[asyncio.Task[None]] = set()
        site = Site("http://localhost/tsock.us1.twilio.com", "http://localhost/")
        self.connection = ChatConnection(house.lobby.admit, site, lambda: None, self._spawn)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._working.add(task)
        task.add_done_callback(self._working.discard)

    async def answered(self) -> None:
        """Wait until nothing of what was asked is being worked on."""
        async with asyncio.timeout(30):
            while self._working:
                await asyncio.wait(self._working)

    @property
    def user_sid(self) -> str:
        """The sid of its user."""
        grant = self.connection.entered.grant
        found = self.house.world[Users].by_identity.find((grant.service_sid, grant.identity))
        assert found is not None
        return found

    def say(self, message: bytes | str) -> None:
        """Send one WebSocket message."""
        self.connection.receive(message)
        self.listen()

    def listen(self) -> None:
        """Read what has come."""
        while (sent := self.connection.outbox.take()) is not None:
            header, payload = read(sent)
            self.order.append((payload or {}).get("event_type", header["method"]))
            if header["method"] == "reply":
                self._replies[header["id"]] = header, payload
            else:
                self.told.append((header, payload))

    def tell(self, header: dict[str, Any], payload: bytes = b"") -> str:
        """Send a frame; answers its id."""
        id = f"TM{next(self._numbers)}"
        self.say(frame({"id": id, **header}, payload))
        return id

    def init(self, token: str, **wish: object) -> dict[str, Any]:
        """Show a token; answers the header of the reply."""
        wanted = {"method": "init", "token": token, "capabilities": ["client_update"], **wish}
        return self.answer(self.tell(wanted))

    def update(self, token: str) -> dict[str, Any]:
        """Show a newer token; answers what Twilsock says of it."""
        status: dict[str, Any] = self.answer(self.tell({"method": "update", "token": token}))[
            "status"
        ]
        return status

    def answer(self, id: str) -> dict[str, Any]:
        """The header of the reply to a frame."""
        return self.reply(id)[0]

    def reply(self, id: str) -> tuple[dict[str, Any], Any]:
        """The reply to a frame."""
        return self._replies.pop(id)

    async def ask(
        self, method: str, path: str, body: object = None, **params: str
    ) -> tuple[int, Any]:
        """A request through the tunnel: the status and the body of its answer."""
        http = {"host": "aim.us1.twilio.com", "method": method, "path": path, "params": params}
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        id = self.tell({"method": "message", "http_request": http}, payload)
        while id not in self._replies:
            await asyncio.gather(*self._working)
            self.listen()
        header, answer = self._replies.pop(id)
        assert header["status"]["code"] == 200
        return header["http_status"]["code"], answer

    async def subscribe(self, *objects: tuple[str, str]) -> list[tuple[str, Any]]:
        """Watch objects, by kind and sid; what became of each, or its error."""
        self.told.clear()
        wanted = [
            {"object_type": kind, "object_sid": sid, "last_event_id": 0} for kind, sid in objects
        ]
        said = {"action": "establish", "correlation_id": 1, "requests": wanted}
        status, _ = await self.ask("POST", "/v4/Subscriptions", said)
        assert status == 200
        return self.events()

    def events(self) -> list[tuple[str, Any]]:
        """Type and fields of every event of Sync since the last time."""
        self.listen()
        told, self.told = self.told, []
        return [
            (payload["event_type"], event)
            for _, payload in told
            for event in _events(payload or {})
        ]


def _events(payload: dict[str, Any]) -> list[Any]:
    """The events of a notification; clients of protocol 3 get one each."""
    return [payload["event"]] if "event" in payload else payload.get("events", [])
