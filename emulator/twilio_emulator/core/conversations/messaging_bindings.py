"""Messaging bindings: where a participant without a chat client is reached, and from where.

The rules of this file (https://www.twilio.com/docs/conversations/api/conversation-participant-resource):

- The prefix of an address is its channel: `whatsapp:+49...`; a bare number is `sms`.
- An address with a proxy address is a pair, reached one to one. A number alone, or a projected
  address, which speaks for a chat user, makes its conversation a group MMS.
"""

from twilio_emulator.core.conversations.address_rules import address_rules
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.refusals import (
    ADDRESS_EMPTY,
    ADDRESS_EQUALS_PROXY,
    ADDRESS_TYPE_MISMATCH,
    BINDING_PARAMETERS_NOT_SUPPORTED,
    GROUP_MMS_DISABLED,
    INVALID_ADDRESS,
    INVALID_PROXY_ADDRESS,
    PROJECTED_ADDRESS_NOT_ADDABLE,
    PROJECTED_ADDRESS_NOT_OWNED,
    PROJECTED_ADDRESS_NOT_PROVIDED,
    PROXY_ADDRESS_EMPTY,
    PROXY_ADDRESS_NOT_OWNED,
    PROXY_ADDRESS_NOT_SUPPORTED,
    PROXY_NOT_WHATSAPP,
    Refusal,
    Refused,
)
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import Channel, bare, channel_of, numbered, spelled
from twilio_emulator.core.senders.resources import PhoneNumbers

ADDRESS_LIMIT = 256


@record
class MessagingBinding:
    """The addresses of a participant; which of them there are says what kind it is."""

    channel: str = "sms"
    address: str | None = None
    proxy_address: str | None = None
    projected_address: str | None = None


def read_binding(
    world: World,
    account_sid: str,
    *,
    address: str | None,
    proxy_address: str | None,
    projected_address: str | None,
    has_email_parameters: bool = False,
) -> MessagingBinding:
    """What was asked for, with its addresses in their normal form.

    Raises:
        Refused: an address is missing, malformed or not the account's, or they do not go together.
    """
    if has_email_parameters:
        raise Refused(BINDING_PARAMETERS_NOT_SUPPORTED)
    if projected_address is not None:
        if address is not None or proxy_address is not None:
            raise Refused(PROJECTED_ADDRESS_NOT_ADDABLE)
        projected_address = read_projected_address(world, account_sid, projected_address)
        return MessagingBinding(projected_address=projected_address)
    if not address:
        raise Refused(ADDRESS_EMPTY)
    address = spelled(address)
    if proxy_address is None and channel_of(address) is Channel.SMS:
        return MessagingBinding(address=read_group_address(world, address))
    return read_pair(world, account_sid, address, proxy_address)


def read_pair(
    world: World, account_sid: str, address: str, proxy_address: str | None
) -> MessagingBinding:
    """An address and the one it is reached from.

    Raises:
        Refused: one of them is missing or malformed, both are the same, their channels differ, or
            the proxy address is not the account's.
    """
    if not proxy_address:
        raise Refused(PROXY_ADDRESS_EMPTY)
    address, proxy_address = spelled(address), spelled(proxy_address)
    channel, proxy_channel = channel_of(address), channel_of(proxy_address)
    if channel is Channel.SMS and "@" in address:
        raise Refused(PROXY_ADDRESS_NOT_SUPPORTED)
    address = read_address(world, address, INVALID_ADDRESS)
    proxy_address = read_address(world, proxy_address, INVALID_PROXY_ADDRESS)
    if address == proxy_address:
        raise Refused(ADDRESS_EQUALS_PROXY)
    owned = _is_owned(world, account_sid, proxy_address)
    if not owned and proxy_channel is not Channel.WHATSAPP:
        raise Refused(PROXY_ADDRESS_NOT_OWNED)
    if channel is not proxy_channel:
        raise Refused(ADDRESS_TYPE_MISMATCH)
    if not owned:
        raise Refused(PROXY_NOT_WHATSAPP)
    return MessagingBinding(channel=str(channel), address=address, proxy_address=proxy_address)


def read_group_address(world: World, address: str) -> str:
    """The number of a participant's phone in a group MMS.

    Raises:
        Refused: 50452 the account has no group MMS, 50407 it is no number of the US or Canada, or
            one of Twilio's own.
    """
    _check_group_mms(world)
    address = read_address(world, address, INVALID_ADDRESS)
    if not address.startswith("+1") or world[PhoneNumbers].at(address) is not None:
        raise Refused(INVALID_ADDRESS)
    return address


def read_projected_address(world: World, account_sid: str, address: str) -> str:
    """The number that stands for a participant in a group MMS.

    Raises:
        Refused: 50452 the account has no group MMS, 50434 there is no address, 50407 it is no
            number of the US or Canada, 50439 it is not the account's.
    """
    _check_group_mms(world)
    if not address:
        raise Refused(PROJECTED_ADDRESS_NOT_PROVIDED)
    address = read_address(world, address, INVALID_ADDRESS)
    if not address.startswith("+1"):
        raise Refused(INVALID_ADDRESS)
    if not _is_owned(world, account_sid, address):
        raise Refused(PROJECTED_ADDRESS_NOT_OWNED)
    return address


def read_address(world: World, address: str, refusal: Refusal) -> str:
    """An address in its normal form: numbers in E.164, `messenger:` and `rcs:` as they are.

    Raises:
        Refused: with `refusal`, when its channel does not know such an address.
    """
    address = spelled(address)
    if len(address) > ADDRESS_LIMIT or not bare(address):
        raise Refused(refusal)
    if channel_of(address) in (Channel.MESSENGER, Channel.RCS):
        return address
    read = numbered(world.numbering, address)
    if read is None:
        raise Refused(refusal)
    return read


def _check_group_mms(world: World) -> None:
    if not address_rules(world).group_mms:
        raise Refused(GROUP_MMS_DISABLED)


def _is_owned(world: World, account_sid: str, address: str) -> bool:
    """Whether the account may send from `address`; any may be, unless the rules say otherwise."""
    if not address_rules(world).own_addresses_only:
        return True
    number = world[PhoneNumbers].at(address)
    return number is not None and number.account_sid == account_sid
