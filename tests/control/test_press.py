"""Buttons and lists on phones, pressed by the control API; the newest of the journal."""

import json

import pytest

from tests.control.asking import ANN, Control
from twilio_emulator.core.content.templates import AddContent
from twilio_emulator.core.messaging.send import CreateText

pytestmark = pytest.mark.anyio

ACCOUNT = "AC00000000000000000000000000000001"
WHATSAPP = "whatsapp:+14155238886"


async def shown(control: Control, types: dict[str, object]) -> str:
    """Have a template on Ann's phone; answers where it is."""
    gate = control.default.gate
    made = gate.perform_now(AddContent(account=ACCOUNT, types=json.dumps(types), language="en"))
    wish = CreateText(account=ACCOUNT, to=f"whatsapp:{ANN}", from_=WHATSAPP, content_sid=made.sid)
    sid = gate.perform_now(wish).sid
    await control.ask("POST", "/clock", {"advance": 5})
    return f"/handsets/{ANN}/messages/{sid}"


async def test_a_button_is_pressed(control: Control) -> None:
    actions = [{"title": "Pick up", "id": "pickup"}, {"title": "Site", "type": "URL", "url": "/"}]
    types = {"twilio/quick-reply": {"body": "When?", "actions": actions}}
    path = await shown(control, types)
    inbox = await control.ask("GET", f"/handsets/{ANN}/messages")
    content = inbox["items"][0]["content"]
    assert (content["type"], content["data"]["actions"]) == ("twilio/quick-reply", actions)
    assert [(each["title"], each["kind"]) for each in content["buttons"]] == [
        ("Pick up", "QUICK_REPLY"),
        ("Site", "URL"),
    ]
    for wish in ({"button": "Pick up"}, {"id": "pickup"}):
        sent = await control.ask("POST", f"{path}/press", wish, status=201)
        assert sent["body"] == "Pick up"
    assert await control.ask("POST", f"{path}/press", {"button": "Site"}, status=204) is None
    newest = (await control.ask("GET", f"/handsets/{ANN}/messages"))["items"][-1]
    assert newest["reply_to"] == inbox["items"][0]["id"]


async def test_an_entry_of_a_list_is_chosen(control: Control) -> None:
    items = [{"item": "Noon", "id": "12", "description": "sharp"}]
    types = {"twilio/list-picker": {"body": "When?", "button": "Times", "items": items}}
    path = await shown(control, types)
    sent = await control.ask("POST", f"{path}/press", {"list_id": "12"}, status=201)
    assert sent["body"] == "Noon"
    await control.mistake("POST", f"{path}/press", {"list_id": "13"}, status=404)
    assert "expected the title" in await control.mistake("POST", f"{path}/press", {})


async def test_the_newest_entries_of_the_journal(control: Control) -> None:
    await control.ask("PUT", f"/handsets/{ANN}", {"label": "Ann"})
    last = control.default.gate.log.number
    entries = (await control.ask("GET", "/journal", newest=2))["entries"]
    assert [entry["seq"] for entry in entries] == [last - 1, last]
    assert (await control.ask("GET", "/journal", newest=2, after=last))["entries"] == []
