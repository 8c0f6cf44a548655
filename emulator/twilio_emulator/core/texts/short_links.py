"""Short links: in place of long ones, and of media that a phone cannot take.

The rules of this file (https://www.twilio.com/docs/messaging/features/link-shortening):

- Links are shortened for a messaging service that has a host for them, when a request asks for it.
- In place of media stands a link of Twilio's own, which leads to the first of them.
"""

import re

from twilio_emulator.core.kernel.records import record, replace
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import MessagingServices
from twilio_emulator.core.texts.text import Text

OF_TWILIO = "p.twil.io"
"""The host of links to media."""

LENGTH = 7
_LINK = re.compile(r"https?://[^\s<>\"]*[^\s<>\".,;:!?)\]}']", re.IGNORECASE)


@record
class ShortLink:
    """A link: its host and the seven characters after it, and where it leads.

    One leads to its target, or to the media of its text.
    """

    host: str
    code: str
    text_sid: str | None = None
    target: str | None = None

    @property
    def sid(self) -> str:
        return f"{self.host}/{self.code}"


class ShortLinks(Table[ShortLink]):
    """Short links, by host and code."""

    def __init__(self) -> None:
        super().__init__(ShortLink)


def shorten(world: World, draft: Text) -> Text:
    """The same text with short links, if its messaging service has a host for them."""
    service = world[MessagingServices].get(draft.messaging_service_sid)
    if service is None or service.link_domain is None:
        return draft
    host = service.link_domain
    body = _LINK.sub(lambda found: _made(world, host, target=found[0]), draft.body)
    return replace(draft, body=body)


def to_media(world: World, text: Text) -> str:
    """A link to the media of a text."""
    return _made(world, OF_TWILIO, text_sid=text.sid)


def _made(
    world: World, host: str, *, text_sid: str | None = None, target: str | None = None
) -> str:
    link = ShortLink(host=host, code=world.sids.hex()[:LENGTH], text_sid=text_sid, target=target)
    world[ShortLinks].put(link)
    return f"https://{link.sid}"
