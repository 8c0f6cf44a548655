"""Addresses of silent network authentication, opened by phones and by anybody."""

from typing import Any

import pytest

from tests.control.asking import ANN, BOB, PREFIX, Control
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.verify.by_sna import SnaLinks
from twilio_emulator.core.verify.checks import CheckResult, CheckVerification
from twilio_emulator.core.verify.resources import Verification, Verifications, VerifyServices
from twilio_emulator.core.verify.services import RemoveVerifyService, UpdateVerifyService
from twilio_emulator.core.verify.verifications import CreateVerification

pytestmark = pytest.mark.anyio

OPEN = f"/handsets/{ANN}/open-link"
SERVICE = "VA00000000000000000000000000000001"


def create(control: Control, **said: Any) -> str:
    """The path of a new address."""
    world = control.default.world
    services = world[VerifyServices]
    services.put(replace(services[SERVICE], channels=("sna", "sms")))
    wish = CreateVerification(
        **{"account": world.account_sid, "service": SERVICE, "to": ANN, "channel": "sna", **said}
    )
    made: Verification = control.default.gate.perform_now(wish)
    return str(made.sna_url).removeprefix(PREFIX)


def check(control: Control, **said: Any) -> CheckResult:
    account = control.default.world.account_sid
    wish = CheckVerification(**{"account": account, "service": SERVICE, "to": ANN, **said})
    result: CheckResult = control.default.gate.perform_now(wish)
    return result


def errors(control: Control) -> list[int]:
    (made,) = control.default.world[Verifications]
    return [each.code for each in made.sna_errors]


async def test_the_right_phone_opens_it_once(control: Control) -> None:
    path = create(control)
    await control.ask("PUT", f"/handsets/{ANN}")
    answer = await control.ask("POST", OPEN, {"url": f"http://localhost:8008{PREFIX}{path}"})
    assert answer == {"error_code": None, "sna_client_token": None}
    again = await control.ask("POST", path, status=403)
    assert again["error_code"] == 60520
    assert errors(control) == []
    assert check(control).valid
    late = await control.ask("GET", path, status=403)
    assert late["error_code"] == 60520


@pytest.mark.parametrize(
    ("phone", "changes", "over", "code"),
    [
        (ANN, {}, "wifi", 60531),
        (ANN, {"network": "airplane"}, "mobile", 60531),
        (ANN, {"power": "off"}, "mobile", 60531),
        (BOB, {}, "mobile", 60500),
    ],
)
async def test_phones_that_show_nothing(
    control: Control, phone: str, changes: dict[str, str], over: str, code: int
) -> None:
    path = create(control)
    await control.ask("PUT", f"/handsets/{phone}", changes)
    said = {"url": f"{PREFIX}{path}", "over": over}
    answer = await control.ask("POST", f"/handsets/{phone}/open-link", said)
    assert answer["error_code"] == code
    assert not check(control).valid
    assert errors(control) == [code]


async def test_an_older_address_is_good_for_nothing(control: Control) -> None:
    old, new = create(control), create(control)
    assert (await control.ask("GET", old, status=403))["error_code"] == 60520
    await control.ask("GET", new)
    assert check(control).valid
    assert errors(control) == [60520]


async def test_a_token_is_shown_with_the_check(control: Control) -> None:
    path = create(control, enable_sna_client_token="true")
    answer = await control.ask("GET", path)
    token = answer["sna_client_token"]
    assert token
    assert not check(control).valid
    assert not check(control, sna_client_token="other").valid
    assert check(control, sna_client_token=token).valid
    path = create(control, enable_sna_client_token="false")
    assert (await control.ask("GET", path))["sna_client_token"] is None


async def test_a_strict_network_knows_no_bare_request(control: Control) -> None:
    path = create(control)
    await control.ask("PATCH", "/carrier", {"profile": "strict-us"})
    assert (await control.ask("GET", path, status=403))["error_code"] == 60531
    path = create(control)
    await control.ask("PUT", f"/handsets/{ANN}")
    assert (await control.ask("POST", OPEN, {"url": path.join([PREFIX, ""])}))["error_code"] is None


@pytest.mark.parametrize(("given", "code"), [(60540, 60540), (None, 60005)])
async def test_faults(control: Control, given: int | None, code: int) -> None:
    path = create(control)
    do = {"final": {"status": "failed", "error_code": given}}
    match = {"channel": "sna", "to": ANN}
    await control.ask("POST", "/faults", {"match": match, "do": do, "times": 1}, status=201)
    assert (await control.ask("GET", path, status=403))["error_code"] == code
    path = create(control)
    await control.ask("GET", path)


async def test_a_link_in_a_message_is_opened(control: Control) -> None:
    path = create(control)
    control.text(f"See https://example.com and http://localhost:8008{PREFIX}{path}?account=AC1")
    (item,) = (await control.ask("GET", f"/handsets/{ANN}/messages/wait", after=0))["items"]
    assert (await control.ask("POST", OPEN, {"item": item["id"]}))["error_code"] is None


async def test_what_is_no_such_address(control: Control) -> None:
    create(control)
    expected = "body url: expected what a verification has as sna.url"
    await control.mistake("POST", OPEN, {"url": "x"}, status=404)
    await control.ask("PUT", f"/handsets/{ANN}")
    for said in ({}, {"url": "https://example.com"}, {"url": f"{PREFIX}/sna/1"}):
        assert await control.mistake("POST", OPEN, said) == expected
    nobody = f"/sna/{'0' * 32}"
    await control.mistake("GET", nobody, status=404)
    await control.mistake("POST", OPEN, {"url": f"{PREFIX}{nobody}"}, status=404)
    await control.mistake("POST", OPEN, {"item": "SM1"}, status=404)


async def test_addresses_go_with_their_service(control: Control) -> None:
    world = control.default.world
    path = create(control)
    said = {"account": world.account_sid, "service": SERVICE}
    world.perform(UpdateVerifyService(**said, friendly_name="Shop"))
    assert len(world[SnaLinks]) == 1
    world.perform(RemoveVerifyService(**said))
    await control.mistake("GET", path, status=404)
