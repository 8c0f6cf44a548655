"""Where scenarios are played: an account in this process."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from twilio_emulator.control.phones import look
from twilio_emulator.core.conversations.resources import AccountConfigurations
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.scenarios.language.problems import FilePosition
from twilio_emulator.scenarios.player.receivers import Receivers
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.socket_client import Socket
from twilio_emulator.scenarios.player.stage import ApiAnswer, ScenarioAccount, ScenarioSetup
from twilio_emulator.webhooks.http.exchange import Came, Signed
from twilio_emulator.webhooks.http.signatures import Parameters, Parts
from twilio_emulator.wire.immediate import Later, Shown, WholeAnswer

if TYPE_CHECKING:
    pass

from twilio_emulator.core.accounts.accounts import Accounts, ApiKeys
from twilio_emulator.core.orchestrator.configurations import first_configuration
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.sync.services import default_service_sid
from twilio_emulator.core.verify.services import first_service_sid
from twilio_emulator.play.remote import (
    SOCKET_HOST,
    SOCKET_PATH,
    Headers,
    Message,
    Receive,
    RemoteStage,
    Send,
    _read,
)

BEHIND = "~"
"""Stands behind every sid."""


class App(Protocol):
    """The emulator as an ASGI application."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None: ...

    def answer_now(self, shown: Shown) -> WholeAnswer | Later | None:
        """The answer to a request, or its rest; None, and nothing has happened, else."""


class LocalStage(RemoteStage):
    """An account in this process.

    Args:
        app: the emulator.
        worlds: the accounts that it has.
        hosted: the account to play in; a fresh one unless given.
    """

    def __init__(self, app: App, worlds: Worlds, hosted: Hosted | None = None) -> None:
        self._app = app
        self._worlds = worlds
        self._given = hosted
        self._rate = 0.0
        self._name: str | None = None
        self._authorization = b""
        self._account_sid = ""

    async def open(self, opening: ScenarioSetup) -> ScenarioAccount:
        """A fresh account, or the given one."""
        if self._given is None:
            account = await super().open(opening)
            hosted = self._worlds.of(account.account_sid)
            assert hosted is not None
        else:
            hosted = self._given
        self._hosted = hosted
        world = hosted.world
        found = world[Accounts][world.account_sid]
        defaults = world[AccountConfigurations][found.sid]
        (key, *_) = world[ApiKeys].all(world[ApiKeys].by_account, found.sid)
        configuration = first_configuration(world, found.sid)
        return self._entered(
            {
                "account_sid": found.sid,
                "auth_token": found.auth_token,
                "api_key": key.sid,
                "api_secret": key.secret,
                "conversation_service_sid": defaults.default_chat_service_sid,
                "messaging_service_sid": defaults.default_messaging_service_sid,
                "verify_service_sid": first_service_sid(world, found.sid),
                "sync_service_sid": default_service_sid(world, found.sid),
                "conversation_configuration_id": configuration and configuration.sid,
                "memory_store_id": configuration and configuration.settings.memory_store_id,
                "numbers": [number.address for number in world[PhoneNumbers]],
            }
        )

    async def begin(self, opening: ScenarioSetup, place: FilePosition | None) -> None:
        """Have the clock of a given account stand still for the story, where the story begins."""
        if self._given is None or opening.now is None:
            return
        hosted = self._given
        if hosted.world.clock.rate:
            self._rate = hosted.world.clock.rate
            hosted.pace.set_rate(0)
        if place is None:
            return
        now = hosted.world.clock.now()
        if opening.now < now:
            raise Unfulfilled(
                f"a clock that shows {write_instant(opening.now)} or earlier",
                f"that of the account shows {write_instant(now)}, and no clock runs back",
            )
        await hosted.pace.move_to(opening.now)

    async def end(self) -> None:
        """Let a clock that stood still for the story run on, and go by no name any more."""
        if self._name is not None and self._hosted.names is not None:
            self._hosted.names.take_back(self._name)
        if self._rate:
            self._hosted.pace.set_rate(self._rate)

    async def receive(self, receivers: Receivers) -> str:
        """Have webhooks come without a detour over the network."""

        async def send(
            parts: Parts, signed: Signed, headers: Parameters, begun: Callable[[], None]
        ) -> Came:
            begun()
            said = await receivers.take(signed.method, parts.target, headers, signed.body)
            body = said.body.encode()
            kind = ("content-type", said.content_type)
            return Came(
                status=said.status,
                headers=(kind, ("content-length", str(len(body)))),
                body=body,
            )

        assert self._hosted.names is not None
        self._name = self._hosted.names.give(send)
        return self._name

    async def connect(self) -> Socket:
        """A socket to where client SDKs connect."""
        return _LocalSocket(self._app)

    async def inbox(self, handset: str, after: int) -> list[dict[str, Any]]:
        """What a handset has got since."""
        world = self._hosted.world
        items = world[InboxItems]
        later = items.by_handset.of(handset).upward((after, BEHIND))
        shown = [look.item(world, items[sid]) for _, sid in later]
        found: list[dict[str, Any]] = _as_sent(shown) if shown else []
        return found

    async def now(self) -> datetime:
        """The account's time."""
        return self._hosted.world.clock.now()

    async def next_due(self) -> datetime | None:
        """When the next timer fires."""
        return self._hosted.world.timers.next_due()

    async def next_limit(self) -> float | None:
        """Seconds until the first call under way has waited enough."""
        return self._hosted.pace.limit()

    async def move_to(self, instant: datetime, *, settle: bool = True) -> None:
        """Let time pass until then."""
        await self._hosted.pace.move_to(instant, settle=settle)

    async def heard(self, after: int, seconds: float) -> int:
        """Wait for something to happen."""
        log, news = self._hosted.gate.log, self._hosted.news
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    events = [e.number for e in log.after(after) if e.kind == "event"]
                    if events:
                        return events[-1]
                    await news.wait()
        return after

    @property
    def busy(self) -> bool:
        """Whether a webhook is under way."""
        return self._hosted.pace.busy()

    async def settle(self) -> None:
        """Wait until no webhook is under way."""
        await self._hosted.pace.settle()

    async def _ask(
        self, method: str, path: str, query: bytes, headers: Headers, body: bytes
    ) -> ApiAnswer:
        answer = self._app.answer_now(Shown(method, "https", path, query, dict(headers), body))
        if isinstance(answer, WholeAnswer):
            return ApiAnswer(answer.status, _read(answer.body))
        status = 0
        content = bytearray()
        asked = False

        async def receive() -> Message:
            nonlocal asked
            if asked:  # the caller does not leave
                await asyncio.get_running_loop().create_future()
            asked = True
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                content.extend(message.get("body", b""))

        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query,
            "headers": headers,
            "client": ("127.0.0.1", 0),
        }
        await (answer or self._app)(scope, receive, send)
        return ApiAnswer(status, _read(bytes(content)))


class _LocalSocket:
    """A socket to an application in this process."""

    def __init__(self, app: App) -> None:
        self._there: asyncio.Queue[Message] = asyncio.Queue()
        self._here: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._there.put_nowait({"type": "websocket.connect"})
        scope = {
            "type": "websocket",
            "scheme": "wss",
            "path": SOCKET_PATH,
            "raw_path": SOCKET_PATH.encode(),
            "query_string": b"",
            "headers": [(b"host", SOCKET_HOST.encode())],
            "subprotocols": [],
            "client": ("127.0.0.1", 0),
        }
        self._task = asyncio.ensure_future(app(scope, self._there.get, self._told))

    async def _told(self, message: Message) -> None:
        if message["type"] == "websocket.send":
            self._here.put_nowait(message["bytes"])
        elif message["type"] == "websocket.close":
            self._here.put_nowait(None)

    async def send(self, frame: bytes) -> None:
        """Send a binary message."""
        self._there.put_nowait({"type": "websocket.receive", "bytes": frame, "text": None})

    async def receive(self) -> bytes | None:
        """The next message; None when the socket is closed."""
        return await self._here.get()

    async def close(self) -> None:
        """Close it."""
        self._there.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await self._task
        self._here.put_nowait(None)


def _as_sent(shown: Any) -> Any:
    """What a caller over the network would get of this."""
    return msgspec.json.decode(msgspec.json.encode(shown))
