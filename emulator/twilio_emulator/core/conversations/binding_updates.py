"""What an update may make of a participant's binding.

A binding cannot be changed at will: an update adds a proxy address, a projected address or an
identity only where there is none, even if it is the same one again (50441, 50443, 50444;
https://github.com/twilio/terraform-provider-twilio/pull/63), and removes only what there is.
"""

from twilio_emulator.core.conversations import users
from twilio_emulator.core.conversations.messaging_bindings import (
    read_group_address,
    read_pair,
    read_projected_address,
)
from twilio_emulator.core.conversations.resources import Participant
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import (
    IDENTITY_NOT_ADDABLE,
    PROJECTED_ADDRESS_NOT_ADDABLE,
    PROJECTED_ADDRESS_NOT_REMOVABLE,
    PROXY_ADDRESS_EMPTY,
    PROXY_ADDRESS_NOT_ADDABLE,
    PROXY_ADDRESS_NOT_REMOVABLE,
    Refused,
)
from twilio_emulator.core.kernel.world import World

REMOVE = "null"
"""The word that takes an address away in an update."""


def rebound(
    world: World,
    it: Participant,
    *,
    proxy_address: str | None,
    projected_address: str | None,
    identity: str | None,
) -> Participant:
    """A participant with the addresses and the identity that were asked for.

    Raises:
        Refused: it cannot have them.
    """
    if proxy_address == REMOVE:
        it = _without_proxy_address(world, it)
    elif proxy_address is not None:
        it = _with_proxy_address(world, it, proxy_address)
    if projected_address == REMOVE:
        it = _without_projected_address(it)
    elif projected_address is not None:
        it = _with_projected_address(world, it, projected_address)
    if identity is not None:
        it = _with_identity(it, identity)
    return it


def _with_proxy_address(world: World, it: Participant, proxy_address: str) -> Participant:
    if not proxy_address:
        raise Refused(PROXY_ADDRESS_EMPTY)
    if it.address is None or it.proxy_address is not None:
        raise Refused(PROXY_ADDRESS_NOT_ADDABLE)
    pair = read_pair(world, it.account_sid, it.address, proxy_address)
    return replace(it, proxy_address=pair.proxy_address)


def _without_proxy_address(world: World, it: Participant) -> Participant:
    if it.proxy_address is None or it.address is None or it.channel != "sms":
        raise Refused(PROXY_ADDRESS_NOT_REMOVABLE)
    return replace(it, address=read_group_address(world, it.address), proxy_address=None)


def _with_projected_address(world: World, it: Participant, address: str) -> Participant:
    if it.address is not None or it.projected_address is not None:
        raise Refused(PROJECTED_ADDRESS_NOT_ADDABLE)
    address = read_projected_address(world, it.account_sid, address)
    return replace(it, channel="sms", projected_address=address)


def _without_projected_address(it: Participant) -> Participant:
    if it.projected_address is None or it.identity is None:
        raise Refused(PROJECTED_ADDRESS_NOT_REMOVABLE)
    return replace(it, channel="chat", projected_address=None)


def _with_identity(it: Participant, identity: str) -> Participant:
    if it.projected_address is None or it.identity is not None:
        raise Refused(IDENTITY_NOT_ADDABLE)
    users.check_identity(identity)
    return replace(it, identity=identity)
