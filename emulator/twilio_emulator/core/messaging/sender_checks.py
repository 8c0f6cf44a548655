"""Who may send what to whom: senders and recipients of texts by request.

The rules of this file (https://www.twilio.com/docs/messaging/api/message-resource):

- A sender is the account's, and of the recipient's channel. What is no number at all is refused in
  other words than a number that is not the account's.
- Numbers in refusals lose their last four digits where Twilio hides them.
"""

from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.carrier import opt_outs, rate_limits
from twilio_emulator.core.carrier.caller_id_verification import is_verified
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging import test_credentials
from twilio_emulator.core.phones.handsets import Handsets, LineType
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.addresses import (
    Channel,
    bare,
    channel_of,
    has_unknown_channel,
    is_sender_name,
    is_short_code,
    numbered,
    on_channel,
    spelled,
)
from twilio_emulator.core.senders.resources import MessagingService, PhoneNumbers
from twilio_emulator.core.senders.sender_selection import NORTH_AMERICA, carries, members
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.core.texts.text import mask


def read_sender(world: World, account: str, text: str, to: str, *, magic: bool = False) -> str:
    """The sender's address in its normal form, once it is known that the account may use it.

    Args:
        to: the recipient, as it was meant. One with a channel that there is not makes Twilio
            complain of the sender (https://github.com/twilio/twilio-node/issues/456).

    Raises:
        Refused: it is malformed, or not the account's.
    """
    text = spelled(text)
    channel = channel_of(text)
    if (channel is Channel.SMS) != (channel_of(to) is Channel.SMS):
        raise Refused(refusals.CHANNELS_DIFFER)
    if channel is Channel.SMS and (is_short_code(text) or is_sender_name(text)):
        address: str | None = text
    else:
        address = numbered(world.numbering, text)
    if address is None or has_unknown_channel(to):
        refusal = (
            refusals.INVALID_FROM if channel is Channel.SMS else refusals.NO_SUCH_CHANNEL_SENDER
        )
        raise Refused(refusal, number=text)
    if magic:
        test_credentials.refuse_sender(address)
        if address == test_credentials.GOOD_SENDER:
            return address
    if settings(world).any_sender or is_sender_name(address):
        return address
    number = world[PhoneNumbers].at(address)
    if number is None:
        refusal = (
            refusals.NOT_A_TWILIO_NUMBER
            if channel is Channel.SMS
            else refusals.NO_SUCH_CHANNEL_SENDER
        )
        raise Refused(refusal, number=address)
    if number.account_sid != account:
        raise Refused(refusals.FOREIGN_FROM, number=address, account=account)
    if not number.sms:
        raise Refused(refusals.FROM_NOT_SMS)
    return address


def read_recipient(world: World, text: str, sender: str | None) -> str:
    """The recipient's address in its normal form; a national one is of the sender's country.

    Raises:
        Refused: it is malformed, or where texts may not go.
    """
    text = spelled(text)
    channel, number = channel_of(text), bare(text)
    country = None
    if not number.startswith("+") and sender is not None and sender.startswith("+"):
        country = world.numbering.country(sender)
    normal = world.numbering.normal(number, country)
    if normal is None:
        refusal: Refusal = (
            refusals.TO_IS_SHORT_CODE if is_short_code(number) else refusals.INVALID_TO
        )
        raise Refused(refusal, number=mask(text))
    carrier = settings(world)
    forbidden = carrier.forbidden_countries
    if forbidden and world.numbering.country(normal) in forbidden:
        raise Refused(refusals.REGION_NOT_PERMITTED, number=mask(normal))
    if carrier.lookup_at_api:
        handset = world[Handsets].get(normal)
        if handset is not None and handset.line_type is LineType.LANDLINE:
            raise Refused(refusals.LANDLINE)
        if handset is not None and channel not in handset.channels:
            raise Refused(refusals.NOT_MOBILE, number=normal)
    return on_channel(channel, normal)


def check_pair(world: World, account: str, sender: str, to: str, channel: Channel) -> None:
    """Raises:
    Refused: this sender cannot send this to this recipient.
    """
    if sender == to:
        if channel in (Channel.SMS, Channel.MMS):
            raise Refused(refusals.SAME_NUMBERS)
        raise Refused(refusals.SAME_CHANNEL_ADDRESSES, account=account)
    if is_sender_name(sender):
        if channel is Channel.MMS:
            raise Refused(refusals.FROM_NOT_MMS)
        if world.numbering.country(to) in NORTH_AMERICA:
            raise Refused(refusals.NOT_REACHABLE, to=to, sender=sender, channel="SMS")
    number = world[PhoneNumbers].at(sender)
    if channel is Channel.MMS and number is not None and not number.mms:
        raise Refused(refusals.FROM_NOT_MMS)


def check_alone(world: World, sender: str, to: str) -> None:
    """What is known at once of a sender without a messaging service; with one the text fails later.

    Raises:
        Refused: 21610 the recipient opted out, 21611 too much waits for the sender.
    """
    if settings(world).opt_outs and opt_outs.is_blocked(world, to, sender, None):
        raise Refused(refusals.UNSUBSCRIBED)
    if rate_limits.is_full(world, sender):
        raise Refused(refusals.QUEUE_FULL)


def check_trial(world: World, account: str, sender: str | None, to: str) -> None:
    """Raises:
    Refused: 21267, 21608 a trial account may not send under a name, or to strangers.
    """
    if not world[Accounts][account].trial:
        return
    if sender is not None and is_sender_name(sender):
        raise Refused(refusals.NAME_ON_TRIAL)
    number = bare(to)
    if world[PhoneNumbers].at(number) is None and not is_verified(world, account, number):
        raise Refused(refusals.UNVERIFIED, number=mask(number))


def check_pool(
    world: World, service: MessagingService, sender: str | None, channel: Channel
) -> None:
    """Raises:
    Refused: the service has no sender at all, none for the channel, or not this one.
    """
    pool = list(members(world, service.sid))
    if sender is None:
        if not pool:
            raise Refused(refusals.EMPTY_POOL)
        if not any(carries(each, channel) for each in pool):
            raise Refused(refusals.NO_SENDER)
    elif sender not in {each.address for each in pool} and not settings(world).any_sender:
        raise Refused(
            refusals.SENDER_NAME_NOT_ALLOWED if is_sender_name(sender) else refusals.NOT_IN_SERVICE
        )
