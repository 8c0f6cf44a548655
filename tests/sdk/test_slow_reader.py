"""A client that stops reading its socket: what the others notice, and what becomes of it."""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from tests.sdk.reader import LITTLE, Reader
from twilio_emulator import Emulator
from twilio_emulator.handle.calling import Calling
from twilio_emulator.sdk.twilsock.outbox import BOUND

LONG = "x" * 30_000
MOST = 1000  # messages that may go out until somebody who reads none must have been dropped
SECONDS = 30.0  # until something that should happen counts as missing


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


class Room:
    """A conversation, and the readers in it."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.port = urlsplit(emulator.url).port or 0
        self.calling = Calling(emulator.url)
        self.made = emulator.client().conversations.v1.conversations.create()
        self.said = 0

    async def enter(self, identity: str, *, held: int | None = None) -> Reader:
        await asyncio.to_thread(self.made.participants.create, identity=identity)
        reader = await Reader.connected(self.port, self.heard, held=held)
        await reader.enter(self.emulator.token(identity))
        await reader.watch(identity, self.made.sid)
        return reader

    def heard(self, index: int) -> None:
        self.news.set()

    async def say(self, readers: list[Reader]) -> None:
        """Say something, and wait until these readers have it."""
        self.news = asyncio.Event()
        await asyncio.to_thread(self.made.messages.create, body=LONG)
        self.said += 1
        async with asyncio.timeout(SECONDS):
            while any(reader.expected < self.said for reader in readers):
                await self.news.wait()
                self.news.clear()

    async def unsent(self, identity: str) -> int | None:
        """Bytes of events that are held for somebody; None when it is not connected."""
        shown = await asyncio.to_thread(self.calling.get, "/connections")
        held = {each["identity"]: each["unsent_bytes"] for each in shown["connections"]}
        return held.get(identity)


def test_who_stops_reading_is_dropped_and_recovers_everything(emulator: Emulator) -> None:
    async def play() -> None:
        room = Room(emulator)
        reading = [await room.enter("alice"), await room.enter("bob")]
        slow = await room.enter("carol", held=LITTLE)
        await room.say([*reading, slow])
        slow.stop()

        held = [0]
        while (unsent := await room.unsent("carol")) is not None and room.said < MOST:
            held.append(unsent)
            await room.say(reading)
        assert BOUND // 2 < max(held) <= BOUND
        missed = room.said
        slow.go_on()
        async with asyncio.timeout(SECONDS):
            await slow.lost
            assert slow.expected < missed
            again = await Reader.connected(room.port, room.heard, slow.expected)
            await again.enter(emulator.token("carol"))
            await again.establish(slow.standing())
        assert again.expected == missed
        assert (missed - slow.expected) * len(LONG) > BOUND
        await room.say([*reading, again])
        for each in (*reading, again):
            each.close()

    asyncio.run(play())
