"""Conversations v2 by REST: begun, found again, said anew, closed, removed."""

from collections.abc import Callable
from typing import Any

HOST = "https://conversations.twilio.com/v2"
FIRST = "conv_configuration_00000000000000000000000001"
ANN, SHOP = "+12025550199", "+12025550100"
TWO = [
    {"type": "CUSTOMER", "addresses": [{"channel": "SMS", "address": ANN}]},
    {"type": "AI_AGENT", "name": "Robo", "addresses": [{"channel": "SMS", "address": SHOP}]},
]

Ask = Callable[..., tuple[int, Any]]


def begin(ask: Ask, **said: object) -> Any:
    status, begun = ask("POST", f"{HOST}/Conversations", said={"configurationId": FIRST, **said})
    assert status == 201, begun
    return begun


def test_a_conversation_begins_with_its_participants(ask: Ask) -> None:
    begun = begin(ask, name="Order 1", participants=TWO, metadata={"order": "1"})
    assert begun["status"] == "ACTIVE"
    assert begun["configuration"]["displayName"] == "twilio-emulator"
    assert [each["name"] for each in begun["participants"]] == [ANN, "Robo"]
    assert ask("GET", f"{HOST}/Conversations/{begun['id']}") == (200, begun)
    assert ask("GET", f"{HOST}/Conversations")[1]["conversations"] == [begun]


def test_the_same_parties_are_in_one_conversation(ask: Ask, http: Any) -> None:
    begun = begin(ask, participants=TWO)
    said = {"configurationId": FIRST, "participants": TWO[::-1]}
    status, refused = ask("POST", f"{HOST}/Conversations", said=said)
    assert (status, refused["code"]) == (409, 20409)
    assert http.asked.headers["x-conflicting-resource-id"] == begun["id"]
    url = f"{HOST}/Conversations/{begun['id']}"
    assert ask("PUT", url, said={"status": "CLOSED"})[1]["status"] == "CLOSED"
    assert begin(ask, participants=TWO)["id"] != begun["id"]


def test_what_was_said_is_written_down(ask: Ask) -> None:
    begun = begin(ask, participants=TWO)
    url = f"{HOST}/Conversations/{begun['id']}/Communications"
    said = {
        "author": {"address": ANN, "channel": "SMS"},
        "content": {"type": "TEXT", "text": "Hello"},
        "recipients": [{"address": SHOP, "channel": "SMS"}],
    }
    status, written = ask("POST", url, said=said)
    assert status == 201
    assert written["author"]["participantId"] == begun["participants"][0]["id"]
    assert ask("GET", url)[1]["communications"] == [written]


def test_a_conversation_is_removed_by_an_operation(ask: Ask, http: Any) -> None:
    begun = begin(ask, participants=TWO)
    url = f"{HOST}/Conversations/{begun['id']}"
    status, accepted = ask("DELETE", url)
    assert (status, accepted["related"]) == (202, {"conversationId": begun["id"]})
    assert http.asked.headers["location"] == accepted["statusUrl"]
    assert ask("GET", accepted["statusUrl"])[1]["status"] == "COMPLETED"
    assert ask("GET", url)[0] == 404
    assert begin(ask, participants=TWO)["id"] != begun["id"]
