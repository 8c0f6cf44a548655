"""Sentences that hold others: parts at the same time, and the story of another file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from twilio_emulator.scenarios.language.json_shapes import Pairs
from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import (
    Keys,
    Reading,
    Schema,
    TextShape,
    expected_here,
)
from twilio_emulator.scenarios.language.source import Mapping, Node, Scalar
from twilio_emulator.scenarios.language.source import Sequence as Items
from twilio_emulator.scenarios.player.scene import Scene
from twilio_emulator.scenarios.player.turns import Part

TELLING = Keys(
    {"file": TextShape("a scenario file, as seen from this one"), "with": Pairs("its parameters")},
    "what can be said of a file to play",
    short="file",
    required=("file",),
)


@dataclass(frozen=True)
class NamedSteps:
    """Lists of steps, with or without names."""

    def read(self, node: Node, reading: Reading) -> Any:
        parts: list[Node] = []
        if isinstance(node, Items):
            parts = list(node.items)
        elif isinstance(node, Mapping):
            parts = [value for _, value in node.pairs]
        if not parts:
            return expected_here(node, reading, "lists of steps, one for each part")
        before = dict(reading.kinds)
        known: dict[str, str] = {}
        steps = []
        for part in parts:
            # what one part names, another cannot count on: who knows which is first
            reading.kinds = dict(before)
            steps.append(reading.steps.read(part, reading))
            known |= reading.kinds
        reading.kinds = known
        return steps

    def schema(self) -> Schema:
        steps = {"type": "array", "items": {"$ref": "#/$defs/step"}}
        return {
            "anyOf": [
                {"type": "array", "items": steps},
                {"type": "object", "additionalProperties": steps},
            ]
        }


@sentence(
    "at the same time",
    says=NamedSteps(),
    example="at the same time: [[Ann texts: One], [Ben texts: Two]]",
)
async def at_the_same_time(scene: Scene, step: Step) -> None:
    """Several parts go on, a step of each in turn; time passes when all of them wait."""
    await scene.turns.together([_part(scene, steps) for steps in step.says])


def _part(scene: Scene, steps: Sequence[Step]) -> Part:
    async def act() -> None:
        await take_all(scene, steps)

    return act


async def take_all(scene: Scene, steps: Sequence[Step]) -> None:
    """Take steps, letting other parts have their turn after each."""
    for step in steps:
        await scene.take(scene, step)
        await scene.turns.stepped()


@dataclass(frozen=True)
class Story:
    """A file whose story is told here; read at once, with the names that are known here."""

    def read(self, node: Node, reading: Reading) -> Any:
        said = TELLING.read(node, reading)
        file = node.get("file") if isinstance(node, Mapping) else node
        if not isinstance(file, Scalar) or file.is_empty or reading.problems:
            return ()
        return reading.tell(file, {k: str(v) for k, v in said.get("with", {}).items()}, reading)

    def schema(self) -> Schema:
        return TELLING.schema()


@sentence("play", says=Story(), example="play: sign-in.scenario.yaml")
async def play(scene: Scene, step: Step) -> None:
    """The story of another file is told here, by the people of this one where names agree."""
    await take_all(scene, step.says)
