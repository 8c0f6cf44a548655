"""Codes by SMS.

The rules of this file:

- A text of Verify's own goes the way of every text, and is no Message resource of the account. One
  that a messaging service of the account sends is.
- What the text says is kept with it alone.
"""

from twilio_emulator.core.carrier import delivery
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.twilio_numbers import code_sender
from twilio_emulator.core.texts.text import Text
from twilio_emulator.core.verify import sms_texts
from twilio_emulator.core.verify.messaging_configurations import messaging_service_for
from twilio_emulator.core.verify.resources import Attempt, Verification, VerifyAttempts
from twilio_emulator.core.verify.wishes import SendWish


def send_sms(world: World, verification: Verification, attempt: Attempt, wish: SendWish) -> None:
    """Send a code by SMS, from the messaging service for the country if there is one."""
    service_sid = messaging_service_for(world, wish.service.sid, wish.country)
    text = delivery.send(
        world,
        account_sid=attempt.account_sid,
        sender=code_sender(attempt.to) if service_sid is None else None,
        to=attempt.to,
        body=sms_texts.compose(verification, wish),
        messaging_service_sid=service_sid,
        verification_attempt_sid=attempt.sid,
        one_time_code=verification.code,
        listed=service_sid is not None,
    )
    note(world, attempt, text)


def note(world: World, attempt: Attempt, text: Text, *, falls_back: bool = False) -> None:
    """Keep which text carries the code of an attempt, and whether SMS is tried when it is lost."""
    world[VerifyAttempts].put(
        replace(
            world[VerifyAttempts][attempt.sid],
            text_sid=text.sid,
            message_status=str(text.status),
            falls_back=falls_back,
        )
    )
