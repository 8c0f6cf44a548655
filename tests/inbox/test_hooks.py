"""The hooks for other people's tests, which docs/console.md promises, are where it says."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.inbox.console import Console
from twilio_emulator import Emulator

PAGE = Path(__file__).parents[2] / "docs" / "console.md"
ANN = "+12025550199"
NAME = re.compile(r"`([\w+-]+)`")
ELSEWHERE = {"connected", "answer", "key", "hang-up", "forget-calls"}
ELSEWHERE |= {"watcher", "value", "save", "meanwhile"}
ELSEWHERE |= {"sync-item", "add-item", "publish", "sync-message"}
"""Found beside a client, in test_clients.py; on a call, one after another, in
test_calls_and_mail.py; and while something that is shared is open, in test_sync.py."""


def promised() -> list[tuple[str, str]]:
    """Each place, and a name that is to be found there."""
    table = PAGE.read_text().partition("## Hooks for tests")[2]
    found = []
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        names = NAME.findall(cells[0].partition(" with ")[0])
        if len(cells) < 3 or not names or names == ["data-test"]:
            continue
        places = re.findall(r"`(/[^`]*)`", cells[2]) or ["/handsets"]
        if len(places) == len(names) > 1 and len(set(places)) == len(names):
            found += list(zip(places, names, strict=True))
        else:
            found += [(place, name) for place in places for name in names]
    return found


@pytest.fixture
def filled(emulator: Emulator) -> dict[str, str]:
    """An account in which everything that has a hook is there; what places stand for."""
    client = emulator.client()
    ann = emulator.handset(ANN, label="Ann")
    card = {"twilio/quick-reply": {"body": "424242 is your code", "actions": [{"title": "Yes"}]}}
    made = client.http_client.request(
        "POST",
        f"{emulator.url}/content.twilio.com/v1/Content",
        data={"friendly_name": "ask", "language": "en", "types": card},
        headers={"Content-Type": "application/json"},
        auth=(emulator.account_sid, emulator.auth_token),
    )
    ann.send("nobody hears", to=emulator.whatsapp_number)
    sent = client.messages.create(
        to=f"whatsapp:{ANN}",
        from_=emulator.whatsapp_number,
        content_sid=json.loads(made.text)["sid"],
    )
    ann.wait()
    talk = client.conversations.v1.conversations.create(friendly_name="Parcel")
    client.conversations.v1.conversations(talk.sid).participants.create(identity="alice")
    client.conversations.v1.conversations(talk.sid).messages.create(author="alice", body="Hello")
    emulator.fail(30003, body="unlucky")
    number = client.incoming_phone_numbers.list(phone_number=emulator.number)[0]
    number.update(sms_url="http://127.0.0.1:1/sms")
    ann.send("heard by nobody")
    client.validation_requests.create(phone_number=ANN)
    codes = client.verify.v2.services(emulator.verify_service_sid)
    codes.verifications.create(to="ann@example.com", channel="email")
    factor = emulator.authenticator("ann-00000001").enroll()
    codes.entities("ann-00000001").challenges.create(factor_sid=factor, details_message="Sign in?")
    shared = client.sync.v1.services(emulator.sync_service_sid)
    shared.documents.create(unique_name="cart", data={"total": 3})
    shared.sync_lists(shared.sync_lists.create().sid).sync_list_items.create(data={"n": 1})
    shared.sync_streams.create(unique_name="news")
    emulator.orchestrator.connect("http://127.0.0.1:1/agent")
    emulator.handset("+12025550197").send("Is a person there?")
    emulator.orchestrator.remember("+12025550197", "Likes tea.")
    flow = client.studio.v2.flows(f"FW{'7' * 32}")
    flow.executions.create(to="+12025550197", from_=emulator.number)
    emulator.clock.advance(1)  # and what the webhook came to is known
    return {
        "/mailboxes/{address}": "/mailboxes/ann@example.com",
        "{address}": ANN,
        "{peer}": emulator.whatsapp_number,
        "/messages/{sid}": f"/messages/{sent.sid}",
        "/conversations/{sid}": f"/conversations/{talk.sid}",
        "/journal/{seq}": "/journal/1",
        "/calls/{name}": "/calls/change_clock",
        "/webhooks/{seq}": f"/webhooks/{emulator.webhooks[0].seq}",
    }


def test_every_hook_is_where_it_is_promised(console: Console, filled: dict[str, str]) -> None:
    by_place: dict[str, list[str]] = {}
    for place, name in promised():
        if name.startswith("page-"):
            place = f"/{name.removeprefix('page-')}"
        for part, meant in filled.items():
            place = place.replace(part, meant)
        by_place.setdefault(place, []).append(name)
    assert sum(map(len, by_place.values())) > 60
    for place, names in by_place.items():
        console.open(place)
        for name in names:
            if name == "confirm-clear":
                console.page.get_by_test_id("clear").first.click()
                expect(console.page.get_by_test_id(name)).to_be_visible()
                console.page.keyboard.press("Escape")
            elif name == "note":
                console.page.get_by_test_id("clock").click()
                console.page.get_by_label("Advance by").fill("x")
                console.page.keyboard.press("Enter")
                expect(console.page.get_by_test_id(name)).to_be_visible()
                console.open(place)
            elif name not in ELSEWHERE:
                expect(
                    console.page.get_by_test_id(name).first, f"{name} at {place}"
                ).to_be_attached()
