"""Actions of Conversations v2 by REST (https://www.twilio.com/docs/platform/conversations/actions).

The rules of this file:

- The request is answered 202; what has become of it by then is shown to who asks for it.
- `messageSid` is there as soon as there is a message, `communicationId` once it is completed.
"""

from twilio_emulator.core.orchestrator.action_resources import ActionStatus, ConversationAction
from twilio_emulator.core.orchestrator.actions import SEND_MESSAGE, CreateAction, fetch_action
from twilio_emulator.rest.orchestrator.look import present
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.json_operations import JsonApi
from twilio_emulator.wire.spelling import iso

ACCEPTED = ActionStatus.PENDING
"""Decided: what the answer says that an action is, also where it is over already: the OpenAPI file
says so of all that are accepted."""

ACTIONS = "/Conversations/{conversation}/Actions"


def declare(api: JsonApi) -> None:
    """Declare the two operations."""
    api.performs("POST", ACTIONS, CreateAction, accepted, 202)
    api.fetches(f"{ACTIONS}/{{action}}", fetch_action, action)


def accepted(it: ConversationAction, call: Call) -> dict[str, object]:
    """An action that was just asked for."""
    return _shown(it, ACCEPTED, {"messageSid": it.message_sid}, {"updatedAt": iso(it.created_at)})


def action(it: ConversationAction, call: Call) -> dict[str, object]:
    """An action as it is by now."""
    is_completed = it.status is ActionStatus.COMPLETED
    related = {
        "messageSid": it.message_sid,
        "communicationId": it.communication_id if is_completed else None,
    }
    ended = {
        "updatedAt": iso(it.updated_at),
        "completedAt": iso(it.completed_at),
        "failureReason": it.failure_reason,
    }
    return _shown(it, it.status, related, ended)


def _shown(
    it: ConversationAction,
    status: ActionStatus,
    related: dict[str, str | None],
    times: dict[str, str | None],
) -> dict[str, object]:
    return present(
        {
            "id": it.sid,
            "type": SEND_MESSAGE,
            "status": status,
            "conversationId": it.conversation_sid,
            "related": present(related) or None,
            "createdAt": iso(it.created_at),
            **times,
        }
    )
