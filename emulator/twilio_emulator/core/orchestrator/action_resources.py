"""What is kept of actions, and what they are asked for with."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import closed, event, record
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.orchestrator.resources import OrchestratorChannel

ACTION = "conv_action"


class ActionStatus(StrEnum):
    """How far an action has come."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


@record
class ActionParty:
    """Who sends, or is sent to: a participant, an address, or both."""

    participant_id: str | None = None
    address: str | None = None
    channel: OrchestratorChannel | None = None


@closed()
@record
class ActionContent:
    """What is sent; `content_id` is that of a content template (HX), `variables` are its."""

    text: str | None = None
    content_id: str | None = None
    variables: dict[str, str] | None = None
    media_urls: tuple[str, ...] = ()


@record
class SendMessagePayload:
    """What an action sends, from whom and to whom.

    Attributes:
        channel_settings: parameters of the sender's own, by their names in camel case.
    """

    from_: ActionParty
    to: tuple[ActionParty, ...]
    content: ActionContent
    channel_settings: dict[str, Any] | None = None


@record
class ConversationAction:
    """An action (`conv_action_...`).

    Attributes:
        message_sid: of the text, the first of several, or of the message in v1.
        communication_id: of what was said so.
        failure_reason: what the sender says against it, in its words.
    """

    sid: str
    account_sid: str
    conversation_sid: str
    status: ActionStatus = ActionStatus.PENDING
    message_sid: str | None = None
    communication_id: str | None = None
    failure_reason: str | None = None
    created_at: datetime
    updated_at: datetime
    completed_at: datetime | None = None


class ConversationActions(Table[ConversationAction]):
    """Actions, by conversation."""

    refers = (("conversation_sid", "orchestrated_conversations"),)

    def __init__(self) -> None:
        self.by_conversation: Ordered[ConversationAction] = Ordered(
            lambda it: it.conversation_sid, lambda it: parameters.milliseconds(it.created_at)
        )
        super().__init__(ConversationAction, self.by_conversation)


@record
class ActionText:
    """A text that an action waits for, under the text's own sid."""

    sid: str
    action_sid: str


class ActionTexts(Table[ActionText]):
    """Texts that have not left yet, by action."""

    refers = (("action_sid", "conversation_actions"),)

    def __init__(self) -> None:
        self.by_action: Ordered[ActionText] = Ordered(lambda it: it.action_sid, lambda _: 0)
        super().__init__(ActionText, self.by_action)


@event
class ActionCreated:
    """An app has something sent within a conversation."""

    action: ConversationAction


@event
class ActionFinished:
    """An action is completed, or has failed."""

    action: ConversationAction
