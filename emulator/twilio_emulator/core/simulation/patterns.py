"""Patterns that faults and filters match with."""

from twilio_emulator.core.kernel.patterns import BadPattern, is_in
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.refusals import INVALID_SETTING

REGEX = "regex:"


def check_pattern(world: World, name: str, pattern: str | None) -> None:
    """Raises:
    Refused: 20001 it is to be a regular expression, and is not one.
    """
    if pattern is not None and pattern.startswith(REGEX):
        try:
            world.compile_pattern(pattern[len(REGEX) :])
        except BadPattern as error:
            raise Refused(
                INVALID_SETTING, name=name, choices=f"a pattern ({error})", value=pattern
            ) from None


def matches(world: World, pattern: str | None, value: str | None) -> bool:
    """Whether a value is one that a pattern means; what says nothing means any."""
    if pattern is None:
        return True
    if value is None:
        return False
    if pattern.startswith(REGEX):
        return is_in(world.compile_pattern, pattern[len(REGEX) :], value)
    if pattern.endswith("*"):
        return value.startswith(pattern[:-1])
    return value == pattern
