"""Numbers of Twilio's own, which write to people for Verify and belong to no account.

The rules of this file:

- Which ones these are is decided: Twilio's pool is not public, and changes.
- People can write back to the number. STOP is heard there, and nothing else follows.
"""

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import PhoneNumber, SenderKind

CODE_NUMBER = "+12025550111"
"""Decided: where texts with codes to numbers of +1 come from."""

CODE_NAME = "VERIFY"
"""Decided: where all others come from."""


def code_sender(to: str) -> str:
    """Which of Twilio's own senders writes to a number."""
    return CODE_NUMBER if to.startswith("+1") else CODE_NAME


def twilio_number(world: World, address: str) -> PhoneNumber | None:
    """The number of Twilio's own that this is; it is in no table."""
    if address != CODE_NUMBER:
        return None
    return PhoneNumber(
        sid="",
        account_sid=world.account_sid,
        address=address,
        kind=SenderKind.LONG_CODE,
        country="US",
        serial=0,
        date_created=world.now,
        date_updated=world.now,
    )
