"""Sync by REST: what is in headers and URLs, and which requests are refused."""

from collections.abc import Callable
from typing import Any

import pytest
from twilio.rest import Client

from tests.rest.conftest import ACCOUNT, InProcess
from twilio_emulator.products import APIS
from twilio_emulator.rest.sync.v1 import api

SYNC = "https://sync.twilio.com/v1"
SERVICE = "IS00000000000000000000000000000002"
HERE = f"{SYNC}/Services/default"

Ask = Callable[..., tuple[int, Any]]


def test_the_api_is_switched_on() -> None:
    assert api in APIS
    assert len(api.operations) == 48


def test_a_path_that_it_does_not_have_is_not_found(ask: Ask) -> None:
    for method, url in (
        ("GET", f"{SYNC}/Nothing"),
        ("GET", f"{HERE}/Streams/s/Messages"),
        ("GET", f"{HERE}/Streams/s/Permissions"),
        ("PUT", f"{HERE}/Documents/cart"),
        ("GET", "https://preview.twilio.com/Sync/Services"),
    ):
        status, answer = ask(method, url)
        assert (status, answer["code"]) in ((404, 20404), (405, 20004)), url


def test_default_stands_for_a_sid_that_answers_have(ask: Ask) -> None:
    status, service = ask("GET", HERE)
    assert (status, service["sid"], service["unique_name"]) == (200, SERVICE, "default")
    assert service["links"] == {
        kind: f"{SYNC}/Services/{SERVICE}/{kind.capitalize()}"
        for kind in ("documents", "lists", "maps", "streams")
    }
    _, document = ask("POST", f"{HERE}/Documents", UniqueName="cart")
    url = f"{SYNC}/Services/{SERVICE}/Documents/{document['sid']}"
    assert (document["url"], document["links"]) == (url, {"permissions": f"{url}/Permissions"})
    _, page = ask("GET", f"{HERE}/Documents?PageSize=1")
    assert page["meta"]["url"] == f"{HERE}/Documents?PageSize=1&Page=0"


def test_keys_and_identities_are_whatever_they_are(ask: Ask) -> None:
    ask("POST", f"{HERE}/Maps", UniqueName="m")
    key = "a/b:c@d.e 😀%"
    _, made = ask("POST", f"{HERE}/Maps/m/Items", Key=key, Data="{}")
    assert made["url"].endswith("/Items/a%2Fb%3Ac%40d.e%20%F0%9F%98%80%25")
    status, found = ask("GET", made["url"])
    assert (status, found) == (200, made)
    _, permission = ask("POST", f"{HERE}/Maps/m/Permissions/a%2Fb%40c", Read="true", Write="FALSE")
    assert (permission["identity"], permission["read"]) == ("a/b@c", True)
    assert permission["map_sid"] == made["map_sid"]
    status, found = ask("GET", permission["url"])
    assert (status, found) == (200, permission)


def test_values_are_shown_as_they_were_said(client: Client, http: InProcess) -> None:
    data = '{"z":1.0,"a":9007199254740993,"__proto__":{},"":[1e3,"ü"]}'
    client.sync.v1.services("default").documents.create(data=data)
    assert http.asked is not None
    assert '"data":{"z":1.0,"a":9007199254740993,"__proto__":{},"":[1000.0,"ü"]}' in (
        http.asked.text
    )


@pytest.mark.parametrize("size", ["0", "1001", "x", "-1", "٣"])
def test_sizes_of_pages_that_cannot_be(ask: Ask, size: str) -> None:
    status, answer = ask("GET", f"{HERE}/Documents", PageSize=size)
    assert (status, answer["code"]) == (400, 54454)


def test_a_page_may_have_a_thousand_rows(ask: Ask) -> None:
    for n in range(101):
        ask("POST", f"{HERE}/Documents", UniqueName=str(n))
    status, page = ask("GET", f"{HERE}/Documents?PageSize=1000")
    assert (status, len(page["documents"]), page["meta"]["page_size"]) == (200, 101, 1000)
    assert page["meta"]["next_page_url"] is None


def test_a_page_token_is_good_for_its_list_alone(ask: Ask) -> None:
    for name in ("l", "m"):
        ask("POST", f"{HERE}/Lists", UniqueName=name)
        for _ in range(2):
            ask("POST", f"{HERE}/Lists/{name}/Items", Data="{}")
    for path, other in (
        ("Lists", "Documents"),
        ("Lists", "Lists/l/Items"),
        ("Lists/l/Items", "Lists/m/Items"),
    ):
        _, page = ask("GET", f"{HERE}/{path}?PageSize=1")
        token = page["meta"]["next_page_url"].rpartition("PageToken=")[2]
        assert ask("GET", f"{HERE}/{path}?PageToken={token}")[0] == 200
        for wrong in (token, "x"):
            status, answer = ask("GET", f"{HERE}/{other}?PageToken={wrong}")
            assert (status, answer["code"]) == (400, 54453)


def test_fields_that_are_no_parameters_are_not_obeyed(ask: Ask) -> None:
    _, made = ask("POST", f"{HERE}/Lists", UniqueName="l", Context='{"a":1}')
    assert made["revision"] == "0"
    ask("POST", f"{HERE}/Lists/l/Items", Data="{}")
    status, _ = ask("POST", f"{HERE}/Lists/l/Items/0", Data="{}", IfMatch="9")
    assert status == 200


def test_others_services_are_not_found(ask: Ask) -> None:
    conversations = "IS00000000000000000000000000000001"
    status, answer = ask("GET", f"{SYNC}/Services/{conversations}")
    assert (status, answer["code"]) == (404, 20404)
    url = f"https://conversations.twilio.com/v1/Services/{SERVICE}"
    assert ask("GET", url)[0] == 404
    assert answer["message"] == f"The requested resource /Services/{conversations} was not found"


def test_a_regional_host_is_kept(ask: Ask) -> None:
    _, found = ask("GET", "https://sync.dublin.ie1.twilio.com/v1/Services/default")
    assert found["url"].startswith("https://sync.dublin.ie1.twilio.com/v1/Services/IS")
    assert found["account_sid"] == ACCOUNT
