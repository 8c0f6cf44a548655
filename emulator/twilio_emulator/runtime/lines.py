"""A file of lines that only grows, until it is written anew, and that no kill can spoil.

The rules of this file:

- A file that is not ours is not written to: it begins with our head, or it is empty.
- Nothing is lost when we are killed, whatever we were doing. It is written anew beside itself, and
  takes its place at once. Where it cannot be replaced, as when it is mounted, what is new is
  appended, and then the head says where it begins; the room before it is used the next time.
- A last line without an end was never acknowledged. It is cut off, and kept in a file of its own.
"""

import contextlib
import os
import stat
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

try:
    import fcntl
except ImportError:  # Windows has no such locks: there, nobody notices a second emulator
    fcntl = None  # type: ignore[assignment]

HEAD = 256
"""Bytes of a head that is written over: a part of one page, so that it is written at once."""

FROM, UNTIL = "from", "until"
"""Where the lines begin, and end, by a head that was written over; bytes from the beginning."""

_PIECE = 1024 * 1024

Head = dict[str, object]


class NotOurs(Exception):
    """A file that holds something does not begin with our head; it is as it was."""


class LineFile:
    """The file, locked and read when this is made.

    Args:
        path: where it is; it need not be there yet. What it links to is what is written.
        magic: what the first line begins with.

    Attributes:
        path: where it is in truth.
        head: the first line; None when the file is empty.
        lines: what follows it, each with its number. To be taken out once it has been read.
        torn: what follows the last whole line.

    Raises:
        NotOurs: it holds something else.
        OSError: it cannot be read and written, is no file, or another process has it.
    """

    def __init__(self, path: Path, magic: bytes) -> None:
        self.path = Path(os.path.realpath(path))
        self._magic = magic
        self.head: bytes | None = None
        self.lines: list[tuple[int, bytes]] = []
        self.torn = b""
        self._size = self._last = 0
        self._file = _locked(self.path)
        try:
            self._read()
        except BaseException:
            self.close()
            raise

    def append(self, line: bytes) -> None:
        """Write a line, its end included, by one write.

        Raises:
            OSError: it cannot be written; the file is as it was.
        """
        try:
            if os.write(self._file, line) != len(line):
                raise OSError(0, f"{self.path} took only a part of a line")
        except OSError:
            # What follows must not stand behind a torn line.
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._size)
            raise
        self._last, self._size = self._size, self._size + len(line)

    def strike_off(self) -> None:
        """Take back the line that was appended last.

        Raises:
            OSError: it stays.
        """
        os.ftruncate(self._file, self._last)
        self._size = self._last

    def keep_torn(self) -> Path | None:
        """Put what is torn off into a file of its own; answers where, if there is something.

        Raises:
            OSError: it cannot be kept, so it is not cut off either.
        """
        if not self.torn:
            return None
        number = 1
        while True:
            beside = self.path.with_name(f"{self.path.name}.torn-{number}")
            try:
                file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                number += 1
                continue
            with os.fdopen(file, "wb") as kept:
                kept.write(self.torn)
            os.ftruncate(self._file, self._size)
            self.torn = b""
            return beside

    def rewrite(self, head: Head, lines: Callable[[], Iterable[bytes]]) -> None:
        """Hold a head and some lines, and no more.

        Args:
            lines: gives them, their ends included; each time the same.

        Raises:
            OSError: they cannot be written; the file holds what it held.
        """
        aside = self.path.with_name(f"{self.path.name}.new")
        self._clear_away(aside)
        try:
            made = _locked(aside, os.O_EXCL)
        except OSError:
            self._rewrite_in_place(head, lines())
            return
        try:
            size = _write(made, _line(head))
            for line in lines():
                size += _write(made, line)
            aside.replace(self.path)
        except OSError:
            os.close(made)
            aside.unlink(missing_ok=True)
            self._rewrite_in_place(head, lines())
            return
        self.close()
        self._file, self._size, self._last = made, size, size

    def close(self) -> None:
        """Let others use the file."""
        with contextlib.suppress(OSError):  # it is closed
            os.close(self._file)
        self._file = -1

    def _read(self) -> None:
        file = os.dup(self._file)
        with os.fdopen(file, "rb") as opened:
            begins = opened.read(len(self._magic))
            if begins and begins != self._magic:
                raise NotOurs
            content = begins + opened.read()
        self._size = self._last = len(content)
        if not content:
            return
        first, end, rest = content.partition(b"\n")
        if not end:
            self.torn, self._size = content, 0
            return
        self.head = first
        begin, until = _stretch(first, len(content))
        rest = content[begin:until] if begin else rest
        number = 1 + content.count(b"\n", len(first) + 1, begin)
        *whole, self.torn = rest.split(b"\n")
        self.lines = [(number + at, line) for at, line in enumerate(whole, 1) if line.strip()]
        self._size = until - len(self.torn)

    def _clear_away(self, aside: Path) -> None:
        """Remove what was left when we were killed while we wrote anew.

        Raises:
            FileExistsError: it is not ours.
        """
        try:
            found = aside.lstat()
        except FileNotFoundError:
            return
        if not stat.S_ISREG(found.st_mode) or not self._is_ours(aside):
            raise FileExistsError(0, f"{aside} is in the way, and not ours")
        with contextlib.suppress(OSError):  # nor can another be put there
            aside.unlink()

    def _is_ours(self, path: Path) -> bool:
        with path.open("rb") as file:
            begins = file.read(len(self._magic))
        return self._magic.startswith(begins)

    def _rewrite_in_place(self, head: Head, lines: Iterable[bytes]) -> None:
        """Append what is new, have the head say so, and move it to the front if there is room.

        Whenever we are killed in between, the head tells where whole lines are.
        """
        os.ftruncate(self._file, self._size)
        # Where a file is opened for appending, nothing can be written over.
        over = os.open(self.path, os.O_RDWR)
        try:
            if not self._size:
                _head(over, head, HEAD)
                self._size = HEAD
            elif self._size < HEAD:
                self._size += _write(self._file, b" " * (HEAD - self._size - 1) + b"\n")
            begin = self._size
            try:
                length = sum(_write(self._file, line) for line in lines)
            except OSError:
                os.ftruncate(over, begin)
                raise
            self._size += length
            _head(over, head, begin)
            if begin - HEAD >= length and begin > HEAD:
                for at in range(0, length, _PIECE):
                    piece = os.pread(over, min(_PIECE, length - at), begin + at)
                    os.pwrite(over, piece, HEAD + at)
                _head(over, head, HEAD, HEAD + length)
                os.ftruncate(over, HEAD + length)
                _head(over, head, HEAD)
                self._size = HEAD + length
        finally:
            os.close(over)
        self._last = self._size


def _head(file: int, head: Head, begin: int, until: int | None = None) -> None:
    """Write a head over the one that there is."""
    said = {**head, FROM: begin} | ({} if until is None else {UNTIL: until})
    os.pwrite(file, msgspec.json.encode(said).ljust(HEAD - 1) + b"\n", 0)


def _stretch(head: bytes, length: int) -> tuple[int, int]:
    """Where the lines begin and end, by a head that was written over; by any other, 0 and `length`.

    Raises:
        NotOurs: the head cannot be read, or there is no such place.
    """
    try:
        said = msgspec.json.decode(head, type=dict[str, object])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise NotOurs from None
    begin, until = said.get(FROM, 0), said.get(UNTIL, length)
    if isinstance(begin, int) and isinstance(until, int) and 0 <= begin <= until <= length:
        return begin, until
    raise NotOurs


def _line(content: Head) -> bytes:
    return msgspec.json.encode(content) + b"\n"


def _write(file: int, content: bytes) -> int:
    """Write all of it; answers how much that is."""
    left = memoryview(content)
    while left:
        left = left[os.write(file, left) :]
    return len(content)


def _locked(path: Path, how: int = 0) -> int:
    """A file that nobody else may open, for reading and appending, and for our eyes only.

    Raises:
        OSError: somebody has it, it is no file, or it cannot be opened.
    """
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(path.stat().st_mode):
            raise OSError(0, "it is no regular file")
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | how, 0o600)
    try:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not os.path.samestat(os.fstat(file), path.stat()):
            raise BlockingIOError  # another emulator has just written it anew
    except BlockingIOError:
        os.close(file)
        raise OSError(0, "another emulator uses it") from None
    except OSError:
        os.close(file)
        raise
    return file
