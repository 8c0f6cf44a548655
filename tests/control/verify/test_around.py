"""What is around verifications, by the control API."""

import pytest

from tests.control.asking import ANN, Control
from twilio_emulator.core.verify.fraud import FraudRules
from twilio_emulator.core.verify.services import FIRST_SERVICE, UpdateVerifyService
from twilio_emulator.core.verify.verifications import CreateVerification

pytestmark = pytest.mark.anyio

NOBODY = "/verify/fraud/FG" + "3" * 32


async def test_fraud_rules_come_and_go(control: Control) -> None:
    made = await control.ask("POST", "/verify/fraud", {"match": "+23480*"}, status=201)
    assert (made["as"], made["channel"], made["times"]) == (60410, None, None)
    assert made["until"] is not None
    wish = {"match": ANN, "as": 60605, "channel": "sms", "times": 2}
    other = await control.ask("POST", "/verify/fraud", wish, status=201)
    assert (other["as"], other["until"]) == (60605, None)
    assert (await control.ask("GET", "/verify/fraud"))["rules"] == [made, other]
    await control.ask("DELETE", f"/verify/fraud/{made['id']}", status=204)
    assert "no rule" in await control.mistake("DELETE", NOBODY, status=404)
    await control.ask("DELETE", "/verify/fraud", status=204)
    assert len(control.default.world[FraudRules]) == 0


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        ({}, "match"),
        ({"match": ANN, "as": 60200}, "60605"),
        ({"match": ANN, "channel": "voice"}, "whatsapp"),
        ({"match": ANN, "for": "long"}, "PT12H"),
        ({"match": ANN, "times": 0}, "times"),
    ],
)
async def test_a_rule_that_cannot_be_is_a_mistake(
    control: Control, wish: dict[str, object], word: str
) -> None:
    assert word in await control.mistake("POST", "/verify/fraud", wish)


async def test_templates_come_and_go(control: Control) -> None:
    wish = {
        "friendly_name": "Login",
        "channels": ["sms", "voice"],
        "translations": {
            "en": {"text": "Log in with {{code}}."},
            "de": {"text": "Code: {{code}}", "status": "pending", "default": True},
        },
    }
    made = await control.ask("POST", "/verify/templates", wish, status=201)
    assert made["own"] is True
    assert made["translations"] == {
        "en": {"text": "Log in with {{code}}.", "status": "approved", "default": False},
        "de": {"text": "Code: {{code}}", "status": "pending", "default": True},
    }
    listed = (await control.ask("GET", "/verify/templates"))["templates"]
    assert [each["own"] for each in listed] == [True, False, False, False]
    await control.ask("DELETE", f"/verify/templates/{made['sid']}", status=204)
    await control.mistake("DELETE", f"/verify/templates/{made['sid']}", status=404)
    await control.ask("POST", "/verify/templates", wish, status=201)
    await control.ask("DELETE", "/verify/templates", status=204)
    assert len((await control.ask("GET", "/verify/templates"))["templates"]) == 3


async def test_a_template_needs_the_code(control: Control) -> None:
    wish = {"friendly_name": "Login", "translations": {"en": {"text": "Hello"}}}
    assert "{{code}}" in await control.mistake("POST", "/verify/templates", wish)


async def test_events_are_listed_page_by_page(control: Control) -> None:
    assert (await control.ask("GET", "/verify/events")) == {"events": []}
    gate = control.default.gate
    told = {"account": control.default.world.account_sid, "service": FIRST_SERVICE}
    gate.perform_now(UpdateVerifyService(**told, verify_event_subscription_enabled="true"))
    for number in range(3):
        gate.perform_now(CreateVerification(**told, to=f"+1202555019{number}", channel="sms"))
    listed = await control.ask("GET", "/verify/events", limit=2)
    assert [each["data"]["to"] for each in listed["events"]] == ["+12025550190", "+12025550191"]
    ids = await control.sids(listed, "events", "id")
    assert len(set(ids)) == 3


async def test_a_sink_is_an_url(control: Control) -> None:
    assert await control.ask("GET", "/verify/event-sink") == {"url": None}
    url = "http://127.0.0.1:9/events"
    assert await control.ask("POST", "/verify/event-sink", {"url": url}) == {"url": url}
    assert await control.ask("GET", "/verify/event-sink") == {"url": url}
    await control.mistake("POST", "/verify/event-sink", {"url": "example"})
    assert await control.ask("POST", "/verify/event-sink", {}) == {"url": None}
