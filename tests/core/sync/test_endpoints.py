"""Connections that come and go, and who is told of them."""

from collections.abc import Callable

import pytest

from tests.core.conftest import ACCOUNT, Told
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync.endpoints import (
    ConnectSyncEndpoint,
    DisconnectSyncEndpoint,
    SyncEndpointConnected,
    SyncEndpointDisconnected,
    SyncReachabilityTold,
)
from twilio_emulator.core.sync.service_removal import RemoveSyncService
from twilio_emulator.core.sync.services import FIRST_SYNC_SERVICE, UpdateSyncService

Move = Callable[..., list[bool]]


@pytest.fixture
def come(world: World, told: Told) -> Move:
    return lambda others=0: move(world, told, ConnectSyncEndpoint, others)


@pytest.fixture
def go(world: World, told: Told) -> Move:
    return lambda others=0: move(world, told, DisconnectSyncEndpoint, others)


def move(
    world: World,
    told: Told,
    command: type[ConnectSyncEndpoint | DisconnectSyncEndpoint],
    others: int,
) -> list[bool]:
    """What is told of a connection of Alice's that comes or goes."""
    told.clear()
    world.perform(
        command(service=FIRST_SYNC_SERVICE, identity="alice", endpoint="e", others=others)
    )
    return [event.is_connected for event in told.of(SyncReachabilityTold)]


def update(world: World, **said: str) -> None:
    world.perform(UpdateSyncService(account=ACCOUNT, service="default", **said))


def test_nobody_is_told_who_does_not_want_to_know(told: Told, come: Move, go: Move) -> None:
    assert come() == []
    assert [type(event) for event in told] == [SyncEndpointConnected]
    assert go() == []
    assert [type(event) for event in told] == [SyncEndpointDisconnected]


def test_each_connection_is_told(world: World, come: Move, go: Move) -> None:
    update(world, reachability_webhooks_enabled="true")
    assert (come(), come(1), go(1), go()) == ([True], [True], [False], [False])


def test_with_debouncing_it_is_people_who_come_and_go(
    world: World, told: Told, come: Move, go: Move, advance: Callable[..., None]
) -> None:
    update(
        world,
        reachability_webhooks_enabled="true",
        reachability_debouncing_enabled="true",
        reachability_debouncing_window="2000",
    )
    assert (come(), come(1), go(1)) == ([True], [], [])
    assert go() == []
    advance(milliseconds=1999)
    assert come() == []
    assert go() == []
    advance(milliseconds=1999)
    assert told.of(SyncReachabilityTold) == []
    advance(milliseconds=1)
    assert [event.is_connected for event in told.of(SyncReachabilityTold)] == [False]
    assert come() == [True]


def test_who_does_not_want_to_know_any_more_is_not_told(
    world: World, told: Told, come: Move, go: Move, advance: Callable[..., None]
) -> None:
    update(world, reachability_webhooks_enabled="true", reachability_debouncing_enabled="true")
    go()
    update(world, reachability_webhooks_enabled="false")
    advance(seconds=5)
    update(world, reachability_webhooks_enabled="true")
    go()
    world.perform(RemoveSyncService(account=ACCOUNT, service="default"))
    advance(seconds=5)
    assert told.of(SyncReachabilityTold) == []
    assert (come(), go()) == ([], [])
