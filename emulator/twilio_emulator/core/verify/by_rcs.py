"""Codes by RCS, to phones that have it.

The rules of this file (https://www.twilio.com/docs/verify/rcs):

- Decided: it comes from a sender of Verify's own, and a service has the channel switched on by the
  control API alone.
- What cannot be delivered goes out again by SMS. Decided: a phone without RCS is told from others
  at once, with the code that https://www.twilio.com/docs/verify/automatic-channel-selection names.
- Decided: a code that is asked for by SMS is not sent by RCS, though Twilio does so where it can:
  every phone here could, and tests of texts would see something else.
"""

from twilio_emulator.core.carrier import delivery
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.senders.addresses import Channel, on_channel
from twilio_emulator.core.verify import attempts, by_sms, fallback, sms_texts
from twilio_emulator.core.verify.resources import Attempt, Verification, VerifyAttempts
from twilio_emulator.core.verify.wishes import SendWish

SENDER = "rcs:verify"
"""Decided: where they come from."""

NO_RCS = 63036


def send_rcs(world: World, verification: Verification, attempt: Attempt, wish: SendWish) -> None:
    """Send a code by RCS, or by SMS to a phone that has none."""
    handset = world[Handsets].get(attempt.to)
    if handset is not None and Channel.RCS not in handset.channels:
        kept = world[VerifyAttempts][attempt.sid]
        attempts.changed(world, kept, message_status="undelivered", error_code=NO_RCS)
        fallback.send_sms_instead(world, kept)
        return
    text = delivery.send(
        world,
        account_sid=attempt.account_sid,
        sender=SENDER,
        to=on_channel(Channel.RCS, attempt.to),
        body=sms_texts.compose(verification, wish),
        listed=False,
        verification_attempt_sid=attempt.sid,
        one_time_code=verification.code,
    )
    by_sms.note(world, attempt, text, falls_back=True)
