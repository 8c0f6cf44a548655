"""Content templates as texts: what a channel shows of one.

WhatsApp shows the richest type that a template has. SMS shows its text, with the media of the media
type (https://www.twilio.com/docs/content/content-types-overview).
"""

from typing import TYPE_CHECKING

from emulator.core import contents, reading
from emulator.core import messaging_refusals as no
from emulator.core.channels import Channel
from emulator.core.contents import Content, Rendered
from emulator.core.plain import replace
from emulator.core.refusals import Refused

if TYPE_CHECKING:
    from emulator.core.world import World


def render(
    world: "World", account_sid: str, sid: str, variables: str | None, channel: Channel
) -> Rendered:
    """What a template shows on a channel.

    Raises:
        Refused: 21655 there is no such template, 21656 the variables are no JSON object of texts.
    """
    content = _find(world, account_sid, sid)
    try:
        values = contents.read_variables(variables)
    except Refused:
        raise Refused(no.INVALID_CONTENT_VARIABLES) from None
    shown = contents.render(content, values)
    if channel is Channel.WHATSAPP:
        return shown
    with_media = "twilio/media" in content.type_names
    return replace(
        shown,
        type="twilio/media" if with_media else "twilio/text",
        data="{}",
        media=shown.media if with_media else (),
    )


def _find(world: "World", account_sid: str, sid: str) -> Content:
    content = world.contents.get(sid) if reading.is_sid(sid, "HX") else None
    if content is None or content.account_sid != account_sid:
        raise Refused(no.INVALID_CONTENT_SID)
    return content
