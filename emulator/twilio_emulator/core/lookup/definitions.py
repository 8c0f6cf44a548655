"""What a test says that Lookup answers of a number, whatever else is known of it.

The rules of this file:

- What is said is added to what was said before, package by package; null takes a package back.
- It is the same for the whole account, with its subaccounts, as phones are.
"""

import json
from typing import TypeVar

from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup.errors import PACKAGE_ERRORS
from twilio_emulator.core.lookup.line_types import DEFAULT_COUNTRY
from twilio_emulator.core.lookup.packages import KEYS
from twilio_emulator.core.lookup.resources import DefinedAnswer, DefinedAnswers
from twilio_emulator.core.simulation.choices import choose

V = TypeVar("V")

VALIDATION_ERRORS = (
    "TOO_SHORT",
    "TOO_LONG",
    "INVALID_BUT_POSSIBLE",
    "INVALID_COUNTRY_CODE",
    "INVALID_LENGTH",
    "NOT_A_NUMBER",
)
"""https://www.twilio.com/docs/lookup/v2-api#validation-errors"""


@event
class AnswerDefined:
    """A test says what Lookup answers of a number."""

    answer: DefinedAnswer


@event
class AnswerForgotten:
    """Lookup answers of a number what is known of it."""

    number: str


@command
class DefineAnswer:
    """Say what Lookup answers of a number, besides what was said before.

    Attributes:
        number: as anybody may write it.
        packages: by name of a package, what some of its keys are, or null; a JSON object.
        error: packages that are not told, each with the `error_code` that stands there, or null.
        valid: whether somebody can have the number.
        validation_errors: why nobody can, in Lookup's words.
    """

    number: str
    packages: str = "{}"
    error: dict[str, int | None] | None = None
    valid: bool | None = None
    validation_errors: tuple[str, ...] | None = None

    def apply(self, world: World) -> DefinedAnswer:
        for name, code in (self.error or {}).items():
            choose("what error names", name, KEYS)
            if code is not None:
                choose(f"error {name}", code, sorted(PACKAGE_ERRORS))
        for each in self.validation_errors or ():
            choose("validation_errors", each, VALIDATION_ERRORS)
        number = read_number(world, self.number)
        answer = world[DefinedAnswers].get(number) or DefinedAnswer(number=number)
        packages = _changed(json.loads(answer.packages), json.loads(self.packages))
        changes: dict[str, object] = {
            "packages": json.dumps(packages),
            "errors": tuple(_changed(dict(answer.errors), self.error or {}).items()),
            "line_type": packages.get("line_type_intelligence", {}).get("type"),
        }
        if self.valid is not None:
            changes["valid"] = self.valid
        if self.validation_errors is not None:
            changes["validation_errors"] = self.validation_errors
        answer = world[DefinedAnswers].put(replace(answer, **changes))
        world.tell(AnswerDefined(answer=answer))
        return answer


@command
class ForgetAnswer:
    """Have Lookup answer of a number what is known of it."""

    number: str

    def apply(self, world: World) -> None:
        number = read_number(world, self.number)
        if number in world[DefinedAnswers]:
            world[DefinedAnswers].remove(number)
            world.tell(AnswerForgotten(number=number))


def read_number(world: World, said: str) -> str:
    """What a number is looked up under."""
    return world.numbering.planned(said, DEFAULT_COUNTRY).number


def _changed(before: dict[str, V], said: "dict[str, V | None]") -> dict[str, V]:
    """What was said before with what is said now; null takes it back."""
    both = {**before, **said}
    return {name: value for name, value in both.items() if value is not None}
