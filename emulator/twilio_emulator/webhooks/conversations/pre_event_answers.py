"""What the answer to a pre-event webhook makes of the command that it was asked about.

The rules of this file (https://www.twilio.com/docs/conversations/conversations-webhooks):

- 4xx and 5xx forbid the command; of a text, the message is dropped. Nothing else does: not a
  redirect, not a broken answer, and no answer in time.
- A JSON object changes what it names, and only what may be changed. What it says is input like any
  other, so it may be refused.
- When one value is no string, nothing is changed, with a word in the log.
"""

import json
from dataclasses import replace
from typing import Any

from twilio_emulator.core.kernel import outside
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.messaging.inbound import ReceiveText, SendFromHandset
from twilio_emulator.webhooks.http.exchange import WebhookResponse

CHANGEABLE = {
    "onConversationAdd": ("friendly_name", "attributes"),
    "onConversationUpdate": ("friendly_name", "attributes"),
    "onParticipantAdd": ("attributes",),
    "onParticipantUpdate": ("attributes",),
    "onMessageAdd": ("body", "author", "attributes"),
    "onMessageUpdate": ("body", "author", "attributes"),
}
"""What an answer may name, by what was asked.

Attributes of conversations and participants are not on Twilio's page, but in its own samples.
"""

FIELDS_OF_TEXTS = {
    ("onConversationAdd", "friendly_name"): "rewritten_friendly_name",
    ("onConversationAdd", "attributes"): "rewritten_conversation_attributes",
    ("onMessageAdd", "body"): "rewritten_body",
    ("onMessageAdd", "author"): "rewritten_author",
    ("onMessageAdd", "attributes"): "rewritten_attributes",
}
"""The fields of a text that say so; those of other commands have the same names as in an answer."""


def judge(
    command: Command[object], event: str, answer: WebhookResponse
) -> tuple[Command[object] | None, str]:
    """The command as it may be performed, None when it may not, and what happened in words."""
    status = answer.status
    if status is None:
        words = answer.failure.words if answer.failure else "no answer"
        return command, f"unchanged: {words}"
    if status >= 400:
        return forbidden(command), f"forbidden: answered {status}"
    if status >= 300:
        return command, f"unchanged: answered {status}, which is not followed"
    return _changed(command, event, answer)


def forbidden(command: Command[object]) -> Command[object] | None:
    """What is left of a command that a webhook forbids: a text has been sent, though for nobody."""
    if isinstance(command, SendFromHandset | ReceiveText):
        return replace(command, dropped=True)
    return None


def _changed(
    command: Command[object], event: str, answer: WebhookResponse
) -> tuple[Command[object], str]:
    if not answer.body.strip():
        return command, "unchanged: empty answer"
    try:
        said: Any = json.loads(answer.body)
    except (ValueError, RecursionError):
        return command, "unchanged: the answer is not JSON"
    if not isinstance(said, dict):
        return command, "unchanged: the answer is not a JSON object"
    named = [name for name in CHANGEABLE.get(event, ()) if said.get(name) is not None]
    if not named:
        return command, "unchanged: the answer changes nothing"
    is_text = isinstance(command, SendFromHandset | ReceiveText)
    changes: dict[str, str] = {}
    for name in named:
        if not _is_text(said[name]):
            return command, f"unchanged: {name} is no string"
        changes[FIELDS_OF_TEXTS[event, name] if is_text else name] = said[name]
    changed: Any = command
    return replace(changed, **changes), f"changed: {', '.join(named)}"


def _is_text(value: object) -> bool:
    """Whether it can be written down: JSON may hold halves of a character."""
    return isinstance(value, str) and outside.is_whole(value)
