"""Numbers, services, opt-outs, windows, templates and alerts by the control API."""

import json
from typing import Any

import pytest

from tests.control.asking import ANN, NUMBER, Control
from twilio_emulator.core.accounts.debugger_alerts import LogLevel, RaiseAlert
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.content.templates import AddContent
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers

pytestmark = pytest.mark.anyio

ACCOUNT = "AC00000000000000000000000000000001"
SERVICE = "MG00000000000000000000000000000001"
WHATSAPP = "whatsapp:+14155238886"


async def test_numbers_and_where_their_texts_are_reported(control: Control) -> None:
    numbers = (await control.ask("GET", "/numbers"))["numbers"]
    assert [(each["address"], each["kind"]) for each in numbers] == [
        (NUMBER, "long-code"),
        ("+12025550101", "long-code"),
        (WHATSAPP, "whatsapp"),
    ]
    assert (numbers[0]["messaging_service_sid"], numbers[0]["sms_url"]) == (SERVICE, None)
    changes = {"sms_url": "http://app.test/sms", "sms_method": "GET"}
    changed = await control.ask("PATCH", f"/numbers/{NUMBER}", changes)
    assert (changed["sms_url"], changed["sms_method"]) == ("http://app.test/sms", "GET")
    assert (await control.ask("PATCH", f"/numbers/{NUMBER}", {"sms_url": ""}))["sms_url"] is None
    assert await control.ask("PATCH", f"/numbers/{NUMBER}", {}) == {**changed, "sms_url": None}


async def test_all_webhooks_of_a_number_are_set(control: Control) -> None:
    wish = {
        "sms_url": "http://app.test/sms",
        "sms_method": "GET",
        "sms_fallback_url": "http://app.test/fallback",
        "sms_fallback_method": "GET",
        "status_callback": "http://app.test/status",
        "status_callback_method": "GET",
    }
    for address in (NUMBER, WHATSAPP):
        changed = await control.ask("PATCH", f"/numbers/{address}", wish)
        assert changed | wish == changed
        numbers = (await control.ask("GET", "/numbers"))["numbers"]
        assert changed in numbers
        removed = await control.ask("PATCH", f"/numbers/{address}", {"sms_fallback_url": ""})
        assert removed == {**changed, "sms_fallback_url": None}
    sender = control.default.world[PhoneNumbers].at(WHATSAPP)
    assert sender is not None
    shown = await control.client.get(
        f"/messaging.twilio.com/v2/Channels/Senders/{sender.sid}",
        auth=(ACCOUNT, "0" * 31 + "1"),
    )
    assert shown.json()["webhook"]["callback_url"] == "http://app.test/sms"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"smsurl": "http://app.test"},
            "body: Object contains unknown field smsurl, expected some of sms_url, sms_method,",
        ),
        ({"sms_url": "app.test"}, "body sms_url: expected an URL such as http://"),
        ({"status_callback": "ftp://app.test"}, "body status_callback: expected an URL such as"),
        ({"sms_method": "PUT"}, "body sms_method: expected GET or POST, not 'PUT'"),
        ({"sms_url": 7}, "body sms_url: Expected str | null, got int"),
        ({"sms_url": "http://a.test", "sms_fallback_url": "x"}, "body sms_fallback_url: expected"),
    ],
)
@pytest.mark.parametrize("address", [NUMBER, WHATSAPP])
async def test_webhooks_that_cannot_be(
    control: Control, address: str, body: dict[str, Any], message: str
) -> None:
    said = await control.mistake("PATCH", f"/numbers/{address}", body)
    assert said.startswith(message)
    numbers = (await control.ask("GET", "/numbers"))["numbers"]
    assert not any(each["sms_url"] for each in numbers)


async def test_each_kind_of_number_has_its_own_settings(control: Control) -> None:
    app = {"sms_application_sid": "AP" + "1" * 32}
    said = await control.mistake("PATCH", f"/numbers/{WHATSAPP}", app)
    assert said.startswith("body sms_application_sid: a whatsapp sender has none, but some of sms")
    assert (await control.ask("PATCH", f"/numbers/{NUMBER}", app)) | app
    opened = await control.ask("POST", "/accounts", {"numbers": ["12345"]}, status=201)
    account = opened["account_sid"]
    changed = await control.ask(
        "PATCH", "/numbers/12345", {"sms_url": "http://app.test"}, account=account
    )
    assert (changed["kind"], changed["sms_url"]) == ("short-code", "http://app.test")
    said = await control.mistake(
        "PATCH", "/numbers/12345", {"status_callback": "http://app.test"}, account=account
    )
    assert "a short-code sender has none, but some of sms_url" in said


async def test_webhooks_of_conversations_are_set(control: Control) -> None:
    wish = {
        "pre_webhook_url": "http://app.test/pre",
        "post_webhook_url": "http://app.test/post",
        "method": "GET",
        "filters": ["onMessageAdd", "onMessageAdded"],
    }
    service = "IS00000000000000000000000000000001"
    assert await control.ask("PATCH", "/conversation-webhooks", wish) == wish
    assert await control.ask("GET", "/conversation-webhooks") == wish
    changed = await control.ask("PATCH", f"/services/{service}", {**wish, "filters": []})
    assert changed == {**changed, **wish, "filters": []}
    shown = await control.ask("GET", "/services")
    assert (shown["webhooks"], shown["conversations"]) == (wish, [changed])
    off = {"pre_webhook_url": "", "post_webhook_url": ""}
    assert (await control.ask("PATCH", f"/services/{service}", off))["post_webhook_url"] is None
    said = await control.mistake("PATCH", "/conversation-webhooks", {"filters": ["onNothing"]})
    assert "filter" in said.lower()
    said = await control.mistake("PATCH", f"/services/{service}", {"post_webhook_url": "x"})
    assert said.startswith("body post_webhook_url: expected an URL such as")
    said = await control.mistake("PATCH", f"/services/{service}", {"url": "x"})
    assert said.endswith("expected some of pre_webhook_url, post_webhook_url, method, filters")
    other = await control.ask("POST", "/accounts", {}, status=201)
    sid = other["conversation_service_sid"]
    await control.mistake("PATCH", f"/services/{sid}", {}, status=400)
    sub = control.default.gate.perform_now(AddSubaccount(account=ACCOUNT)).sid
    said = await control.mistake("PATCH", f"/services/{service}", {}, account=sub, status=404)
    assert said == f"path service: {service} is no service of the account"


async def test_webhooks_of_a_messaging_service_are_set(control: Control) -> None:
    wish = {"inbound_request_url": "http://app.test/in", "fallback_url": "http://app.test/fall"}
    changed = await control.ask("PATCH", f"/services/{SERVICE}", {**wish, "link_domain": "x.test"})
    assert changed == {**changed, **wish, "use_inbound_webhook_on_number": False}
    assert control.default.world[MessagingServices][SERVICE].link_domain == "x.test"
    said = await control.mistake("PATCH", f"/services/{SERVICE}", {"fallback_url": "x"})
    assert said.startswith("body fallback_url: expected an URL")
    await control.mistake("PATCH", "/services/MG1", wish, status=404)


async def test_a_sandbox_is_made_of_a_whatsapp_sender(control: Control) -> None:
    path = f"/numbers/{WHATSAPP}"
    sandbox = await control.ask("PATCH", path, {"sandbox_code": "two-cats", "verified": True})
    assert (sandbox["sandbox_code"], sandbox["verified"]) == ("two-cats", True)
    missing = await control.mistake("PATCH", "/numbers/+12025550999", {}, status=404)
    assert missing == "path address: +12025550999 is no number of the account"


async def test_services(control: Control) -> None:
    shown = await control.ask("GET", "/services")
    (pool,) = shown["messaging"]
    assert (pool["sid"], pool["senders"]) == (SERVICE, [NUMBER, "+12025550101"])
    (rooms,) = shown["conversations"]
    assert (rooms["sid"], rooms["pre_webhook_url"]) == ("IS00000000000000000000000000000001", None)
    marked = await control.ask(
        "PATCH", f"/services/{SERVICE}", {"us_app_to_person_registered": True}
    )
    assert marked["us_app_to_person_registered"] is True


async def test_opt_outs_are_listed_added_and_removed(control: Control) -> None:
    pair = {"recipient": ANN, "scope": SERVICE}
    added = await control.ask("PUT", "/optouts", pair)
    assert {**added, **pair} == added
    shown = await control.ask("GET", "/optouts")
    assert (shown["optouts"], shown["advanced"]) == ([added], [])
    await control.ask("DELETE", "/optouts", status=204, **pair)
    assert (await control.ask("GET", "/optouts"))["optouts"] == []


async def test_a_service_has_words_of_its_own(control: Control) -> None:
    words = {"stop": ["basta"], "start": ["dai"], "stopped": "Ciao", "started": "Eccoti"}
    path = f"/services/{SERVICE}/advanced-optout"
    made = await control.ask("PUT", path, {"wordings": {"IT": words}})
    assert made["wordings"]["IT"]["stop"] == ["BASTA"]
    assert (await control.ask("GET", "/optouts"))["advanced"] == [made]
    missing = await control.mistake("PUT", "/services/MG1/advanced-optout", {})
    assert missing == "The Messaging Service does not exist"


async def test_windows_are_opened_and_closed(control: Control) -> None:
    await control.ask("PUT", f"/handsets/{ANN}", {})
    path = f"/whatsapp/windows/{ANN}/{WHATSAPP}"
    opened = await control.ask("PATCH", path, {"open": True})
    assert (opened["handset"], opened["sender"], opened["open"]) == (ANN, WHATSAPP, True)
    assert (await control.ask("GET", "/whatsapp/windows"))["windows"] == [opened]
    bare = path.replace("whatsapp:", "")
    assert (await control.ask("PATCH", bare, {"open": False}))["open"] is False
    until = "2099-01-01T00:00:00.000Z"
    assert (await control.ask("PATCH", path, {"open_until": until}))["open_until"] == until


@pytest.mark.parametrize(
    ("path", "body", "status", "message"),
    [
        (f"{ANN}/{WHATSAPP}", {}, 400, "body: expected either open or open_until"),
        (f"{ANN}/{WHATSAPP}", {"open_until": "soon"}, 400, "not 'soon'"),
        (f"{ANN}/{NUMBER}", {"open": True}, 404, f"whatsapp:{NUMBER} is no sender"),
        (f"+12025550666/{WHATSAPP}", {"open": True}, 404, "There is no handset +12025550666"),
    ],
)
async def test_windows_that_cannot_be(
    control: Control, path: str, body: dict[str, Any], status: int, message: str
) -> None:
    await control.ask("PUT", f"/handsets/{ANN}", {})
    said = await control.mistake("PATCH", f"/whatsapp/windows/{path}", body, status=status)
    assert message in said


async def test_templates_and_what_whatsapp_thinks_of_them(control: Control) -> None:
    types = {"twilio/text": {"body": "Hi {{1}}"}}
    made = control.default.gate.perform_now(
        AddContent(account=ACCOUNT, types=json.dumps(types), language="en", friendly_name="hi")
    )
    (shown,) = (await control.ask("GET", "/content"))["contents"]
    assert (shown["sid"], shown["types"], shown["text"]) == (made.sid, types, "Hi {{1}}")
    assert shown["approval"]["status"] == "unsubmitted"
    path = f"/content/{made.sid}"
    rejected = await control.ask(
        "POST", f"{path}/approval", {"status": "rejected", "reason": "rude"}
    )
    assert rejected["approval"]["rejection_reason"] == "rude"
    assert await control.ask("GET", path) == rejected
    await control.mistake("GET", "/content/HX1", status=404)


async def test_alerts_are_listed_by_error(control: Control) -> None:
    for code in (11200, 12300, 11200):
        control.default.gate.perform_now(
            RaiseAlert(
                account=ACCOUNT,
                error_code=code,
                alert_text="answered 500",
                resource_sid="SM1",
                log_level=LogLevel.ERROR,
            )
        )
    alerts = (await control.ask("GET", "/alerts"))["alerts"]
    assert [each["error_code"] for each in alerts] == [11200, 12300, 11200]
    assert (alerts[0]["alert_text"], alerts[0]["resource_sid"]) == ("answered 500", "SM1")
    assert (await control.ask("GET", "/alerts", limit=1))["alerts"] == alerts[2:]
    assert (await control.ask("GET", "/alerts", error_code=12300))["alerts"] == alerts[1:2]
    assert "limit: expected 1 or more" in await control.mistake("GET", "/alerts", limit=0)
