"""Media of texts at the address that webhooks give, which needs no credentials.

Twilio asks for no credentials there unless an account wants it, and leads on to a file server; here
the bytes come at once (https://www.twilio.com/docs/messaging/api/media-resource).
"""

import re
from collections.abc import Callable

import msgspec
from starlette.types import Scope, Send

from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.texts.media import MediaFile, TextMedia
from twilio_emulator.runtime.uploads import Files, guards
from twilio_emulator.wire.errors import error
from twilio_emulator.wire.parts import EXPOSED, part

_PATH = re.compile(
    r"/2010-04-01/Accounts/(AC[0-9a-f]{32})/Messages/([SM]M[0-9a-f]{32})/Media/(ME[0-9a-f]{32})"
)


class PublicMedia:
    """Answers the addresses of media.

    Args:
        find_world: the world of an account, by its sid.
        files: where bytes are kept.
    """

    def __init__(self, find_world: Callable[[str], World | None], files: Files) -> None:
        self._find_world = find_world
        self._files = files

    def is_for(self, scope: Scope, path: str) -> bool:
        """Whether the bytes are wanted, rather than to know of them or to delete them."""
        return scope["method"] in ("GET", "HEAD") and _PATH.fullmatch(path) is not None

    async def answer(self, path: str, scope: Scope, send: Send) -> None:
        """Send the bytes, or a part of them; what was never fetched is not there."""
        media = self._find(path)
        held = self._files.read(media.digest) if media and media.digest else None
        if media is not None and held is not None:
            sent = part(held, dict(scope["headers"]), media.digest)
            headers = [(b"content-type", _type(media)), *guards(media.content_type or "")]
            await _send(send, sent.status, sent.content, *headers, *sent.headers)
        else:
            said = msgspec.json.encode(error(Refused(NOT_FOUND), path))
            await _send(send, 404, said, (b"content-type", b"application/json"))

    def _find(self, path: str) -> MediaFile | None:
        found = _PATH.fullmatch(path)
        world = self._find_world(found[1]) if found else None
        if found is None or world is None:
            return None
        media = world[TextMedia].get(found[3])
        return media if media is not None and media.text_sid == found[2] else None


def _type(media: MediaFile) -> bytes:
    return (media.content_type or "application/octet-stream").encode("latin-1", "replace")


async def _send(send: Send, status: int, body: bytes, *headers: tuple[bytes, bytes]) -> None:
    length = (b"content-length", b"%d" % len(body))
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*headers, length, (b"access-control-allow-origin", b"*"), EXPOSED],
        }
    )
    await send({"type": "http.response.body", "body": body})
