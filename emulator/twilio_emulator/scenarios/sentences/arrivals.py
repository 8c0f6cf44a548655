"""What arrives somewhere, and whether it is what a step expected: on phones, in conversations, at
webhook receivers.

The rules of this file:

- An expectation looks at what no earlier step has expected, and claims what it finds. What comes in
  between does not matter; a list is expected in its order.
- That nothing comes is said of what comes after the newest item that a step has expected.
- It waits while the story's time passes, a minute unless it says `within`.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from difflib import SequenceMatcher
from typing import Any, Protocol

from twilio_emulator.scenarios.language.matching import Fits, differs, fits, pattern, show
from twilio_emulator.scenarios.language.sentence import Step
from twilio_emulator.scenarios.language.times import say_duration
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import PATIENCE, Scene

Item = dict[str, Any]

MOST_EXPECTED = 10_000
"""The same so many times."""


class Arrivals(Protocol):
    """A place where things arrive."""

    async def look(self) -> list[Item]:
        """What is there and was not expected yet, oldest first."""

    def claim(self, item: Item) -> None:
        """An item was what a step expected."""

    def later(self) -> list[Item]:
        """What came after the newest item that a step has expected."""

    @property
    def last(self) -> Item | None:
        """The newest item that a step has expected."""


About = Callable[[Any], Any]
"""What is expected of a whole item, where a step says a bare value too: about one of its keys."""


async def expect_arrivals(
    scene: Scene,
    step: Step,
    arrivals: Arrivals,
    about: About,
    describe: Callable[[Item], str],
) -> list[Item]:
    """Wait for what a step expects, and claim it.

    Raises:
        Unfulfilled: it did not come in time.
    """
    expected = scene.meant(step.says)
    many = isinstance(expected, list)
    count = step.beside.get("count", 1)
    wanted = expected if many else [expected] * count
    within = step.beside.get("within", PATIENCE)

    wanted_fits = [fits(about(each)) for each in wanted]

    async def look() -> list[Item] | None:
        return in_order(wanted_fits, await arrivals.look())

    found = await scene.until(look, within)
    if found is None:
        said = " then ".join(_say(each) for each in wanted) if many else _say(expected)
        times = f", {count} times," if count > 1 else ""
        nearest = nearest_of(wanted, await arrivals.look(), about, describe)
        raise Unfulfilled(f"{said}{times} within {say_duration(within)}", nearest)
    for item in found:
        arrivals.claim(item)
    scene.keep(step.beside.get("as"), found if many else found[-1])
    return found


async def expect_nothing(
    scene: Scene,
    step: Step,
    arrivals: Arrivals,
    about: About,
    describe: Callable[[Item], str],
    unwanted: Any,
    within: timedelta,
) -> None:
    """Let time pass, and see that nothing came, or nothing like `unwanted` when that is something.

    Raises:
        Unfulfilled: something did.
    """
    while await scene.heard():
        pass
    await scene.pass_until(await scene.stage.now() + within)
    unwanted = scene.meant(unwanted)
    fit = fits(about(unwanted))
    await arrivals.look()
    for item in arrivals.later():
        if unwanted is None or fit(item):
            what = "nothing" if unwanted is None else f"nothing like {_say(unwanted)}"
            last = arrivals.last
            since = f", counted from the last claimed item: {describe(last)}" if last else ""
            raise Unfulfilled(f"{what} within {say_duration(within)}{since}", describe(item))
    await scene.tell_that(step.who or "", "·", f"gets nothing for {say_duration(within)}")


def in_order(wanted: Sequence[Fits], items: list[Item]) -> list[Item] | None:
    """An item for each that is wanted, in order, others in between; None when one is missing."""
    found = []
    left = iter(items)
    for fit in wanted:
        item = next(filter(fit, left), None)
        if item is None:
            return None
        found.append(item)
    return found


def nearest_of(
    wanted: Sequence[Any], items: list[Item], about: About, describe: Callable[[Item], str]
) -> str:
    """Of what arrived, what comes nearest to the first that is missing, and why it is not it."""
    if not items:
        return "nothing arrived"
    missing = next((e for e in wanted if not any(map(fits(about(e)), items))), None)
    if missing is None:
        return f"{len(items)} of them, in this order: {', '.join(map(describe, items))}"
    said = str(missing)
    closest = max(
        reversed(items),
        key=lambda item: SequenceMatcher(None, said, describe(item)[:500]).quick_ratio(),
    )
    why = differs(about(missing), closest) if isinstance(missing, dict) else None
    return f"{describe(closest)}: {why}" if why else describe(closest)


def _say(expected: Any) -> str:
    if isinstance(expected, str):
        return f"a text that matches {expected}" if pattern(expected) else show(expected)
    if isinstance(expected, dict):
        return ", ".join(f"{key}: {_say(value)}" for key, value in expected.items())
    return show(expected)
