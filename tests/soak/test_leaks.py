"""What calls leave behind once the log of the account is full: nothing that they need not.

Python hardly ever looks for cycles in a server of ours, so what only that would free counts too.
Bytes and things are counted, and no time.
"""

import asyncio
import gc
import json
import logging
import tracemalloc
from base64 import b64encode
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from types import FrameType, TracebackType
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.sdk.client import frame
from tests.soak.requests import Got, Sent, ask
from twilio_emulator.core.kernel.keeping import MB, Room
from twilio_emulator.runtime import gate
from twilio_emulator.sdk.twilsock.connection import ChatConnection
from twilio_emulator.server.app import Server
from twilio_emulator.settings import ACCOUNT_SID, AUTH_TOKEN, CONVERSATION_SERVICE_SID, Settings
from twilio_emulator.wire import dispatch
from twilio_emulator.wire.spelling import DATES_KEPT, iso
from twilio_emulator.wire.twilio_hosts import Site

pytestmark = pytest.mark.soak

KEPT = 60
"""Entries of a log that is full soon."""

CALLS = 150
NOTHING = 250
"""Bytes that a call may leave which leaves nothing: a list that grows does so by leaps."""

BASIC = b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
FORM = ("content-type", "application/x-www-form-urlencoded")
CONVERSATIONS = "conversations.twilio.com"
MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"
UPLOADS = f"/v1/Services/{CONVERSATION_SERVICE_SID}/Media"
DEAD = "http://127.0.0.1:1/"
"""Where nobody listens."""


class Caller:
    """Calls an emulator in this very process.

    Args:
        at_once: as a port does where there is nothing to wait for.
    """

    def __init__(self, server: Server, *, at_once: bool) -> None:
        self.server = server
        self.hosted = server.worlds.default
        self._at_once = at_once
        self.texts = 0

    async def rest(
        self, method: str, host: str, path: str, status: int, login: str = BASIC, **form: str
    ) -> Any:
        headers = (("authorization", f"Basic {login}"), FORM)
        body = urlencode(form).encode()
        sent = Sent(method=method, host=host, path=path, headers=headers, body=body)
        return self._expect(await ask(self.server, sent, at_once=self._at_once), status)

    async def control(
        self, method: str, path: str, status: int, content: object = None, query: str = ""
    ) -> Any:
        body = b"" if content is None else json.dumps(content).encode()
        path = f"/_emulator/v1{path}"
        sent = Sent(method=method, host="localhost", path=path, query=query, body=body)
        return self._expect(await ask(self.server, sent, at_once=False), status)

    async def upload(self, content: bytes, status: int, query: str = "") -> Any:
        body = (
            b'--x\r\ncontent-disposition: form-data; name="f"; filename="a.png"\r\n'
            b"content-type: image/png\r\n\r\n" + content + b"\r\n--x--\r\n"
        )
        headers = (
            ("authorization", f"Basic {BASIC}"),
            ("content-type", "multipart/form-data; boundary=x"),
        )
        sent = Sent(
            method="POST",
            host="mcs.us1.twilio.com",
            path=UPLOADS,
            query=query,
            headers=headers,
            body=body,
        )
        return self._expect(await ask(self.server, sent, at_once=False), status)

    @staticmethod
    def _expect(got: Got, status: int) -> Any:
        assert got.status == status, got.content[:1000]
        return got.body


Calls = Callable[[Caller], Awaitable[object]]


async def refused(caller: Caller) -> None:
    """REST refuses a command, and a path, and credentials."""
    await caller.rest("POST", "api.twilio.com", MESSAGES, 400, To="+12025550188", Body="x")
    await caller.rest("POST", CONVERSATIONS, "/v1/Conversations/CH1/Messages", 404, Body="x")
    await caller.rest("GET", CONVERSATIONS, "/v1/Nothing", 404)
    await caller.rest("GET", CONVERSATIONS, "/v1/Conversations", 401, login="eDp5")


async def fetched(caller: Caller) -> None:
    """REST and the control API are read."""
    await caller.rest("GET", CONVERSATIONS, "/v1/Conversations", 200)
    await caller.rest("GET", "api.twilio.com", MESSAGES, 200)
    await caller.control("GET", "/journal", 200)
    await caller.control("GET", "/accounts", 200)


async def posted_and_deleted(caller: Caller) -> None:
    """A conversation with a message and a participant comes and goes."""
    path = "/v1/Conversations"
    made = await caller.rest("POST", CONVERSATIONS, path, 201, FriendlyName="x")
    path = f"{path}/{made['sid']}"
    await caller.rest("POST", CONVERSATIONS, f"{path}/Participants", 201, Identity="ann")
    await caller.rest("POST", CONVERSATIONS, f"{path}/Messages", 201, Body="Hello")
    await caller.rest("DELETE", CONVERSATIONS, path, 204)


async def uploaded(caller: Caller) -> None:
    """A file that no message names is discarded; another is refused."""
    caller.texts += 1
    await caller.upload(b"%09d" % caller.texts * 20_000, 201)
    await caller.upload(b"%09d" % caller.texts * 30_000, 400, "Category=x")
    await caller.control("POST", "/clock", 200, {"advance": 301})


async def control_refused(caller: Caller) -> None:
    """The control API refuses what it cannot do."""
    await caller.control("POST", "/faults", 400, {"explode": 1})
    await caller.control("GET", "/nothing", 404)
    await caller.control("GET", "/journal", 400, query="limit=x")
    await caller.control("POST", "/accounts", 400, {"carrier": "pigeon"})
    phone = "/handsets/%2B12025550199/messages"
    media = [{"base64": b64encode(b"x" * 9000).decode(), "content_type": "image/png"}]
    await caller.control("POST", phone, 404, {"to": "+12025550133", "media": media})


async def accounts(caller: Caller) -> None:
    """An account is opened, used, and closed."""
    frozen = {"clock": "frozen", "now": "2026-01-05T09:00:00Z"}
    made = await caller.control("POST", "/accounts", 201, frozen)
    sid = made["account_sid"]
    login = b64encode(f"{sid}:{made['auth_token']}".encode()).decode()
    path = f"/2010-04-01/Accounts/{sid}/Messages.json"
    said = {"To": "+12025550188", "From": made["numbers"][0], "Body": "x"}
    await caller.rest("POST", "api.twilio.com", path, 201, login=login, **said)
    await caller.rest("POST", CONVERSATIONS, "/v1/Conversations", 201, login=login)
    await caller.control("GET", "/snapshot", 200, query=f"account={sid}")
    await caller.control("DELETE", f"/accounts/{sid}", 204)


async def restored(caller: Caller) -> None:
    """A snapshot is taken, put back, and refused when it is none."""
    snapshot = await caller.control("GET", "/snapshot", 200)
    await caller.control("PUT", "/snapshot", 200, snapshot)
    snapshot["serials"] = "x"
    await caller.control("PUT", "/snapshot", 400, snapshot)


async def streams(caller: Caller) -> None:
    """Somebody follows the events for a while."""
    left = asyncio.Event()
    answered = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if not left.is_set() and not answered.is_set():
            answered.set()
            return {"type": "http.request", "body": b""}
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message.get("body"):
            left.set()

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": "/_emulator/v1/events",
        "raw_path": b"/_emulator/v1/events",
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
    }
    await caller.server(scope, receive, send)


async def connected(caller: Caller) -> None:
    """A client SDK comes, asks for what there is and what there is not, and goes."""
    token = await caller.control("POST", "/tokens", 201, {"identity": "ann"})
    tasks: set[asyncio.Task[None]] = set()

    def spawn(work: Any) -> None:
        task = asyncio.ensure_future(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    site = Site("https://tsock.us1.twilio.com", "https://")
    client = ChatConnection(caller.server.lobby.admit, site, lambda: None, spawn)
    init = {"token": token["token"], "capabilities": ["client_update"], "registrations": []}
    client.receive(frame({"method": "init", "id": "TM1", "payload_size": 0, **init}))
    for path in ("/v1/Conversations", "/v1/Nothing"):
        wanted = {"host": "aim.us1.twilio.com", "method": "GET", "path": path, "headers": {}}
        client.receive(
            frame({"method": "message", "id": path, "payload_size": 0, "http_request": wanted})
        )
    while tasks:
        await asyncio.wait(tasks)
    while client.outbox.take() is not None:
        pass
    client.leave()


async def turned_away(caller: Caller) -> None:
    """A client SDK comes with a token that is none."""
    site = Site("https://tsock.us1.twilio.com", "https://")
    client = ChatConnection(
        caller.server.lobby.admit, site, lambda: None, lambda work: work.close()
    )
    init = {"token": "x.y.z", "capabilities": [], "registrations": []}
    client.receive(frame({"method": "init", "id": "TM1", "payload_size": 0, **init}))
    client.leave()


async def unheard(caller: Caller) -> None:
    """A webhook fails; the alert that says so stays."""
    caller.texts += 1
    hook = {"Configuration.Url": DEAD, "Configuration.Filters": "onMessageAdded"}
    path = "/v1/Conversations"
    made = await caller.rest("POST", CONVERSATIONS, path, 201)
    path = f"{path}/{made['sid']}"
    said = {"Target": "webhook", "Configuration.Method": "POST", **hook}
    await caller.rest("POST", CONVERSATIONS, f"{path}/Webhooks", 201, **said)
    phone = "/handsets/%2B12025550199/messages"
    await caller.control("POST", phone, 201, {"to": "+12025550100", "body": "x"})
    await caller.hosted.pace.settle()
    await caller.rest("DELETE", CONVERSATIONS, path, 204)


KINDS: list[tuple[Calls, int]] = [
    (refused, NOTHING),
    (fetched, NOTHING),
    (control_refused, NOTHING),
    (accounts, NOTHING),
    (restored, NOTHING),
    (streams, NOTHING),
    (turned_away, NOTHING),
    (posted_and_deleted, NOTHING),
    (uploaded, NOTHING),
    (connected, NOTHING),
    (unheard, 9_000),  # a text and what a phone shows of it
]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, loop: asyncio.AbstractEventLoop) -> Iterator[Server]:
    monkeypatch.setattr(gate, "REFUSED_KEPT", Room(KEPT, MB))
    monkeypatch.setattr(dispatch, "ROUTES_KEPT", KEPT)
    keep = tuple(f"{each}={KEPT}" for each in ("log", "commands", "alerts"))
    server = Server(Settings(clock="frozen", keep=keep), lambda: b"")
    yield server
    loop.run_until_complete(server.end())


@pytest.fixture
def uncollected(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.CRITICAL, "twilio_emulator")  # what is captured is kept
    gc.collect()
    gc.disable()
    yield
    gc.enable()
    tracemalloc.stop()


def held() -> int:
    """How many exceptions and tracebacks there are."""
    kinds = BaseException | TracebackType | FrameType
    return sum(isinstance(each, kinds) for each in gc.get_objects())


def write_dates() -> None:
    """Have as many dates written down as are kept, as after weeks of calls at different times.

    Twice as many, for the dict that keeps them: when it is full it makes room for what goes.
    """
    for day in range(2 * DATES_KEPT):
        iso(datetime(2000, 1, 1, tzinfo=UTC) + timedelta(day))


@pytest.mark.usefixtures("uncollected")
@pytest.mark.parametrize(("calls", "most"), KINDS, ids=[each.__name__ for each, _ in KINDS])
def test_calls_leave_nothing_that_they_need_not(
    server: Server,
    loop: asyncio.AbstractEventLoop,
    calls: Calls,
    most: int,
) -> None:
    callers = [Caller(server, at_once=at_once) for at_once in (True, False)]

    async def go(many: int) -> None:
        for number in range(many):
            await calls(callers[number % 2])
        await server.worlds.default.pace.settle()
        await asyncio.sleep(0)

    loop.run_until_complete(go(CALLS))
    gc.collect()
    exceptions = held()
    tracemalloc.start()
    write_dates()
    loop.run_until_complete(go(CALLS))
    gc.collect()  # which also lets go of what Python keeps to use again
    before = tracemalloc.get_traced_memory()[0]
    loop.run_until_complete(go(CALLS))
    assert held() - exceptions < 20
    cyclic = gc.collect() / CALLS
    left = (tracemalloc.get_traced_memory()[0] - before) / CALLS
    assert (cyclic < 1, left < most) == (True, True), (cyclic, left)


@pytest.mark.usefixtures("uncollected")
def test_a_refusal_is_small_while_it_is_in_the_log(
    server: Server, loop: asyncio.AbstractEventLoop
) -> None:
    """600 bytes for an entry, of whatever kind, and no frame with it."""
    caller = Caller(server, at_once=True)
    loop.run_until_complete(refused(caller))
    log = caller.hosted.gate.log
    log.change_room(None)
    frames = held()
    tracemalloc.start()
    before, entries = tracemalloc.get_traced_memory()[0], log.number
    for _ in range(CALLS):
        loop.run_until_complete(refused(caller))
    left = tracemalloc.get_traced_memory()[0] - before
    assert left / (log.number - entries) < 600
    assert held() - frames < 20
