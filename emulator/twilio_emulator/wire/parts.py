"""Parts of a file: what players ask for to begin in its middle, and copies that are still good.

The rules of this file (https://www.rfc-editor.org/rfc/rfc9110#section-14):

- A file is known by its entity tag, which changes with its bytes. Who has it already is told so.
- `Range` names one part in bytes. One that begins beyond the end is answered with 416; what makes
  no sense, several parts at once, and any part of an empty file with the whole, as file servers in
  clouds do.
- With `If-Range` a part comes only of the very file that is named there, else the whole.
"""

import hashlib
import re
from collections.abc import Mapping
from typing import NamedTuple

EXPOSED = (
    b"access-control-expose-headers",
    b"Accept-Ranges, Content-Length, Content-Range, ETag",
)
"""What a page of another origin may see of an answer with a file."""

_WANTED = re.compile(r"bytes=[ \t]*([0-9]*)-([0-9]*)[ \t]*")
_MOST_DIGITS = 18


class Part(NamedTuple):
    """What is sent of a file: a status, headers besides those of every answer, and the bytes."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    content: bytes


def part(content: bytes, asked: Mapping[bytes, bytes], digest: str | None = None) -> Part:
    """What a request gets of a file.

    Args:
        asked: the headers of the request, their names in lower case.
        digest: of the bytes, where it is known.
    """
    tag = f'"{(digest or hashlib.sha256(content).hexdigest())[:32]}"'.encode()
    headers = ((b"accept-ranges", b"bytes"), (b"etag", tag))
    if _names(asked.get(b"if-none-match", b""), tag):
        return Part(304, headers, b"")
    wanted = asked.get(b"range")
    if wanted is None or not content or asked.get(b"if-range", tag) != tag:
        return Part(200, headers, content)
    length = len(content)
    found = _WANTED.fullmatch(wanted.decode("latin-1"))
    if found is None or not any(found.groups()):
        return Part(200, headers, content)
    first, last = _bounds(found[1], found[2], length)
    if found[1] and found[2] and last < first:
        return Part(200, headers, content)
    if first >= length:
        return Part(416, (*headers, (b"content-range", b"bytes */%d" % length)), b"")
    last = min(last, length - 1)
    said = (b"content-range", b"bytes %d-%d/%d" % (first, last, length))
    return Part(206, (*headers, said), content[first : last + 1])


def _bounds(first: str, last: str, length: int) -> tuple[int, int]:
    """The first and the last byte that are asked for; without a first, so many from the end."""
    if not first:
        return max(length - _number(last), 0) if _number(last) else length, length
    return _number(first), _number(last) if last else length


def _number(digits: str) -> int:
    """A number that no file is as large as stands for all that are larger."""
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _names(said: bytes, tag: bytes) -> bool:
    """Whether `If-None-Match` names a tag; a weak one is as good there."""
    return any(each.strip().removeprefix(b"W/") in (tag, b"*") for each in said.split(b","))
