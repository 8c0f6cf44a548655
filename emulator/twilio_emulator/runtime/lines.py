"""A file of lines that only grows, until it is written anew, and that no kill can spoil.

The rules of this file:

- A file that is not ours is not written to: it begins with our head, or it is empty.
- Nothing is lost when we are killed, whatever we were doing. It is written anew beside itself,
  piece by piece while it grows, and takes its place at once. Where it cannot be replaced, as when
  it is mounted, what is new is appended, among what else is; then the head says where it begins. So
  who reads it meets there what is older than what is new, and what is new without its end.
- A last line without an end was never acknowledged. It is cut off, and kept in a file of its own.
"""

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol

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

_LET_GO = 4 * 1024 * 1024
"""Bytes of a file of no more use that are let go at once."""

Head = dict[str, Any]


class NotOurs(Exception):
    """A file that holds something does not begin with our head; it is as it was."""


class LineFile:
    """The file, locked when this is made, and read by `lines`.

    Args:
        path: where it is; it need not be there yet. What it links to is what is written.
        magic: what the first line begins with.

    Attributes:
        path: where it is in truth.
        head: the first line; None when the file is empty.
        torn: what follows the last whole line; known when the lines have been read.
        size: where its lines end; bytes from the beginning.
        is_in_place: whether it was written anew in its place, so that its first lines may be older
            than what is new.
        can_be_replaced: whether another file can take its place, as far as is known; none can that
            is mounted.

    Raises:
        NotOurs: it holds something else.
        OSError: it cannot be read and written, is no file, or another process has it.
    """

    def __init__(self, path: Path, magic: bytes) -> None:
        self.path = Path(os.path.realpath(path))
        self._magic = magic
        self.head: bytes | None = None
        self.torn = b""
        self.size = self._last = self._begin = 0
        self.is_in_place = False
        self.can_be_replaced = True
        self._file = _locked(self.path)
        try:
            self._read_head()
        except BaseException:
            self.close()
            raise

    @property
    def length(self) -> int:
        """How many bytes are of use: what was written anew leaves room before it in its place."""
        return self.size - self._begin

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """What follows the head, each line with its number. To be gone through once, and to its
        end, before anything else is done.

        Raises:
            OSError: it cannot be read.
        """
        if self.head is None:
            return
        number = self._first
        with self._reading() as opened:
            opened.seek(self._begin)
            at = self._begin
            for line in opened:
                at += len(line)
                if at > self.size:
                    line = line[: self.size - at]
                if not line.endswith(b"\n"):
                    self.torn = line
                    self.size -= len(line)
                    break
                number += 1
                if len(line) > 1 and not line.isspace():
                    yield number, line
                if at >= self.size:
                    break

    def settle(self, head: Head, *, all_of_it: bool = False) -> Path | None:
        """Be ready to be appended to: what is torn goes into a file of its own.

        Args:
            head: what an empty file begins with.
            all_of_it: keep everything there too, not what is torn alone.

        Returns:
            where that is kept, if there was something.

        Raises:
            OSError: it cannot be kept, so it is not cut off either; or something that is not ours
                is in the way of writing anew.
        """
        self._clear_away(self._aside())
        beside = self._keep_torn(all_of_it) if self.torn or all_of_it else None
        os.ftruncate(self._file, self.size)
        if self.head is None:
            self.append(_padded(head, {}))
            self._begin = self.size
        elif UNTIL in msgspec.json.decode(self.head):
            # What is appended stands behind that.
            self._write_over(_padded(msgspec.json.decode(self.head, type=Head), {UNTIL: None}))
        return beside

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
                os.ftruncate(self._file, self.size)
            raise
        self._last, self.size = self.size, self.size + len(line)

    def strike_off(self) -> None:
        """Take back the line that was appended last.

        Raises:
            OSError: it stays.
        """
        os.ftruncate(self._file, self._last)
        self.size = self._last

    def anew(self, head: Head, size: int) -> "Anew":
        """Begin to write it anew, while it goes on being appended to.

        Args:
            size: about how many bytes that will take.

        Raises:
            OSError: there is no room for that, or soon there would be none for what is appended.
        """
        if shutil.disk_usage(self.path.parent).free < 2 * size:
            raise _no_room()
        made = None
        if self.can_be_replaced:
            try:
                self._clear_away(self._aside())
                made = _locked(self._aside(), os.O_EXCL)
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise
        return _InPlace(self, head) if made is None else _Beside(self, made, head)

    def close(self) -> None:
        """Let others use the file."""
        with contextlib.suppress(OSError):  # it is closed
            os.close(self._file)
        self._file = -1

    def _aside(self) -> Path:
        return self.path.with_name(f"{self.path.name}.new")

    def _reading(self) -> BinaryIO:
        return os.fdopen(os.dup(self._file), "rb", buffering=_PIECE)

    def _read_head(self) -> None:
        with self._reading() as opened:
            first = opened.readline()
            if first and not first.startswith(self._magic):
                raise NotOurs
            self.size = self._last = opened.seek(0, os.SEEK_END)
            self._begin, self._first = len(first), 1
            if not first.endswith(b"\n"):
                self.torn, self.size, self._begin = first, 0, 0
                return
            self.head = first
            begin, until = _stretch(first, self.size)
            if begin:
                self.is_in_place = True
                opened.seek(len(first))
                while opened.tell() < begin:
                    self._first += opened.read(min(_PIECE, begin - opened.tell())).count(b"\n")
                self._begin, self.size = begin, until

    def _keep_torn(self, all_of_it: bool) -> Path:
        """Put what is torn off, or all that there is, into a file of its own; answers where.

        Raises:
            OSError: it cannot be kept.
        """
        number = 1
        while True:
            beside = self.path.with_name(f"{self.path.name}.torn-{number}")
            try:
                file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                number += 1
                continue
            with os.fdopen(file, "wb") as kept:
                if all_of_it:
                    with self._reading() as opened:
                        opened.seek(0)
                        shutil.copyfileobj(opened, kept, _PIECE)
                else:
                    kept.write(self.torn)
            self.torn = b""
            return beside

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

    def _write_over(self, head: bytes) -> None:
        """Write a head over the one that there is."""
        # Where a file is opened for appending, nothing can be written over.
        over = os.open(self.path, os.O_RDWR)
        try:
            _write_at(over, head, 0)
        finally:
            os.close(over)

    def _become(self, file: int, size: int) -> tuple[int, int]:
        """Go on with another file, of which so many bytes were written; answers what was there."""
        before = self._file, self.size
        self._file, self.size, self._last, self._begin = file, size, size, HEAD
        return before


class Anew(Protocol):
    """A file that is written anew while it is appended to: each line that comes meanwhile is
    followed, or what it says is in what is still to be written."""

    def write(self, lines: bytes) -> None:
        """Write some of what is new.

        Raises:
            OSError: that did not succeed; now it has to be given up.
        """

    def follow(self, line: bytes) -> None:
        """A line was appended that is to be in what is new."""

    def unfollow(self) -> None:
        """The line that was followed last was struck off; nothing was written since."""

    def finish(self) -> Iterator[None]:
        """Take the place of what was there, in steps; lines may be appended between them.

        Raises:
            OSError: that did not succeed; now it has to be given up.
        """

    def give_up(self) -> None:
        """Leave things as they are."""


class _Beside:
    """A second file, which takes the place of the first at once."""

    def __init__(self, file: LineFile, made: int, head: Head) -> None:
        self._of = file
        self._made = made
        self._size = 0
        self._followed: list[bytes] = []
        try:
            self.write(_padded(head, {}))
        except BaseException:
            self.give_up()
            raise

    def write(self, lines: bytes) -> None:
        followed, self._followed = self._followed, []
        self._size += _write(self._made, b"".join((*followed, lines)))

    def follow(self, line: bytes) -> None:
        self._followed.append(line)

    def unfollow(self) -> None:
        self._followed.pop()

    def finish(self) -> Iterator[None]:
        yield
        self.write(b"")
        file = self._of
        try:
            file._aside().replace(file.path)
        except OSError:
            file.can_be_replaced = False
            raise
        # What a file held is let go bit by bit, too: all of a large one takes long.
        self._made, left = file._become(self._made, self._size)
        while left > _LET_GO:
            yield
            left -= _LET_GO
            os.ftruncate(self._made, left)
        self.give_up()

    def give_up(self) -> None:
        with contextlib.suppress(OSError):  # it is closed
            os.close(self._made)
        self._made = -1
        with contextlib.suppress(OSError):
            self._of._aside().unlink()


class _InPlace:
    """What is new is appended, among what is appended meanwhile; then the head says where it
    begins, and if there is room it moves to the front.

    Whenever we are killed, the head tells where whole lines are.
    """

    def __init__(self, file: LineFile, head: Head) -> None:
        self._of = file
        self._head = head
        self._over = os.open(file.path, os.O_RDWR)
        try:
            if file.size < HEAD:
                file.append(b" " * (HEAD - file.size - 1) + b"\n")
        except OSError:
            self.give_up()
            raise
        self._begin = file.size

    def write(self, lines: bytes) -> None:
        if lines:
            self._of.append(lines)

    def follow(self, line: bytes) -> None:
        """It is there."""

    def unfollow(self) -> None:
        """It is there no more."""

    def finish(self) -> Iterator[None]:
        file, over, begin = self._of, self._over, self._begin
        _write_at(over, _padded(self._head, {FROM: begin}), 0)
        file._begin = begin
        yield
        moved = 0
        while begin + moved < file.size:
            piece = _read_at(over, min(_PIECE, file.size - begin - moved), begin + moved)
            if HEAD + moved + len(piece) > begin:
                self.give_up()
                return  # there is no room; the next time there will be
            _write_at(over, piece, HEAD + moved)
            moved += len(piece)
            if begin + moved < file.size:
                yield
        end = HEAD + moved
        _write_at(over, _padded(self._head, {FROM: HEAD, UNTIL: end}), 0)
        os.ftruncate(over, end)
        _write_at(over, _padded(self._head, {FROM: HEAD}), 0)
        file.size = file._last = end
        file._begin = HEAD
        self.give_up()

    def give_up(self) -> None:
        with contextlib.suppress(OSError):  # it is closed
            os.close(self._over)
        self._over = -1


def _no_room() -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _padded(head: Head, where: Mapping[str, int | None]) -> bytes:
    """A head that can be written over by another."""
    said = {name: value for name, value in {**head, **where}.items() if value is not None}
    return msgspec.json.encode(said).ljust(HEAD - 1) + b"\n"


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


def _write(file: int, content: bytes) -> int:
    """Write all of it; answers how much that is."""
    left = memoryview(content)
    while left:
        left = left[os.write(file, left) :]
    return len(content)


def _write_at(file: int, content: bytes, at: int) -> None:
    """Write over what is there."""
    os.lseek(file, at, os.SEEK_SET)
    _write(file, content)


def _read_at(file: int, length: int, at: int) -> bytes:
    os.lseek(file, at, os.SEEK_SET)
    return os.read(file, length)


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
