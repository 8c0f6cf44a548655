"""Agents of Conversations v2 on the console: who is in a conversation, and what was said."""

import re

from playwright.sync_api import expect

from tests.inbox.console import Console

ANN = "+12025550199"
NOWHERE = "http://127.0.0.1:9/webhook"


def test_a_conversation_is_shown_across_its_channels_and_closed_by_hand(console: Console) -> None:
    emulator, page = console.emulator, console.page
    console.open("/agents")
    expect(page.get_by_text(re.compile("^No conversation yet"))).to_be_visible()
    emulator.orchestrator.connect(NOWHERE)
    expect(page.get_by_test_id("configuration")).to_contain_text(NOWHERE)
    expect(page.get_by_test_id("operation")).to_have_attribute("data-status", "COMPLETED")

    emulator.handset(ANN).send("Are you open?")
    card = page.get_by_test_id("agent-conversation")
    expect(card).to_have_attribute("data-status", "ACTIVE")
    expect(card.get_by_test_id("communication")).to_contain_text("Are you open?")
    expect(card.get_by_test_id("agent-participant")).to_have_count(2)
    emulator.client().messages.create(to=ANN, from_=emulator.number, body="Until 6.")
    expect(card.get_by_test_id("communication")).to_have_count(2)
    expect(card).to_contain_text("Delivered")

    emulator.orchestrator.remember(ANN, "Likes tea.")
    expect(page.get_by_test_id("memory-profile")).to_contain_text("Likes tea.")
    flow = emulator.client().studio.v2.flows(f"FW{'7' * 32}")
    flow.executions.create(to=ANN, from_=emulator.number)
    expect(page.get_by_test_id("hand-over")).to_contain_text(ANN)

    card.get_by_role("button", name="Make inactive").click()
    expect(card).to_have_attribute("data-status", "INACTIVE")
    card.get_by_role("button", name="Close").click()
    expect(card).to_have_attribute("data-status", "CLOSED")
    expect(card.get_by_role("button")).to_have_count(0)
