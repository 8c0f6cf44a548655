"""What a phone can be like: the settings of a handset, as the core has them."""

import dataclasses

from twilio_emulator.core.carrier.handset_commands import CHOICES, UpsertHandset
from twilio_emulator.scenarios.language.shapes import ListOf, Shape, Switch, TextShape, Word


def _shape(name: str, kind: str) -> Shape:
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
