"""Codes by SMS.

The rules of this file:

- A text of Verify's own goes the way of every text, and is no Message resource of the account. One
  that a messaging service of the account sends is.
- Which numbers Verify's own texts come from is decided: Twilio has a pool that is nobody's.
"""

from twilio_emulator.core.carrier import delivery
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.texts.text import Text
from twilio_emulator.core.verify import sms_texts
from twilio_emulator.core.verify.resources import Attempt, Verification, VerifyAttempts
from twilio_emulator.core.verify.wishes import SendWish

POOL_NUMBER = "+12025550111"
"""Decided: where texts to numbers of +1 come from."""

POOL_NAME = "VERIFY"
"""Decided: where all other texts come from."""


def send_sms(world: World, verification: Verification, attempt: Attempt, wish: SendWish) -> None:
    """Send a code by SMS."""
    text = delivery.send(
        world,
        account_sid=attempt.account_sid,
        sender=pool_sender(attempt.to),
        to=attempt.to,
        body=sms_texts.compose(verification, wish),
        verification_attempt_sid=attempt.sid,
        listed=False,
    )
    note(world, attempt, text)


def note(world: World, attempt: Attempt, text: Text, *, falls_back: bool = False) -> None:
    """Keep which text carries the code of an attempt, and whether SMS is tried when it is lost."""
    world[VerifyAttempts].put(
        replace(
            world[VerifyAttempts][attempt.sid],
            text_sid=text.sid,
            message_status=str(text.status),
            body=text.body,
            falls_back=falls_back,
        )
    )


def pool_sender(to: str) -> str:
    """Which of Verify's own senders writes to a number."""
    return POOL_NUMBER if to.startswith("+1") else POOL_NAME
