"""Names for what had a sid, an address or an URL in a recording.

The rules of this file:

- What a step gave is named when a later step uses it, by an `as` at that step. What nobody gave is
  looked up before it is used, as an app would do it.
- Phones become people; URLs of webhooks become receivers that answer what was answered then.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from twilio_emulator.core.accounts.accounts import Accounts, ApiKeys
from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Messages,
    Participants,
    Roles,
    Users,
)
from twilio_emulator.core.kernel import outside
from twilio_emulator.core.kernel.outside import NotJson
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.configurations import first_configuration
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.senders.addresses import bare
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.sync.services import default_service_sid
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.core.verify.services import first_service_sid
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.scenarios.language.scenario import PHONE, Person
from twilio_emulator.scenarios.recorder import ids

Step = dict[str, Any]

NAMES = ("Ann", "Ben", "Carl", "Dora", "Emil", "Fay", "Gus", "Hope", "Ivan", "June", "Kim", "Leo")
KINDS = {
    "CH": "conversation",
    "FR": "fault",
    "HX": "template",
    "IG": "address",
    "IM": "message",
    "IS": "service",
    "MB": "participant",
    "ME": "file",
    "MG": "messaging service",
    "MM": "text",
    "PN": "phone number",
    "RL": "role",
    "SK": "key",
    "SM": "text",
    "US": "user",
    "VA": "verify service",
    "VE": "verification",
    "WH": "webhook",
    "YC": "challenge",
    "YF": "factor",
}
_SID = re.compile(rf"\b[A-Z]{{2}}[0-9a-f]{{32}}\b|{ids.FORM}")
_NAME = re.compile(r"[^\W\d][\w '-]{0,40}")
_CODE = re.compile(r"(?<![\w+])\w{4,10}(?!\w)")
"""What may be a one-time code, as Verify takes them."""
_URL = re.compile(r"https?://[^\s]+")
_TO_RECEIVERS = ("url", "callback")


@dataclass(slots=True)
class _Given:
    """What a step gave, under which key of its answer, and whether anybody uses it.

    Without a key it is the answer itself.
    """

    name: str
    step: Step
    key: str = "sid"
    used: bool = False

    @property
    def embedded(self) -> str:
        """What stands for it within a text."""
        return f"${{{self.name}.{self.key}}}" if self.key else f"${{{self.name}}}"


class Names:
    """The names of a recording.

    Args:
        world: as far as it has been told again.
        gate: the door to the world that is recorded.
    """

    def __init__(self, world: World, gate: Gate) -> None:
        self._world = world
        self._given: dict[str, _Given] = {}
        self._codes: dict[str, _Given] = {}
        self._of_step: dict[int, _Given] = {}
        self._heard: set[str] = set()
        self._taken: set[str] = set()
        self._builtin: dict[str, str] = {}
        self._people: dict[str, str] = {}
        self._mailboxes: dict[str, str] = {}
        self._habits: dict[str, Step] = {}
        self._receivers: dict[str, str] = {}
        self._answers = _answers(gate)
        self._lookups: list[Step] = []

    def learn_account(self) -> None:
        """The names that every scenario has, for what the account began with."""
        account = self._world[Accounts][self._world.account_sid]
        defaults = self._world[AccountConfigurations][account.sid]
        (key, *_) = self._world[ApiKeys].all(self._world[ApiKeys].by_account, account.sid)
        self._builtin = {
            account.sid: "account_sid",
            account.auth_token: "auth_token",
            key.sid: "api_key",
            key.secret: "api_secret",
            defaults.default_chat_service_sid: "conversation_service_sid",
            defaults.default_messaging_service_sid: "messaging_service_sid",
        }
        if (service := first_service_sid(self._world, account.sid)) is not None:
            self._builtin[service] = "verify_service_sid"
        if (shared := default_service_sid(self._world, account.sid)) is not None:
            self._builtin[shared] = "sync_service_sid"
        if (configuration := first_configuration(self._world, account.sid)) is not None:
            self._builtin[configuration.sid] = "conversation_configuration_id"
            self._builtin[configuration.settings.memory_store_id] = "memory_store_id"
        numbers = [number.address for number in self._world[PhoneNumbers]]
        for name, prefix in (("number", "+"), ("whatsapp_number", "whatsapp:")):
            first = next((number for number in numbers if number.startswith(prefix)), None)
            if first is not None:
                self._builtin[first] = name

    def learn(self, step: Step, answer: Any) -> None:
        """A step gave something that has a sid."""
        sid = getattr(answer, "sid", None)
        if isinstance(sid, str) and sid not in self._given and _SID.fullmatch(sid):
            said = getattr(answer, "unique_name", None) or getattr(answer, "friendly_name", None)
            is_text = "texts" in next(iter(step))
            self._given[sid] = self._give(
                step,
                self._fresh(said, _kind_of(sid)),
                "message_sid" if is_text else "id" if ids.is_id(sid) else "sid",
            )

    def learn_code(self, step: Step, code: str, name: str = "code", key: str = "") -> None:
        """A step gave a one-time code: as its answer, or under a key of it. It has a name once
        somebody uses it."""
        self._codes[code] = self._give(step, name, key)

    def code(self, code: str) -> str | None:
        """What stands for a one-time code; None for one that no step gave."""
        given = self._codes.get(code)
        if given is None:
            return None
        if not given.used:
            given.name, given.used = self._fresh(None, given.name), True
        return given.embedded

    def read_code(self, code: str, path: str) -> str:
        """What stands for a one-time code that a call of the control API tells."""
        step: Step = {f"GET {path}": None}
        self.learn_code(step, code, "found code", "code")
        self._lookups.append(step)
        return self.code(code) or ""

    def hear(self, call: str) -> bool:
        """Whether it is the first time that a call says its code."""
        is_first = call not in self._heard
        self._heard.add(call)
        return is_first

    def of(self, sid: str) -> str:
        """What stands for a sid where one is wanted; a unique name or identity is one itself."""
        if sid in self._builtin:
            return self._builtin[sid]
        given = self._find(sid)
        if given is None:
            return str(self.fill("", sid))
        return given.name if given.key == "sid" else given.embedded

    def embedded(self, sid: str, key: str | None = None) -> str:
        """What stands for a sid within a text; `key` says where an answer has it."""
        if sid in self._builtin:
            return f"${{{self._builtin[sid]}}}"
        given = self._find(sid)
        return sid if given is None else f"${{{given.name}.{key or given.key}}}"

    def fill(self, parameter: str, value: Any) -> Any:
        """The value of a parameter with names for what has one."""
        if isinstance(value, list):
            return [self.fill(parameter, item) for item in value]
        if isinstance(value, dict):
            return {name: self.fill(name, item) for name, item in value.items()}
        if not isinstance(value, str):
            return value
        if parameter.endswith(_TO_RECEIVERS) and _URL.fullmatch(value):
            return f"${{{self._receiver(value)}}}"
        if value in self._builtin and not value.startswith("AC"):
            return f"${{{self._builtin[value]}}}"
        if parameter in ("to", "from") or "address" in parameter:
            address = bare(value)
            if self._people.get(address) and address == value:
                return self._people[address]
        if parameter == "author" and value in self._people:
            return f"${{{self._people[value]}}}"
        text = _CODE.sub(lambda found: self.code(found[0]) or found[0], value.replace("${", "$${"))
        for secret, name in self._builtin.items():
            text = text.replace(secret, f"${{{name}}}")
        return _SID.sub(lambda found: self.embedded(found[0]), text)

    def phone(self, address: str) -> str:
        """The name of a phone."""
        address = bare(address)
        if address not in self._people:
            handset = self._world[Handsets].get(address)
            label = (handset.label or handset.profile_name) if handset is not None else None
            self.declare(address, {}, label)
        return self._people[address]

    def mailbox(self, address: str) -> str:
        """The name of who has a mailbox: of a phone's owner where it is theirs unless said."""
        for phone, name in self._people.items():
            if Person(name, PHONE, phone, "sms").mailbox == address:
                return name
        if address not in self._mailboxes:
            self._mailboxes[address] = self._fresh(None, self._next_person())
        return self._mailboxes[address]

    def has_phone(self, address: str) -> bool:
        """Whether a phone has a name already."""
        return address in self._people

    def declare(self, address: str, habits: Step, label: str | None = None) -> None:
        """Give a phone a name, and habits from the beginning."""
        label = label or habits.get("label") or habits.get("profile_name")
        self._people[address] = self._fresh(label, self._next_person())
        self._habits[address] = habits

    def lookups(self) -> list[Step]:
        """The steps that look up what was asked for since the last call."""
        found, self._lookups = self._lookups, []
        return found

    def cast(self) -> dict[str, Any]:
        """Who and what there is: receivers and people."""
        cast: dict[str, Any] = {}
        if self._receivers:
            cast["receivers"] = {
                name: self._answers.get(url, []) for url, name in self._receivers.items()
            }
        people: dict[str, Any] = {
            name: {"phone": address, **habits} if (habits := self._habits[address]) else address
            for address, name in self._people.items()
        }
        for address, name in self._mailboxes.items():
            people[name] = {"chat": address, "email": address}
        if people:
            cast["people"] = people
        return cast

    def finished(self, step: Step) -> Step:
        """A step, with the name that others use for what it gave."""
        given = self._of_step.get(id(step))
        return {**step, "as": given.name} if given is not None and given.used else step

    def _give(self, step: Step, name: str, key: str) -> _Given:
        given = self._of_step[id(step)] = _Given(name, step, key)
        return given

    def _next_person(self) -> str:
        return next((name for name in NAMES if name not in self._taken), "Phone")

    def _find(self, sid: str) -> _Given | None:
        given = self._given.get(sid) or self._look_up(sid)
        if given is not None:
            given.used = True
        return given

    def _look_up(self, sid: str) -> _Given | None:
        """A step that finds what no step gave."""
        search = SEARCHES.get(sid[:2]) if _SID.fullmatch(sid) else None
        if ids.is_id(sid):
            search = ids.find
        found = search(self._world, sid) if search is not None else None
        if found is None:
            return None
        call, parameters, key = found
        parameters = {
            name: self.of(said) if isinstance(said, str) and _SID.fullmatch(said) else said
            for name, said in parameters.items()
        }
        step: Step = {call: parameters}
        given = self._give(step, self._fresh(None, f"found {_kind_of(sid)}"), key)
        self._given[sid] = given
        self._lookups.append(step)
        return given

    def _receiver(self, url: str) -> str:
        if url not in self._receivers:
            last = _path(url).strip("/").replace("/", " ")
            self._receivers[url] = self._fresh(last or None, "app")
        return self._receivers[url]

    def _fresh(self, said: str | None, otherwise: str) -> str:
        """A name that is not taken."""
        name = said if said and _NAME.fullmatch(said) else otherwise
        number = 1
        free = name
        while free in self._taken or free in self._builtin.values():
            number += 1
            free = f"{name} {number}"
        self._taken.add(free)
        return free


Found = tuple[str, Step, str]
"""The operation that lists something, its parameters, and where in the answer it is."""


def _kind_of(sid: str) -> str:
    """What people call what has a sid, or an id."""
    return ids.kind_of(sid) if ids.is_id(sid) else KINDS.get(sid[:2], "thing")


def _conversation(world: World, sid: str) -> Found | None:
    rows = [each for each in world[Participants] if each.conversation_sid == sid]
    for participant in rows:
        name = "address" if participant.address else "identity"
        said = participant.address or participant.identity
        if said is not None:
            of = [p.conversation_sid for p in world[Participants] if getattr(p, name) == said]
            path = f"conversations.{of.index(sid)}.conversation_sid"
            return "participant_conversations.list", {name: said}, path
    return None


def _participant(world: World, sid: str) -> Found | None:
    found = world[Participants].get(sid)
    if found is None:
        return None
    of = found.conversation_sid
    rows = [each.sid for each in world[Participants] if each.conversation_sid == of]
    path = f"participants.{rows.index(sid)}.sid"
    return "conversations.participants.list", {"conversation": of}, path


def _message(world: World, sid: str) -> Found | None:
    found = world[Messages].get(sid)
    if found is None:
        return None
    of = found.conversation_sid
    rows = [each.sid for each in world[Messages].all(world[Messages].by_conversation, of)]
    path = f"messages.{rows.index(sid)}.sid"
    return "conversations.messages.list", {"conversation": of}, path


def _number(world: World, sid: str) -> Found | None:
    found = world[PhoneNumbers].get(sid)
    if found is None:
        return None
    given = {"phone_number": found.address}
    return "incoming_phone_numbers.list", given, "incoming_phone_numbers.0.sid"


def _user(world: World, sid: str) -> Found | None:
    found = world[Users].get(sid)
    return None if found is None else ("users.fetch", {"user": found.identity}, "sid")


def _role(world: World, sid: str) -> Found | None:
    found = world[Roles].get(sid)
    if found is None:
        return None
    rows = [each.sid for each in world[Roles] if each.service_sid == found.service_sid]
    return "roles.list", {}, f"roles.{rows.index(sid)}.sid"


def _text(world: World, sid: str) -> Found | None:
    found = world[Texts].get(sid)
    if found is None:
        return None
    newest_first = [each.sid for each in world[Texts] if each.to == found.to][::-1]
    return "messages.list", {"to": found.to}, f"messages.{newest_first.index(sid)}.sid"


SEARCHES: dict[str, Callable[[World, str], Found | None]] = {
    "CH": _conversation,
    "IM": _message,
    "MB": _participant,
    "MM": _text,
    "PN": _number,
    "RL": _role,
    "SM": _text,
    "US": _user,
}


def _answers(gate: Gate) -> dict[str, list[Any]]:
    """What each URL answered, in order; once when it was always the same."""
    answers: dict[str, list[Any]] = {}
    for entry in gate.log.after(0):
        exchange: Any = entry.content
        if entry.kind == "webhook" and getattr(exchange, "answer_body", None) is not None:
            answers.setdefault(exchange.url, []).append(_answer(exchange))
    return {url: _once(said) for url, said in answers.items()}


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # it only looked like an URL
        return ""


def _answer(exchange: Any) -> Any:
    if exchange.status is None:
        return 503
    if exchange.status == 200 and exchange.answer_body:
        kind = dict(exchange.answer_headers).get("content-type", "")
        if "json" in kind:
            try:
                return {"body": outside.json_value(exchange.answer_body)}
            except NotJson:
                return exchange.answer_body
        return exchange.answer_body
    return exchange.status


def _once(said: list[Any]) -> Any:
    return said[0] if all(each == said[0] for each in said) else said
