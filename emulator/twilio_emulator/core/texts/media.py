"""Media of texts: what goes with them, fetched from where the sender said.

The rules of this file:

- Each `MediaUrl` becomes a Media resource at once; its type and bytes are known once it was
  fetched. A text waits for all of them before it leaves.
- Fetching is not the core's business: it tells `MediaWanted` and hears by a command how it went.
"""

from datetime import datetime

from twilio_emulator.core.kernel.indexes import Counted, Ordered
from twilio_emulator.core.kernel.records import event, record, replace
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World

LARGEST_IMAGE = 5 * 1024 * 1024
"""Bytes of a jpeg, png or gif, which Twilio makes smaller where a carrier wants less."""

LARGEST_OTHER = 500 * 1024
"""Bytes of any other type."""

LARGEST_FROM_WHATSAPP = 16 * 1024 * 1024
"""Bytes of a file that WhatsApp takes from a phone
(https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages)."""

IMAGES = frozenset({"image/jpeg", "image/jpg", "image/png", "image/gif"})


TYPES_BY_ENDING = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp4": "video/mp4",
    "3gp": "video/3gpp",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "amr": "audio/amr",
    "pdf": "application/pdf",
    "vcf": "text/vcard",
    "csv": "text/csv",
}
"""What a file is by how its address ends: of those that phones send."""


@record
class Enclosure:
    """What goes with a text: bytes kept under their digest, or an address to fetch them from."""

    content_type: str | None = None
    url: str | None = None
    digest: str | None = None
    size: int | None = None
    filename: str | None = None


@record
class MediaFile:
    """Media of a text (ME). Without a content type it is still to be fetched from its `url`."""

    sid: str
    account_sid: str
    text_sid: str
    content_type: str | None
    url: str | None
    digest: str | None
    size: int | None
    filename: str | None
    date_created: datetime
    date_updated: datetime
    serial: int


class TextMedia(Table[MediaFile]):
    """The media of texts, by text."""

    shows_bytes = True
    refers = (
        ("account_sid", "accounts"),
        ("text_sid", "texts"),
    )

    def __init__(self) -> None:
        self.by_text: Ordered[MediaFile] = Ordered(
            lambda media: media.text_sid, lambda media: media.serial
        )
        self.digests: Counted[MediaFile] = Counted(lambda media: media.digest)
        super().__init__(MediaFile, self.by_text, self.digests)


@event
class MediaWanted:
    """The `url` of this has to be fetched; `KeepMedia` or `LoseMedia` says how that ended."""

    media: MediaFile


def attach(
    world: World, account_sid: str, text_sid: str, enclosures: tuple[Enclosure, ...]
) -> None:
    """Make Media resources of what goes with a text."""
    for enclosure in enclosures:
        media = world[TextMedia].put(
            MediaFile(
                sid=world.sids.new("ME"),
                account_sid=account_sid,
                text_sid=text_sid,
                content_type=enclosure.content_type,
                url=enclosure.url,
                digest=enclosure.digest,
                size=enclosure.size,
                filename=enclosure.filename,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            )
        )
        if not has_bytes(media):
            world.tell(MediaWanted(media=media))


def of(world: World, text_sid: str) -> tuple[MediaFile, ...]:
    """The media of a text, in order."""
    return tuple(world[TextMedia].all(world[TextMedia].by_text, text_sid))


def has_bytes(media: MediaFile) -> bool:
    """Whether it has been fetched; what has no address is what it is."""
    return media.content_type is not None and (media.digest is not None or media.url is None)


def is_complete(world: World, text_sid: str) -> bool:
    """Whether everything that goes with a text has been fetched."""
    return all(has_bytes(media) for media in of(world, text_sid))


def enclosed(media: MediaFile) -> Enclosure:
    """The same thing to go with another text."""
    return Enclosure(
        content_type=media.content_type,
        url=media.url,
        digest=media.digest,
        size=media.size,
        filename=media.filename,
    )


def typed(enclosure: Enclosure) -> Enclosure:
    """The same with its type, when that can be seen by its address."""
    if enclosure.content_type is not None or enclosure.url is None:
        return enclosure
    guess = TYPES_BY_ENDING.get(ending(enclosure.url))
    return enclosure if guess is None else replace(enclosure, content_type=guess)


def ending(url: str) -> str:
    """What stands behind the last dot of an address's path, in lower case."""
    return url.partition("?")[0].partition("#")[0].rpartition(".")[2].lower()


def fits(content_type: str, size: int) -> bool:
    """Whether Twilio takes a file of this type and size."""
    return size <= (LARGEST_IMAGE if content_type in IMAGES else LARGEST_OTHER)


def keep(world: World, media: MediaFile, content_type: str, size: int, digest: str) -> MediaFile:
    """Note what was fetched."""
    return world[TextMedia].put(
        replace(media, content_type=content_type, size=size, digest=digest, date_updated=world.now)
    )


def remove(world: World, text_sid: str) -> None:
    """Forget the media of a text."""
    for media in of(world, text_sid):
        world[TextMedia].remove(media.sid)
