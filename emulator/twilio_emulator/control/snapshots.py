"""Snapshots of an account by the control API: all that it holds, saved and put back.

Secrets from outside, such as the auth token of a stack's environment, are not shown; where a
snapshot says so, the account keeps the one that it has.
"""

from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any, TypedDict

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.journal_entries import HIDDEN
from twilio_emulator.control.pieces import encode, in_pieces, members
from twilio_emulator.control.routes import Control, Controls
from twilio_emulator.core.kernel.records import Plain, plain, write_instant
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.core.kernel.world import World
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.uploads import Files

Secrets = Mapping[str, tuple[str, ...]]
"""Where secrets stand that may have come from outside: by table, the fields."""


class PutBack(TypedDict):
    """That a snapshot was put back.

    Attributes:
        now: what the account's clock shows.
    """

    now: str


def declare(
    controls: Controls,
    worlds: Worlds,
    files: Files,
    forget: Callable[[], None],
    secrets: Secrets,
) -> None:
    """Declare the calls of this file.

    Args:
        files: holds the bytes that a snapshot names, which may be put back.
        forget: forgets credentials that have been looked up.
    """

    controls.group("snapshot", "A whole account, to be taken away and put back.")

    @controls.on(
        "GET",
        "/snapshot",
        "take_snapshot",
        "All that the account holds, to be put back later, here or elsewhere.",
        gives=dict[str, Any],
    )
    async def save(control: Control) -> Reply:
        files.pin(control.hosted.world)
        return in_pieces(written(control.hosted.world, shown))

    def shown(table: str, kept: object) -> dict[str, Plain]:
        row = plain(kept)
        assert isinstance(row, dict)
        for field in secrets.get(table, ()):
            if field in row and worlds.printable(str(row[field])) is None:
                row[field] = HIDDEN
        return row

    @controls.on(
        "PUT",
        "/snapshot",
        "put_snapshot_back",
        "Makes the account what it was when the snapshot was taken.",
        body=dict,
        gives=PutBack,
    )
    async def put_back(control: Control) -> Reply:
        hosted, snapshot = control.whole(), control.body(dict)
        for table, row, field in _secrets(snapshot, secrets):
            if row[field] == HIDDEN:
                row[field] = _present(hosted.world, table, str(row.get("sid")), field)
        await hosted.gate.perform(RestoreWorld(snapshot=snapshot))
        forget()
        return json_reply({"now": write_instant(hosted.world.now)})


def written(world: World, shown: Callable[[str, object], Plain]) -> Iterator[bytes]:
    """The snapshot of this instant, in pieces of JSON, each record as it is `shown`.

    What there is now is noted now, and records do not change; so what happens until the last piece
    is made is not in it.
    """
    circumstances = encode(world.circumstances())
    timers = [timer.plain() for timer in world.timers]
    tables = [(name, list(table)) for name, table in world.tables().items() if len(table)]
    return _parts(circumstances, timers, tables, shown)


def _parts(
    circumstances: bytes,
    timers: list[dict[str, Plain]],
    tables: list[tuple[str, list[Any]]],
    shown: Callable[[str, object], Plain],
) -> Iterator[bytes]:
    yield circumstances[:-1]
    yield from members("timers", timers, b",")
    opening = b',"tables":{'
    for name, records in tables:
        yield from members(name, (shown(name, each) for each in records), opening)
        opening = b","
    yield b"}}"


def _secrets(
    snapshot: dict[str, Any], secrets: Secrets
) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Table, row and field of every secret. What is no snapshot has none; the core refuses it."""
    tables = snapshot.get("tables")
    for table, fields in secrets.items():
        rows = tables.get(table) if isinstance(tables, dict) else None
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                yield from ((table, row, field) for field in fields if field in row)


def _present(world: World, table: str, sid: str, field: str) -> str:
    """The secret that the world has.

    Raises:
        Mistaken: it has none.
    """
    held = world.tables()[table].get(sid)
    if held is None:
        raise Mistaken(f"body: tables.{table}: {sid} has no {field} here that it could keep")
    return str(attrgetter(field)(held))
