"""Answers to requests that need no waiting: given the moment the request is there, in one write.

Most calls only look something up or change the world, which never waits. uvicorn gives each
request a task, an event and two writes, which costs more than such a call itself. So a request
whose body is small is first shown to the application as it is. Whatever the application does not
answer at once goes on as ever, by uvicorn and ASGI, with what it has begun to do where it has.
"""

import logging
from http import HTTPStatus
from typing import Final

from twilio_emulator.wire.immediate import AnswerNow, Later, Shown, WholeAnswer

logger = logging.getLogger(__name__)

OUR_FAULT: Final = WholeAnswer(
    500, b"content-type: text/plain; charset=utf-8\r\n", b"A fault of ours: our log says more.\n"
)
LARGEST_BODY: Final = 64 * 1024  # bytes; larger ones are read as they come

_STATUS_LINES: Final = {
    status.value: b"HTTP/1.1 %d %b\r\n" % (status.value, status.phrase.encode())
    for status in HTTPStatus
}

_rendered: tuple[object, bytes] = (None, b"")
"""The headers that every answer has, Date and Server, and the same as lines."""


def answer(answer_now: AnswerNow, shown: Shown) -> WholeAnswer | Later | None:
    """What an application answers at once; a fault of ours is one, in our log."""
    try:
        return answer_now(shown)
    except Exception:
        logger.exception("%s %s failed", shown.method, shown.path)
        return OUR_FAULT


def written(
    whole: WholeAnswer, usual: list[tuple[bytes, bytes]], *, keep_alive: bool, is_head: bool
) -> bytes:
    """An answer as it goes out.

    Args:
        usual: headers of every answer.
        keep_alive: whether the connection stays open.
        is_head: whether the body was not asked for.
    """
    global _rendered
    if _rendered[0] is not usual:  # uvicorn makes a new list every second
        _rendered = (usual, b"".join(b"%b: %b\r\n" % header for header in usual))
    status = whole.status
    return b"%b%b%bcontent-length: %d\r\n%b\r\n%b" % (
        _STATUS_LINES.get(status) or b"HTTP/1.1 %d \r\n" % status,
        _rendered[1],
        whole.lines,
        len(whole.body),
        b"" if keep_alive else b"connection: close\r\n",
        b"" if is_head else whole.body,
    )
