"""Credentials that are neither an account's nor a key's, and what who holds them may do."""

import asyncio
import json
from base64 import b64encode
from typing import Any

import pytest

from tests.wire.conftest import ACCOUNT
from twilio_emulator.core.kernel.refusals import AUTHENTICATE, CONFLICT, Refused
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.dispatch import Dispatch
from twilio_emulator.wire.logins import FindGate, Login
from twilio_emulator.wire.operations import ROOT, Api, Operation
from twilio_emulator.wire.twilio_hosts import Site

SITE = Site("https://shop.twilio.com", "https://")


def read(find_gate: FindGate, password: str) -> Login:
    """The password is what they hold."""
    if password == "nothing":
        raise Refused(AUTHENTICATE)
    return Login(find_gate(ACCOUNT), ACCOUNT, holder=password)


def admit(operation: Operation, call: Call) -> None:
    """Who holds a key may have it shown."""
    if call.holder != "key":
        raise Refused(CONFLICT)


async def show(call: Call) -> Answer:
    return Answer(200, {"holder": call.holder})


@pytest.fixture
def shop(gate: Gate) -> Dispatch:
    """Two versions, of which the first knows holders; and a product that does not."""
    open_ = Api("shop.twilio.com", "v1", holders={"holder": read}, admit=admit)
    closed, other = Api("shop.twilio.com", "v2"), Api("other.twilio.com", "v1")
    for api in (open_, closed, other):
        api.add("GET", "/Key", None, show, ROOT)

    def find_login(user: str, password: str) -> Login | None:
        return Login(gate, ACCOUNT) if user == ACCOUNT else None

    return Dispatch(find_login, lambda _: gate, [open_, closed, other])


def ask(shop: Dispatch, path: str, user: str, password: str, product: str = "shop") -> Any:
    """Status, and what is answered."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    authorization = b"Basic " + b64encode(f"{user}:{password}".encode())
    headers = [(b"authorization", authorization)]
    scope = {"method": "GET", "query_string": b"", "headers": headers}
    asyncio.run(shop.answer(product, SITE, path, scope, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


def test_a_holder_has_what_it_may_have(shop: Dispatch) -> None:
    for _ in range(2):
        assert ask(shop, "/v1/Key", "holder", "key") == (200, {"holder": "key"})
    assert ask(shop, "/v1/Key", ACCOUNT, "secret") == (200, {"holder": None})


@pytest.mark.parametrize(
    ("path", "password", "product", "status"),
    [
        ("/v1/Key", "lock", "shop", 409),
        ("/v1/Key", "nothing", "shop", 401),
        ("/v2/Key", "key", "shop", 401),
        ("/v1/Key", "key", "other", 401),
    ],
)
def test_a_holder_has_nothing_else(
    shop: Dispatch, path: str, password: str, product: str, status: int
) -> None:
    assert ask(shop, path, "holder", password, product)[0] == status
