"""What a phone says to a group, on the other phones of the group.

The rules of this file (https://www.twilio.com/docs/conversations-classic/group-texting):

- The carriers bring it there, not Twilio: it is no Message resource but the one that came in, and
  a phone shows it in the thread that it has with the same number.
- What a phone cannot get now it gets as soon as it is back; one that roams with losses is tried
  again, as for a text.
"""

from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import handsets
from twilio_emulator.core.phones.handsets import (
    RETRY,
    Handsets,
    Phone,
    must_be_tried,
    takes_texts,
)
from twilio_emulator.core.phones.inbox import (
    HandsetReceived,
    InboxItem,
    InboxItems,
    ItemState,
    ItemWaits,
    Side,
)
from twilio_emulator.core.senders.addresses import Channel, bare
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.texts.text import Text


@command
class BringCopy:
    """Try again to bring a phone its copy of what was said to its group."""

    item: str

    def apply(self, world: World) -> None:
        item = world[InboxItems].get(self.item)
        if item is not None:
            bring(world, world[Handsets][item.handset], item)


def members(text: Text, others: tuple[str, ...]) -> tuple[str, ...]:
    """Who gets a text that was written on a phone, besides the number it is for."""
    if text.channel not in (Channel.SMS, Channel.MMS):
        return ()
    known = (text.sender, text.to)
    return tuple(dict.fromkeys(bare(each) for each in others if bare(each) not in known))


def spread(world: World, text: Text, others: tuple[str, ...]) -> None:
    """Bring a text to the other phones of its group; not to the account's own numbers."""
    for address in others:
        if world[PhoneNumbers].at(address) is None:
            handset = handsets.contact(world, address)
            _put(world, handset, _copy(world, handset, text, others))


def bring(world: World, handset: Phone, item: InboxItem) -> None:
    """Show what waited for a phone, if that can be reached now."""
    if takes_texts(world, handset):
        world.timers.cancel(item.sid)
        _show(world, replace(item, received_at=world.now, seq=world.serial()))
    else:
        _try_later(world, handset, item)


def _copy(world: World, handset: Phone, text: Text, others: tuple[str, ...]) -> InboxItem:
    rest = (each for each in others if each != handset.address)
    return InboxItem(
        sid=world.sids.new(text.sid[:2]),
        handset=handset.address,
        peer=text.to,
        direction=Side.TO_HANDSET,
        channel=text.channel,
        body=text.body,
        num_media=text.num_media,
        conversation_sid=text.conversation_sid,
        author=text.sender,
        others=(text.sender or "", *rest),
        copy_of=text.sid,
        received_at=world.now,
        seq=world.serial(),
    )


def _put(world: World, handset: Phone, item: InboxItem) -> None:
    if takes_texts(world, handset):
        _show(world, item)
    else:
        item = world[InboxItems].put(replace(item, state=ItemState.PENDING))
        world.tell(ItemWaits(item=item))
        _try_later(world, handset, item)


def _show(world: World, item: InboxItem) -> None:
    item = world[InboxItems].put(replace(item, state=ItemState.DISPLAYED))
    world.tell(HandsetReceived(item=item))


def _try_later(world: World, handset: Phone, item: InboxItem) -> None:
    if must_be_tried(handset):
        world.timers.set(item.sid, world.now + RETRY, BringCopy(item=item.sid))
