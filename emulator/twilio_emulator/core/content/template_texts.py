"""Content templates as texts: what a channel shows of one.

The rules of this file (https://www.twilio.com/docs/content/content-types-overview):

- WhatsApp shows the richest type that a template has. SMS shows its text, with the media of the
  media type, and nothing of a template that has neither.
- Variables are refused for every cause that the page of 21656 lists, which are more than those of
  conversations (https://www.twilio.com/docs/api/errors/21656).
"""

import json
import re

from twilio_emulator.core.content import content_types, one_time_codes, templates
from twilio_emulator.core.content.content_types import MEDIA
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.content.templates import Content, Contents
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.addresses import Channel

_UNFIT = re.compile(r"[\n\r\t]| {5}")
"""What a value in a body may not hold: a new line, a tab, more than four spaces in a row."""


def render(
    world: World, account_sid: str, sid: str, variables: str | None, channel: Channel
) -> Rendered:
    """What a template shows on a channel.

    Raises:
        Refused: 21655 there is no such template, 21656 the variables or the placeholders are not
            as they should be, 216602 the channel shows no type of it.
    """
    content = _find(world, account_sid, sid)
    values = _values(content, variables)
    if channel is Channel.WHATSAPP:
        return templates.render(content, values)
    if not set(content_types.ON_SMS).intersection(content.type_names):
        raise Refused(refusals.CONTENT_TYPE_NOT_ON_CHANNEL)
    shown = templates.render(content, values, content_types.ON_SMS)
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
        values = {} if variables is None else templates.read_variables(variables or "null")
    except Refused:
        raise Refused(refusals.INVALID_CONTENT_VARIABLES) from None
    resolved = templates.resolved(content, values)
    in_bodies = templates.in_bodies(content)
    if (
        templates.is_malformed(content)
        or "" in values.values()
        or "" in resolved.values()
        or any(_UNFIT.search(resolved[name]) for name in in_bodies.intersection(resolved))
    ):
        raise Refused(refusals.INVALID_CONTENT_VARIABLES)
    return values


def _find(world: World, account_sid: str, sid: str) -> Content:
    content = world[Contents].get(sid) if parameters.is_sid(sid, "HX") else None
    if content is None or content.account_sid != account_sid:
        raise Refused(refusals.INVALID_CONTENT_SID)
    return content
