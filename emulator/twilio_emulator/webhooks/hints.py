"""Why an app was told nothing, and what would change that.

The rules of this file:

- A hint is for what somebody takes for a fault of ours: a setting lacks, or does not say what it
  seems to. Where nothing is sent because somebody wanted it so, nothing is said.
- Each cause is told once, for as long as the log holds that.
- The words say what is the case, then what to do about it, by Twilio's names and by ours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from twilio_emulator.runtime.gate import Gate

KIND = "hint"
"""What such an entry of the log is called."""

PAGE = "the Numbers page of the console"
API = "/_emulator/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A hint, as the log keeps it.

    Attributes:
        cause: which of the reasons, such as `no-sms-url`.
        about: the number, service, webhook or account whose setting it is.
        subject: sid of the text or the conversation of which nobody was told.
        words: what is the case, and what would change it.
    """

    cause: str
    about: str
    subject: str
    words: str


class Hints:
    """Gives each hint once; `gate` has the log that it goes into."""

    def __init__(self, gate: Gate) -> None:
        self.world = gate.world
        self._gate = gate
        self._given: dict[tuple[str, str], int] = {}

    def give(self, cause: str, about: str, subject: str, words: Callable[[], str]) -> None:
        """Note a hint, unless the log still has it."""
        log, key = self._gate.log, (cause, about)
        if self._given.get(key, 0) > log.dropped:
            return
        hint = Hint(cause=cause, about=about, subject=subject, words=words())
        self._given.pop(key, None)  # those that were given last come last
        self._given[key] = self._gate.note(KIND, hint)
        for oldest in list(islice(self._given, 2)):
            if self._given[oldest] <= log.dropped:
                del self._given[oldest]
