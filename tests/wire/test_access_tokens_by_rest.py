"""Access tokens of client SDKs that come with a request of REST."""

import asyncio
import json
from typing import Any

import pytest

from tests.wire.conftest import ACCOUNT
from twilio_emulator.core.kernel.world import Source
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.wire.calls import Answer, Call
from twilio_emulator.wire.dispatch import Dispatch
from twilio_emulator.wire.logins import Login
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.twilio_hosts import Site


async def _show(call: Call) -> Answer:
    origin = call.origin
    return Answer(200, {"source": origin.source, "identity": origin.identity})


@pytest.mark.parametrize(("product", "status"), [("open", 200), ("closed", 401)])
def test_a_token_is_good_where_its_product_takes_them(
    gate: Gate, product: str, status: int
) -> None:
    apis = [Api("open.twilio.com", "v1", open_to_tokens=True), Api("closed.twilio.com", "v1")]
    for api in apis:
        api.add("GET", "/Me", None, _show, ROOT)
    dispatch = Dispatch(
        lambda _user, _password: None,
        lambda _: gate,
        apis,
        read_token=lambda token: Login(gate, ACCOUNT, identity=token),
    )
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"method": "GET", "query_string": b"", "headers": [(b"x-twilio-token", b"ann")]}
    site = Site(f"https://{product}.twilio.com", "https://")
    asyncio.run(dispatch.answer(product, site, "/v1/Me", scope, receive, send))
    assert sent[0]["status"] == status
    if status == 200:
        assert json.loads(sent[1]["body"]) == {"source": Source.SDK, "identity": "ann"}
