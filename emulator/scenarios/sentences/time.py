"""Sentences about time."""

from emulator.scenarios.language import Step, sentence
from emulator.scenarios.scene import Scene
from emulator.scenarios.shapes import Duration, Instant
from emulator.scenarios.times import say_duration


@sentence("wait", says=Duration(), example="wait: 5 minutes")
async def wait(scene: Scene, step: Step) -> None:
    """Time passes; what falls due happens."""
    await scene.pass_until(await scene.stage.now() + step.says)
    await scene.tell_that("", "·", f"{say_duration(step.says)} later")


@sentence("wait until", says=Instant(), example="wait until: 2026-01-06T08:00:00Z")
async def wait_until(scene: Scene, step: Step) -> None:
    """Time passes until then."""
    await scene.pass_until(step.says)
    await scene.tell_that("", "·", f"{step.says:%A, %d %B %Y, %H:%M:%S}")
