import asyncio
import json
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from twilio_emulator import products
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.wings import new_world
from twilio_emulator.runtime import numbering, p256
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.runtime.patterns import compile_pattern
from twilio_emulator.wire.dispatch import Dispatch
from twilio_emulator.wire.logins import Login
from twilio_emulator.wire.twilio_hosts import by_host

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "00000000000000000000000000000001"
TEST_ACCOUNT = "AC0000000000000000000000000000000f"
TEST_TOKEN = "0000000000000000000000000000000f"
SERVICE = "IS00000000000000000000000000000001"
MESSAGING_SERVICE = "MG00000000000000000000000000000001"
NUMBER = "+12025550100"
ANN = "+12025550199"


@pytest.fixture
def gate() -> Gate:
    """The door to a world with its account, frozen at 2026-01-05T09:00:00Z."""
    clock = Clock(lambda: 0.0, START, rate=0)
    gate = Gate(new_world(ACCOUNT, 1, clock, numbering, compile_pattern, signatures=p256))
    gate.perform_now(
        OpenAccount(
            auth_token=TOKEN,
            conversation_service_sid=SERVICE,
            messaging_service_sid=MESSAGING_SERVICE,
            test_account_sid=TEST_ACCOUNT,
            test_auth_token=TEST_TOKEN,
        )
    )
    return gate


@pytest.fixture
def world(gate: Gate) -> World:
    return gate.world


@pytest.fixture
def advance(world: World) -> Callable[..., None]:
    """Let time pass: `advance(seconds=1)`."""

    def advance(**passed: float) -> None:
        world.clock.set(world.clock.now() + timedelta(**passed))
        world.catch_up(world.clock.now())

    return advance


class InProcess(HttpClient):
    """What Twilio's library sends, answered without a socket. `asked` keeps the last answer, whose
    headers have names in lower case."""

    def __init__(self, gate: Gate) -> None:
        super().__init__(None, False, None)
        apis = list(products.APIS)
        self.asked: Response | None = None

        def find_login(user: str, password: str) -> Login | None:
            if (user, password) == (TEST_ACCOUNT, TEST_TOKEN):
                return Login(gate, ACCOUNT, TEST_ACCOUNT)
            return Login(gate, user) if password == TOKEN else None

        self._dispatch = Dispatch(find_login, lambda _: gate, apis, products.REHEARSALS)

    def request(
        self,
        method: str,
        uri: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        content_type = (headers or {}).get("Content-Type", "application/x-www-form-urlencoded")
        is_json = content_type == "application/json"
        sent = (json.dumps(data) if is_json else urlencode(data or {}, doseq=True)).encode()
        more = {name.lower().encode(): str(said).encode() for name, said in (headers or {}).items()}
        more[b"content-type"] = content_type.encode()
        self.asked = asyncio.run(self._ask(method, uri, params, sent, more, auth))
        return self.asked

    async def _ask(
        self,
        method: str,
        uri: str,
        params: Any,
        body: bytes,
        headers: dict[bytes, bytes],
        auth: Any,
    ) -> Response:
        url = urlsplit(uri)
        found = by_host("https", url.netloc)
        assert found is not None
        product, site = found
        query = "&".join(filter(None, (url.query, urlencode(params or {}, doseq=True))))
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        async def send(message: Any) -> None:
            sent.append(message)

        authorization = b"Basic " + b64encode(":".join(auth or ("", "")).encode())
        scope = {
            "method": method.upper(),
            "query_string": query.encode(),
            "headers": [(b"authorization", authorization), *headers.items()],
        }
        await self._dispatch.answer(product, site, url.path, scope, receive, send)
        start, content = sent
        told = {name.decode().lower(): said.decode() for name, said in start["headers"]}
        return Response(start["status"], content["body"].decode(), told)


@pytest.fixture
def http(gate: Gate) -> InProcess:
    return InProcess(gate)


@pytest.fixture
def client(http: InProcess) -> Client:
    """Twilio's own library, talking to the world."""
    return Client(ACCOUNT, TOKEN, http_client=http)


@pytest.fixture
def ask(http: InProcess) -> Callable[..., tuple[int, Any]]:
    """One request by hand, its body a form or what is `said` in JSON: status and JSON."""

    def ask(
        method: str, url: str, user: str = ACCOUNT, said: object = None, **form: object
    ) -> tuple[int, Any]:
        params, data = (form, None) if method == "GET" else (None, form)
        headers = {} if said is None else {"Content-Type": "application/json"}
        sent = data if said is None else said
        auth = (user, TEST_TOKEN if user == TEST_ACCOUNT else TOKEN)
        answer = http.request(method, url, params=params, data=sent, headers=headers, auth=auth)
        return answer.status_code, json.loads(answer.text) if answer.text else None

    return ask
