"""How a code goes to its recipient, channel by channel.

The rules of this file:

- `CHANNELS` has what sends by each channel. By which one a code goes is known before: `auto` is not
  one of them.
- A text of Verify's own goes the way of every text, and is no Message resource of the account. One
  that a messaging service of the account sends is.
- Which numbers Verify's own texts come from is decided: Twilio has a pool that is nobody's.
"""

from twilio_emulator.core.carrier import delivery
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.verify import sms_texts
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.resources import Attempt, Verification, VerifyAttempts
from twilio_emulator.core.verify.wishes import Sender, SendWish

POOL_NUMBER = "+12025550111"
"""Decided: where texts to numbers of +1 come from."""

POOL_NAME = "VERIFY"
"""Decided: where all other texts come from."""


def send_sms(world: World, verification: Verification, attempt: Attempt, wish: SendWish) -> None:
    """Send a code by SMS."""
    send_text(world, attempt, sms_texts.compose(verification, wish))


def send_text(
    world: World,
    attempt: Attempt,
    body: str,
    *,
    sender: str | None = None,
    messaging_service_sid: str | None = None,
    channel: Channel = Channel.SMS,
) -> None:
    """Send a text with a code, from Verify's own numbers unless a sender of the account is said."""
    own = sender is None and messaging_service_sid is None
    text = delivery.send(
        world,
        account_sid=attempt.account_sid,
        sender=pool_sender(attempt.to) if own else sender,
        to=attempt.to,
        body=body,
        messaging_service_sid=messaging_service_sid,
        channel=channel,
        verification_attempt_sid=attempt.sid,
        listed=not own,
    )
    world[VerifyAttempts].put(
        replace(
            world[VerifyAttempts][attempt.sid],
            text_sid=text.sid,
            message_status=str(text.status),
            body=body,
        )
    )


def pool_sender(to: str) -> str:
    """Which of Verify's own senders writes to a number."""
    return POOL_NUMBER if to.startswith("+1") else POOL_NAME


CHANNELS: dict[VerifyChannel, Sender] = {VerifyChannel.SMS: send_sms}
"""What sends by each channel."""
