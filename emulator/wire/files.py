"""Bytes that apps and phones uploaded, kept by their digest outside of the worlds.

A world knows a digest only, so that snapshots and journals stay small. Equal files are kept once,
whoever uploaded them.

They are served from the origin that the console has, too, so a browser is told to trust none.
"""

import hashlib
import re
from pathlib import Path

UNABLE = re.compile(r"(image/(?!svg)|audio/|video/|application/pdf|text/plain)", re.IGNORECASE)
"""Types that no browser takes for a page."""


def guards(content_type: str) -> list[tuple[bytes, bytes]]:
    """Headers of a file that somebody sent: what could be a page has an origin of its own."""
    headers = [(b"x-content-type-options", b"nosniff")]
    if UNABLE.match(content_type) is None:
        headers.append((b"content-security-policy", b"sandbox"))
    return headers


class Files:
    """Where uploaded bytes are.

    Args:
        folder: keeps them on disk, to outlive the process; they are in memory when None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._held: dict[str, bytes] = {}

    def keep(self, content: bytes) -> str:
        """Keep `content`; answers its digest.

        Raises:
            OSError: the folder cannot be written to.
        """
        digest = hashlib.sha256(content).hexdigest()
        if self._folder is None:
            self._held[digest] = content
            return digest
        path = self._folder / digest
        if not path.exists():
            self._folder.mkdir(parents=True, exist_ok=True)
            # Written aside first: a file by its digest's name is whole.
            partial = path.with_suffix(".part")
            partial.write_bytes(content)
            partial.replace(path)
        return digest

    def read(self, digest: str) -> bytes | None:
        """The bytes with this digest; None when they were never kept here."""
        if self._folder is None:
            return self._held.get(digest)
        path = self._folder / digest
        return path.read_bytes() if path.is_file() else None
