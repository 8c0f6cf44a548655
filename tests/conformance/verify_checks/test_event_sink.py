"""The sink of the event stream, which gets what check 56 sees."""

import json

from tests.conformance.inside import Inside
from tests.webhooks.conftest import http
from twilio_emulator.core.accounts.debugger_alerts import Alerts

ANN = "+12025550199"
SERVICE = "https://verify.twilio.com/v2/Services/VA00000000000000000000000000000001"
CONTROL = "http://localhost/_emulator/v1"


def subscribe(inside: Inside, path: str = "/events") -> None:
    inside.made(SERVICE, {"VerifyEventSubscriptionEnabled": "true"})
    answer = inside.ask(
        "POST",
        f"{CONTROL}/verify/event-sink",
        query={"account": inside.account_sid},
        said={"url": f"{inside.app.url}{path}"},
    )
    assert answer.body == {"url": f"{inside.app.url}{path}"}


def send(inside: Inside) -> None:
    inside.made(f"{SERVICE}/Verifications", {"To": ANN, "Channel": "sms"})
    inside.settle()


def test_an_event_is_posted_in_an_array_and_not_signed(inside: Inside) -> None:
    subscribe(inside)
    send(inside)
    (request,) = inside.app.received
    assert (request.method, request.path) == ("POST", "/events")
    assert request.headers["content-type"] == "application/json"
    assert "x-twilio-signature" not in request.headers
    (event,) = json.loads(request.body)
    assert event["type"] == "com.twilio.accountsecurity.verify.verification.pending"
    assert event["data"]["to"] == ANN
    listed = inside.seen(f"{CONTROL}/verify/events", {"account": inside.account_sid})
    assert listed["events"] == [event]


def test_nothing_is_posted_without_a_sink_or_a_subscription(inside: Inside) -> None:
    send(inside)
    inside.made(SERVICE, {"VerifyEventSubscriptionEnabled": "true"})
    send(inside)
    assert inside.app.received == []


def test_one_that_is_made_again_says_the_same(inside: Inside) -> None:
    subscribe(inside)
    send(inside)
    account = {"account": inside.account_sid}
    (shown,) = inside.seen(f"{CONTROL}/webhooks", account)["webhooks"]
    path = f"{CONTROL}/webhooks/{shown['seq']}/replay"
    assert inside.ask("POST", path, query=account).status == 201
    inside.settle()
    first, second = inside.app.received
    assert first.body == second.body


def test_a_sink_that_fails_is_told_of(inside: Inside) -> None:
    subscribe(inside)
    inside.app.answers["/events"] = http(status=500)
    send(inside)
    (alert,) = inside.world[Alerts]
    (event,) = json.loads(alert.request_variables)
    assert event["data"]["verification_status"] == "PENDING"
