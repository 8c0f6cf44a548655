"""Texts that conversations capture: what comes in for one becomes a message in it.

The rules of this file (https://www.twilio.com/docs/conversations/inbound-autocreation):

- A conversation that is not closed and holds the pair of phone and number captures the text: it
  becomes a message of that participant. So does a group MMS with just these parties.
- Else the address's configuration may have the text open a conversation, which captures it.
- What a pre-event webhook made of a text comes in the command, so that replay need not ask.
"""

from twilio_emulator.core.conversations import autocreation, conversations, group_mms, messages
from twilio_emulator.core.conversations.autocreation import Opening
from twilio_emulator.core.conversations.group_mms import Groups
from twilio_emulator.core.conversations.resources import Conversations, Participant, Participants
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import Wish
from twilio_emulator.core.texts import media
from twilio_emulator.core.texts.text import Text


class Capture:
    """A conversation's claim to a text.

    Args:
        found: who speaks in which conversation, or what the text will open.
    """

    __slots__ = ("_speaker", "found")

    def __init__(self, found: Participant | Opening) -> None:
        self.found = found
        self._speaker = None if isinstance(found, Opening) else found

    def check(self, wish: Wish) -> None:
        """What a webhook says is input like any other.

        Raises:
            Refused: it has made of the text what cannot be.
        """
        messages.read_body(wish.rewritten_body or "")
        messages.read_author(wish.rewritten_author)
        messages.read_attributes(wish.rewritten_attributes)
        parameters.name(wish.rewritten_friendly_name)
        attributes = wish.rewritten_conversation_attributes
        if attributes is not None:
            parameters.attributes(attributes, conversations.ATTRIBUTES_LIMIT)

    def begin(self, world: World, wish: Wish, *, dropped: bool) -> str | None:
        """Open the conversation if need be; answers its sid."""
        if isinstance(self.found, Opening) and not dropped:
            self._speaker = autocreation.open_conversation(
                world,
                self.found,
                friendly_name=wish.rewritten_friendly_name,
                attributes=wish.rewritten_conversation_attributes,
            )
        return self._speaker.conversation_sid if self._speaker else None

    def take(self, world: World, text: Text, wish: Wish) -> None:
        """The text becomes a message of its author."""
        assert self._speaker is not None
        conversation = world[Conversations][self._speaker.conversation_sid]
        messages.capture(
            world,
            conversation,
            self._speaker,
            body=text.body if wish.rewritten_body is None else wish.rewritten_body,
            author=wish.rewritten_author,
            attributes=wish.rewritten_attributes,
            files=media.of(world, text.sid),
        )
        autocreation.complete(world, conversation.sid)


def claim(world: World, sender: str, to: str, others: tuple[str, ...]) -> Capture | None:
    """The claim of a conversation to a text, if one has it or is opened by it."""
    found = captor(world, sender, to, others) or autocreation.opening(world, sender, to, others)
    return None if found is None else Capture(found)


def captor(world: World, sender: str, to: str, others: tuple[str, ...] = ()) -> Participant | None:
    """The participant of an open conversation whose pair this is, or who is in such a group."""
    table = world[Participants]
    speaker = None if others else table.found(table.by_pair, (sender, to))
    if speaker is None and len(world[Groups]):
        group = group_mms.matching(world, (sender, to, *others))
        if group is not None:
            return group_mms.phone(world, group, sender)
    return speaker
