"""What a GET on a Sync object answers."""

import pytest

from tests.sdk.client import Client
from tests.sdk.shelf import BORN, IS, Shelf
from twilio_emulator.sdk.sync.watched import Kind

URL = f"https://cds.us1.twilio.com/v3/Services/{IS}"


@pytest.fixture
def shelf() -> Shelf:
    shelf = Shelf()
    shelf.documents["room"] = {"title": "Room"}
    shelf.lists["talk"] = {index: {"text": f"m{index}"} for index in (0, 1, 2, 4, 5)}
    shelf.maps["roster"] = {key: {"is": key} for key in ("a", "B", "c/ d")}
    return shelf


@pytest.fixture
def alice(shelf: Shelf) -> Client:
    return Client(shelf.sync)


def indexes(page: dict[str, list[dict[str, object]]]) -> list[object]:
    return [item["index"] for item in page["items"]]


def more(page: dict[str, dict[str, object]]) -> tuple[bool, bool]:
    """Whether there is more before and after."""
    assert page["meta"]["key"] == "items"
    return bool(page["meta"]["previous_token"]), bool(page["meta"]["next_token"])


def test_a_document(alice: Client) -> None:
    assert alice.get("/v3/Documents/room") == {
        "sid": "D-room",
        "unique_name": "room",
        "account_sid": "AC1",
        "service_sid": IS,
        "url": f"{URL}/Documents/D-room",
        "revision": "0",
        "last_event_id": 0,
        "date_created": BORN,
        "date_updated": BORN,
        "date_expires": None,
        "created_by": "system",
        "type": "document",
        "data": {"title": "Room"},
    }


def test_a_map(alice: Client) -> None:
    said = alice.get("/v3/Maps/roster")
    assert said["links"] == {"items": f"{URL}/Maps/M-roster/Items"}
    assert said["type"] == "map"
    assert "items" not in said
    assert "data" not in said


def test_a_map_with_its_items(alice: Client) -> None:
    said = alice.get("/v3/Maps/roster", Include="items")
    assert [item["key"] for item in said["items"]] == ["B", "a", "c/ d"]


def test_a_list_does_not_include_its_items(alice: Client) -> None:
    assert "items" not in alice.get("/v3/Lists/talk", Include="items")


@pytest.mark.parametrize(
    "path",
    [
        "/v3/Maps/M-roster",
        f"/v3/Services/{IS}/Maps/M-roster",
        f"/v3/Services/{IS}/Maps/roster",
    ],
)
def test_by_sid_by_name_and_by_url(alice: Client, path: str) -> None:
    alice.get("/v3/Maps/roster")
    assert alice.get(path)["sid"] == "M-roster"


def test_by_a_sid_that_was_not_read_since_the_start(alice: Client) -> None:
    assert alice.get("/v3/Maps/M-roster")["unique_name"] == "roster"


def test_a_map_item(alice: Client) -> None:
    item = {
        "key": "c/ d",
        "account_sid": "AC1",
        "service_sid": IS,
        "map_sid": "M-roster",
        "url": f"{URL}/Maps/M-roster/Items/c%2F%20d",
        "revision": "0",
        "last_event_id": 0,
        "data": {"is": "c/ d"},
        "date_created": BORN,
        "date_updated": BORN,
        "date_expires": None,
        "created_by": "system",
    }
    assert alice.get("/v3/Maps/roster/Items", Key="c%2F%20d", HideExpired="true") == {
        "items": [item],
        "meta": {"key": "items", "page_size": 1, "next_token": None, "previous_token": None},
    }
    assert alice.get(item["url"].removeprefix("https://cds.us1.twilio.com")) == item


def test_a_list_item(alice: Client) -> None:
    page = alice.get("/v3/Lists/talk/Items", Index="4")
    assert (indexes(page), more(page)) == ([4], (False, False))
    assert page["items"][0]["list_sid"] == "L-talk"
    assert alice.get("/v3/Lists/talk/Items/4")["data"] == {"text": "m4"}


@pytest.mark.parametrize("index", ["3", "-1", "x", "9" * 30])
def test_an_item_that_is_not_there_is_an_empty_page(alice: Client, index: str) -> None:
    page = alice.get("/v3/Lists/talk/Items", Index=index)
    assert (page["items"], more(page)) == ([], (False, False))


@pytest.mark.parametrize(
    ("params", "expected", "around"),
    [
        ({}, [0, 1, 2, 4, 5], (False, False)),
        ({"PageSize": "2"}, [0, 1], (False, True)),
        ({"PageSize": "2", "Order": "asc", "From": "2"}, [2, 4], (True, True)),
        ({"PageSize": "2", "Order": "asc", "From": "3"}, [4, 5], (True, False)),
        ({"PageSize": "2", "Order": "asc", "From": "9"}, [], (True, False)),
        ({"PageSize": "5"}, [0, 1, 2, 4, 5], (False, False)),
        ({"PageSize": "2", "Order": "desc"}, [5, 4], (False, True)),
        ({"PageSize": "2", "Order": "desc", "From": "2"}, [2, 1], (True, True)),
        ({"PageSize": "2", "Order": "desc", "From": "3"}, [2, 1], (True, True)),
        ({"PageSize": "2", "Order": "desc", "From": "1"}, [1, 0], (True, False)),
        ({"PageSize": "9", "Order": "desc"}, [5, 4, 2, 1, 0], (False, False)),
    ],
)
def test_pages(
    alice: Client, params: dict[str, str], expected: list[int], around: tuple[bool, bool]
) -> None:
    page = alice.get("/v3/Lists/talk/Items", **params)
    assert (indexes(page), more(page)) == (expected, around)


def test_map_keys_are_in_plain_string_order(alice: Client) -> None:
    page = alice.get("/v3/Maps/roster/Items", From="a", Order="asc", PageSize="1")
    assert [item["key"] for item in page["items"]] == ["a"]
    page = alice.get("/v3/Maps/roster/Items", From="b", Order="asc")
    assert [item["key"] for item in page["items"]] == ["c/ d"]


def test_list_indexes_are_in_numerical_order(shelf: Shelf, alice: Client) -> None:
    shelf.lists["talk"] = {index: index for index in (10, 9, 100)}
    assert indexes(alice.get("/v3/Lists/talk/Items")) == [9, 10, 100]


def test_a_page_has_50_items_and_at_most_100(shelf: Shelf, alice: Client) -> None:
    shelf.lists["talk"] = {index: index for index in range(150)}
    assert indexes(alice.get("/v3/Lists/talk/Items")) == list(range(50))
    page = alice.get("/v3/Lists/talk/Items", PageSize="1000")
    assert indexes(page) == list(range(100))
    assert more(page) == (False, True)


@pytest.mark.parametrize(
    "params",
    [
        {"PageSize": "0"},
        {"PageSize": "-1"},
        {"PageSize": "many"},
        {"Order": "up"},
        {"From": "x"},
        {"From": ""},
    ],
)
def test_parameters_that_make_no_sense(alice: Client, params: dict[str, str]) -> None:
    assert alice.refused("GET", "/v3/Lists/talk/Items", **params) == (400, 20001)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/v3/Documents/none", 54300),
        ("/v3/Lists/none", 54300),
        ("/v3/Maps/none", 54300),
        ("/v3/Maps/none/Items", 54300),
        ("/v3/Streams/none", 54300),
        ("/v3/Maps/room", 54300),
        ("/v3/Documents/M-roster", 54300),
        (f"/v3/Documents/ET{'0' * 32}", 54100),
        (f"/v3/Lists/ES{'0' * 32}", 54150),
        (f"/v3/Maps/MP{'0' * 32}", 54200),
        (f"/v3/Maps/MP{'0' * 32}/Items", 54200),
        (f"/v3/Streams/TO{'0' * 32}/Messages", 54250),
        ("/v3/Maps/roster/Items/none", 54201),
        ("/v3/Lists/talk/Items/3", 54151),
        ("/v3/Lists/talk/Items/x", 54151),
    ],
)
def test_what_is_not_there(alice: Client, path: str, code: int) -> None:
    alice.get("/v3/Maps/roster")
    assert alice.refused("GET", path) == (404, code)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v3"),
        ("GET", "/v3/Streams"),
        ("POST", "/v3/Configuration"),
        ("GET", "/v3/Services/IS2/Maps/roster"),
        ("GET", "/v3/Documents/room/Items"),
        ("GET", "/v3/Maps/roster/Items/a/b"),
        ("GET", "/v3/Maps/roster/Permissions"),
        ("POST", "/v3/Documents/room"),
        ("DELETE", "/v3/Maps/roster/Items/a"),
        ("GET", "/v4/Subscriptions"),
        ("POST", "/v5/Subscriptions"),
    ],
)
def test_what_is_not_supported_is_not_found(alice: Client, method: str, path: str) -> None:
    assert alice.refused(method, path) == (404, 20404)


def test_what_may_not_be_read_is_refused(shelf: Shelf, alice: Client) -> None:
    shelf.forbidden.add(("bob", "room"))
    assert Client(shelf.sync, "bob").refused("GET", "/v3/Documents/room") == (403, 54007)
    assert alice.get("/v3/Documents/room")["data"] == {"title": "Room"}
    assert Client(shelf.sync, "bob").refused("GET", "/v3/Documents/D-room") == (403, 54007)


@pytest.mark.parametrize("path", ["/v3/Configuration", f"/v3/Services/{IS}/Configuration"])
def test_where_things_are(alice: Client, path: str) -> None:
    """What `ConfigurationLinks` in `Responses.kt` takes, and what it works out by itself."""
    root = "https://cds.us1.twilio.com/v3"
    of_service = f"{root}/Services/{IS}"
    assert alice.get(path) == {
        "links": {
            "subscriptions": "https://cds.us1.twilio.com/v4/Subscriptions",
            "documents": f"{root}/Documents",
            "document": f"{of_service}/Documents/{{documentId}}",
            "lists": f"{root}/Lists",
            "list": f"{of_service}/Lists/{{listId}}",
            "list_items": f"{of_service}/Lists/{{listId}}/Items",
            "list_item": f"{of_service}/Lists/{{listId}}/Items/{{itemId}}",
            "maps": f"{root}/Maps",
            "map": f"{of_service}/Maps/{{mapId}}",
            "map_items": f"{of_service}/Maps/{{mapId}}/Items",
            "map_item": f"{of_service}/Maps/{{mapId}}/Items/{{itemId}}",
            "streams": f"{root}/Streams",
            "stream": f"{of_service}/Streams/{{streamId}}",
            "stream_messages": f"{of_service}/Streams/{{streamId}}/Messages",
            "insights_items": f"{root}/Insights/{{indexName}}/Items",
        }
    }


def test_the_links_lead_to_what_they_name(alice: Client) -> None:
    links = alice.get("/v3/Configuration")["links"]
    path = links["map_item"].removeprefix("https://cds.us1.twilio.com")
    assert alice.get(path.format(mapId="M-roster", itemId="a"))["key"] == "a"


def test_objects_are_filled_on_their_first_read_and_once(shelf: Shelf, alice: Client) -> None:
    shelf.put("talk", 7, "before anybody read")
    shelf.drop("talk", 0)
    shelf.put("roster", "d", 1)
    shelf.drop("roster", "a")
    shelf.write("room", 1)
    assert shelf.filled == []
    assert not shelf.sync.holds(Kind.LIST, "talk")
    alice.get("/v3/Lists/talk")
    assert shelf.sync.holds(Kind.LIST, "talk")
    alice.get("/v3/Lists/L-talk/Items")
    Client(shelf.sync, "bob").get("/v3/Lists/talk")
    assert shelf.filled == ["talk"]
    assert indexes(alice.get("/v3/Lists/talk/Items")) == [1, 2, 4, 5, 7]


def test_a_read_shows_what_changed_and_under_which_event(shelf: Shelf, alice: Client) -> None:
    alice.get("/v3/Documents/room")
    alice.get("/v3/Lists/talk")
    shelf.time = "2026-01-05T10:00:00.000Z"
    shelf.write("room", {"title": "Hall"})
    shelf.put("talk", 6, "new")
    shelf.put("talk", 0, "changed")
    shelf.drop("talk", 1)

    document = alice.get("/v3/Documents/room")
    assert document["data"] == {"title": "Hall"}
    assert (document["last_event_id"], document["revision"]) == (1, "1")
    assert (document["date_created"], document["date_updated"]) == (BORN, shelf.time)

    talk = alice.get("/v3/Lists/talk")
    assert (talk["last_event_id"], talk["revision"]) == (3, "3")
    items = {item["index"]: item for item in alice.get("/v3/Lists/talk/Items")["items"]}
    assert sorted(items) == [0, 2, 4, 5, 6]
    assert [items[index]["last_event_id"] for index in (0, 2, 6)] == [2, 0, 1]
    assert [items[index]["revision"] for index in (0, 2, 6)] == ["1", "0", "0"]
    assert (items[0]["date_created"], items[0]["date_updated"]) == (BORN, shelf.time)
    assert (items[6]["date_created"], items[6]["date_updated"]) == (shelf.time, shelf.time)
    assert alice.get("/v3/Lists/talk/Items", Index="1")["items"] == []


def test_revisions_are_hexadecimal(shelf: Shelf, alice: Client) -> None:
    alice.get("/v3/Documents/room")
    for number in range(31):
        shelf.write("room", number)
    assert alice.get("/v3/Documents/room")["revision"] == "1f"


def test_what_was_removed_can_still_be_read(shelf: Shelf, alice: Client) -> None:
    for path in ("Documents/room", "Lists/talk", "Maps/roster"):
        alice.get(f"/v3/{path}")
    for kind, name in ((Kind.DOCUMENT, "room"), (Kind.LIST, "talk"), (Kind.MAP, "roster")):
        shelf.remove(kind, name)
        shelf.forbidden.add(("bob", name))
    shelf.put("talk", 0, "too late")
    shelf.put("roster", "a", "too late")
    shelf.write("room", "too late")

    assert alice.get("/v3/Documents/room")["data"] == {"title": "Room"}
    assert alice.get("/v3/Lists/talk/Items")["items"] == []
    assert alice.get("/v3/Maps/roster", Include="items")["items"] == []
    assert Client(shelf.sync, "bob").refused("GET", "/v3/Documents/room") == (403, 54007)


def test_what_was_removed_before_anybody_read_it_can_be_read_too(
    shelf: Shelf, alice: Client
) -> None:
    shelf.remove(Kind.DOCUMENT, "room")
    assert shelf.filled == []
    assert alice.get("/v3/Documents/room")["data"] == {"title": "Room"}
