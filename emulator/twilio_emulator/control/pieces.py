"""Long answers, made and sent in pieces, so that others are answered in between.

The rules of this file:

- What is in an answer is settled when it is asked for: what comes or goes meanwhile changes nothing
  of that. Records do not change, so each is shown as it was then.
- No piece takes longer than some milliseconds to make. After each, everybody else has a turn.
- A short answer is made at once, and says how long it is.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import TypeVar

import msgspec

from twilio_emulator.control.exchange import Reply, json_reply

T = TypeVar("T")

AT_ONCE = 100
"""Things that are shown in one go."""

PIECE = 16 * 1024
"""Bytes that are collected before they are sent."""

MOST_IN_PIECE = 50
"""Things that are made before others have their turn, however short they are."""

encode = msgspec.json.Encoder().encode


def listed(
    name: str,
    things: Sequence[T],
    look: Callable[[T], object],
    also: Mapping[str, object],
) -> Reply:
    """A list under this name, each thing as it looks; then what `also` stands in the answer."""
    if len(things) <= AT_ONCE:
        return json_reply({name: [look(each) for each in things], **also})
    return in_pieces(chain(members(name, map(look, things), b"{"), _rest(also)))


def in_pieces(parts: Iterable[bytes]) -> Reply:
    """An answer in JSON of these parts, each of which is made when it is its turn."""
    return Reply(pieces=_taking_turns(parts))


def members(name: str, things: Iterable[object], opening: bytes) -> Iterator[bytes]:
    """A list under this name in an object, with what stands before it there."""
    yield opening + encode(name) + b":["
    comma = b""
    for thing in things:
        yield comma + encode(thing)
        comma = b","
    yield b"]"


def _rest(also: Mapping[str, object]) -> Iterator[bytes]:
    yield b"," + encode(also)[1:] if also else b"}"


async def _taking_turns(parts: Iterable[bytes]) -> AsyncIterator[bytes]:
    piece = bytearray()
    made = 0
    for part in parts:
        piece += part
        made += 1
        if len(piece) >= PIECE or made >= MOST_IN_PIECE:
            yield bytes(piece)
            piece.clear()
            made = 0
            await asyncio.sleep(0)
    yield bytes(piece)
