"""Calls to phones by the control API."""

from typing import Any

import pytest

from tests.control.asking import ANN, BOB, PREFIX, Control
from twilio_emulator.core.carrier.caller_id_verification import RequestValidation
from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import calls
from twilio_emulator.core.phones.call_resources import Asks, PhoneCall

pytestmark = pytest.mark.anyio

CALLS = f"/handsets/{ANN}/calls"
WAIT = f"{CALLS}/wait"
SAID = "Your Shop code is: 1, 2, 3, 4"


@command
class Ring:
    """Call Ann."""

    asks: Asks = Asks.NOTHING
    caller: str = "+12025550111"

    def apply(self, world: World) -> PhoneCall | None:
        return calls.place(
            world,
            to=ANN,
            caller=self.caller,
            words="Your Shop code is: {{code}}",
            asks=self.asks,
            greeting="Press any key.",
            one_time_code="1234",
        )


def ring(control: Control, asks: Asks = Asks.NOTHING, caller: str = "+12025550111") -> None:
    control.default.gate.perform_now(Ring(asks=asks, caller=caller))


async def test_a_wait_on_a_frozen_clock_comes_to_what_is_said(control: Control) -> None:
    ring(control)
    answer = await control.ask("GET", WAIT, after=0)
    (call,) = answer["calls"]
    assert (call["status"], call["codes"]) == ("in-progress", ["1234"])
    assert call["spoken"] == [SAID, SAID]
    assert call["body"] == f"{SAID} {SAID}"
    assert (call["from"], call["to"]) == ("+12025550111", ANN)
    assert answer["next_seq"] == call["seq"]
    again = await control.ask("GET", WAIT, after=0, without=call["id"], timeout=0, status=408)
    assert (again["calls"], again["others"]) == ([], [])


async def test_a_code_is_waited_for_with_a_key_pressed(control: Control) -> None:
    ring(control, Asks.ANY_KEY)
    (call,) = (await control.ask("GET", WAIT, after=0))["calls"]
    assert (call["spoken"], call["codes"]) == (["Press any key."], [])
    assert call["asks"] == "any_key"
    heard = await control.ask("POST", f"{CALLS}/{call['id']}/press", {"digits": "5"})
    assert (heard["codes"], heard["pressed"]) == (["1234"], "5")
    missed = await control.ask("GET", WAIT, after=heard["seq"], contains="pizza", status=408)
    assert [each["status"] for each in missed["others"]] == ["completed"]


async def test_a_phone_on_hold_is_answered_by_hand(control: Control) -> None:
    shown = await control.ask("PUT", f"/handsets/{ANN}", {"calls": "hold"})
    assert shown["calls"] == "hold"
    ring(control)
    (call,) = (await control.ask("GET", WAIT, after=0))["calls"]
    assert (call["status"], call["date_answered"]) == ("ringing", None)
    answered = await control.ask("POST", f"{CALLS}/{call['id']}/answer")
    assert answered["codes"] == ["1234"]
    assert answered["date_answered"] is not None
    ended = await control.ask("POST", f"{CALLS}/{call['id']}/hang-up")
    assert ended["status"] == "completed"
    assert await control.mistake("POST", f"{CALLS}/{call['id']}/answer", status=409) == (
        "A call that is completed cannot be answered"
    )
    await control.mistake("POST", f"{CALLS}/CA0/answer", status=404)
    await control.mistake("POST", f"/handsets/{BOB}/calls/{call['id']}/hang-up", status=404)
    said = await control.mistake("POST", f"{CALLS}/{call['id']}/press", {"digits": "x"})
    assert said == "digits is one of 0 to 9, * and #, not 'x'"


async def test_a_call_is_waited_for_by_how_far_it_is(control: Control) -> None:
    ring(control)
    query = {"after": "0", "status": "ringing"}
    answer = (await control.client.get(f"{PREFIX}{WAIT}", params=query)).json()
    assert [each["status"] for each in answer["calls"]] == ["ringing"]


async def test_calls_are_listed_and_deleted(control: Control) -> None:
    for caller in ("+12025550111", "+12025550112", "+12025550113"):
        ring(control, caller=caller)
        await control.ask("POST", "/clock", {"advance": 30})

    def callers(answer: Any) -> list[str]:
        return [each["from"][-1] for each in answer["calls"]]

    listed = await control.ask("GET", CALLS)
    assert callers(listed) == ["1", "2", "3"]
    assert listed["next_seq"] == listed["calls"][-1]["seq"]
    newest = await control.ask("GET", CALLS, limit=2)
    assert callers(newest) == ["2", "3"]
    rest = (await control.client.get(newest["next"])).json()
    assert callers(rest) == ["1"]
    after = await control.ask("GET", CALLS, since=listed["calls"][0]["seq"], contains="Shop")
    assert callers(after) == ["2", "3"]
    assert callers(await control.ask("GET", CALLS, **{"from": "+12025550112"})) == ["2"]
    await control.ask("DELETE", CALLS, status=204, **{"from": "+12025550112"})
    assert callers(await control.ask("GET", CALLS)) == ["1", "3"]
    await control.ask("DELETE", CALLS, status=204)
    gone = await control.ask("GET", CALLS, since=3)
    assert (gone["calls"], gone["next_seq"]) == ([], 3)
    await control.mistake("GET", f"/handsets/{BOB}/calls", status=404)
    await control.mistake("DELETE", f"/handsets/{BOB}/calls", status=404)


async def test_bad_waits(control: Control) -> None:
    assert "count" in await control.mistake("GET", WAIT, after=0, count=0)
    assert "timeout" in await control.mistake("GET", WAIT, after=0, timeout=-1)
    assert "after" in await control.mistake("GET", WAIT)


async def test_the_journal_tells_of_calls_and_hides_their_codes(control: Control) -> None:
    ring(control)
    await control.ask("GET", WAIT, after=0)
    entries = (await control.ask("GET", "/journal"))["entries"]
    assert {"HandsetRang", "CallAnswered"} <= {each.get("event") for each in entries}
    assert "1234" not in str([each for each in entries if "call" in each.get("fields", {})])


async def test_a_number_is_verified_by_a_call_on_its_phone(control: Control) -> None:
    await control.ask("PUT", f"/handsets/{ANN}", {"calls": "hold"})
    account = control.default.world.account_sid
    wish = RequestValidation(account=account, phone_number=ANN)
    validation = control.default.gate.perform_now(wish)
    (call,) = (await control.ask("GET", WAIT, after=0))["calls"]
    assert call["asks"] == "code"
    body = {"digits": validation.validation_code}
    heard = await control.ask("POST", f"{CALLS}/{call['id']}/press", body)
    assert heard["body"].endswith("Your number is verified.")
