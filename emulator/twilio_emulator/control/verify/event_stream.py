"""The event stream of Verify by the control API: what was told, and where it is sent."""

from typing import Any, TypedDict

from twilio_emulator.control.exchange import Reply, json_reply
from twilio_emulator.control.listing import More, Paged, place_of, take
from twilio_emulator.control.routes import Control, Controls, Fields
from twilio_emulator.core.verify import event_stream
from twilio_emulator.core.verify.event_stream import SetEventSink, StreamEvents


class NewSink(Fields):
    """Where events are sent.

    Attributes:
        url: they are posted there, each in a JSON array; null for nowhere.
    """

    url: str | None = None


class ShownEventSink(TypedDict):
    """Where events are sent.

    Attributes:
        url: null for nowhere.
    """

    url: str | None


class CloudEvent(TypedDict):
    """An event of Twilio's Event Streams.

    Attributes:
        data: what happened, as Twilio's page on verification events shows it.
    """

    specversion: str
    type: str
    source: str
    id: str
    dataschema: str
    datacontenttype: str
    time: str
    data: dict[str, Any]


class CloudEventList(More):
    """Events, oldest first; of many, the newest thousand."""

    events: list[CloudEvent]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on(
        "GET",
        "/verify/events",
        "list_verify_events",
        "What services that are subscribed have told of their verifications, as CloudEvents.",
        query=Paged,
        gives=CloudEventList,
        examples=({}, {"limit": 10}),
    )
    async def list_verify_events(control: Control) -> Reply:
        wish, events = control.query(Paged), control.hosted.world[StreamEvents]
        places = events.by_account.of(control.account_sid).upward(place_of(wish.cursor))
        held, more = take(control, places, events.__getitem__, wish.limit)
        return json_reply({"events": [each.envelope() for each in held], **more})

    @controls.on(
        "GET",
        "/verify/event-sink",
        "show_event_sink",
        "Where events about verifications are sent.",
        gives=ShownEventSink,
    )
    async def show_event_sink(control: Control) -> Reply:
        return json_reply({"url": event_stream.sink(control.hosted.world)})

    @controls.on(
        "POST",
        "/verify/event-sink",
        "set_event_sink",
        "Sends events about verifications to an URL, as a webhook sink of Event Streams does.",
        body=NewSink,
        gives=ShownEventSink,
        examples=({"url": "http://127.0.0.1:9/events"}, {"url": None}),
    )
    async def set_event_sink(control: Control) -> Reply:
        command = SetEventSink(url=control.body(NewSink).url)
        return json_reply({"url": await control.hosted.gate.perform(command)})
