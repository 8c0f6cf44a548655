"""Files in messages by the control API, such that whatever they are they run nowhere.

The rules of this file:

- A file that was sent is not ours. Pictures, sounds and films are shown by their type; any
  other is bytes to be saved, whatever type it claims, and so is a drawing that may hold a script.
- No browser guesses at types, and what is opened all the same has an origin of its own.
- Players ask for a part of a file, to begin in its middle.
"""

import re
from collections.abc import Mapping
from urllib.parse import quote

from twilio_emulator.control.exchange import Header, Mistaken, Reply
from twilio_emulator.control.routes import Control, Controls, Place
from twilio_emulator.core.conversations.media import Media, MediaTable
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.texts.media import MediaFile, TextMedia
from twilio_emulator.runtime.uploads import Files
from twilio_emulator.wire.parts import part

SHOWN = re.compile(r"image/(png|jpeg|jpg|gif|webp|bmp|avif)|(audio|video)/[a-z0-9.+-]+")
UNKNOWN = "application/octet-stream"


def declare(controls: Controls, files: Files) -> None:
    """Declare the calls of this file; `files` is where bytes are kept."""

    controls.group("media", "Pictures and other files.")

    @controls.on(
        "GET",
        "/media/{media}",
        "fetch_media",
        "The bytes of a picture or another file, or the part of them that `Range` asks for.",
        places={"media": Place(words="The file's sid (ME).", example="ME" + "3" * 32)},
        gives="*/*",
        otherwise={206: "The part that was asked for.", 416: "There is no such part."},
    )
    async def show(control: Control) -> Reply:
        sid = control.said["media"]
        found = _find(control.hosted.world, sid)
        content = _bytes(found, files)
        if content is None:
            where = f": they are at {found.url}" if found.url else ""
            raise Mistaken(f"path media: the bytes of {sid} are not kept here{where}", 404)
        return _reply(found, content, control.headers)


def _find(world: World, sid: str) -> Media | MediaFile:
    """A file of a text or of a conversation.

    Raises:
        Mistaken: there is no such file.
    """
    found = world[TextMedia].get(sid) or world[MediaTable].get(sid)
    if found is None:
        raise Mistaken(f"path media: there is no media {sid}", 404)
    return found


def _bytes(it: Media | MediaFile, files: Files) -> bytes | None:
    if isinstance(it, Media) and it.content is not None:
        return it.content.encode()
    return files.read(it.digest) if it.digest is not None else None


def _reply(it: Media | MediaFile, content: bytes, asked: Mapping[bytes, bytes]) -> Reply:
    """The bytes, or the part of them that is wanted."""
    given = (it.content_type or "").partition(";")[0].strip().lower()
    shown = SHOWN.fullmatch(given) is not None
    disposition = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''"
    headers: list[Header] = [
        (b"content-disposition", (disposition + quote(it.filename or it.sid, safe="")).encode()),
        (b"content-security-policy", b"sandbox"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]
    sent = part(content, asked, it.digest)
    return Reply(
        status=sent.status,
        body=sent.content,
        content_type=(given if shown else UNKNOWN).encode(),
        headers=(*headers, *sent.headers),
    )
