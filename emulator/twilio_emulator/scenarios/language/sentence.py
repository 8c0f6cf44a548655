"""The sentences that a scenario is made of: what each looks like and what it does.

The rules of this file:

- A sentence is a function with `@sentence` in front of it, in `sentences/`. Reader, schema and
  documentation follow from what stands there; nothing is listed twice.
- It reads as its key: `Ann texts` is a person and a phrase, `wait until` a phrase alone. What
  it says is the key's value; modifiers are keys beside it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from twilio_emulator.scenarios.language.problems import FilePosition
from twilio_emulator.scenarios.language.shapes import Keys, Shape

if TYPE_CHECKING:
    from twilio_emulator.scenarios.player.scene import Scene


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of a scenario, read.

    Attributes:
        place: where it stands.
        key: as it is written: `Ann texts`.
        sentence: which one it is; None for a REST call, whose key names the operation.
        who: whose sentence it is.
        says: its value.
        beside: its modifiers.
    """

    place: FilePosition
    key: str
    sentence: "Sentence"
    who: str | None
    says: Any
    beside: dict[str, Any] = field(default_factory=dict)


Play = Callable[["Scene", Step], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """What can be said.

    Attributes:
        phrase: its words, without who.
        by: the kinds of those who can be its subject; none when empty.
        says: what its value may be; None when it has none.
        optional: whether the value may be left out, so that the step is a bare text.
        beside: its modifiers.
        play: what it does.
        example: one step.
    """

    phrase: str
    by: tuple[str, ...]
    says: Shape | None
    optional: bool
    beside: Keys
    play: Play
    example: str

    @property
    def ending(self) -> str:
        """What follows the name of a person: ` texts`, `'s phone has`."""
        return self.phrase if self.phrase.startswith("'") else f" {self.phrase}"

    @property
    def about(self) -> str:
        """What it does, in a sentence."""
        return (self.play.__doc__ or "").strip().split("\n")[0]


SENTENCES: dict[str, Sentence] = {}


def sentence(
    phrase: str,
    *,
    by: tuple[str, ...] = (),
    says: Shape | None = None,
    optional: bool = False,
    beside: dict[str, Shape] | None = None,
    example: str,
) -> Callable[[Play], Play]:
    """Make a function what happens at a sentence."""

    def declare(play: Play) -> Play:
        stands = f'what can stand beside "{phrase}"' if beside else f'nothing beside "{phrase}"'
        SENTENCES[phrase] = Sentence(
            phrase=phrase,
            by=by,
            says=says,
            optional=optional or says is None,
            beside=Keys(beside or {}, stands),
            play=play,
            example=example,
        )
        return play

    return declare
