"""Calls on phones, and mailboxes."""

import re

from playwright.sync_api import expect

from tests.inbox.console import Console

ANN = "+12025550199"


def test_a_call_is_answered_and_pressed_in(console: Console) -> None:
    emulator, page = console.emulator, console.page
    ann = emulator.handset(ANN, label="Ann", calls="hold")
    console.open(f"/handsets/{ANN}")
    asked = emulator.client().validation_requests.create(phone_number=ANN)
    card = page.get_by_test_id("phone-call")
    expect(card).to_contain_text("Incoming call")
    card.get_by_test_id("answer").click()
    expect(card).to_contain_text("Please enter the six digit code")
    for digit in str(asked.validation_code):
        pressed = card.get_by_label("Pressed")
        before = pressed.inner_text() if pressed.count() else ""
        card.get_by_test_id("key").and_(
            card.get_by_role("button", name=f"Key {digit}", exact=True)
        ).click()
        expect(pressed).to_have_text(before + digit)
    expect(card).to_contain_text("Your number is verified.")
    card.get_by_test_id("hang-up").click()
    expect(card).to_contain_text("Call ended")
    card.get_by_test_id("forget-calls").click()
    expect(card).to_have_count(0)
    assert ann.calls == []


def test_a_call_is_turned_away_and_the_phone_is_set(console: Console) -> None:
    emulator, page = console.emulator, console.page
    emulator.handset(ANN, label="Ann", calls="hold")
    console.open(f"/handsets/{ANN}")
    emulator.client().validation_requests.create(phone_number=ANN)
    card = page.get_by_test_id("phone-call")
    card.get_by_test_id("hang-up").click()
    expect(card).to_contain_text("Turned away")
    page.get_by_test_id("phone-settings").click()
    dialog = page.get_by_role("dialog")
    calls = dialog.get_by_role("combobox", name="Calls")
    expect(calls).to_have_value("hold")
    calls.select_option("busy")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    assert emulator.call("GET", f"/handsets/{ANN}")["calls"] == "busy"


def test_a_code_in_a_mailbox(console: Console) -> None:
    emulator, page = console.emulator, console.page
    console.open("/mailboxes")
    verify = emulator.client().verify.v2.services
    service = verify(str(verify.list()[0].sid))
    service.verifications.create(
        to="ann@example.com",
        channel="email",
        channel_configuration={"substitutions": {"callback_url": "https://example.com/in?a=1"}},
    )
    page.get_by_test_id("mailbox").click()
    mail = page.get_by_test_id("mail")
    (code,) = emulator.mailbox("ann@example.com").wait().codes
    expect(mail.get_by_role("heading")).to_contain_text(f"{code} is your")
    expect(mail.get_by_test_id("code")).to_have_text(code)
    link = mail.get_by_role("link", name="https://example.com/in?a=1")
    expect(link).to_have_attribute("href", "https://example.com/in?a=1")
    service.verifications.create(to="ann@example.com", channel="email")
    expect(mail).to_have_count(2)
    page.get_by_test_id("clear").click()
    page.get_by_test_id("confirm-clear").click()
    expect(page.get_by_text("Nothing in it.", exact=True)).to_be_visible()


def test_mailboxes_before_anything_came(console: Console) -> None:
    console.open("/mailboxes")
    expect(console.page.get_by_text(re.compile("^No e-mail yet"))).to_be_visible()
    console.open("/mailboxes/ann@example.com")
    expect(console.page.get_by_text("Nothing in it.")).to_be_visible()
