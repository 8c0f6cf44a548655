"""Statements 39, 40, 42 and 44 of the checklist of Sync, as connected clients bring them about."""

from datetime import timedelta

import pytest

from tests.core.conftest import Told
from tests.sdk.sharer import SharedHouse, Sharer
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.sync.documents import AddSyncDocument, UpdateSyncDocument
from twilio_emulator.core.sync.endpoints import SyncReachabilityTold
from twilio_emulator.core.sync.maps import AddSyncMap, AddSyncMapItem
from twilio_emulator.core.sync.resources import (
    SyncDocumentUpdated,
    SyncDoor,
    SyncResourceCreated,
    SyncResourceRemoved,
)
from twilio_emulator.core.sync.services import UpdateSyncService

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def house(anyio_backend: str) -> SharedHouse:
    return SharedHouse()


@pytest.fixture
def told(house: SharedHouse) -> Told:
    """The events of the account, from here on."""
    told = Told()

    def hear(happened: Happened) -> None:
        told.append(happened.event)

    house.world.listeners.append(hear)
    return told


def advance(house: SharedHouse, **passed: float) -> None:
    """Let time pass, and everything that is due happen."""
    house.advance(timedelta(**passed))
    house.world.catch_up(house.world.clock.now())


async def test_39_one_connection_is_one_endpoint(house: SharedHouse, told: Told) -> None:
    house.perform(UpdateSyncService(**house.where, reachability_webhooks_enabled="true"))
    alice, again = house.sharer("alice"), house.sharer("alice")
    for sharer in (alice, alice, again):
        sharer.made("/v3/Documents", data={})
    came = [event.endpoint for event in told.of(SyncReachabilityTold)]
    made = [event.by for event in told.of(SyncResourceCreated)]
    assert {each.identity for each in (*came, *made)} == {"alice"}
    assert [each.endpoint for each in made] == [came[0].endpoint] * 2 + [came[1].endpoint]
    assert came[0].endpoint != came[1].endpoint


async def test_42_an_end_reaches_who_watches_and_who_comes_back(house: SharedHouse) -> None:
    house.perform(AddSyncMap(**house.where, unique_name="m"))
    house.perform(AddSyncMapItem(**house.where, resource="m", key="a", data='{"n":1}', ttl="10"))
    alice, bob = house.sharer("alice"), house.sharer("bob")
    described = alice.call("GET", "/v3/Maps/m").body
    assert described["last_event_id"] == 0
    alice.watch(described)
    advance(house, seconds=10)
    heard = [alice.events(), bob.watch(described)]
    for events in heard:
        (removed,) = [event for type, event in events if type == "map_item_removed"]
        assert (removed["id"], removed["item_key"]) == (1, "a")
        assert removed["item_data"] == {"n": 1}


async def test_44_a_change_says_by_which_door_it_came(house: SharedHouse, told: Told) -> None:
    house.perform(AddSyncDocument(**house.where, unique_name="cart", ttl="10"))
    house.perform(UpdateSyncDocument(**house.where, resource="cart", data='{"n":1}'))
    house.sharer("alice").call("POST", "/v3/Documents/cart", {"data": {"n": 2}})
    advance(house, seconds=10)
    by_rest, by_alice = [event.by for event in told.of(SyncDocumentUpdated)]
    (by_time,) = [event.by for event in told.of(SyncResourceRemoved)]
    assert [each.door for each in (by_rest, by_alice, by_time)] == [
        SyncDoor.REST,
        SyncDoor.CLIENT,
        SyncDoor.EXPIRY,
    ]
    assert (by_alice.identity, by_time.identity) == ("alice", "system")


async def test_a_client_is_told_of_each_change_by_the_next_id(house: SharedHouse) -> None:
    made = house.perform(AddSyncDocument(**house.where, unique_name="cart"))
    alice: Sharer = house.sharer("alice")
    alice.watch(alice.call("GET", "/v3/Documents/cart").body)
    for n in range(3):
        house.perform(UpdateSyncDocument(**house.where, resource=made.sid, data=f'{{"n":{n}}}'))
    events = alice.events()
    assert [event["id"] for _, event in events] == [1, 2, 3]
    assert [event["document_revision"] for _, event in events] == ["1", "2", "3"]
