"""Verify on the console: codes, and what becomes of them."""

import re

from playwright.sync_api import expect

from tests.inbox.console import Console

ANN = "+12025550199"


def test_a_code_is_shown_until_it_is_tried(console: Console) -> None:
    emulator, page = console.emulator, console.page
    console.open("/verify")
    expect(page.get_by_text(re.compile("^No code was sent yet"))).to_be_visible()
    service = emulator.client().verify.v2.services(emulator.verify_service_sid)
    service.verifications.create(to=ANN, channel="sms")
    card = page.get_by_test_id("verification")
    expect(card).to_have_attribute("data-status", "pending")
    code = emulator.verify.code(ANN)
    expect(card.get_by_test_id("code")).to_contain_text(code)
    service.verification_checks.create(to=ANN, code="111111")
    expect(card).to_contain_text("A wrong code was tried: 111111")
    service.verification_checks.create(to=ANN, code=code)
    expect(card).to_have_attribute("data-status", "approved")
    expect(card).to_contain_text("The right code was tried")
    expect(card.get_by_test_id("code")).to_have_count(0)


def test_a_verification_is_ended_by_hand(console: Console) -> None:
    emulator, page = console.emulator, console.page
    service = emulator.client().verify.v2.services(emulator.verify_service_sid)
    service.verifications.create(to=ANN, channel="sms")
    console.open("/verify")
    card = page.get_by_test_id("verification")
    card.get_by_role("button", name="Expire").click()
    expect(card).to_have_attribute("data-status", "expired")
    expect(card.get_by_role("button", name="Approve")).to_have_count(0)


def test_an_authenticator_app_shows_its_code(console: Console) -> None:
    emulator, page = console.emulator, console.page
    service = emulator.client().verify.v2.services(emulator.verify_service_sid)
    console.open("/verify")
    expect(page.get_by_text(re.compile("^No factor yet"))).to_be_visible()
    service.entities("ann-00000001").new_factors.create(friendly_name="App", factor_type="totp")
    card = page.get_by_test_id("factor")
    expect(card).to_contain_text("Authenticator app of ann-00000001")
    (shown,) = emulator.call("GET", "/verify/factors")["factors"]
    expect(card.get_by_test_id("code")).to_contain_text(re.compile(r"^\d{6}"))
    assert shown["valid_until"] > shown["date_created"]
