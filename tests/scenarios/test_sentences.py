"""Sentences, each with what it does and how it fails."""

from collections.abc import Callable

import pytest

from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.play import library
from twilio_emulator.scenarios.language.problems import Faulty
from twilio_emulator.scenarios.player.report import Report
from twilio_emulator.scenarios.sentences import made_up
from twilio_emulator.server.app import Server

Story = Callable[..., Report]

HELD = [
    """\
    - Ann's phone has: {receipts: hold}
    - messages.create: {from: number, to: Ann, body: Hello}
      as: sent
    - Ann gets: Hello
    - carrier reports: undelivered
      of: sent
      error_code: 30003
    - messages.fetch: {message: sent}
      expect: {status: undelivered, error_code: 30003}
    - messages.create: {from: number, to: Ann, body: Again}
      as: again
    - wait: 1 second
    - carrier reports: delivered
    - messages.fetch: {message: again}
      expect: {status: delivered}
    - carrier reports: failed
      of: again
      fails: {status: 409}
    """,
    """\
    - carrier reports: delivered
      error_code: 0
    - fault: {match: {to: Ann, from: number}, do: {final: {status: failed, error_code: 30008}}}
      as: fault
    - messages.create: {from: number, to: Ann, body: Hello}
      as: sent
    - messages.fetch: {message: sent}
      expect: {status: failed}
    - DELETE /faults/${fault.id}
    - no faults
    - GET /faults:
      expect: {faults: []}
    """,
    """\
    - Ann opts out
    - Ann gets: /unsubscribed/
    - messages.create: {from: number, to: Ann, body: Hello}
      fails: {code: 21610, status: 400, message: /./}
    - Ann opts out:
      of: +12025550101
    - GET /optouts:
      as: all
    - Ann opts out:
      of: +12025550133
      fails: {status: 404}
    """,
    """\
    - Alice says: Hello
    - Ben gets: Hello
      as: hello
    - Ben reads: hello
    - Alice says: Bye
    - Ben gets: Bye
    - Ben reads
    - GET /handsets/+12025550123:
      expect: {unread: 0}
    """,
    """\
    - Ann texts: Look
      media: http://127.0.0.1:9/a.png
      fails: 11200
    - Ann texts: Look again
      channel: mms
    - Ben texts: Here
      location: {latitude: 1.5, longitude: 2.5, label: Home}
      forwarded: true
      parameters: {Extra: 1}
    - Alice says: What?
    - Ben gets: What?
      as: question
    - Ben texts: That!
      in reply to: question
    - Ann texts: Hello
      to: whatsapp_number
      as: sent
    - messages.list: {from: "whatsapp:+12025550199"}
      expect: {messages: {count: 1}}
    """,
    """\
    - Ann leaves: Parcel
    - conversations.participants.list: {conversation: Parcel}
      expect: {participants: {count: 2}}
    - Ann joins: Parcel
      by: +12025550101
      as: ann
    - Ann joins: Parcel
      by: +12025550101
      fails: 50416
    - Alice gets nothing
    - Alice gets nothing for: 1 minute
      like: /x/
    - Ann texts: One
      to: +12025550101
    - Alice gets: {author: "${Ann}", body: One}
    - Alice gets nothing: /Two/
    """,
    """\
    - conversations.list:
    - conversations.messages.list: {conversation: Parcel, page_size: 1}
    - conversations.create: {friendly_name: Other, service: conversation_service_sid}
      as: other
    - Alice says: Into nothing
      in: other
    - Ann gets nothing
    """,
    """\
    - users.create: {identity: somebody}
      as: somebody
    - make up: 2
    - make up: {conversations: 1, messages: 3}
    - conversations.list:
      expect: {conversations: {count: 4}}
    """,
]

FAILED = [
    ("- Ann leaves: Parcel\n- Ann leaves: Parcel\n", "Ann in Parcel"),
    ("- Ann joins: Parcel\n- Ann joins: Parcel\n", "a number by which Ann is in no conversation"),
    (
        "- conversations.messages.list: {}\n",
        "conversation, which conversations.messages.list needs",
    ),
    ("- Ann texts: Hi\n  as: hi\n- Ann texts: ${hi.bdy}\n", "a value for every name, but hi has"),
    (
        "- GET /clock:\n  expect: {mode: real}\n  within: 1 second\n",
        "{'mode': 'real'} in the answer",
    ),
    (
        "- PATCH /carrier: {profile: no-dlr}\n  expect: {profile: flaky}\n",
        "{'profile': 'flaky'} in",
    ),
    ("- PATCH /handsets/+12025550000: {label: x}\n", "PATCH /handsets/+12025550000 to be done"),
    ("- GET /messages/nothing\n", "GET /messages/nothing to be done"),
    ("- conversations.fetch: {conversation: Parcel}\n  expect: {state: x}\n", "{'state': 'x'} in"),
    ("- conversations.update: {conversation: Parcel}\n  expect: {state: x}\n", "{'state': 'x'} in"),
    ("- Ann joins: Parcel\n  fails: 20001\n", "Ann joins to be refused: {'code': 20001}"),
    ("- Alice says: Hi\n- Alice gets: Hi\n", '"Hi" within 1 minute'),
    ("- Ann texts: Hi\n- Alice gets nothing\n", "nothing within 1 minute"),
    ("- Ann texts: Hi\n- Ben gets nothing: /H/\n", "nothing like a text that matches /H/ within"),
    ("- Ben gets: [One, 2]\n", '"One" then 2 within 1 minute'),
    ("- Ben gets: One\n  count: 2\n", '"One", 2 times, within 1 minute'),
]


@pytest.mark.parametrize("steps", HELD, ids=range(len(HELD)))
def test_steps_that_hold(steps: str, story: Story) -> None:
    report = story(steps)
    assert report.held, report.failure and report.failure.lines()


@pytest.mark.parametrize(("steps", "expected"), FAILED)
def test_steps_that_do_not(steps: str, expected: str, story: Story) -> None:
    report = story(steps)
    assert report.failure is not None
    assert report.failure.expected.startswith(expected)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("numbers: {shop: {number: +12025550100, sms_url: x}}", "+12025550100 to be done"),
        ("conversations: {A: {unique_name: x}, B: {unique_name: x}}", "conversation B to be done"),
        ("conversations: {A: [Ann], B: [Ann], C: [Ann]}", "a number by which Ann is in no"),
        ("conversations: {A: {with: [Ann], timers: {closed: x}}}", "conversation A to be done"),
    ],
)
def test_a_declaration_that_cannot_be(head: str, expected: str, play: Story) -> None:
    text = f"scenario: x\npeople: {{Ann: +12025550199}}\n{head}\nstory: []\n"
    report = play(text)
    assert report.failure is not None
    assert report.failure.expected.startswith(expected)
    assert report.failure.place.line == 3


def test_more_customers_than_there_are_fictional_numbers(
    play: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_up, "AREA_CODES", ("202",))
    report = play("scenario: x\nstory: [make up: {conversations: 99, messages: 0}]\n")
    assert report.failure is not None  # +12025550100 and ...101 are the account's
    assert report.failure.expected == "at most 100 made-up customers"


def test_made_up_people_are_the_same_for_the_same_seed(play: Story, server: Server) -> None:
    def labels(seed: int) -> list[str | None]:
        assert play(f"scenario: x\nseed: {seed}\nstory: [make up: 5]\n").held
        *_, account = server.worlds
        return [handset.label for handset in account.world[Handsets]]

    assert labels(1) == labels(1)
    assert labels(1) != labels(2)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("numbers: {shop: 1}", "2:17: expected a phone number: +12025550100 or whatsapp:"),
        ("numbers: {shop: {sms_url: x}}", "2:17: expected a phone number: +12025550100 or what"),
        ("numbers: {shop: {number: x}}", "2:26: expected a phone number"),
        ("numbers: {shop: {number: +12025550100, smsurl: x}}", "expected a parameter of api.incom"),
        ("people: [Ann]", "2:9: expected names with their addresses"),
        ("people: {Ann: [1]}", "2:15: expected somebody's address"),
        ("conversations: {A: [Bob]}", '2:21: expected somebody, not "Bob"'),
        ("conversations: {A: {mesages: []}}", "expected a parameter of conversations."),
        ("conversations: {A: {messages: [Hello]}}", "2:32: expected who said what, such as"),
        ("conversations: {A: {messages: Hello}}", "2:31: expected a list, not"),
        ("conversations: [A]", "2:16: expected names with who takes part"),
        ("receivers: {app: }", "2:18: expected a list, not nothing"),
        ("parameters: [a]", "2:13: expected names with their values"),
        ("parameters: {a: [b]}", "2:17: expected a value, not a list"),
        ("carrier: slow", "2:10: expected one of ideal, realistic, flaky, strict-us, no-dlr"),
        ("patience: long", "2:11: expected how long the machine waits"),
        ("include: [[a]]", "2:11: expected a scenario file"),
        ("before: [play: ]", "2:16: expected a scenario file"),
        ("before: [play: {with: {a: 1}}]", '2:16: expected "file:" here'),
        ("before: [at the same time: Ann]", "2:28: expected lists of steps"),
        ("before: [no faults: now]", '2:21: expected nothing after "no faults:"'),
        ("before: [carrier reports: lost]", "2:27: expected one of sent, delivered"),
        ("before: [{wait: 1 s, as: 1x}]", '2:22: expected nothing beside "wait", not "as"'),
        ("before: [{users.list: , as: 1x}]", "2:29: expected a name: letters, digits"),
        (
            "before: [{users.list: , as: app}]\nreceivers: {app: []}",
            "2:29: expected a name that no",
        ),
        ("before: [fault: {do: {}, times: 0}]", "2:33: expected a whole number from 1 on"),
        ("before: [fault: {match: {}}]", '2:17: expected "do:" here'),
        ("before: [fault: now]", "2:17: expected what can be said of a fault, not"),
        ("before: [users.list: {}, users.list: {contains: 1, x: 2}]", "expected a parameter of"),
        ("people: {Ann: +12025550199}\nbefore: [Ann gets: {contains: a, body: b}]", "alone, or"),
        ("people: {Ann: +12025550199}\nbefore: [Ann's phone has: {mms_supported: 1}]", "true or"),
    ],
)
def test_what_is_written_wrong(text: str, problem: str) -> None:
    with pytest.raises(Faulty) as caught:
        library.load_text(f"scenario: x\n{text}\nstory: []\n", "a")
    assert problem in str(caught.value.problems[0])
