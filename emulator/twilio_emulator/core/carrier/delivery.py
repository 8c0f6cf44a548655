"""Texts to phones: how they leave, and what becomes of them.

The rules of this file (https://www.twilio.com/docs/messaging/guides/outbound-message-status):

- A text of a messaging service is `accepted` first, and has a sender at the latest when it is
  queued. One with nothing but a sender is `queued` at once.
- It waits in the queue for its media, no longer than its validity period.
- It is on the phone when it is delivered. One for a number of this very account arrives there as an
  inbound text.
"""

from datetime import timedelta

from twilio_emulator.core.carrier import outcomes, rate_limits
from twilio_emulator.core.carrier.outcomes import Fate
from twilio_emulator.core.content.rendered import Rendered
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import handsets, inbox
from twilio_emulator.core.phones.handsets import Handsets, ReadReports
from twilio_emulator.core.phones.inbox import InboxItem, InboxItems, expire, keep_pending, show
from twilio_emulator.core.senders import sender_selection
from twilio_emulator.core.senders.addresses import Channel, bare, channel_of
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.core.texts import media as text_media
from twilio_emulator.core.texts import segments, short_links
from twilio_emulator.core.texts.media import Enclosure, MediaFile, TextMedia
from twilio_emulator.core.texts.text import (
    Direction,
    Text,
    TextCreated,
    Texts,
    TextStatus,
    TextStep,
    can,
    move,
)

READ_AFTER = timedelta(seconds=1)
"""How soon a phone that reads by itself has read something."""


OF_WHATSAPP = {11200: 63019, 12300: 63021, 30019: 63019}
"""How WhatsApp calls what went wrong with media."""


@event
class TextReachedNumber:
    """A text was delivered to a number of this very account, where it is an inbound text."""

    text: Text


@command
class AdvanceText:
    """The time for a text's next step has come."""

    text: str

    def apply(self, world: World) -> Text:
        text = world[Texts][self.text]
        if text.status is TextStatus.SENT:
            return _arrive(world, text)
        if text.status is TextStatus.SENDING:
            return schedule(world, move(world, text, TextStep.HAND_OVER))
        if text.status is TextStatus.QUEUED:
            return _leave(world, text)
        return queue(world, text)


@command
class KeepMedia:
    """Media of a text was fetched: `size` bytes, kept under `digest`."""

    media: str
    content_type: str
    size: int
    digest: str

    def apply(self, world: World) -> MediaFile:
        found = _media(world, self.media)
        text = world[Texts][found.text_sid]
        if text.direction is not Direction.INBOUND and not text_media.fits(
            self.content_type, self.size
        ):
            _lose(world, found, 30019)
            return found
        found = text_media.keep(world, found, self.content_type, self.size, self.digest)
        if text.status is TextStatus.QUEUED:
            schedule(world, text)
        return found


@command
class LoseMedia:
    """Media of a text could not be fetched, for one of Twilio's reasons."""

    media: str
    error_code: int = 11200

    def apply(self, world: World) -> MediaFile:
        found = _media(world, self.media)
        _lose(world, found, self.error_code)
        return found


@command
class ReadText:
    """A phone that reads by itself has read a text."""

    text: str

    def apply(self, world: World) -> None:
        item = world[InboxItems].get(self.text)
        if item is not None:
            read(world, item)


def send(
    world: World,
    *,
    account_sid: str,
    sender: str | None,
    to: str,
    body: str,
    messaging_service_sid: str | None = None,
    media: tuple[Enclosure, ...] = (),
    direction: Direction = Direction.OUTBOUND_API,
    channel: Channel | None = None,
    content_sid: str | None = None,
    content: Rendered | None = None,
    author: str | None = None,
    others: tuple[str, ...] = (),
    conversation_sid: str | None = None,
    status_callback: str | None = None,
    status_callback_method: str = "POST",
    listed: bool = True,
    verification_attempt_sid: str | None = None,
    one_time_code: str | None = None,
) -> Text:
    """Take on a text of a conversation, of a TwiML answer or with a code of Verify's; what it says
    has been checked.

    Its channel is the one that `to` names unless another is said.
    """
    channel = channel or channel_of(to)
    return take_on(
        world,
        Text(
            sid="",
            account_sid=account_sid,
            messaging_service_sid=messaging_service_sid,
            direction=direction,
            channel=Channel.MMS if media and channel is Channel.SMS else channel,
            status=TextStatus.ACCEPTED if messaging_service_sid else TextStatus.QUEUED,
            sender=sender,
            to=to,
            body=body,
            num_segments=0,
            content_sid=content_sid,
            content=content,
            author=author,
            others=others,
            conversation_sid=conversation_sid,
            status_callback=status_callback,
            status_callback_method=status_callback_method,
            listed=listed,
            verification_attempt_sid=verification_attempt_sid,
            one_time_code=one_time_code,
            date_created=world.now,
            date_updated=world.now,
            serial=0,
        ),
        media,
    )


def take_on(world: World, draft: Text, media: tuple[Enclosure, ...]) -> Text:
    """Give a text its sid, keep it, and have it go its way."""
    multimedia = draft.channel is Channel.MMS or media
    text = replace(
        draft,
        sid=world.sids.new("MM" if multimedia else "SM"),
        num_media=len(media),
        num_segments=count_segments(draft) if draft.sender else 0,
        serial=world.serial(),
    )
    fault = outcomes.fault_of(world, text)
    if fault is not None:
        text = replace(text, fault=fault)
    world[Texts].put(text)
    world.tell(TextCreated(text=text))
    text_media.attach(world, text.account_sid, text.sid, media)
    return schedule(world, text)


def count_segments(text: Text) -> int:
    """How many segments a text takes; one that is no SMS takes one."""
    return segments.count(text.body) if text.channel is Channel.SMS else 1


def schedule(world: World, text: Text) -> Text:
    """Set the timer for a text's next step."""
    if text.status is TextStatus.SCHEDULED and text.send_at is not None:
        due = text.send_at
    else:
        due = world.now + outcomes.delay(world, text)
    if text.status is TextStatus.QUEUED:
        if not text.num_media or text_media.is_complete(world, text.sid):
            due = min(rate_limits.turn(world, text, due), outcomes.expiry(text))
        else:
            due = outcomes.expiry(text)
    world.timers.set(text.sid, due, AdvanceText(text=text.sid))
    return text


def queue(world: World, text: Text) -> Text:
    """From accepted or scheduled: choose a sender, and make of the text what the phone can take."""
    code = outcomes.obstacle(world, text)
    if code is not None:
        return fail(world, text, code)
    service = world[MessagingServices].get(text.messaging_service_sid)
    if text.sender is None:
        if service is None:
            return fail(world, text, 21703)
        choice = sender_selection.choose(world, service, text.to, text.channel)
        text = replace(text, sender=choice.address, trace=choice.trace)
        if text.sender is None:
            return fail(world, text, 21703)
    if rate_limits.is_full(world, text.sender):
        return fail(world, text, 30001)
    if service is not None and service.mms_converter and _lacks_mms(world, text):
        body = f"{text.body} {short_links.to_media(world, text)}".strip()
        text = replace(text, channel=Channel.SMS, body=body)
    return schedule(
        world, move(world, replace(text, num_segments=count_segments(text)), TextStep.QUEUE)
    )


def fail(world: World, text: Text, code: int) -> Text:
    """The text never leaves."""
    return move(world, text, TextStep.FAIL, error_code=code)


def deliver(world: World, text: Text) -> Text:
    """The phone has the text and says so."""
    show(world, text)
    text = move(world, text, TextStep.DELIVER)
    handset = world[Handsets][world[InboxItems][text.sid].handset]
    if handset.read_receipts is ReadReports.AUTO and text.channel in handsets.READABLE:
        world.timers.set(text.sid, world.now + READ_AFTER, ReadText(text=text.sid))
    return text


def bounce(world: World, text: Text, code: int) -> Text:
    """The carrier or the phone refuses the text."""
    expire(world, text)
    return move(world, text, TextStep.BOUNCE, error_code=code)


def read(world: World, item: InboxItem) -> None:
    """An item is read; where its channel reports that, the sender learns of it."""
    inbox.read(world, item)
    text = world[Texts].get(item.sid)
    if (
        text is not None
        and text.channel in handsets.READABLE
        and world[Handsets][item.handset].read_receipts is not ReadReports.OFF
        and can(text, TextStep.READ)
    ):
        move(world, text, TextStep.READ)


def _leave(world: World, text: Text) -> Text:
    """From queued: nothing may be in the way any more."""
    code = outcomes.obstacle(world, text)
    if code is None and _lacks_mms(world, text):
        code = 30011
    if code is not None:
        return fail(world, text, code)
    return schedule(world, move(world, text, TextStep.TRANSMIT))


def _lacks_mms(world: World, text: Text) -> bool:
    handset = world[Handsets].get(bare(text.to))
    return text.channel is Channel.MMS and handset is not None and not handset.mms_supported


def _arrive(world: World, text: Text) -> Text:
    """From sent: at the phone, or at a number of the account."""
    fate = outcomes.appointed(world, text)
    if world[PhoneNumbers].at(text.to) is not None:
        if isinstance(fate, int):
            return bounce(world, text, fate)
        text = move(world, text, TextStep.DELIVER)
        world.tell(TextReachedNumber(text=text))
        return text
    if fate is None:
        handset = world[Handsets].get(bare(text.to))
        if handset is None and settings(world).auto_provision:
            handset = handsets.contact(world, text.to)
        fate = outcomes.at_phone(world, text, handset)
    if isinstance(fate, int):
        return bounce(world, text, fate)
    if fate is Fate.DELIVERED:
        return deliver(world, text)
    if fate is Fate.WAITS:
        keep_pending(world, text)
        world.timers.set(text.sid, outcomes.next_try(world, text), AdvanceText(text=text.sid))
        return text
    show(world, text)
    return world[Texts].put(replace(text, held=True)) if fate is Fate.HELD else text


def _media(world: World, sid: str) -> MediaFile:
    media = world[TextMedia].get(sid)
    if media is None:
        raise Refused(NOT_FOUND)
    return media


def _lose(world: World, media: MediaFile, code: int) -> None:
    text = world[Texts][media.text_sid]
    if text.channel is Channel.WHATSAPP:
        code = OF_WHATSAPP.get(code, code)
    if can(text, TextStep.FAIL) and text.status is not TextStatus.SENT:
        fail(world, text, code)
