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
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlencode

import httpx2
import msgspec
from websockets.exceptions import WebSocketException

from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.scenarios.language.problems import FilePosition
from twilio_emulator.scenarios.player.receivers import Receivers
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.socket_client import Socket
from twilio_emulator.scenarios.player.stage import ApiAnswer, Given, ScenarioAccount, ScenarioSetup

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

    async def open(self, opening: ScenarioSetup) -> ScenarioAccount:
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

    async def begin(self, opening: ScenarioSetup, place: FilePosition | None) -> None:
        """The account was opened with its clock."""

    async def end(self) -> None:
        """The account is used by this scenario alone."""

    def _entered(self, account: dict[str, Any]) -> ScenarioAccount:
        self._account_sid = account["account_sid"]
        user = f"{account['account_sid']}:{account['auth_token']}"
        self._authorization = b"Basic " + b64encode(user.encode())
        return ScenarioAccount(
            account_sid=account["account_sid"],
            auth_token=account["auth_token"],
            api_key=account["api_key"],
            api_secret=account["api_secret"],
            conversation_service_sid=account["conversation_service_sid"],
            messaging_service_sid=account["messaging_service_sid"],
            verify_service_sid=account["verify_service_sid"],
            sync_service_sid=account["sync_service_sid"],
            conversation_configuration_id=account["conversation_configuration_id"],
            memory_store_id=account["memory_store_id"],
            numbers=tuple(account["numbers"]),
        )

    async def rest(
        self,
        method: str,
        host: str,
        path: str,
        given: Given,
        *,
        loud: bool,
        headers: Mapping[str, str] | None = None,
    ) -> ApiAnswer:
        """Ask Twilio's REST, as a request to its host."""
        head: Headers = [(b"host", host.encode()), (b"authorization", self._authorization)]
        head += [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        if loud:
            head.append((b"x-twilio-webhook-enabled", b"true"))
        if method not in ("POST", "PUT", "PATCH"):
            return await self._ask(method, path, urlencode(given).encode(), head, b"")
        if isinstance(given, dict):
            head.append((b"content-type", JSON))
            return await self._ask(method, path, b"", head, json.dumps(given).encode())
        head.append((b"content-type", FORM))
        return await self._ask(method, path, b"", head, urlencode(given).encode())

    async def control(self, method: str, path: str, body: Any = None) -> ApiAnswer:
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

    async def receive(self, receivers: Receivers) -> str:
        """Have webhooks come to this machine, by a name that the account gives."""
        answer = await self.control("POST", "/receivers", {"url": await receivers.listen()})
        if answer.refused:
            raise Unfulfilled("a name for the receivers", str(answer.body)[:200])
        url: str = answer.body["url"]
        return url

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
                    answer = await self.control(
                        "GET", f"/journal?after={after}&kinds=event&newest=1"
                    )
                    events = [each["seq"] for each in answer.body["entries"]]
                    if events:
                        return int(events[-1])
                    await asyncio.sleep(POLL)
        return after

    @property
    def busy(self) -> bool:
        """Whether a webhook may be under way: that cannot be known from here."""
        return True

    async def settle(self) -> None:
        """Wait until no webhook is under way."""
        await self.control("POST", "/clock", {"advance": 0})

    async def _ask(
        self, method: str, path: str, query: bytes, headers: Headers, body: bytes
    ) -> ApiAnswer:
        url = f"{self._url}{path}" + (f"?{query.decode()}" if query else "")
        try:
            answer = await self._client.request(method, url, headers=headers, content=body)
        except httpx2.HTTPError as error:
            reason = f"{type(error).__name__}: {error}"
            raise Unfulfilled(f"an emulator at {self._url}", reason) from None
        return ApiAnswer(answer.status_code, _read(answer.content))


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


def _read(content: bytes) -> Any:
    """What an answer says; a text where it is not JSON, such as a recording."""
    if not content:
        return None
    try:
        return msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return content.decode("utf-8", "replace")


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
