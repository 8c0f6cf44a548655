"""Who and what there is in a scenario: numbers, people, conversations, and how they are written."""

from collections.abc import Mapping as MappingType
from typing import Any

from twilio_emulator.core.phones.mailboxes import is_address
from twilio_emulator.core.senders.addresses import bare
from twilio_emulator.scenarios.language.phone_settings import HABITS
from twilio_emulator.scenarios.language.scenario import CHAT, PHONE, Number, Person, Talk
from twilio_emulator.scenarios.language.shapes import (
    ADDRESS,
    Keys,
    Known,
    ListOf,
    NewName,
    Reading,
    Schema,
    TextShape,
    expected_here,
)
from twilio_emulator.scenarios.language.source import Mapping, Node, Scalar
from twilio_emulator.scenarios.operations import NamedOperation
from twilio_emulator.scenarios.sentences.calls import Given

Pairs = tuple[tuple[Scalar, Node], ...]

UPDATE_NUMBER = "api.incoming_phone_numbers.update"
CREATE_CONVERSATION = "conversations.conversations.create"


class NumberShape:
    """An address, with the parameters that the account's number is updated with."""

    expected = "a phone number: +12025550100 or whatsapp:+14155238886"

    def __init__(self, operations: MappingType[str, NamedOperation]) -> None:
        self._settings = Given(operations[UPDATE_NUMBER])

    def read(self, node: Node, reading: Reading) -> Number | None:
        address, settings = node, {}
        if isinstance(node, Mapping):
            found = node.get("number")
            if found is None:
                reading.expect(node.place, f'expected {self.expected}, or "number:" with it')
                return None
            address = found
            rest = tuple(pair for pair in node.pairs if pair[0].text != "number")
            settings = self._settings.read(Mapping(node.place, rest), reading)
        text = reading.scalar(address).text if isinstance(address, Scalar) else ""
        if not ADDRESS.fullmatch(text) or text.startswith("chat:"):
            expected_here(address, reading, self.expected)
            return None
        return Number(node.place, text, settings)

    def schema(self) -> Schema:
        address: Schema = {"type": ["string", "number"], "description": self.expected}
        settings = self._settings.schema()["properties"]
        long: Schema = {
            "type": "object",
            "properties": {"number": address, **settings},
            "required": ["number"],
        }
        return {"anyOf": [address, long]}


class EmailAddress:
    """Where e-mail goes."""

    expected = "an e-mail address, such as ann@example.com"

    def read(self, node: Node, reading: Reading) -> Any:
        text = reading.scalar(node).text if isinstance(node, Scalar) else ""
        return text if is_address(text) else expected_here(node, reading, self.expected)

    def schema(self) -> Schema:
        return {"type": "string", "description": self.expected, "examples": ["ann@example.com"]}


class People:
    """Names, each with the address of a phone or a chat identity."""

    expected = "somebody's address: +12025550199, whatsapp:+12025550123 or chat:alice"

    def __init__(self) -> None:
        self.keys = Keys(
            {
                "phone": TextShape("a phone number"),
                "whatsapp": TextShape("a phone number"),
                "chat": TextShape("an identity"),
                "email": EmailAddress(),
                **HABITS,
            },
            "what can be said of somebody",
        )

    def read(self, node: Node, reading: Reading) -> dict[str, Person]:
        if not isinstance(node, Mapping):
            expected_here(node, reading, "names with their addresses, such as `Ann: +12025550199`")
            return {}
        people = [self._person(key, value, reading) for key, value in node.pairs]
        return {person.name: person for person in people if person is not None}

    def _person(self, key: Scalar, node: Node, reading: Reading) -> Person | None:
        said: dict[str, Any] = {}
        address = reading.scalar(node).text if isinstance(node, Scalar) else ""
        if isinstance(node, Mapping):
            known = len(reading.problems)
            said = self.keys.read(node, reading)
            if len(reading.problems) > known:
                return None
            ways = [way for way in ("phone", "whatsapp", "chat") if said.get(way)]
            if len(ways) != 1:
                reading.expect(node.place, "expected one of phone, whatsapp and chat")
                return None
            prefix = "" if ways[0] == "phone" else f"{ways[0]}:"
            address = f"{prefix}{said.pop(ways[0])}"
        if not ADDRESS.fullmatch(address):
            expected_here(node, reading, self.expected)
            return None
        channel, _, rest = address.rpartition(":")
        email = said.pop("email", None)
        if channel == "chat":
            name = NewName(CHAT).read(key, reading)
            return name and Person(name, CHAT, rest, "chat", said, key.place, email)
        name = NewName(PHONE).read(key, reading)
        return name and Person(name, PHONE, bare(address), channel or "sms", said, key.place, email)

    def schema(self) -> Schema:
        address = {"type": ["string", "number"], "description": self.expected}
        return {
            "type": "object",
            "additionalProperties": {"anyOf": [address, self.keys.schema()]},
        }


PEOPLE = People()


class SaidBefore:
    """`Ann: Hello`: one message that was said before."""

    def read(self, node: Node, reading: Reading) -> Any:
        if not isinstance(node, Mapping) or len(node.pairs) != 1:
            return expected_here(node, reading, "who said what, such as `Ann: Hello`")
        key, value = node.pairs[0]
        who = Known((PHONE, CHAT), "somebody").read(key, reading)
        return who, TextShape().read(value, reading)

    def schema(self) -> Schema:
        return {"type": "object", "minProperties": 1, "maxProperties": 1}


class TalkShape:
    """Who takes part, with what was said, and the parameters that the conversation is made with."""

    def __init__(self, operations: MappingType[str, NamedOperation]) -> None:
        self._people = ListOf(Known((PHONE, CHAT), "somebody"))
        self._messages = ListOf(SaidBefore(), or_one=False)
        self._given = Given(operations[CREATE_CONVERSATION])

    def read(self, node: Node, reading: Reading) -> Talk:
        people: Node | None = node
        messages: Node | None = None
        rest: Pairs = ()
        if isinstance(node, Mapping):
            people, messages = node.get("with"), node.get("messages")
            rest = tuple(pair for pair in node.pairs if pair[0].text not in ("with", "messages"))
        return Talk(
            node.place,
            tuple(self._people.read(people, reading) or ()) if people is not None else (),
            self._given.read(Mapping(node.place, rest), reading),
            tuple(self._messages.read(messages, reading) or ()) if messages is not None else (),
        )

    def schema(self) -> Schema:
        long: Schema = {
            "type": "object",
            "properties": {
                "with": self._people.schema(),
                "messages": self._messages.schema(),
                **self._given.schema()["properties"],
            },
        }
        return {"anyOf": [self._people.schema(), long]}
