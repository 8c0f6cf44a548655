"""The checks of Verify's channels, by their numbers."""

from typing import Any

from twilio.rest.verify.v2.service import ServiceContext

from tests.conformance.inside import Inside
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.verify.resources import VerifyServices

ANN = "+12025550199"
CONTROL = "http://localhost/_emulator/v1"


def service(inside: Inside, **changes: Any) -> ServiceContext:
    """A new service, with what only the emulator can set."""
    made = inside.library.verify.v2.services.create(friendly_name="Shop")
    services = inside.world[VerifyServices]
    services.put(replace(services[str(made.sid)], **changes))
    return inside.library.verify.v2.services(str(made.sid))


def control(inside: Inside, method: str, path: str, said: Any = None, **query: str) -> Any:
    query["account"] = inside.account_sid
    answer = inside.ask(method, f"{CONTROL}{path}", query=query, said=said)
    assert answer.status in (200, 204), answer.body
    return answer.body


def attempt(inside: Inside, made: Any) -> dict[str, Any]:
    """What the API says of the newest attempt of a verification."""
    sid = made.send_code_attempts[-1]["attempt_sid"]
    shown: dict[str, Any] = inside.library.verify.v2.verification_attempts(sid).fetch().channel_data
    return shown


def test_08_a_call_says_the_code_of_the_text(inside: Inside) -> None:
    shop = service(inside)
    texted = shop.verifications.create(to=ANN, channel="sms")
    called = shop.verifications.create(to=ANN, channel="call")
    assert (called.sid, called.channel) == (texted.sid, "call")
    inside.advance(seconds=1)
    (text,) = control(inside, "GET", f"/handsets/{ANN}/messages")["items"]
    (call,) = control(inside, "GET", f"/handsets/{ANN}/calls")["calls"]
    said = {"digits": "1"}
    heard = control(inside, "POST", f"/handsets/{ANN}/calls/{call['id']}/press", said)
    assert heard["codes"] == text["codes"]
    assert len(heard["codes"]) == 1


def test_34_a_code_is_spoken_after_a_key_and_not_to_who_does_not_answer(inside: Inside) -> None:
    shop = service(inside)
    assert shop.fetch().dtmf_input_required
    made = shop.verifications.create(to=ANN, channel="call")
    inside.advance(seconds=1)
    (call,) = control(inside, "GET", f"/handsets/{ANN}/calls")["calls"]
    assert (call["status"], call["codes"]) == ("in-progress", [])
    said = {"digits": "1"}
    heard = control(inside, "POST", f"/handsets/{ANN}/calls/{call['id']}/press", said)
    (code,) = heard["codes"]
    assert f"Your Shop verification code is: {', '.join(code)}" in heard["spoken"]
    assert shop.verification_checks.create(to=ANN, code=code).status == "approved"

    control(inside, "PATCH", f"/handsets/{ANN}", {"calls": "hold"})
    made = shop.verifications.create(to=ANN, channel="call")
    inside.advance(minutes=2)
    (*_, call) = control(inside, "GET", f"/handsets/{ANN}/calls")["calls"]
    assert (call["status"], call["codes"]) == ("no-answer", [])
    assert shop.verifications(made.sid).fetch().status == "pending"
    assert attempt(inside, made)["call_status"] == "no-answer"


def test_35_a_phone_in_airplane_mode_gets_its_code_later(inside: Inside) -> None:
    shop = service(inside)
    control(inside, "PUT", f"/handsets/{ANN}", {"network": "airplane"})
    made = shop.verifications.create(to=ANN, channel="sms")
    inside.advance(minutes=1)
    assert attempt(inside, made)["message_status"] == "sent"
    control(inside, "PATCH", f"/handsets/{ANN}", {"network": "online"})
    inside.advance(seconds=1)
    assert attempt(inside, made)["message_status"] == "delivered"
    (item,) = control(inside, "GET", f"/handsets/{ANN}/messages")["items"]
    assert shop.verification_checks.create(to=ANN, code=item["codes"][0]).valid


def test_36_the_network_shows_who_it_is_once_the_address_is_opened(inside: Inside) -> None:
    shop = service(inside, channels=("sna", "sms"))
    made = shop.verifications.create(to=ANN, channel="sna")
    assert made.sna["url"].startswith("https://verify.twilio.com/_emulator/v1/sna/")
    inside.advance(seconds=1)
    assert control(inside, "PUT", f"/handsets/{ANN}")["unread"] == 0
    checked = shop.verification_checks.create(to=ANN)
    assert (checked.status, checked.valid) == ("pending", False)
    attempt_sid = made.send_code_attempts[0]["attempt_sid"]
    assert checked.sna_attempts_error_codes == [{"attempt_sid": attempt_sid, "code": 60519}]
    opened = inside.ask("GET", made.sna["url"])
    assert (opened.status, opened["error_code"]) == (200, None)
    checked = shop.verification_checks.create(to=ANN)
    assert (checked.status, checked.valid) == ("approved", True)


def test_37_an_opening_over_wifi_shows_nothing_and_stays_in_the_list(inside: Inside) -> None:
    shop = service(inside, channels=("sna",))
    control(inside, "PUT", f"/handsets/{ANN}")
    made = shop.verifications.create(to=ANN, channel="sna")
    said = {"url": made.sna["url"], "over": "wifi"}
    opened = control(inside, "POST", f"/handsets/{ANN}/open-link", said)
    assert opened["error_code"] == 60531
    first = {"attempt_sid": made.send_code_attempts[0]["attempt_sid"], "code": 60531}
    checked = shop.verification_checks.create(to=ANN)
    assert (checked.status, checked.sna_attempts_error_codes) == ("pending", [first])
    again = shop.verifications.create(to=ANN, channel="sna")
    assert (again.sid, again.sna["url"] == made.sna["url"]) == (made.sid, False)
    said = {"url": again.sna["url"], "over": "mobile"}
    opened = control(inside, "POST", f"/handsets/{ANN}/open-link", said)
    assert opened == {"error_code": None, "sna_client_token": None}
    checked = shop.verification_checks.create(to=ANN)
    assert (checked.status, checked.sna_attempts_error_codes) == ("approved", [first])
