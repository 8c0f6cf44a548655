"""Files in messages by the control API, such that whatever they are they run nowhere.

The rules of this file:

- A file that somebody sent is not ours. Pictures, sounds and films are shown by their type; any
  other is bytes to be saved, whatever type it claims, and so is a drawing that may hold a script.
- No browser guesses at types, and what is opened all the same has an origin of its own.
- Players ask for a part of a file, to begin in its middle.
"""

import re
from urllib.parse import quote

from emulator.core.media import Media
from emulator.core.text_media import MediaFile
from emulator.core.world import World
from emulator.wire.controls import Control, Controls, Header, Mistaken, Reply
from emulator.wire.files import Files

SHOWN = re.compile(r"image/(png|jpeg|jpg|gif|webp|bmp|avif)|(audio|video)/[a-z0-9.+-]+")
UNKNOWN = "application/octet-stream"

_PART = re.compile(r"bytes=(\d*)-(\d*)")


def declare(controls: Controls, files: Files) -> None:
    """Declare the calls of this file; `files` is where bytes are kept."""

    @controls.on("GET", "/media/{media}")
    async def show(control: Control) -> Reply:
        sid = control.said["media"]
        found = _find(control.hosted.world, sid)
        content = _bytes(found, files)
        if content is None:
            where = f": they are at {found.url}" if found.url else ""
            raise Mistaken(f"path media: the bytes of {sid} are not kept here{where}", 404)
        return _reply(found, content, control.headers.get(b"range", b"").decode("latin-1"))


def _find(world: World, sid: str) -> Media | MediaFile:
    """A file of a text or of a conversation.

    Raises:
        Mistaken: there is none.
    """
    found = world.text_media.get(sid) or world.media.get(sid)
    if found is None:
        raise Mistaken(f"path media: there is no media {sid}", 404)
    return found


def _bytes(it: Media | MediaFile, files: Files) -> bytes | None:
    if isinstance(it, Media) and it.content is not None:
        return it.content.encode()
    return files.read(it.digest) if it.digest is not None else None


def _reply(it: Media | MediaFile, content: bytes, wanted: str) -> Reply:
    """The bytes, or the part of them that is wanted."""
    given = (it.content_type or "").partition(";")[0].strip().lower()
    shown = SHOWN.fullmatch(given) is not None
    disposition = f"{'inline' if shown else 'attachment'}; filename*=UTF-8''"
    headers: list[Header] = [
        (b"content-disposition", (disposition + quote(it.filename or it.sid, safe="")).encode()),
        (b"content-security-policy", b"sandbox"),
        (b"x-content-type-options", b"nosniff"),
        (b"cross-origin-resource-policy", b"same-origin"),
        (b"accept-ranges", b"bytes"),
    ]
    status, length = 200, len(content)
    part = _part(wanted, length)
    if part is not None:
        status, content = 206, content[part.start : part.stop]
        said = f"bytes {part.start}-{part.stop - 1}/{length}"
        headers.append((b"content-range", said.encode()))
    return Reply(
        status=status,
        body=content,
        content_type=(given if shown else UNKNOWN).encode(),
        headers=tuple(headers),
    )


def _part(wanted: str, length: int) -> range | None:
    """What `Range` asks for; None for everything, as for what makes no sense."""
    found = _PART.fullmatch(wanted)
    if found is None or not any(found.groups()):
        return None
    if not found[1]:
        first, last = length - int(found[2]), length
    else:
        first, last = int(found[1]), int(found[2]) + 1 if found[2] else length
    part = range(max(first, 0), min(last, length))
    return part if part else None
