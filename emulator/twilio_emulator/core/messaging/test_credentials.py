"""Magic numbers, which answer in one way each, and what test credentials may do with them.

The rules of this file (https://www.twilio.com/docs/iam/test-credentials):

- With test credentials nothing is kept, nothing is delivered, and no callback fires. What comes
  back looks as if it had been.
- The sender's error wins over the recipient's. Any sender but the good one is refused; any
  recipient that is not magic is checked as always.
- With live credentials the numbers mean nothing, unless the carrier's switch says so.
"""

from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.senders import refusals

GOOD_SENDER = "+15005550006"

SENDERS = {
    "+15005550001": refusals.INVALID_FROM,
    "+15005550007": refusals.NOT_OF_TEST_ACCOUNT,
    "+15005550008": refusals.QUEUE_FULL,
}
RECIPIENTS = {
    "+15005550001": refusals.INVALID_TO,
    "+15005550002": refusals.NOT_REACHABLE,
    "+15005550003": refusals.REGION_NOT_PERMITTED,
    "+15005550004": refusals.UNSUBSCRIBED,
    "+15005550009": refusals.NOT_MOBILE,
}


def refuse_sender(sender: str) -> None:
    """Raises:
    Refused: as this sender always is.
    """
    _refuse(SENDERS.get(sender), number=sender)


def refuse_recipient(to: str, sender: str) -> None:
    """Raises:
    Refused: as this recipient always is.
    """
    _refuse(RECIPIENTS.get(to), number=to, to=to, sender=sender, channel="SMS")


def is_sender(sender: str) -> bool:
    """Whether a magic number may be sent from, or refuses it in its own way."""
    return sender == GOOD_SENDER or sender in SENDERS


def _refuse(refusal: Refusal | None, **filled: str) -> None:
    if refusal is not None:
        raise Refused(refusal, **filled)
