"""Subscriptions: replay, then live, with nothing lost between and nothing told twice."""

import gc

import pytest

from tests.sdk.client import Client, read, tunnelled
from tests.sdk.shelf import BORN, IS, Shelf
from twilio_emulator.sdk.sync.collections import Item
from twilio_emulator.sdk.sync.watched import Kind

ITEMS = f"https://cds.us1.twilio.com/v3/Services/{IS}/Maps/M-roster/Items"


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.documents["room"] = {"title": "Room"}
    shelf.lists["talk"] = {0: "m0", 1: "m1"}
    shelf.maps["roster"] = {"a": 1}
    return shelf


@pytest.fixture
def alice(shelf: Shelf) -> Client:
    client = Client(shelf.sync)
    for path in ("Documents/room", "Lists/talk", "Maps/roster"):
        client.get(f"/v3/{path}")
    return client


def texts(client: Client) -> list[tuple[str, object, object]]:
    """Type, index and value of the list events that wait."""
    return [
        (name, event["item_index"], event["item_data"])
        for name, event in client.events()
        if name.startswith("list_item")
    ]


class TestEstablishing:
    def test_the_answer(self, alice: Client) -> None:
        assert alice.subscribe("M-roster", "map", 0) == {
            "max_batch_size": 1000,
            "estimated_delivery_in_ms": 5000,
            "ttl_in_s": -1,
        }

    @pytest.mark.parametrize(
        ("sid", "kind"), [("D-room", "document"), ("L-talk", "list"), ("M-roster", "map")]
    )
    def test_with_nothing_missed(self, alice: Client, sid: str, kind: str) -> None:
        alice.subscribe(sid, kind, 0, correlation_id=1795328460408)
        assert alice.told() == [
            {
                "event_type": "subscription_established",
                "correlation_id": 1795328460408,
                "event_protocol_version": 4,
                "events": [
                    {
                        "object_sid": sid,
                        "object_type": kind,
                        "replay_status": "completed",
                        "last_event_id": 0,
                    }
                ],
            }
        ]

    def test_several_at_once(self, alice: Client) -> None:
        wanted = [
            {"object_sid": "D-room", "object_type": "document", "last_event_id": 0},
            {"object_sid": "none", "object_type": "list", "last_event_id": 0},
            {"object_sid": "M-roster", "object_type": "map"},
        ]
        alice.subscriptions("establish", wanted, 7)
        said = alice.told()
        assert {payload["correlation_id"] for payload in said} == {7}
        assert [payload["event_type"] for payload in said] == [
            "subscription_established",
            "subscription_failed",
            "subscription_established",
        ]

    @pytest.mark.parametrize(
        ("sid", "kind", "code"),
        [
            ("none", "document", 54300),
            (f"ET{'0' * 32}", "document", 54100),
            (f"ES{'0' * 32}", "list", 54150),
            (f"MP{'0' * 32}", "map", 54200),
            (f"MP{'0' * 32}", "list", 54150),
            ("M-roster", "live_query", 20404),
        ],
    )
    def test_what_is_not_there(self, alice: Client, sid: str, kind: str, code: int) -> None:
        alice.subscribe(sid, kind, 0, correlation_id=7)
        [payload] = alice.told()
        assert payload["event_type"] == "subscription_failed"
        assert payload["correlation_id"] == 7
        [event] = payload["events"]
        assert (event["object_sid"], event["object_type"]) == (sid, kind)
        assert (event["error"]["status"], event["error"]["code"]) == (404, code)
        assert event["error"]["message"]

    def test_what_may_not_be_read_is_refused(self, shelf: Shelf) -> None:
        shelf.forbidden.add(("bob", "roster"))
        bob = Client(shelf.sync, "bob")
        bob.subscribe("M-roster", "map", 0)
        [(_, event)] = bob.events()
        assert (event["error"]["status"], event["error"]["code"]) == (403, 54007)
        shelf.put("roster", "b", 2)
        assert bob.told() == []

    def test_what_was_opened_and_may_no_longer_be_read_is_gone(self, shelf: Shelf) -> None:
        bob = Client(shelf.sync, "bob")
        bob.get("/v3/Maps/roster")
        shelf.forbidden.add(("bob", "roster"))
        bob.subscribe("M-roster", "map", 0)
        [(_, event)] = bob.events()
        assert (event["error"]["status"], event["error"]["code"]) == (404, 54200)

    @pytest.mark.parametrize(
        "body",
        [
            None,
            {},
            {"action": "establish"},
            {"action": "dance", "requests": []},
            {"action": "establish", "requests": [{}]},
            {"action": "establish", "requests": [], "correlation_id": "x"},
            [[[]]],
        ],
    )
    def test_a_request_that_makes_no_sense(self, alice: Client, body: object) -> None:
        assert alice.refused("POST", "/v4/Subscriptions", body) == (400, 20001)

    def test_a_request_too_deep_to_read(self, shelf: Shelf, alice: Client) -> None:
        request = tunnelled("POST", "/v4/Subscriptions")
        deep = type(request)(
            id="TM1",
            method="POST",
            segments=request.segments,
            params={},
            headers={},
            body=b'{"x":' + b"[" * 50_000,
            host="",
        )
        assert shelf.sync.handle(deep, alice.watcher).status == 400


class TestLiveEvents:
    def test_of_a_map(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("M-roster", "map", 0)
        alice.told()
        shelf.time = "2026-01-05T10:00:00.000Z"
        shelf.put("roster", "b", {"x": 1})
        shelf.put("roster", "a", 2)
        shelf.drop("roster", "a")
        added, updated, removed = alice.told()
        assert added == {
            "event_type": "map_item_added",
            "event_protocol_version": 4,
            "strictly_ordered": True,
            "events": [
                {
                    "id": 1,
                    "date_created": shelf.time,
                    "map_sid": "M-roster",
                    "map_unique_name": "roster",
                    "map_revision": "1",
                    "item_key": "b",
                    "item_revision": "0",
                    "item_data": {"x": 1},
                    "item_url": f"{ITEMS}/b",
                    "date_expires": None,
                }
            ],
        }
        assert updated["event_type"] == "map_item_updated"
        assert updated["events"][0]["id"] == 2
        assert updated["events"][0]["item_revision"] == "1"
        assert removed == {
            "event_type": "map_item_removed",
            "event_protocol_version": 4,
            "strictly_ordered": True,
            "events": [
                {
                    "id": 3,
                    "date_created": shelf.time,
                    "map_sid": "M-roster",
                    "map_unique_name": "roster",
                    "map_revision": "3",
                    "item_key": "a",
                    "item_revision": "2",
                    "item_data": 2,
                }
            ],
        }

    def test_of_a_list(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("L-talk", "list", 0)
        alice.told()
        shelf.put("talk", 2, "m2")
        shelf.put("talk", 2, "edited")
        shelf.drop("talk", 2)
        events = alice.events()
        assert [name for name, _ in events] == [
            "list_item_added",
            "list_item_updated",
            "list_item_removed",
        ]
        assert [event["item_index"] for _, event in events] == [2, 2, 2]
        assert [event["id"] for _, event in events] == [1, 2, 3]
        assert events[0][1]["list_sid"] == "L-talk"

    def test_of_a_document(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("D-room", "document", 0)
        alice.told()
        shelf.write("room", {"title": "Hall"})
        assert alice.events() == [
            (
                "document_updated",
                {
                    "id": 1,
                    "date_created": BORN,
                    "document_sid": "D-room",
                    "document_unique_name": "room",
                    "document_revision": "1",
                    "document_data": {"title": "Hall"},
                    "date_expires": None,
                },
            )
        ]

    def test_an_equal_value_is_no_change(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("M-roster", "map", 0)
        alice.subscribe("D-room", "document", 0)
        alice.told()
        shelf.put("roster", "a", 1)
        shelf.write("room", {"title": "Room"})
        shelf.drop("roster", "nobody")
        assert alice.told() == []
        assert alice.get("/v3/Maps/roster")["last_event_id"] == 0

    def test_who_was_removed_and_comes_back_is_added(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("M-roster", "map", 0)
        alice.told()
        shelf.drop("roster", "a")
        shelf.put("roster", "a", 1)
        assert [name for name, _ in alice.events()] == ["map_item_removed", "map_item_added"]

    def test_everybody_gets_the_same_bytes(self, shelf: Shelf) -> None:
        clients = [Client(shelf.sync, identity) for identity in ("alice", "bob", "carol")]
        for client in clients:
            client.get("/v3/Lists/talk")
            client.subscribe("L-talk", "list", 0)
            client.told()
        shelf.put("talk", 2, "m2")
        first, second, third = (client.outbox.take() for client in clients)
        assert first is second is third is not None

    def test_every_notification_has_its_own_id(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("L-talk", "list", 0)
        shelf.put("talk", 2, "m2")
        shelf.put("talk", 3, "m3")
        frames = []
        while (sent := alice.outbox.take()) is not None:
            frames.append(sent)
        ids = {sent.partition(b'"id":"')[2][:34] for sent in frames}
        assert len(ids) == len(frames) == 2

    def test_only_what_is_watched(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("L-talk", "list", 0)
        alice.told()
        shelf.put("roster", "b", 2)
        assert alice.told() == []


class TestReplay:
    def missed(self, shelf: Shelf) -> None:
        shelf.put("talk", 2, "m2")
        shelf.put("talk", 0, "m0 edited")
        shelf.put("talk", 2, "m2 edited")
        shelf.drop("talk", 1)

    def test_only_the_last_value_of_each_item_in_order(self, shelf: Shelf, alice: Client) -> None:
        self.missed(shelf)
        alice.subscribe("L-talk", "list", 0, correlation_id=9)
        updated, added, removed, established = alice.told()
        assert updated["event_type"] == "list_item_updated"
        assert [event["id"] for event in updated["events"]] == [2]
        assert added["event_type"] == "list_item_added"
        assert added["events"][0]["item_data"] == "m2 edited"
        assert added["correlation_id"] == 9
        assert removed["event_type"] == "list_item_removed"
        assert removed["events"][0]["item_data"] == "m1"
        assert established["events"][0]["last_event_id"] == 4

    def test_from_where_the_client_stands(self, shelf: Shelf, alice: Client) -> None:
        self.missed(shelf)
        alice.subscribe("L-talk", "list", 2)
        # It knew index 2 since event 1, and now that value is another.
        assert texts(alice) == [
            ("list_item_updated", 2, "m2 edited"),
            ("list_item_removed", 1, "m1"),
        ]

    @pytest.mark.parametrize("position", [4, None])
    def test_nothing(self, shelf: Shelf, alice: Client, position: int | None) -> None:
        self.missed(shelf)
        alice.subscribe("L-talk", "list", position)
        [(name, event)] = alice.events()
        assert (name, event["last_event_id"]) == ("subscription_established", 4)

    def test_a_client_that_knows_no_event_at_all(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("D-room", "document", -1)
        alice.subscribe("M-roster", "map", -1)
        assert [name for name, _ in alice.events()] == ["subscription_established"] * 2

    def test_of_a_document_is_its_last_value(self, shelf: Shelf, alice: Client) -> None:
        shelf.write("room", 1)
        shelf.write("room", 2)
        alice.subscribe("D-room", "document", 0)
        [(name, event), (_, established)] = alice.events()
        assert (name, event["id"], event["document_data"]) == ("document_updated", 2, 2)
        assert established["last_event_id"] == 2

    def test_what_happens_meanwhile_is_part_of_it(self, shelf: Shelf, alice: Client) -> None:
        shelf.put("talk", 2, "m2")
        alice.subscribe("L-talk", "list", 0)
        shelf.put("talk", 3, "m3")
        shelf.put("talk", 2, "m2 edited")
        assert texts(alice) == [
            ("list_item_added", 3, "m3"),
            ("list_item_added", 2, "m2 edited"),
        ]
        shelf.put("talk", 4, "m4")
        assert texts(alice) == [("list_item_added", 4, "m4")]

    def test_what_changes_after_it_was_replayed_comes_again(
        self, shelf: Shelf, alice: Client
    ) -> None:
        shelf.put("talk", 2, "m2")
        alice.subscribe("L-talk", "list", 0)
        assert alice.outbox.take() is not None
        shelf.put("talk", 2, "m2 edited")
        assert texts(alice) == [("list_item_added", 2, "m2 edited")]

    def test_events_of_one_type_share_a_notification(self, shelf: Shelf, alice: Client) -> None:
        for index in range(2, 12):
            shelf.put("talk", index, "x" * 8000)
        alice.subscribe("L-talk", "list", 0)
        said = alice.told()
        assert [len(payload["events"]) for payload in said] == [3, 3, 3, 1, 1]

    def test_an_event_larger_than_a_notification_should_be(
        self, shelf: Shelf, alice: Client
    ) -> None:
        shelf.put("talk", 2, "x" * 50_000)
        shelf.put("talk", 3, "y" * 50_000)
        alice.subscribe("L-talk", "list", 0)
        assert [len(payload["events"]) for payload in alice.told()] == [1, 1, 1]

    def test_a_long_history_of_few_items_stays_short(self, shelf: Shelf, alice: Client) -> None:
        gc.collect()
        for number in range(1000):
            shelf.put("roster", "a", number)
            shelf.put("roster", "b", number)
        kept = [thing for thing in gc.get_objects() if isinstance(thing, Item)]
        assert sum(item.event_id > 1 and item.data.isdigit() for item in kept) < 100
        alice.subscribe("M-roster", "map", 0)
        events = alice.events()
        assert [event["id"] for _, event in events[:-1]] == [1999, 2000]

    def test_asking_again_begins_again(self, shelf: Shelf, alice: Client) -> None:
        shelf.put("talk", 2, "m2")
        alice.subscribe("L-talk", "list", 0, correlation_id=1)
        alice.subscribe("L-talk", "list", 0, correlation_id=2)
        assert [said["correlation_id"] for said in alice.told()] == [2, 2]
        alice.subscribe("L-talk", "list", 1, correlation_id=3)
        assert [said["correlation_id"] for said in alice.told()] == [3]
        shelf.put("talk", 3, "m3")
        assert len(alice.told()) == 1

    def test_a_failure_is_told_in_its_turn(self, shelf: Shelf, alice: Client) -> None:
        shelf.drop("roster", "a")
        shelf.forbidden.add(("alice", "room"))
        wanted = [
            {"object_sid": "M-roster", "object_type": "map", "last_event_id": 0},
            {"object_sid": "D-room", "object_type": "document", "last_event_id": 0},
        ]
        alice.subscriptions("establish", wanted, 1)
        assert [name for name, _ in alice.events()] == [
            "map_item_removed",
            "subscription_established",
            "subscription_failed",
        ]


class TestRemovedObjects:
    @pytest.mark.parametrize(
        ("kind", "name", "sid"),
        [
            (Kind.DOCUMENT, "room", "D-room"),
            (Kind.LIST, "talk", "L-talk"),
            (Kind.MAP, "roster", "M-roster"),
        ],
    )
    def test_who_watches_is_told(
        self, shelf: Shelf, alice: Client, kind: Kind, name: str, sid: str
    ) -> None:
        alice.subscribe(sid, kind.value, 0)
        alice.told()
        shelf.remove(kind, name)
        shelf.remove(kind, name)
        assert alice.events() == [
            (
                f"{kind.value}_removed",
                {
                    "id": 1,
                    "date_created": BORN,
                    f"{kind.value}_sid": sid,
                    f"{kind.value}_unique_name": name,
                },
            )
        ]

    @pytest.mark.parametrize("position", [None, 1])
    def test_who_comes_later_is_told(
        self, shelf: Shelf, alice: Client, position: int | None
    ) -> None:
        shelf.put("roster", "b", 2)
        shelf.remove(Kind.MAP, "roster")
        assert alice.get("/v3/Maps/roster")["last_event_id"] == 1
        alice.subscribe("M-roster", "map", position)
        assert [(name, event.get("id")) for name, event in alice.events()] == [
            ("map_removed", 2),
            ("subscription_established", None),
        ]

    def test_who_was_told_is_not_told_again(self, shelf: Shelf, alice: Client) -> None:
        shelf.remove(Kind.MAP, "roster")
        alice.subscribe("M-roster", "map", 1)
        assert [name for name, _ in alice.events()] == ["subscription_established"]

    def test_one_that_nobody_had_read(self, shelf: Shelf) -> None:
        shelf.remove(Kind.LIST, "talk")
        late = Client(shelf.sync)
        position = late.get("/v3/Lists/talk")["last_event_id"]
        late.subscribe("L-talk", "list", position)
        assert [name for name, _ in late.events()] == ["list_removed", "subscription_established"]


class TestCanceling:
    def test_is_confirmed_and_ends_it(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("M-roster", "map", 0)
        alice.told()
        assert alice.cancel("M-roster", "map", correlation_id=8)["ttl_in_s"] == -1
        assert alice.told() == [
            {
                "event_type": "subscription_canceled",
                "correlation_id": 8,
                "event_protocol_version": 4,
                "events": [{"object_sid": "M-roster", "object_type": "map"}],
            }
        ]
        shelf.put("roster", "b", 2)
        assert alice.told() == []

    def test_what_was_not_watched(self, alice: Client) -> None:
        alice.cancel("nothing", "map")
        assert [name for name, _ in alice.events()] == ["subscription_canceled"]

    def test_during_the_replay(self, shelf: Shelf, alice: Client) -> None:
        shelf.put("roster", "b", 2)
        alice.subscribe("M-roster", "map", 0)
        alice.cancel("M-roster", "map")
        assert [name for name, _ in alice.events()] == ["subscription_canceled"]

    def test_a_connection_that_goes(self, shelf: Shelf, alice: Client) -> None:
        bob = Client(shelf.sync, "bob")
        other = Client(shelf.sync, "bob")
        for client in (alice, bob, other):
            client.subscribe("M-roster", "map", 0)
            client.subscribe("L-talk", "list", 0)
            client.told()
        shelf.sync.forget(bob.watcher)
        shelf.put("roster", "b", 2)
        assert bob.told() == []
        assert len(alice.told()) == len(other.told()) == 1
        shelf.sync.forget(other.watcher)
        shelf.sync.recheck("bob")


class TestPermissions:
    def test_who_may_no_longer_read_hears_nothing(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("L-talk", "list", 0)
        alice.told()
        shelf.forbidden.add(("alice", "talk"))
        shelf.sync.recheck("alice")
        shelf.put("talk", 2, "secret")
        assert alice.told() == []

    def test_who_may_read_again_goes_on_from_there(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("L-talk", "list", 0)
        alice.told()
        shelf.put("talk", 2, "m2")
        alice.told()
        shelf.forbidden.add(("alice", "talk"))
        shelf.sync.recheck("alice")
        shelf.put("talk", 3, "m3")
        shelf.forbidden.clear()
        shelf.sync.recheck("alice")
        shelf.sync.recheck("alice")
        assert texts(alice) == [("list_item_added", 3, "m3")]
        shelf.put("talk", 4, "m4")
        [(name, event)] = alice.events()
        assert (name, event["id"], event["item_index"]) == ("list_item_added", 3, 4)

    def test_in_the_middle_of_a_replay(self, shelf: Shelf, alice: Client) -> None:
        shelf.put("talk", 2, "m2")
        shelf.drop("talk", 0)
        alice.subscribe("L-talk", "list", 0)
        assert alice.outbox.take() is not None
        shelf.forbidden.add(("alice", "talk"))
        shelf.sync.recheck("alice")
        shelf.forbidden.clear()
        shelf.sync.recheck("alice")
        assert [name for name, _ in alice.events()] == [
            "list_item_removed",
            "subscription_established",
        ]

    def test_what_was_removed_is_told_to_who_could_read_it(
        self, shelf: Shelf, alice: Client
    ) -> None:
        bob = Client(shelf.sync, "bob")
        for client in (alice, bob):
            client.subscribe("L-talk", "list", 0)
            client.told()
        shelf.forbidden.add(("bob", "talk"))
        shelf.sync.recheck("bob")
        shelf.remove(Kind.LIST, "talk")
        shelf.sync.recheck("alice")
        shelf.sync.recheck("bob")
        assert [name for name, _ in alice.events()] == ["list_removed"]
        assert bob.events() == []


class TestSlowReaders:
    def test_one_that_stops_reading_is_dropped_and_the_others_go_on(self, shelf: Shelf) -> None:
        slow = Client(shelf.sync, "slow")
        quick = Client(shelf.sync, "quick")
        for client in (slow, quick):
            client.get("/v3/Lists/talk")
            client.subscribe("L-talk", "list", 0)
            client.told()
        heard = []
        for index in range(2, 402):
            shelf.put("talk", index, "x" * 10_000)
            heard += quick.events()
            assert slow.outbox.unsent_events <= 2 * 1024 * 1024
        assert slow.outbox.overflowed
        assert slow.told() == []
        assert [event["item_index"] for _, event in heard] == list(range(2, 402))

    def test_after_coming_back_it_recovers_everything(self, shelf: Shelf) -> None:
        Client(shelf.sync, "quick").get("/v3/Lists/talk")
        for index in range(2, 402):
            shelf.put("talk", index, "x" * 10_000)

        back = Client(shelf.sync, "slow")
        back.subscribe("L-talk", "list", 0)
        heard = []
        for index in range(402, 500):
            shelf.put("talk", index, "y" * 10_000)
            assert back.outbox.unsent_events == 0
            _, payload = read(back.outbox.take())
            heard += [event["item_index"] for event in payload["events"]]
        heard += [index for _, index, _ in texts(back)]

        assert not back.outbox.overflowed
        assert heard == list(range(2, 500))


class TestRestart:
    def test_a_client_that_is_ahead_of_us_hears_what_comes(self, shelf: Shelf) -> None:
        shelf.restarted()
        survivor = Client(shelf.sync)
        survivor.subscribe("L-talk", "list", 57)
        [(name, event)] = survivor.events()
        assert (name, event["last_event_id"]) == ("subscription_established", 57)
        shelf.put("talk", 2, "m2")
        [(_, event)] = survivor.events()
        assert event["id"] == 58

    def test_a_position_that_javascript_cannot_count_from(self, shelf: Shelf) -> None:
        client = Client(shelf.sync)
        client.subscribe("L-talk", "list", (1 << 52) + 1)
        [(_, event)] = client.events()
        assert event["last_event_id"] == 0


class TestPuttingBack:
    """Everything may be different from what was told."""

    def test_what_differs_is_told(self, shelf: Shelf, alice: Client) -> None:
        for sid, kind in (("D-room", "document"), ("L-talk", "list"), ("M-roster", "map")):
            alice.subscribe(sid, kind, 0)
        alice.told()
        shelf.documents["room"] = {"title": "Another"}
        shelf.lists["talk"] = {0: "m0", 2: "m2"}
        shelf.sync.refill()
        told = [(name, event.get("item_index")) for name, event in alice.events()]
        assert told == [
            ("document_updated", None),
            ("list_item_removed", 1),
            ("list_item_added", 2),
        ]

    def test_what_is_no_more_is_removed(self, shelf: Shelf, alice: Client) -> None:
        alice.subscribe("L-talk", "list", 0)
        alice.told()
        del shelf.lists["talk"]
        shelf.sync.refill()
        assert [name for name, _ in alice.events()] == ["list_removed"]

    def test_what_was_removed_may_be_again(self, shelf: Shelf, alice: Client) -> None:
        shelf.remove(Kind.LIST, "talk")
        shelf.removed.clear()
        shelf.sync.refill()
        assert [item["data"] for item in alice.get("/v3/Lists/talk/Items")["items"]] == ["m0", "m1"]
        alice.subscribe("L-talk", "list", 7)
        shelf.put("talk", 2, "m2")
        assert texts(alice) == [("list_item_added", 2, "m2")]
