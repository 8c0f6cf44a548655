"""What is shared by Sync, by the control API: seen, changed, taken away."""

from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.control.asking import Control
from twilio_emulator.core.sync.resources import SyncDoor, SyncItemUpdated, SyncResourceCreated
from twilio_emulator.core.sync.services import (
    FIRST_SYNC_SERVICE,
    AddSyncService,
    UpdateSyncService,
)

pytestmark = pytest.mark.anyio

CART = "/sync/documents/cart"


async def test_a_document_is_set_merged_and_removed(control: Control) -> None:
    made = await control.ask("PUT", CART, {"data": {"total": 3}, "ttl": 60})
    assert (made["kind"], made["unique_name"], made["revision"]) == ("document", "cart", "0")
    assert (made["service_sid"], made["created_by"]) == (FIRST_SYNC_SERVICE, "system")
    assert (made["data"], made["items"], made["watched_by"]) == ({"total": 3}, None, [])
    assert made["date_expires"] > made["date_created"]
    merged = await control.ask("PATCH", CART, {"data": {"paid": True}})
    assert (merged["data"], merged["revision"]) == ({"total": 3, "paid": True}, "1")
    assert await control.ask("GET", f"/sync/documents/{made['sid']}") == merged
    put = await control.ask("PUT", CART, {"data": {}, "ttl": 0})
    assert (put["data"], put["date_expires"], put["sid"]) == ({}, None, made["sid"])
    await control.ask("DELETE", CART, status=204)
    for call in (("GET", CART), ("DELETE", CART), ("PATCH", CART, {"data": {}})):
        assert "there is no document cart" in await control.mistake(*call, status=404)


async def test_items_are_pushed_set_and_removed(control: Control) -> None:
    path = "/sync/lists/orders/items"
    first = await control.ask("POST", path, {"data": {"number": 1}}, status=201)
    second = await control.ask("POST", path, {"data": {"number": 2}, "ttl": 60}, status=201)
    assert (first["index"], first["key"], second["index"]) == (0, None, 1)
    put = await control.ask("PUT", f"{path}/1", {"data": {"number": 3}})
    assert (put["data"], put["date_expires"]) == ({"number": 3}, second["date_expires"])
    await control.ask("DELETE", f"{path}/0", status=204)
    assert (await control.ask("GET", path))["items"] == [put]
    assert (await control.ask("GET", "/sync/lists/orders"))["items"] == 1
    assert "no item 0" in await control.mistake("DELETE", f"{path}/0", status=404)
    assert "no item x" in await control.mistake("PUT", f"{path}/x", {"data": {}}, status=404)


async def test_a_map_has_values_under_keys(control: Control) -> None:
    path = "/sync/maps/prices/items"
    for key, amount in (("pear", 1), ("a%2Fb", 2), ("pear", 3)):
        await control.ask("PUT", f"{path}/{key}", {"data": {"amount": amount}})
    items = (await control.ask("GET", path))["items"]
    assert [(each["key"], each["data"]["amount"]) for each in items] == [("a/b", 2), ("pear", 3)]
    assert await control.sids(await control.ask("GET", path, limit=1), "items", "key") == [
        "a/b",
        "pear",
    ]
    await control.ask("DELETE", f"{path}/a%2Fb", status=204)
    assert "no item a/b" in await control.mistake("DELETE", f"{path}/a%2Fb", status=404)
    await control.ask("DELETE", "/sync/maps/prices", status=204)
    assert "no map prices" in await control.mistake("GET", path, status=404)


async def test_a_stream_says_things_to_whoever_listens(control: Control) -> None:
    path = "/sync/streams/pointers"
    said = await control.ask("POST", f"{path}/messages", {"data": {"x": 3}}, status=201)
    assert (said["sid"][:2], said["data"], said["identity"]) == ("TZ", {"x": 3}, "system")
    hers = {"data": {"x": 4}, "identity": "alice"}
    assert (await control.ask("POST", f"{path}/messages", hers, status=201))["identity"] == "alice"
    shown = await control.ask("GET", path)
    assert (shown["revision"], shown["data"], shown["items"]) == (None, None, None)
    await control.ask("DELETE", path, status=204)


async def test_a_client_that_is_named_does_it(control: Control) -> None:
    await control.ask("PUT", CART, {"data": {}, "identity": "alice"})
    await control.ask("PUT", "/sync/maps/m/items/k", {"data": {}})
    await control.ask("PUT", "/sync/maps/m/items/k", {"data": {"n": 1}, "identity": "bob"})
    told: list[Any] = [
        entry.content.event for entry in control.default.gate.log.after(0) if entry.kind == "event"
    ]
    (made,) = (
        each
        for each in told
        if isinstance(each, SyncResourceCreated) and each.resource.unique_name == "cart"
    )
    assert (made.by.door, made.by.identity) == (SyncDoor.CLIENT, "alice")
    (changed,) = (each for each in told if isinstance(each, SyncItemUpdated))
    assert changed.by.identity == "bob"


async def test_a_client_that_is_named_needs_permission(control: Control) -> None:
    sid = control.default.world.account_sid
    there = {"account": sid, "service": FIRST_SYNC_SERVICE}
    control.default.gate.perform_now(UpdateSyncService(**there, acl_enabled="true"))
    await control.ask("PUT", CART, {"data": {}})
    body = {"data": {"total": 1}, "identity": "alice"}
    for method in ("PUT", "PATCH"):
        refused = await control.ask(method, CART, body, status=403)
        assert (refused["code"], refused["message"]) == (54007, "Access forbidden for identity")
    said = {"data": {}, "identity": "alice"}
    await control.ask("POST", "/sync/streams/pointers/messages", said, status=403)
    assert (await control.ask("GET", CART))["data"] == {}
    await control.ask("POST", "/sync/lists/hers/items", said, status=201)


async def test_what_a_named_client_does_fires_a_webhook(control: Control) -> None:
    there = {"account": control.default.world.account_sid, "service": FIRST_SYNC_SERVICE}
    url = "http://localhost:9/hook"
    control.default.gate.perform_now(UpdateSyncService(**there, webhook_url=url))
    await control.ask("PUT", CART, {"data": {"n": 1}})
    await control.ask("PUT", CART, {"data": {"n": 2}, "identity": "alice"})
    await control.ask("POST", "/clock", {"advance": 0})
    (sent,) = (await control.ask("GET", "/webhooks"))["webhooks"]
    said = dict(parse_qsl(sent["body"]))
    assert (said["EventType"], said["Identity"]) == ("document_updated", "alice")
    assert said["DocumentData"] == '{"n":2}'
    assert "EndpointId" not in said


async def test_objects_are_listed_newest_first(control: Control) -> None:
    for name in ("one", "two", "three"):
        await control.ask("PUT", f"/sync/documents/{name}", {"data": {}})
    page = await control.ask("GET", "/sync/documents", limit=2)
    assert await control.sids(page, "objects", "unique_name") == ["three", "two", "one"]
    assert (await control.ask("GET", "/sync/lists"))["objects"] == []
    assert "limit" in await control.mistake("GET", "/sync/documents", limit=0)


async def test_each_service_has_objects_of_its_own(control: Control) -> None:
    sid = control.default.world.account_sid
    other = control.default.gate.perform_now(AddSyncService(account=sid, friendly_name="Other"))
    await control.ask("PUT", CART, {"data": {"n": 1}})
    await control.ask("PUT", CART, {"data": {"n": 2}, "service": other.sid})
    assert (await control.ask("GET", CART, service=other.sid))["data"] == {"n": 2}
    shown = (await control.ask("GET", "/sync/services"))["services"]
    assert [(each["unique_name"], each["documents"]) for each in shown] == [
        ("default", 1),
        (None, 1),
    ]
    for method, path, body, query in (
        ("GET", CART, None, {"service": "IS1"}),
        ("GET", "/sync/maps", None, {"service": "IS1"}),
        ("DELETE", CART, None, {"service": "IS1"}),
        ("PUT", CART, {"data": {}, "service": "IS1"}, {}),
        ("POST", "/sync/lists/l/items", {"data": {}, "service": "IS1"}, {}),
    ):
        said = await control.mistake(method, path, body, status=404, **query)
        assert "there is no Sync service IS1" in said


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({}, 400, "data"),
        ({"data": [1]}, 400, "data"),
        ({"data": {}, "ttl": -1}, 400, "Invalid TTL"),
        ({"data": {"much": "x" * 17_000}}, 413, "too large"),
        ({"data": {}, "revision": "1"}, 400, "revision"),
        ({"data": {}, "identity": ""}, 400, "body identity: expected"),
    ],
)
async def test_what_cannot_be_a_value_is_a_mistake(
    control: Control, body: object, status: int, word: str
) -> None:
    assert word in await control.mistake("PUT", CART, body, status=status)
    assert (await control.ask("GET", "/sync/documents"))["objects"] == []


@pytest.mark.parametrize(
    ("call", "wish", "code"),
    [
        ("POST /sync/lists/new/items", {"data": {"a": "x" * 16384}}, 54006),
        ("POST /sync/lists/new/items", {"data": {}, "ttl": -1}, 54011),
        ("PUT /sync/maps/new/items/k", {"data": {"a": "x" * 16384}}, 54006),
        (f"PUT /sync/maps/new/items/{'k' * 321}", {"data": {}}, 54209),
        ("POST /sync/streams/new/messages", {"data": {"a": "x" * 4096}}, 54006),
    ],
)
async def test_a_value_that_is_refused_makes_no_object_for_it(
    control: Control, call: str, wish: dict[str, Any], code: int
) -> None:
    method, path = call.split()
    status = 413 if code == 54006 else 400
    assert (await control.ask(method, path, wish, status=status))["code"] == code
    await control.mistake("GET", path.partition("/new")[0] + "/new", status=404)


async def test_what_is_over_is_not_shown(control: Control) -> None:
    await control.ask("POST", "/clock", {"mode": "frozen"})
    await control.ask("PUT", CART, {"data": {}, "ttl": 10})
    await control.ask("PUT", "/sync/maps/m/items/k", {"data": {}, "ttl": 10})
    await control.ask("POST", "/clock", {"advance": 11})
    assert (await control.ask("GET", "/sync/documents"))["objects"] == []
    assert (await control.ask("GET", "/sync/maps/m/items"))["items"] == []
