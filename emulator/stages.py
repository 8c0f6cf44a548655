"""Where scenarios are played: an account in this process, or one of a running emulator over HTTP.

The rules of this file:

- Both do the same by the same calls, which go through the application as those of any client.
- What a story asks all the time (what has arrived, how late it is) the account in this process is
  asked directly; it changes nothing. What needs no waiting is answered without a turn of the event
  loop, as it is for callers over the network. Both save most of the time.
"""

import asyncio
import contextlib
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self
from urllib.parse import quote, urlencode

import httpx2
import msgspec
from websockets.exceptions import WebSocketException

from emulator.core.plain import write_instant
from emulator.inbox import look
from emulator.scenarios.chat_client import Socket
from emulator.scenarios.problems import Place
from emulator.scenarios.report import Unfulfilled
from emulator.scenarios.stage import Account, Answer, Given, Opening
from emulator.wire.whole import Shown, Whole
from emulator.worlds import Hosted, Worlds

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

PREFIX = "/_emulator/v1"
SOCKET_HOST = "tsock.us1.twilio.com"
SOCKET_PATH = "/v3/wsconnect"
JSON = b"application/json"
FORM = b"application/x-www-form-urlencoded"
POLL = 0.05
"""Seconds between two looks at whether something has happened."""

BEHIND = "~"
"""Stands behind every sid."""


class App(Protocol):
    """The emulator as an ASGI application."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None: ...

    def answer_now(self, shown: Shown) -> Whole | None:
        """The answer to a request that needs no waiting; None, and nothing has happened, else."""


class RemoteStage:
    """An account of a running emulator.

    Args:
        url: of the emulator.
        timeout: the machine's seconds that one call may take.

    Raises:
        Unfulfilled: there is no emulator; from every method.
    """

    def __init__(self, url: str, timeout: float = 60.0) -> None:
        self._url = url.rstrip("/")
        # The emulator closes a connection when nothing has come for 5 s.
        kept = httpx2.Limits(keepalive_expiry=2.0)
        self._client = httpx2.AsyncClient(timeout=timeout, trust_env=False, limits=kept)
        self._authorization = b""
        self._account_sid = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def open(self, opening: Opening) -> Account:
        """A fresh account."""
        wish = {
            "friendly_name": opening.title,
            "numbers": opening.numbers,
            "seed": opening.seed,
            "clock": "real" if opening.now is None else "frozen",
            "now": opening.now and write_instant(opening.now),
            "carrier": opening.carrier,
        }
        answer = await self.control("POST", "/accounts", wish)
        if answer.refused or not isinstance(answer.body, dict):
            raise Unfulfilled("a fresh account", str(answer.body)[:200])
        return self._entered(answer.body)

    async def begin(self, opening: Opening, place: Place | None) -> None:
        """The account was opened with its clock."""

    async def end(self) -> None:
        """Nobody else uses the account."""

    def _entered(self, account: dict[str, Any]) -> Account:
        self._account_sid = account["account_sid"]
        user = f"{account['account_sid']}:{account['auth_token']}"
        self._authorization = b"Basic " + b64encode(user.encode())
        return Account(
            account_sid=account["account_sid"],
            auth_token=account["auth_token"],
            api_key=account["api_key"],
            api_secret=account["api_secret"],
            conversation_service_sid=account["conversation_service_sid"],
            messaging_service_sid=account["messaging_service_sid"],
            numbers=tuple(account["numbers"]),
        )

    async def rest(self, method: str, host: str, path: str, given: Given, *, loud: bool) -> Answer:
        """Ask Twilio's REST, as a request to its host."""
        headers: Headers = [(b"host", host.encode()), (b"authorization", self._authorization)]
        if loud:
            headers.append((b"x-twilio-webhook-enabled", b"true"))
        if method not in ("POST", "PUT"):
            return await self._ask(method, path, urlencode(given).encode(), headers, b"")
        if isinstance(given, dict):
            headers.append((b"content-type", JSON))
            return await self._ask(method, path, b"", headers, json.dumps(given).encode())
        headers.append((b"content-type", FORM))
        return await self._ask(method, path, b"", headers, urlencode(given).encode())

    async def control(self, method: str, path: str, body: Any = None) -> Answer:
        """Ask the control API."""
        path, _, query = path.partition("?")
        if self._account_sid:
            query += f"{'&' if query else ''}account={self._account_sid}"
        headers: Headers = [(b"host", b"localhost"), (b"content-type", JSON)]
        content = b"" if body is None else json.dumps(body).encode()
        return await self._ask(method, PREFIX + path, query.encode(), headers, content)

    async def inbox(self, handset: str, after: int) -> list[dict[str, Any]]:
        """What a handset has got since."""
        answer = await self.control("GET", f"/handsets/{quote(handset)}/messages?since={after}")
        items: list[dict[str, Any]] = [] if answer.refused else answer.body["items"]
        return items

    async def connect(self) -> Socket:
        """A socket to where client SDKs connect."""
        from websockets.asyncio.client import connect  # only who has chat clients needs it

        url = f"ws{self._url.removeprefix('http')}/{SOCKET_HOST}{SOCKET_PATH}"
        try:
            return _WebSocket(await connect(url, proxy=None, max_size=None))
        except (OSError, WebSocketException) as error:
            raise Unfulfilled(f"a socket at {url}", str(error)) from None

    async def now(self) -> datetime:
        """The account's time."""
        return _instant((await self.control("GET", "/clock")).body["now"])

    async def next_due(self) -> datetime | None:
        """When the next timer fires."""
        due = (await self.control("GET", "/clock")).body["next_due"]
        return due and _instant(due)

    async def next_limit(self) -> float | None:
        """Seconds until the first call under way has waited enough."""
        seconds: float | None = (await self.control("GET", "/clock")).body["next_limit"]
        return seconds

    async def move_to(self, instant: datetime, *, settle: bool = True) -> None:
        """Let time pass until then."""
        await self.control("POST", "/clock", {"now": write_instant(instant), "settle": settle})

    async def heard(self, after: int, seconds: float) -> int:
        """Wait for something to happen."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    answer = await self.control("GET", f"/journal?after={after}&limit=10000")
                    events = [e["seq"] for e in answer.body["entries"] if e["kind"] == "event"]
                    if events:
                        return int(events[-1])
                    await asyncio.sleep(POLL)
        return after

    @property
    def busy(self) -> bool:
        """Whether a webhook may be under way: from here nobody knows."""
        return True

    async def settle(self) -> None:
        """Wait until no webhook is under way."""
        await self.control("POST", "/clock", {"advance": 0})

    async def _ask(
        self, method: str, path: str, query: bytes, headers: Headers, body: bytes
    ) -> Answer:
        url = f"{self._url}{path}" + (f"?{query.decode()}" if query else "")
        try:
            answer = await self._client.request(method, url, headers=headers, content=body)
        except httpx2.HTTPError as error:
            reason = f"{type(error).__name__}: {error}"
            raise Unfulfilled(f"an emulator at {self._url}", reason) from None
        return Answer(answer.status_code, _read(answer.content))


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
        self._authorization = b""
        self._account_sid = ""

    async def open(self, opening: Opening) -> Account:
        """A fresh account, or the given one."""
        if self._given is None:
            account = await super().open(opening)
            hosted = self._worlds.of(account.account_sid)
            assert hosted is not None
        else:
            hosted = self._given
        self._hosted = hosted
        world = hosted.world
        found = world.accounts[world.account_sid]
        (key, *_) = world.api_keys.all(world.api_keys.by_account, found.sid)
        return self._entered(
            {
                "account_sid": found.sid,
                "auth_token": found.auth_token,
                "api_key": key.sid,
                "api_secret": key.secret,
                "conversation_service_sid": found.default_chat_service_sid,
                "messaging_service_sid": found.default_messaging_service_sid,
                "numbers": [number.address for number in world.phone_numbers],
            }
        )

    async def begin(self, opening: Opening, place: Place | None) -> None:
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
        """Let a clock that stood still for the story run on."""
        if self._rate:
            self._hosted.pace.set_rate(self._rate)

    async def connect(self) -> Socket:
        """A socket to where client SDKs connect."""
        return _LocalSocket(self._app)

    async def inbox(self, handset: str, after: int) -> list[dict[str, Any]]:
        """What a handset has got since."""
        world = self._hosted.world
        items = world.inbox_items
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
    ) -> Answer:
        whole = self._app.answer_now(Shown(method, "https", path, query, dict(headers), body))
        if whole is not None:
            return Answer(whole.status, _read(whole.body))
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
        await self._app(scope, receive, send)
        return Answer(status, _read(bytes(content)))


class _WebSocket:
    """A socket over the network."""

    def __init__(self, connection: "ClientConnection") -> None:
        self._connection = connection

    async def send(self, frame: bytes) -> None:
        """Send a binary message."""
        await self._connection.send(frame)

    async def receive(self) -> bytes | None:
        """The next message; None when the socket is closed."""
        try:
            return await self._connection.recv(decode=False)
        except WebSocketException:
            return None

    async def close(self) -> None:
        """Close it."""
        await self._connection.close()


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


def _read(content: bytes) -> Any:
    """What an answer says; a text where it is not JSON, such as a recording."""
    if not content:
        return None
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")


def _as_sent(shown: Any) -> Any:
    """What a caller over the network would get of this."""
    return msgspec.json.decode(msgspec.json.encode(shown))


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
