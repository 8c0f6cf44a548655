"""Buttons and lists that a template shows on a phone, and what pressing one sends.

The rules of this file (https://www.twilio.com/docs/whatsapp/buttons):

- A reply button and an entry of a list say their title; their id goes to the webhook besides.
- Buttons that open a page, place a call, copy a code, or show a flow or a catalog say nothing to
  Twilio.
- The cards of a carousel have their own buttons, which are pressed by their title or id, and by the
  number of the card where several cards have such a one.
- A button always has a title: what it leads to where the template gives it none.
"""

import json
from collections.abc import Iterator

from twilio_emulator.core.carrier.handset_commands import find_item
from twilio_emulator.core.content import content_types
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.content.templates import ApprovalStatus, Contents
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import Plain, record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.phones.inbox import InboxItem
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.texts.text import Texts

Fields = dict[str, Plain]

TITLES = {
    "COPY_CODE": "Copy code",
    "VOICE_CALL": "Call on WhatsApp",
    "VOICE_CALL_REQUEST": "Call on WhatsApp",
    "CATALOG": "View catalog",
    "FLOW": "Open",
}
"""What WhatsApp writes on buttons for which a template has no title, or may not have one."""


@record
class MessageButton:
    """Something to press.

    Attributes:
        kind: QUICK_REPLY or LIST_ITEM, or what it does without a word.
        description: what stands beneath an entry of a list or a product.
        code: what it copies.
        url: what it opens.
        card: on which card of a carousel it is, from 0.
    """

    id: str
    title: str
    kind: str
    description: str | None = None
    code: str | None = None
    url: str | None = None
    card: int | None = None


def buttons(item: InboxItem) -> tuple[MessageButton, ...]:
    """What there is to press in an item, in order."""
    return () if item.content is None else of(item.content)


def of(shown: Rendered) -> tuple[MessageButton, ...]:
    """What there is to press in what a template shows, in order."""
    fields: Fields = json.loads(shown.data)
    cards = enumerate(_objects(fields.get("cards")))
    return (
        *_actions(fields),
        *_OTHERS.get(shown.type, _none)(fields),
        *(button for number, card in cards for button in _actions(card, number)),
    )


def _actions(fields: Fields, card: int | None = None) -> Iterator[MessageButton]:
    """The buttons beneath a text, or on one card."""
    for action in _objects(fields.get("actions")):
        kind = _text(action, "type").upper() or "QUICK_REPLY"
        title = _text(action, "title", "copy_code_text") or TITLES.get(kind, "")
        title = title or _text(action, "id", "url", "phone", "code")
        if title:
            yield MessageButton(
                id=_text(action, "id") or title,
                title=title,
                kind=kind,
                code=_text(action, "code") or None,
                url=_text(action, "url") or None,
                card=card,
            )


def _entries(fields: Fields) -> Iterator[MessageButton]:
    """The entries of a list."""
    for entry in _objects(fields.get("items")):
        title = _text(entry, "item", "id")
        if title:
            yield MessageButton(
                id=_text(entry, "id") or title,
                title=title,
                kind="LIST_ITEM",
                description=_text(entry, "description") or None,
            )


def _products(fields: Fields) -> Iterator[MessageButton]:
    """The products of a catalog that a template names, else the whole catalog."""
    items = fields.get("items") or fields.get("dynamic_items")
    if isinstance(items, str):
        items = (parameters.json_object(f'{{"items":{items}}}') or {}).get("items")
    named = [each for each in _objects(items) if _text(each, "name", "id")]
    for each in named:
        title = _text(each, "name", "id")
        about = (_text(each, "price"), _text(each, "description"))
        yield MessageButton(
            id=_text(each, "id") or title,
            title=title,
            kind="PRODUCT",
            description=" · ".join(filter(None, about)) or None,
        )
    if not named:
        whole = _text(fields, "id")
        yield MessageButton(id=whole or "catalog", title=TITLES["CATALOG"], kind="CATALOG")


def _flow(fields: Fields) -> Iterator[MessageButton]:
    """The button that opens a flow."""
    title = _text(fields, "button_text") or TITLES["FLOW"]
    yield MessageButton(id=_text(fields, "flow_id") or title, title=title, kind="FLOW")


def _none(_: Fields) -> Iterator[MessageButton]:
    return iter(())


_OTHERS = {
    "twilio/list-picker": _entries,
    "twilio/catalog": _products,
    "twilio/flows": _flow,
    "whatsapp/flows": _flow,
}


def press(
    world: World, address: str, item: str, button: str, card: int | None = None
) -> SendFromHandset | None:
    """What the phone sends when a button is pressed; None for one that says nothing to Twilio.

    Args:
        button: its id or its title.
        card: on which card of a carousel it is; on the first that has it when None.

    Raises:
        Refused: 20404 the phone holds no such message, or that has no such button.
    """
    held = find_item(world, address, item)
    those = (each for each in buttons(held) if card is None or each.card == card)
    found = next((each for each in those if button in (each.id, each.title)), None)
    if found is None:
        raise Refused(refusals.NO_SUCH_BUTTON, item=item, button=button)
    if found.kind not in ("QUICK_REPLY", "LIST_ITEM"):
        return None
    return SendFromHandset(
        address=address,
        to=held.peer,
        body=found.title,
        reply_to=held.sid,
        parameters=_parameters(found, approved=_is_approved(world, held)),
    )


def _objects(value: Plain) -> list[Fields]:
    """What of a template's fields is as it should be; Twilio looks no closer."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _text(fields: Fields, *names: str) -> str:
    """The first of some fields that is a text or a number, as text; empty when none is."""
    said = (content_types.said(fields.get(name)) for name in names)
    return next(filter(None, said), "")


def _parameters(button: MessageButton, *, approved: bool) -> tuple[tuple[str, str], ...]:
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


def _is_approved(world: World, item: InboxItem) -> bool:
    text = world[Texts].get(item.sid)
    content = world[Contents].get(text.content_sid) if text else None
    return content is not None and content.approval.status is ApprovalStatus.APPROVED
