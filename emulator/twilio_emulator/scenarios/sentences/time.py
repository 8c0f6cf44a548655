"""Sentences about time."""

from datetime import datetime

from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import Duration, Instant
from twilio_emulator.scenarios.language.times import Moment, say_duration
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import Scene


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
