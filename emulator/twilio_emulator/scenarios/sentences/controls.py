"""The emulator's own API as sentences: its calls as they are documented, and words for the most
usual ones: what a phone is like, what goes wrong, what the carrier does."""

import re
from dataclasses import replace
from typing import Any

from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.simulation import fault_checks
from twilio_emulator.core.simulation.choices import MOST_MS
from twilio_emulator.core.simulation.fault_checks import API_STATUSES, LATE_CODES
from twilio_emulator.scenarios.language.json_shapes import (
    Between,
    Chosen,
    Expected,
    Searched,
    Timed,
)
from twilio_emulator.scenarios.language.matching import differs, show
from twilio_emulator.scenarios.language.phone_settings import HABITS
from twilio_emulator.scenarios.language.scenario import PHONE
from twilio_emulator.scenarios.language.sentence import Sentence, Step, sentence
from twilio_emulator.scenarios.language.shapes import (
    Duration,
    Keys,
    Known,
    NewName,
    Reading,
    Switch,
    TextShape,
    WholeNumber,
    Word,
)
from twilio_emulator.scenarios.language.source import Node
from twilio_emulator.scenarios.language.templates import spelled, template
from twilio_emulator.scenarios.language.times import say_duration
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import PATIENCE, Scene, path_of
from twilio_emulator.scenarios.player.stage import ApiAnswer
from twilio_emulator.scenarios.sentences.answers import REFUSAL, refused_as_expected
from twilio_emulator.scenarios.sentences.phones import SOMEBODY

CALL = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/(?:\$\{[^{}]*\}|(?!\$\{[^{}]*\})\S)*)")
"""A call of the control API, as its documentation writes it, without the prefix; with names in it,
which may have spaces."""

STATUSES = ("sent", "delivered", "undelivered", "failed", "read")
TEXT = Known(("answer",), "a text that was named")
ERROR = Chosen((0, *sorted(LATE_CODES)), "an error of Twilio's")


async def control(scene: Scene, step: Step) -> None:
    """A call of the control API is made; a GET waits until the answer fits."""
    found = CALL.fullmatch(step.key)
    assert found is not None
    method = found[1]
    path = scene.path(scene.text(template(found[2])))
    body = scene.meant(step.says)
    expected = scene.meant(step.beside.get("expect"))
    within = step.beside.get("within", PATIENCE)
    answer = ApiAnswer(0, None)

    async def ask() -> ApiAnswer | None:
        nonlocal answer
        answer = await scene.control(method, path, body)
        fits = answer.refused or expected is None or differs(expected, answer.body) is None
        return answer if fits or method != "GET" else None

    await scene.until(ask, within)
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    if expected is not None and (why := differs(expected, answer.body)) is not None:
        waited = f" within {say_duration(within)}" if method == "GET" else ""
        raise Unfulfilled(f"{show(expected)} in the answer{waited}", why)
    scene.keep(step.beside.get("as"), answer.body)
    await scene.tell_that("", "·", f"{method} {path}")


CONTROL = Sentence(
    phrase="",
    by=(),
    says=Timed("what the call takes"),
    optional=True,
    beside=Keys(
        {"as": NewName(), "expect": Expected(), "fails": REFUSAL, "within": Duration()},
        "what can stand beside a call of the control API",
    ),
    play=control,
    example="PATCH /carrier: {profile: flaky}",
)


@sentence(
    "'s phone has",
    by=(PHONE,),
    says=Keys(HABITS, "what a phone can be like"),
    example="Ann's phone has: {receipts: hold}",
)
async def phone_has(scene: Scene, step: Step) -> None:
    """A phone becomes different: what is said of it changes, the rest stays."""
    await _change_phone(scene, step, scene.meant(step.says))


@sentence("goes offline", by=(PHONE,), example="Ann goes offline")
async def goes_offline(scene: Scene, step: Step) -> None:
    """A phone is in airplane mode: texts wait for it at the carrier."""
    await _change_phone(scene, step, {"network": "airplane"})


@sentence("comes back", by=(PHONE,), example="Ann comes back")
async def comes_back(scene: Scene, step: Step) -> None:
    """A phone is online again, and gets what waited for it."""
    await _change_phone(scene, step, {"network": "online"})


async def _change_phone(scene: Scene, step: Step, settings: dict[str, Any]) -> None:
    person = scene.person(step.who)
    answer = await scene.control("PATCH", f"/handsets/{path_of(person.address)}", settings)
    refused_as_expected(answer, None, step.key)
    await scene.tell_that(person.name, "·", spelled(settings).strip("{}"))


@sentence(
    "reads",
    by=(PHONE,),
    says=TEXT,
    optional=True,
    example="Ann reads",
)
async def reads(scene: Scene, step: Step) -> None:
    """A text on the phone is read, or all texts of the number that wrote last."""
    person = scene.person(step.who)
    phone = f"/handsets/{path_of(person.address)}"
    if step.says is None:
        path = f"{phone}/threads/{path_of(scene.number_for(person))}/read"
    else:
        path = f"{phone}/messages/{path_of(scene.message_sid(step.says))}/read"
    refused_as_expected(await scene.control("POST", path), None, step.key)
    await scene.tell_that(person.name, "·", "reads")


@sentence(
    "presses",
    by=(PHONE,),
    says=TextShape("the title of a button or an entry"),
    beside={"on": TEXT, "fails": REFUSAL},
    example="Ben presses: Pick up",
)
async def presses(scene: Scene, step: Step) -> None:
    """A button of the newest text on the phone is pressed, unless `on` names another text."""
    person = scene.person(step.who)
    if "on" in step.beside:
        item = scene.message_sid(step.beside["on"])
    else:
        held = await scene.stage.inbox(person.address, 0)
        got = [each["id"] for each in held if each["direction"] == "to_handset"]
        if not got:
            raise Unfulfilled(f"a text on the phone of {person.name}")
        item = got[-1]
    title = scene.text(step.says)
    path = f"/handsets/{path_of(person.address)}/messages/{path_of(item)}/press"
    answer = await scene.control("POST", path, {"button": title})
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    await scene.tell_that(person.name, "→", title, "pressed")


@sentence(
    "opts out",
    by=(PHONE,),
    beside={"of": SOMEBODY, "fails": REFUSAL},
    example="Ann opts out",
)
async def opts_out(scene: Scene, step: Step) -> None:
    """The phone texts STOP: to the number that wrote last, unless `of` names another."""
    person = scene.person(step.who)
    to = scene.address(step.beside["of"]) if "of" in step.beside else scene.number_for(person)
    path = f"/handsets/{path_of(person.address)}/optout"
    answer = await scene.control("POST", path, {"to": to})
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    await scene.tell_that(person.name, "→", "STOP", f"to {to}")


MATCH = Keys(
    {
        **{name: Searched("which texts") for name in ("to", "from", "body", "service")},
        "identity": Searched("whose client"),
        "channel": Chosen(tuple(map(str, Channel)), "a channel", or_pattern=True),
        "direction": Chosen(fault_checks.DIRECTIONS, "a direction", or_pattern=True),
    },
    "to, from, channel, body, service, direction or identity",
)


class Ending(Keys):
    """How a text ends. One that arrives has no error."""

    def read(self, node: Node, reading: Reading) -> Any:
        said = super().read(node, reading)
        if isinstance(said, dict) and said.get("error_code") and said.get("status") in GOOD_ENDS:
            expected = f"expected {' or '.join(fault_checks.BAD_ENDS)} with an error_code"
            reading.expect(node.place, expected)
        return said


GOOD_ENDS = frozenset(fault_checks.STATUSES) - frozenset(fault_checks.BAD_ENDS)

DO = Keys(
    {
        "api_error": Keys(
            {
                "status": Between(API_STATUSES[0], API_STATUSES[-1]),
                "code": Chosen(fault_checks.api_codes(), "a code of Twilio's"),
                "message": TextShape(),
            },
            "what can be said of an answer of the API",
            required=("status", "code"),
        ),
        "final": Ending(
            {
                "status": Chosen(fault_checks.STATUSES, "how a text ends"),
                "error_code": Chosen(tuple(sorted(LATE_CODES)), "an error of Twilio's"),
            },
            "what can be said of how a text ends",
            required=("status",),
        ),
        "delay": Keys(
            {
                "stage": Chosen(fault_checks.STAGES, "a status that passes"),
                "ms": Between(0, MOST_MS),
            },
            "what can be said of a delay",
            required=("stage", "ms"),
        ),
        **{
            name: Switch()
            for name in (
                *("hold", "drop_callback", "duplicate_callback", "reorder_callbacks"),
                *("corrupt_signature", "webhook_timeout"),
            )
        },
        "segment_loss": Between(1, fault_checks.MOST_PARTS),
        "socket": Keys(
            {
                "refuse": Keys(
                    {
                        "status": Between(API_STATUSES[0], API_STATUSES[-1]),
                        "code": Chosen(fault_checks.connection_codes(), "a code of Twilio's"),
                        "message": TextShape(),
                        "reconnect_min_ms": Between(0, fault_checks.MOST_SOCKET_MS),
                    },
                    "what can be said of how a client is turned away",
                    required=("status",),
                ),
                "drop_after": Between(0, fault_checks.MOST),
                "delay_ms": Between(0, fault_checks.MOST_SOCKET_MS),
                "throttle": Between(0, fault_checks.MOST),
            },
            "what can go wrong with a client's connection",
        ),
    },
    "what can go wrong",
)
FAULT = Keys(
    {"match": MATCH, "do": DO, "times": WholeNumber(1)},
    "what can be said of a fault",
    required=("do",),
)
FAULT_CALL = replace(CONTROL, says=FAULT)
"""The call that the sentence makes, checked as the sentence is."""


@sentence(
    "fault",
    says=FAULT,
    beside={"as": NewName()},
    example="fault: {match: {to: Ann}, do: {final: {status: undelivered, error_code: 30003}}}",
)
async def fault(scene: Scene, step: Step) -> None:
    """Something goes wrong from now on, with some texts or all, so many times or always."""
    said = scene.meant(step.says)
    answer = await scene.control("POST", "/faults", said)
    refused_as_expected(answer, None, step.key)
    scene.keep(step.beside.get("as"), answer.body)
    await scene.tell_that("", "·", f"fault: {spelled(said['do'])}")


@sentence("no faults", example="no faults")
async def no_faults(scene: Scene, step: Step) -> None:
    """Nothing goes wrong any more."""
    refused_as_expected(await scene.control("DELETE", "/faults"), None, step.key)
    await scene.tell_that("", "·", "no faults any more")


@sentence(
    "carrier reports",
    says=Word(STATUSES),
    beside={"of": TEXT, "error_code": ERROR, "fails": REFUSAL},
    example="carrier reports: delivered",
)
async def carrier_reports(scene: Scene, step: Step) -> None:
    """The carrier says what became of a text: of all that it holds, unless it says `of`."""
    said: dict[str, Any] = {}
    if "error_code" in step.beside:
        said["error_code"] = step.beside["error_code"]
    if "of" in step.beside:
        path = f"/messages/{path_of(scene.message_sid(step.beside['of']))}/receipt"
        answer = await scene.control("POST", path, {"status": step.says, **said})
    else:
        answer = await scene.control("POST", "/receipts/release", {"as": step.says, **said})
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    await scene.tell_that("", "·", f"the carrier reports: {step.says}")
