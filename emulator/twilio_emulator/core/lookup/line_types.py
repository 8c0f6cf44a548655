"""What sort of line a number is, and whose subscriber has it.

The rules of this file (https://www.twilio.com/docs/lookup/v2-api/line-type-intelligence):

- What somebody said of the number wins: by the control API, else by an override of the account.
  Then comes its handset, then that it is the account's own number, then the number plan.
- Carriers are told of landlines, mobile phones and voice over IP alone, and the code of a network
  of mobile phones alone.
"""

from enum import StrEnum

from twilio_emulator.core.kernel.world import PlannedNumber, World
from twilio_emulator.core.lookup import carriers
from twilio_emulator.core.lookup.carriers import PhoneCarrier
from twilio_emulator.core.lookup.resources import (
    DefinedAnswers,
    LineTypeOverrides,
    override_key,
)
from twilio_emulator.core.phones.handsets import Handsets, LineType, Phone
from twilio_emulator.core.senders.resources import PhoneNumbers


class NumberType(StrEnum):
    """The types of lines that Lookup v2 knows, as it spells them."""

    LANDLINE = "landline"
    MOBILE = "mobile"
    FIXED_VOIP = "fixedVoip"
    NON_FIXED_VOIP = "nonFixedVoip"
    PERSONAL = "personal"
    TOLL_FREE = "tollFree"
    PREMIUM = "premium"
    SHARED_COST = "sharedCost"
    UAN = "uan"
    VOICEMAIL = "voicemail"
    PAGER = "pager"
    UNKNOWN = "unknown"


VOIP = frozenset({NumberType.FIXED_VOIP, NumberType.NON_FIXED_VOIP})

HAVE_CARRIERS = VOIP | {NumberType.LANDLINE, NumberType.MOBILE}

OF_HANDSETS = {
    LineType.MOBILE: NumberType.MOBILE,
    LineType.LANDLINE: NumberType.LANDLINE,
    LineType.VOIP: NumberType.NON_FIXED_VOIP,
    LineType.TOLL_FREE: NumberType.TOLL_FREE,
}

DEFAULT_COUNTRY = "US"
"""Whose national form a number without `+` has (https://www.twilio.com/docs/lookup/v2-api)."""


def line_type_of(world: World, number: str, account: str | None = None) -> NumberType:
    """What sort of line a number is, as Lookup tells an account.

    Args:
        number: in E.164 form.
        account: the one whose overrides count; the world's own unless given.
    """
    planned = world.numbering.planned(number, DEFAULT_COUNTRY)
    return shown(world, planned, account or world.account_sid)


def shown(world: World, it: PlannedNumber, account: str) -> NumberType:
    """What sort of line a number is, as Lookup tells an account."""
    override = world[LineTypeOverrides].get(override_key(account, it.number))
    if override is None or _defined(world, it) is not None:
        return actual_line_type(world, it)
    return NumberType(override.overridden_line_type)


def actual_line_type(world: World, it: PlannedNumber) -> NumberType:
    """What sort of line a number is, whatever an account says.

    Every phone begins as a mobile one, also at the first text to a landline: the same number has
    the same type before and after. So a handset says more than the plan only if it is none.
    """
    defined = _defined(world, it)
    if defined is not None:
        return defined
    by_plan = NumberType(it.line_type)
    handset = world[Handsets].get(it.number)
    if handset is not None:
        said = OF_HANDSETS[handset.line_type]
        unsaid = said is NumberType.MOBILE and by_plan is not NumberType.UNKNOWN
        return by_plan if unsaid else said
    if by_plan is not NumberType.TOLL_FREE and is_own(world, it.number):
        return NumberType.NON_FIXED_VOIP
    return by_plan


def is_own(world: World, number: str) -> bool:
    """Whether the account, or a subaccount of it, has a number."""
    return world[PhoneNumbers].at(number) is not None


def carrier_of(world: World, it: PlannedNumber) -> PhoneCarrier:
    """Whose subscriber has a number, with what Lookup tells of such a line."""
    actual = actual_line_type(world, it)
    if actual not in HAVE_CARRIERS:
        return carriers.UNKNOWN
    handset = world[Handsets].get(it.number)
    if handset is not None and _has_carrier(handset):
        found = PhoneCarrier(handset.carrier_name, handset.mcc, handset.mnc)
    elif actual is NumberType.MOBILE:
        return carriers.mobile_carrier(it.country)
    elif handset is None and is_own(world, it.number):
        found = carriers.TWILIO
    else:
        found = carriers.fixed_carrier(it.country)
    return found if actual is NumberType.MOBILE else found._replace(mobile_network_code=None)


def _defined(world: World, it: PlannedNumber) -> NumberType | None:
    defined = world[DefinedAnswers].get(it.number)
    said = None if defined is None else defined.line_type
    return None if said is None else NumberType(said)


def _has_carrier(handset: Phone) -> bool:
    return any((handset.carrier_name, handset.mcc, handset.mnc))
