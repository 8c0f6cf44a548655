"""Actions by REST: accepted as pending, then what has become of them."""

from collections.abc import Callable
from typing import Any

import pytest

HOST = "https://conversations.twilio.com/v2"
FIRST = "conv_configuration_00000000000000000000000001"
ANN, SHOP = "+12025550199", "+12025550100"
TO_ANN = {
    "from": {"address": SHOP, "channel": "SMS"},
    "to": [{"address": ANN, "channel": "SMS"}],
    "content": {"text": "Hello"},
}

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def actions(ask: Ask) -> str:
    """Where the actions of a conversation are."""
    _, begun = ask("POST", f"{HOST}/Conversations", said={"configurationId": FIRST})
    return f"{HOST}/Conversations/{begun['id']}/Actions"


def test_an_action_is_pending_then_completed(
    ask: Ask, actions: str, advance: Callable[..., None]
) -> None:
    status, made = ask("POST", actions, said={"type": "SEND_MESSAGE", "payload": TO_ANN})

    assert status == 202
    assert set(made) == {
        "id", "type", "status", "conversationId", "related", "createdAt", "updatedAt",
    }  # fmt: skip
    assert (made["type"], made["status"]) == ("SEND_MESSAGE", "PENDING")
    assert list(made["related"]) == ["messageSid"]
    assert ask("GET", f"{actions}/{made['id']}") == (200, made)

    advance(seconds=60)

    _, ended = ask("GET", f"{actions}/{made['id']}")
    assert ended["status"] == "COMPLETED"
    said = f"{actions.removesuffix('Actions')}Communications/{ended['related']['communicationId']}"
    assert ask("GET", said)[1]["resourceId"] == made["related"]["messageSid"]
    assert "completedAt" in ended
    assert "failureReason" not in ended


def test_one_that_failed_at_once_is_answered_as_pending(ask: Ask, actions: str) -> None:
    to_nobody = {**TO_ANN, "to": [{"address": "nobody", "channel": "SMS"}]}
    status, made = ask("POST", actions, said={"type": "SEND_MESSAGE", "payload": to_nobody})

    assert (status, made["status"]) == (202, "PENDING")
    assert "related" not in made
    _, ended = ask("GET", f"{actions}/{made['id']}")
    assert ended["status"] == "FAILED"
    assert ended["failureReason"].startswith("21211: ")


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"payload": TO_ANN}, "type"),
        ({"type": "CALL", "payload": TO_ANN}, "type"),
        ({"type": "SEND_MESSAGE"}, "payload"),
        ({"type": "SEND_MESSAGE", "payload": {**TO_ANN, "to": []}}, "payload.to"),
        (
            {"type": "SEND_MESSAGE", "payload": {**TO_ANN, "to": [{"channel": "SMS"}]}},
            "payload.to[0].address",
        ),
        (
            {"type": "SEND_MESSAGE", "payload": {**TO_ANN, "content": {"mediaUrls": "x"}}},
            "payload.content.mediaUrls",
        ),
        (
            {"type": "SEND_MESSAGE", "payload": {**TO_ANN, "content": {"text": "x", "body": "x"}}},
            "payload.content.body",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(
    ask: Ask, actions: str, said: dict[str, Any], place: str
) -> None:
    status, refused = ask("POST", actions, said=said)

    assert (status, refused["code"]) == (400, 20001)
    assert place in refused["message"]
