"""Actions: messages that an app has sent within a conversation, and what has become of them.

The rules of this file (https://www.twilio.com/docs/platform/conversations/actions):

- A party is a participant with one address on the channel, a participant with one address, or an
  address with its channel. Who writes and who is written to are on one channel; nothing is sent by
  VOICE.
- Each recipient gets a text of their own, which is a communication of the conversation; where the
  settings name a conversation of v1 (`channelId`), that has one message for all.
- What the channel settings say is said to the sender as it is.
- An action that is well-formed is accepted, whatever the sender then says of it. It is completed
  when its texts have left, or its message is in the conversation of v1; it has failed when the
  sender refuses one, or one fails before it has left.
"""

from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator import bridge, errors, sending
from twilio_emulator.core.orchestrator.action_resources import (
    ACTION,
    ActionCreated,
    ActionFinished,
    ActionStatus,
    ActionText,
    ActionTexts,
    ConversationAction,
    ConversationActions,
    SendMessagePayload,
)
from twilio_emulator.core.orchestrator.participants import of_conversation
from twilio_emulator.core.orchestrator.people import CommunicationEnd
from twilio_emulator.core.orchestrator.resources import (
    Communication,
    OrchestratedConversation,
    OrchestratedConversationRemoved,
    OrchestratedStatus,
)
from twilio_emulator.core.orchestrator.text_communications import take_down
from twilio_emulator.core.senders.refusals import LATER
from twilio_emulator.core.texts.text import UNFINISHED, TextStatus, TextStatusChanged

SEND_MESSAGE = "SEND_MESSAGE"
"""The only type of action. Decided: it is called so in answers too, as the OpenAPI file has it; a
comment in Twilio's library for Node calls it `action-send-message`."""

UNDER_WAY = UNFINISHED
"""Decided: the statuses of a text whose action is pending. What becomes of it after it has left is
the delivery status of the communication, and no failure of the action."""

NEVER_LEFT = frozenset({TextStatus.FAILED, TextStatus.CANCELED})


@command
class CreateAction:
    """Send a message within a conversation, for real.

    Attributes:
        conversation: its id.
        type: of the action, `SEND_MESSAGE`.
        payload: what is sent, from whom and to whom.
    """

    account: str
    conversation: str
    type: str
    payload: SendMessagePayload

    def apply(self, world: World) -> ConversationAction:
        """Raises:
        Refused: 20404 there is no such conversation, 20409 it is closed, 20001 something of what is
            asked for cannot be.
        """
        conversation = of_conversation(world, self.account, self.conversation)
        if self.type != SEND_MESSAGE:
            raise errors.invalid("type")
        if conversation.status is OrchestratedStatus.CLOSED:
            raise errors.closed(conversation.sid)
        sender, to = self._ends(world, conversation)
        action = world[ConversationActions].put(
            ConversationAction(
                sid=new_ttid(world, ACTION),
                account_sid=conversation.account_sid,
                conversation_sid=conversation.sid,
                created_at=world.now,
                updated_at=world.now,
            )
        )
        world.tell(ActionCreated(action=action))
        try:
            self._send(world, conversation, action, sender, to)
        except Refused as refused:
            _finish(
                world, world[ConversationActions][action.sid], _words(refused.code, refused.message)
            )
        return world[ConversationActions][action.sid]

    def _ends(
        self, world: World, conversation: OrchestratedConversation
    ) -> tuple[CommunicationEnd, tuple[CommunicationEnd, ...]]:
        """Who sends, and who is sent to.

        Raises:
            Refused: 20001 one of them cannot, or there is nothing to send.
        """
        payload, content = self.payload, self.payload.content
        sender = sending.resolve(world, conversation, payload.from_, "payload.from")
        if not payload.to:
            raise errors.invalid("payload.to")
        to = tuple(
            sending.resolve(world, conversation, party, f"payload.to[{at}]")
            for at, party in enumerate(payload.to)
        )
        if any(each.channel is not sender.channel for each in to):
            raise errors.invalid("payload.to", "sender and recipients are on different channels")
        if not (content.text or content.content_id or content.media_urls):
            raise errors.missing("payload.content.text")
        return sender, to

    def _send(
        self,
        world: World,
        conversation: OrchestratedConversation,
        action: ConversationAction,
        sender: CommunicationEnd,
        to: tuple[CommunicationEnd, ...],
    ) -> None:
        """Have the message sent.

        Raises:
            Refused: the sender does not take it, or not for everybody.
        """
        content, settings = self.payload.content, self.payload.channel_settings or {}
        chat = sending.chat_of(conversation, settings, content, sender, *to)
        if chat is not None:
            message = sending.post(world, conversation, chat, sender, content, settings)
            said = bridge.communication_of(world, message)
            _finish(world, _begun(world, action.sid, message.sid, said))
            return
        for recipient in to:
            text = sending.send_text(world, conversation, sender, recipient, content, settings)
            communication = take_down(world, conversation, text, sender, recipient)
            _begun(world, action.sid, text.sid, communication)
            world[ActionTexts].put(ActionText(sid=text.sid, action_sid=action.sid))


def fetch_action(
    world: World, *, account: str, conversation: str, action: str
) -> ConversationAction:
    """An action of a conversation.

    Raises:
        Refused: 20404 there is no such.
    """
    of = of_conversation(world, account, conversation)
    found = world[ConversationActions].get(action)
    if found is None or found.conversation_sid != of.sid:
        raise errors.not_found()
    return found


def follow(world: World, changed: TextStatusChanged) -> None:
    """An action is over when its texts have left, or one of them never will."""
    text, waited = changed.text, world[ActionTexts]
    awaited = waited.get(text.sid)
    if awaited is None or text.status in UNDER_WAY:
        return
    action = world[ConversationActions][awaited.action_sid]
    waited.remove(text.sid)
    if text.status in NEVER_LEFT:
        code = text.error_code or 0
        _finish(world, action, _words(code, LATER.get(code, f"the message is {text.status}")))
    elif not waited.by_action.of(action.sid):
        _finish(world, action)


def remove_of_conversation(world: World, removed: OrchestratedConversationRemoved) -> None:
    """The actions of a conversation go with it."""
    actions = world[ConversationActions]
    for action in actions.all(actions.by_conversation, removed.conversation.sid):
        _await_no_more(world, action)
        actions.remove(action.sid)


def _begun(
    world: World, sid: str, message_sid: str, communication: Communication | None
) -> ConversationAction:
    """The action with what it has led to first."""
    action = world[ConversationActions][sid]
    if action.message_sid is not None:
        return action
    return world[ConversationActions].put(
        replace(
            action,
            message_sid=message_sid,
            communication_id=None if communication is None else communication.sid,
        )
    )


def _finish(world: World, action: ConversationAction, failure: str | None = None) -> None:
    """End an action, well unless it is said what failed."""
    _await_no_more(world, action)
    status = ActionStatus.COMPLETED if failure is None else ActionStatus.FAILED
    finished = world[ConversationActions].put(
        replace(
            action,
            status=status,
            failure_reason=failure,
            updated_at=world.now,
            completed_at=world.now,
        )
    )
    world.tell(ActionFinished(action=finished))


def _await_no_more(world: World, action: ConversationAction) -> None:
    for awaited in world[ActionTexts].all(world[ActionTexts].by_action, action.sid):
        world[ActionTexts].remove(awaited.sid)


def _words(code: int, words: str) -> str:
    return f"{code}: {words}" if code else words
