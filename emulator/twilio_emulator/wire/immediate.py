"""A request and an answer in one piece each, for what needs no waiting."""

from collections.abc import Callable
from typing import NamedTuple


class Shown(NamedTuple):
    """A whole request, as an application is shown it.

    Attributes:
        path: still percent-encoded, as are the query and the body.
        headers: by lower-case name.
    """

    method: str
    scheme: str
    path: str
    query: bytes
    headers: dict[bytes, bytes]
    body: bytes


class Whole(NamedTuple):
    """An answer to be written at once: status, header lines without the length, and body."""

    status: int
    lines: bytes
    body: bytes


AnswerNow = Callable[[Shown], Whole | None]
"""Answers a request at once, or None; then nothing has happened."""
