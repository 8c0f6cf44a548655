"""How a body becomes segments: GSM-7 or UCS-2, how many parts, and smart encoding.

The rules of this file (https://www.twilio.com/docs/glossary/what-sms-character-limit):

- A body that the GSM 03.38 alphabet can write is sent in septets, of which the extended characters
  take two; any other is sent in UTF-16 code units, as a whole.
- One segment holds 160 septets or 70 units. With more, a header leaves 153 or 67 for each part.
- What is one character to the reader is never split over two parts, so that there can be more parts
  than a division would say.
"""

import re
import unicodedata
from enum import StrEnum

from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.texts.smart_encoding import REPLACEMENTS

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
GSM = BASIC | EXTENDED

_REGIONAL = range(0x1F1E6, 0x1F200)
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_JOINER = "\u200d"
_GSM_CHARACTER = re.compile(r"\r\n|.", re.DOTALL)


class Encoding(StrEnum):
    """What a segment is made of."""

    GSM_7 = "GSM-7"
    UCS_2 = "UCS-2"


SINGLE = {Encoding.GSM_7: 160, Encoding.UCS_2: 70}
PART = {Encoding.GSM_7: 153, Encoding.UCS_2: 67}

MISSING = "[...]"
"""What a phone shows for a part that did not come."""


@record
class Segment:
    """One part of a text, as the network carries it."""

    number: int
    text: str
    encoding: Encoding


def encoding_of(body: str) -> Encoding:
    """GSM-7 when that alphabet has every character, else UCS-2."""
    return Encoding.GSM_7 if GSM.issuperset(body) else Encoding.UCS_2


def count(body: str) -> int:
    """How many segments a body takes; an empty one takes one."""
    return len(split(body))


def split(body: str) -> tuple[Segment, ...]:
    """The segments of a body."""
    if len(body) <= SINGLE[Encoding.GSM_7] and BASIC.issuperset(body):
        return (Segment(number=1, text=body, encoding=Encoding.GSM_7),)
    encoding = encoding_of(body)
    return tuple(
        Segment(number=number, text=text, encoding=encoding)
        for number, text in enumerate(_parts(body, encoding), start=1)
    )


def without(body: str, number: int) -> str:
    """`body` as it is read when the network has lost one of its segments.

    What fits into one is lost whole or not at all, and here it is not.
    """
    parts = split(body)
    if len(parts) == 1:
        return body
    return "".join(MISSING if part.number == number else part.text for part in parts)


def _parts(body: str, encoding: Encoding) -> list[str]:
    """The texts of the segments.

    What a letter takes is found once for all like it: a body of a megabyte has few different ones.
    """
    letters = frozenset(body)
    sizes = {each: _size(each, encoding) for each in letters}
    stand_alone = "\r" not in letters and not any(map(_may_continue, letters))
    if stand_alone and all(size == 1 for size in sizes.values()):
        room = SINGLE[encoding] if len(body) <= SINGLE[encoding] else PART[encoding]
        return [body[n : n + room] for n in range(0, len(body), room)] or [""]
    if sum(map(sizes.__getitem__, body)) <= SINGLE[encoding]:
        return [body]
    parts = []
    start = end = 0
    free = PART[encoding]
    for character in body if stand_alone else _characters(body, encoding):
        size = sizes.get(character) or sum(map(sizes.__getitem__, character))
        if size > free and end > start:
            parts.append(body[start:end])
            start, free = end, PART[encoding]
        end += len(character)
        free -= size
    return [*parts, body[start:]]


def smart(body: str) -> str:
    """`body` with look-alikes that GSM-7 can write, as `SmartEncoded` sends it."""
    return body if BASIC.issuperset(body) else body.translate(REPLACEMENTS)


def _size(letter: str, encoding: Encoding) -> int:
    if encoding is Encoding.UCS_2:
        return 1 if ord(letter) < 0x10000 else 2
    return 2 if letter in EXTENDED else 1


def _characters(body: str, encoding: Encoding) -> list[str]:
    return _GSM_CHARACTER.findall(body) if encoding is Encoding.GSM_7 else _clusters(body)


def _clusters(body: str) -> list[str]:
    """What a reader takes for single characters: letters with their marks, joined emoji, flags.

    A simplification of Unicode's rules (UAX 29) that needs no tables beyond Python's own.
    """
    clusters: list[str] = []
    for character in body:
        if clusters and _continues(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _continues(cluster: str, letter: str) -> bool:
    if letter == "\n":
        return cluster == "\r"
    if ord(letter) in _REGIONAL:
        return len(cluster) == 1 and ord(cluster) in _REGIONAL
    return cluster.endswith(_JOINER) or _may_continue(letter)


def _may_continue(letter: str) -> bool:
    """Whether there is something that the letter would be one character with, if it came before."""
    return (
        letter == _JOINER
        or ord(letter) in _REGIONAL
        or ord(letter) in _SKIN_TONES
        or unicodedata.category(letter) in ("Mn", "Me", "Mc")
    )
