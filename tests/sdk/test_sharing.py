"""Sync through the socket: what is at its edges, and that all who share see the same in the end."""

import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from tests.sdk.client import frame
from tests.sdk.sharer import SharedHouse, Sharer
from twilio_emulator.core.conversations.resources import Users
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import Fault, SocketFault
from twilio_emulator.core.sync import items as items_of_core
from twilio_emulator.core.sync.documents import AddSyncDocument, UpdateSyncDocument
from twilio_emulator.core.sync.endpoints import SyncReachabilityTold
from twilio_emulator.core.sync.lists import AddSyncListItem, RemoveSyncListItem, UpdateSyncListItem
from twilio_emulator.core.sync.maps import PutSyncMapItem, RemoveSyncMap, RemoveSyncMapItem
from twilio_emulator.core.sync.resources import SyncItems, SyncResources
from twilio_emulator.core.sync.service_removal import RemoveSyncService
from twilio_emulator.core.sync.services import AddSyncService, UpdateSyncService

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def house(anyio_backend: str) -> SharedHouse:
    return SharedHouse()


@pytest.fixture
async def alice(house: SharedHouse) -> Sharer:
    return house.sharer("alice")


async def test_a_token_without_a_grant_or_for_no_service_opens_nothing(house: SharedHouse) -> None:
    for token, why in (
        (house.token("alice"), "data_sync"),
        (house.sync_token("alice", "IS" + "9" * 32), "data_sync"),
    ):
        said = house.visitor().init(token, registrations=[{"type": "ers", "product": why}])
        assert (said["status"]["code"], said["status"]["errorCode"]) == (401, 20106)


async def test_who_opens_an_object_and_who_leaves_it_is_noted(
    house: SharedHouse, alice: Sharer
) -> None:
    cart = {**alice.made("/v3/Documents", unique_name="cart"), "type": "document"}
    alice.watch(cart)
    alice.watch(cart)  # once more, as after a pause: nothing has changed
    leave = {"object_sid": cart["sid"], "object_type": "document"}
    cancel = {"event_protocol_version": 4, "action": "cancel", "requests": [leave, leave]}
    alice.call("POST", "/v4/Subscriptions", cancel)
    alice.watch(cart)
    alice.call("DELETE", f"/v3/Documents/{cart['sid']}")
    alice.watch(cart)  # is refused: it is gone
    alice.watch(cart)
    log = [each for each in house.worlds.default.gate.log.after(0) if each.kind == "subscription"]
    noted = [asdict(each.content) for each in log]
    common = {"identity": "alice", "service_sid": house.service_sid, "object_sid": cart["sid"]}
    states = ("watching", "left", "watching", "left")
    assert noted == [{**common, "state": state} for state in states]


async def test_who_watches_is_noted_at_its_own_time(house: SharedHouse, alice: Sharer) -> None:
    """Not at that of the last command."""
    cart, clock = alice.made("/v3/Documents", unique_name="cart"), house.world.clock
    clock.set(clock.now() + timedelta(minutes=1))
    alice.watch(cart)
    log = house.worlds.default.gate.log.after(0)
    assert [each.at for each in log if each.kind == "subscription"] == [clock.now()]


async def test_a_token_of_another_identity_or_service_does_not_renew(
    house: SharedHouse, alice: Sharer
) -> None:
    other = house.perform(AddSyncService(account=house.world.account_sid))
    for token in (house.sync_token("bob"), house.sync_token("alice", other.sid)):
        status = house.sharer("alice").update(token)
        assert (status["code"], status["errorCode"]) == (401, 51215)
    assert alice.update(house.sync_token("alice"))["code"] == 200


async def test_a_client_that_does_not_say_what_it_is_for_is_asked_by_its_requests(
    house: SharedHouse,
) -> None:
    old = Sharer(house)
    old.init(house.sync_token("alice", chat=True))
    connection = old.connection.entered
    assert (connection.sessions, connection.watches) == ({}, [])
    old.made("/v3/Documents", unique_name="d")
    assert list(connection.sessions) == ["data_sync"]
    old.connection.leave()


@pytest.mark.parametrize(
    ("method", "path", "body", "error"),
    [
        ("POST", "/v3/Documents", b"{", (400, 54008)),
        ("POST", "/v3/Documents", {"unique_name": 5}, (400, 54008)),
        ("POST", "/v3/Documents", {"data": [1]}, (400, 54008)),
        ("POST", "/v3/Documents", {"data": None}, (400, 54008)),
        ("POST", "/v3/Documents", b'{"data": {"a": "\xff"}}', (400, 54008)),
        ("POST", "/v3/Lists", b'{"context": {"a": "\xff"}}', (400, 54008)),
        ("POST", "/v3/Documents", {"ttl": 1.5}, (400, 54011)),
        ("POST", "/v3/Documents", {"ttl": -1}, (400, 54011)),
        ("POST", "/v3/Documents", {"unique_name": ""}, (400, 54302)),
        ("POST", "/v3/Documents/none", {"data": {}}, (404, 54300)),
        ("POST", "/v3/Things", {}, (404, 20404)),
        ("POST", "/v3/Things/x", {}, (404, 20404)),
        ("DELETE", "/v3/Things/x", None, (404, 20404)),
        ("POST", "/v3/Things/x/Items", {}, (404, 20404)),
        ("PUT", "/v3/Lists/x/Items/0", {}, (404, 20404)),
        ("GET", "/v3/Maps", None, (404, 20404)),
        ("GET", "/v3/Streams/x", None, (404, 54300)),
        ("POST", "/v3/Insights/tr-worker/Items", {"query_string": ""}, (404, 54502)),
    ],
)
async def test_what_cannot_be_is_refused_and_changes_nothing(
    house: SharedHouse, alice: Sharer, method: str, path: str, body: object, error: tuple[int, int]
) -> None:
    before = len(house.world[SyncResources])
    assert alice.call(method, path, body).error == error
    assert len(house.world[SyncResources]) == before


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"PageSize": "0"}, 54454),
        ({"PageSize": "1001"}, 54454),
        ({"PageSize": "x"}, 54454),
        ({"Order": "up"}, 54451),
        ({"Bounds": "some"}, 54452),
        ({"From": "x"}, 54458),
    ],
)
async def test_a_page_that_cannot_be(alice: Sharer, params: dict[str, str], code: int) -> None:
    alice.made("/v3/Lists", unique_name="l")
    assert alice.call("GET", "/v3/Lists/l/Items", **params).error == (400, code)


async def test_one_item_by_its_name(alice: Sharer) -> None:
    alice.made("/v3/Lists", unique_name="l", context={"a": 1})
    alice.made("/v3/Lists/l/Items", data={"n": 1})
    page = alice.call("GET", "/v3/Lists/l/Items", Index="0").body
    assert [item["data"] for item in page["items"]] == [{"n": 1}]
    assert alice.call("GET", "/v3/Lists/l/Items", Index="1").body["items"] == []
    assert alice.call("GET", "/v3/Lists/l/Items/1").error == (404, 54151)
    assert alice.call("GET", "/v3/Lists/l/Context").body["data"] == {"a": 1}
    made = alice.made("/v3/Maps", unique_name="m")
    assert alice.call("GET", "/v3/Maps/m/Context").error == (404, 20404)
    alice.call("POST", "/v3/Maps/m/Items", {"key": "k", "data": {}})
    whole = alice.call("GET", "/v3/Maps/m", Include="items").body
    assert (whole["sid"], [item["key"] for item in whole["items"]]) == (made["sid"], ["k"])
    assert alice.call("POST", "/v3/Maps/m/Items", {"key": "k", "data": {}}).error == (409, 54208)


async def test_an_index_may_be_spelled_oddly_but_is_a_number(alice: Sharer) -> None:
    alice.made("/v3/Lists", unique_name="l")
    alice.made("/v3/Lists/l/Items", data={})
    assert alice.call("GET", "/v3/Lists/l/Items/00").body["index"] == 0
    assert len(alice.call("GET", "/v3/Lists/l/Items", Index="00").body["items"]) == 1
    for index in ("x", "-1", "1.0", "9" * 30):
        assert alice.call("GET", "/v3/Lists/l/Items", Index=index).error == (400, 54458)
        for method in ("GET", "POST", "DELETE"):
            told = alice.call(method, f"/v3/Lists/l/Items/{index}", {"data": {}})
            assert told.error == (400, 54458)


async def test_names_may_be_words_of_paths(alice: Sharer) -> None:
    """By the status of an answer a client knows what is new."""
    alice.made("/v3/Maps", unique_name="Items")
    path = "/v3/Maps/Items/Items"
    assert alice.call("POST", path, {"key": "Items", "data": {}}).status == 201
    for method, end in (("POST", ""), ("POST", "/Items/Items"), ("PUT", "/Items/Items")):
        assert alice.call(method, f"/v3/Maps/Items{end}", {"ttl": 60}).status == 200


async def test_a_page_has_a_thousand_items_at_most(alice: Sharer) -> None:
    alice.made("/v3/Lists", unique_name="l")
    for _ in range(101):
        alice.made("/v3/Lists/l/Items", data={})
    for size, goes_on in ((100, True), (1000, False)):
        page = alice.call("GET", "/v3/Lists/l/Items", PageSize=str(size)).body
        assert (len(page["items"]), bool(page["meta"]["next_token"])) == (min(size, 101), goes_on)
    assert [it["index"] for it in alice.every("/v3/Lists/l/Items")] == list(range(101))
    for _ in range(201):
        alice.made("/v3/Lists/l/Items", data={})
    page = alice.call("GET", "/v3/Lists/l/Items", PageSize="150", Order="desc").body
    sizes = [len(page["items"])]
    while token := page["meta"]["next_token"]:
        page = alice.call("GET", "/v3/Lists/l/Items", PageToken=token).body
        sizes.append(len(page["items"]))
    assert sizes == [150, 150, 2]
    on = alice.call("GET", "/v3/Lists/l/Items", PageSize="1001", From="300").body
    assert [it["index"] for it in on["items"]] == [300, 301]


async def test_ends_of_all_kinds_by_clients(house: SharedHouse, alice: Sharer) -> None:
    for kind in ("Documents", "Lists", "Maps", "Streams"):
        alice.made(f"/v3/{kind}", unique_name="x")
        ended = alice.call("POST", f"/v3/{kind}/x", {"ttl": 60})
        assert (ended.status, ended.body["date_expires"] > ended.body["date_updated"]) == (
            200,
            True,
        )
        assert (ended.etag is None) is (kind == "Streams")


async def test_who_causes_a_removal_is_not_told_of_it(house: SharedHouse, alice: Sharer) -> None:
    map_, stream = alice.made("/v3/Maps", unique_name="m"), alice.made("/v3/Streams")
    alice.watch(map_, stream)
    alice.call("PUT", "/v3/Maps/m/Items/k", {"data": {}})
    alice.call("DELETE", "/v3/Maps/m/Items/k", "data_sync")
    alice.call("PUT", "/v3/Maps/m/Items/l", {"data": {}, "ttl": 5})
    alice.call("POST", f"/v3/Streams/{stream['sid']}/Messages", {"data": {}})
    alice.call("DELETE", f"/v3/Streams/{stream['sid']}", "data_sync")
    assert [type for type, _ in alice.events()] == ["map_item_added", "map_item_added"]
    house.perform(RemoveSyncMapItem(**house.where, resource="m", key="l"))
    house.perform(RemoveSyncMap(**house.where, resource="m"))
    assert [type for type, _ in alice.events()] == ["map_item_removed", "map_removed"]


async def test_what_is_due_before_a_write_is_told_to_the_writer_too(
    house: SharedHouse, alice: Sharer
) -> None:
    alice.watch(alice.made("/v3/Maps", unique_name="m"))
    alice.call("PUT", "/v3/Maps/m/Items/short", {"data": {}, "ttl": 5})
    alice.events()
    house.world.clock.set(house.world.clock.now() + timedelta(seconds=6))
    alice.call("PUT", "/v3/Maps/m/Items/k", {"data": {}})
    assert [type for type, _ in alice.events()] == ["map_item_removed", "map_item_added"]


async def test_a_removal_while_a_client_catches_up(house: SharedHouse, alice: Sharer) -> None:
    made = alice.made("/v3/Maps", unique_name="m")
    alice.call("PUT", "/v3/Maps/m/Items/k", {"data": {}})
    bob = house.sharer("bob")
    wanted = [{"object_sid": made["sid"], "object_type": "map", "last_event_id": -1}]
    body = json.dumps({"action": "establish", "requests": wanted}).encode()
    http = {"method": "POST", "path": "/v4/Subscriptions"}
    header = {"id": "TM9", "method": "message", "http_request": http}
    bob.connection.receive(frame(header, body))  # and it reads nothing yet
    house.perform(RemoveSyncMap(**house.where, resource="m"))
    types = [type for type, _ in bob.events()]
    assert types == ["map_removed", "subscription_established"]


async def test_what_nobody_can_be_told_any_more(
    house: SharedHouse, alice: Sharer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client opens it anew."""
    monkeypatch.setattr(items_of_core, "REMOVALS_KEPT", 2)
    made = alice.made("/v3/Maps", unique_name="m")
    for key in "abc":
        alice.call("PUT", f"/v3/Maps/m/Items/{key}", {"data": {}})
    seen = alice.call("GET", "/v3/Maps/m").body["last_event_id"]
    for key in "abc":
        alice.call("DELETE", f"/v3/Maps/m/Items/{key}", "data_sync")
    [(type, failed)] = alice.watch(made, position=seen)
    assert (type, failed["error"]["code"]) == ("subscription_failed", 54200)
    types = [type for type, _ in alice.watch(made, position=seen + 1)]
    assert types == ["map_item_removed", "map_item_removed", "subscription_established"]
    [(type, _)] = alice.watch(made, position=seen + 100)
    assert type == "subscription_failed"


async def test_what_is_forgotten_while_a_client_catches_up(
    house: SharedHouse, alice: Sharer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It would show for ever what is not there."""
    monkeypatch.setattr(items_of_core, "REMOVALS_KEPT", 2)
    alice.watch(alice.made("/v3/Maps", unique_name="m"))
    for key in "abc":
        alice.call("PUT", f"/v3/Maps/m/Items/{key}", {"data": {}})
    house.perform(UpdateSyncService(**house.where, acl_enabled="true"))
    alice.events()
    for key in "abc":
        house.perform(RemoveSyncMapItem(**house.where, resource="m", key=key))
    house.perform(UpdateSyncService(**house.where, acl_enabled="false"))
    assert [type for type, _ in alice.events()] == ["map_removed"]
    house.perform(PutSyncMapItem(**house.where, resource="m", key="d", data="{}"))
    assert [type for type, _ in alice.events()] == ["map_item_added"]


async def test_what_a_client_made_before_it_watches_and_others_removed(
    house: SharedHouse, alice: Sharer
) -> None:
    """It knows of it by its own answer, so it has to be told."""
    map_ = alice.made("/v3/Maps", unique_name="m")
    list_ = alice.made("/v3/Lists", unique_name="l")
    for key in "ab":
        alice.call("PUT", f"/v3/Maps/m/Items/{key}", {"data": {"key": key}})
        alice.call("PUT", f"/v3/Maps/m/Items/{key}", {"data": {"key": key}})
    for _ in range(2):
        alice.made("/v3/Lists/l/Items", data={})
    house.perform(RemoveSyncMapItem(**house.where, resource="m", key="a"))
    house.perform(RemoveSyncListItem(**house.where, resource="l", index="0"))
    told = alice.watch(map_, list_)
    seen = [(type, event.get("id")) for type, event in told]
    assert seen == [
        ("map_item_added", 0),
        ("map_item_added", 3),
        ("map_item_removed", 4),
        ("subscription_established", None),
        ("list_item_added", 0),
        ("list_item_added", 1),
        ("list_item_removed", 2),
        ("subscription_established", None),
    ]
    assert told[0][1]["item_revision"] == "0"


async def test_a_service_that_is_deleted_takes_its_connections_along(house: SharedHouse) -> None:
    other = house.perform(AddSyncService(account=house.world.account_sid))
    guest, alice = house.sharer("alice", other.sid), house.sharer("alice")
    guest.watch(guest.made("/v3/Documents"))
    house.perform(RemoveSyncService(account=house.world.account_sid, service=other.sid))
    assert (guest.connection.dropped, alice.connection.dropped) == (True, False)
    guest.connection.leave()
    house.perform(AddSyncService(account=house.world.account_sid, acl_enabled="true"))


async def test_who_may_what_is_looked_at_only_when_that_changes(
    house: SharedHouse, alice: Sharer
) -> None:
    document = alice.made("/v3/Documents", unique_name="d")
    alice.watch(document)
    for said in ("true", "true", "false"):
        house.perform(UpdateSyncService(**house.where, acl_enabled=said))
        house.perform(UpdateSyncDocument(**house.where, resource="d", data="{}"))
    # She may read it no more, and then she may again, and catches up.
    assert [event["id"] for _, event in alice.events()] == [3]


async def test_a_world_that_is_put_back_drops_everybody(house: SharedHouse, alice: Sharer) -> None:
    house.perform(AddSyncDocument(**house.where, unique_name="d"))
    before = house.world.snapshot()
    document = alice.call("GET", "/v3/Documents/d").body
    alice.watch(document)
    house.perform(UpdateSyncDocument(**house.where, resource="d", data="{}"))
    house.perform(RestoreWorld(snapshot=before))
    assert alice.connection.dropped
    alice.connection.leave()
    again = house.sharer("alice")
    [(type, _)] = again.watch({**document, "last_event_id": 1})
    assert type == "subscription_failed"  # what it knows has never been
    assert again.call("GET", "/v3/Documents/d").body["last_event_id"] == 0


async def test_connections_that_come_and_go_are_told(house: SharedHouse) -> None:
    told: list[tuple[str, bool]] = []

    def hear(happened: Happened) -> None:
        assert isinstance(happened.event, SyncReachabilityTold)
        told.append((happened.event.endpoint.endpoint, happened.event.is_connected))

    house.world.listeners.append(hear, (SyncReachabilityTold,))
    house.perform(
        UpdateSyncService(
            **house.where,
            reachability_webhooks_enabled="true",
            reachability_debouncing_enabled="true",
        )
    )
    first, second = house.sharer("alice"), house.sharer("alice")
    endpoint = first.connection.entered.endpoint_id
    first.connection.leave()
    second.connection.leave()
    assert told == [(endpoint, True)]
    assert endpoint.startswith("twi1-")


async def test_a_client_that_is_told_to_wait(house: SharedHouse) -> None:
    house.perform(AddFault(do=Fault(socket=SocketFault(throttle=1))))
    alice = house.sharer("alice")
    assert alice.call("POST", "/v3/Documents", {}).error == (429, 54009)
    assert alice.call("POST", "/v3/Documents", {}).status == 201


@dataclass
class Cached:
    """What a client of Sync keeps of an object, by the rules of the JavaScript SDK."""

    sid: str
    kind: str
    position: int
    items: dict[Any, tuple[int, Any]] = field(default_factory=dict)
    tombs: dict[Any, int] = field(default_factory=dict)

    def hear(self, type: str, event: dict[str, Any]) -> None:
        key = event.get("item_key", event.get("item_index", ""))
        id = event["id"]
        assert id > self.position  # in order, and none twice
        self.position = id
        if id <= max(self.items.get(key, (-1, None))[0], self.tombs.get(key, -1)):
            return
        if type.endswith("_removed"):
            self.items.pop(key, None)
            self.tombs[key] = id
        else:
            self.items[key] = id, event.get("item_data", event.get("document_data"))


class Follower:
    """A client that follows a document, a list and a map, over any number of connections."""

    def __init__(self, house: SharedHouse, name: str) -> None:
        self.name = name
        self.sharer = house.sharer(name)
        self.cached: dict[str, Cached] = {}
        for collection in ("Documents", "Lists", "Maps"):
            path = f"/v3/{collection}/shared"
            told = self.sharer.call("GET", path)
            if told.status == 404:
                self.sharer.made(f"/v3/{collection}", unique_name="shared")
                told = self.sharer.call("GET", path)
            it = told.body
            cached = Cached(it["sid"], it["type"], it["last_event_id"])
            if collection == "Documents":
                cached.items[""] = it["last_event_id"], it["data"]
            else:
                for item in self.sharer.every(f"{path}/Items"):
                    key = item.get("key", item.get("index"))
                    cached.items[key] = item["last_event_id"], item["data"]
            self.cached[it["sid"]] = cached
        self.establish()

    def establish(self) -> None:
        wanted = [
            {"sid": it.sid, "type": it.kind, "last_event_id": it.position}
            for it in self.cached.values()
        ]
        self.take(self.sharer.watch(*wanted))

    def come(self, house: SharedHouse) -> None:
        """Connect anew, and go on from where it stands."""
        self.sharer = house.sharer(self.name)
        self.establish()

    def take(self, events: list[tuple[str, Any]]) -> None:
        for type, event in events:
            if type == "subscription_established":
                cached = self.cached[event["object_sid"]]
                assert event["last_event_id"] >= cached.position
                cached.position = event["last_event_id"]
            else:
                kind = type.split("_")[0]
                self.cached[event[f"{kind}_sid"]].hear(type, event)

    def shown(self) -> list[dict[Any, Any]]:
        self.take(self.sharer.events())
        return [{key: data for key, (_, data) in it.items.items()} for it in self.cached.values()]


class Party:
    """Clients and REST that change the same objects, in an order that dice give."""

    def __init__(self, house: SharedHouse, seed: int) -> None:
        self.house = house
        self.dice = Random(seed)
        self.followers = [Follower(house, name) for name in ("a", "b", "c")]
        self.away: list[Follower] = []

    def step(self, n: int) -> None:
        """Something happens."""
        follower = self.dice.choice(self.followers)
        match self.dice.randrange(12):
            case 0 if follower not in self.away:
                self.leave(follower)
                self.away.append(follower)
            case 1 if self.away:
                self.away.pop().come(self.house)
            case 2 if follower not in self.away:
                self.leave(follower)
                follower.come(self.house)
            case 3:
                self.restart()
            case 4 | 5:
                self.write(follower, n)
            case _:
                self.rest(n)

    def leave(self, follower: Follower) -> None:
        follower.take(follower.sharer.events())
        follower.sharer.connection.leave()

    def restart(self) -> None:
        """Everything is what it was, and nobody is connected."""
        here = [each for each in self.followers if each not in self.away]
        snapshot = self.house.world.snapshot()
        for each in here:
            self.leave(each)
        self.house.perform(RestoreWorld(snapshot=snapshot))
        for each in here:
            each.come(self.house)

    def write(self, follower: Follower, n: int) -> None:
        """A client changes something; it may be away, and another then does."""
        if follower not in self.away:
            path = f"/v3/Maps/shared/Items/k{self.dice.randrange(8)}"
            follower.sharer.call("PUT", path, {"data": {"n": n}})
            follower.sharer.call("POST", "/v3/Lists/shared/Items", {"data": {"n": n}})

    def rest(self, n: int) -> None:
        """REST changes something."""
        items = list(self.house.world[SyncItems])
        wish = {**self.house.where, "resource": "shared"}
        data = json.dumps({"n": n})
        found = self.dice.choice(items) if items else None
        command: Any = UpdateSyncDocument(**wish, data=data)
        if found is not None and found.kind == "list":
            index = str(found.index)
            command = self.dice.choice(
                [
                    RemoveSyncListItem(**wish, index=index),
                    UpdateSyncListItem(**wish, index=index, data=data),
                    AddSyncListItem(**wish, data=data),
                ]
            )
        elif found is not None:
            key = found.key
            command = self.dice.choice(
                [
                    RemoveSyncMapItem(**wish, key=key),
                    PutSyncMapItem(**wish, key=key, data=data),
                    PutSyncMapItem(**wish, key=f"k{self.dice.randrange(8)}", data=data),
                ]
            )
        self.house.perform(command)

    def kept(self) -> list[dict[Any, Any]]:
        """What the world keeps, as followers show it."""
        world = self.house.world
        kept: list[dict[Any, Any]] = [{}, {}, {}]
        for it in world[SyncResources]:
            if it.kind == "document":
                kept[0][""] = json.loads(it.data)
        for item in world[SyncItems]:
            is_map = item.kind == "map"
            kept[1 + is_map][item.key if is_map else item.index] = json.loads(item.data)
        return kept


@pytest.mark.parametrize("seed", range(8))
async def test_all_who_share_see_the_same_in_the_end(house: SharedHouse, seed: int) -> None:
    party = Party(house, seed)
    for n in range(400):
        party.step(n)
    for each in party.away:
        each.come(house)
    assert [each.shown() for each in party.followers] == [party.kept()] * 3


async def test_a_line_that_is_slow_answers_all_the_same(house: SharedHouse) -> None:
    house.perform(AddFault(do=Fault(socket=SocketFault(delay_ms=1))))
    alice = house.sharer("alice")
    status, made = await alice.ask("POST", "/v3/Documents", {"unique_name": "d"})
    assert (status, made["unique_name"]) == (201, "d")


async def test_who_left_asks_for_nothing_more(house: SharedHouse) -> None:
    """A line that is slow brings a request for another product when its client is gone."""
    house.perform(AddFault(do=Fault(socket=SocketFault(delay_ms=1))))
    alice = house.sharer("alice", chat=True)
    http = {"method": "GET", "path": "/v1/Conversations", "params": {}, "headers": {}}
    alice.tell({"method": "message", "active_grant": "ip_messaging", "http_request": http})
    alice.connection.leave()
    await alice.answered()
    assert list(house.world[Users]) == []


async def test_what_clients_write_and_are_refused_is_in_the_log(house: SharedHouse) -> None:
    alice = house.sharer("alice")
    alice.made("/v3/Documents", unique_name="d")
    alice.call("GET", "/v3/Documents/d")
    house.world.clock.set(house.world.clock.now() + timedelta(minutes=1))
    alice.call("GET", "/v3/Documents/none")
    log = [each for each in house.worlds.default.gate.log.after(0) if each.kind == "request"]
    requests: list[Any] = [entry.content for entry in log]
    assert log[-1].at == house.world.clock.now()
    assert [(it.method, it.product, it.status, it.code) for it in requests] == [
        ("POST", "cds", 201, None),
        ("GET", "cds", 404, 54300),
    ]
