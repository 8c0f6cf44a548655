"""The fraud guard and the geo permissions of Verify by the control API: who gets no codes."""

from typing import TypedDict

from msgspec import field

from twilio_emulator.control.exchange import NOTHING, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls, Fields, Place, Whole
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.fraud import (
    REFUSALS,
    AddFraudRule,
    FraudRule,
    FraudRules,
    RemoveFraudRules,
)

RULE = {"fraud": Place(words="The rule's `id` (FG).", example="FG" + "3" * 32)}


class NewFraudRule(Fields):
    """Which numbers get no codes.

    Attributes:
        match: a number, or the beginning of numbers with `*` behind it, or an expression behind
            `regex:`.
        code: Twilio's error: 60410, 60412 and 60238 are fraud, 60605 is a geo permission.
        channel: that it is about; each unless given.
        lasts: an ISO 8601 duration; twelve hours for 60410 unless given, without end for others.
        times: how often it refuses; always unless given.
    """

    match: str
    code: Whole = field(name="as", default=60410)
    channel: str | None = None
    lasts: str | None = field(name="for", default=None)
    times: Whole | None = None


_Code = TypedDict("_Code", {"as": int})


class StandingFraudRule(_Code):
    """Which numbers get no codes.

    Attributes:
        as: Twilio's error.
        channel: that it is about; null for each.
        until: when it ends on the account's clock; null for never.
        times: how often it still refuses; null for always.
    """

    id: str
    match: str
    channel: str | None
    until: str | None
    times: int | None
    date_created: str


class FraudRuleList(TypedDict):
    """Rules, in the order in which they were made."""

    rules: list[StandingFraudRule]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("verify", "What is around verifications: services, templates, fraud, events.")

    @controls.on(
        "GET",
        "/verify/fraud",
        "list_fraud_rules",
        "Which numbers get no codes, in the order in which it was said.",
        gives=FraudRuleList,
    )
    async def list_fraud_rules(control: Control) -> Reply:
        rules = control.hosted.world[FraudRules]
        return json_reply({"rules": [_look(each) for each in rules.all(rules.in_order, "")]})

    @controls.on(
        "POST",
        "/verify/fraud",
        "add_fraud_rule",
        "Lets some numbers get no codes: as fraud, or by geo permissions.",
        body=NewFraudRule,
        choices={"code": tuple(REFUSALS), "channel": tuple(VerifyChannel)},
        gives=StandingFraudRule,
        status=201,
        examples=(
            {"match": "+23480*"},
            {"match": "+44*", "as": 60605, "channel": "sms"},
            {"match": "+12025550199", "as": 60238, "for": "PT12H", "times": 1},
        ),
    )
    async def add_fraud_rule(control: Control) -> Reply:
        wish = control.body(NewFraudRule)
        command = AddFraudRule(
            match=wish.match,
            error_code=wish.code,
            channel=wish.channel,
            lasts=wish.lasts,
            times=wish.times,
        )
        return json_reply(_look(await control.hosted.gate.perform(command)), 201)

    @controls.on(
        "DELETE",
        "/verify/fraud",
        "remove_fraud_rules",
        "Lets everybody get codes again.",
    )
    async def remove_fraud_rules(control: Control) -> Reply:
        await control.hosted.gate.perform(RemoveFraudRules())
        return NOTHING

    @controls.on(
        "DELETE",
        "/verify/fraud/{fraud}",
        "remove_fraud_rule",
        "Lets the numbers of one rule get codes again.",
        places=RULE,
    )
    async def remove_fraud_rule(control: Control) -> Reply:
        await control.hosted.gate.perform(RemoveFraudRules(rule=control.said["fraud"]))
        return NOTHING


def _look(it: FraudRule) -> StandingFraudRule:
    return {
        "id": it.sid,
        "match": it.match,
        "as": it.error_code,
        "channel": it.channel,
        "until": None if it.until is None else write_instant(it.until),
        "times": it.times,
        "date_created": write_instant(it.date_created),
    }
