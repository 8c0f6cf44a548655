"""An emulator in this very process, asked without a port: by HTTP or by the official library."""

import asyncio
import json
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
from twilio.http.http_client import HttpClient
from twilio.http.response import Response as LibraryResponse
from twilio.rest import Client

from tests.webhooks.conftest import App
from twilio_emulator.core.accounts.accounts import Accounts, OpenAccount
from twilio_emulator.core.conversations.resources import AccountConfigurations
from twilio_emulator.core.kernel.world import LOUD, Command, Origin, World
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.server.app import Server

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
CONVERSATIONS = "https://conversations.twilio.com/v1"

Form = Mapping[str, str | Iterable[str]]


@dataclass(frozen=True)
class Said:
    """An answer."""

    status: int
    body: Any
    headers: Mapping[str, str]
    content: bytes

    def __getitem__(self, key: str) -> Any:
        return self.body[key]

    @property
    def code(self) -> int:
        return int(self.body["code"])


class Inside:
    """One account of an emulator in this process, frozen at 2026-01-05T09:00:00Z.

    Everything runs on one event loop that stands still between two requests, so that a test sees
    what a request left behind and not what came of it meanwhile. `app` receives webhooks.
    """

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop, app: App) -> None:
        self.loop = loop
        self.app = app
        self.server = server
        self.hosted: Hosted = server.worlds.open(OpenAccount(), clock="frozen", now=START)
        self.world: World = self.hosted.world
        account = self.world[Accounts][self.world.account_sid]
        self.account_sid = account.sid
        self.auth_token = account.auth_token
        defaults = self.world[AccountConfigurations][account.sid]
        self.service_sid = defaults.default_chat_service_sid
        self.messaging_service_sid = defaults.default_messaging_service_sid
        self._http = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=server))
        self.library = Client(
            self.account_sid, self.auth_token, http_client=_Library(self), environment={}
        )

    def run(self, awaited: Any) -> Any:
        """Let the loop run until something is there."""
        return self.loop.run_until_complete(awaited)

    def ask(
        self,
        method: str,
        path: str,
        form: Form | None = None,
        *,
        query: Form | None = None,
        loud: bool = False,
        said: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> Said:
        """Ask Conversations, or another product when `path` is a whole URL.

        Args:
            form: of the body; a list repeats its parameter.
            query: likewise of the query.
            loud: with `X-Twilio-Webhook-Enabled: true`.
            said: a body in JSON.
        """
        answer = self.run(
            self.asking(
                method,
                path,
                form,
                query=query,
                loud=loud,
                said=said,
                content=content,
                headers=headers,
                auth=auth,
            )
        )
        is_json = answer.headers.get("content-type", "") == "application/json" and answer.content
        body = answer.json() if is_json else None
        return Said(answer.status_code, body, answer.headers, answer.content)

    async def asking(
        self,
        method: str,
        path: str,
        form: Form | None = None,
        *,
        query: Form | None = None,
        loud: bool = False,
        said: object = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
    ) -> httpx2.Response:
        """The same as `ask`, for requests of which several are under way."""
        sent = dict(headers or {})
        if loud:
            sent["X-Twilio-Webhook-Enabled"] = "true"
        return await self._http.request(
            method,
            path if path.startswith("http") else CONVERSATIONS + path,
            data=None if form is None else _lists(form),
            params=None if query is None else _lists(query),
            json=said,
            content=content,
            headers=sent,
            auth=auth or (self.account_sid, self.auth_token),
        )

    def made(self, path: str, form: Form | None = None, **options: Any) -> Said:
        """What a POST answers, once it is known that it went well."""
        answer = self.ask("POST", path, form, **options)
        assert answer.status in (200, 201, 202), answer.body
        return answer

    def seen(self, path: str, query: Form | None = None) -> Said:
        """What a GET answers, once it is known that it went well."""
        answer = self.ask("GET", path, query=query)
        assert answer.status == 200, answer.body
        return answer

    def perform(self, command: Command, origin: Origin = LOUD) -> Any:
        """Perform a command that does not come by REST, and let its webhooks be called."""

        async def performed() -> Any:
            answer = await self.hosted.gate.perform(command, origin)
            await self.hosted.pace.settle()
            return answer

        return self.run(performed())

    def write(self, sender: str, to: str, body: str) -> None:
        """Somebody writes on a phone, and what follows from it happens."""
        answer = self.ask(
            "POST",
            f"http://localhost/_emulator/v1/handsets/{sender}/messages",
            query={"account": self.account_sid, "wait": "webhook"},
            said={"to": to, "body": body},
        )
        assert answer.status == 201, answer.body

    def advance(self, *, settle: bool = True, **passed: float) -> None:
        """Let time pass: `advance(minutes=1)`, and everything that is due happens.

        Args:
            settle: wait for webhooks, too.
        """
        self.run(self.hosted.pace.advance(timedelta(**passed), settle=settle))

    def settle(self) -> None:
        """Wait until no webhook is under way."""
        self.run(self.hosted.pace.settle())

    def conversation(self, **form: str) -> str:
        """The sid of a new conversation."""
        return str(self.made("/Conversations", form)["sid"])

    def close(self) -> None:
        """Forget the account."""
        self.run(self._http.aclose())
        self.run(self.server.worlds.close(self.hosted))


class _Library(HttpClient):
    """How the official library asks, without a port."""

    def __init__(self, inside: Inside) -> None:
        super().__init__(None, is_async=False, timeout=None)
        self._inside = inside

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> LibraryResponse:
        sent = dict(headers or {})
        if auth:
            sent["Authorization"] = "Basic " + b64encode(":".join(auth).encode()).decode()
        is_json = sent.get("Content-Type") == "application/json"
        answer = self._inside.run(
            self._inside._http.request(
                method,
                url,
                params=_lists(params) if params else None,
                data=_lists(data) if data and not is_json else None,
                json=data if is_json else None,
                headers=sent,
            )
        )
        return LibraryResponse(answer.status_code, answer.text)


def _lists(given: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as an HTTP client takes them; a list repeats its name."""
    return {
        name: value
        if isinstance(value, str)
        else list(value)
        if isinstance(value, list | tuple)
        else str(value).lower()
        if isinstance(value, bool)
        else str(value)
        for name, value in given.items()
        if value is not None
    }


def compact(value: object) -> str:
    """JSON without spaces."""
    return json.dumps(value, separators=(",", ":"))
