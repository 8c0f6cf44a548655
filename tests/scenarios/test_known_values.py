"""What `check` knows of faults, control calls and events; what there is not has its place said."""

import asyncio
import json

import pytest

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import Fault, Final
from twilio_emulator.play import library
from twilio_emulator.play.local import LocalStage
from twilio_emulator.scenarios.language.control_calls import calls, problem
from twilio_emulator.scenarios.language.problems import Faulty
from twilio_emulator.scenarios.player.chat_client import EVENTS
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings

HEAD = (
    "scenario: x\npeople: {Ann: +12025550199, Alice: chat:alice}\nreceivers: {app: [200]}\nstory:\n"
)


def problems(step: str) -> list[str]:
    try:
        library.load_text(f"{HEAD}- {step}\n", "a")
    except Faulty as faulty:
        return [str(each) for each in faulty.problems]
    return []


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (
            "fault: {do: {final: {status: lost}}}",
            'a:5:32: expected how a text ends, not "lost"; there is undelivered, failed, sent',
        ),
        (
            "fault: {do: {final: {status: deliverd}}}",
            'a:5:32: expected how a text ends, not "deliverd"; did you mean "delivered"?',
        ),
        (
            "fault: {do: {final: {status: failed, error_code: 99999}}}",
            'a:5:52: expected an error of Twilio\'s, not "99999"',
        ),
        ("fault: {do: {finl: {status: failed}}}", 'not "finl"; did you mean "final"?'),
        ("fault: {do: {final: {error_code: 30003}}}", 'expected "status:" here'),
        (
            "fault: {do: {final: {status: sent, error_code: 30003}}}",
            "a:5:23: expected undelivered or failed with an error_code",
        ),
        ("fault: {do: {delay: {stage: x, ms: 5}}}", 'a status that passes, not "x"'),
        ("fault: {do: {delay: {stage: sent, ms: -5}}}", "a whole number from 0 to"),
        ("fault: {do: {delay: {stage: sent, ms: a}}}", "a whole number from 0 to"),
        ("fault: {do: {delay: {stage: [], ms: 1}}}", "a status that passes, not a list"),
        ("fault: {do: {api_error: {status: 999, code: 20429}}}", "from 400 to 599"),
        ("fault: {do: {api_error: {status: 429, code: 99999}}}", "a code of Twilio's, not"),
        ("fault: {do: {hold: maybe}}", "expected true or false"),
        ("fault: {do: {segment_loss: 0}}", "a whole number from 1 to 10"),
        ("fault: {do: {socket: {drop_after: -1}}}", "a whole number from 0 to"),
        ("fault: {do: {socket: {refuse: {status: 99}}}}", "from 400 to 599"),
        ("fault: {do: {hold: true}, match: {channel: smss}}", 'did you mean "sms"?'),
        ("fault: {do: {hold: true}, match: {direction: up}}", "a direction"),
        ("fault: {do: {hold: true}, match: {body: 'regex:('}}", "expected a regular expression"),
        ("fault: {do: {hold: true}, match: {body: []}}", "expected which texts"),
        ("fault: {do: {hold: true}, match: {too: Ann}}", 'not "too"; did you mean "to"?'),
        ("fault: {do: {hold: true}, times: 0}", "expected a whole number from 1 on"),
        ("POST /faults: {do: {final: {status: lost}}}", 'how a text ends, not "lost"'),
        ("carrier reports: undelivered\n  error_code: 99999", "an error of Twilio's"),
        ("PATCH /carier: {profile: flaky}", 'not "PATCH /carier"; did you mean "PATCH /carrier"?'),
        ("POST /carrier: {profile: flaky}", "expected GET or PATCH before /carrier, not POST"),
        ("GET /handset/${Ann}", "a call of the control API, not"),
        ("GET /handsets/${Ann}/message", "a call of the control API, not"),
        ("Alice hears: {event: messageAded}", 'did you mean "messageAdded"?'),
        ("Alice hears nothing: {event: typingEnded}", 'not "typingEnded"'),
        ("app receives: {EventType: onMessageAded}", 'did you mean "onMessageAdded"?'),
        ("app receives nothing: {EventType: messageAdded}", 'did you mean "onMessageAdded"?'),
        ("app receives: {MessageStatus: lost}", 'not "lost"'),
        ("app receives: [{SmsStatus: deliverd}]", 'did you mean "delivered"?'),
        ("Ann gets: /(?=a)b/", "expected a regular expression: look-around is not supported"),
        ("Ann gets: /(/", "expected a regular expression: missing ): ("),
    ],
)
def test_what_there_is_not(step: str, said: str) -> None:
    (problem,) = problems(step)
    assert said in problem
    assert problem.startswith("a:")


@pytest.mark.parametrize(
    "step",
    [
        "fault: {match: {to: Ann, body: 'regex:^a', channel: whats*}, do: {hold: true}, times: 2}",
        "fault: {match: {channel: 'regex:^s', direction: inbound}, do: {drop_callback: true}}",
        "fault: {do: {final: {status: undelivered, error_code: 30003}}}",
        "fault: {do: {final: {status: '${Ann}', error_code: '${Ann}'}, segment_loss: '${Ann}'}}",
        "fault: {do: {socket: {refuse: {status: 401, code: 20104, reconnect_min_ms: 0}}}}",
        "PATCH /carrier: {profile: flaky}",
        "GET /handsets/${Ann}/messages?limit=2",
        "GET /",
        "Alice hears: {event: /message.*/}",
        "Alice hears: {event: {not: messageAdded}}",
        "app receives: {EventType: '${Ann}'}",
        "app receives: {EventType: DELIVERED, MessageStatus: delivered}",
        "app receives: {EventType: onConversationStateUpdated}",
    ],
)
def test_what_there_is(step: str) -> None:
    assert problems(step) == []


def test_a_pattern_that_a_name_makes_none_is_a_failure_in_words() -> None:
    steps = (
        '- messages.create: {to: Ann, from: number, body: "("}\n  as: sent\n'
        '- Ann gets: "/${sent.body}/"\n'
    )
    server = Server(Settings(clock="frozen"), lambda: b"")
    scenario = library.load_text(f"scenario: x\npeople: {{Ann: +12025550199}}\nstory:\n{steps}")
    report = asyncio.run(library.play(scenario, LocalStage(server, server.worlds)))
    assert report.failure is not None
    assert report.failure.expected == "a regular expression"
    assert report.failure.nearest == "missing ): ("


@pytest.mark.parametrize(
    "step",
    [
        "Ann gets: x\n  count: 99999999999",
        "Ann gets: x\n  count: 10001",
        "make up: {conversations: 1, messages: 9999999}",
        "wait until: 0001-01-01T00:00:00+14:00",
        "wait until: 9999-12-31T23:59:59Z",
        "wait until: 9999-12-31T23:59:59-14:00",
        "Ann texts: 'x'\n  count: " + "9" * 5000,
    ],
)
def test_what_lies_beyond_all_bounds(step: str) -> None:
    (problem,) = problems(step)
    assert problem.startswith("a:")
    assert len(problem) < 700


def test_the_calls_are_those_of_a_server() -> None:
    controls = Server(Settings(clock="frozen"), lambda: b"")._control._controls
    known = [(path, method) for path, methods in calls().items() for method in methods]
    assert known == [(call.path, call.method) for call in controls.calls]


def test_every_call_is_one() -> None:
    for path, methods in calls().items():
        for method in methods:
            assert problem(method, path.replace("{", "${")) is None
            assert problem(method, f"{path}?x=1") is None


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (
            "PATCH /carrier: {profle: flaky}",
            'a:5:20: expected what the call takes, not "profle"; did you mean "profile"?',
        ),
        (
            "PATCH /carrier: {profile: flakey}",
            'a:5:29: expected a value that is known, not "flakey"; did you mean "flaky"?',
        ),
        ("PATCH /carrier: {any_sender: 5}", 'a:5:32: expected true or false, not "5"'),
        ("PATCH /carrier: {webhook_rewrites: [x]}", "expected keys with values, not a list"),
        ("PATCH /carrier: flaky", "expected keys with values, not"),
        ("PATCH /handsets/${Ann}: {channels: [smss]}", 'not "smss"; did you mean "sms"?'),
        ("POST /handsets/${Ann}/messages: {to: 5}", 'expected a text, not "5"'),
        ("POST /handsets/${Ann}/messages: {to: [x]}", "expected a text, not a list"),
        (
            "POST /handsets/${Ann}/messages: {to: x, media: [{urll: y}]}",
            'not "urll"; did you mean "url"?',
        ),
        ("POST /clock: {advance: []}", "expected a number or a text, not a list"),
        ("DELETE /faults: {all: true}", "expected nothing: DELETE /faults takes no body"),
    ],
)
def test_the_body_of_every_call_is_checked_as_it_is_declared(step: str, said: str) -> None:
    (problem,) = problems(step)
    assert said in problem


@pytest.mark.parametrize(
    "step",
    [
        "PATCH /carrier: {profile: flaky, any_sender: true}",
        "PATCH /carrier: {webhook_rewrites: {'https://a.example.com/': 'http://localhost:1/'}}",
        "PATCH /handsets/${Ann}: {channels: [sms, whatsapp], label: null}",
        "POST /handsets/${Ann}/messages: {to: +12025550100, body: '${Ann}'}",
        "POST /clock: {now: tomorrow 09:00}",
        "POST /clock: {advance: 90}",
        "PATCH /services/IS1: {filters: [onMessageAdded]}",
        "PUT /snapshot: {anything: [1]}",
        "POST /accounts",
        "DELETE /faults: {}",
    ],
)
def test_what_is_declared_may_be_said(step: str) -> None:
    assert problems(step) == []


def test_every_example_of_a_call_may_be_said() -> None:
    controls = Server(Settings(clock="frozen"), lambda: b"")._control._controls
    for call in controls.calls:
        for example in call.examples if call.body and not isinstance(call.body, str) else ():
            said = json.dumps(example, ensure_ascii=False)
            path = call.path.replace("{", "${").replace("${", "x").replace("}", "")
            assert problems(f"{call.method} {path}: {said}") == []


def test_what_clients_hear_is_known() -> None:
    from inspect import getsource
    from re import findall

    from twilio_emulator.scenarios.player import chat_client

    told = findall(r'_tell\(\s*"(\w+)"', getsource(chat_client))
    assert set(told) <= set(EVENTS)
    assert len(told) > 4


def test_a_fault_that_was_refused_is_not_recorded() -> None:
    gate = Server(Settings(clock="frozen"), lambda: b"").worlds.default.gate
    with pytest.raises(Refused):
        gate.perform_now(AddFault(do=Fault(final=Final(status="lost"))))
    gate.perform_now(AddFault(do=Fault(hold=True)))
    text = library.record(gate)
    assert text.count("fault:") == 1
    assert library.load_text(text)
