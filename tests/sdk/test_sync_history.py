"""Whatever is changed, lost and forbidden in whatever order: a client that follows the SDK's rules
ends up with what there is."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.sdk.client import Client, read
from tests.sdk.shelf import Shelf
from twilio_emulator.sdk.sync.watched import Kind

INDEXES = st.integers(0, 6)
KEYS = st.sampled_from("abcdef")
VALUES = st.integers(0, 2)


class Cache:
    """What the SDK keeps of one object, and the rules by which it takes in what it is told.

    An item's event counts only when it is newer than what is known of the item; the object's
    position only grows; every reconnection subscribes from there.
    """

    def __init__(self, client: Client, kind: Kind, name: str) -> None:
        self.kind = kind
        self.path = f"/v3/{kind.collection}/{name}"
        self.key_name = "index" if kind is Kind.LIST else "key"
        descriptor = client.get(self.path)
        self.sid = descriptor["sid"]
        self.position = descriptor["last_event_id"]
        self.last_told = self.position
        self.values: dict[object, tuple[int, object]] = {}
        self.complete = kind is Kind.DOCUMENT
        if kind is Kind.DOCUMENT:
            self.values[None] = (descriptor["last_event_id"], descriptor["data"])

    def read_items(self, client: Client) -> None:
        if self.complete:
            return
        self.complete = True
        params: dict[str, str] = {"PageSize": "2"}
        while True:
            page = client.get(f"{self.path}/Items", **params)
            for item in page["items"]:
                self.take(item[self.key_name], item["last_event_id"], item["data"])
            if page["meta"]["next_token"] is None:
                return
            params["From"] = str(page["items"][-1][self.key_name])

    def take(self, key: object, event_id: int, value: object) -> None:
        known, _ = self.values.get(key, (-1, None))
        if event_id > known:
            self.values[key] = (event_id, value)

    def told(self, name: str, event: dict[str, Any]) -> None:
        if name == "subscription_established":
            assert event["last_event_id"] >= self.position
            self.position = event["last_event_id"]
            return
        assert event["id"] > self.last_told, "told twice, or not in order"
        self.last_told = event["id"]
        if self.kind is Kind.DOCUMENT:
            self.take(None, event["id"], event["document_data"])
        else:
            value = None if name.endswith("_removed") else event["item_data"]
            self.take(event[f"item_{self.key_name}"], event["id"], value)
        self.position = max(self.position, event["id"])

    def shown(self) -> dict[object, object]:
        return {key: value for key, (_, value) in self.values.items() if value is not None}


class History(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.shelf = Shelf()
        self.shelf.documents["room"] = 0
        self.shelf.lists["talk"] = {0: 0, 3: 1}
        self.shelf.maps["roster"] = {"b": 0}
        self.client = Client(self.shelf.sync)
        self.caches: dict[str, Cache] = {}

    @rule(value=VALUES)
    def write(self, value: int) -> None:
        self.shelf.write("room", value)

    @rule(index=INDEXES, value=VALUES)
    def put_into_list(self, index: int, value: int) -> None:
        self.shelf.put("talk", index, value)

    @rule(index=INDEXES)
    def drop_from_list(self, index: int) -> None:
        self.shelf.drop("talk", index)

    @rule(key=KEYS, value=VALUES)
    def put_into_map(self, key: str, value: int) -> None:
        self.shelf.put("roster", key, value)

    @rule(key=KEYS)
    def drop_from_map(self, key: str) -> None:
        self.shelf.drop("roster", key)

    @rule(
        value=VALUES,
        items=st.dictionaries(INDEXES, VALUES),
        roster=st.dictionaries(KEYS, VALUES),
    )
    def put_back(self, value: int, items: dict[int, object], roster: dict[str, object]) -> None:
        self.shelf.documents["room"] = value
        self.shelf.lists["talk"] = items
        self.shelf.maps["roster"] = roster
        self.shelf.sync.refill()

    @rule(
        which=st.sampled_from([("room", Kind.DOCUMENT), ("talk", Kind.LIST), ("roster", Kind.MAP)])
    )
    def open(self, which: tuple[str, Kind]) -> None:
        name, kind = which
        if name not in self.caches and name not in {of for _, of in self.shelf.forbidden}:
            cache = Cache(self.client, kind, name)
            self.caches[name] = cache
            self.subscribe(cache)

    @rule(name=st.sampled_from(["talk", "roster"]))
    def read_items(self, name: str) -> None:
        if name in self.caches and ("alice", name) not in self.shelf.forbidden:
            self.caches[name].read_items(self.client)

    @rule(frames=st.integers(1, 4))
    def take_some(self, frames: int) -> None:
        for _ in range(frames):
            sent = self.client.outbox.take()
            if sent is None:
                return
            _, said = read(sent)
            for event in said["events"]:
                self.tell(said["event_type"], event)

    @rule()
    def lose_the_connection(self) -> None:
        self.shelf.sync.forget(self.client.watcher)
        self.shelf.forbidden.clear()
        self.client = Client(self.shelf.sync)
        for cache in self.caches.values():
            self.subscribe(cache)

    @rule(name=st.sampled_from(["talk", "roster"]), again=st.booleans())
    def change_permissions(self, name: str, again: bool) -> None:
        if again:
            self.shelf.forbidden.clear()
        else:
            self.shelf.forbidden.add(("alice", name))
        self.shelf.sync.recheck("alice")

    @invariant()
    def the_bound_holds(self) -> None:
        assert self.client.outbox.unsent_events <= self.client.bound

    def subscribe(self, cache: Cache) -> None:
        cache.last_told = cache.position
        self.client.subscribe(cache.sid, cache.kind.value, cache.position)

    def tell(self, name: str, event: dict[str, Any]) -> None:
        for cache in self.caches.values():
            if cache.sid in (event.get("object_sid"), event.get(f"{cache.kind.value}_sid")):
                cache.told(name, event)

    def teardown(self) -> None:
        self.change_permissions("talk", again=True)
        self.take_some(frames=10_000)
        everything: dict[str, dict[Any, object]] = {
            "room": {None: self.shelf.documents["room"]},
            "talk": dict(self.shelf.lists["talk"]),
            "roster": dict(self.shelf.maps["roster"]),
        }
        for name, cache in self.caches.items():
            cache.read_items(self.client)
            assert cache.shown() == everything[name]


History.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestHistory = History.TestCase
