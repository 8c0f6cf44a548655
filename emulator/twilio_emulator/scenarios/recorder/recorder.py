"""What happened on an emulator becomes a scenario that plays green.

The rules of this file:

- The journal is told again on a fresh world, and each command becomes a step in words that a person
  would use. What followed from webhooks, downloads and timers is left out: it follows again, from
  receivers that answer as the app did.
- What arrives on phones becomes what is expected; so does, at the end, what conversations hold.
- Sids and secrets become names (`names.py`), one-time codes too (`codes.py`).
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import msgspec

from twilio_emulator.core.accounts.accounts import DEFAULT_NUMBERS, OpenAccount
from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Conversations,
    Messages,
)
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.journal import Written
from twilio_emulator.core.kernel.records import plain, write_instant
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.reviving import revive
from twilio_emulator.core.kernel.world import Happened, Source
from twilio_emulator.core.phones.call_resources import PhoneCalls
from twilio_emulator.core.phones.calls import AnswerCall, PressDigits
from twilio_emulator.core.phones.inbox import HandsetReceived
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.simulation.faults import AddFault, SpendFault
from twilio_emulator.core.sync.wing import SYNC
from twilio_emulator.core.wings import new_world
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.scenarios.operations import NamedOperation
from twilio_emulator.scenarios.recorder import codes, ids, yaml_text
from twilio_emulator.scenarios.recorder.names import Names, Step
from twilio_emulator.scenarios.recorder.steps import STEPS

PAUSE = timedelta(seconds=1)
"""A shorter time between two steps is not worth a line."""

FOLLOWING = frozenset(
    {
        "AdvanceText",
        "ConnectSyncEndpoint",
        "ConnectUser",
        "DisconnectSyncEndpoint",
        "EndValidation",
        "ExpireConversation",
        "KeepMedia",
        "LoseMedia",
        "NoteBlocked",
        "RaiseAlert",
        "ReceiveText",
        "ReplyToText",
        "SpendFault",
    }
)
"""Commands that follow from others: a webhook's answer, a download, a timer, a connection."""

VERDICT = re.compile("rewritten_.*|dropped")
"""What a pre-event webhook made of a command: it will do so again."""

_HEAD = """\
# Recorded from a running emulator. Names stand for what had a sid; rename them as you like.
"""
_HEAD_OF_PART = "# It begins at {at}: what was there before has to be there, too."

HOW = "; to keep all from now on: twilio-emulator record --begin"

MOST_SHOWN = 50
"""Messages of a conversation that are looked at in the end: what fits on the first page."""

Operations = Iterable[tuple[str, NamedOperation]]
"""Names with their operations, the names that people prefer first."""


class NotRecorded(Exception):
    """There is no recording. The text is one line, meant for the user."""


def record(gate: Gate, operations: Operations, title: str = "Recorded") -> str:
    """The text of a scenario that does again what happened in an account.

    Args:
        gate: the door to it.
        operations: what commands may come from.

    Raises:
        NotRecorded: the journal begins neither where the account did nor where somebody began to
            record.
    """
    journal = gate.journal
    lacks = journal.lacks
    if lacks is None and journal.base is None:
        opens = len(journal) and isinstance(journal[0].command, OpenAccount)
        lacks = None if opens else "nobody opened it"
    if lacks is not None:
        raise NotRecorded(
            f"the journal of this account does not go back to its beginning: {lacks}{HOW}"
        )
    return _Recorder(gate, operations).text(title, list(gate.history()))


class _Recorder:
    def __init__(self, gate: Gate, operations: Operations) -> None:
        live, base = gate.world, gate.journal.base
        snapshot = None if base is None else msgspec.json.decode(base, type=dict[str, Any])
        self._live = live
        self._until = live.now
        first = gate.journal[0].at if snapshot is None else revive(datetime, snapshot["now"])
        self._world = new_world(
            live.account_sid,
            live.seed,
            Clock(lambda: 0.0, first, 0),
            live.numbering,
            live.compile_pattern,
            signatures=live.signatures,
        )
        self._base: str | None = None
        if snapshot is not None:
            self._world.restore(snapshot)
            self._base = write_instant(first)
        self._spent = Counter(
            written.command.rule
            for written in gate.journal
            if isinstance(written.command, SpendFault)
        )
        self._operations: dict[object, tuple[str, NamedOperation]] = {}
        for name, operation in operations:
            self._operations.setdefault(operation.taker, (name, operation))
        self._names = Names(self._world, gate)
        self._steps: list[Step | str] = []
        self._happened: list[Happened] = []
        self._world.listeners.append(self._happened.append)
        self._at = self._begun = first
        self._head: Step = {}

    def text(self, title: str, history: list[Written]) -> str:
        """The whole scenario."""
        opening = None
        if self._base is None:
            opening = history[0]
        else:
            self._open(self._numbers())
        for written in history:
            refusal = self._perform(written)
            if written is opening:
                assert isinstance(written.command, OpenAccount)
                self._open(written.command.numbers)
            elif type(written.command).__name__ not in FOLLOWING:
                self._note(written, refusal)
            self._note_arrivals()
        self._world.catch_up(self._until)
        self._note_arrivals()
        self._note_conversations()
        return self._write(title, self._begun)

    def _perform(self, written: Written) -> Refused | None:
        """Do again what was done; what was due before is noted before it."""
        self._world.catch_up(written.at)
        self._note_arrivals()
        self._find_before_it_goes(written.command)
        try:
            self._answer: Any = self._world.perform(written.command, written.origin, written.at)
        except Refused as refused:
            return refused
        return None

    def _find_before_it_goes(self, command: object) -> None:
        """Have a name for what a command removes: afterwards it would not be found."""
        _, operation = self._operations.get(type(command), (None, None))
        if operation is not None and operation.method == "DELETE":
            for place in _places(operation):
                self._names.of(str(getattr(command, place)))

    def _numbers(self) -> Iterable[str]:
        """What the account has in the beginning."""
        return (number.address for number in self._world[PhoneNumbers])

    def _open(self, numbers: Iterable[str]) -> None:
        own = [number for number in numbers if number not in DEFAULT_NUMBERS]
        if own:
            self._head["numbers"] = {f"number {place}": own for place, own in enumerate(own, 3)}
        self._names.learn_account()

    def _note(self, written: Written, refusal: Refused | None) -> None:
        """Add the step that a command comes from."""
        made: Step | str | None = None if refusal is None else _refused_otherwise(written)
        made = made or self._step(written)
        if made is None:
            return
        if isinstance(written.command, AddFault) and (
            refusal is not None or not self._leave_over(made)
        ):
            return
        self._pass_time(written.at)
        if isinstance(made, str):
            self._steps.append(made)
            return
        if refusal is not None:
            made["fails"] = refusal.code
        self._steps += self._names.lookups()
        self._steps.append(made)
        if refusal is None and self._answer is not None:
            self._names.learn(made, self._answer)

    def _leave_over(self, made: Any) -> bool:
        """Count a fault less often by the calls that it failed: these are not in the journal."""
        spent = self._spent[self._answer.sid]
        fault = made["fault"]
        if spent and "times" in fault:
            fault["times"] -= spent
        return bool(fault.get("times", 1))

    def _step(self, written: Written) -> Step | str | None:
        command = written.command
        name = type(command).__name__
        special = STEPS.get(name)
        if special is not None:
            return special(self._names, command)
        if isinstance(command, AnswerCall | PressDigits):
            call = self._live[PhoneCalls].get(command.call)
            if call is not None and call.codes:
                return None  # who gets a code by call does what it takes
        if type(command) not in self._operations:
            return f"# not recorded: {name}"
        return self._call(*self._operations[type(command)], written)

    def _call(self, name: str, operation: NamedOperation, written: Written) -> Step:
        """A REST operation with its parameters."""
        fields = plain(written.command)
        assert isinstance(fields, dict)
        given: Step = {}
        service = fields.get("service")
        if operation.path_in_service and service not in (None, self._default_service()):
            given["service"] = self._names.of(str(service))
        for place, called in zip(_places(operation), operation.names, strict=True):
            given[called] = self._names.of(str(fields[place]))
        hidden = codes.instead(self._world, self._names, written.command)
        for field, value in fields.items():
            parameter = field.rstrip("_")
            if parameter in operation.parameters and not VERDICT.fullmatch(field):
                held = getattr(written.command, field)
                told = ids.said(held) if operation.is_camel else value
                filled = hidden.get(field) or self._names.fill(parameter, told)
                if told is not None or not operation.is_camel:
                    given[parameter] = _object(filled) if operation.takes_json else filled
        if written.origin.webhooks and operation.host.startswith("conversations"):
            given["x_twilio_webhook_enabled"] = True
        return {name: given}

    def _pass_time(self, at: datetime) -> None:
        if at - self._at >= PAUSE:
            self._steps.append({"wait until": write_instant(at)})
        self._at = max(at, self._at)

    def _note_arrivals(self) -> None:
        """Expect what has arrived on phones since."""
        happened, self._happened[:] = list(self._happened), []
        for each in happened:
            code = codes.arrival(self._names, each.event)
            if code is not None:
                self._pass_time(each.at)
                self._steps.append(code)
            elif isinstance(each.event, HandsetReceived):
                item = each.event.item
                self._pass_time(each.at)
                who = self._names.phone(item.handset)
                body = self._names.fill("body", item.body)
                expected = body if not item.num_media else {"body": body}
                self._steps += self._names.lookups()
                self._steps.append({f"{who} gets": _exactly(expected)})

    def _note_conversations(self) -> None:
        """Expect, in the end, what each conversation holds."""
        world = self._world
        for conversation in world[Conversations]:
            messages = list(world[Messages].all(world[Messages].by_conversation, conversation.sid))
            if not 0 < len(messages) <= MOST_SHOWN:
                continue
            shown = [
                {
                    "author": self._names.fill("author", message.author),
                    "body": _exactly(self._names.fill("body", message.body)),
                }
                for message in messages
            ]
            given = {"conversation": self._names.of(conversation.sid)}
            self._steps += self._names.lookups()
            call: Step = {"conversations.messages.list": given, "expect": {"messages": shown}}
            if conversation.service_sid != self._default_service():
                given["service"] = self._names.of(conversation.service_sid)
            self._steps.append(call)

    def _default_service(self) -> str:
        return self._world[AccountConfigurations][self._world.account_sid].default_chat_service_sid

    def _write(self, title: str, at: datetime) -> str:
        file: Step = {"scenario": title, "clock": write_instant(at), **self._head}
        file.update(self._names.cast())
        lines = [_HEAD.rstrip()]
        if self._base is not None:
            lines.append(_HEAD_OF_PART.format(at=self._base))
        for section, value in file.items():
            lines += ["", *yaml_text.pair(section, value, 0)]
        lines += ["", "story:"]
        if not self._steps:
            lines[-1] += " []"
        for step in self._steps:
            if isinstance(step, str):
                lines.append(f"  {step}")
            else:
                lines += yaml_text.step(self._names.finished(step), 2)
        return re.sub(r"\n(scenario:[^\n]*)\n\n(clock:)", r"\n\1\n\2", "\n".join(lines) + "\n")


def _places(operation: NamedOperation) -> list[str]:
    """The fields of a command that stand in the path of its operation."""
    return [place for place in re.findall(r"{(\w+)}", operation.path) if place != "account"]


def _refused_otherwise(written: Written) -> str | None:
    """A refusal that no step brings about, as a remark: clients of Sync are refused other things,
    in other words, than REST, and no step of Sync says which revision was expected."""
    command, origin = written.command, written.origin
    if type(command) not in SYNC.commands:
        return None
    if origin.source is Source.SDK:
        return f"# refused to {origin.identity}: {type(command).__name__}"
    if getattr(command, "if_match", None) is not None:
        return f"# refused for its If-Match: {type(command).__name__}"
    return None


def _object(value: Any) -> Any:
    """What was an object in a request is kept as a text of JSON."""
    if isinstance(value, str) and value.startswith("{"):
        return json.loads(value)
    return value


def _exactly(expected: Any) -> Any:
    """A text that looks like a pattern is meant as it is."""
    if isinstance(expected, str) and expected.startswith("/"):
        return {"is": expected}
    return expected
