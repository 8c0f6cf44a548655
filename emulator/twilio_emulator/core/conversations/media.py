"""Media of conversations: files that were uploaded, and the message that each is in.

The rules of this file (https://www.twilio.com/docs/conversations/media-support-conversations):

- A file is uploaded first and then named by a message, by one at most. What no message has named
  after five minutes is discarded.
- What a file says of itself is kept here, its bytes elsewhere under their digest.
"""

from datetime import datetime, timedelta

from twilio_emulator.core.conversations.resources import (
    Conversation,
    Message,
    MessageMedia,
    Services,
)
from twilio_emulator.core.conversations.services import ServiceRemoved
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Counted, Ordered
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import (
    INVALID_MEDIA_SID,
    INVALID_MEDIA_TYPE,
    INVALID_PARAMETER,
    MEDIA_ALREADY_SENT,
    MEDIA_NOT_FOUND,
    MEDIA_SID_NOT_PROVIDED,
    MEDIA_TOO_LARGE,
    NOT_FOUND,
    Refused,
)
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.texts.media import Enclosure, MediaFile

SIZE_LIMIT = 150 * 1024 * 1024
"""Bytes of all files of a message together."""

UNSENT_FOR = timedelta(minutes=5)
CATEGORIES = frozenset({"media", "body", "history"})


@record
class Media:
    """An uploaded file (ME).

    Its bytes are kept under `digest`, or to be fetched from `url`, or they are `content` itself.
    """

    sid: str
    account_sid: str
    service_sid: str
    content_type: str
    size: int
    filename: str | None = None
    category: str = "media"
    author: str | None = None
    digest: str | None = None
    url: str | None = None
    content: str | None = None
    conversation_sid: str | None = None
    message_sid: str | None = None
    date_created: datetime
    date_updated: datetime
    serial: int

    def in_message(self) -> MessageMedia:
        """What a message shows of it."""
        return MessageMedia(
            sid=self.sid,
            filename=self.filename,
            content_type=self.content_type,
            size=self.size,
            category=self.category,
        )

    def enclosed(self) -> Enclosure:
        """The same to go with a text."""
        return Enclosure(
            content_type=self.content_type,
            url=self.url,
            digest=self.digest,
            size=self.size,
            filename=self.filename,
        )


class MediaTable(Table[Media]):
    """Files, by service, in the order in which they came."""

    shows_bytes = True
    refers = (
        ("account_sid", "accounts"),
        ("service_sid", "services"),
        ("conversation_sid", "conversations"),
        ("message_sid", "messages"),
    )

    def __init__(self) -> None:
        self.by_service: Ordered[Media] = Ordered(
            lambda media: media.service_sid, lambda media: media.serial
        )
        self.digests: Counted[Media] = Counted(lambda media: media.digest)
        super().__init__(Media, self.by_service, self.digests)


@event
class MediaUploaded:
    """There is a new file."""

    media: Media


@event
class MediaDiscarded:
    """A file is gone, since no message has named it."""

    media: Media


def find(world: World, service_sid: str, sid: str) -> Media:
    """The file of a service with this sid.

    Raises:
        Refused: 20404.
    """
    media = world[MediaTable].get(sid)
    if media is None or media.service_sid != service_sid:
        raise Refused(NOT_FOUND)
    return media


@command
class UploadMedia:
    """A file was uploaded: `size` bytes, kept under `digest`."""

    service: str
    content_type: str
    size: int
    digest: str
    filename: str | None = None
    category: str | None = None
    author: str | None = None

    def apply(self, world: World) -> Media:
        service = world[Services].get(self.service)
        if service is None:
            raise Refused(NOT_FOUND)
        category = (self.category or "media").lower()
        if category not in CATEGORIES:
            raise Refused(INVALID_PARAMETER, parameter="Category")
        media = world[MediaTable].put(
            Media(
                sid=world.sids.new("ME"),
                account_sid=service.account_sid,
                service_sid=service.sid,
                content_type=self.content_type,
                size=self.size,
                filename=self.filename or None,
                category=category,
                author=self.author or world.origin.identity,
                digest=self.digest,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            )
        )
        world.timers.set(media.sid, world.now + UNSENT_FOR, DiscardMedia(media=media.sid))
        world.tell(MediaUploaded(media=media))
        return media


@command
class DiscardMedia:
    """A file was not sent in time."""

    media: str

    def apply(self, world: World) -> None:
        media = world[MediaTable][self.media]
        world[MediaTable].remove(media.sid)
        world.tell(MediaDiscarded(media=media))


def read(world: World, service_sid: str, sids: tuple[str, ...]) -> tuple[MessageMedia, ...]:
    """The files that a message names.

    Raises:
        Refused: 50506 an empty sid, 50510 no sid, 50507 no such file, 50508 it is in a message,
            50511 it has no proper type, 50512 too large together.
    """
    if not sids:
        return ()
    named: list[Media] = []
    for sid in dict.fromkeys(sids):
        if not sid:
            raise Refused(MEDIA_SID_NOT_PROVIDED)
        if not parameters.is_sid(sid, "ME"):
            raise Refused(INVALID_MEDIA_SID)
        media = world[MediaTable].get(sid)
        if media is None or media.service_sid != service_sid:
            raise Refused(MEDIA_NOT_FOUND)
        if not all(media.content_type.partition("/")):
            raise Refused(INVALID_MEDIA_TYPE)
        if media.message_sid is not None:
            raise Refused(MEDIA_ALREADY_SENT)
        named.append(media)
    if sum(media.size for media in named) > SIZE_LIMIT:
        raise Refused(MEDIA_TOO_LARGE)
    return tuple(media.in_message() for media in named)


def attach(world: World, message: Message) -> None:
    """The files of a message belong to it from now on."""
    for shown in message.media:
        world.timers.cancel(shown.sid)
        world[MediaTable].put(
            replace(
                world[MediaTable][shown.sid],
                conversation_sid=message.conversation_sid,
                message_sid=message.sid,
                date_updated=world.now,
            )
        )


def take_in(
    world: World, conversation: Conversation, author: str, files: tuple[MediaFile, ...]
) -> tuple[MessageMedia, ...]:
    """Files that came with a text, on their way into a message."""
    return tuple(
        _keep(
            world,
            conversation,
            author,
            content_type=each.content_type or "application/octet-stream",
            size=each.size or 0,
            filename=each.filename,
            digest=each.digest,
            url=each.url,
        ).in_message()
        for each in files
    )


def write(
    world: World, conversation: Conversation, author: str, content_type: str, content: str
) -> MessageMedia:
    """A file of our own making, on its way into a message: what clients show of a template."""
    return _keep(
        world,
        conversation,
        author,
        content_type=content_type,
        size=len(content.encode()),
        category="body",
        content=content,
    ).in_message()


@command
class KeepFile:
    """A file whose bytes were lost was fetched again: `size` bytes, kept under `digest`."""

    media: str
    content_type: str
    size: int
    digest: str

    def apply(self, world: World) -> Media:
        file = world[MediaTable].get(self.media)
        if file is None:
            raise Refused(NOT_FOUND, resource=self.media)
        return world[MediaTable].put(
            replace(
                file,
                content_type=self.content_type,
                size=self.size,
                digest=self.digest,
                date_updated=world.now,
            )
        )


def forget(world: World, message: Message) -> None:
    """The files of a message go with it."""
    for shown in message.media:
        world[MediaTable].remove(shown.sid)


def _keep(
    world: World,
    conversation: Conversation,
    author: str,
    *,
    content_type: str,
    size: int,
    filename: str | None = None,
    category: str = "media",
    digest: str | None = None,
    url: str | None = None,
    content: str | None = None,
) -> Media:
    return world[MediaTable].put(
        Media(
            sid=world.sids.new("ME"),
            account_sid=conversation.account_sid,
            service_sid=conversation.service_sid,
            content_type=content_type,
            size=size,
            filename=filename,
            category=category,
            author=author,
            digest=digest,
            url=url,
            content=content,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )


def remove_of_service(world: World, removed: ServiceRemoved) -> None:
    """The files of a service go with it."""
    table = world[MediaTable]
    for file in table.all(table.by_service, removed.service.sid):
        world.timers.cancel(file.sid)
        table.remove(file.sid)
