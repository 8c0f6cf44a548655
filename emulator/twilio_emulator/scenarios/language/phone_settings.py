"""What a phone can be like: the settings of a handset, as the core has them."""

import dataclasses
from typing import Any

from twilio_emulator.core.carrier.handset_commands import CHOICES, UpsertHandset
from twilio_emulator.core.phones.number_facts import AGO, NEVER, NumberOwner
from twilio_emulator.scenarios.language import times
from twilio_emulator.scenarios.language.shapes import (
    Keys,
    ListOf,
    Reading,
    Schema,
    Shape,
    Switch,
    TextShape,
    Word,
    expected_here,
)
from twilio_emulator.scenarios.language.source import Node, Scalar


class PastMoment:
    """When something was, that may never have been."""

    expected = "a moment that is past: yesterday, 3 days ago, 2026-01-05T09:00:00Z or never"

    def read(self, node: Node, reading: Reading) -> Any:
        text = reading.scalar(node).text if isinstance(node, Scalar) else ""
        if text.casefold() in (*AGO, NEVER) or times.read_instant(text) is not None:
            return text
        moment = reading.moment(text)
        return expected_here(node, reading, self.expected) if moment is None else moment

    def schema(self) -> Schema:
        return {
            "type": "string",
            "description": self.expected,
            "examples": ["yesterday", "3 days ago", "2026-01-05T09:00:00Z", NEVER],
        }


OTHERS: dict[str, Shape] = {
    "sim_swapped": PastMoment(),
    "reassigned": PastMoment(),
    "person": Keys(
        {field.name: TextShape() for field in dataclasses.fields(NumberOwner)},
        "what can be known of a person",
    ),
}
"""Settings that are more than their type says."""


def _shape(name: str, kind: str) -> Shape:
    if name in OTHERS:
        return OTHERS[name]
    if name in CHOICES:
        return Word(tuple(str(choice) for choice in CHOICES[name]))
    if "tuple" in kind:
        return ListOf(TextShape())
    return Switch() if "bool" in kind else TextShape()


HABITS: dict[str, Shape] = {
    field.name: _shape(field.name, str(field.type))
    for field in dataclasses.fields(UpsertHandset)
    if field.name != "address"
}
"""Each with what it may be."""
