"""How much of a request is read, and what is said of one that is not."""

from http import HTTPStatus
from typing import Final

LARGEST_HEAD: Final = 64 * 1024
"""Bytes of a request line and its headers, as much as uvicorn's other parser takes."""

LONGEST_TARGET: Final = 32 * 1024  # bytes
MOST_HEADERS: Final = 500
LINGERS: Final = 2.0  # seconds that a connection is read, and nothing made of it, to be closed


class UnreadableRequest(Exception):
    """A request that is not read any further, with the status and the line that say so."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def check_head(target: bytes, headers: list[tuple[bytes, bytes]], size: int) -> None:
    """See whether a request is read.

    Args:
        size: bytes that have come of it; some may be of its body.

    Raises:
        UnreadableRequest: the head is longer than that.
    """
    if len(target) > LONGEST_TARGET:
        raise UnreadableRequest(414, f"A URL longer than {LONGEST_TARGET} bytes is not read.")
    if len(headers) > MOST_HEADERS:
        raise UnreadableRequest(431, f"More than {MOST_HEADERS} headers are not read.")
    if (
        size > LARGEST_HEAD
        and len(target) + sum(len(name) + len(value) + 4 for name, value in headers) > LARGEST_HEAD
    ):
        raise long_head()


def not_http() -> UnreadableRequest:
    """What came is not HTTP."""
    return UnreadableRequest(400, "Invalid HTTP request received.")


def long_head() -> UnreadableRequest:
    """More has come without an end of the head than a head may hold."""
    return UnreadableRequest(431, f"Headers longer than {LARGEST_HEAD} bytes are not read.")


def last_words(status: int, reason: str) -> bytes:
    """The answer, in one line, after which a connection ends."""
    body = f"{reason}\n".encode()
    return (
        b"HTTP/1.1 %d %b\r\ncontent-type: text/plain; charset=utf-8\r\n"
        b"content-length: %d\r\nconnection: close\r\n\r\n%b"
        % (status, HTTPStatus(status).phrase.encode(), len(body), body)
    )
