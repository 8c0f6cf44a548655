"""Parameters that are JSON inside a form."""

import json
from typing import Any

from twilio_emulator.core.kernel import outside
from twilio_emulator.core.kernel.outside import NotJson
from twilio_emulator.core.kernel.records import Plain
from twilio_emulator.core.verify import errors


def json_texts(parameter: str, said: str) -> dict[str, str]:
    """A JSON object whose values are texts; numbers and switches are taken as texts.

    Raises:
        Refused: 60200 it is none.
    """
    return texts(parameter, json_object(parameter, said))


def texts(parameter: str, read: object) -> dict[str, str]:
    """The same of what has been read."""
    if not isinstance(read, dict):
        raise errors.invalid(parameter)
    if any(value is None or isinstance(value, list | dict) for value in read.values()):
        raise errors.invalid(parameter)
    return {name: words(value) for name, value in read.items()}


def words(value: Plain) -> str:
    """A value as a text: anything that is none as JSON has it."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def json_object(parameter: str, said: str) -> dict[str, Plain]:
    read = json_value(parameter, said)
    if not isinstance(read, dict):
        raise errors.invalid(parameter)
    return read


def json_value(parameter: str, said: str) -> Any:
    try:
        return outside.json_value(said)
    except NotJson:
        raise errors.invalid(parameter) from None
