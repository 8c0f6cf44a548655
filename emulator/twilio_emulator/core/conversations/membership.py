"""Who can be in a conversation: how many, each once, and each pair of addresses in one alone.

The rules of this file:

- One pair of address and proxy address is bound at most once in the whole account, as long as its
  conversation is not closed: the pair decides where an inbound text belongs.
- Closed conversations do not count among those that an identity is in.
"""

from twilio_emulator.core.conversations import group_mms
from twilio_emulator.core.conversations.group_mms import Groups
from twilio_emulator.core.conversations.resources import Conversation, Participant, Participants
from twilio_emulator.core.kernel.refusals import (
    BINDING_TAKEN,
    PARTICIPANT_EXISTS,
    TOO_MANY_NON_CHAT_PARTICIPANTS,
    TOO_MANY_PARTICIPANTS,
    USER_CONVERSATION_LIMIT,
    Refused,
)
from twilio_emulator.core.kernel.world import World

CHAT_LIMIT = 1000
NON_CHAT_LIMIT = 50
CONVERSATIONS_PER_IDENTITY = 1000


def check_room(world: World, participant: Participant) -> None:
    """Whether the conversation has room for one participant more.

    Raises:
        Refused: 50417, 50422 it has so many already, 50214 the identity is in so many.
    """
    table = world[Participants]
    present = len(table.by_kind.of((participant.conversation_sid, participant.is_chat)))
    if not participant.is_chat:
        if present >= NON_CHAT_LIMIT:
            raise Refused(TOO_MANY_NON_CHAT_PARTICIPANTS)
        return
    if present >= CHAT_LIMIT:
        raise Refused(TOO_MANY_PARTICIPANTS)
    check_conversations(world, participant)


def check_conversations(world: World, participant: Participant) -> None:
    """Whether an identity can be in one conversation more; closed ones do not count.

    Raises:
        Refused: 50214.
    """
    table = world[Participants]
    open_ones = table.by_open_identity.of((participant.service_sid, participant.identity))
    if len(open_ones) >= CONVERSATIONS_PER_IDENTITY:
        raise Refused(USER_CONVERSATION_LIMIT)


def check_unique(world: World, participant: Participant) -> None:
    """Raises:
    Refused: 50433 the identity is in the conversation, 50416 the pair in one that is not closed.
    """
    table = world[Participants]
    if participant.identity is not None:
        key = (participant.conversation_sid, participant.identity)
        if table.by_member.find(key) not in (None, participant.sid):
            raise Refused(PARTICIPANT_EXISTS)
    if participant.proxy_address is not None:
        taken = table.found(table.by_pair, (participant.address, participant.proxy_address))
        if taken is not None and taken.sid != participant.sid:
            raise Refused(BINDING_TAKEN, conversation=taken.conversation_sid)


def check_group(world: World, conversation: Conversation, participant: Participant) -> None:
    """Whether the parties of a group are in order with a new or changed participant.

    Raises:
        Refused: they are not.
    """
    if group_mms.party(participant) is None and conversation.sid not in world[Groups]:
        return
    others = [
        each
        for each in world[Participants].all(world[Participants].by_conversation, conversation.sid)
        if each.sid != participant.sid
    ]
    group_mms.check_change(world, conversation, [*others, participant])
