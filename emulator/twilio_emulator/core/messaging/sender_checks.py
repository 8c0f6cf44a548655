"""Who may send what to whom: senders and recipients of texts by request.

The rules of this file (https://www.twilio.com/docs/messaging/api/message-resource):

- A sender is the account's, and of the recipient's channel. What is no number at all is refused in
  other words than a number that is not the account's.
- Numbers in refusals lose their last four digits where Twilio hides them.
"""

from typing import TYPE_CHECKING

from twilio_emulator.core.carrier import opt_outs as optouts
from twilio_emulator.core.carrier import rate_limits as throughput
from twilio_emulator.core.carrier.caller_id_verification import is_verified
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.messaging import test_credentials as magic_numbers
from twilio_emulator.core.phones.handsets import LineType
from twilio_emulator.core.senders import refusals as no
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
from twilio_emulator.core.senders.resources import MessagingService
from twilio_emulator.core.senders.sender_selection import NORTH_AMERICA, carries, members
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.core.texts.text import mask

if TYPE_CHECKING:
    from twilio_emulator.core.kernel.world import World


def read_sender(world: "World", account: str, text: str, to: str, *, magic: bool = False) -> str:
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
        raise Refused(no.CHANNELS_DIFFER)
    if channel is Channel.SMS and (is_short_code(text) or is_sender_name(text)):
        address: str | None = text
    else:
        address = numbered(world.numbering, text)
    if address is None or has_unknown_channel(to):
        refusal = no.INVALID_FROM if channel is Channel.SMS else no.NO_SUCH_CHANNEL_SENDER
        raise Refused(refusal, number=text)
    if magic:
        magic_numbers.refuse_sender(address)
        if address == magic_numbers.GOOD_SENDER:
            return address
    if settings(world).any_sender or is_sender_name(address):
        return address
    number = world.phone_numbers.at(address)
    if number is None:
        refusal = no.NOT_A_TWILIO_NUMBER if channel is Channel.SMS else no.NO_SUCH_CHANNEL_SENDER
        raise Refused(refusal, number=address)
    if number.account_sid != account:
        raise Refused(no.FOREIGN_FROM, number=address, account=account)
    if not number.sms:
        raise Refused(no.FROM_NOT_SMS)
    return address


def read_recipient(world: "World", text: str, sender: str | None) -> str:
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
        refusal: Refusal = no.TO_IS_SHORT_CODE if is_short_code(number) else no.INVALID_TO
        raise Refused(refusal, number=mask(text))
    carrier = settings(world)
    forbidden = carrier.forbidden_countries
    if forbidden and world.numbering.country(normal) in forbidden:
        raise Refused(no.REGION_NOT_PERMITTED, number=mask(normal))
    if carrier.lookup_at_api:
        handset = world.handsets.get(normal)
        if handset is not None and handset.line_type is LineType.LANDLINE:
            raise Refused(no.LANDLINE)
        if handset is not None and channel not in handset.channels:
            raise Refused(no.NOT_MOBILE, number=normal)
    return on_channel(channel, normal)


def check_pair(world: "World", account: str, sender: str, to: str, channel: Channel) -> None:
    """Raises:
    Refused: this sender cannot send this to this recipient.
    """
    if sender == to:
        if channel in (Channel.SMS, Channel.MMS):
            raise Refused(no.SAME_NUMBERS)
        raise Refused(no.SAME_CHANNEL_ADDRESSES, account=account)
    if is_sender_name(sender):
        if channel is Channel.MMS:
            raise Refused(no.FROM_NOT_MMS)
        if world.numbering.country(to) in NORTH_AMERICA:
            raise Refused(no.NOT_REACHABLE, to=to, sender=sender, channel="SMS")
    number = world.phone_numbers.at(sender)
    if channel is Channel.MMS and number is not None and not number.mms:
        raise Refused(no.FROM_NOT_MMS)


def check_alone(world: "World", sender: str, to: str) -> None:
    """What is known at once of a sender without a messaging service; with one the text fails later.

    Raises:
        Refused: 21610 the recipient opted out, 21611 too much waits for the sender.
    """
    if settings(world).opt_outs and optouts.is_blocked(world, to, sender, None):
        raise Refused(no.UNSUBSCRIBED)
    if throughput.is_full(world, sender):
        raise Refused(no.QUEUE_FULL)


def check_trial(world: "World", account: str, sender: str | None, to: str) -> None:
    """Raises:
    Refused: 21267, 21608 a trial account may not send under a name, or to strangers.
    """
    if not world.accounts[account].trial:
        return
    if sender is not None and is_sender_name(sender):
        raise Refused(no.NAME_ON_TRIAL)
    number = bare(to)
    if world.phone_numbers.at(number) is None and not is_verified(world, account, number):
        raise Refused(no.UNVERIFIED, number=mask(number))


def check_pool(
    world: "World", service: MessagingService, sender: str | None, channel: Channel
) -> None:
    """Raises:
    Refused: the service has no sender at all, none for the channel, or not this one.
    """
    pool = list(members(world, service.sid))
    if sender is None:
        if not pool:
            raise Refused(no.EMPTY_POOL)
        if not any(carries(each, channel) for each in pool):
            raise Refused(no.NO_SENDER)
    elif sender not in {each.address for each in pool} and not settings(world).any_sender:
        raise Refused(no.SENDER_NAME_NOT_ALLOWED if is_sender_name(sender) else no.NOT_IN_SERVICE)
