"""Receivers under names."""

import uuid

import pytest

from tests.webhooks.conftest import ANN, NUMBER, Account, App, twiml
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.webhooks.http import names
from twilio_emulator.webhooks.http.exchange import Came
from twilio_emulator.webhooks.http.names import ReceiverNames
from twilio_emulator.webhooks.http.signatures import split

pytestmark = pytest.mark.anyio

TOKEN = "I-Twilio-Idempotency-Token"


def configure(account: Account, url: str) -> None:
    """Reports of what comes to the number go to `url`."""
    numbers = account.world[PhoneNumbers]
    number = next(each for each in numbers if each.address == NUMBER)
    numbers.put(replace(number, sms_url=url))


async def say(account: Account, body: str = "Hello") -> None:
    await account.do(SendFromHandset(address=ANN, to=NUMBER, body=body))


async def test_a_name_leads_to_a_port_that_nobody_sees(account: Account, app: App) -> None:
    root = account.webhooks.names.lead(app.url)
    configure(account, f"{root}/sms?a=1")
    await say(account)

    (got,) = app["/sms"]
    (exchange,) = account.exchanges
    assert got.headers["host"] == root.removeprefix("http://")
    assert exchange.status == 200
    assert app.url.rpartition(":")[2] not in str(exchange)
    assert exchange.url == f"{root}/sms?a=1"


async def test_a_name_that_was_taken_back_is_refused(account: Account, app: App) -> None:
    root = account.webhooks.names.lead(app.url)
    configure(account, f"{root}/sms")
    account.webhooks.names.take_back(root)
    await say(account)

    assert {exchange.outcome for exchange in account.exchanges} == {"connection refused"}
    assert account.webhooks.names.lead(app.url) != root


async def test_the_oldest_of_too_many_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch, account: Account, app: App
) -> None:
    monkeypatch.setattr(names, "NAMES_KEPT", 1)
    first, last = (account.webhooks.names.lead(app.url) for _ in range(2))
    for root in (first, last):
        configure(account, f"{root}/sms")
        await say(account)
    assert [each.status for each in account.exchanges][-2:] == [None, 200]


async def test_every_other_host_is_the_networks() -> None:
    async def send(*_: object) -> Came:
        raise AssertionError

    known = ReceiverNames(send)
    name = known.give(send)
    assert known.find(split(name)) is send
    for url in ("http://127.0.0.1:1", f"{name}:80", f"{name}.example.com", "http://example.test"):
        assert known.find(split(url)) is None


async def told(account: Account, app: App) -> list[str]:
    """The tokens of two texts, each of whose answers leads to another document."""
    app.answers["/sms"] = twiml("<Redirect>/next</Redirect>")
    app.answers["/next"] = twiml("")
    configure(account, f"{app.url}/sms")
    await say(account)
    await say(account, "Again")
    return [dict(exchange.headers)[TOKEN] for exchange in account.exchanges]


async def test_every_call_has_a_token_of_its_own(account: Account, app: App) -> None:
    tokens = await told(account, app)
    assert len(tokens) == len(set(tokens)) == 4
    assert {uuid.UUID(token).version for token in tokens} == {4}


async def test_after_a_restart_no_token_is_given_again(account: Account) -> None:
    first = Gate(account.world)
    await say(account)
    second = Gate(account.world)
    assert first.run != second.run
    assert first.request_sid() != second.request_sid()
    assert first.stream("webhooks").hex() != second.stream("webhooks").hex()
