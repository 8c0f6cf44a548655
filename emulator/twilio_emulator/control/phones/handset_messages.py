"""What is written on handsets by the control API: texts, keywords, buttons that are pressed."""

import asyncio
import contextlib
from base64 import b64decode
from collections.abc import Iterator
from itertools import repeat
from typing import Literal

from msgspec import field

from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply, json_reply
from twilio_emulator.control.phones import look
from twilio_emulator.control.phones.places import ITEM, PHONE
from twilio_emulator.control.routes import Control, Controls, Fields, Whole
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.world import Origin, Source
from twilio_emulator.core.messaging import buttons
from twilio_emulator.core.messaging.inbound import Location, SendFromHandset
from twilio_emulator.core.senders.addresses import Channel, channel_of, spelled
from twilio_emulator.core.texts.media import LARGEST_FROM_WHATSAPP, LARGEST_IMAGE, Enclosure
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.runtime.uploads import UNREACHABLE, Fetched, Files, Keep, Lost
from twilio_emulator.wire.spelling import pascal


class Attachment(Fields):
    """A file that goes with a message: to be fetched from an address, or given as it is.

    Attributes:
        url: where it is fetched from.
        base64: its bytes, when it has no `url`.
        content_type: such as `image/png`.
        filename: what it is called.
    """

    url: str | None = None
    base64: str | None = None
    content_type: str | None = None
    filename: str | None = None


class SharedLocation(Fields):
    """A place that somebody shares on WhatsApp.

    Attributes:
        latitude: in degrees.
        longitude: in degrees.
        address: its street and town.
        label: what it is called.
    """

    latitude: str | float
    longitude: str | float
    address: str | None = None
    label: str | None = None


class Referral(Fields):
    """The advertisement on Facebook or Instagram that somebody wrote to WhatsApp from.

    Attributes:
        body: its text.
        headline: its title.
        source_id: Meta's id of it.
        source_type: `ad` or `post`.
        source_url: where it is.
        ctwa_clid: the click.
    """

    body: str | None = None
    headline: str | None = None
    source_id: str | None = None
    source_type: str | None = None
    source_url: str | None = None
    ctwa_clid: str | None = None


class Writing(Fields):
    """What somebody writes on a phone.

    Attributes:
        to: a number or WhatsApp sender of the account.
        body: the words.
        channel: SMS or MMS unless it or `to` says something else.
        media: files that go with it.
        others: the other numbers of a group.
        reply_to: the id of the message that it quotes.
        forwarded: whether it is passed on from somebody else.
        location: a place that is shared.
        referral: the advertisement that it answers.
        extra_params: further parameters that its webhook gets.
    """

    to: str
    body: str = ""
    channel: Channel | None = None
    media: tuple[Attachment, ...] = ()
    others: tuple[str, ...] = ()
    reply_to: str | None = None
    forwarded: bool = False
    location: SharedLocation | None = None
    referral: Referral | None = None
    extra_params: dict[str, str] = field(default_factory=dict)


class Pressing(Fields):
    """Which button or entry of a list, and on which card of a carousel.

    Attributes:
        button: its title or its id.
        id: its id.
        list_id: that of an entry of a list.
        card: which card, from 0.
    """

    button: str | None = None
    id: str | None = None
    list_id: str | None = None
    card: Whole | None = None


class OptingOut(Fields):
    """A keyword, sent to a number.

    Attributes:
        to: the number, or the WhatsApp sender.
        keyword: what is written.
    """

    to: str
    keyword: str = "STOP"


LONGEST = 60.0
"""Seconds of the machine's that are waited for webhooks; then it is answered without them."""


class Sending(Fields):
    """How long a call that sends something takes.

    Attributes:
        wait: `webhook` answers when the webhooks that it causes have been answered.
    """

    wait: Literal["webhook"] | None = None


def declare(controls: Controls, files: Files) -> None:
    """Declare the calls of this file; `files` keeps what is given as it is."""

    @controls.on(
        "POST",
        "/handsets/{address}/messages",
        "send_from_handset",
        "Writes a message on a phone.",
        places=PHONE,
        query=Sending,
        body=Writing,
        gives=look.SentText,
        status=201,
        examples=(
            {"to": "+12025550100", "body": "Hello"},
            {"to": "whatsapp:+14155238886", "body": "Hello"},
            {
                "to": "+12025550100",
                "body": "a picture",
                "media": [
                    {"base64": "R0lGODlhAQABAAAAACwAAAAAAQABAAA=", "content_type": "image/gif"}
                ],
            },
            {
                "to": "whatsapp:+14155238886",
                "location": {"latitude": 37.79, "longitude": -122.39, "label": "Here"},
            },
        ),
    )
    async def write(control: Control) -> Reply:
        wish = control.body(Writing)
        found = await _contents(control, wish)
        with files.keeping() as keep:
            return await _send(
                control,
                SendFromHandset(
                    address=control.said["address"],
                    to=wish.to,
                    body=wish.body,
                    channel=wish.channel,
                    media=tuple(map(_enclosure, wish.media, found, repeat(keep))),
                    others=wish.others,
                    reply_to=wish.reply_to,
                    forwarded=wish.forwarded,
                    location=None if wish.location is None else _location(wish.location),
                    parameters=(*_referral(wish.referral), *wish.extra_params.items()),
                ),
            )

    @controls.on(
        "POST",
        "/handsets/{address}/optout",
        "opt_out_from_handset",
        "Writes STOP on a phone, or another keyword.",
        places=PHONE,
        query=Sending,
        body=OptingOut,
        gives=look.SentText,
        status=201,
        examples=({"to": "+12025550100"}, {"to": "+12025550100", "keyword": "START"}),
    )
    async def opt_out(control: Control) -> Reply:
        wish = control.body(OptingOut)
        return await _send(
            control,
            SendFromHandset(address=control.said["address"], to=wish.to, body=wish.keyword),
        )

    @controls.on(
        "POST",
        "/handsets/{address}/messages/{item}/press",
        "press_button",
        "Presses a button of a message, or an entry of its list.",
        places=PHONE | ITEM,
        query=Sending,
        body=Pressing,
        gives=look.SentText,
        status=201,
        otherwise={204: "It is pressed, and sends nothing: it opens a page or the like."},
        examples=({"button": "Yes"},),
    )
    async def press(control: Control) -> Reply:
        wish = control.body(Pressing)
        button = wish.button or wish.id or wish.list_id
        if button is None:
            raise Mistaken("body: expected the title of a button, its id or a list_id")
        said = buttons.press(
            control.hosted.world, control.said["address"], control.said["item"], button, wish.card
        )
        return NOTHING if said is None else await _send(control, said)


def _referral(said: Referral | None) -> Iterator[tuple[str, str]]:
    """What the webhook says of an advertisement
    (https://www.twilio.com/docs/messaging/guides/webhook-request)."""
    for name in Referral.__struct_fields__ if said else ():
        value = getattr(said, name)
        if value is not None:
            yield f"Referral{pascal(name)}", value


async def _send(control: Control, wish: SendFromHandset) -> Reply:
    """Send a text from a phone; with `wait=webhook`, answer when what it caused is over."""
    waiting = control.query(Sending).wait
    hosted = control.hosted
    text = await hosted.gate.perform(wish, Origin(source=_source(wish)))
    if waiting:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LONGEST):
                await hosted.pace.settle()
    return json_reply(look.text(hosted.world[Texts].get(text.sid) or text), 201)


def _source(wish: SendFromHandset | Writing) -> Source:
    whatsapp = Channel.WHATSAPP in (wish.channel, channel_of(spelled(wish.to)))
    return Source.WHATSAPP if whatsapp else Source.SMS


def content_of(media: Attachment) -> tuple[str, bytes]:
    """Type and bytes of a file that was given as it is.

    Raises:
        Mistaken: it was not, or not in base64.
    """
    if media.base64 is None or media.content_type is None:
        raise Mistaken("body media: expected base64 with its content_type")
    try:
        content = b64decode(media.base64, validate=True)
    except ValueError:
        raise Mistaken("body media: expected base64, which this is not") from None
    if not all(media.content_type.partition("/")):
        raise Mistaken(
            f"body media: expected a content_type such as image/png, not {media.content_type}"
        )
    return media.content_type, content


async def _contents(control: Control, wish: Writing) -> list[Fetched]:
    """The files that go with a message, fetched where they are elsewhere.

    Raises:
        Mistaken: one of them is not to be had, and why.
    """
    whatsapp = _source(wish) is Source.WHATSAPP
    most = LARGEST_FROM_WHATSAPP if whatsapp else LARGEST_IMAGE
    for media in wish.media:
        if (media.url is None) == (media.base64 is None):
            raise Mistaken("body media: expected for each file either its url or its base64")
    outcomes = await asyncio.gather(*(_content(control, media, most) for media in wish.media))
    found: list[Fetched] = []
    for media, outcome in zip(wish.media, outcomes, strict=True):
        if isinstance(outcome, Lost):
            said = f"body media[{len(found)}].url: {media.url} {outcome.words}"
            raise Mistaken(said, also={"code": outcome.code})
        found.append(outcome)
    return found


async def _content(control: Control, media: Attachment, most: int) -> Fetched | Lost:
    if media.url is None:
        return Fetched(*content_of(media))
    if not parameters.is_url(media.url):
        return Lost(UNREACHABLE, "is no URL of http or https")
    assert control.hosted.take is not None
    taken: Fetched | Lost = await control.hosted.take(media.url, media.content_type, most)
    return taken


def _enclosure(media: Attachment, found: Fetched, keep: Keep) -> Enclosure:
    """A file that goes with a message, kept."""
    content_type, content = found
    return Enclosure(
        url=media.url,
        content_type=content_type,
        digest=keep(content),
        size=len(content),
        filename=media.filename,
    )


def _location(place: SharedLocation) -> Location:
    return Location(
        latitude=str(place.latitude),
        longitude=str(place.longitude),
        address=place.address,
        label=place.label,
    )
