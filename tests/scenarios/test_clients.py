"""Chat clients of a scenario: over the socket, as those of an app."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from twilio_emulator.play import library
from twilio_emulator.play.remote import RemoteStage
from twilio_emulator.scenarios.player.report import Report
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

Story = Callable[..., Report]

HEAD = """\
    receivers: {app: []}
    """

CLIENTS = """\
scenario: Clients
people: {Ann: +12025550199, Alice: "chat:alice", Bob: "chat:bob"}
conversations: {Parcel: [Ann, Alice]}
story:
  - Alice connects
  - Bob connects
  - Bob joins: Parcel
  - Bob hears: conversationJoined
  - Alice hears: {event: participantJoined, identity: bob}
  - Ann texts: Hello
  - Bob hears: {event: messageAdded, body: Hello, author: "${Ann}"}
  - Bob gets: Hello
  - Alice types
  - Bob hears: {event: typingStarted, identity: alice}
  - Alice says: Hi Ann
    attributes: {mood: good}
  - Ann gets: Hi Ann
  - Bob hears: {event: messageAdded, body: Hi Ann, attributes: /good/}
  - Bob has read everything
  - Alice hears: {event: participantUpdated, identity: bob, last_read_message_index: 1}
  - conversations.update: {conversation: Parcel, state: closed}
  - Alice hears: [{event: messageUpdated, delivery: {delivered: all}}, {state: closed}]
  - conversations.delete: {conversation: Parcel}
  - Bob hears: conversationLeft
  - Bob hears nothing: typingStarted
  - Bob disconnects
"""


def test_clients_in_this_process(play: Story) -> None:
    report = play(CLIENTS)
    assert report.held, report.failure and report.failure.lines()


def test_clients_over_the_network(tmp_path: Path) -> None:
    async def play(url: str) -> Report:
        async with RemoteStage(url) as stage:
            return await library.play(library.load_text(CLIENTS), stage)

    with Serving(Settings(port=0, authority=tmp_path), {}) as serving:
        report = asyncio.run(play(serving.local_url))
    assert report.held, report.failure and report.failure.lines()


def test_what_a_client_does_is_by_sdk(story: Story) -> None:
    report = story(
        """\
        - configuration.webhooks.update:
            {post_webhook_url: "${app}", method: POST, filters: [onMessageAdded]}
        - Alice connects
        - Alice says: Hello
        - app receives: {EventType: onMessageAdded, Source: SDK, ClientIdentity: alice}
        """,
        HEAD,
    )
    assert report.held, report.failure


def test_who_is_not_connected_hears_nothing(story: Story) -> None:
    for step in ("hears: messageAdded", "types", "has read everything", "disconnects"):
        report = story(f"- Alice {step}\n")
        assert report.failure is not None
        assert report.failure.expected == "Alice to be connected"


def test_what_never_comes_and_what_should_not(story: Story) -> None:
    report = story("- Alice connects\n- Ann texts: Hello\n- Alice hears: {body: Bye}\n")
    assert report.failure is not None
    assert report.failure.nearest is not None
    assert 'body is "Hello", not "Bye"' in report.failure.nearest
    assert not story("- Alice connects\n- Ann texts: Hello\n- Alice hears nothing\n").held


def test_a_client_that_was_dropped_says_so(story: Story) -> None:
    report = story(
        """\
        - Alice connects
        - DELETE /connections
        - Alice hears: disconnected
        """
    )
    assert report.held, report.failure and report.failure.lines()


BUTTONS = """\
scenario: Buttons
people: {Ben: "whatsapp:+12025550123"}
before:
  - content.create:
      friendly_name: ready
      language: en
      types:
        twilio/quick-reply: {body: It is ready., actions: [{title: Pick up, id: pickup}]}
    as: template
story:
  - Ben texts: When?
  - messages.create: {from: whatsapp_number, to: Ben, content_sid: template}
  - Ben gets: It is ready.
    as: offer
  - Ben presses: Pick up
  - messages.list: {from: Ben}
    expect: {messages: [{body: Pick up}, {body: When?}]}
  - Ben presses: Pick up
    on: offer
  - Ben presses: Burn it
    fails: {status: 404}
"""


def test_a_button_is_pressed(play: Story) -> None:
    report = play(BUTTONS)
    assert report.held, report.failure and report.failure.lines()


def test_a_phone_without_a_text_has_no_button(play: Story) -> None:
    report = play(BUTTONS.partition("story")[0] + "story: [{Ben presses: Pick up}]\n")
    assert report.failure is not None
    assert report.failure.expected == "a text on the phone of Ben"
