"""The text itself: its life, media, segments, short links."""

from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.texts.media import TextMedia
from twilio_emulator.core.texts.short_links import ShortLinks
from twilio_emulator.core.texts.text import Texts

TEXTS = Wing(
    name="texts",
    tables=(
        TextMedia,
        ShortLinks,
        Texts,
    ),
    commands=(),
)
