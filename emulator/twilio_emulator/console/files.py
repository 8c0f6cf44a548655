"""The console at `/`: a page that shows what the control API tells, file by file.

The rules of this file (https://developer.mozilla.org/docs/Web/HTTP/Guides/CSP):

- Nothing but our own files may run or be loaded, no page may hold ours in a frame, and text can
  become markup nowhere: `require-trusted-types-for` makes a browser refuse even an attempt.
- Files are read when they are first asked for, so that a start pays nothing for them.
- Which pages there are the page reads in its head, where they are written when it is served.
- A browser that asks for a bare host gets the page; a program does not.
"""

import hashlib
import html
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.types import Scope, Send

FOLDER = Path(__file__).parent / "page"
PREFIX = "/console/"

TYPES = {
    ".css": b"text/css; charset=utf-8",
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".svg": b"image/svg+xml",
}

POLICY = b"; ".join(
    (
        b"default-src 'none'",
        b"script-src 'self'",
        b"style-src 'self'",
        b"img-src 'self' blob:",
        b"media-src 'self' blob:",
        b"connect-src 'self'",
        b"base-uri 'none'",
        b"form-action 'none'",
        b"frame-ancestors 'none'",
        b"require-trusted-types-for 'script'",
        b"trusted-types 'none'",
    )
)

HEADERS = (
    (b"content-security-policy", POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
)


class ConsolePage(NamedTuple):
    """A page of the console, as the navigation lists it.

    Attributes:
        name: of its module, and the first segment of its address.
        drawing: one of `icons.js`.
        words: what its link says.
        key: the letter that leads to it, after `g`.
        place: where it stands in the list, lowest first.
    """

    name: str
    drawing: str
    words: str
    key: str
    place: int


PAGES_HERE = b'<meta name="pages" content="[]">'
"""Where the head says which pages there are."""


class File(NamedTuple):
    """One file of the page."""

    content: bytes
    content_type: bytes
    tag: bytes


@cache
def files(pages: tuple[ConsolePage, ...] = ()) -> dict[str, File]:
    """Every file of the page, by the path at which it is served; `pages` are listed in its head."""
    found = {PREFIX + path.relative_to(FOLDER).as_posix(): path for path in FOLDER.rglob("*.*")}
    held = {path: _file(file.read_bytes(), file.suffix) for path, file in found.items()}
    index = held.pop(f"{PREFIX}index.html").content
    listed = html.escape(json.dumps([page[:4] for page in pages])).encode()
    there = PAGES_HERE.replace(b"[]", listed)
    held["/"] = _file(index.replace(PAGES_HERE, there), ".html")
    return held


def _file(content: bytes, suffix: str) -> File:
    tag = hashlib.sha256(content).hexdigest()[:16]
    return File(content, TYPES[suffix], f'"{tag}"'.encode())


def find(scope: Scope, path: str, pages: tuple[ConsolePage, ...]) -> File | None:
    """The file of the page that a request is for; None when it is for something else."""
    if scope["method"] not in ("GET", "HEAD"):
        return None
    if path.startswith(PREFIX) or (path == "/" and _is_browser(scope)):
        return files(pages).get(path)
    return None


def _is_browser(scope: Scope) -> bool:
    return any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])


async def answer(file: File, scope: Scope, send: Send) -> None:
    """Send a file, or say that the browser's own copy is still good."""
    known = dict(scope["headers"]).get(b"if-none-match")
    same = known == file.tag
    body = b"" if same or scope["method"] == "HEAD" else file.content
    headers = [*HEADERS, (b"etag", file.tag)]
    if not same:
        headers.append((b"content-type", file.content_type))
        headers.append((b"content-length", b"%d" % len(file.content)))
    status = 304 if same else 200
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
