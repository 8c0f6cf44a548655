"""Twilio Agent Connect, as it comes from its registry, under `twilio-emulator run` alone: an agent
that answers on SMS, on WhatsApp and in a browser's chat, remembers, begins and hands over."""

import json
import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.programs import started
from twilio_emulator import Emulator
from twilio_emulator.handle.journal import Entry

HERE = Path(__file__).parent / "agent_connect"
FLOW = f"FW{'7' * 32}"
WHATSAPP = "whatsapp:+14155238886"
ASSISTANT = "ai-assistant"
PATIENCE = 60
"""Seconds until an answer counts as missing: Agent Connect reads its certificates for each call."""


class Agent:
    """The agent that runs, and the emulator that it runs under.

    Args:
        process: `twilio-emulator run`, which has begun.
        url: the emulator's.
    """

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self._process = process
        opened, port = self.told()
        assert opened == "open"
        self.url = f"http://127.0.0.1:{port}"
        self.emulator = Emulator.attach(url)
        self.client = self.emulator.client()

    def told(self) -> list[Any]:
        """The next that its callbacks heard, behind what Agent Connect logs."""
        assert self._process.stdout is not None
        logged = []
        for line in self._process.stdout:
            if line.startswith('["'):
                said: list[Any] = json.loads(line)
                return said
            logged.append(line)
        pytest.fail("".join(logged))

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """What its server answers."""
        content = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **headers}
        request = urllib.request.Request(f"{self.url}{path}", content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def begin(self, channel: str, **wish: str) -> str:
        """Have it begin a conversation; answers its id."""
        status, body = self.ask("POST", f"/begin/{channel}", wish)
        assert status == 200, body
        return str(body["conversation_id"])

    def participants(self, conversation: str) -> list[tuple[str, str]]:
        """The types and addresses of who is in a conversation."""
        there = self.client.conversations.v2.participants(conversation).list()
        return sorted((each.type, each.addresses[0]["address"]) for each in there)

    def said(self, conversation: str) -> list[tuple[str, str, list[str]]]:
        """What was said in a conversation: who, what, and how it was delivered."""
        there = self.client.conversations.v2.communications(conversation).list()
        return [
            (
                each.author["address"],
                each.content["text"],
                [to.get("deliveryStatus") for to in each.recipients],
            )
            for each in there
        ]


@pytest.fixture(scope="module")
def agent() -> Iterator[Agent]:
    """The agent behind the account's own configuration."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("TWILIO_", "TAC_"))}
    environment |= {
        "TWILIO_STUDIO_HANDOFF_FLOW_SID": FLOW,
        "TAC_ANALYTICS_DISABLED": "true",
        "TWILIO_WHATSAPP_NUMBER": WHATSAPP,
    }
    program = [sys.executable, str(HERE / "agent.py")]
    command = [sys.executable, "-m", "twilio_emulator", "run", "--port", port, "--", *program]
    with started(
        command, seconds=900, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        agent = Agent(process, f"http://127.0.0.1:{port}")
        agent.emulator.orchestrator.connect(f"{agent.url}/webhook")
        yield agent


def test_it_answers_on_sms(agent: Agent) -> None:
    ann = agent.emulator.handset("+12025550151")
    ann.send("Hello")
    assert ann.wait(timeout=PATIENCE).body == "You said: Hello"
    heard, channel, text, conversation, remembered = agent.told()
    assert (heard, channel, text, remembered) == ("heard", "SMS", "Hello", 0)
    assert agent.participants(conversation) == [
        ("AI_AGENT", agent.emulator.number),
        ("CUSTOMER", "+12025550151"),
    ]
    assert agent.said(conversation) == [
        ("+12025550151", "Hello", ["DELIVERED"]),
        (agent.emulator.number, "You said: Hello", ["DELIVERED"]),
    ]


def test_it_answers_on_whatsapp(agent: Agent) -> None:
    ben = agent.emulator.handset("+12025550152")
    ben.send("Hello", to=WHATSAPP)
    answer = ben.wait(timeout=PATIENCE)
    assert (answer.body, answer.channel) == ("You said: Hello", "whatsapp")
    _, channel, text, conversation, _ = agent.told()
    assert (channel, text) == ("WHATSAPP", "Hello")
    assert agent.participants(conversation) == [
        ("AI_AGENT", WHATSAPP),
        ("CUSTOMER", "whatsapp:+12025550152"),
    ]


def test_it_keeps_a_session_over_several_texts_until_the_conversation_closes(agent: Agent) -> None:
    ann = agent.emulator.handset("+12025550153")
    conversations = []
    for text in ("One", "Two", "Three"):
        ann.send(text)
        assert ann.wait(timeout=PATIENCE).body == f"You said: {text}"
        conversations.append(agent.told()[3])
    (conversation,) = set(conversations)
    assert conversation in agent.ask("GET", "/sessions")[1]["SMS"]

    agent.emulator.orchestrator.close(conversation)
    assert agent.told() == ["ended", "SMS", conversation]
    assert conversation not in agent.ask("GET", "/sessions")[1]["SMS"]

    ann.send("Four")
    assert ann.wait(timeout=PATIENCE).body == "You said: Four"
    assert agent.told()[3] != conversation


def test_it_begins_a_conversation_and_finds_it_when_it_is_there(agent: Agent) -> None:
    ann = agent.emulator.handset("+12025550154")
    conversation = agent.begin("SMS", to="+12025550154", message="Your parcel is here.")
    assert ann.wait(timeout=PATIENCE).body == "Your parcel is here."
    assert agent.participants(conversation) == [
        ("AI_AGENT", agent.emulator.number),
        ("CUSTOMER", "+12025550154"),
    ]
    ann.send("Thanks")
    assert ann.wait(timeout=PATIENCE).body == "You said: Thanks"
    assert agent.told()[:4] == ["heard", "SMS", "Thanks", conversation]

    assert agent.begin("SMS", to="+12025550154", message="One more.") == conversation
    assert ann.wait(timeout=PATIENCE).body == "One more."


def test_it_drops_a_callback_that_comes_again(agent: Agent) -> None:
    emulator, number = agent.emulator, "+12025550155"
    ann = emulator.handset(number)
    twice = {"match": {"from": number}, "do": {"duplicate_callback": True}, "times": 1}
    emulator.call("POST", "/faults", twice)
    ann.send("Once")
    assert ann.wait(timeout=PATIENCE).body == "You said: Once"
    assert agent.told()[2] == "Once"
    ann.send("Thanks")
    assert ann.wait(timeout=PATIENCE).body == "You said: Thanks"
    assert agent.told()[2] == "Thanks"
    assert [each.body for each in ann.inbox].count("You said: Once") == 1
    sent = [
        token(each)
        for each in emulator.webhooks
        if each["event"] == "COMMUNICATION_CREATED" and '"text": "Once"' in each["body"]
    ]
    assert len(sent) == 2
    assert len(set(sent)) == 1


def token(webhook: Entry) -> str:
    """What says that a callback is the same as another."""
    headers = {name.lower(): value for name, value in webhook["headers"]}
    return str(headers["i-twilio-idempotency-token"])


def test_it_refuses_a_callback_that_nobody_signed(agent: Agent) -> None:
    forged = {"eventType": "COMMUNICATION_CREATED", "data": {}}
    assert agent.ask("POST", "/webhook", forged)[0] == 403
    assert (
        agent.ask("POST", "/webhook?bodySHA256=0", forged, **{"X-Twilio-Signature": "AA=="})[0]
        == 403
    )


def test_it_reads_and_writes_memory(agent: Agent) -> None:
    ann = agent.emulator.handset("+12025550156")
    ann.send("Remember that I like tea")
    assert ann.wait(timeout=PATIENCE).body == "I will."
    agent.told()
    ann.send("What do you know?")
    assert ann.wait(timeout=PATIENCE).body == "Of +12025550156: that I like tea"
    assert agent.told()[4] == 1


def test_it_hands_over_to_a_person(agent: Agent) -> None:
    ann = agent.emulator.handset("+12025550157")
    ann.send("A person, please.")
    assert ann.wait(timeout=PATIENCE).body == "One moment."
    conversation = agent.told()[3]
    assert agent.told() == ["handoff_initiated", "SMS"]

    (execution,) = agent.client.studio.v2.flows(FLOW).executions.list()
    assert execution.contact_channel_address == "+12025550157"
    context = execution.execution_context().fetch().context
    handed = context["flow"]["data"]["HandoffData"]
    assert handed["conversationId"] == conversation
    assert handed["attributes"] == {"desk": "returns", "reason": "asked for one"}

    # Who takes over hears of it in another way: the agent hears nothing more.
    ann.send("Is somebody there?")
    assert agent.said(conversation)[-1][1] == "Is somebody there?"
    ben = agent.emulator.handset("+12025550158")
    ben.send("Hello")
    assert ben.wait(timeout=PATIENCE).body == "You said: Hello"
    assert agent.told()[2] == "Hello"


def test_it_chats_with_the_javascript_sdk_over_the_bridge(
    agent: Agent, node: str, tmp_path: Path
) -> None:
    environment = {**os.environ, **agent.emulator.redirection(tmp_path)}
    done = subprocess.run(
        [node, str(HERE / "chat.mjs"), agent.emulator.token("carla"), "Hello", "Still there?"],
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    chat = json.loads(done.stdout)
    assert chat["answers"] == [
        [ASSISTANT, "You said: Hello"],
        [ASSISTANT, "You said: Still there?"],
    ]
    _, channel, text, conversation, _ = agent.told()
    assert (channel, text) == ("CHAT", "Hello")
    assert agent.told()[3] == conversation
    assert agent.participants(conversation) == [("AI_AGENT", ASSISTANT), ("UNKNOWN", "carla")]
    (bridged,) = agent.client.conversations.v2.conversations.list(channel_id=chat["sid"])
    assert bridged.id == conversation
