"""A journal of Sync that is read again: the same objects, ends and permissions come of it."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, START, PlainNumbering
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.journal import Written
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import QUIET, Origin, Source, World
from twilio_emulator.core.sync.documents import (
    AddSyncDocument,
    RemoveSyncDocument,
    UpdateSyncDocument,
)
from twilio_emulator.core.sync.endpoints import ConnectSyncEndpoint, DisconnectSyncEndpoint
from twilio_emulator.core.sync.grants import SetSyncMapPermission
from twilio_emulator.core.sync.lists import (
    AddSyncList,
    AddSyncListItem,
    RemoveSyncListItem,
    UpdateSyncList,
)
from twilio_emulator.core.sync.maps import (
    AddSyncMap,
    PutSyncMapItem,
    RemoveSyncMap,
    RemoveSyncMapItem,
)
from twilio_emulator.core.sync.services import FIRST_SYNC_SERVICE, UpdateSyncService
from twilio_emulator.core.sync.streams import AddSyncStream, PublishSyncMessage
from twilio_emulator.core.wings import new_world, read_line

ALICE = Origin(source=Source.SDK, identity="alice", endpoint="endpoint")
WHERE = {"account": ACCOUNT, "service": "default"}


def fresh() -> World:
    return new_world(ACCOUNT, 1, Clock(lambda: 0.0, START, rate=0), PlainNumbering())


def wishes(chance: random.Random) -> list[Callable[[], Any]]:
    """What may be done next; much of it is refused."""
    ttl = chance.choice([None, None, "0", "2", "7"])
    data = f'{{"n":{chance.randrange(100)}}}'
    key, index = chance.choice("abc"), str(chance.randrange(6))
    return [
        lambda: AddSyncDocument(**WHERE, unique_name=key, data=data, ttl=ttl),
        lambda: UpdateSyncDocument(**WHERE, resource=key, data=data, ttl=ttl),
        lambda: RemoveSyncDocument(**WHERE, resource=key),
        lambda: AddSyncList(**WHERE, unique_name="l", ttl=ttl),
        lambda: UpdateSyncList(**WHERE, resource="l", ttl=ttl),
        lambda: AddSyncListItem(**WHERE, resource="l", data=data, item_ttl=ttl),
        lambda: RemoveSyncListItem(**WHERE, resource="l", index=index),
        lambda: AddSyncMap(**WHERE, unique_name="m"),
        lambda: PutSyncMapItem(**WHERE, resource="m", key=key, data=data, ttl=ttl),
        lambda: RemoveSyncMapItem(**WHERE, resource="m", key=key),
        lambda: RemoveSyncMap(**WHERE, resource="m"),
        lambda: SetSyncMapPermission(**WHERE, resource="m", identity="alice", write="true"),
        lambda: AddSyncStream(**WHERE, unique_name="s", ttl=ttl),
        lambda: PublishSyncMessage(**WHERE, resource="s", data=data),
        lambda: UpdateSyncService(**WHERE, acl_enabled=chance.choice(["true", "false"])),
        lambda: UpdateSyncService(
            **WHERE, reachability_webhooks_enabled="true", reachability_debouncing_enabled="true"
        ),
        lambda: ConnectSyncEndpoint(service=FIRST_SYNC_SERVICE, identity="alice", endpoint="e"),
        lambda: DisconnectSyncEndpoint(service=FIRST_SYNC_SERVICE, identity="alice", endpoint="e"),
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_same_comes_of_the_same_journal(seed: int) -> None:
    chance = random.Random(seed)
    world, again = fresh(), fresh()
    journal = [Written(START, QUIET, OpenAccount())]
    world.perform(journal[0].command, at=START)
    performed = set()
    for _ in range(600):
        world.clock.set(world.clock.now() + timedelta(milliseconds=chance.randrange(900)))
        command = chance.choice(wishes(chance))()
        written = Written(world.clock.now(), chance.choice([QUIET, ALICE]), command)
        journal.append(written)
        try:
            world.perform(command, written.origin, written.at)
            performed.add(type(command))
        except Refused:
            continue
    missing = {type(wish()) for wish in wishes(chance)} - performed
    assert missing == set()
    again.clock.set(START + timedelta(days=1))
    for line in journal:
        written = read_line(line.plain())
        try:
            again.perform(written.command, written.origin, at=written.at)
        except Refused:
            continue
    assert again.snapshot() == world.snapshot()
    restored = fresh()
    restored.restore(world.snapshot())
    assert restored.snapshot() == world.snapshot()
