"""What Verify knows of numbers, for whoever looks them up: `WITNESS` is handed to Lookup.

The rules of this file:

- A number is pre-filled by a verification of the account that approved it, however long ago.
- Decided: Lookup calls a number blocked while a rule of the fraud guard refuses it a text and the
  safe list does not let it by. Geo permissions are no risk of a number.
"""

from datetime import datetime

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup.packages import Witness
from twilio_emulator.core.simulation.patterns import matches
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.fraud import FraudRules
from twilio_emulator.core.verify.resources import Verifications, VerificationStatus
from twilio_emulator.core.verify.safe_list import is_safe


def approved(world: World, account: str, verification: str, number: str) -> bool:
    """Whether a verification of the account approved a number."""
    found = world[Verifications].get(verification)
    if found is None or found.account_sid != account or found.to != number:
        return False
    return found.status is VerificationStatus.APPROVED


def blocked(world: World, account: str, number: str) -> datetime | None:
    """Since when codes in texts do not go to a number; None when they do."""
    if is_safe(world, account, number):
        return None
    now, rules = world.clock.now(), world[FraudRules]
    for rule in rules.all(rules.in_order, ""):
        if (
            rule.error_code != errors.GEO_BLOCKED.code
            and (rule.until is None or now < rule.until)
            and matches(world, rule.channel, VerifyChannel.SMS)
            and matches(world, rule.match, number)
        ):
            return rule.date_created
    return None


WITNESS = Witness(approved=approved, blocked=blocked)
