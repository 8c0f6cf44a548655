"""Why an app got nothing, as the journal, a story and the events tell it."""

import pytest

from tests.control.asking import ANN, NUMBER, Control
from twilio_emulator.control.journal import Following, stream, wanted
from twilio_emulator.products import VOCABULARY

pytestmark = pytest.mark.anyio


async def test_a_text_that_nobody_was_told_of(control: Control) -> None:
    said = {"to": NUMBER, "body": "anybody?"}
    sent = await control.ask("POST", f"/handsets/{ANN}/messages", said, status=201)
    (hint,) = (await control.ask("GET", "/journal", kinds="hint"))["entries"]
    assert (hint["cause"], hint["about"]) == ("no-sms-url", NUMBER)
    assert hint["subject"] == sent["message_sid"]
    assert hint["words"].startswith(f"{NUMBER} has no SmsUrl: set it with ")

    story = await control.ask("GET", f"/messages/{sent['message_sid']}")
    decision, told = (
        each for each in story["journal"] if each["kind"] in ("webhook-decision", "hint")
    )
    assert (decision["sent"], decision["because"]) == (False, hint["words"])
    assert told == hint

    again = await control.ask("POST", f"/handsets/{ANN}/messages", said, status=201)
    assert len((await control.ask("GET", "/journal", kinds="hint"))["entries"]) == 1
    story = await control.ask("GET", f"/messages/{again['message_sid']}")
    (decision,) = (each for each in story["journal"] if each["kind"] == "webhook-decision")
    assert decision["because"] == hint["words"]

    # What it says to do does change it.
    await control.ask("PATCH", f"/numbers/{NUMBER}", {"sms_url": "http://127.0.0.1:9/sms"})
    sent = await control.ask("POST", f"/handsets/{ANN}/messages", said, status=201, wait="webhook")
    story = await control.ask("GET", f"/messages/{sent['message_sid']}")
    (decision,) = (each for each in story["journal"] if each["kind"] == "webhook-decision")
    assert decision["sent"] is True


async def test_a_hint_is_an_event_like_others(control: Control) -> None:
    seq = control.default.gate.log.number
    said = {"to": NUMBER, "body": "anybody?"}
    await control.ask("POST", f"/handsets/{ANN}/messages", said, status=201)
    live = stream(control.default, seq, wanted(Following(), VOCABULARY), VOCABULARY)
    names = []
    while "hint" not in names:
        piece = (await anext(live)).decode()
        names += [line[7:] for line in piece.split("\n") if line.startswith("event: ")]
