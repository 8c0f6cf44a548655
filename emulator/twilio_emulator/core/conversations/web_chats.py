"""Web chats: a visitor of a page opens a conversation by an address of type chat, as in Flex.

The rules of this file (https://www.twilio.com/docs/flex/developer/conversations/webchats-resource):

- The conversation is in the service of the address and has its webhook, as one that a text opens.
- The visitor is a user with an identity that is drawn, unless one is given.
- What the form before the chat asked for is kept in the conversation's attributes, under
  `pre_engagement_data`; public front-ends read it there.
- An address of another type is no address here [choice]: Twilio's page names no error.
"""

import json

from twilio_emulator.core.conversations import (
    address_configurations,
    conversations,
    membership,
    participants,
    scoped_webhooks,
    users,
)
from twilio_emulator.core.conversations.address_configurations import (
    AddressConfiguration,
    AddressType,
    AutoCreationType,
)
from twilio_emulator.core.conversations.conversations import AddConversation, ConversationAdded
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Participant,
    Services,
)
from twilio_emulator.core.conversations.users import UpdateUser
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, Refused
from twilio_emulator.core.kernel.world import World


@command
class OpenWebChat:
    """Open a conversation with a visitor in it; answers the visitor."""

    account: str
    address_sid: str
    chat_friendly_name: str | None = None
    customer_friendly_name: str | None = None
    pre_engagement_data: str | None = None
    identity: str | None = None

    def apply(self, world: World) -> Participant:
        configuration = self._configuration(world)
        service_sid = configuration.conversation_service_sid
        service_sid = (
            service_sid or world[AccountConfigurations][self.account].default_chat_service_sid
        )
        opening = AddConversation(
            service=service_sid,
            friendly_name=self.chat_friendly_name,
            attributes=self._attributes(),
        ).check(world)
        name = parameters.name(self.customer_friendly_name)
        if self.identity:
            users.check_identity(self.identity)
            wish = AddParticipant(service=service_sid, conversation="", identity=self.identity)
            membership.check_conversations(world, wish.participant(world, opening))

        identity = self.identity or world.sids.hex()
        conversation = conversations.keep(world, opening)
        if configuration.auto_creation_type is not AutoCreationType.DEFAULT:
            scoped_webhooks.attach(
                world, conversation, configuration.auto_creation_type, configuration.webhook
            )
        world.tell(ConversationAdded(conversation=conversation))
        user = users.ensure(world, world[Services][service_sid], identity)
        if name is not None:
            UpdateUser(service=service_sid, user=user.sid, friendly_name=name).apply(world)
        visitor = AddParticipant(
            service=service_sid, conversation=conversation.sid, identity=identity
        )
        return participants.join(world, conversation, visitor.participant(world, conversation))

    def _configuration(self, world: World) -> AddressConfiguration:
        found = address_configurations.find(world, self.account, self.address_sid)
        if found.sid != self.address_sid or found.type is not AddressType.CHAT:
            raise Refused(INVALID_PARAMETER, parameter="AddressSid")
        return found

    def _attributes(self) -> str | None:
        said = self.pre_engagement_data
        if not said:
            return None
        kept = parameters.json_object(said)
        return json.dumps(
            {"pre_engagement_data": said if kept is None else kept}, ensure_ascii=False
        )
