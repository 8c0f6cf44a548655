"""Check 55, and what webhooks of Verify tell otherwise."""

import json
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from tests.conformance.inside import Inside
from tests.conformance.verify_checks.test_push import IDENTITY, Device
from tests.webhooks.conftest import http
from twilio_emulator.core.accounts.debugger_alerts import Alerts

ANN = "+12025550199"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def root(inside: Inside) -> str:
    (service,) = inside.library.verify.v2.services.list()
    return f"https://verify.twilio.com/v2/Services/{service.sid}"


def hook(inside: Inside, *events: str, **said: str) -> str:
    """The URL of a webhook for some events."""
    wish: dict[str, Any] = {
        "FriendlyName": "App",
        "EventTypes": events or ("*",),
        "WebhookUrl": f"{inside.app.url}/verify",
        **said,
    }
    return str(inside.made(f"{root(inside)}/Webhooks", wish)["url"])


def told(inside: Inside) -> list[dict[str, str]]:
    inside.settle()
    return [each.form for each in inside.app.received]


def enrolled(inside: Inside, **said: str) -> str:
    """The path of a TOTP factor, verified."""
    path = f"{root(inside)}/Entities/{IDENTITY}/Factors"
    wish = {"FriendlyName": "App", "FactorType": "totp", "Binding.Secret": SECRET, **said}
    url = f"{path}/{inside.made(path, wish)['sid']}"
    inside.made(url, {"AuthPayload": "978746"})
    return url


def test_55_a_verification_by_a_code_causes_no_webhook(inside: Inside) -> None:
    hook(inside)
    service = inside.library.verify.v2.services(root(inside)[-34:])
    made = service.verifications.create(to=ANN, channel="sms")
    assert made.sid is not None
    service.verifications(made.sid).update(status="approved")
    assert told(inside) == []


def test_a_factor_is_told_from_its_beginning_to_its_end(inside: Inside) -> None:
    hook(inside)
    url = enrolled(inside)
    assert inside.ask("DELETE", url).status == 204
    forms = told(inside)
    assert [form["type"] for form in forms] == [
        "factor.created",
        "factor.verified",
        "factor.deleted",
    ]
    uuids = {form.pop("uuid") for form in forms}
    assert len(uuids) == 3
    assert forms[0] == {
        "type": "factor.created",
        "account_sid": inside.account_sid,
        "service_sid": root(inside)[-34:],
        "entity_identity": IDENTITY,
        "factor_sid": url[-34:],
        "factor_type": "totp",
        "factor_friendly_name": "App",
    }


@pytest.mark.parametrize("whose", [f"/Entities/{IDENTITY}", ""])
def test_a_factor_that_goes_with_its_entity_or_its_service_is_told(
    inside: Inside, whose: str
) -> None:
    hook(inside, "factor.deleted")
    service = root(inside)
    sid = enrolled(inside)[-34:]
    assert inside.ask("DELETE", f"{service}{whose}").status == 204
    (form,) = told(inside)
    assert (form["type"], form["factor_sid"]) == ("factor.deleted", sid)
    assert form["service_sid"] == service[-34:]


def test_what_is_told_is_signed(inside: Inside) -> None:
    hook(inside, "factor.created")
    enrolled(inside)
    told(inside)
    (received,) = inside.app.received
    url = f"{inside.app.url}/verify"
    signature = received.headers["x-twilio-signature"]
    assert RequestValidator(inside.auth_token).validate(url, received.form, signature)
    assert received.method == "POST"


@pytest.mark.parametrize("status", ["approved", "denied"])
def test_answers_are_told_and_what_expires_is_not(inside: Inside, status: str) -> None:
    device = Device(inside)
    device.enrol(device.access_token())
    device.prove()
    hook(inside, "challenge.approved", "challenge.denied")
    path = device.challenge(HiddenDetails='{"ip": "1.2.3.4"}')
    device.challenge()
    device.decide(path, status)
    inside.advance(minutes=6)
    (form,) = told(inside)
    assert (form["type"], form["challenge_sid"]) == (f"challenge.{status}", path[-34:])
    assert json.loads(form["challenge_details"]) == {"message": "Log in?", "fields": []}
    assert json.loads(form["challenge_hidden_details"]) == {"ip": "1.2.3.4"}
    assert form["challenge_expiration_date"] == "2026-01-05T09:05:00Z"
    assert form["factor_friendly_name"] == "Ann's phone"


def test_the_old_version_is_told_identifiers_alone(inside: Inside) -> None:
    url = enrolled(inside)
    hook(inside, Version="v1")
    challenges = f"{root(inside)}/Entities/{IDENTITY}/Challenges"
    inside.made(challenges, {"FactorSid": url[-34:], "AuthPayload": "978746"})
    (form,) = told(inside)
    assert set(form) == {
        "uuid",
        "type",
        "account_sid",
        "service_sid",
        "entity_identity",
        "factor_sid",
        "factor_type",
        "challenge_sid",
    }


def test_who_is_disabled_or_did_not_ask_hears_nothing(inside: Inside) -> None:
    disabled = hook(inside, Status="disabled")
    hook(inside, "challenge.denied")
    enrolled(inside)
    assert told(inside) == []
    inside.made(disabled, {"Status": "ENABLED"})
    enrolled(inside, **{"Binding.Secret": SECRET.lower()[:31] + "A"})
    assert [form["type"] for form in told(inside)] == ["factor.created"]


def test_what_is_not_answered_with_200_is_an_alert(inside: Inside) -> None:
    hook(inside, "factor.created")
    inside.app.answers["/verify"] = http(status=204)
    enrolled(inside)
    told(inside)
    (alert,) = inside.world[Alerts]
    assert (alert.error_code, alert.alert_text) == (60330, "Failed to invoke the webhook")


def test_a_webhook_is_kept_changed_and_taken_away(inside: Inside) -> None:
    url = hook(inside, "factor.created", "FACTOR.CREATED", "challenge.denied")
    shown = inside.seen(url).body
    assert next(iter(shown)) == "url"
    assert shown["event_types"] == ["factor.created", "challenge.denied"]
    assert (shown["status"], shown["version"], shown["webhook_method"]) == ("enabled", "v2", "POST")
    assert inside.made(url, {"FriendlyName": "Other"})["friendly_name"] == "Other"
    assert inside.made(url, {"EventTypes": ("*",)})["event_types"] == ["*"]
    listed = inside.seen(f"{root(inside)}/Webhooks")
    assert (listed["meta"]["key"], len(listed["webhooks"])) == ("webhooks", 1)
    assert inside.ask("DELETE", url).status == 204
    assert inside.ask("GET", url).status == 404


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"EventTypes": "verification.approved"}, 60200),
        ({"WebhookUrl": "ftp://x"}, 60200),
        ({"Status": "on"}, 60200),
        ({"Version": "v3"}, 60200),
        ({"WebhookUrl": ""}, 20001),
        ({"FriendlyName": ""}, 20001),
        ({"EventTypes": ""}, 20001),
    ],
)
def test_what_is_wrong_is_no_webhook(inside: Inside, said: dict[str, str], code: int) -> None:
    wish = {"FriendlyName": "App", "EventTypes": "*", "WebhookUrl": "https://example.com"}
    answer = inside.ask("POST", f"{root(inside)}/Webhooks", {**wish, **said})
    assert (answer.status, answer.code) == (400, code)
