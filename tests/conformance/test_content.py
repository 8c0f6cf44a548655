"""Content templates over HTTP, and by the official library."""

from typing import Any

import pytest

from tests.conformance.inside import Inside

CONTENT = "https://content.twilio.com"
TYPES = {"twilio/text": {"body": "Hi {{1}}"}}


def make(inside: Inside, **said: object) -> dict[str, Any]:
    body: dict[str, Any] = inside.made(
        f"{CONTENT}/v1/Content", said={"language": "en", "types": TYPES, **said}
    ).body
    return body


def test_a_template_has_twilios_keys(inside: Inside) -> None:
    made = make(inside, friendly_name="hello", variables={"1": "you"})
    url = f"{CONTENT}/v1/Content/{made['sid']}"
    assert made == {
        "date_created": "2026-01-05T09:00:00Z",
        "date_updated": "2026-01-05T09:00:00Z",
        "sid": made["sid"],
        "account_sid": inside.account_sid,
        "friendly_name": "hello",
        "language": "en",
        "variables": {"1": "you"},
        "types": TYPES,
        "url": url,
        "links": {
            "approval_create": f"{url}/ApprovalRequests/whatsapp",
            "approval_fetch": f"{url}/ApprovalRequests",
        },
    }
    assert inside.seen(url).body == made
    assert inside.seen(f"{CONTENT}/v1/Content")["contents"] == [made]


def test_a_template_is_changed_and_deleted(inside: Inside) -> None:
    url = make(inside)["url"]
    changed = inside.ask("PUT", url, said={"types": TYPES, "friendly_name": "new"})
    assert (changed.status, changed["friendly_name"]) == (200, "new")
    assert inside.ask("DELETE", url).status == 204
    assert inside.ask("GET", url).status == 404


def test_whatsapp_approves(inside: Inside) -> None:
    made = make(inside)
    fresh = inside.seen(made["links"]["approval_fetch"])["whatsapp"]
    assert (fresh["type"], fresh["status"]) == ("whatsapp", "unsubmitted")
    wish = {"name": "hello", "category": "UTILITY"}
    approved = inside.made(made["links"]["approval_create"], said=wish)
    expected = {
        "name": "hello",
        "category": "UTILITY",
        "content_type": "twilio/text",
        "status": "approved",
        "rejection_reason": "",
        "allow_category_change": True,
    }
    assert (approved.status, approved.body) == (201, expected)
    assert inside.seen(made["links"]["approval_fetch"]).body == {
        "sid": made["sid"],
        "account_sid": inside.account_sid,
        "whatsapp": {"type": "whatsapp", **expected},
        "url": made["links"]["approval_fetch"],
    }
    (both,) = inside.seen(f"{CONTENT}/v1/ContentAndApprovals")["contents"]
    assert both["approval_requests"] == expected
    assert both.keys() == (made.keys() - {"url", "links"}) | {"approval_requests"}


@pytest.mark.parametrize(
    ("path", "options", "text"),
    [
        ("", {"content": b"{"}, "Invalid JSON body."),
        ("", {"content": b"[]"}, "Invalid JSON body."),
        ("", {"said": {"types": TYPES}}, "Missing required parameter language in the post body"),
        ("", {"said": {"language": "en"}}, "Missing required parameter types in the post body"),
        ("", {"said": {"language": "en", "types": {"a": {}}}}, "Invalid types."),
        (
            "/approval",
            {"said": {"name": "x"}},
            "Missing required parameter category in the post body",
        ),
    ],
)
def test_what_cannot_be(inside: Inside, path: str, options: Any, text: str) -> None:
    url = make(inside)["links"]["approval_create"] if path else f"{CONTENT}/v1/Content"
    answer = inside.ask("POST", url, **options)
    assert (answer.status, answer.code, answer["message"]) == (400, 20001, text)


class TestSecondVersion:
    """The list with filters."""

    def names(self, inside: Inside, **query: Any) -> list[str]:
        found = inside.seen(f"{CONTENT}/v2/Content", query)["contents"]
        return [each["friendly_name"] for each in found]

    @pytest.fixture(autouse=True)
    def templates(self, inside: Inside) -> None:
        make(inside, friendly_name="b order")
        inside.advance(days=1)
        picture = {"twilio/media": {"media": ["https://example.com/a"]}}
        approved = make(inside, friendly_name="a order", language="de", types=picture)
        inside.made(approved["links"]["approval_create"], said={"name": "a", "category": "UTILITY"})
        inside.advance(days=1)
        make(inside, friendly_name="c")

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ({}, ["b order", "a order", "c"]),
            ({"SortByContentName": "asc"}, ["a order", "b order", "c"]),
            ({"SortByContentName": "desc"}, ["c", "b order", "a order"]),
            ({"SortByDate": "desc"}, ["c", "a order", "b order"]),
            ({"ContentName": "order$"}, ["b order", "a order"]),
            ({"Content": "example"}, ["a order"]),
            ({"DateCreatedAfter": "2026-01-06T09:00:00Z"}, ["a order", "c"]),
            ({"DateCreatedBefore": "2026-01-06T09:00:00Z"}, ["b order", "a order"]),
            ({"Language": ["de", "fr"]}, ["a order"]),
            ({"ContentType": ["twilio/media"]}, ["a order"]),
            ({"ChannelEligibility": ["whatsapp:approved"]}, ["a order"]),
        ],
    )
    def test_filters(self, inside: Inside, query: Any, expected: list[str]) -> None:
        assert self.names(inside, **query) == expected

    @pytest.mark.parametrize(
        "query",
        [
            {"DateCreatedAfter": "then"},
            {"ContentName": "("},
            {"SortByDate": "sideways"},
        ],
    )
    def test_filters_that_cannot_be_read(self, inside: Inside, query: Any) -> None:
        assert inside.ask("GET", f"{CONTENT}/v2/Content", query=query).code == 20001

    def test_pages_lead_on_and_back(self, inside: Inside) -> None:
        query = {"PageSize": "1", "SortByContentName": "asc"}
        first = inside.seen(f"{CONTENT}/v2/ContentAndApprovals", query).body
        assert [each["friendly_name"] for each in first["contents"]] == ["a order"]
        second = inside.seen(first["meta"]["next_page_url"]).body
        assert [each["friendly_name"] for each in second["contents"]] == ["b order"]
        back = inside.seen(second["meta"]["previous_page_url"]).body
        assert back["contents"] == first["contents"]


def test_the_library_lists_them(inside: Inside) -> None:
    make(inside, friendly_name="hello")
    found = inside.library.content.v1.contents.list()
    assert [each.friendly_name for each in found] == ["hello"]
    assert found[0].fetch().types == TYPES
    second = inside.library.content.v2.contents.list(content_name="hello")
    assert [each.sid for each in second] == [found[0].sid]
    assert found[0].delete()


@pytest.mark.parametrize("body", ['"\\ud800"', "[" * 60 + "]" * 60])
def test_what_could_not_be_shown_again_is_refused(inside: Inside, body: str) -> None:
    said = f'{{"language":"en","types":{{"twilio/text":{{"body":{body}}}}}}}'
    refused = inside.ask("POST", f"{CONTENT}/v1/Content", content=said.encode())
    assert (refused.status, refused.code) == (400, 20001)
    assert inside.seen(f"{CONTENT}/v1/Content")["contents"] == []


def test_a_doubtful_pattern_is_one_too(inside: Inside) -> None:
    make(inside, friendly_name="[a]")
    make(inside, friendly_name="b")
    found = inside.seen(f"{CONTENT}/v2/Content", {"ContentName": "[[a]"})["contents"]
    assert [each["friendly_name"] for each in found] == ["[a]"]


@pytest.mark.parametrize("pattern", ["(", "a{99999999999}", "(" * 20_000])
def test_what_is_no_pattern_is_refused(inside: Inside, pattern: str) -> None:
    refused = inside.ask("GET", f"{CONTENT}/v2/Content", query={"ContentName": pattern})
    assert (refused.status, refused.code) == (400, 20001)
