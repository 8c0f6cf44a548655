"""What follows here from a step of a text. All texts of all accounts come by, so most are let go at
once: where nothing is captured and nothing was said, a step costs one look."""

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator import actions, capture, delivery_status
from twilio_emulator.core.orchestrator.resources import Communications
from twilio_emulator.core.texts.text import TextStatus, TextStatusChanged


def followed(world: World, changed: TextStatusChanged) -> None:
    """A text has taken a step."""
    if changed.text.status is TextStatus.QUEUED:
        capture.queued(world, changed)
    if Communications in world:  # a table is made when it is first asked for
        delivery_status.follow(world, changed)
        actions.follow(world, changed)
