"""Sentences about Sync: what pages that share objects do with them, and what they hear."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from twilio_emulator.scenarios.language.json_shapes import Between, Expected, Pairs
from twilio_emulator.scenarios.language.matching import show
from twilio_emulator.scenarios.language.scenario import CHAT
from twilio_emulator.scenarios.language.sentence import Step, sentence
from twilio_emulator.scenarios.language.shapes import (
    Duration,
    Keys,
    NewName,
    Reading,
    Schema,
    Shape,
    TextShape,
    WholeNumber,
)
from twilio_emulator.scenarios.language.source import Mapping, Node
from twilio_emulator.scenarios.player.report import Unfulfilled
from twilio_emulator.scenarios.player.scene import PATIENCE, Scene
from twilio_emulator.scenarios.player.socket_client import Event, NotConnected
from twilio_emulator.scenarios.player.stage import ApiAnswer
from twilio_emulator.scenarios.player.sync_client import (
    COLLECTIONS,
    SYNC_EVENTS,
    Answer,
    SyncClient,
)
from twilio_emulator.scenarios.sentences.answers import REFUSAL, refused_as_expected
from twilio_emulator.scenarios.sentences.arrivals import (
    MOST_EXPECTED,
    expect_arrivals,
    expect_nothing,
)

ITEM = {"list": "index", "map": "key"}
"""What an item of a collection goes by."""

MOST_INDEX = 10**15
"""No list has ever had as many items."""

SYNC_EVENT_KEYS = ("event", *COLLECTIONS, *ITEM.values(), "data", "sid", "date_expires", "code")


@dataclass(frozen=True)
class Thing:
    """What a step is about: an object by its kind and name, perhaps an item of it, and a value.

    Attributes:
        kinds: those of objects that it can be.
        items: whether an item can be meant: `may`, `must` (of lists and maps), or `no`.
        has_data: whether a value is said.
    """

    kinds: tuple[str, ...]
    items: str = "no"
    has_data: bool = False

    def read(self, node: Node, reading: Reading) -> Any:
        said = self._keys().read(node, reading)
        if not isinstance(said, dict) or not isinstance(node, Mapping):
            return said
        kinds = [kind for kind in self.kinds if kind in said]
        if len(kinds) != 1:
            reading.expect(node.place, f"expected one of {', '.join(self.kinds)} here")
            return said
        name = ITEM.get(kinds[0])
        other = [each for each in ITEM.values() if each in said and each != name]
        if other:
            reading.expect(node.place, f"expected no {other[0]} of a {kinds[0]}")
        if name is not None and self.items == "must" and name not in said:
            reading.expect(node.place, f'expected "{name}:" here')
        if self.has_data and "data" not in said:
            reading.expect(node.place, 'expected "data:" here')
        return said

    def _keys(self) -> Keys:
        shapes: dict[str, Shape] = {kind: TextShape() for kind in self.kinds}
        if self.items != "no":
            named: dict[str, Shape] = {"index": Between(0, MOST_INDEX), "key": TextShape()}
            shapes |= {ITEM[kind]: named[ITEM[kind]] for kind in self.kinds if kind in ITEM}
        if self.has_data:
            shapes["data"] = Pairs("a JSON object")
        return Keys(shapes, f"one of {', '.join(shapes)}")

    def schema(self) -> Schema:
        return self._keys().schema()


KINDS = tuple(COLLECTIONS)
VALUES = ("document", "list", "map")
"""Kinds of objects that have a value, or items with values."""

REFUSABLE: dict[str, Shape] = {"as": NewName(), "fails": REFUSAL}
LASTING: dict[str, Shape] = {**REFUSABLE, "ttl": Duration()}

Do = Callable[[SyncClient, str, str, str | None, Any, int | None], Awaitable[Answer]]
"""What a client does with an object: kind, name, item, value, seconds to live."""


@sentence(
    "opens",
    by=(CHAT,),
    says=Thing(KINDS),
    beside=LASTING,
    example="Alice opens: {document: cart}",
)
async def opens(scene: Scene, step: Step) -> None:
    """A page connects to Sync, opens an object, or makes it, and hears what becomes of it."""

    async def do(
        client: SyncClient, kind: str, name: str, item: str | None, data: Any, ttl: int | None
    ) -> Answer:
        return await client.open(kind, name, ttl)

    await _act(scene, step, do)


@sentence(
    "sets",
    by=(CHAT,),
    says=Thing(VALUES, items="must", has_data=True),
    beside=LASTING,
    example="Alice sets: {document: cart, data: {total: 3}}",
)
async def sets(scene: Scene, step: Step) -> None:
    """A page gives a document, or an item of a list or map, another value."""
    await _act(scene, step, SyncClient.set)


@sentence(
    "updates",
    by=(CHAT,),
    says=Thing(VALUES, items="must", has_data=True),
    beside=LASTING,
    example="Alice updates: {map: prices, key: apple, data: {amount: 2}}",
)
async def updates(scene: Scene, step: Step) -> None:
    """A page changes some keys of a value; who writes at the same time loses nothing."""
    await _act(scene, step, SyncClient.update)


@sentence(
    "pushes",
    by=(CHAT,),
    says=Thing(("list",), has_data=True),
    beside=LASTING,
    example="Alice pushes: {list: orders, data: {number: 7}}",
)
async def pushes(scene: Scene, step: Step) -> None:
    """A page adds an item to the end of a list."""

    async def do(
        client: SyncClient, kind: str, name: str, item: str | None, data: Any, ttl: int | None
    ) -> Answer:
        return await client.push(name, data, ttl)

    await _act(scene, step, do)


@sentence(
    "publishes",
    by=(CHAT,),
    says=Thing(("stream",), has_data=True),
    beside=REFUSABLE,
    example="Alice publishes: {stream: pointers, data: {x: 3, y: 4}}",
)
async def publishes(scene: Scene, step: Step) -> None:
    """A page says something in a stream: to whom has it open, and nobody keeps it."""

    async def do(
        client: SyncClient, kind: str, name: str, item: str | None, data: Any, ttl: int | None
    ) -> Answer:
        return await client.publish(name, data)

    await _act(scene, step, do)


@sentence(
    "removes",
    by=(CHAT,),
    says=Thing(KINDS, items="may"),
    beside=REFUSABLE,
    example="Alice removes: {list: orders, index: 0}",
)
async def removes(scene: Scene, step: Step) -> None:
    """A page removes an object, or an item of a list or map."""

    async def do(
        client: SyncClient, kind: str, name: str, item: str | None, data: Any, ttl: int | None
    ) -> Answer:
        return await client.remove(kind, name, item)

    await _act(scene, step, do)


@sentence(
    "sees",
    by=(CHAT,),
    says=Expected(keys=SYNC_EVENT_KEYS, values={"event": SYNC_EVENTS}),
    beside={"within": Duration(), "count": WholeNumber(1, most=MOST_EXPECTED), "as": NewName()},
    example="Alice sees: {document: cart, data: {total: 3}}",
)
async def sees(scene: Scene, step: Step) -> None:
    """A page hears what others did with what it has open, by the names of the JavaScript SDK."""
    client = _opened(scene, step)
    for event in await expect_arrivals(scene, step, client, about, describe):
        await scene.tell_that(step.who or "", "←", describe(event))


@sentence(
    "sees nothing",
    by=(CHAT,),
    says=Expected(keys=SYNC_EVENT_KEYS, values={"event": SYNC_EVENTS}),
    optional=True,
    beside={"within": Duration()},
    example="Alice sees nothing",
)
async def sees_nothing(scene: Scene, step: Step) -> None:
    """Others do nothing with what a page has open, or nothing like this, while time passes."""
    within: timedelta = step.beside.get("within", PATIENCE)
    await expect_nothing(scene, step, _opened(scene, step), about, describe, step.says, within)


@sentence("closes the page", by=(CHAT,), example="Alice closes the page")
async def closes_the_page(scene: Scene, step: Step) -> None:
    """A page with Sync is closed; the next step that needs one opens another."""
    client = _opened(scene, step)
    del scene.sync_clients[step.who or ""]
    await client.close()
    await scene.settle()
    await scene.tell_that(step.who or "", "·", "closes the page")


async def _act(scene: Scene, step: Step, do: Do) -> None:
    """Have a page do something, and see that it went as expected."""
    said = scene.fill(step.says)
    kind = next(kind for kind in KINDS if kind in said)
    item = said.get(ITEM.get(kind, ""))
    lives = step.beside.get("ttl")
    ttl = None if lives is None else int(lives.total_seconds())
    name = None if item is None else str(item)
    client = await _connected(scene, step)
    answer = ApiAnswer(*await do(client, kind, str(said[kind]), name, said.get("data"), ttl))
    await scene.settle()
    refused_as_expected(answer, scene.meant(step.beside.get("fails")), step.key)
    scene.keep(step.beside.get("as"), answer.body)
    await scene.tell_that(step.who or "", "→", f"{step.sentence.phrase} {_shown(said)}")


async def _connected(scene: Scene, step: Step) -> SyncClient:
    """The page of the one whose step this is; its first step opens it.

    Raises:
        Unfulfilled: it cannot connect.
    """
    person = scene.person(step.who)
    client = scene.sync_clients.get(person.name)
    if client is not None:
        return client
    wish = {"identity": person.address, "sync": True}
    answer = await scene.stage.control("POST", "/tokens", wish)
    if answer.refused:
        raise Unfulfilled(f"an access token for {person.address}", str(answer.body))
    client = SyncClient(await scene.stage.connect())
    try:
        await client.log_in(answer.body["token"])
    except NotConnected as reason:
        await client.close()
        raise Unfulfilled(f"{person.name} to be connected", str(reason)) from None
    scene.sync_clients[person.name] = client
    return client


def _opened(scene: Scene, step: Step) -> SyncClient:
    """The page of the one whose step this is.

    Raises:
        Unfulfilled: nothing was opened.
    """
    client = scene.sync_clients.get(step.who or "")
    if client is None:
        before = f"`{step.who} opens: {{document: ...}}` comes before"
        raise Unfulfilled(f"{step.who} to have something open", before)
    return client


def about(expected: Any) -> Any:
    """What is expected of an event; a bare value is its name."""
    return expected if isinstance(expected, dict) else {"event": expected}


def describe(event: Event) -> str:
    """An event in a line."""
    return f"{event['event']} {_shown(event)}".strip()


def _shown(said: dict[str, Any]) -> str:
    """What it is about, and the value."""
    told = [
        f"{key} {said[key]}" for key in (*COLLECTIONS, *ITEM.values()) if said.get(key) is not None
    ]
    if said.get("data") is not None:
        text = json.dumps(said["data"], ensure_ascii=False)
        told.append(show(text)[1:-1] if text else "")
    return ", ".join(told)
