"""Attempts: what became of each send of a code.

The rules of this file (https://www.twilio.com/docs/verify/api/list-verification-attempts):

- The attempt of a text follows what the carrier reports of it.
"""

from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.texts.text import TextStatusChanged
from twilio_emulator.core.verify.resources import (
    Attempt,
    AttemptChanged,
    Verification,
    VerifyAttempts,
)


def changed(world: World, attempt: Attempt, **changes: object) -> Attempt:
    """Keep what is known of an attempt now, and tell it."""
    attempt = world[VerifyAttempts].put(replace(attempt, date_updated=world.now, **changes))
    world.tell(AttemptChanged(attempt=attempt))
    return attempt


def follow_text(world: World, moved: TextStatusChanged) -> None:
    """The text that carries a code took a step."""
    text = moved.text
    if text.verification_attempt_sid is None:
        return
    attempt = world[VerifyAttempts].get(text.verification_attempt_sid)
    if attempt is not None:
        changed(
            world,
            attempt,
            message_status=str(text.status),
            error_code=text.error_code,
        )


def confirm(world: World, verification: Verification) -> None:
    """A verification is approved: its latest attempt is what did it. That it is that one alone is
    decided, as Twilio does not say."""
    latest = verification.sends[-1]
    attempt = world[VerifyAttempts].get(latest.attempt_sid)
    if attempt is not None:
        changed(world, attempt, converted=True, status="confirmed")


def expire(world: World, verification: Verification) -> None:
    """The codes of a verification are good no more."""
    for send in verification.sends:
        attempt = world[VerifyAttempts].get(send.attempt_sid)
        if attempt is not None:
            changed(world, attempt, status="expired")
