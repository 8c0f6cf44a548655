"""Lists, maps and their items: indexes and keys, revisions, ends, removals, pages."""

import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, Told
from tests.core.sync.conftest import Act
from tests.core.sync.test_documents import refusal
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync import items, lists, maps
from twilio_emulator.core.sync.lists import (
    AddSyncList,
    AddSyncListItem,
    RemoveSyncList,
    RemoveSyncListItem,
    UpdateSyncList,
    UpdateSyncListItem,
)
from twilio_emulator.core.sync.maps import (
    AddSyncMap,
    AddSyncMapItem,
    PutSyncMapItem,
    RemoveSyncMap,
    RemoveSyncMapItem,
    UpdateSyncMap,
    UpdateSyncMapItem,
)
from twilio_emulator.core.sync.resources import (
    BY_EXPIRY,
    BY_REST,
    REMOVALS_KEPT,
    SyncEndMoved,
    SyncItem,
    SyncItemAdded,
    SyncItemRemoved,
    SyncItems,
    SyncItemUpdated,
    SyncRemovals,
    SyncResource,
    SyncResourceRemoved,
)

WHERE = {"account": ACCOUNT, "service": "default", "resource": "l"}


@pytest.fixture
def push(rest: Act) -> Callable[..., SyncItem]:
    """Push an item to the list `l`, which there is."""
    rest(AddSyncList, unique_name="l")

    def push(data: str = "{}", **said: str) -> SyncItem:
        item = rest(AddSyncListItem, "l", data=data, **said)
        assert isinstance(item, SyncItem)
        return item

    return push


@pytest.fixture
def put(rest: Act) -> Callable[..., SyncItem]:
    """Add an item to the map `l`, which there is."""
    rest(AddSyncMap, unique_name="l")

    def put(key: str, data: str = "{}", **said: str) -> SyncItem:
        item = rest(AddSyncMapItem, "l", key=key, data=data, **said)
        assert isinstance(item, SyncItem)
        return item

    return put


def the_list(world: World) -> SyncResource:
    return lists.fetch_sync_list(world, **WHERE)


def the_map(world: World) -> SyncResource:
    return maps.fetch_sync_map(world, **WHERE)


def indexes(world: World, **said: Any) -> list[int]:
    return [item.index for item in lists.list_sync_list_items(world, **WHERE, **said)]


def keys(world: World, **said: Any) -> list[str]:
    return [item.key for item in maps.list_sync_map_items(world, **WHERE, **said)]


def test_the_index_of_an_item_is_the_id_of_what_added_it(
    world: World, rest: Act, push: Callable[..., SyncItem], told: Told
) -> None:
    assert (the_list(world).revision, the_list(world).last_event_id) == ("0", -1)
    assert [push().index for _ in range(3)] == [0, 1, 2]
    gone = rest(RemoveSyncListItem, "l", index="1")
    assert (gone.index, gone.event_id) == (1, 3)
    assert (push().index, the_list(world).revision) == (4, "5")
    assert indexes(world) == [0, 2, 4]
    assert lists.fetch_sync_list_item(world, **WHERE, index="4").revision == "4"
    assert [type(event) for event in told[-2:]] == [SyncItemRemoved, SyncItemAdded]


def test_the_first_item_of_a_map_is_its_event_0(
    world: World, put: Callable[..., SyncItem], told: Told
) -> None:
    item = put("a")
    assert (item.revision, the_map(world).revision) == ("0", "1")
    assert told == [SyncItemAdded(resource=the_map(world), item=item, by=BY_REST)]
    assert maps.fetch_sync_map_item(world, **WHERE, key="a") is item


def test_a_changed_item_has_the_revision_of_the_change(
    world: World, rest: Act, put: Callable[..., SyncItem], told: Told
) -> None:
    put("a")
    put("b")
    changed = rest(UpdateSyncMapItem, "l", key="a", data='{"x":1}')
    assert (changed.revision, changed.added_event_id, changed.data) == ("2", 0, '{"x":1}')
    assert told[-1] == SyncItemUpdated(resource=the_map(world), item=changed, by=BY_REST)
    same = rest(UpdateSyncMapItem, "l", key="a")
    assert same is changed
    assert the_map(world).revision == "3"


def test_a_key_is_one_items_alone(
    world: World, rest: Act, client: Act, put: Callable[..., SyncItem]
) -> None:
    put("a")
    assert refusal(put, "a") == 54208
    rest(RemoveSyncMapItem, "l", key="a")
    assert put("a").event_id == 2
    assert put("x" * 320).event_id == 3
    for key in ("", "x" * 321):
        assert refusal(put, key) == 54209
        assert refusal(client, PutSyncMapItem, "l", key=key, data="{}") == 54209


def test_what_an_item_has_to_say(rest: Act) -> None:
    rest(AddSyncMap, unique_name="l")
    rest(AddSyncList, unique_name="l")
    assert refusal(rest, AddSyncMapItem, "l", data="{}") == 20001
    assert refusal(rest, AddSyncMapItem, "l", key="a") == 20001
    assert refusal(rest, AddSyncListItem, "l") == 20001
    assert refusal(rest, AddSyncListItem, "l", data="[]") == 54008
    assert refusal(rest, AddSyncListItem, "l", data="{}", ttl="x", item_ttl="1") == 54011


def test_a_client_puts_what_it_wants_under_a_key(client: Act) -> None:
    client(AddSyncMap, unique_name="l")
    item, added = client(PutSyncMapItem, "l", key="a", data="{}", if_match="-1")
    assert (added, item.created_by) == (True, "alice")
    item, added = client(PutSyncMapItem, "l", key="a", data='{"x":1}', if_match="0")
    assert (added, item.revision) == (False, "1")
    assert refusal(client, PutSyncMapItem, "l", key="a", data="{}", if_match="-1") == 54205
    assert refusal(client, PutSyncMapItem, "l", key="b", data="{}", if_match="1") == 54205
    assert refusal(client, PutSyncMapItem, "l", key="b") == 20001


def test_who_has_seen_another_revision_of_an_item_is_refused(
    rest: Act, push: Callable[..., SyncItem]
) -> None:
    push()
    for wish in (UpdateSyncListItem, RemoveSyncListItem):
        assert refusal(rest, wish, "l", index="0", if_match="1") == 54155
        assert refusal(rest, wish, "l", index="0", if_match="z") == 54003
    rest(UpdateSyncListItem, "l", index="0", data="{}", if_match='"0"')
    rest(RemoveSyncListItem, "l", index="0", if_match="1")
    rest(AddSyncMap, unique_name="l")
    rest(AddSyncMapItem, "l", key="a", data="{}")
    assert refusal(rest, RemoveSyncMapItem, "l", key="a", if_match="1") == 54205


def test_what_is_not_there_each_door_says_in_its_way(rest: Act, client: Act) -> None:
    assert refusal(client, AddSyncListItem, "l", data="{}") == 54300
    assert refusal(client, RemoveSyncList, f"ES{'0' * 32}") == 54150
    assert refusal(client, RemoveSyncMap, f"MP{'0' * 32}") == 54200
    rest(AddSyncList, unique_name="l")
    rest(AddSyncMap, unique_name="l")
    for act, in_list, in_map in ((rest, 20404, 20404), (client, 54151, 54201)):
        assert refusal(act, UpdateSyncListItem, "l", index="0", data="{}") == in_list
        assert refusal(act, RemoveSyncMapItem, "l", key="a") == in_map
    for index in ("-1", "x", "1" * 19, "٣", ""):
        assert refusal(rest, RemoveSyncListItem, "l", index=index) == 54458


def test_ends_of_items_and_of_collections(
    world: World, rest: Act, push: Callable[..., SyncItem], told: Told
) -> None:
    item = push(ttl="10", item_ttl="20", collection_ttl="60")
    assert item.date_expires == world.now + timedelta(seconds=20)
    assert the_list(world).date_expires == world.now + timedelta(seconds=60)
    assert push(ttl="5").date_expires == world.now + timedelta(seconds=5)
    assert push().date_expires is None
    revision = the_list(world).revision
    rest(UpdateSyncListItem, "l", index="2", collection_ttl="0")
    assert (the_list(world).date_expires, the_list(world).revision) == (None, revision)
    assert rest(UpdateSyncListItem, "l", index="0", ttl="0").date_expires is None
    told.clear()
    changed = rest(UpdateSyncList, "l", ttl="7", collection_ttl="8")
    assert changed.date_expires == world.now + timedelta(seconds=8)
    assert told == [SyncEndMoved(resource=changed, by=BY_REST)]
    assert rest(UpdateSyncList, "l") is changed
    assert rest(AddSyncMap, ttl="7").date_expires == world.now + timedelta(seconds=7)
    changed = rest(UpdateSyncMap, rest(AddSyncMap).sid, collection_ttl="7")
    assert changed.date_expires is not None


def test_an_item_is_gone_when_its_time_is_over(
    world: World,
    rest: Act,
    push: Callable[..., SyncItem],
    told: Told,
    advance: Callable[..., None],
) -> None:
    push(ttl="10")
    push(ttl="11")
    push(ttl="10")
    rest(RemoveSyncListItem, "l", index="2")
    world.perform(items.ExpireSyncItem(item=f"{the_list(world).sid}/0"))
    world.perform(items.ExpireSyncItem(item="ES/0"))
    world.clock.set(world.clock.now() + timedelta(seconds=10))
    assert indexes(world) == [1]
    assert refusal(lists.fetch_sync_list_item, world, **WHERE, index="0") == 20404
    told.clear()
    advance()
    assert [event.item.event_id for event in told.of(SyncItemRemoved)] == [4]
    assert told.of(SyncItemRemoved)[0].by == BY_EXPIRY
    assert the_list(world).revision == "5"


def test_a_collection_takes_its_items_along(
    world: World,
    rest: Act,
    push: Callable[..., SyncItem],
    told: Told,
    advance: Callable[..., None],
) -> None:
    push(ttl="10")
    push(collection_ttl="5")
    rest(RemoveSyncListItem, "l", index="1")
    told.clear()
    advance(seconds=5)
    assert [type(event) for event in told] == [SyncResourceRemoved]
    assert (len(world[SyncItems]), len(world[SyncRemovals]), list(world.timers)) == (0, 0, [])
    made = rest(AddSyncList, unique_name="l")
    assert (made.revision, push().index) == ("0", 0)


def test_what_was_removed_is_remembered_for_a_while(
    world: World, rest: Act, push: Callable[..., SyncItem]
) -> None:
    push('{"a":1}')
    rest(RemoveSyncListItem, "l", index="0")
    (removal,) = world[SyncRemovals]
    assert (removal.event_id, removal.item.data, removal.by) == (1, '{"a":1}', BY_REST)
    for _ in range(REMOVALS_KEPT):
        assert the_list(world).forgotten_event_id == -1
        rest(RemoveSyncListItem, "l", index=str(push().index))
    assert len(world[SyncRemovals]) == REMOVALS_KEPT
    assert the_list(world).forgotten_event_id == 1


def test_pages_of_a_list(world: World, push: Callable[..., SyncItem], rest: Act) -> None:
    for _ in range(5):
        push()
    assert indexes(world, order="desc", from_="2", bounds="exclusive") == [1, 0]
    assert indexes(world, order="desc", from_="2") == [2, 1, 0]
    assert indexes(world, from_="3") == [3, 4]
    assert indexes(world, from_="10") == []
    rest(RemoveSyncListItem, "l", index="3")
    assert indexes(world, from_="3") == [4]
    assert refusal(lambda: indexes(world, order="up")) == 54451
    assert refusal(lambda: indexes(world, bounds="none")) == 54452
    assert refusal(lambda: indexes(world, from_="a")) == 54458
    assert [found.unique_name for found in lists.list_sync_lists(world, **_service())] == ["l"]


def test_pages_of_a_map(world: World, put: Callable[..., SyncItem]) -> None:
    for key in ("c", "a", "ä", "B", "a/b"):
        put(key)
    assert keys(world) == ["B", "a", "a/b", "c", "ä"]
    assert keys(world, from_="b") == ["c", "ä"]
    assert keys(world, from_="c", order="desc") == ["c", "a/b", "a", "B"]
    assert [found.unique_name for found in maps.list_sync_maps(world, **_service())] == ["l"]


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("bounds", ["inclusive", "exclusive"])
@pytest.mark.parametrize("start", [None, "0", "2", "3", "9"])
def test_the_way_back_is_the_way_there(
    world: World,
    rest: Act,
    push: Callable[..., SyncItem],
    order: str,
    bounds: str,
    start: str | None,
) -> None:
    for _ in range(6):
        push()
    rest(RemoveSyncListItem, "l", index="3")
    rows = lists.list_sync_list_items(world, **WHERE, order=order, bounds=bounds, from_=start)
    every = list(rows)
    pages, place = [], None
    while True:
        page, more = rows.after(place, 2)
        pages += [page] if page else []
        if not more:
            break
        place = rows.place(page[-1])
    assert [item for page in pages for item in page] == every
    for earlier, later in itertools.pairwise(pages):
        assert rows.before(rows.place(later[0]), 2) == (earlier, earlier is not pages[0])
    if pages:
        assert rows.before(rows.place(pages[0][0]), 2) == ([], False)


def test_a_world_is_the_same_after_a_snapshot(
    world: World, rest: Act, push: Callable[..., SyncItem], put: Callable[..., SyncItem]
) -> None:
    push(ttl="10")
    put("a", collection_ttl="7")
    rest(RemoveSyncListItem, "l", index="0")
    push()
    snapshot = world.snapshot()
    world.restore(snapshot)
    assert world.snapshot() == snapshot
    assert push().index == 3


def _service() -> dict[str, str]:
    return {"account": ACCOUNT, "service": "default"}
