"""Stories as they are played: what people write, get, and what is expected of it."""

from collections.abc import Callable

from twilio_emulator.play import library
from twilio_emulator.scenarios.player.report import Report

Story = Callable[..., Report]


def test_the_support_desk(play: Story) -> None:
    report = play(library.load("support-desk"))

    assert report.held, report.failure
    said = [(line.who, line.mark, line.what) for line in report.lines if line.mark == "→"]
    assert said[0] == ("Ann", "→", "Hello, where is my parcel?")


def test_an_expectation_waits_while_the_storys_time_passes(story: Story) -> None:
    report = story("- Ann texts: Hello\n- Ben gets: Hello\n")

    assert report.held
    wrote, got = report.lines
    assert wrote.at < got.at


def test_a_text_that_never_comes(story: Story) -> None:
    report = story("- Ann texts: Hello\n- Ben gets: Helo\n")

    assert report.failure is not None
    assert report.failure.lines()[:3] == [
        "scenario:10:3: Ben gets: Helo",
        '  expected  "Helo" within 1 minute',
        '  nearest   "Hello" (whatsapp from whatsapp:+14155238886)',
    ]


def test_nothing_after_the_step_that_failed_is_played(story: Story) -> None:
    report = story("- Ann gets: Hello\n- Ann texts: Hello\n")

    assert not report.held
    assert report.steps == 1
    assert report.lines == []


def test_what_one_step_expected_the_next_does_not_find_again(story: Story) -> None:
    assert not story("- Ann texts: Hi\n- Ben gets: Hi\n- Ben gets: Hi\n").held


def test_texts_in_their_order(story: Story) -> None:
    both = "- Ann texts: One\n- Ann texts: Two\n"
    assert story(f"{both}- Ben gets: [One, Two]\n").held
    assert not story(f"{both}- Ben gets: [Two, One]\n").held


def test_how_many(story: Story) -> None:
    both = "- Ann texts: Again\n- Ann texts: Again\n"
    assert story(f"{both}- Ben gets: Again\n  count: 2\n").held
    assert not story(f"{both}- Ben gets: Again\n  count: 3\n").held


def test_nothing(story: Story) -> None:
    assert story("- Ann texts: Hello\n- Ann gets nothing\n").held
    report = story("- Ann texts: Hello\n- Ben gets nothing:\n  within: 1 hour\n")
    assert report.failure is not None
    assert report.failure.expected == "nothing within 1 hour"
    assert story("- Ann texts: Hello\n- Ben gets nothing: /promo/\n").held


def test_nothing_is_counted_from_the_last_claimed_item(story: Story) -> None:
    texts = "- Ann texts: One\n- Ann texts: Two\n- Ann texts: Three\n"
    assert story(f"{texts}- Ben gets: Three\n- Ben gets: One\n- Ben gets nothing\n").held
    assert story(f"{texts}- Alice gets: Three\n- Alice gets nothing\n").held
    report = story(f"{texts}- Ben gets: Two\n- Ben gets nothing\n")
    assert report.failure is not None
    assert report.failure.expected == (
        "nothing within 1 minute, counted from the last claimed item: "
        '"Two" (whatsapp from whatsapp:+14155238886)'
    )
    assert report.failure.nearest is not None
    assert '"Three"' in report.failure.nearest


def test_a_code_is_named_and_used(play: Story) -> None:
    report = play(
        """\
        scenario: Two factors
        people: {Ann: +12025550199, Alice: chat:alice}
        conversations: {Login: [Ann, Alice]}
        story:
          - Alice says: Your code is 424242.
          - Ann gets: {contains: code}
            as: text
          - Ann texts: It is ${text.codes.0}.
          - Alice gets: It is 424242.
        """
    )
    assert report.held, report.failure


def test_what_a_refused_step_says(story: Story) -> None:
    report = story("- Ann texts: Hello\n  to: +12025550177\n")
    assert report.failure is not None
    assert report.failure.expected == "Ann texts to be done"
    assert story("- Ann texts: Hello\n  to: +12025550177\n  fails: {status: 404}\n").held


def test_a_call_that_is_refused_as_expected(story: Story) -> None:
    call = "- conversations.fetch: {conversation: CH00000000000000000000000000000000}\n"
    assert story(f"{call}  fails: 20404\n").held
    assert story(f"{call}  fails: {{status: 404, message: /not found/}}\n").held
    assert not story(f"{call}  fails: 20001\n").held
    assert not story(call).held
    fine = "- conversations.fetch: {conversation: Parcel}\n"
    assert not story(f"{fine}  fails: 20404\n").held


def test_a_call_with_its_answer(story: Story) -> None:
    report = story(
        """\
        - conversations.create: {FriendlyName: Order 42, attributes: {vip: true}}
          as: order
          expect: {friendly_name: Order 42, state: active, sid: /^CH/}
        - conversations.update: {conversation: order, friendly_name: "Order ${order.friendly_name}"}
          expect: {friendly_name: Order Order 42, attributes: '{"vip":true}'}
        - Ann joins: order
          as: ann
        - conversations.participants.fetch: {conversation: order, participant: ann}
          expect: {messaging_binding: {address: "${Ann}", proxy_address: +12025550101}}
        """
    )
    assert report.held, report.failure


def test_looking_again_waits_for_the_answer_to_fit(story: Story) -> None:
    report = story(
        """\
        - Alice says: Hello
          as: hello
        - conversations.messages.fetch: {conversation: Parcel, message: hello}
          expect: {delivery: {delivered: all}}
        """
    )
    assert report.held, report.failure


def test_time(story: Story) -> None:
    report = story("- wait: 1 hour 30 minutes\n- wait until: 2026-01-06T08:00:00Z\n")

    assert [f"{line.at:%d %H:%M}" for line in report.lines] == ["05 10:30", "06 08:00"]


def test_what_was_said_before_is_there(play: Story) -> None:
    report = play(
        """\
        scenario: An old conversation
        people: {Ann: +12025550199, Alice: chat:alice}
        conversations:
          Parcel:
            with: [Ann, Alice]
            unique_name: parcel-42
            messages:
              - Ann: Hello
              - Alice: How can I help?
        story:
          - conversations.messages.list: {conversation: parcel-42}
            expect: {messages: [{author: "${Ann}", body: Hello}, {author: alice}]}
        """
    )
    assert report.held, report.failure


def test_the_same_seed_says_the_same(play: Story) -> None:
    scenario = library.load("support-desk")
    lines = [play(scenario).lines for _ in range(2)]
    assert [line.what for line in lines[0]] == [line.what for line in lines[1]]


def test_a_call_whose_body_is_json(story: Story) -> None:
    report = story(
        """\
        - messaging.v2.channels.senders.create:
            {sender_id: "whatsapp:+12025550111", profile: {name: Shop}}
          as: sender
        - messaging.v2.channels.senders.fetch: {sid: sender}
          expect: {sender_id: "whatsapp:+12025550111", profile: {name: Shop}}
        """
    )
    assert report.held, report.failure
