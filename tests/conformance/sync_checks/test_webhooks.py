"""Statements 38 to 44 of the checklist of Sync: webhooks, time, and what is kept."""

import json
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from tests.conformance.inside import Inside
from tests.conformance.sync_checks.sync_desk import ENDPOINT, SyncDesk
from tests.webhooks.conftest import http
from twilio_emulator.core.accounts.debugger_alerts import Alerts
from twilio_emulator.core.kernel.sizes import size
from twilio_emulator.core.sync.documents import (
    AddSyncDocument,
    RemoveSyncDocument,
    UpdateSyncDocument,
)
from twilio_emulator.core.sync.endpoints import ConnectSyncEndpoint, DisconnectSyncEndpoint
from twilio_emulator.core.sync.lists import AddSyncList, AddSyncListItem, RemoveSyncList
from twilio_emulator.core.sync.maps import (
    AddSyncMap,
    PutSyncMapItem,
    RemoveSyncMapItem,
)
from twilio_emulator.core.sync.resources import SyncItemRemoved, SyncRemovals, SyncResources
from twilio_emulator.core.sync.streams import AddSyncStream, PublishSyncMessage

CONTROL = "http://localhost/_emulator/v1"


def desk_of(inside: Inside, **settings: str) -> SyncDesk:
    """A service that tells of what happens."""
    return SyncDesk(inside, WebhookUrl=f"{inside.app.url}/sync", **settings)


def events(desk: SyncDesk) -> list[str]:
    return [form["EventType"] for form in desk.told()]


def test_38_what_is_kept_of_updates_that_nobody_watches_is_bounded(inside: Inside) -> None:
    desk = SyncDesk(inside)
    desk.post("/Documents", UniqueName="cart", Data='{"count":0}')
    world = inside.world
    for count in range(10_000):
        wish = UpdateSyncDocument(
            account=inside.account_sid,
            service=desk.sid,
            resource="cart",
            data=f'{{"count":{count}}}',
        )
        world.perform(wish)
    assert (len(world[SyncResources]), len(world[SyncRemovals])) == (1, 0)
    assert sum(map(size, world[SyncResources])) < 100
    assert desk.get("/Documents/cart")["revision"] == "2710"


def test_39_what_webhooks_say_of_a_document(inside: Inside) -> None:
    desk = desk_of(inside, FriendlyName="Carts")
    made = desk.client(AddSyncDocument, unique_name="cart", data='{"a": "ü"}')
    desk.client(UpdateSyncDocument, resource="cart", data="{}")
    desk.client(RemoveSyncDocument, resource="cart")
    always = {
        "AccountSid": inside.account_sid,
        "ServiceSid": desk.sid,
        "Identity": "alice",
        "EndpointId": ENDPOINT,
        "DocumentSid": made.sid,
        "DocumentUniqueName": "cart",
    }
    created, updated, removed = desk.told()
    assert created == {
        **always,
        "EventType": "document_created",
        "DocumentRevision": "0",
        "DocumentData": '{"a":"ü"}',
    }
    assert updated == {
        **always,
        "EventType": "document_updated",
        "DocumentRevision": "1",
        "DocumentData": "{}",
    }
    assert removed == {**always, "EventType": "document_removed", "DocumentRevision": "2"}
    received = inside.app.received[0]
    signature = received.headers["x-twilio-signature"]
    url = f"{inside.app.url}/sync"
    assert RequestValidator(inside.auth_token).validate(url, received.form, signature)
    assert received.headers["content-type"].startswith("application/x-www-form-urlencoded")


def test_39_one_endpoint_is_its_connections(inside: Inside) -> None:
    desk = desk_of(inside, ReachabilityWebhooksEnabled="true")
    _move(desk, ConnectSyncEndpoint, ENDPOINT)
    desk.client(AddSyncDocument)
    _move(desk, DisconnectSyncEndpoint, ENDPOINT)
    forms = desk.told()
    desk.post(WebhookUrl="")
    _move(desk, ConnectSyncEndpoint, ENDPOINT)
    assert desk.told() == forms
    assert {form["EndpointId"] for form in forms} == {ENDPOINT}
    assert [form["EventType"] for form in forms] == [
        "endpoint_connected",
        "document_created",
        "endpoint_disconnected",
    ]
    assert forms[0] == {
        "AccountSid": inside.account_sid,
        "ServiceSid": desk.sid,
        "EventType": "endpoint_connected",
        "Identity": "alice",
        "EndpointId": ENDPOINT,
    }
    assert "DocumentUniqueName" not in forms[1]


def test_39_what_webhooks_say_of_lists_and_maps(inside: Inside) -> None:
    desk = desk_of(inside)
    made = desk.client(AddSyncList, unique_name="l")
    desk.client(AddSyncListItem, resource="l", data='{"a":1}')
    desk.client(RemoveSyncList, resource="l")
    created, added, removed = desk.told()
    of_list = {"ListSid": made.sid, "ListUniqueName": "l"}
    assert {**created, **of_list, "ListRevision": "0"} == created
    assert {
        **added,
        **of_list,
        "EventType": "list_item_added",
        "ListRevision": "1",
        "EventId": "0",
        "ItemIndex": "0",
        "ItemRevision": "0",
        "ItemData": '{"a":1}',
    } == added
    assert (removed["EventType"], removed["ListRevision"]) == ("list_removed", "2")
    inside.app.received.clear()
    desk.client(AddSyncMap, unique_name="m")
    desk.client(PutSyncMapItem, resource="m", key="k", data="{}")
    desk.client(PutSyncMapItem, resource="m", key="k", data='{"a":1}')
    desk.client(RemoveSyncMapItem, resource="m", key="k")
    _, _, updated, gone = desk.told()
    assert events(desk) == ["map_created", "map_item_added", "map_item_updated", "map_item_removed"]
    assert (updated["ItemKey"], updated["ItemRevision"], updated["MapRevision"]) == ("k", "1", "2")
    assert (gone["EventId"], gone["ItemData"]) == ("2", '{"a":1}')


def test_39_streams_and_permissions_are_not_told(inside: Inside) -> None:
    desk = desk_of(inside, WebhooksFromRestEnabled="true")
    desk.client(AddSyncStream, unique_name="s")
    desk.client(PublishSyncMessage, resource="s", data="{}")
    desk.post("/Maps", UniqueName="m")
    desk.post("/Maps/m/Permissions/alice", Read="true")
    desk.post("/Maps/m", Ttl="10")
    assert events(desk) == ["map_created"]


def test_39_changes_by_rest_are_told_if_that_is_set(inside: Inside) -> None:
    desk = desk_of(inside)
    desk.post("/Documents", UniqueName="cart", Ttl="10")
    assert events(desk) == []
    desk.post(WebhooksFromRestEnabled="true")
    desk.post("/Documents/cart", Data="{}")
    inside.advance(seconds=10)
    updated, removed = desk.told()
    assert (updated["EventType"], removed["EventType"]) == ("document_updated", "document_removed")
    assert (updated["Identity"], removed["Identity"]) == ("system", "system")
    assert "EndpointId" not in updated
    desk.post("/Documents", UniqueName="cart", Ttl="10")
    desk.post(WebhooksFromRestEnabled="false")
    inside.advance(seconds=10)
    assert events(desk)[-1] == "document_created"


def test_40_debouncing_tells_of_people_alone(inside: Inside) -> None:
    desk = desk_of(
        inside,
        ReachabilityWebhooksEnabled="true",
        ReachabilityDebouncingEnabled="true",
        ReachabilityDebouncingWindow="2000",
    )
    _move(desk, ConnectSyncEndpoint, "one")
    _move(desk, ConnectSyncEndpoint, "two", others=1)
    _move(desk, DisconnectSyncEndpoint, "one", others=1)
    inside.advance(seconds=60)
    assert events(desk) == ["endpoint_connected"]
    _move(desk, DisconnectSyncEndpoint, "two")
    inside.advance(milliseconds=1999)
    assert events(desk) == ["endpoint_connected"]
    inside.advance(milliseconds=1)
    assert events(desk) == ["endpoint_connected", "endpoint_disconnected"]


@pytest.mark.parametrize("url", ["{app}/failing", "http://127.0.0.1:9/nobody"])
def test_41_a_receiver_that_fails_changes_nothing(inside: Inside, url: str) -> None:
    inside.app.answers["/failing"] = http(status=500)
    desk = SyncDesk(
        inside, WebhookUrl=url.format(app=inside.app.url), WebhooksFromRestEnabled="true"
    )
    desk.post("/Documents", UniqueName="cart", Data='{"a":1}')
    inside.settle()
    assert desk.get("/Documents/cart")["data"] == {"a": 1}
    assert len(inside.app.received) == (0 if url.endswith("nobody") else 1)
    assert len(inside.world[Alerts]) == 1


def test_42_an_end_is_a_removal_with_the_next_id(inside: Inside) -> None:
    desk = SyncDesk(inside)
    heard: list[Any] = []
    inside.world.listeners.append(lambda happened: heard.append(happened.event), [SyncItemRemoved])
    desk.post("/Maps", UniqueName="m")
    desk.post("/Maps/m/Items", Key="a", Data='{"a":1}', Ttl="10")
    inside.advance(seconds=10)
    (removed,) = heard
    assert (removed.item.event_id, removed.item.data) == (1, '{"a":1}')
    (remembered,) = inside.world[SyncRemovals]
    assert (remembered.item, remembered.by) == (removed.item, removed.by)


def test_43_everything_survives_a_snapshot(inside: Inside) -> None:
    desk = SyncDesk(inside)
    desk.post("/Documents", UniqueName="cart", Data='{"a":1}', Ttl="60")
    desk.post("/Documents/cart", Data='{"a":2}')
    desk.post("/Lists", UniqueName="l")
    for _ in range(3):
        desk.post("/Lists/l/Items", Data="{}", Ttl="60")
    desk.delete("/Lists/l/Items/1")
    desk.post("/Maps", UniqueName="m")
    desk.post("/Maps/m/Items", Key="a", Data="{}")
    desk.post("/Maps/m/Permissions/alice", Read="true")
    desk.post("/Streams", UniqueName="s")
    paths = (
        *("/Documents/cart", "/Lists/l", "/Lists/l/Items", "/Maps/m", "/Maps/m/Items"),
        *("/Maps/m/Permissions", "/Streams", ""),
    )
    before = [desk.get(path) for path in paths]
    asked = {"account": inside.account_sid}
    taken = inside.ask("GET", f"{CONTROL}/snapshot", query=asked).body
    desk.delete("/Documents/cart")
    desk.post("/Lists/l/Items", Data="{}")
    desk.delete("/Maps/m")
    put = inside.ask("PUT", f"{CONTROL}/snapshot", query=asked, said=json.loads(json.dumps(taken)))
    assert put.status == 200, put.body
    assert [desk.get(path) for path in paths] == before
    assert desk.post("/Lists/l/Items", Data="{}")["index"] == 4
    inside.advance(seconds=60)
    assert desk.code("GET", "/Documents/cart") == (404, 20404)
    assert len(desk.get("/Lists/l/Items")["items"]) == 1


def test_44_the_journal_tells_the_three_doors_apart(inside: Inside) -> None:
    desk = SyncDesk(inside)
    desk.post("/Documents", UniqueName="cart", Ttl="10")
    desk.client(UpdateSyncDocument, resource="cart", data="{}")
    inside.advance(seconds=10)
    query = {"account": inside.account_sid, "limit": "1000"}
    entries = inside.ask("GET", f"{CONTROL}/journal", query=query)["entries"]
    changes = [
        entry["fields"]["by"]
        for entry in entries
        if entry["kind"] == "event" and "by" in entry["fields"]
    ]
    assert [change.get("door", "rest") for change in changes] == ["rest", "client", "expiry"]
    assert changes[1]["endpoint"] == ENDPOINT


def _move(desk: SyncDesk, command: Any, endpoint: str, others: int = 0) -> None:
    """A connection of Alice's comes or goes."""
    desk.inside.perform(
        command(service=desk.sid, identity="alice", endpoint=endpoint, others=others)
    )
