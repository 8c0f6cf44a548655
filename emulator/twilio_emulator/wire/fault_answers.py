"""Errors that a fault orders in place of an operation's answer."""

from collections.abc import Mapping

from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.simulation.faults import SpendFault
from twilio_emulator.core.simulation.resources import FaultRule
from twilio_emulator.wire.calls import Call

WORDS = "Injected by a fault rule"
"""What is said of an error that nobody has words for."""

NO_WORDS: Mapping[int, str] = {}


def refuse(
    call: Call, rule: FaultRule | None, words: Mapping[int, str] = NO_WORDS, **filled: str
) -> None:
    """Answer with the error of the rule that is for a request, if there is one; and count it.

    Args:
        words: what is said of an error, by its code, where the fault does not say it.
        filled: values for the placeholders in those words. What the fault says has none, and words
            with one that has no value are not said.

    Raises:
        Refused: there is one.
    """
    if rule is None or rule.do.api_error is None:
        return
    error = rule.do.api_error
    call.gate.perform_now(SpendFault(rule=rule.sid), call.origin)
    said = error.message or _filled(words.get(error.code, WORDS), filled)
    raise Refused(Refusal(error.code, error.status, "{said}"), said=said)


def _filled(words: str, values: Mapping[str, str]) -> str:
    """The words, unless they would have a gap."""
    try:
        return words.format_map(values)
    except KeyError:
        return WORDS
