"""Statements 1 to 22 of the checklist of Sync: REST and shapes."""

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.conformance.inside import Inside
from tests.conformance.sync_checks.sync_desk import SYNC, SyncDesk


@pytest.fixture
def desk(inside: Inside) -> SyncDesk:
    return SyncDesk(inside)


def test_01_a_service_without_parameters_has_its_defaults(inside: Inside) -> None:
    answer = inside.ask("POST", f"{SYNC}/Services", {})
    assert answer.status == 201
    url = f"{SYNC}/Services/{answer['sid']}"
    assert {
        **answer.body,
        "sid": None,
        "date_created": None,
        "date_updated": None,
    } == {
        "sid": None,
        "unique_name": None,
        "account_sid": inside.account_sid,
        "friendly_name": None,
        "date_created": None,
        "date_updated": None,
        "url": url,
        "webhook_url": None,
        "webhooks_from_rest_enabled": False,
        "reachability_webhooks_enabled": False,
        "acl_enabled": False,
        "reachability_debouncing_enabled": False,
        "reachability_debouncing_window": 5000,
        "links": {
            "documents": f"{url}/Documents",
            "lists": f"{url}/Lists",
            "maps": f"{url}/Maps",
            "streams": f"{url}/Streams",
        },
    }


def test_02_an_update_changes_what_it_says_alone(inside: Inside) -> None:
    desk = SyncDesk(
        inside,
        WebhookUrl="https://example.com/sync",
        WebhooksFromRestEnabled="true",
        AclEnabled="true",
        ReachabilityWebhooksEnabled="true",
        ReachabilityDebouncingEnabled="true",
        ReachabilityDebouncingWindow="1500",
    )
    before = desk.get()
    after = desk.post(FriendlyName="Carts")
    assert after == {**before, "friendly_name": "Carts", "date_updated": after["date_updated"]}
    assert desk.post(WebhookUrl="")["webhook_url"] is None
    assert desk.get()["acl_enabled"] is True
    assert desk.code("POST") == (400, 54010)


def test_03_the_window_of_debouncing_has_bounds(desk: SyncDesk) -> None:
    for window in ("999", "30001"):
        assert desk.ask("POST", ReachabilityDebouncingWindow=window).status == 400
    for window in ("1000", "30000"):
        kept = desk.post(ReachabilityDebouncingWindow=window)
        assert kept["reachability_debouncing_window"] == int(window)


def test_04_a_name_and_a_sid_answer_the_same(desk: SyncDesk) -> None:
    made = desk.ask("POST", "/Documents", UniqueName="cart", Data='{"a":1}')
    by_name = desk.ask("GET", "/Documents/cart")
    by_sid = desk.ask("GET", f"/Documents/{made['sid']}")
    assert by_name.content == by_sid.content == made.content
    assert [each.headers["etag"] for each in (made, by_name, by_sid)] == ['"0"'] * 3


def test_05_sixteen_updates_give_revision_10(desk: SyncDesk) -> None:
    desk.post("/Documents", UniqueName="cart")
    for count in range(16):
        changed = desk.ask("POST", "/Documents/cart", Data=f'{{"count":{count}}}')
    assert (changed["revision"], changed.headers["etag"]) == ("10", '"10"')


def test_06_a_document_begins_empty_and_for_ever(desk: SyncDesk) -> None:
    made = desk.post("/Documents")
    assert (made["data"], made["unique_name"], made["created_by"], made["date_expires"]) == (
        {},
        None,
        "system",
        None,
    )
    assert made["date_created"].endswith(".000Z")


def test_07_data_that_is_no_object_changes_nothing(desk: SyncDesk) -> None:
    desk.post("/Documents", UniqueName="cart", Data='{"a":1}')
    before = desk.get("/Documents/cart")
    desk.inside.advance(seconds=1)
    for data in ("[1]", '"x"', "{"):
        assert desk.code("POST", "/Documents/cart", Data=data) == (400, 54008)
        assert desk.code("POST", "/Documents", Data=data) == (400, 54008)
    assert desk.get("/Documents/cart") == before
    assert len(desk.get("/Documents")["documents"]) == 1


def test_08_no_index_is_given_twice(desk: SyncDesk) -> None:
    desk.post("/Lists", UniqueName="l")
    pushed = [desk.post("/Lists/l/Items", Data="{}")["index"] for _ in range(3)]
    desk.delete("/Lists/l/Items/1")
    last = desk.post("/Lists/l/Items", Data="{}")
    assert (pushed, last["index"], last["revision"]) == ([0, 1, 2], 4, "4")


def test_09_revisions_of_a_map_and_its_first_item(desk: SyncDesk) -> None:
    assert desk.post("/Maps", UniqueName="m")["revision"] == "0"
    assert desk.post("/Maps/m/Items", Key="a", Data="{}")["revision"] == "0"
    assert desk.get("/Maps/m")["revision"] == "1"


def test_10_a_page_goes_from_a_place_on(desk: SyncDesk) -> None:
    desk.post("/Lists", UniqueName="l")
    for _ in range(5):
        desk.post("/Lists/l/Items", Data="{}")
    page = desk.get("/Lists/l/Items", Order="desc", From="2", Bounds="exclusive")
    assert [item["index"] for item in page["items"]] == [1, 0]
    desk.post("/Maps", UniqueName="m")
    for key in ("a", "c"):
        desk.post("/Maps/m/Items", Key=key, Data="{}")
    assert [item["key"] for item in desk.get("/Maps/m/Items", From="b")["items"]] == ["c"]


def test_11_pages_keep_their_order_and_bounds(desk: SyncDesk) -> None:
    for name in ("l", "other"):
        desk.post("/Lists", UniqueName=name)
        for _ in range(5):
            desk.post(f"/Lists/{name}/Items", Data="{}")
    said = {"Order": "desc", "From": "4", "Bounds": "inclusive", "PageSize": "2"}
    page, indexes = desk.get("/Lists/l/Items", **said), []
    for _ in range(3):
        assert page["meta"]["key"] == "items"
        indexes.append([item["index"] for item in page["items"]])
        following = page["meta"]["next_page_url"]
        if following is not None:
            query = parse_qs(urlsplit(following).query)
            assert {key: query[key] for key in said} == {key: [said[key]] for key in said}
            page = desk.get(following)
    assert (indexes, following) == ([[4, 3], [2, 1], [0]], None)
    assert desk.get(page["meta"]["previous_page_url"])["items"][0]["index"] == 2
    (token,) = query["PageToken"]
    for foreign in ("x", "PA1-SM00000000000000000000000000000000", token):
        refused = desk.code("GET", "/Lists/other/Items", PageToken=foreign)
        assert refused == (400, 54453)


def test_12_an_update_makes_no_item(desk: SyncDesk) -> None:
    desk.post("/Maps", UniqueName="m")
    assert desk.code("POST", "/Maps/m/Items/a", Data="{}") == (404, 20404)
    assert desk.get("/Maps/m/Items")["items"] == []
    assert desk.get("/Maps/m")["revision"] == "0"


def test_13_keys_have_up_to_320_letters(desk: SyncDesk) -> None:
    desk.post("/Maps", UniqueName="m")
    key = "a:b@c" * 64
    assert desk.post("/Maps/m/Items", Key=key, Data="{}")["key"] == key
    assert desk.get(f"/Maps/m/Items/{key}")["revision"] == "0"
    assert desk.post(f"/Maps/m/Items/{key}", Data='{"a":1}')["revision"] == "1"
    desk.delete(f"/Maps/m/Items/{key}")
    assert desk.code("POST", "/Maps/m/Items", Key=f"{key}x", Data="{}") == (400, 54209)


@pytest.mark.parametrize("kind", ["Lists", "Maps"])
def test_14_if_match_is_heeded_quoted_or_not(desk: SyncDesk, kind: str) -> None:
    desk.post(f"/{kind}", UniqueName="o")
    form = {"Key": "0"} if kind == "Maps" else {}
    desk.post(f"/{kind}/o/Items", Data="{}", **form)
    item, code = f"/{kind}/o/Items/0", 54155 if kind == "Lists" else 54205
    assert desk.post(item, "0", Data="{}")["revision"] == "1"
    assert desk.post(item, '"1"', Data="{}")["revision"] == "2"
    for stale in ("1", '"1"'):
        assert desk.code("POST", item, stale, Data="{}") == (412, code)
        assert desk.code("DELETE", item, stale) == (412, code)
    assert desk.code("DELETE", item, "no revision") == (400, 54003)
    assert desk.get(item)["revision"] == "2"
    assert desk.ask("DELETE", item, '"2"').status == 204


def test_14_if_match_of_documents(desk: SyncDesk) -> None:
    desk.post("/Documents", UniqueName="cart")
    desk.post("/Documents/cart", "0", Data="{}")
    assert desk.code("POST", "/Documents/cart", '"0"', Data="{}") == (412, 54103)


def test_15_ends_of_an_item_and_of_its_list(desk: SyncDesk) -> None:
    desk.post("/Lists", UniqueName="l")
    made = desk.post("/Lists/l/Items", Data="{}", Ttl="10", ItemTtl="20")
    assert made["date_expires"] == "2026-01-05T09:00:20.000Z"
    changed = desk.post("/Lists/l/Items/0", Data="{}", CollectionTtl="60")
    assert changed["date_expires"] == "2026-01-05T09:00:20.000Z"
    assert desk.get("/Lists/l")["date_expires"] == "2026-01-05T09:01:00.000Z"


@pytest.mark.parametrize("kind", ["Documents", "Lists", "Maps", "Streams"])
def test_16_an_end_is_taken_away_by_0(desk: SyncDesk, kind: str) -> None:
    made = desk.post(f"/{kind}", UniqueName="o", Ttl="31536000")
    assert made["date_expires"] == "2027-01-05T09:00:00.000Z"
    assert desk.post(f"/{kind}/o", Ttl="0")["date_expires"] is None
    for ttl in ("-1", "31536001", "1.5", "x"):
        assert desk.code("POST", f"/{kind}/o", Ttl=ttl) == (400, 54011)
        assert desk.code("POST", f"/{kind}", Ttl=ttl) == (400, 54011)


@pytest.mark.parametrize("kind", ["Lists", "Maps"])
def test_17_an_item_is_gone_when_its_time_is_over(desk: SyncDesk, kind: str) -> None:
    desk.post(f"/{kind}", UniqueName="o")
    form = {"Key": "0"} if kind == "Maps" else {}
    desk.post(f"/{kind}/o/Items", Data="{}", Ttl="10", **form)
    desk.inside.advance(seconds=9)
    assert len(desk.get(f"/{kind}/o/Items")["items"]) == 1
    desk.inside.advance(seconds=1)
    assert desk.get(f"/{kind}/o/Items")["items"] == []
    assert desk.code("GET", f"/{kind}/o/Items/0") == (404, 20404)
    assert desk.get(f"/{kind}/o")["revision"] == "2"


def test_18_a_list_takes_its_items_and_permissions_along(desk: SyncDesk) -> None:
    made = desk.post("/Lists", UniqueName="l")
    desk.post("/Lists/l/Items", Data="{}")
    desk.post("/Lists/l/Permissions/alice", Read="true", Write="true", Manage="true")
    desk.delete("/Lists/l")
    for path in ("Items/0", "Items", "Permissions/alice", "Permissions"):
        assert desk.code("GET", f"/Lists/{made['sid']}/{path}") == (404, 20404)
    desk.post("/Lists", UniqueName="l")
    assert desk.get("/Lists/l/Permissions")["permissions"] == []
    assert desk.post("/Lists/l/Items", Data="{}")["index"] == 0


@pytest.mark.parametrize("kind", ["Documents", "Lists", "Maps"])
def test_19_permissions_are_set_listed_and_deleted(desk: SyncDesk, kind: str) -> None:
    made = desk.post(f"/{kind}", UniqueName="o")
    path = f"/{kind}/o/Permissions"
    said = {"Read": "true", "Write": "true", "Manage": "false"}
    first = desk.ask("POST", f"{path}/alice", **said)
    again = desk.ask("POST", f"{path}/alice", **{**said, "Manage": "true"})
    assert (first.status, again.status, again["manage"]) == (200, 200, True)
    assert again[f"{kind[:-1].lower()}_sid"] == made["sid"]
    assert desk.get(path)["permissions"] == [again.body]
    desk.delete(f"{path}/alice")
    assert desk.code("GET", f"{path}/alice") == (404, 20404)


def test_20_streams_and_their_messages(desk: SyncDesk) -> None:
    made = desk.post("/Streams", UniqueName="s")
    assert "revision" not in made
    assert list(made["links"]) == ["messages"]
    said = desk.ask("POST", "/Streams/s/Messages", Data='{"a":1}')
    assert (said.status, said.body) == (201, {"sid": said["sid"], "data": {"a": 1}})
    assert said["sid"].startswith("TZ")


def test_21_services_of_conversations_are_others(desk: SyncDesk, inside: Inside) -> None:
    assert inside.ask("GET", f"{SYNC}/Services/{inside.service_sid}").status == 404
    assert inside.ask("GET", f"/Services/{desk.sid}").status == 404
    assert inside.ask("GET", f"/Services/{inside.service_sid}").status == 200


def test_22_keys_of_the_api_are_as_good_as_the_token(desk: SyncDesk, inside: Inside) -> None:
    key = inside.made(f"https://api.twilio.com/2010-04-01/Accounts/{inside.account_sid}/Keys.json")
    assert inside.ask("GET", desk.url, auth=(key["sid"], key["secret"])).status == 200
    refused = inside.ask("GET", desk.url, auth=(key["sid"], "wrong"))
    assert (refused.status, refused.code) == (401, 20003)
