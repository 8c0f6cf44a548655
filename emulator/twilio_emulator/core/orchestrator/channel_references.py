"""Which conversations have to do with a call, a message or a chat: a list is asked for by these.

The rules of this file:

- A conversation is found by what its communications are elsewhere (`resourceId`) and by where they
  were said (`channelId`), and by the `channelId` of its participants' addresses.
"""

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.resources import OrchestratedConversation


@record
class ChannelReference:
    """That a conversation has to do with something. The sid is both of theirs."""

    sid: str
    account_sid: str
    channel_id: str
    conversation_sid: str
    serial: int


class ChannelReferences(Table[ChannelReference]):
    """Listed by account and channel in the order of the conversations, and by conversation."""

    refers = (("conversation_sid", "orchestrated_conversations"),)

    def __init__(self) -> None:
        self.by_channel: Ordered[ChannelReference] = Ordered(
            lambda it: (it.account_sid, it.channel_id), lambda it: it.serial
        )
        self.by_conversation: Ordered[ChannelReference] = Ordered(
            lambda it: it.conversation_sid, lambda it: 0
        )
        super().__init__(ChannelReference, self.by_channel, self.by_conversation)


def refer(world: World, conversation: OrchestratedConversation, *channel_ids: str | None) -> None:
    """Have a conversation found by these; None is none."""
    references = world[ChannelReferences]
    for channel_id in channel_ids:
        if not channel_id:
            continue
        sid = sid_of(conversation.sid, channel_id)
        if sid not in references:
            references.put(
                ChannelReference(
                    sid=sid,
                    account_sid=conversation.account_sid,
                    channel_id=channel_id,
                    conversation_sid=conversation.sid,
                    serial=conversation.serial,
                )
            )


def sid_of(conversation: str, channel_id: str) -> str:
    """The sid of the reference of a conversation to something."""
    return f"{conversation} {channel_id}"


def forget(world: World, conversation: str) -> None:
    """Have it found by none any more."""
    references = world[ChannelReferences]
    for each in references.all(references.by_conversation, conversation):
        references.remove(each.sid)
