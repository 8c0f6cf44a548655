"""Settings of our own that have to be one of some values: others are refused, with what there is to
choose from and what was probably meant."""

from collections.abc import Iterable

from twilio_emulator.core.kernel.parameters import LONGEST
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.senders.refusals import INVALID_SETTING

MOST_MS = int(LONGEST.total_seconds()) * 1000
"""Milliseconds of the longest time that anything takes, which is a century."""

MOST_SECONDS = MOST_MS // 1000


def choose(name: str, value: object, choices: Iterable[object]) -> None:
    """Raises:
    Refused: 20001 the value is not one of the choices.
    """
    known = tuple(choices)
    if value in known:
        return
    words = [str(choice) for choice in known]
    said = f"{value}{meant(str(value), words)}"
    raise Refused(INVALID_SETTING, name=name, choices=", ".join(words), value=said)


def within(name: str, value: int | float | None, least: int, most: int) -> None:
    """Raises:
    Refused: 20001 the number, if there is one, is less or more than it may be.
    """
    if value is not None and not least <= value <= most:
        bounds = f"the numbers from {least} to {most}"
        raise Refused(INVALID_SETTING, name=name, choices=bounds, value=str(value))


def meant(word: str, known: Iterable[str]) -> str:
    """` (did you mean sent?)`; nothing when no word comes near."""
    from difflib import get_close_matches  # late: it is needed for mistakes alone

    folded = {choice.casefold(): choice for choice in known}
    close = get_close_matches(word[:100].casefold(), folded, n=1, cutoff=0.6)
    return f" (did you mean {folded[close[0]]}?)" if close else ""
