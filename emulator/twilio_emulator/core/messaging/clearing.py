"""Clearing what people look at: the messages on a phone, all messages, all phones.

The rules of this file, which are ours, since Twilio has nothing like it:

- What holds goes on holding: opt-outs, windows, sticky senders, conversations, faults and the state
  of phones stay as they are.
- On one phone messages go as when its owner deletes them. Their Message resources stay, and what
  still waits for the phone comes all the same.
- Message resources go with their media, wherever a phone shows them. What is under way goes no
  further: it is never reported.
"""

from twilio_emulator.core.carrier.handset_commands import RemoveHandset, find
from twilio_emulator.core.kernel.records import command, event
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.handsets import Handsets, Phone
from twilio_emulator.core.phones.inbox import InboxItems, ItemState
from twilio_emulator.core.texts import media
from twilio_emulator.core.texts.text import Texts


@event
class InboxCleared:
    """Messages were deleted on a phone."""

    handset: Phone


@event
class MessagesCleared:
    """So many Message resources of an account are gone."""

    account_sid: str
    count: int


@command
class ClearInbox:
    """Delete messages on a phone: those with these sids, or all.

    Raises:
        Refused: 20404 there is no such phone.
    """

    address: str
    items: tuple[str, ...] | None = None

    def apply(self, world: World) -> None:
        handset = find(world, self.address)
        wanted = None if self.items is None else frozenset(self.items)
        for item in world[InboxItems].all(world[InboxItems].by_handset, handset.address):
            if item.state is not ItemState.PENDING and (wanted is None or item.sid in wanted):
                world[InboxItems].remove(item.sid)
        world.tell(InboxCleared(handset=handset))


@command
class ClearMessages:
    """Drop Message resources of an account: those with these sids, or all.

    With all of the account that the world is, phones lose what networks and Verify said by
    themselves too.
    """

    account: str
    texts: tuple[str, ...] | None = None

    def apply(self, world: World) -> None:
        wanted = None if self.texts is None else frozenset(self.texts)
        gone = set()
        everything = wanted is None and self.account == world.account_sid
        dropped = list(world[Texts].all(world[Texts].by_account, self.account))
        if everything:
            dropped += [text for text in world[Texts] if not text.listed]
        for text in dropped:
            if wanted is None or text.sid in wanted:
                world.timers.cancel(text.sid)
                media.remove(world, text.sid)
                world[Texts].remove(text.sid)
                gone.add(text.sid)
        for item in list(world[InboxItems]):
            if item.sid in gone or item.copy_of in gone or (everything and item.system):
                world[InboxItems].remove(item.sid)
        world.tell(MessagesCleared(account_sid=self.account, count=len(gone)))


@command
class RemoveHandsets:
    """Throw all phones away, with all that they hold. What was sent to them waits no longer."""

    def apply(self, world: World) -> None:
        for handset in world[Handsets].all(world[Handsets].in_order, ""):
            RemoveHandset(address=handset.address).apply(world)
