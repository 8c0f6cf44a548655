"""Sentences about chat clients: identities that are connected, as the SDKs of an app connect."""

from typing import Any

from twilio_emulator.scenarios.language.json_shapes import Expected
from twilio_emulator.scenarios.language.scenario import CHAT
from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import Duration, NewName, WholeNumber
from twilio_emulator.scenarios.player.chat_client import EVENTS, ChatClient
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import PATIENCE, Scene
from twilio_emulator.scenarios.player.socket_client import Event, NotConnected
from twilio_emulator.scenarios.sentences.arrivals import (
    MOST_EXPECTED,
    expect_arrivals,
    expect_nothing,
)
from twilio_emulator.scenarios.sentences.chat import CONVERSATION

EVENT_KEYS = (
    "event",
    "conversation_sid",
    "sid",
    "index",
    "author",
    "body",
    "attributes",
    "media",
    "delivery",
    "participant_sid",
    "identity",
    "type",
    "last_read_message_index",
    "friendly_name",
    "unique_name",
    "state",
    "code",
)


@sentence("connects", by=(CHAT,), example="Alice connects")
async def connects(scene: Scene, step: Step) -> None:
    """A chat client opens its socket with an access token, and watches its conversations."""
    person = scene.person(step.who)
    answer = await scene.stage.control("POST", "/tokens", {"identity": person.address})
    if answer.refused:
        raise Unfulfilled(f"an access token for {person.address}", str(answer.body))
    client = ChatClient(await scene.stage.connect())
    scene.clients[person.name] = client
    try:
        await client.open(answer.body["token"])
    except NotConnected as reason:
        raise Unfulfilled(f"{person.name} to be connected", str(reason)) from None
    await scene.tell_that(person.name, "·", "connects")


@sentence("disconnects", by=(CHAT,), example="Alice disconnects")
async def disconnects(scene: Scene, step: Step) -> None:
    """A chat client closes its socket."""
    client = connected(scene, step)
    del scene.clients[step.who or ""]
    await client.close()
    await scene.tell_that(step.who or "", "·", "disconnects")


@sentence("types", by=(CHAT,), beside={"in": CONVERSATION}, example="Alice types")
async def types(scene: Scene, step: Step) -> None:
    """A connected chat identity is seen typing, in the only conversation unless it says `in`."""
    client = connected(scene, step)
    conversation = scene.talk(step.beside.get("in"))
    form = {"ChannelSid": conversation}
    _done(step, await client.ask("POST", client.links["typing"], form=form))
    await scene.settle()
    await scene.tell_that(step.who or "", "·", "types")


@sentence(
    "has read everything",
    by=(CHAT,),
    beside={"in": CONVERSATION},
    example="Alice has read everything",
)
async def has_read_everything(scene: Scene, step: Step) -> None:
    """A connected chat identity has read up to the newest message."""
    client = connected(scene, step)
    conversation = scene.talk(step.beside.get("in"))
    newest = {"conversation": conversation, "order": "desc", "page_size": 1}
    answer = await scene.call("conversations.messages.list", newest)
    index = answer.body["messages"][0]["index"] if answer.body.get("messages") else None
    url = f"{client.links['my_conversations']}/{conversation}"
    _done(step, await client.ask("POST", url, {"last_read_message_index": index}))
    await scene.settle()
    await scene.tell_that(step.who or "", "·", "has read everything")


@sentence(
    "hears",
    by=(CHAT,),
    says=Expected(keys=EVENT_KEYS, values={"event": EVENTS}),
    beside={"within": Duration(), "count": WholeNumber(1, most=MOST_EXPECTED), "as": NewName()},
    example="Alice hears: {event: typingStarted, identity: bob}",
)
async def hears(scene: Scene, step: Step) -> None:
    """A connected chat client is told of something, by the names of the JavaScript SDK."""
    client = connected(scene, step)
    for event in await expect_arrivals(scene, step, client, about, describe):
        await scene.tell_that(step.who or "", "←", describe(event))


@sentence(
    "hears nothing",
    by=(CHAT,),
    says=Expected(keys=EVENT_KEYS, values={"event": EVENTS}),
    optional=True,
    beside={"within": Duration()},
    example="Alice hears nothing",
)
async def hears_nothing(scene: Scene, step: Step) -> None:
    """A connected chat client is told of nothing, or of nothing like this, while time passes."""
    client = connected(scene, step)
    within = step.beside.get("within", PATIENCE)
    await expect_nothing(scene, step, client, about, describe, step.says, within)


def connected(scene: Scene, step: Step) -> ChatClient:
    """The client of the one whose step this is.

    Raises:
        Unfulfilled: there is none.
    """
    client = scene.clients.get(step.who or "")
    if client is None:
        raise Unfulfilled(f"{step.who} to be connected", f"`{step.who} connects` comes before")
    return client


def about(expected: Any) -> Any:
    """What is expected of an event; a bare value is its name."""
    return expected if isinstance(expected, dict) else {"event": expected}


def describe(event: Event) -> str:
    """An event in a line."""
    told = [
        f"{name}={event[name]}"
        for name in ("author", "body", "identity", "state", "friendly_name")
        if event.get(name)
    ]
    return " ".join([event["event"], *told])


def _done(step: Step, answer: tuple[int, Any]) -> None:
    status, body = answer
    if status >= 300:
        raise Unfulfilled(f"{step.key} to be done", f"refused: {status} {body}")
