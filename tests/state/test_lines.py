"""The file below the state: what is not ours stays, and no kill loses anything."""

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from twilio_emulator.runtime.lines import HEAD, LineFile, NotOurs

MAGIC = b'{"ours":'
WHAT = {"ours": 1, "name": "x"}


NOTHING: Iterator[bytes] = iter(())


class Killed(BaseException):
    """The process is gone, in the middle of something."""


class Kills:
    """Kills at the call of that number which changes the file, counting from 0."""

    def __init__(self, patch: pytest.MonkeyPatch, at: int) -> None:
        self.left = at
        for name in ("write", "ftruncate", "unlink", "replace"):
            patch.setattr(os, name, self._dying(getattr(os, name)))

    def _dying(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **further: Any) -> Any:
            if not self.left:
                raise Killed
            self.left -= 1
            return call(*arguments, **further)

        return called


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file can be replaced, as none can that is mounted."""

    def busy(source: object, target: object) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy")

    monkeypatch.setattr(os, "replace", busy)
    monkeypatch.setattr(Path, "replace", busy)


def opened(path: Path) -> tuple[LineFile, list[bytes]]:
    """The file, ready to be appended to, and the lines that it has."""
    file = LineFile(path, MAGIC)
    lines = [line.rstrip() for _, line in file.lines()]
    assert file.settle(WHAT) is None
    return file, lines


def held(path: Path) -> list[bytes]:
    file, lines = opened(path)
    file.close()
    return lines


def rewrite(file: LineFile, *lines: bytes, meanwhile: Iterator[bytes] = NOTHING) -> None:
    """Write it anew, and append something in between."""

    def append() -> None:
        line = next(meanwhile, None)
        if line is not None:
            file.append(line)
            anew.follow(line)

    anew = file.anew(WHAT, 0)
    for line in lines:
        anew.write(line)
        append()
    try:
        for _ in anew.finish():
            append()
    except OSError:
        anew.give_up()
        assert not file.can_be_replaced
        rewrite(file, *lines, meanwhile=meanwhile)


def written(path: Path, *lines: bytes) -> None:
    file, _ = opened(path)
    rewrite(file, *lines)
    file.close()


@pytest.fixture(params=[False, True])
def anywhere(request: pytest.FixtureRequest) -> bool:
    """Whether a file can be replaced."""
    if request.param:
        request.getfixturevalue("mounted")
    return not request.param


@pytest.mark.usefixtures("anywhere")
def test_lines_are_written_appended_and_struck_off(path: Path) -> None:
    file, lines = opened(path)
    assert (file.head, lines) == (None, [])
    rewrite(file, b"one\n", b"two\n")
    file.append(b"three\n")
    file.append(b"four\n")
    file.strike_off()
    file.append(b"five\n")
    file.close()
    assert held(path) == [b"one", b"two", b"three", b"five"]
    assert [each.name for each in path.parent.iterdir()] == ["file"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_appended_meanwhile_is_there_and_what_is_struck_off_is_not(
    path: Path, anywhere: bool
) -> None:
    file, _ = opened(path)
    file.append(b"old\n")
    rewrite(file, b"a\n", b"b\n")
    assert file.can_be_replaced is anywhere
    anew = file.anew(WHAT, 0)
    anew.write(b"one\n")
    for line in (b"two\n", b"three\n"):
        file.append(line)
        anew.follow(line)
    file.strike_off()
    anew.unfollow()
    anew.write(b"four\n")
    for _ in anew.finish():
        pass
    file.append(b"five\n")
    file.close()
    assert held(path) == [b"one", b"two", b"four", b"five"]


def test_what_is_given_up_leaves_nothing(path: Path) -> None:
    file, _ = opened(path)
    file.append(b"old\n")
    anew = file.anew(WHAT, 0)
    anew.write(b"new\n")
    file.append(b"next\n")
    anew.follow(b"next\n")
    anew.give_up()
    file.append(b"last\n")
    file.close()
    assert held(path) == [b"old", b"next", b"last"]
    assert [each.name for each in path.parent.iterdir()] == ["file"]


@pytest.mark.usefixtures("anywhere")
def test_it_does_not_grow_by_being_written_anew(path: Path) -> None:
    written(path, b"a" * 5000 + b"\n")
    sizes = set()
    for _ in range(6):
        written(path, b"b" * 2000 + b"\n", b"c" * 2000 + b"\n")
        sizes.add(path.stat().st_size)
        assert held(path) == [b"b" * 2000, b"c" * 2000]
    assert max(sizes) < 2 * 4002 + HEAD + 5100


def test_what_is_new_moves_to_the_front_when_there_is_room(path: Path, mounted: None) -> None:
    written(path, b"a" * 3_000_000 + b"\n")
    written(path, b"b" * 1_200_000 + b"\n", b"c\n")
    assert held(path) == [b"b" * 1_200_000, b"c"]
    assert path.stat().st_size == HEAD + 1_200_003


def test_what_comes_while_it_moves_moves_too(path: Path, mounted: None) -> None:
    written(path, b"a" * 9_000_000 + b"\n")
    file, _ = opened(path)
    file.can_be_replaced = False
    rewrite(file, b"b" * 2_000_000 + b"\n", meanwhile=iter((b"1\n", b"2\n", b"3\n")))
    file.append(b"4\n")
    file.close()
    assert held(path) == [b"b" * 2_000_000, b"1", b"2", b"3", b"4"]
    assert path.stat().st_size == HEAD + 2_000_001 + 8


def test_numbers_are_those_of_the_lines(path: Path, mounted: None) -> None:
    path.write_bytes(b'{"ours":1}\nold\nolder\n')
    written(path, b"n" * 600 + b"\n", b"new\n")
    content = path.read_bytes().splitlines(keepends=True)
    file = LineFile(path, MAGIC)
    found = list(file.lines())
    assert file.is_in_place
    assert [content[number - 1] for number, _ in found] == [line for _, line in found]
    file.close()


@pytest.mark.parametrize("old", [(), (b"old\n",), (b"o" * 3000 + b"\n", b"older\n")])
def test_no_kill_loses_anything(path: Path, old: tuple[bytes, ...], anywhere: bool) -> None:
    new = (b"new\n", b"n" * 700 + b"\n", b"newer\n")
    meanwhile = [b"%d\n" % number for number in range(9)]
    before = b'{"ours":1}\n' + b"".join(old) if old else b""
    kills, survived = 0, False
    while not survived:
        for each in path.parent.iterdir():
            each.unlink()
        path.write_bytes(before)
        acknowledged: list[bytes] = []

        def coming(acknowledged: list[bytes] = acknowledged) -> Iterator[bytes]:
            for line in meanwhile:
                yield line
                acknowledged.append(line)

        file = LineFile(path, MAGIC)
        assert [line for _, line in file.lines()] == list(old)
        with pytest.MonkeyPatch.context() as patch:
            Kills(patch, kills)
            try:
                file.settle(WHAT)
                file.can_be_replaced = anywhere
                rewrite(file, *new, meanwhile=coming())
                survived = True
            except Killed:
                kills += 1
        file.close()

        found = [line + b"\n" for line in held(path)]

        came = [line for line in found if line in meanwhile]
        assert came[: len(acknowledged)] == acknowledged
        assert [line for line in found if line in new] == list(new) or found[: len(old)] == list(
            old
        )
        written(path, *new)  # and nothing that is left stands in the way
        assert held(path) == [line.rstrip() for line in new]
    assert kills > 3


def test_a_full_disk_leaves_what_was_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(b'{"ours":1}\nold\n')
    file, _ = opened(path)
    write, room = os.write, [600]

    def full(file: int, content: bytes) -> int:
        if room[0] < len(content):
            raise OSError(errno.ENOSPC, "No space left on device")
        room[0] -= len(content)
        return write(file, content)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        anew = file.anew(WHAT, 0)
        anew.write(b"n" * 300 + b"\n")
        with pytest.raises(OSError, match="No space"):
            anew.write(b"n" * 300 + b"\n")
        anew.give_up()
        with pytest.raises(OSError, match="No space"):
            file.anew(WHAT, 0)
    file.append(b"next\n")
    file.close()
    assert held(path) == [b"old", b"next"]
    assert [each.name for each in path.parent.iterdir()] == ["file"]


@pytest.mark.parametrize(
    "content",
    [
        b'{"name":"my-app"}',
        b'{"name":"my-app"}\n',
        b"SQLite format 3\x00" + bytes(1000),
        b"{",
        b"\n",
        b'{"ours":1,"from":9000}\nold\n',
        b'{"ours":1,"from":-1}\nold\n',
        b'{"ours":1,"from":"x"}\nold\n',
        b'{"ours":1,"until":1000}\nold\n',
        b'{"ours":\xff}\nold\n',
    ],
)
def test_what_is_not_ours_stays_as_it_is(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(NotOurs):
        LineFile(path, MAGIC)
    assert path.read_bytes() == content
    assert [each.name for each in path.parent.iterdir()] == ["file"]


def test_a_head_without_an_end_is_torn_off(path: Path) -> None:
    path.write_bytes(b'{"ours":1')
    file = LineFile(path, MAGIC)
    assert (file.head, list(file.lines()), file.torn) == (None, [], b'{"ours":1')
    kept = file.settle(WHAT)
    assert kept is not None
    assert kept.read_bytes() == b'{"ours":1'
    file.close()
    assert held(path) == []


def test_what_is_torn_off_is_kept_besides_what_was_before(path: Path) -> None:
    names = []
    for torn in (b"a", b"b"):
        path.write_bytes(b'{"ours":1}\nold\n' + torn)
        file = LineFile(path, MAGIC)
        assert [line for _, line in file.lines()] == [b"old\n"]
        kept = file.settle(WHAT)
        assert kept is not None
        assert kept.read_bytes() == torn
        names.append(kept.name)
        file.append(b"next\n")
        file.close()
        assert held(path) == [b"old", b"next"]
    assert names == ["file.torn-1", "file.torn-2"]


def test_a_link_stays_one(tmp_path: Path, path: Path) -> None:
    target = tmp_path / "folder" / "target"
    target.parent.mkdir()
    path.symlink_to(target)
    for line in (b"one\n", b"two\n"):
        written(path, line)
        assert path.is_symlink()
        assert held(target) == [line.rstrip()]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["file", "folder"]


def test_what_is_in_the_way_stays(path: Path) -> None:
    file = LineFile(path, MAGIC)
    other = path.with_name("file.new")
    other.write_text("mine")
    with pytest.raises(FileExistsError, match="in the way"):
        file.settle(WHAT)
    assert other.read_text() == "mine"
    other.write_bytes(MAGIC + b"1}\nleft from a kill")
    file.settle(WHAT)
    assert not other.exists()
    other.write_text("mine")
    rewrite(file, b"new\n")
    assert other.read_text() == "mine"
    file.close()
    other.unlink()
    assert held(path) == [b"new"]


@pytest.fixture(params=["folder", "device", "pipe", "nowhere", "loop"])
def no_file(request: pytest.FixtureRequest, path: Path) -> Path:
    match request.param:
        case "folder":
            path.mkdir()
        case "device":
            path = Path("/dev/null")
        case "pipe":
            os.mkfifo(path)
        case "nowhere":
            path = path / "file"
        case "loop":
            path.symlink_to(path)
    return path


def test_what_is_no_file_is_not_waited_for(no_file: Path) -> None:
    with pytest.raises(OSError, match=r"regular file|No such file|Too many levels"):
        LineFile(no_file, MAGIC)


def test_one_process_has_it(path: Path) -> None:
    file = LineFile(path, MAGIC)
    with pytest.raises(OSError, match="another emulator uses it"):
        LineFile(path, MAGIC)
    file.close()
    file.close()
    assert held(path) == []


def test_what_cannot_be_locked_is_not_held(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    with monkeypatch.context() as patch:
        patch.setattr("fcntl.flock", fail)
        with pytest.raises(OSError, match="No locks"):
            LineFile(path, MAGIC)
    assert held(path) == []
