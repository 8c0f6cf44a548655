"""What a request says, as its bytes stand: credentials, names and values, and the body.

The request is read by hand, since this is the path that every call takes.
"""

from base64 import b64decode
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes

from twilio_emulator.core.kernel.records import maker
from twilio_emulator.core.kernel.refusals import AUTHENTICATE, INVALID_PARAMETER, TOO_LARGE, Refused
from twilio_emulator.wire.twilio_hosts import Site

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_FORM = b"application/x-www-form-urlencoded"


class Asked(NamedTuple):
    """One request to a Twilio host, but for its body.

    Attributes:
        product: the first label of the host.
        site: where the request was sent.
        path: its path without what belongs to the site, still percent-encoded.
        query: its query string, still percent-encoded.
        headers: by lower-case name.
    """

    product: str
    site: Site
    path: str
    method: str
    query: bytes
    headers: dict[bytes, bytes]


asked: Callable[[tuple[str, Site, str, str, bytes, dict[bytes, bytes]]], Asked] = maker(Asked)


def credentials(authorization: bytes) -> tuple[str, str]:
    """User and password of Basic credentials.

    Raises:
        Refused: 20003 they are none.
    """
    scheme, _, encoded = authorization.partition(b" ")
    try:
        if scheme.lower() != b"basic":
            raise ValueError
        name, _, password = b64decode(encoded, validate=True).decode().partition(":")
    except ValueError:
        raise Refused(AUTHENTICATE) from None
    return name, password


def bearer(authorization: bytes) -> str | None:
    """The token of Bearer credentials; None when they are others."""
    scheme, _, token = authorization.partition(b" ")
    return token.strip().decode("latin-1") if scheme.lower() == b"bearer" else None


def user(authorization: bytes | None) -> str:
    """Who they say they are."""
    try:
        return credentials(authorization or b"")[0]
    except Refused:
        return ""


def is_form(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the body is a form; one without a type is."""
    return headers.get(b"content-type", _FORM).partition(b";")[0].strip().lower() == _FORM


def pairs(text: bytes) -> list[tuple[str, str]]:
    """Names and values of a query string or form: `urllib.parse.parse_qsl`, at twice its speed."""
    if not text:
        return []
    said = []
    # A letter stands for a byte here; most bytes are letters.
    for piece in text.decode("latin-1").replace("+", " ").split("&"):
        if piece:
            name, _, value = piece.partition("=")
            if "%" in piece or not piece.isascii():
                name, value = _decoded(name), _decoded(value)
            said.append((name, value))
    return said


FEW = 3
"""Escapes of a text that are read one by one. JSON in a form has one for each quotation mark."""


def _decoded(text: str) -> str:
    if "%" in text:
        return _unescaped(text).decode("utf-8", "replace")
    return text if text.isascii() else text.encode("latin-1").decode("utf-8", "replace")


def _unescaped(text: str) -> bytes:
    """The bytes that a text with `%` in it stands for.

    Many escapes are read as those of a text of Python's, in one go: a loop over them takes seven
    times as long. What is no escape after all, such as `%zz`, only the loop knows to leave alone.
    """
    if text.count("%") > FEW:
        escaped = text.replace("\\", r"\\").replace("%", r"\x").encode("latin-1")
        try:
            return escaped.decode("unicode_escape").encode("latin-1")
        except UnicodeDecodeError:
            pass
    return unquote_to_bytes(text.encode("latin-1"))


async def read_body(receive: Receive, largest: int) -> bytes:
    """The whole body.

    Raises:
        Refused: 20001 it is larger than any request to the product may be, or broke off.
    """
    message = await receive()
    first: bytes = message.get("body", b"")
    if message.get("more_body") is False:
        return first
    parts, size = [first], len(first)
    while message.get("more_body"):
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > largest:
            raise Refused(TOO_LARGE)
    if message.get("type") == "http.disconnect":
        raise Refused(INVALID_PARAMETER, parameter="body: it broke off")
    return b"".join(parts)
