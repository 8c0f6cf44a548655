"""Texts from phones: how they come in, and who gets them.

The rules of this file:

- Opt-out keywords are heard first, and the text is passed on all the same.
- The wings above are asked in their order whether they claim the text; the first that does has it.
- Any other text is the number's own: it is told, and `webhooks/` calls the number's. One to a
  number of Twilio's own is nobody's.
- What a pre-event webhook made of a text comes in the command, so that replay need not ask.
"""

from collections.abc import Callable
from typing import Protocol, cast

from twilio_emulator.core.accounts.debugger_alerts import LogLevel, RaiseAlert
from twilio_emulator.core.carrier import delivery, group_mms, opt_outs, outcomes, whatsapp_window
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import handsets
from twilio_emulator.core.phones.inbox import InboxItems, note_sent, show_system
from twilio_emulator.core.senders.addresses import (
    Channel,
    bare,
    channel_of,
    has_unknown_channel,
    kept,
    on_channel,
    spelled,
)
from twilio_emulator.core.senders.refusals import (
    LATER,
    NO_SUCH_NUMBER,
    NO_SUCH_TEXT,
    UNKNOWN_CHANNEL,
)
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumber, PhoneNumbers
from twilio_emulator.core.senders.twilio_numbers import twilio_number
from twilio_emulator.core.texts import media as text_media
from twilio_emulator.core.texts.media import Enclosure
from twilio_emulator.core.texts.text import Direction, Text, Texts, TextStatus

SEGMENT_LOST = 30009
"""The code of an alert: part of what was written did not come."""


@event
class TextReceived:
    """A text came in that no conversation captured."""

    text: Text


@event
class TextCaptured:
    """A text came in for a conversation, where it becomes a message."""

    text: Text


@event
class TextTurnedAway:
    """A text came in for a number whose messaging service has inbound off: the app is not told."""

    text: Text


@record
class Location:
    """A location that is shared."""

    latitude: str
    longitude: str
    address: str | None = None
    label: str | None = None


@command
class SendFromHandset:
    """Write on a phone.

    The channel is the one that `to` names unless another is said. `others` are the further
    recipients of a group MMS. `reply_to` is the message that is quoted. `parameters` are added to
    the webhook's. `rewritten_` fields and `dropped` are the verdict of a pre-event webhook, when
    the text is for a conversation or opens one.
    """

    address: str
    to: str
    body: str = ""
    channel: str | None = None
    media: tuple[Enclosure, ...] = ()
    others: tuple[str, ...] = ()
    reply_to: str | None = None
    forwarded: bool = False
    location: Location | None = None
    parameters: tuple[tuple[str, str], ...] = ()
    rewritten_body: str | None = None
    rewritten_author: str | None = None
    rewritten_attributes: str | None = None
    rewritten_friendly_name: str | None = None
    rewritten_conversation_attributes: str | None = None
    dropped: bool = False

    def check(self, world: World) -> "Claim | None":
        """What claims the text.

        Raises:
            Refused: the channel is unknown, nothing of the account has the number, or a webhook
                has made of the text what cannot be.
        """
        sender, to = self._addresses(world)
        others = self._others(world)
        claimed = claim(world, sender, to, others)
        if claimed is not None:
            claimed.check(self)
        elif world[PhoneNumbers].at(to) is None and twilio_number(world, to) is None:
            raise Refused(NO_SUCH_NUMBER, number=to, handset=bare(sender))
        return claimed

    def apply(self, world: World) -> Text:
        claimed = self.check(world)
        sender, to = self._addresses(world)
        own = world[PhoneNumbers].at(to)
        number = own if own is not None or claimed is not None else twilio_number(world, to)
        heard = opt_outs.hear(world, number, sender, self.body) if number else None
        joined = whatsapp_window.hear(world, number, sender, self.body) if number else None
        dropped = self.dropped or bool(joined)
        conversation_sid = claimed.begin(world, self, dropped=dropped) if claimed else None
        text = _take_in(
            world,
            sender=sender,
            to=to,
            body=self.body,
            media=tuple(map(text_media.typed, self.media)),
            number=number,
            conversation_sid=conversation_sid,
            parameters=tuple(
                (dict(self._parameters(world, sender)) | dict(self.parameters)).items()
            ),
            opt_out_type=str(heard.type) if heard and heard.type else None,
            listed=number is own,
        )
        handset = handsets.contact(world, sender)
        others = group_mms.members(text, self._others(world))
        note_sent(world, replace(text, body=self.body), others)
        group_mms.spread(world, text, others)
        if text.channel is Channel.WHATSAPP:
            whatsapp_window.open_window(world, sender, to)
        answer = joined or (heard.answer if heard else "")
        if answer:
            show_system(world, handset, to, text.channel, answer)
        if not dropped and text.listed:
            _route(world, text, claimed, self)
        return text

    def _addresses(self, world: World) -> tuple[str, str]:
        meant = spelled(self.to)
        channel = channel_of(meant)
        if self.channel is not None:
            try:
                channel = Channel(self.channel)
            except ValueError:
                raise Refused(UNKNOWN_CHANNEL, channel=self.channel) from None
        if has_unknown_channel(meant):
            raise Refused(UNKNOWN_CHANNEL, channel=meant.partition(":")[0])
        numbering = world.numbering
        return (
            on_channel(channel, bare(kept(numbering, self.address))),
            on_channel(channel, bare(kept(numbering, meant))),
        )

    def _others(self, world: World) -> tuple[str, ...]:
        return tuple(kept(world.numbering, other) for other in self.others)

    def _parameters(self, world: World, sender: str) -> list[tuple[str, str]]:
        """What the webhook of such a text gets besides the usual.

        https://www.twilio.com/docs/messaging/guides/webhook-request
        """
        shown: list[tuple[str, str]] = []
        if channel_of(sender) is Channel.WHATSAPP:
            handset = handsets.contact(world, sender)
            shown.append(("ProfileName", handset.profile_name or handset.label or handset.address))
            shown.append(("WaId", handset.wa_id))
            media = tuple(map(text_media.typed, self.media))
            shown.append(("MessageType", _message_type(self.location, media)))
        if self.forwarded:
            shown.append(("Forwarded", "true"))
        if self.location is not None:
            shown.append(("Latitude", self.location.latitude))
            shown.append(("Longitude", self.location.longitude))
            shown.append(("Address", self.location.address or ""))
            shown.append(("Label", self.location.label or ""))
        quoted = world[InboxItems].get(self.reply_to)
        if quoted is not None:
            shown.append(("OriginalRepliedMessageSender", quoted.peer))
            shown.append(("OriginalRepliedMessageSid", quoted.sid))
        return shown


@command
class ReceiveText:
    """A text that one number of the account sent to another comes in there."""

    text: str
    rewritten_body: str | None = None
    rewritten_author: str | None = None
    rewritten_attributes: str | None = None
    rewritten_friendly_name: str | None = None
    rewritten_conversation_attributes: str | None = None
    dropped: bool = False

    def check(self, world: World) -> "Claim | None":
        """What claims the text.

        Raises:
            Refused: the text is gone, or a webhook has made of it what cannot be.
        """
        sent = world[Texts].get(self.text)
        if sent is None or sent.sender is None:
            raise Refused(NO_SUCH_TEXT, text=self.text)
        claimed = claim(world, sent.sender, sent.to)
        if claimed is not None:
            claimed.check(self)
        return claimed

    def apply(self, world: World) -> Text:
        claimed = self.check(world)
        conversation_sid = claimed.begin(world, self, dropped=self.dropped) if claimed else None
        sent = world[Texts][self.text]
        text = _take_in(
            world,
            sender=sent.sender or "",
            to=sent.to,
            body=sent.body,
            media=tuple(text_media.enclosed(media) for media in text_media.of(world, sent.sid)),
            number=world[PhoneNumbers].at(sent.to),
            conversation_sid=conversation_sid,
        )
        if not self.dropped:
            _route(world, text, claimed, self)
        return text


@record
class TwimlReply:
    """One `<Message>` of a TwiML answer. `to` and `sender` are given when it names others."""

    body: str = ""
    media: tuple[Enclosure, ...] = ()
    to: str | None = None
    sender: str | None = None
    status_callback: str | None = None
    status_callback_method: str = "POST"


@command
class ReplyToText:
    """A TwiML answer came back for an inbound text: send what it says, in order."""

    text: str
    messages: tuple[TwimlReply, ...]

    def apply(self, world: World) -> tuple[Text, ...]:
        received = world[Texts].get(self.text)
        if received is None:
            raise Refused(NO_SUCH_TEXT, text=self.text)
        return tuple(
            delivery.send(
                world,
                account_sid=received.account_sid,
                direction=Direction.OUTBOUND_REPLY,
                sender=reply.sender or received.to,
                to=reply.to or received.sender or "",
                body=reply.body,
                media=reply.media,
                status_callback=reply.status_callback,
                status_callback_method=reply.status_callback_method,
            )
            for reply in self.messages
        )


Wish = SendFromHandset | ReceiveText


class Claim(Protocol):
    """What has claimed a text that is on its way in."""

    def check(self, wish: Wish) -> None:
        """Whether it can have the text as a webhook has made it.

        Raises:
            Refused: a webhook has made of the text what cannot be.
        """

    def begin(self, world: World, wish: Wish, *, dropped: bool) -> str | None:
        """Make ready for the text; answers the sid of the conversation that it belongs to.

        Args:
            dropped: it will not be taken.
        """

    def take(self, world: World, text: Text, wish: Wish) -> None:
        """Have the text."""


Claimant = Callable[[World, str, str, tuple[str, ...]], Claim | None]
"""Asked with sender, recipient and further recipients who wants a text; None does not."""


def claim(world: World, sender: str, to: str, others: tuple[str, ...] = ()) -> Claim | None:
    """What claims a text, of all that could; None leaves it to the number."""
    for claimant in cast("tuple[Claimant, ...]", world.rules.claims):
        claimed = claimant(world, sender, to, others)
        if claimed is not None:
            return claimed
    return None


def _take_in(
    world: World,
    *,
    sender: str,
    to: str,
    body: str,
    media: tuple[Enclosure, ...],
    number: "PhoneNumber | None",
    conversation_sid: str | None,
    parameters: tuple[tuple[str, str], ...] = (),
    opt_out_type: str | None = None,
    listed: bool = True,
) -> Text:
    """Keep a text that came in."""
    channel = channel_of(to)
    text = Text(
        sid=world.sids.new("MM" if media else "SM"),
        account_sid=number.account_sid if number else world.account_sid,
        messaging_service_sid=number.messaging_service_sid if number else None,
        direction=Direction.INBOUND,
        channel=Channel.MMS if media and channel is Channel.SMS else channel,
        status=TextStatus.RECEIVED,
        sender=sender,
        to=to,
        body=body,
        num_segments=0,
        num_media=len(media),
        conversation_sid=conversation_sid,
        parameters=parameters,
        opt_out_type=opt_out_type,
        listed=listed,
        date_created=world.now,
        date_updated=world.now,
        date_sent=world.now,
        serial=world.serial(),
    )
    text = replace(
        text,
        num_segments=delivery.count_segments(text),
        fault=outcomes.fault_of(world, text),
    )
    whole, text = text, replace(text, body=text.arriving_body)
    world[Texts].put(text)
    if text.body != whole.body:
        RaiseAlert(
            account=text.account_sid,
            error_code=SEGMENT_LOST,
            alert_text=LATER[SEGMENT_LOST],
            resource_sid=text.sid,
            log_level=LogLevel.WARNING,
        ).apply(world)
    text_media.attach(world, text.account_sid, text.sid, media)
    return text


def _route(world: World, text: Text, claimed: Claim | None, wish: Wish) -> None:
    """Give a text to what has claimed it, else to the number it came to."""
    if claimed is None:
        _give_to_number(world, text)
        return
    world.tell(TextCaptured(text=text))
    claimed.take(world, text, wish)


def _give_to_number(world: World, text: Text) -> None:
    """A service with inbound switched off does not even log what comes in
    (https://www.twilio.com/docs/messaging/services/api)."""
    service = world[MessagingServices].get(text.messaging_service_sid)
    if (
        service is None
        or service.use_inbound_webhook_on_number
        or service.inbound_request_url is not None
    ):
        world.tell(TextReceived(text=text))
        return
    text_media.remove(world, text.sid)
    world[Texts].remove(text.sid)
    world.tell(TextTurnedAway(text=text))


def _message_type(location: Location | None, media: tuple[Enclosure, ...]) -> str:
    """What WhatsApp calls the sort of message."""
    if location is not None:
        return "location"
    if not media:
        return "text"
    kind = (media[0].content_type or "").partition("/")[0]
    return kind if kind in ("image", "video", "audio") else "document"
