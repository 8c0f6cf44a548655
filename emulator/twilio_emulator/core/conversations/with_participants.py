"""Conversations that are made together with their participants.

The rules of this file
(https://www.twilio.com/docs/conversations/api/conversation-with-participants-resource):

- Everything is checked before anything is made.
- The conversation is there at once, `initializing`; its participants come in the background, and
  then it takes the state that was asked for.
- When they cannot come after all, the conversation is closed and the debugger is told.
"""

from datetime import timedelta

from twilio_emulator.core.accounts.debugger_alerts import RaiseAlert
from twilio_emulator.core.conversations import (
    conversations,
    group_mms,
    membership,
    participants,
    states,
)
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    ConversationAdded,
)
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Participant,
    Participants,
    State,
)
from twilio_emulator.core.conversations.states import Reason
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import (
    INVALID_PARAMETER,
    PAIRS_IN_USE,
    PARTICIPANT_EXISTS,
    TOO_MANY_IN_REQUEST,
    Refused,
)
from twilio_emulator.core.kernel.world import World

LIMIT = 10
BACKGROUND_TIME = timedelta(milliseconds=100)
"""How long a conversation is `initializing`."""

FAILED = 50427
FAILED_TEXT = "Errors occurred during multiple participants creation."

_OF_PARTICIPANT = frozenset({"identity", "attributes", "role_sid", "date_created", "date_updated"})
_OF_BINDING = frozenset({"address", "proxy_address", "projected_address", "name", "level"})


@command
class AddConversationWithParticipants(AddConversation):
    """Open a conversation and add up to ten participants; each is a JSON object."""

    participant: tuple[str, ...] = ()

    def check(self, world: World) -> Conversation:
        """The conversation as it would be, but for its sid.

        Raises:
            Refused: it cannot be, or one of the participants cannot.
        """
        conversation = AddConversation.check(self, world)
        if len(self.participant) > LIMIT:
            raise Refused(TOO_MANY_IN_REQUEST)
        if not self.participant:
            return conversation
        _check(world, conversation, self._wishes())
        return replace(conversation, state=State.INITIALIZING)

    def apply(self, world: World) -> Conversation:
        conversation = conversations.keep(world, self.check(world))
        world.tell(ConversationAdded(conversation=conversation))
        if self.participant:
            world.timers.set(
                f"{conversation.sid}/assembly",
                world.now + BACKGROUND_TIME,
                AssembleConversation(
                    conversation=conversation.sid,
                    participants=self._wishes(),
                    state=State.INACTIVE
                    if (self.state or "").lower() == State.INACTIVE
                    else State.ACTIVE,
                    webhooks=world.origin.webhooks,
                ),
            )
        return conversation

    def _wishes(self) -> tuple[AddParticipant, ...]:
        return tuple(_read(self.service, text) for text in self.participant)


@command
class AssembleConversation:
    """The participants of a conversation that was made with them are added now."""

    conversation: str
    participants: tuple[AddParticipant, ...]
    state: State
    webhooks: bool

    def apply(self, world: World) -> None:
        conversation = world[Conversations].get(self.conversation)
        if conversation is None:
            return
        # It is still the request that does this, whose header said whether webhooks fire.
        world.origin = replace(world.origin, webhooks=self.webhooks)
        try:
            everyone = _check(world, conversation, self.participants)
        except Refused as refused:
            RaiseAlert(
                account=conversation.account_sid,
                error_code=FAILED,
                alert_text=f"{FAILED_TEXT} {refused.message}",
                resource_sid=conversation.sid,
            ).apply(world)
            states.change_state(world, conversation, State.CLOSED, Reason.EVENT)
            return
        for participant in everyone:
            participants.join(world, conversation, participant)
        states.change_state(world, conversation, self.state, Reason.EVENT)


def _check(
    world: World, conversation: Conversation, wishes: tuple[AddParticipant, ...]
) -> list[Participant]:
    """The participants as they would be, but for their sids.

    Raises:
        Refused: one of them cannot be, or they cannot be together.
    """
    everyone = [wish.participant(world, conversation) for wish in wishes]
    identities = [each.identity for each in everyone if each.identity is not None]
    pairs = [(each.address, each.proxy_address) for each in everyone if each.proxy_address]
    for participant in everyone:
        membership.check_conversations(world, participant)
    if len(set(identities)) < len(identities):
        raise Refused(PARTICIPANT_EXISTS)
    by_pair = world[Participants].by_pair
    if len(set(pairs)) < len(pairs) or any(by_pair.find(pair) for pair in pairs):
        raise Refused(PAIRS_IN_USE)
    group_mms.check_change(world, conversation, everyone)
    group_mms.check_activation(everyone)
    return everyone


def _read(service: str, text: str) -> AddParticipant:
    """The wish that a JSON object stands for; what it does not know is ignored.

    Raises:
        Refused: 20001 it is no object, or one of its values is no string.
    """
    said = parameters.json_object(text)
    binding = None if said is None else said.get("messaging_binding") or {}
    if said is None or not isinstance(binding, dict):
        raise Refused(INVALID_PARAMETER, parameter="Participant")
    given: dict[str, str | None] = {}
    for prefix, values, known in (
        ("", said, _OF_PARTICIPANT),
        ("messaging_binding_", binding, _OF_BINDING),
    ):
        for name in known.intersection(values):
            value = values[name]
            if value is not None and not isinstance(value, str):
                raise Refused(INVALID_PARAMETER, parameter="Participant")
            given[prefix + name] = value
    return AddParticipant(service=service, conversation="", **given)
