"""Buttons and lists that a template shows on a phone, and what pressing one sends.

The rules of this file (https://www.twilio.com/docs/whatsapp/buttons):

- A reply button and an entry of a list say their title; their id goes to the webhook besides.
- Buttons that open a page, call somebody or copy a code say nothing to Twilio.
"""

import json
from typing import TYPE_CHECKING, Any

from emulator.core import messaging_refusals as no
from emulator.core.contents import ApprovalStatus
from emulator.core.handset_switches import find_item
from emulator.core.handsets import InboxItem
from emulator.core.inbound import SendFromHandset
from emulator.core.plain import record
from emulator.core.refusals import Refused

if TYPE_CHECKING:
    from emulator.core.world import World


@record
class Button:
    """Something to press. `kind` is QUICK_REPLY or LIST_ITEM, or what it does without a word."""

    id: str
    title: str
    kind: str
    description: str | None = None


def buttons(item: InboxItem) -> tuple[Button, ...]:
    """What there is to press in an item, in order."""
    if item.content is None:
        return ()
    shown: dict[str, Any] = json.loads(item.content.data)
    actions = [
        Button(
            id=str(action.get("id") or action.get("title")),
            title=str(action.get("title")),
            kind=str(action.get("type") or "QUICK_REPLY"),
        )
        for action in _objects(shown.get("actions"))
    ]
    entries = [
        Button(
            id=str(entry.get("id")),
            title=str(entry.get("item")),
            kind="LIST_ITEM",
            description=entry.get("description"),
        )
        for entry in _objects(shown.get("items"))
    ]
    return (*actions, *entries)


def press(world: "World", address: str, item: str, button: str) -> SendFromHandset | None:
    """What the phone sends when a button is pressed; None for one that says nothing to Twilio.

    Args:
        button: its id or its title.

    Raises:
        Refused: 20404 the phone holds no such message, or that has no such button.
    """
    held = find_item(world, address, item)
    found = next((each for each in buttons(held) if button in (each.id, each.title)), None)
    if found is None:
        raise Refused(no.NO_SUCH_BUTTON, item=item, button=button)
    if found.kind not in ("QUICK_REPLY", "LIST_ITEM"):
        return None
    return SendFromHandset(
        address=address,
        to=held.peer,
        body=found.title,
        reply_to=held.sid,
        parameters=_parameters(found, approved=_is_approved(world, held)),
    )


def _objects(value: object) -> list[dict[str, Any]]:
    """What of a template's fields is as it should be; Twilio looks no closer."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _parameters(button: Button, *, approved: bool) -> tuple[tuple[str, str], ...]:
    """What the webhook gets besides. A reply within a session is interactive, as every list is."""
    if button.kind == "LIST_ITEM":
        return (
            ("MessageType", "interactive"),
            ("ListId", button.id),
            ("ListTitle", button.title),
            ("ListDescription", button.description or ""),
        )
    return (
        ("MessageType", "button" if approved else "interactive"),
        ("ButtonText", button.title),
        ("ButtonPayload", button.id),
        ("ButtonType", "REPLY"),
    )


def _is_approved(world: "World", item: InboxItem) -> bool:
    text = world.texts.get(item.sid)
    content = world.contents.get(text.content_sid) if text else None
    return content is not None and content.approval.status is ApprovalStatus.APPROVED
