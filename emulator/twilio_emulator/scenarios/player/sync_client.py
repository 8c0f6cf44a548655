"""A client of Twilio's Sync SDK, as far as a scenario needs one: over the socket, as theirs is.

The rules of this file:

- An object is opened by its name, and made when there is none, as the SDK does unless it is told
  otherwise. What it does not open it hears nothing of.
- What the others change becomes events, called as the JavaScript SDK calls them; what it changed
  itself does not.
- `update` reads, merges and writes with the revision that it has read, again when somebody else was
  first.
"""

import itertools
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from twilio_emulator.scenarios.player.socket_client import (
    SYNC,
    Event,
    NotConnected,
    Socket,
    SocketClient,
)
from twilio_emulator.scenarios.player.unclaimed import Item

Answer = tuple[int, Any]
"""The status and the body of an answer."""

COLLECTIONS = {"document": "Documents", "list": "Lists", "map": "Maps", "stream": "Streams"}
"""By kind of object, as paths call it."""

NOT_FOUND, CONFLICT, WRONG_REVISION = 404, 409, 412
TURNS = 100
"""How often an update that others are always ahead of is tried."""


class SyncClient(SocketClient):
    """One connection of an identity.

    Args:
        socket: open, and nothing sent on it yet.
    """

    product = "data_sync"
    kind = "sync"
    message_types = (
        "twilio.sync.event",
        "com.twilio.rtd.cds.document",
        "com.twilio.rtd.cds.list",
        "com.twilio.rtd.cds.map",
    )

    def __init__(self, socket: Socket) -> None:
        super().__init__(socket)
        self._opened: dict[tuple[str, str], Item] = {}
        self._names: dict[str, tuple[str, str]] = {}
        self._own: set[tuple[str, int]] = set()
        self._heard: list[tuple[tuple[str, int], Event]] = []

    async def open(self, kind: str, name: str, ttl: int | None = None) -> Answer:
        """Open an object, and be told of what becomes of it.

        Args:
            kind: `document`, `list`, `map` or `stream`.
            name: its unique name or its sid.
            ttl: seconds that it lives if it is made.
        """
        if (kind, name) in self._opened:
            return 200, self._opened[kind, name]
        url = f"{SYNC}/{COLLECTIONS[kind]}"
        one = f"{url}/{quote(name, safe='')}"
        status, found = await self.ask("GET", one)
        if status == NOT_FOUND:
            wish: dict[str, object] = {"unique_name": name, **_given(ttl)}
            if kind == "document":
                wish["data"] = {}
            status, found = await self.ask("POST", url, wish)
            if status == CONFLICT:
                status, found = await self.ask("GET", one)
        if status < 300:
            self._opened[kind, name] = found
            self._names[found["sid"]] = kind, name
            position = None if kind == "stream" else found["last_event_id"]
            wanted = {"object_sid": found["sid"], "object_type": kind, "last_event_id": position}
            await self.subscribe([wanted])
        return status, found

    async def set(
        self, kind: str, name: str, item: str | None, data: object, ttl: int | None
    ) -> Answer:
        """Give a document, or an item of a list or a map, another value."""

        async def write(found: Item) -> Answer:
            method, url = _place(kind, found, item)
            return await self._write(found, method, url, {"data": data, **_given(ttl)})

        return await self._with(kind, name, write)

    async def update(
        self, kind: str, name: str, item: str | None, data: Mapping[str, object], ttl: int | None
    ) -> Answer:
        """Change some keys of a value, and leave the others."""

        async def merge(found: Item) -> Answer:
            method, url = _place(kind, found, item)
            for turn in itertools.count(1):
                status, held = await self._held(kind, found, item)
                if held is None:
                    return status, found
                body = {"data": {**held["data"], **data}, **_given(ttl)}
                match = {"If-Match": held["revision"]}
                status, answer = await self._write(found, method, url, body, match)
                if status != WRONG_REVISION or turn == TURNS:
                    break
            return status, answer

        return await self._with(kind, name, merge)

    async def push(self, name: str, data: object, ttl: int | None) -> Answer:
        """Add an item to the end of a list."""

        async def add(found: Item) -> Answer:
            body = {"data": data, **_given(ttl)}
            return await self._write(found, "POST", found["links"]["items"], body)

        return await self._with("list", name, add)

    async def publish(self, name: str, data: object) -> Answer:
        """Say something in a stream."""

        async def say(found: Item) -> Answer:
            return await self.ask("POST", found["links"]["messages"], {"data": data})

        return await self._with("stream", name, say)

    async def remove(self, kind: str, name: str, item: str | None) -> Answer:
        """Remove an object, or an item of one."""

        async def delete(found: Item) -> Answer:
            url = found["url"] if item is None else _item_url(found, item)
            return await self._write(found, "DELETE", url, self.product)

        return await self._with(kind, name, delete)

    async def catch_up(self) -> None:
        """Hear of everything that has happened in what is open."""
        with suppress(NotConnected):
            if self._opened or self._heard:
                await self.ask("GET", f"{SYNC}/Configuration")  # answered behind all that was told
        self.unclaimed += [event for place, event in self._heard if place not in self._own]
        self._heard.clear()

    async def _with(
        self, kind: str, name: str, work: Callable[[Item], Awaitable[Answer]]
    ) -> Answer:
        """What is done with an object, which is opened first."""
        status, found = await self.open(kind, name)
        return await work(found) if status < 300 else (status, found)

    async def _write(
        self,
        found: Item,
        method: str,
        url: str,
        body: object,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        status, answer = await self.ask(method, url, body, headers=headers)
        if status < 300 and isinstance(answer, dict) and "last_event_id" in answer:
            self._own.add((found["sid"], answer["last_event_id"]))
        return status, answer

    async def _held(
        self, kind: str, found: Item, item: str | None
    ) -> tuple[int, dict[str, Any] | None]:
        """What an object or an item of it is now; None when it is not there."""
        if item is None:
            status, held = await self.ask("GET", found["url"])
            return status, held if status < 300 else None
        name = "Index" if kind == "list" else "Key"
        url = f"{found['links']['items']}?HideExpired=true&{name}={quote(item, safe='')}"
        status, page = await self.ask("GET", url)
        if status >= 300:
            return status, None
        return (200, page["items"][0]) if page["items"] else (NOT_FOUND, None)

    def _hear(self, kind: str, said: dict[str, Any]) -> None:
        what = said.get("event_type", "")
        for each in said.get("events", ()):
            sid = next((each[f"{it}_sid"] for it in COLLECTIONS if f"{it}_sid" in each), "")
            if sid not in self._names or what not in HEARD:
                continue
            of, name = self._names[sid]
            told: Event = {"event": HEARD[what], of: name, "sid": sid}
            for key, shown in SHOWN.items():
                if key in each:
                    told[shown] = each[key]
            self._heard.append(((sid, each.get("id", -1)), told))
            if what.removesuffix("_removed") in COLLECTIONS:
                del self._names[sid], self._opened[of, name]

    def _tell_of_end(self, said: Event) -> None:
        self._heard.append((("", -1), {"event": "disconnected", **said}))


HEARD = {
    "document_updated": "updated",
    "list_item_added": "itemAdded",
    "list_item_updated": "itemUpdated",
    "list_item_removed": "itemRemoved",
    "map_item_added": "itemAdded",
    "map_item_updated": "itemUpdated",
    "map_item_removed": "itemRemoved",
    "stream_message_published": "messagePublished",
    **{f"{kind}_removed": "removed" for kind in COLLECTIONS},
}
"""What the events of the socket are called by the JavaScript SDK."""

SHOWN = {
    "document_data": "data",
    "item_data": "data",
    "message_data": "data",
    "item_index": "index",
    "item_key": "key",
    "date_expires": "date_expires",
}
"""What they say, as the sentences call it."""

SYNC_EVENTS = (*dict.fromkeys(HEARD.values()), "disconnected")


def _given(ttl: int | None) -> dict[str, int]:
    return {} if ttl is None else {"ttl": ttl}


def _place(kind: str, found: Item, item: str | None) -> tuple[str, str]:
    """How and where a value is written."""
    if item is None:
        return "POST", found["url"]
    return "PUT" if kind == "map" else "POST", _item_url(found, item)


def _item_url(found: Item, item: str) -> str:
    return f"{found['links']['items']}/{quote(item, safe='')}"
