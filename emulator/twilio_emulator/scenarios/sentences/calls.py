"""Twilio's REST operations as sentences: their names, their parameters, what came back."""

import json
from dataclasses import dataclass
from typing import Any

from twilio_emulator.scenarios.language.json_shapes import Expected, Timed, takes_instant
from twilio_emulator.scenarios.language.matching import differs, show
from twilio_emulator.scenarios.language.problems import nearest
from twilio_emulator.scenarios.language.references import meant, refers
from twilio_emulator.scenarios.language.sentence import Sentence, Step
from twilio_emulator.scenarios.language.shapes import (
    INSTANTS,
    Duration,
    Keys,
    NewName,
    Reading,
    Schema,
)
from twilio_emulator.scenarios.language.source import Mapping, Node, Scalar
from twilio_emulator.scenarios.language.templates import spelled, spoken_of
from twilio_emulator.scenarios.language.times import say_duration
from twilio_emulator.scenarios.operations import NamedOperation
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import PATIENCE, Scene
from twilio_emulator.scenarios.player.stage import ApiAnswer
from twilio_emulator.scenarios.sentences.answers import REFUSAL, refused_as_expected
from twilio_emulator.wire.spelling import snake

MAKE_CONVERSATIONS = ("conversations.create", "conversation_with_participants.create")
LONGEST_DETAIL = 70
PAGING = ("page_size", "page", "page_token")
LOUD = "x_twilio_webhook_enabled"


@dataclass(frozen=True)
class Given:
    """The parameters of an operation, spelled as Twilio's helper libraries or as its forms do.

    What belongs together may be nested: `messaging_binding: {address: ...}`.
    """

    operation: NamedOperation

    def read(self, node: Node, reading: Reading) -> dict[str, Any]:
        if isinstance(node, Scalar) and node.is_empty:
            return {}
        if not isinstance(node, Mapping):
            reading.expect(node.place, f"expected the parameters of {self.operation.name}")
            return {}
        given: dict[str, Any] = {}
        self._read(node, "", given, reading)
        return given

    def _read(self, node: Mapping, prefix: str, given: dict[str, Any], reading: Reading) -> None:
        known = self._known()
        for key, value in node.pairs:
            name = prefix + snake(key.text).rstrip("_")
            is_open = self.operation.takes_json and not self.operation.is_camel
            if name in known or is_open:
                given[name] = Timed().of(name, value, reading)
            elif isinstance(value, Mapping) and any(k.startswith(f"{name}_") for k in known):
                self._read(value, f"{name}_", given, reading)
            else:
                said = f'expected a parameter of {self.operation.name}, not "{key.text}"'
                reading.expect(key.place, said + nearest(name, known))

    def _known(self) -> list[str]:
        paging = PAGING if self.operation.reads else (LOUD,)
        in_service = ("service",) if self.operation.path_in_service else ()
        sid = ("sid",) if self.operation.names else ()
        return [*self.operation.names, *sid, *self.operation.parameters, *in_service, *paging]

    def schema(self) -> Schema:
        shown = {name: _offered(name) for name in self._known()}
        return {"type": ["object", "null"], "properties": shown}


def _offered(name: str) -> Schema:
    """What editors are told of a parameter."""
    return {"description": "an instant", "examples": INSTANTS} if takes_instant(name) else {}


def call_sentence(name: str, operation: NamedOperation) -> Sentence:
    """The sentence that performs an operation."""
    kind = "conversation" if operation.name.partition(".")[2] in MAKE_CONVERSATIONS else "answer"
    return Sentence(
        phrase=name,
        by=(),
        says=Given(operation),
        optional=True,
        beside=Keys(
            {
                "as": NewName(kind),
                "expect": Expected(),
                "fails": REFUSAL,
                **({"within": Duration()} if operation.reads else {}),
            },
            f'what can stand beside "{name}"',
        ),
        play=call,
        example=f"{name}: {{}}",
    )


async def call(scene: Scene, step: Step) -> None:
    """One of Twilio's REST operations is called; looking again waits until the answer fits."""
    name = step.sentence.phrase
    operation = scene.operations[name]
    given = {key: _value(scene, operation, key, said) for key, said in (step.says or {}).items()}
    loud = given.pop(LOUD, None) is True
    fails = scene.meant(step.beside.get("fails"))
    expected = scene.meant(step.beside.get("expect"))
    within = step.beside.get("within", PATIENCE)
    answer = ApiAnswer(0, None)

    async def ask() -> ApiAnswer | None:
        nonlocal answer
        answer = await scene.call(name, given, loud=loud)
        fits = answer.refused or expected is None or differs(expected, answer.body) is None
        return answer if fits else None

    if operation.reads:
        await scene.until(ask, within)
    else:
        await ask()
    refused_as_expected(answer, fails, name)
    if expected is not None and (why := differs(expected, answer.body)) is not None:
        waited = f" within {say_duration(within)}" if operation.reads else ""
        raise Unfulfilled(f"{show(expected)} in the answer{waited}", why)
    if "as" in step.beside:
        scene.keep(step.beside["as"], answer.body)
        if step.sentence.phrase in MAKE_CONVERSATIONS:
            scene.talks.append(step.beside["as"])
    detail = spelled(step.says or {})
    shown = detail if len(detail) <= LONGEST_DETAIL else f"{detail[: LONGEST_DETAIL - 3]}..."
    await scene.tell_that("", "·", name, shown)


def _value(scene: Scene, operation: NamedOperation, name: str, said: Any) -> Any:
    """What goes into the request: names become sids and addresses, objects JSON texts."""
    here = name in (*operation.names, "service") or refers(name)
    value = meant(scene.fill(said), scene.known, here=here)
    if operation.takes_json:
        return value
    return [_as_text(each) for each in value] if isinstance(value, list) else _as_text(value)


def _as_text(value: Any) -> Any:
    if isinstance(value, dict) and spoken_of(value) is value:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return value
