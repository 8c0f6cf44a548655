"""Faults, reports and settings of the carrier name what there is, or are refused."""

from dataclasses import fields
from typing import Any

import pytest

from tests.core.conftest import ANN
from twilio_emulator.core.carrier.delivery_reports import ReleaseReceipts, SetReceipt
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Command, World
from twilio_emulator.core.simulation import fault_checks
from twilio_emulator.core.simulation.choices import choose, meant, within
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import (
    ApiError,
    Delay,
    Fault,
    Final,
    Match,
    RefusedInit,
    SocketFault,
)
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.text import Text

GOOD = (
    Fault(api_error=ApiError(status=429, code=20429)),
    Fault(api_error=ApiError(status=400, code=21211, message="No")),
    Fault(final=Final(status="failed", error_code=30450)),
    Fault(final=Final(status="sent")),
    Fault(delay=Delay(stage="accepted", ms=0)),
    Fault(segment_loss=10),
    Fault(socket=SocketFault(drop_after=0, delay_ms=5, throttle=3)),
    Fault(socket=SocketFault(refuse=RefusedInit(status=401, code=20104))),
    Fault(socket=SocketFault(refuse=RefusedInit(status=503, reconnect_min_ms=1000))),
    Fault(),
)

BAD: tuple[tuple[Command, str], ...] = (
    (
        AddFault(do=Fault(final=Final(status="lost"))),
        "do.final.status is one of undelivered, failed, sent, delivered, not lost",
    ),
    (
        AddFault(do=Fault(final=Final(status="deliverd"))),
        "sent, delivered, not deliverd (did you mean delivered?)",
    ),
    (AddFault(do=Fault(final=Final(status="failed", error_code=99999))), "30003"),
    (AddFault(do=Fault(final=Final(status="failed", error_code=99))), "not 99"),
    (
        AddFault(do=Fault(final=Final(status="delivered", error_code=30003))),
        "do.final.status with an error_code is one of undelivered, failed, not delivered",
    ),
    (AddFault(do=Fault(api_error=ApiError(status=999, code=20429))), "from 400 to 599, not 999"),
    (AddFault(do=Fault(api_error=ApiError(status=200, code=20429))), "from 400 to 599, not 200"),
    (AddFault(do=Fault(api_error=ApiError(status=400, code=99999))), "do.api_error.code"),
    (
        AddFault(do=Fault(delay=Delay(stage="x", ms=1))),
        "do.delay.stage is one of accepted, queued, sending, sent, not x",
    ),
    (AddFault(do=Fault(delay=Delay(stage="sent", ms=-5))), "do.delay.ms is one of the numbers"),
    (AddFault(do=Fault(delay=Delay(stage="sent", ms=10**19))), "do.delay.ms"),
    (AddFault(do=Fault(segment_loss=0)), "from 1 to 10, not 0"),
    (AddFault(do=Fault(socket=SocketFault(drop_after=-1))), "do.socket.drop_after"),
    (AddFault(do=Fault(socket=SocketFault(delay_ms=-1))), "do.socket.delay_ms"),
    (AddFault(do=Fault(socket=SocketFault(throttle=-1))), "do.socket.throttle"),
    (
        AddFault(do=Fault(socket=SocketFault(refuse=RefusedInit(status=999)))),
        "do.socket.refuse.status",
    ),
    (
        AddFault(do=Fault(socket=SocketFault(refuse=RefusedInit(status=401, code=1)))),
        "do.socket.refuse.code",
    ),
    (
        AddFault(do=Fault(socket=SocketFault(refuse=RefusedInit(status=401, reconnect_min_ms=-1)))),
        "do.socket.refuse.reconnect_min_ms",
    ),
    (AddFault(match=Match(channel="fax"), do=Fault(hold=True)), "match.channel is one of"),
    (AddFault(match=Match(direction="up"), do=Fault(hold=True)), "match.direction is one of"),
    (AddFault(do=Fault(hold=True), times=0), "times is one of"),
    (AddFault(do=Fault(hold=True), times=-1), "times is one of"),
    (ReleaseReceipts(status="lost"), "status is one of"),
    (ReleaseReceipts(error_code=99999), "error_code is one of"),
    (ReleaseReceipts(match=Match(body="regex:(")), "match is one of a pattern"),
    (ReleaseReceipts(match=Match(channel="fax")), "match.channel is one of"),
    (ChangeCarrier(profile="ideel"), "not ideel (did you mean ideal?)"),
    (ChangeCarrier(approval_mode="x"), "approval_mode is one of"),
    (ChangeCarrier(retry_window=-1), "retry_window is one of"),
    (ChangeCarrier(retry_window=10**19), "retry_window is one of"),
    (ChangeCarrier(queue_seconds=-1), "queue_seconds is one of"),
    (ChangeCarrier(reply_limit=-1), "reply_limit is one of"),
    (ChangeCarrier(throughput={"long-code": 0.0}), "long-code is one of rates above 0"),
    (ChangeCarrier(throughput={"long-code": 1e-320}), "long-code is one of rates above 0"),
    (ChangeCarrier(throughput={"longcode": 1.0}), "throughput is one of"),
    (ChangeCarrier(filters=("(",)), "filters is one of a pattern"),
    (ChangeCarrier(forbidden_countries=("de",)), "forbidden_countries is one of ISO codes"),
    (ChangeCarrier(forbidden_countries=("GER",)), "forbidden_countries is one of ISO codes"),
    (ChangeCarrier(extra_inbound_params={"A\r\nB": "c"}), "extra_inbound_params is one of"),
    (ChangeCarrier(extra_inbound_params={"": "c"}), "extra_inbound_params is one of"),
    (ChangeCarrier(webhook_rewrites={"x": "http://a"}), "webhook_rewrites is one of"),
    (ChangeCarrier(webhook_rewrites={"http://a": "x"}), "webhook_rewrites is one of"),
    (UpsertHandset(address=ANN, power="of"), "power is one of on, off, not of (did you mean off?)"),
    (UpsertHandset(address=ANN, channels=("sms", "smss")), "(did you mean sms?)"),
)


@pytest.mark.parametrize("do", GOOD)
def test_what_can_go_wrong(world: World, do: Fault) -> None:
    assert world.perform(AddFault(do=do)).do == do


@pytest.mark.parametrize(
    "match",
    [
        Match(channel="sms", direction="inbound"),
        Match(channel="regex:^s", direction="in*"),
        Match(channel="what*"),
    ],
)
def test_whom_it_can_be_about(world: World, match: Match) -> None:
    assert world.perform(AddFault(match=match, do=Fault(hold=True))).match == match


@pytest.mark.parametrize(("wish", "why"), BAD)
def test_what_there_is_not_is_refused_with_what_there_is(
    world: World, wish: Command, why: str
) -> None:
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        world.perform(wish)
    assert refused.value.code == 20001
    assert why in refused.value.message
    assert world.snapshot() == before


@pytest.mark.parametrize(
    "wrong", [{"status": "lost"}, {"error_code": 99999}, {"after_ms": -1}, {"after_ms": 10**19}]
)
def test_a_report_says_what_carriers_say(world: World, send: Any, wrong: dict[str, Any]) -> None:
    text: Text = send()
    before = world.snapshot()
    with pytest.raises(Refused, match=f"{next(iter(wrong))} is one of"):
        world.perform(SetReceipt(text=text.sid, **{"status": "undelivered", **wrong}))
    assert world.snapshot() == before


def test_settings_of_the_carrier_that_there_are(world: World) -> None:
    carrier = world.perform(
        ChangeCarrier(
            forbidden_countries=("DE", "FR"),
            extra_inbound_params={"A": "b", "C": ""},
            webhook_rewrites={"http://a": "http://b:1", "https://a.test/x": "http://c"},
            throughput={"long-code": 1.0, "whatsapp": 80.0},
        )
    )
    assert carrier.forbidden_countries == ("DE", "FR")
    assert carrier.extra_inbound_params == (("A", "b"), ("C", ""))


def test_every_code_of_ours_can_answer_a_call() -> None:
    assert {20003, 20404, 20429, 21211, 21610, 30007, 50304}.issubset(fault_checks.api_codes())
    assert 99999 not in fault_checks.api_codes()
    late = {30012, 30024, 30410, 30450, 63001, 63005, 63010, 63012, 63020, 63022, 63025, 63029}
    assert {*late, 63030} <= fault_checks.LATE_CODES
    assert {*range(20101, 20108), 20151, 20157} == fault_checks.TOKEN_CODES
    assert {
        *(20002, 20004, 20006, 20008, 20009, 20403, 20422, 20429, 20500, 20503, 20504)
    } == fault_checks.GENERAL_CODES
    assert {*(51007, 51202, 51207, 51214, 51215, 51130, 54007, 54100)} == fault_checks.SOCKET_CODES
    assert {20104, 51207}.issubset(fault_checks.connection_codes())


def test_choices() -> None:
    choose("a", 1, (1, 2))
    within("a", None, 0, 1)
    within("a", 0, 0, 1)
    assert meant("Statuss", ["status", "x"]) == " (did you mean status?)"
    assert meant("zzz", ["status"]) == ""
    assert meant("x" * 10_000, ["status"]) == ""


def test_all_that_can_go_wrong_is_known_to_scenarios() -> None:
    from twilio_emulator.scenarios.sentences.controls import DO, MATCH

    assert set(DO.shapes) == {field.name for field in fields(Fault)}
    assert set(MATCH.shapes) == {field.name for field in fields(Match)} - {"sender"} | {"from"}
    for name, kind in (
        ("api_error", ApiError),
        ("final", Final),
        ("delay", Delay),
        ("socket", SocketFault),
    ):
        shape: Any = DO.shapes[name]
        assert set(shape.shapes) == {field.name for field in fields(kind)}
