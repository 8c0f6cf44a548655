"""The console beside Twilio's own JavaScript client."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import CLIENTS
from tests.inbox.console import Console
from tests.programs import started
from twilio_emulator import Emulator

ANN = "+12025550199"
ALICE = Path(__file__).parent / "alice.mjs"


@pytest.fixture
def conversation(emulator: Emulator, node: str) -> Iterator[str]:
    """A conversation of Ann, on her phone, with Alice, who is online with a client."""
    client = emulator.client().conversations.v1
    sid = client.conversations.create(friendly_name="Parcel").sid or ""
    client.conversations(sid).participants.create(identity="alice")
    client.conversations(sid).participants.create(
        messaging_binding_address=ANN, messaging_binding_proxy_address=emulator.number
    )
    package = CLIENTS / "node_modules" / "@twilio" / "conversations"
    command = [node, str(ALICE), str(package), emulator.url, emulator.token("alice")]
    with started(command, seconds=150, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as alice:
        assert alice.stdin is not None
        assert alice.stdout is not None
        assert alice.stdout.readline() == "here\n"
        yield sid
        alice.stdin.close()
        assert alice.wait(60) == 0


def test_a_client_is_seen_and_answers_a_phone(console: Console, conversation: str) -> None:
    page = console.page
    console.emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}/threads/{console.emulator.number}")
    phone = console.phone("Ann")
    phone.write("Hello Alice")
    expect(phone.message("You said: Hello Alice")).to_be_visible()

    console.open(f"/conversations/{conversation}")
    people = page.get_by_role("complementary", name="About the conversation")
    expect(people.get_by_text("channel user, online")).to_be_visible()
    alice = page.locator("[data-message]").filter(has_text="You said")
    expect(alice).to_contain_text("chat")

    console.go("Connections")
    card = page.get_by_test_id("connected").filter(has_text="alice")
    expect(card).to_contain_text("open")
    card.get_by_text("Watches").click()
    expect(card.get_by_role("listitem").filter(has_text=conversation).first).to_be_visible()
    card.get_by_role("button", name="Hang up on alice").click()
    console.go("Journal")
    page.get_by_role("searchbox").fill("alice connection")
    expect(page.get_by_role("button", name="Client closed").first).to_be_visible()
    console.go("Connections")
    expect(card).to_contain_text("open")  # she has come again
