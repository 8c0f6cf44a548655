"""What is expected of an answer, in every sentence that gets one."""

from typing import Any

from twilio_emulator.scenarios.language.json_shapes import Expected
from twilio_emulator.scenarios.language.matching import differs, show
from twilio_emulator.scenarios.language.shapes import Keys
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.stage import ApiAnswer

REFUSAL = Keys(
    {"code": Expected(), "status": Expected(), "message": Expected()},
    "what can be expected of a refusal",
    short="code",
    hints={"code": "Twilio's error code", "status": "of HTTP"},
)


def refused_as_expected(answer: ApiAnswer, expected: dict[str, Any] | None, what: str) -> bool:
    """Whether the answer is a refusal, and one that was expected.

    Raises:
        Unfulfilled: it is another one, or none although one was expected.
    """
    if expected is None:
        if answer.refused:
            raise Unfulfilled(f"{what} to be done", f"refused: {describe(answer)}")
        return False
    if not answer.refused:
        raise Unfulfilled(f"{what} to be refused: {show(expected)}", "it was done")
    seen = {**(answer.body if isinstance(answer.body, dict) else {}), "status": answer.status}
    why = differs(expected, seen)
    if why is not None:
        raise Unfulfilled(f"{what} to be refused: {show(expected)}", f"{describe(answer)}: {why}")
    return True


def describe(answer: ApiAnswer) -> str:
    """A refusal in a line: status, code and message."""
    if not isinstance(answer.body, dict):
        return str(answer.status)
    said = [answer.body.get("code"), answer.body.get("message") or answer.body.get("error")]
    return " ".join(str(part) for part in (answer.status, *said) if part is not None)
