"""Factors by the control API."""

import pytest

from tests.control.asking import Control
from twilio_emulator.core.verify.challenge_commands import AddChallenge
from twilio_emulator.core.verify.factor_commands import AddFactor, UpdateFactor

pytestmark = pytest.mark.anyio

ACCOUNT = "AC00000000000000000000000000000001"
OF_ANN = {
    "account": ACCOUNT,
    "service": "VA00000000000000000000000000000001",
    "entity": "ann-00000001",
}


async def test_a_factor_shows_its_code_and_what_it_was_asked(control: Control) -> None:
    assert await control.ask("GET", "/verify/factors") == {"factors": []}
    perform = control.default.gate.perform_now
    made = perform(AddFactor(**OF_ANN, friendly_name="App", factor_type="totp"))
    (shown,) = (await control.ask("GET", "/verify/factors"))["factors"]
    assert (shown["sid"], shown["status"], shown["challenges"]) == (made.sid, "unverified", [])
    assert (shown["identity"], shown["factor_type"]) == ("ann-00000001", "totp")
    assert (shown["device"], shown["friendly_name"]) == (None, "App")
    perform(UpdateFactor(**OF_ANN, factor=made.sid, auth_payload=shown["code"]))
    asked = perform(AddChallenge(**OF_ANN, factor_sid=made.sid))
    (shown,) = (await control.ask("GET", "/verify/factors"))["factors"]
    assert shown["status"] == "verified"
    (challenge,) = shown["challenges"]
    assert (challenge["sid"], challenge["status"]) == (asked.sid, "pending")
    assert (challenge["fields"], challenge["date_responded"]) == ([], None)


async def test_the_newest_factors_come_first_a_page_at_a_time(control: Control) -> None:
    sids = [
        control.default.gate.perform_now(
            AddFactor(**OF_ANN, friendly_name=str(n), factor_type="totp")
        ).sid
        for n in range(3)
    ]
    page = await control.ask("GET", "/verify/factors?limit=2")
    assert [each["sid"] for each in page["factors"]] == sids[:0:-1]
    assert "cursor=" in page["next"]
