"""The reference's statements about Sync's socket, by their numbers."""

import json

import pytest

from tests.sdk.sharer import SharedHouse, Sharer
from tests.sdk.visitor import SERVICE
from twilio_emulator.core.conversations.resources import Users
from twilio_emulator.core.kernel.world import Happened
from twilio_emulator.core.sync.documents import AddSyncDocument, UpdateSyncDocument
from twilio_emulator.core.sync.grants import SetSyncDocumentPermission
from twilio_emulator.core.sync.lists import AddSyncList, AddSyncListItem
from twilio_emulator.core.sync.maps import AddSyncMap, RemoveSyncMap
from twilio_emulator.core.sync.services import AddSyncService, UpdateSyncService
from twilio_emulator.core.sync.streams import AddSyncStream, PublishSyncMessage

pytestmark = pytest.mark.anyio

NONE = "0" * 32


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def house(anyio_backend: str) -> SharedHouse:
    return SharedHouse()


@pytest.fixture
async def alice(house: SharedHouse) -> Sharer:
    return house.sharer("alice")


@pytest.fixture
async def bob(house: SharedHouse) -> Sharer:
    return house.sharer("bob")


@pytest.mark.parametrize(
    ("kind", "prefix", "code"),
    [("Documents", "ET", 54100), ("Lists", "ES", 54150), ("Maps", "MP", 54200)],
)
async def test_23_what_is_not_there_is_told_by_kind_or_by_name(
    alice: Sharer, kind: str, prefix: str, code: int
) -> None:
    assert alice.call("GET", f"/v3/{kind}/none").error == (404, 54300)
    assert alice.call("GET", f"/v3/{kind}/{prefix}{NONE}").error == (404, code)


async def test_24_the_body_of_a_delete_says_nothing(alice: Sharer) -> None:
    for kind in ("Documents", "Lists", "Maps", "Streams"):
        made = alice.made(f"/v3/{kind}", unique_name="x")
        path = f"/v3/{kind}/{made['sid']}"
        assert alice.call("DELETE", path, "data_sync").status == 204
        assert alice.call("GET", path).status == 404


async def test_25_a_put_says_whether_there_was_one(alice: Sharer) -> None:
    path = f"/v3/Maps/{alice.made('/v3/Maps')['sid']}/Items/a%2Fb"
    assert alice.call("PUT", path, {"data": {}}, if_match="-1").status == 201
    assert alice.call("PUT", path, {"data": {}}).status == 200
    assert alice.call("PUT", path, {"data": {}}, if_match="-1").error == (412, 54205)


async def test_26_a_put_that_knows_what_is_gone_is_no_404(alice: Sharer) -> None:
    path = f"/v3/Maps/{alice.made('/v3/Maps')['sid']}/Items/a"
    revision = alice.call("PUT", path, {"data": {}}).body["revision"]
    alice.call("DELETE", path)
    assert alice.call("PUT", path, {"data": {}}, if_match=revision).error == (412, 54205)


async def test_27_the_answer_to_a_removal_names_its_event(alice: Sharer, bob: Sharer) -> None:
    made = alice.made("/v3/Lists", unique_name="l")
    bob.watch(bob.call("GET", "/v3/Lists/l").body)
    item = alice.made(f"/v3/Lists/{made['sid']}/Items", data={"n": 1})
    gone = alice.call("DELETE", f"/v3/Lists/l/Items/{item['index']}", "data_sync")
    assert gone.status == 200
    (_, added), (type, removed) = bob.events()
    assert (type, removed["id"]) == ("list_item_removed", gone.body["last_event_id"])
    assert (removed["id"], removed["item_data"], added["id"]) == (1, {"n": 1}, 0)
    assert removed["item_revision"] == gone.body["revision"] == "1"


async def test_28_answers_to_writes_hold_no_value_and_all_of_one_object_its_revision(
    alice: Sharer,
) -> None:
    value = {"data": {"n": 1}}
    document = alice.call("POST", "/v3/Documents", {"unique_name": "d", **value})
    list_, map_ = alice.made("/v3/Lists"), alice.made("/v3/Maps")
    answers = [
        document,
        alice.call("POST", "/v3/Documents/d", value),
        alice.call("POST", f"/v3/Lists/{list_['sid']}/Items", value),
        alice.call("POST", f"/v3/Lists/{list_['sid']}/Items/0", value),
        alice.call("PUT", f"/v3/Maps/{map_['sid']}/Items/k", value),
        alice.call("POST", f"/v3/Maps/{map_['sid']}/Items/k", {"ttl": 5}),
    ]
    for answer in answers:
        assert "data" not in answer.body
        assert answer.etag == f'"{answer.body["revision"]}"'
    for path in ("Documents/d", f"Lists/{list_['sid']}/Items/0", f"Maps/{map_['sid']}/Items/k"):
        read = alice.call("GET", f"/v3/{path}")
        assert (read.body["data"], read.etag) == ({"n": 1}, f'"{read.body["revision"]}"')


async def test_29_the_answer_to_a_write_leaves_before_its_event(alice: Sharer) -> None:
    document, map_ = alice.made("/v3/Documents", data={}), alice.made("/v3/Maps")
    alice.watch(document, map_)
    alice.order.clear()
    alice.call("POST", f"/v3/Documents/{document['sid']}", {"data": {"n": 1}})
    alice.call("PUT", f"/v3/Maps/{map_['sid']}/Items/k", {"data": {}})
    assert alice.order == ["reply", "document_updated", "reply", "map_item_added"]


async def test_30_streams_are_not_replayed(house: SharedHouse, alice: Sharer) -> None:
    stream = house.perform(AddSyncStream(**house.where, unique_name="s"))
    house.perform(PublishSyncMessage(**house.where, resource="s", data='{"n":1}'))
    [(type, outcome)] = alice.watch({"sid": stream.sid, "type": "stream"})
    assert (type, outcome["last_event_id"]) == ("subscription_established", None)
    house.perform(PublishSyncMessage(**house.where, resource="s", data='{"n":2}'))
    [(type, published)] = alice.events()
    assert (type, published["message_data"]) == ("stream_message_published", {"n": 2})
    said = alice.call("POST", "/v3/Streams/s/Messages", {"data": {"n": 3}})
    assert (said.status, list(said.body)) == (201, ["sid"])
    assert alice.events() == []


async def test_31_what_is_gone_is_not_passed_over_in_silence(
    house: SharedHouse, alice: Sharer
) -> None:
    made = alice.made("/v3/Maps", unique_name="m")
    house.perform(RemoveSyncMap(**house.where, resource="m"))
    [(type, failed)] = alice.watch(made)
    assert type == "subscription_failed"
    assert failed["error"]["status"] == 404
    assert failed["error"]["code"] == 54200


async def test_32_the_protocol_of_a_client_says_how_it_is_told(
    house: SharedHouse, alice: Sharer, bob: Sharer
) -> None:
    bob.protocol = 3
    made = alice.made("/v3/Documents", data={})
    alice.watch(made)
    bob.watch(made)
    wish = UpdateSyncDocument(**house.where, resource=made["sid"], data='{"n":1}')
    house.perform(wish)
    alice.listen()
    bob.listen()
    [(_, newer)], [(_, older)] = alice.told, bob.told
    assert newer["events"] == [older["event"]]
    assert (newer["event_protocol_version"], older["event_protocol_version"]) == (4, 3)


async def test_33_a_page_token_says_everything(house: SharedHouse, alice: Sharer) -> None:
    house.perform(AddSyncList(**house.where, unique_name="l"))
    for each in range(7):
        wish = AddSyncListItem(**house.where, resource="l", data=json.dumps({"n": each}))
        house.perform(wish)
    seen, params = [], {"PageSize": "3", "Order": "desc"}
    while params:
        page = alice.call("GET", "/v3/Lists/l/Items", **params).body
        seen.append([item["index"] for item in page["items"]])
        token = page["meta"]["next_token"]
        params = {"PageToken": token} if token else {}
    assert seen == [[6, 5, 4], [3, 2, 1], [0]]
    before = page["meta"]["previous_token"]
    page = alice.call("GET", "/v3/Lists/l/Items", PageToken=before).body
    assert [item["index"] for item in page["items"]] == [3, 2, 1]
    assert alice.call("GET", "/v3/Lists/l/Items", PageToken="x").error == (400, 54453)


async def test_34_the_2001st_subscription_fails_and_the_others_stay(
    house: SharedHouse, alice: Sharer
) -> None:
    made = [alice.made("/v3/Documents") for _ in range(2001)]
    outcomes = alice.watch(*made)
    assert [type for type, _ in outcomes[:2000]] == ["subscription_established"] * 2000
    [(type, failed)] = outcomes[2000:]
    assert (type, failed["error"]["code"]) == ("subscription_failed", 54419)
    for at in (0, 1999, 2000):
        wish = UpdateSyncDocument(**house.where, resource=made[at]["sid"], data="{}")
        house.perform(wish)
    assert [event["document_sid"] for _, event in alice.events()] == [
        made[at]["sid"] for at in (0, 1999)
    ]


async def test_35_a_sync_token_is_nothing_to_conversations(house: SharedHouse) -> None:
    happened: list[Happened] = []
    house.world.listeners.append(happened.append)
    house.sharer("carol")
    users = house.world[Users]
    assert users.by_identity.find((SERVICE, "carol")) is None
    assert [each for each in happened if "conversations" in type(each.event).__module__] == []
    both = house.sharer("dora", chat=True)
    assert both.made("/v3/Documents", unique_name="d")["created_by"] == "dora"
    assert users.by_identity.find((SERVICE, "dora")) is None
    chat = both.call("GET", "/v3/Maps/dora.channels", grant="ip_messaging")
    assert (chat.status, chat.body["service_sid"]) == (200, SERVICE)
    assert users.by_identity.find((SERVICE, "dora")) is not None
    assert both.call("GET", "/v3/Documents/d").body["service_sid"] == house.service_sid


async def test_36_another_service_is_refused_even_for_what_is_there(
    house: SharedHouse, alice: Sharer
) -> None:
    other = house.perform(AddSyncService(account=house.world.account_sid))
    wish = AddSyncDocument(account=house.world.account_sid, service=other.sid, unique_name="d")
    made = house.perform(wish)
    path = f"/v3/Services/{other.sid}/Documents/{made.sid}"
    assert alice.call("GET", path).status == 404
    assert alice.call("POST", path, {"data": {}}).status == 404
    assert alice.call("GET", f"/v3/Documents/{made.sid}").error == (404, 54100)
    [(type, _)] = alice.watch({"sid": made.sid, "type": "document"})
    assert type == "subscription_failed"
    own = alice.made("/v3/Documents")
    assert (
        alice.call("GET", f"/v3/Services/{house.service_sid}/Documents/{own['sid']}").status == 200
    )


async def test_37_permissions_bind_from_the_moment_they_are_asked_for(
    house: SharedHouse, alice: Sharer, bob: Sharer
) -> None:
    house.perform(AddSyncDocument(**house.where, unique_name="d"))
    document = alice.call("GET", "/v3/Documents/d").body
    alice.watch(document)
    house.perform(UpdateSyncService(**house.where, acl_enabled="true"))
    assert alice.call("POST", "/v3/Documents/d", {"data": {}}).error == (403, 54007)
    assert alice.call("GET", "/v3/Documents/d").error == (403, 54007)
    house.perform(UpdateSyncDocument(**house.where, resource="d", data='{"n":1}'))
    assert alice.events() == []  # it is not told why
    [(type, failed)] = bob.watch(document)
    assert (type, failed["error"]["status"]) == ("subscription_failed", 403)
    wish = SetSyncDocumentPermission(**house.where, resource="d", identity="alice", read="true")
    house.perform(wish)
    [(_, event)] = alice.events()
    assert event["document_data"] == {"n": 1}
    assert alice.call("DELETE", "/v3/Documents/d").error == (403, 54007)
    own = alice.made("/v3/Maps")
    assert alice.call("DELETE", f"/v3/Maps/{own['sid']}").status == 204
    house.perform(AddSyncMap(**house.where, unique_name="rest"))
    assert alice.call("PUT", "/v3/Maps/rest/Items/k", {"data": {}}).error == (403, 54007)
