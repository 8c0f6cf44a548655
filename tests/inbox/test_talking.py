"""Conversations played by clicks: an SMS phone, a WhatsApp phone, a chat participant, an app."""

import re

from playwright.sync_api import expect

from tests.inbox.console import Console

ANN = "+12025550199"
BEN = "+12025550123"


def test_two_phones_a_chat_participant_and_an_app(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    emulator.handset(BEN, label="Ben")

    # Everything up to the first words is done on the page.
    console.open("/conversations")
    console.page.get_by_role("main").get_by_role("button", name="Open a conversation").last.click()
    people = console.page.get_by_role("complementary", name="About the conversation")
    who = people.get_by_label("Identity or number to add")
    who.fill(ANN)
    people.get_by_label("Through which number").select_option(emulator.number)
    people.get_by_role("button", name="Add").click()
    expect(people.get_by_role("link", name="Ann")).to_be_visible()
    who.fill(BEN)
    people.get_by_label("Through which number").select_option(emulator.whatsapp_number)
    people.get_by_role("button", name="Add").click()
    expect(people.get_by_role("link", name="Ben")).to_be_visible()
    talk = console.page.get_by_role("region", name="Conversation", exact=True)
    talk.get_by_label("Speak as").select_option("Join as somebody else…")
    talk.get_by_label("Identity to join as").fill("alice")
    talk.get_by_role("button", name="Join").click()
    expect(people.get_by_text("alice", exact=True)).to_be_visible()

    said = talk.get_by_role("textbox", name="Message", exact=True)
    said.fill("Hello everybody")
    said.press("Enter")
    hello = talk.locator("[data-message]").filter(has_text="Hello everybody")
    expect(hello).to_contain_text("alice")
    expect(hello.get_by_role("listitem")).to_have_text(
        [re.compile("Ann.*delivered"), re.compile("Ben.*delivered")]
    )
    address = console.page.url

    # The phones answer, side by side.
    console.open(
        f"/handsets/{ANN}/threads/{emulator.number}",
        beside=f"{BEN}~{emulator.whatsapp_number}",
    )
    ann, ben = console.phone("Ann"), console.phone("Ben")
    expect(ann.message("Hello everybody")).to_be_visible()
    expect(ben.message("Hello everybody")).to_be_visible()
    ann.write("Where is my parcel?")
    expect(ben.message("Where is my parcel?")).to_be_visible()
    ben.write("On the van")
    expect(ann.message("On the van")).to_be_visible()

    # The app hears of it by REST, and closes the conversation.
    client = emulator.client()
    (conversation,) = client.conversations.v1.conversations.list()
    assert [each.body for each in conversation.messages.list()] == [
        "Hello everybody",
        "Where is my parcel?",
        "On the van",
    ]
    client.conversations.v1.conversations(conversation.sid).messages.create(
        author="app", body="It arrives at noon"
    )
    expect(ann.message("It arrives at noon")).to_be_visible()
    expect(ben.message("It arrives at noon")).to_be_visible()

    console.page.goto(address)
    bodies = talk.locator("[data-message] .text")
    expect(bodies).to_have_text(
        ["Hello everybody", "Where is my parcel?", "On the van", "It arrives at noon"]
    )
    client.conversations.v1.conversations(conversation.sid).update(state="closed")
    expect(said).to_be_disabled()


def test_timers_are_set_and_the_clock_is_moved_to_them(console: Console) -> None:
    emulator = console.emulator
    emulator.clock.freeze()
    opened = emulator.client().conversations.v1.conversations.create(friendly_name="Parcel")
    console.open(f"/conversations/{opened.sid}")
    people = console.page.get_by_role("complementary", name="About the conversation")
    people.get_by_label("Inactive after").fill("PT10M")
    people.get_by_label("Closed after").fill("P1D")
    people.get_by_role("button", name="Set").click()
    expect(people.get_by_text("in 10 min")).to_be_visible()
    people.get_by_role("button", name="Advance the clock until inactive").click()
    expect(people.get_by_role("button", name="inactive", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    people.get_by_role("button", name="Advance the clock until closed").click()
    expect(people.get_by_role("button", name="closed", exact=True)).to_be_disabled()
    assert emulator.client().conversations.v1.conversations(opened.sid).fetch().state == "closed"


def test_attributes_are_changed_and_somebody_is_removed(console: Console) -> None:
    client = console.emulator.client()
    opened = client.conversations.v1.conversations.create(friendly_name="Parcel")
    client.conversations.v1.conversations(opened.sid).participants.create(identity="bob")
    console.open("/conversations")
    console.page.get_by_role("searchbox").fill("parcel")
    console.page.get_by_role("link", name="Parcel").click()
    people = console.page.get_by_role("complementary", name="About the conversation")
    people.get_by_label("Attributes").fill('{"order": 42}')
    people.get_by_role("button", name="Save attributes").click()
    expect(people.get_by_label("Attributes")).to_have_value('{"order": 42}')
    people.get_by_text("bob", exact=True).hover()
    people.get_by_role("button", name="Remove bob").click()
    expect(people.get_by_text("bob", exact=True)).to_be_hidden()
    fetched = client.conversations.v1.conversations(opened.sid).fetch()
    assert fetched.attributes == '{"order": 42}'
    assert fetched.participants.list() == []
