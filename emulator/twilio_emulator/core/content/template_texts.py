"""Content templates as texts: what a channel shows of one.

The rules of this file (https://www.twilio.com/docs/content/content-types-overview):

- WhatsApp shows the richest type that a template has. SMS shows its text, with the media of the
  media type, and nothing of a template that has neither.
- Variables are refused for every cause that the page of 21656 lists, which are more than those of
  conversations (https://www.twilio.com/docs/api/errors/21656).
"""

import json
import re
from typing import TYPE_CHECKING

from twilio_emulator.core.content import content_types, one_time_codes
from twilio_emulator.core.content import templates as contents
from twilio_emulator.core.content.content_types import MEDIA
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.content.templates import Content
from twilio_emulator.core.kernel import parameters as reading
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.senders import refusals as no
from twilio_emulator.core.senders.addresses import Channel

if TYPE_CHECKING:
    from twilio_emulator.core.kernel.world import World


_UNFIT = re.compile(r"[\n\r\t]| {5}")
"""What a value in a body may not hold: a new line, a tab, more than four spaces in a row."""


def render(
    world: "World", account_sid: str, sid: str, variables: str | None, channel: Channel
) -> Rendered:
    """What a template shows on a channel.

    Raises:
        Refused: 21655 there is no such template, 21656 the variables or the placeholders are not
            as they should be, 216602 the channel shows no type of it.
    """
    content = _find(world, account_sid, sid)
    values = _values(content, variables)
    if channel is Channel.WHATSAPP:
        return contents.render(content, values)
    if not set(content_types.ON_SMS).intersection(content.type_names):
        raise Refused(no.CONTENT_TYPE_NOT_ON_CHANNEL)
    shown = contents.render(content, values, content_types.ON_SMS)
    return replace(shown, data="{}", media=shown.media if shown.type == MEDIA else ())


def is_too_long(shown: Rendered) -> bool:
    """Whether a one-time code is longer than WhatsApp takes."""
    if shown.type != one_time_codes.TYPE:
        return False
    code = one_time_codes.code_in(json.loads(shown.data))
    return code is not None and len(code) > one_time_codes.LONGEST


def _values(content: Content, variables: str | None) -> dict[str, str]:
    """The values of the variables that a request gives.

    Raises:
        Refused: 21656.
    """
    try:
        values = {} if variables is None else contents.read_variables(variables or "null")
    except Refused:
        raise Refused(no.INVALID_CONTENT_VARIABLES) from None
    resolved = contents.resolved(content, values)
    in_bodies = contents.in_bodies(content)
    if (
        contents.is_malformed(content)
        or "" in values.values()
        or "" in resolved.values()
        or any(_UNFIT.search(resolved[name]) for name in in_bodies.intersection(resolved))
    ):
        raise Refused(no.INVALID_CONTENT_VARIABLES)
    return values


def _find(world: "World", account_sid: str, sid: str) -> Content:
    content = world.contents.get(sid) if reading.is_sid(sid, "HX") else None
    if content is None or content.account_sid != account_sid:
        raise Refused(no.INVALID_CONTENT_SID)
    return content
