"""The types of a content template: which a channel shows, and what each of them says.

The rules of this file (https://www.twilio.com/docs/content/content-types-overview):

- A template has the same content in one or more types. The richest that a channel knows is the one
  that is sent.
- SMS and MMS know texts and media alone (216602 for a template that has neither).
- What a type says as text alone is the words that a phone shows, from the top down.
"""

from twilio_emulator.core.kernel.records import Plain

TEXT = "twilio/text"
MEDIA = "twilio/media"

RICHEST = (
    "whatsapp/authentication",
    "whatsapp/flows",
    "whatsapp/card",
    "twilio/flows",
    "twilio/pay",
    "twilio/schedule",
    "twilio/catalog",
    "twilio/carousel",
    "twilio/card",
    "twilio/list-picker",
    "twilio/call-to-action",
    "twilio/quick-reply",
    "twilio/location",
    "twilio/media",
    "twilio/text",
)
"""Every type, the richest first, as WhatsApp shows them."""

IN_CONVERSATIONS = (
    "twilio/card",
    "twilio/list-picker",
    "twilio/call-to-action",
    "twilio/quick-reply",
    "twilio/location",
    "twilio/media",
    "twilio/text",
)
"""The types that a conversation can show, the richest first."""

ON_SMS = (MEDIA, TEXT)
"""The types that SMS and MMS can show."""

NEEDS_APPROVAL = frozenset(
    {"whatsapp/authentication", "whatsapp/card", "whatsapp/flows", "twilio/carousel"}
)
"""The types that WhatsApp shows of approved templates alone, even to somebody who just wrote
(the pages of each type)."""

_WORDS = ("header_text", "title", "body", "subtitle", "label", "address", "timeSlots", "footer")


def words(fields: dict[str, Plain]) -> str | None:
    """What a type says as text alone; None when it says nothing."""
    return "\n".join(text for name in _WORDS if (text := said(fields.get(name)))) or None


def media(fields: dict[str, Plain]) -> tuple[str, ...]:
    """The addresses of the files that go with a type, those of a carousel's cards among them."""
    cards = (card for card in _list(fields.get("cards")) if isinstance(card, dict))
    files = [
        *_list(fields.get("media")),
        fields.get("media_url"),
        *(card.get("media") for card in cards),
    ]
    return tuple(url for url in files if isinstance(url, str) and url)


def said(value: Plain) -> str:
    """A text or a number as text; anything else says nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return str(value)


def _list(value: Plain) -> list[Plain]:
    return value if isinstance(value, list) else []
