"""Autocreation: a text from a phone opens a conversation.

The rules of this file (https://www.twilio.com/docs/conversations/inbound-autocreation):

- The conversation comes first, with the webhook of the address; then the author, then what was
  written. Each is told in this order.
- A text to several phones opens a group MMS, which is `initializing` until all that is in it.
"""

from twilio_emulator.core.conversations import conversations, participants, scoped_webhooks, states
from twilio_emulator.core.conversations.address_configurations import (
    AddressConfiguration,
    AddressConfigurations,
    AutoCreationType,
)
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    ConversationAdded,
    OpenedBy,
)
from twilio_emulator.core.conversations.messaging_bindings import MessagingBinding
from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Conversation,
    Conversations,
    Participant,
    State,
)
from twilio_emulator.core.conversations.states import Reason
from twilio_emulator.core.kernel.records import record, replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import channel_of
from twilio_emulator.core.senders.resources import PhoneNumbers


@record
class Opening:
    """A conversation that a text is about to open; it has no sid yet.

    Attributes:
        conversation: as it will be.
        configuration: of the address, which says so.
        sender: who wrote.
        to: the address that was written to.
        others: to whom else, in a group.
    """

    conversation: Conversation
    configuration: AddressConfiguration
    sender: str
    to: str
    others: tuple[str, ...] = ()

    @property
    def opened_by(self) -> OpenedBy:
        """Whose text it is, as webhooks show that."""
        if not self.others:
            return OpenedBy(address=self.sender, proxy_address=self.to)
        return OpenedBy(
            address=",".join((self.sender, *self.others)),
            projected_address=self.to,
            author_address=self.sender,
        )


def opening(world: World, sender: str, to: str, others: tuple[str, ...] = ()) -> Opening | None:
    """What a text that no conversation captures is about to open; None when it opens none."""
    table = world[AddressConfigurations]
    number = world[PhoneNumbers].at(to)
    if not len(table) or number is None:
        return None
    configuration = table.found(table.by_address, (number.account_sid, to))
    if configuration is None or not configuration.enabled:
        return None
    defaults = world[AccountConfigurations][configuration.account_sid]
    wish = AddConversation(
        service=configuration.conversation_service_sid or defaults.default_chat_service_sid,
        messaging_service_sid=number.messaging_service_sid,
    )
    conversation = wish.check(world)
    if others:
        conversation = replace(conversation, state=State.INITIALIZING)
    return Opening(
        conversation=conversation, configuration=configuration, sender=sender, to=to, others=others
    )


def open_conversation(
    world: World,
    opening: Opening,
    *,
    friendly_name: str | None = None,
    attributes: str | None = None,
) -> Participant:
    """Open the conversation and put its parties in; answers who wrote.

    Args:
        friendly_name: what a pre-event webhook made of it; the attributes likewise.
    """
    changes = {"friendly_name": friendly_name, "attributes": attributes}
    conversation = conversations.keep(
        world,
        replace(
            opening.conversation,
            **{name: value for name, value in changes.items() if value is not None},
        ),
    )
    configuration = opening.configuration
    if configuration.auto_creation_type is not AutoCreationType.DEFAULT:
        scoped_webhooks.attach(
            world, conversation, configuration.auto_creation_type, configuration.webhook
        )
    world.tell(ConversationAdded(conversation=conversation, opened_by=opening.opened_by))
    author, *_ = [
        participants.join(world, conversation, participants.bound(world, conversation, binding))
        for binding in _bindings(world, opening)
    ]
    return author


def complete(world: World, conversation_sid: str) -> None:
    """A group that a text opened has its first message: now it is active."""
    conversation = world[Conversations][conversation_sid]
    if conversation.state is State.INITIALIZING:
        states.change_state(world, conversation, State.ACTIVE, Reason.EVENT)


def _bindings(world: World, opening: Opening) -> list[MessagingBinding]:
    """The author's, then those of the others: phones by address, own numbers projected."""
    if not opening.others:
        channel = str(channel_of(opening.sender))
        return [MessagingBinding(channel=channel, address=opening.sender, proxy_address=opening.to)]
    return [
        MessagingBinding(projected_address=address)
        if world[PhoneNumbers].at(address) is not None
        else MessagingBinding(address=address)
        for address in (opening.sender, *opening.others, opening.to)
    ]
