"""Bytes that apps and phones uploaded, kept by their digest outside of the worlds.

A world knows a digest only, so that snapshots and journals stay small. Equal files are kept once,
whoever uploaded them, for as long as anything shows them; or may show them again, since a snapshot
of its account was taken, which lasts until the account is closed or the emulator ends.

They are served from the origin that the console has, too, so a browser is told to trust none.
"""

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from twilio_emulator.core.kernel.world import World

UNABLE = re.compile(r"(image/(?!svg)|audio/|video/|application/pdf|text/plain)", re.IGNORECASE)
"""Types that no browser takes for a page."""

_NAME = re.compile(r"([0-9a-f]{64})(\.part)?")


def guards(content_type: str) -> list[tuple[bytes, bytes]]:
    """Headers of a file that somebody sent: what could be a page has an origin of its own."""
    headers = [(b"x-content-type-options", b"nosniff")]
    if UNABLE.match(content_type) is None:
        headers.append((b"content-security-policy", b"sandbox"))
    return headers


Keep = Callable[[bytes], str]
"""Keeps bytes; answers their digest. Raises OSError when they cannot be written."""

UNREACHABLE = 11200
"""Twilio's code of a file that is not to be had."""


class Fetched(NamedTuple):
    """A file that was fetched."""

    content_type: str
    content: bytes


class Lost(NamedTuple):
    """A file that could not be had: Twilio's code, and what is wrong with its address, in words."""

    code: int
    words: str


class Files:
    """Where uploaded bytes are.

    Args:
        folder: keeps them on disk, to outlive the process; they are in memory when None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._held: dict[str, bytes] = {}
        self._needed: Counter[str] = Counter()
        self._pinned: dict[World, set[str]] = {}
        self._doubtful: set[str] = set()

    @contextmanager
    def keeping(self) -> Iterator[Keep]:
        """Lets bytes be kept that are about to be shown; in the end, what nobody shows goes."""
        kept: list[str] = []

        def keep(content: bytes) -> str:
            digest = self.keep(content)
            self._hear(digest, True)
            kept.append(digest)
            return digest

        try:
            yield keep
        finally:
            for digest in kept:
                self._hear(digest, False)
            self.tidy()

    def keep(self, content: bytes) -> str:
        """Keep `content` until what shows it is gone; answers its digest.

        Raises:
            OSError: the folder cannot be written to.
        """
        digest = hashlib.sha256(content).hexdigest()
        self._doubtful.discard(digest)
        if self._folder is None:
            self._held[digest] = content
            return digest
        path = self._folder / digest
        if not path.exists():
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Written aside first: a file by its digest's name is whole.
            partial = path.with_suffix(".part")
            try:
                partial.unlink(missing_ok=True)
                partial.touch(0o600)
                partial.write_bytes(content)
                partial.replace(path)
            except OSError:
                partial.unlink(missing_ok=True)
                raise
        return digest

    def has(self, digest: str) -> bool:
        """Whether the bytes with this digest are kept here."""
        if self._folder is None:
            return digest in self._held
        path = self._path(digest)
        return path is not None and path.is_file()

    def read(self, digest: str) -> bytes | None:
        """The bytes with this digest; None when they are not kept here."""
        if self._folder is None:
            return self._held.get(digest)
        path = self._path(digest)
        return path.read_bytes() if path is not None and path.is_file() else None

    def follow(self, world: "World") -> None:
        """Keep what a world shows, from now on, and no longer than it does."""
        for digests in world.digests():
            for digest in digests:
                self._hear(digest, True)
            digests.heard = self._hear

    def leave(self, world: "World") -> None:
        """A world is gone for good, with all that it shows."""
        for digests in world.digests():
            digests.heard = None
            for digest in digests:
                self._hear(digest, False)
        for digest in self._pinned.pop(world, ()):
            self._hear(digest, False)
        self.tidy()

    def pin(self, world: "World") -> None:
        """Keep what a world shows now for as long as there is the world: it may be put back."""
        self.hold(world, (digest for digests in world.digests() for digest in digests))

    def hold(self, world: "World", digests: Iterable[str]) -> None:
        """Keep bytes for as long as there is the world, which may come to show them."""
        pinned = self._pinned.setdefault(world, set())
        for digest in digests:
            if digest not in pinned:
                pinned.add(digest)
                self._hear(digest, True)

    def tidy(self) -> None:
        """Let go of what nobody shows any more."""
        for digest in self._doubtful:
            if not self._needed[digest]:
                del self._needed[digest]
                self._held.pop(digest, None)
                path = self._path(digest)
                if path is not None:
                    with suppress(OSError):  # the next start tries again
                        path.unlink()
        self._doubtful.clear()

    def clean(self) -> None:
        """Remove from the folder what of ours nobody shows, as when we were killed before we could.

        Whatever else is there stays.
        """
        if self._folder is None or not self._folder.is_dir():
            return
        self._folder.chmod(0o700)
        for path in self._folder.iterdir():
            found = _NAME.fullmatch(path.name)
            if found is None or path.is_symlink() or not path.is_file():
                continue
            if found[2] or (not self._needed[path.name] and _is_whole(path)):
                path.unlink()
            else:
                path.chmod(0o600)

    def _path(self, digest: str) -> Path | None:
        """Where bytes are; None for what is no digest, and might lead elsewhere."""
        found = _NAME.fullmatch(digest)
        return None if self._folder is None or found is None or found[2] else self._folder / digest

    def _hear(self, digest: str, is_shown: bool) -> None:
        """Note that bytes are needed once more, or once less."""
        self._needed[digest] += 1 if is_shown else -1
        if not is_shown and not self._needed[digest]:
            if not self._doubtful:
                # Not at once: what is changed may yet be taken back.
                with suppress(RuntimeError):
                    asyncio.get_running_loop().call_soon(self.tidy)
            self._doubtful.add(digest)


def _is_whole(path: Path) -> bool:
    """Whether a file has the content that its name promises, so that it is ours."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == path.name
