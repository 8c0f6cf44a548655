"""Profiles by REST: made, found, looked at, changed, merged."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.rest.conftest import ACCOUNT, TOKEN, InProcess
from twilio_emulator.core.memory.stores import FIRST_STORE

HOST = "https://memory.twilio.com"
PROFILES = f"{HOST}/v1/Stores/{FIRST_STORE}/Profiles"
ANN, BOB = "+12025550199", "+12025550188"
JSON = {"Content-Type": "application/json"}

Ask = Callable[..., tuple[int, Any]]


def made(ask: Ask, **contact: object) -> str:
    status, answer = ask("POST", PROFILES, said={"traits": {"Contact": contact}})
    assert status == 202
    assert answer["message"] == "Profile resolved and accepted for processing."
    return str(answer["id"])


def looked_up(ask: Ask, id_type: str, value: str) -> Any:
    status, answer = ask("POST", f"{PROFILES}/Lookup", said={"idType": id_type, "value": value})
    assert status == 200
    return answer


def test_who_is_not_known_is_made_and_found_again(ask: Ask) -> None:
    assert looked_up(ask, "phone", ANN) == {"normalizedValue": ANN, "profiles": []}
    profile = made(ask, phone=ANN, firstName="Ann")
    assert looked_up(ask, "phone", "(202) 555-0199")["profiles"] == [profile]
    assert made(ask, phone=ANN) == profile
    assert ask("GET", f"{PROFILES}/{profile}") == (
        200,
        {
            "id": profile,
            "createdAt": "2026-01-05T09:00:00Z",
            "traits": {"Contact": {"phone": ANN, "firstName": "Ann"}},
        },
    )


def test_traits_of_some_groups(ask: Ask) -> None:
    profile = made(ask, phone=ANN)
    url = f"{PROFILES}/{profile}"
    assert ask("GET", url, traitGroups="Shop, Contact")[1]["traits"] == {"Contact": {"phone": ANN}}
    assert ask("GET", url, traitGroups="Shop")[1]["traits"] == {}
    status, answer = ask("GET", url, traitGroups="x" * 257)
    assert (status, answer["code"]) == (400, 400)


def test_the_traits_one_by_one(ask: Ask, advance: Callable[..., None]) -> None:
    profile = made(ask, phone=ANN)
    advance(seconds=1)
    made(ask, phone=ANN, city="Bonn")
    url = f"{PROFILES}/{profile}/Traits"
    status, answer = ask("GET", url)
    assert status == 200
    assert answer["meta"] == {"key": "traits", "pageSize": 2}
    assert answer["traits"] == [
        {
            "name": "city",
            "value": "Bonn",
            "traitGroup": "Contact",
            "timestamp": "2026-01-05T09:00:01Z",
        },
        {
            "name": "phone",
            "value": ANN,
            "traitGroup": "Contact",
            "timestamp": "2026-01-05T09:00:00Z",
        },
    ]
    first = ask("GET", url, pageSize=1, orderBy="ASC")[1]
    assert [each["name"] for each in first["traits"]] == ["phone"]
    token = first["meta"]["nextToken"]
    second = ask("GET", url, pageSize=1, orderBy="ASC", pageToken=token)[1]
    assert [each["name"] for each in second["traits"]] == ["city"]
    assert "nextToken" not in second["meta"]
    token = second["meta"]["previousToken"]
    assert (
        ask("GET", url, pageSize=1, orderBy="ASC", pageToken=token)[1]["traits"]
        == (first["traits"])
    )
    assert ask("GET", url, traitGroups="Shop")[1]["traits"] == []


def test_a_profile_is_changed_and_forgotten(ask: Ask) -> None:
    profile = made(ask, phone=ANN, firstName="Ann")
    url = f"{PROFILES}/{profile}"
    said = {"traits": {"Contact": {"firstName": None, "city": "Bonn"}}}
    assert ask("PATCH", url, said=said) == (
        202,
        {"message": "Trait modifications accepted for processing."},
    )
    assert ask("GET", url)[1]["traits"] == {"Contact": {"phone": ANN, "city": "Bonn"}}
    assert ask("DELETE", url) == (202, {"message": "Profile accepted for deletion."})
    assert ask("GET", url) == (
        404,
        {
            "code": 20404,
            "message": "Not Found",
            "more_info": "https://www.twilio.com/docs/errors/20404",
            "status": 404,
        },
    )


def test_profiles_are_listed_by_id(ask: Ask) -> None:
    ann, bob = made(ask, phone=ANN), made(ask, phone=BOB)
    meta = {"key": "profiles", "pageSize": 2}
    assert ask("GET", PROFILES) == (200, {"profiles": [bob, ann], "meta": meta})
    page = ask("GET", PROFILES, pageSize=1, orderBy="ASC")[1]
    assert page["profiles"] == [ann]
    page = ask("GET", PROFILES, pageSize=1, orderBy="ASC", pageToken=page["meta"]["nextToken"])[1]
    assert page["profiles"] == [bob]


def test_many_at_once(ask: Ask) -> None:
    profiles = [{"traits": {"Contact": {"phone": each}}} for each in (ANN, BOB)]
    assert ask("PUT", f"{PROFILES}/Bulk", said={"profiles": profiles}) == (
        202,
        {"message": "Profile batch accepted for processing."},
    )
    assert len(ask("GET", PROFILES)[1]["profiles"]) == 2


def test_identifiers(ask: Ask) -> None:
    profile = made(ask, phone=ANN)
    url = f"{PROFILES}/{profile}/Identifiers"
    said = {"idType": "email", "value": "A@Example.com"}
    assert ask("POST", url, said=said) == (
        202,
        {"message": "Identifier accepted for processing."},
    )
    assert ask("GET", url)[1] == {
        "identifiers": [
            {"idType": "phone", "values": [ANN]},
            {"idType": "email", "values": ["a@example.com"]},
        ]
    }
    said = {"idType": "email", "oldValue": "a@example.com", "newValue": "b@example.com"}
    assert ask("PATCH", f"{url}/email", said=said) == (
        202,
        {"message": "Identifier update accepted."},
    )
    assert ask("GET", f"{url}/email") == (200, {"idType": "email", "values": ["b@example.com"]})
    assert ask("DELETE", f"{url}/email?removeAll=true") == (
        202,
        {"message": "Identifier removal accepted."},
    )
    assert ask("GET", f"{url}/email")[0] == 404


def test_who_was_merged_is_found_elsewhere(ask: Ask, http: InProcess) -> None:
    ann, bob = made(ask, phone=ANN), made(ask, phone=BOB)
    made(ask, phone=BOB, email="b@example.com")
    said: dict[str, object] = {"idType": "phone", "value": ANN}
    assert ask("POST", f"{PROFILES}/{bob}/Identifiers", said=said)[0] == 202
    assert looked_up(ask, "phone", BOB)["profiles"] == [ann]

    auth = (ACCOUNT, TOKEN)
    for path in ("", "/Traits", "/Identifiers", "/Identifiers/email", "/Observations"):
        answer = http.request("GET", f"{PROFILES}/{bob}{path}", auth=auth)
        uri = f"{PROFILES}/{ann}{path}"
        assert answer.status_code == 301
        assert answer.headers["canonical-profile-id"] == ann
        assert answer.headers["location"] == uri
        assert ask("GET", f"{PROFILES}/{bob}{path}")[1] == {
            "message": "This resource has moved.",
            "uri": uri,
        }
    for method, path, body in (
        ("PATCH", "", {"traits": {}}),
        ("POST", "/Identifiers", said),
        ("POST", "/Recall", {}),
    ):
        answer = http.request(method, f"{PROFILES}/{bob}{path}", data=body, headers=JSON, auth=auth)
        assert (answer.status_code, answer.headers["canonical-profile-id"]) == (308, ann)
    answer = http.request("DELETE", f"{PROFILES}/{bob}", auth=auth)
    assert answer.status_code == 308


@pytest.mark.parametrize(
    ("method", "path", "said", "what"),
    [
        ("POST", "", {}, "traits must have a trait that is promoted to an identifier"),
        ("POST", "", {"traits": {"Shop": {}}}, "traits.Shop is no trait group"),
        ("POST", "", {"traits": {"Contact": {"shoe": 42}}}, "traits.Contact.shoe is no trait"),
        ("POST", "", {"traits": {"Contact": {"phone": 42}}}, "must be a text"),
        ("POST", "", {"traits": []}, "Invalid traits."),
        ("POST", "/Lookup", {"idType": "phone"}, "Missing required parameter value"),
        ("POST", "/Lookup", {"idType": "shoe", "value": "42"}, "'shoe' is no identifier type"),
        ("POST", "/Lookup", {"idType": "phone", "value": "1", "all": True}, "Invalid all."),
        ("PUT", "/Bulk", {"profiles": []}, "profiles must have 1 to 1000 items"),
        ("PUT", "/Bulk", {"profiles": [{"traits": {}, "id": "x"}]}, "Invalid profiles[0].id."),
    ],
)
def test_what_cannot_be_is_refused(
    ask: Ask, method: str, path: str, said: object, what: str
) -> None:
    status, answer = ask(method, f"{PROFILES}{path}", said=said)
    assert (status, answer["code"], answer["status"]) == (400, 400, 400)
    assert answer["message"].startswith("Failed to complete request due to a bad request: ")
    assert what in answer["message"]


def test_a_form_is_refused(ask: Ask) -> None:
    status, answer = ask("POST", PROFILES, traits="{}")
    assert (status, answer["code"]) == (415, 20422)


def test_a_page_that_cannot_be_is_refused(ask: Ask) -> None:
    for query in ({"pageSize": "1001"}, {"pageToken": "x"}, {"orderBy": "UP"}):
        status, answer = ask("GET", PROFILES, **query)
        assert (status, answer["code"]) == (400, 400)
