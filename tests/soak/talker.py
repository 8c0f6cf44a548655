"""A client of the SDK socket: asks for everything that there is, and for what there is not."""

import asyncio
import json
from collections import deque
from collections.abc import Coroutine
from random import Random
from typing import Any
from urllib.parse import quote, urlsplit

from tests.sdk.client import frame, read
from tests.soak.judge import ERROR
from tests.soak.values import DOCUMENTS, IDENTITIES, TEXTS, Values
from twilio_emulator.sdk.twilsock.connection import ChatConnection
from twilio_emulator.server.app import Server
from twilio_emulator.wire.twilio_hosts import Site

SYNC = ("Documents", "Lists", "Maps")
METHODS = ("GET", "POST", "DELETE", "PUT", "get", "")
ACTIONS = ("init", "update", "message", "ping", "close", "reply", "telemetry.v1", "x", "")


class Talker:
    """One connection, from its socket's opening on, without the socket.

    Attributes:
        wrong: what came that should not have.
    """

    def __init__(self, server: Server, values: Values, token: str) -> None:
        self.dice: Random = values.dice
        self.values = values
        self.token = token
        self.wrong: list[str] = []
        self.links: deque[str] = deque(maxlen=60)
        self.objects: deque[tuple[str, str]] = deque(maxlen=60)
        self._tasks: set[asyncio.Task[None]] = set()
        site = Site("https://tsock.us1.twilio.com", "https://")
        self.connection = ChatConnection(server.lobby.admit, site, lambda: None, self._spawn)
        self._number = 0
        self._last: tuple[dict[str, Any], Any] = {}, None
        self._frame("init", token=token, capabilities=["client_update"], registrations=[])

    @property
    def is_over(self) -> bool:
        return self.connection.ended or self.connection.is_broken

    async def settle(self) -> None:
        """Wait for what is being answered, and look at all that came."""
        while self._tasks:
            await asyncio.wait(self._tasks)
        while (sent := self.connection.outbox.take()) is not None:
            try:
                self._last = read(sent)
                self._look_at(*self._last)
            except (AssertionError, ValueError) as error:
                self.wrong.append(f"{error!r} in {sent[:500]!r}")

    async def asked(self, path: str) -> tuple[int, Any]:
        """Status and body of what is answered to a GET."""
        self._frame("message", http_request={"method": "GET", "path": path})
        await self.settle()
        header, payload = self._last
        return header["http_status"]["code"], payload

    def talk(self) -> str:
        """Send something; answers what it was."""
        chance = self.dice.random()
        if chance < 0.05:
            return self._send(self._garbage())
        if chance < 0.1:
            return self._frame(self.dice.choice(ACTIONS), token=self.dice.choice((self.token, "x")))
        if chance < 0.25 and self.objects:
            return self._subscribe()
        return self._ask()

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _send(self, message: bytes | str) -> str:
        self.connection.receive(message)
        return repr(message)

    def _frame(self, method: str, payload: bytes = b"", **header: object) -> str:
        self._number += 1
        return self._send(frame({"method": method, "id": f"TM{self._number}", **header}, payload))

    def _ask(self) -> str:
        dice = self.dice
        method = dice.choices(METHODS, (6, 6, 1, 0.2, 0.2, 0.1))[0]
        params = {
            name: self._value()
            for name in ("PageSize", "PageToken", "Order", "From", "Key", "Index", "Include")
            if dice.random() < 0.15
        }
        body = b"" if method == "GET" else self._body()
        asked = {"method": method, "path": self._path(), "host": "aim.us1.twilio.com"}
        return self._frame("message", body, http_request={**asked, "params": params})

    def _path(self) -> str:
        dice = self.dice
        if self.links and dice.random() < 0.85:
            path = dice.choice(self.links)
        elif self.objects and dice.random() < 0.7:
            path = f"/v3/{dice.choice(SYNC)}/{dice.choice(self.objects)[0]}"
        else:
            path = dice.choice(("/Client/v2/Configuration", "/v1/registrations", "/v1/typing", "/"))
        if dice.random() < 0.1:
            path += "/" + quote(self.values.naughty()[:200], safe="")
        return path

    def _value(self) -> str:
        choice = self.dice.choice(("1", "50", "asc", "desc", "items", "0", self.values.naughty()))
        return quote(choice[:3000])

    def _body(self) -> bytes:
        dice = self.dice
        if dice.random() < 0.1:
            return self.values.body()
        said = {
            "body": dice.choice(TEXTS),
            "attributes": dice.choice(DOCUMENTS),
            "identity": dice.choice(IDENTITIES),
            "friendly_name": dice.choice((*IDENTITIES, self.values.naughty())),
            "unique_name": dice.choice(IDENTITIES),
            "status": dice.choice(("joined", "notParticipating", 1)),
            "last_read_message_index": dice.choice((0, 1, -1, None, 10**30, "0")),
            "notification_level": dice.choice(("default", "muted", "loud")),
            "conversation_sid": "CH" + "0" * 32,
            "type": 0,
        }
        for name in list(said):
            if dice.random() < 0.5:
                del said[name]
            elif dice.random() < 0.05:
                said[name] = self.values.document()
        return json.dumps(said).encode()

    def _subscribe(self) -> str:
        dice = self.dice
        wanted = [
            {
                "object_sid": sid if dice.random() < 0.95 else self.values.naughty()[:100],
                "object_type": kind if dice.random() < 0.95 else "stream",
                "last_event_id": dice.choice((0, 0, 1, None, -1, 2**60)),
            }
            for sid, kind in dice.sample(list(self.objects), min(3, len(self.objects)))
        ]
        body = {
            "event_protocol_version": dice.choice((4, 3, 0)),
            "action": dice.choice(("establish", "establish", "cancel", "x")),
            "correlation_id": dice.choice((1, None, 2**70)),
            "requests": wanted,
        }
        asked = {"method": "POST", "path": "/v4/Subscriptions"}
        return self._frame("message", json.dumps(body).encode(), http_request=asked)

    def _garbage(self) -> bytes | str:
        dice = self.dice
        whole = frame({"method": "message", "id": "TM0", "http_request": {"method": "GET"}}, b"{}")
        at = dice.randrange(len(whole))
        return dice.choice(
            (
                dice.randbytes(dice.randrange(200)),
                self.values.naughty().encode(errors="replace"),
                self.values.naughty(),
                whole[:at],
                whole[:at] + dice.randbytes(3) + whole[at + 1 :],
                whole.replace(b"3.0", b"9.9"),
                b"TWILSOCK V3.0 999999999\r\n{}",
            )
        )

    def _look_at(self, header: dict[str, Any], payload: Any) -> None:
        status = header.get("http_status", {}).get("code", 200)
        if status >= 500:
            self.wrong.append(f"status {status}: {payload}")
        elif status >= 400 and payload.keys() - {"details"} != ERROR:
            self.wrong.append(f"an error without Twilio's four keys: {payload}")
        elif header["method"] == "reply" and status < 300:
            self._learn(payload)

    def _learn(self, said: Any) -> None:
        if isinstance(said, str) and said.startswith("https://"):
            path = urlsplit(said).path.replace("%s", "CH" + "0" * 32)
            if path not in self.links:
                self.links.append(path)
        elif isinstance(said, list):
            for each in said[:10]:
                self._learn(each)
        elif isinstance(said, dict):
            for name, value in said.items():
                if name == "sync_objects":
                    self.objects.extend((each, "map") for each in value.values())
                self._learn(value)
            kind = {"ET": "document", "ES": "list", "MP": "map"}.get(str(said.get("sid"))[:2])
            if kind is not None:
                self.objects.append((said["sid"], kind))
