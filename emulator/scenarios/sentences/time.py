"""Sentences about time."""

from datetime import datetime

from emulator.scenarios.language import Step, sentence
from emulator.scenarios.report import Unfulfilled
from emulator.scenarios.scene import Scene
from emulator.scenarios.shapes import Duration, Instant
from emulator.scenarios.times import Moment, say_duration


@sentence("wait", says=Duration(), example="wait: 5 minutes")
async def wait(scene: Scene, step: Step) -> None:
    """Time passes; what falls due happens."""
    await scene.pass_until(await scene.stage.now() + step.says)
    await scene.tell_that("", "·", f"{say_duration(step.says)} later")


@sentence("wait until", says=Instant(), example="wait until: 2026-01-06T08:00:00Z")
async def wait_until(scene: Scene, step: Step) -> None:
    """Time passes until then."""
    at: datetime | Moment = step.says
    if isinstance(at, Moment):
        now = await scene.stage.now()
        at = at.seen_from(now)
        if at < now:
            said = f"an instant that is still to come, not {step.says.text}"
            raise Unfulfilled(said, f"it is {now:%A, %d %B %Y, %H:%M:%S}")
    await scene.pass_until(at)
    await scene.tell_that("", "·", f"{at:%A, %d %B %Y, %H:%M:%S}")
