"""What Lookup says of a number, by the control API: seen, and said otherwise."""

import json
from typing import Any, TypedDict

import msgspec

from twilio_emulator.control.exchange import NOTHING, Reply, json_reply
from twilio_emulator.control.lookup.defined import NumberDefinition
from twilio_emulator.control.routes import Control, Controls, Place
from twilio_emulator.core.lookup.answers import answer
from twilio_emulator.core.lookup.definitions import DefineAnswer, ForgetAnswer, read_number
from twilio_emulator.core.lookup.line_types import NumberType, line_type_of
from twilio_emulator.core.lookup.packages import KEYS
from twilio_emulator.core.lookup.resources import DefinedAnswer, DefinedAnswers
from twilio_emulator.core.verify.lookup_witness import WITNESS

ASKS_FOR_MORE = ("identity_match", "reassigned_number", "pre_fill")
"""Packages that are about what a request says besides the number."""

PLACES = {"number": Place(words="A number.", example="+12025550199")}


class LookedUp(TypedDict):
    """What Lookup says of a number.

    Attributes:
        validation_errors: why nobody can have it.
        line_type: what sort of line it is, valid or not.
        packages: those that are about nothing but the number.
        defined: what was said of it here, as `PUT` takes it.
    """

    phone_number: str
    country_code: str | None
    national_format: str | None
    valid: bool
    validation_errors: list[str]
    line_type: NumberType
    packages: dict[str, dict[str, Any]]
    defined: dict[str, Any]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("lookups", "What Lookup says of numbers.")

    @controls.on(
        "GET",
        "/lookups/{number}",
        "show_lookup",
        "What Lookup says of a number, and what of that was said by `PUT`.",
        places=PLACES,
        gives=LookedUp,
    )
    async def show_lookup(control: Control) -> Reply:
        return json_reply(_look(control))

    @controls.on(
        "PUT",
        "/lookups/{number}",
        "define_lookup",
        "Says what Lookup answers of a number, key by key; the rest stays what is known of it.",
        places=PLACES,
        body=NumberDefinition,
        gives=LookedUp,
        examples=(
            {"line_type_intelligence": {"type": "landline"}},
            {"sim_swap": {"last_sim_swap": {"swapped_in_period": True}}},
            {"error": {"line_status": 60606}},
            {"valid": False, "validation_errors": ["TOO_SHORT"]},
            {"valid": True, "sim_swap": None, "error": {"line_status": None}},
        ),
    )
    async def define_lookup(control: Control) -> Reply:
        wish = control.body(NumberDefinition)
        said = msgspec.json.decode(control.content or b"{}")
        packages = {name: said[name] for name in KEYS if name in said}
        command = DefineAnswer(
            number=control.said["number"],
            packages=json.dumps(packages),
            error=wish.error,
            valid=wish.valid,
            validation_errors=wish.validation_errors,
        )
        await control.hosted.gate.perform(command)
        return json_reply(_look(control))

    @controls.on(
        "DELETE",
        "/lookups/{number}",
        "forget_lookup",
        "Lookup answers of a number what is known of it.",
        places=PLACES,
    )
    async def forget_lookup(control: Control) -> Reply:
        await control.hosted.gate.perform(ForgetAnswer(number=control.said["number"]))
        return NOTHING


def _look(control: Control) -> LookedUp:
    world, number = control.hosted.world, control.said["number"]
    packages = tuple(name for name in KEYS if name not in ASKS_FOR_MORE)
    found = answer(world, control.account_sid, number, None, packages, witness=WITNESS)
    defined = world[DefinedAnswers].get(read_number(world, number))
    return {
        "phone_number": found.it.number,
        "country_code": found.it.country,
        "national_format": found.it.national_format,
        "valid": found.valid,
        "validation_errors": list(found.errors),
        "line_type": line_type_of(world, found.it.number, control.account_sid),
        "packages": found.packages,
        "defined": {} if defined is None else _defined(defined),
    }


def _defined(it: DefinedAnswer) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(it.packages)
    if it.errors:
        said["error"] = dict(it.errors)
    if it.valid is not None:
        said["valid"] = it.valid
    if it.validation_errors is not None:
        said["validation_errors"] = list(it.validation_errors)
    return said
