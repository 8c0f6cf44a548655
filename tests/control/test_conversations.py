"""Conversations by the control API: looked into, and taken part in."""

from base64 import b64encode
from typing import Any

import pytest

from tests.control.asking import ANN, BOB, NUMBER, Control

pytestmark = pytest.mark.anyio

WHATSAPP = "whatsapp:+14155238886"


@pytest.fixture
async def path(control: Control) -> str:
    """A conversation with Ann on her phone and Alice on her chat client."""
    opened = await control.ask("POST", "/conversations", {"friendly_name": "Parcel"}, status=201)
    path = f"/conversations/{opened['sid']}"
    ann = {"address": ANN, "proxy_address": NUMBER}
    await control.ask("POST", f"{path}/participants", ann, status=201)
    await control.ask("POST", f"{path}/participants", {"identity": "alice"}, status=201)
    return path


async def say(control: Control, path: str, **wish: Any) -> Any:
    return await control.ask("POST", f"{path}/messages", wish, status=201)


async def test_who_is_in_a_conversation(control: Control, path: str) -> None:
    shown = await control.ask("GET", path)
    assert (shown["friendly_name"], shown["state"]) == ("Parcel", "active")
    ann, alice = shown["participants"]
    assert (ann["channel"], ann["address"], ann["proxy_address"]) == ("sms", ANN, NUMBER)
    assert ann["is_online"] is None
    assert (alice["channel"], alice["identity"], alice["is_online"]) == ("chat", "alice", False)
    assert alice["role"] == "channel user"
    await control.ask("DELETE", f"{path}/participants/{ann['sid']}", status=204)
    assert (await control.ask("GET", path))["members"] == ["alice"]


async def test_what_is_said_reaches_phones_and_has_receipts(control: Control, path: str) -> None:
    said = await say(control, path, author="alice", body="Hello Ann")
    assert (said["index"], said["author"], said["participant_sid"] is None) == (0, "alice", False)
    await control.ask("POST", "/clock", {"advance": 5})
    (message,) = (await control.ask("GET", f"{path}/messages"))["messages"]
    (receipt,) = message["receipts"]
    assert (receipt["address"], receipt["status"]) == (ANN, "delivered")
    (listed,) = (await control.ask("GET", "/conversations"))["conversations"]
    assert listed["members"] == [ANN, "alice"]
    assert (listed["last_message"]["author"], listed["last_message"]["body"]) == (
        "alice",
        "Hello Ann",
    )


async def test_a_participant_speaks_by_sdk_and_anybody_else_by_rest(
    control: Control, path: str
) -> None:
    seq = control.default.gate.log.number
    await say(control, path, author="alice", body="one")
    await say(control, path, author="system", body="two")
    await say(control, path, body="three")
    entries = (await control.ask("GET", "/journal", after=seq))["entries"]
    commands = [entry for entry in entries if entry.get("command") == "PostMessage"]
    assert [command.get("origin", {}) for command in commands] == [
        {"source": "SDK", "identity": "alice"},
        {},
        {},
    ]


async def test_files_go_with_what_is_said(control: Control, path: str) -> None:
    file = {"base64": b64encode(b"GIF").decode(), "content_type": "image/gif", "filename": "a.gif"}
    said = await say(control, path, author="alice", media=[file])
    assert [(each["filename"], each["size"]) for each in said["media"]] == [("a.gif", 3)]
    message = await control.mistake("POST", f"{path}/messages", {"media": [{"url": "http://a"}]})
    assert message == "body media: expected base64 with its content_type"


async def test_messages_after_an_index(control: Control, path: str) -> None:
    for number in range(4):
        await say(control, path, body=f"{number}")

    async def bodies(**query: int) -> list[str]:
        found = await control.ask("GET", f"{path}/messages", **query)
        return [each["body"] for each in found["messages"]]

    assert await bodies() == ["0", "1", "2", "3"]
    assert await bodies(after=1) == ["2", "3"]
    assert await bodies(limit=1) == ["3"]
    assert "limit: expected 1 or more" in await control.mistake("GET", f"{path}/messages", limit=0)


async def test_somebody_has_read_so_far(control: Control, path: str) -> None:
    alice = (await control.ask("GET", path))["participants"][1]
    read = f"{path}/participants/{alice['sid']}/read"
    await say(control, path, body="one")
    await say(control, path, body="two")
    assert (await control.ask("POST", read, {"index": 0}))["last_read_message_index"] == 0
    assert (await control.ask("POST", read))["last_read_message_index"] == 1
    missing = await control.mistake("POST", f"{path}/participants/MB1/read", status=404)
    assert "not found" in missing


async def test_state_and_timers_are_changed(control: Control, path: str) -> None:
    changed = await control.ask("PATCH", path, {"timers_inactive": "PT10M"})
    timers = changed["timers"]
    assert (timers["inactive_after"], timers["date_inactive"] is None) == (600, False)
    assert (timers["closed_after"], timers["date_closed"]) == (None, None)
    await control.ask("POST", "/clock", {"now": timers["date_inactive"]})
    assert (await control.ask("GET", path))["state"] == "inactive"
    assert (await control.ask("PATCH", path, {"state": "closed"}))["state"] == "closed"
    await control.ask("DELETE", path, status=204)
    sid = path.rpartition("/")[2]
    message = await control.mistake("GET", path, status=404)
    assert message == f"path conversation: there is no conversation {sid}"


async def test_a_group_and_its_webhooks(control: Control) -> None:
    opened = await control.ask(
        "POST",
        "/conversations",
        {"unique_name": "group", "service_sid": "IS00000000000000000000000000000001"},
        status=201,
    )
    path = f"/conversations/{opened['sid']}"
    bob = {"address": f"whatsapp:{BOB}", "proxy_address": WHATSAPP}
    added = await control.ask("POST", f"{path}/participants", bob, status=201)
    assert added["channel"] == "whatsapp"
    login = ("AC00000000000000000000000000000001", "00000000000000000000000000000001")
    hook = {
        "Target": "webhook",
        "Configuration.Url": "http://app.test/",
        "Configuration.Filters": "onMessageAdded",
    }
    rest = path.replace("/conversations", "/v1/Conversations")
    await control.client.post(f"{rest}/Webhooks", data=hook, auth=login)
    (webhook,) = (await control.ask("GET", path))["webhooks"]
    assert (webhook["target"], webhook["url"], webhook["filters"]) == (
        "webhook",
        "http://app.test/",
        ["onMessageAdded"],
    )
