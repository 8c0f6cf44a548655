"""What sentences about codes look at: calls to a phone, and mailboxes.

The rules of this file:

- A call counts when it has told its code. Who gets a code by call does what it takes: answers a
  phone that nobody else answers, and presses a key where the call asks for one.
- Like a phone's texts, what no step has expected waits for one that does.
"""

from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import quote

from twilio_emulator.core.phones.call_resources import Asks, CallStatus
from twilio_emulator.core.phones.handsets import Answering
from twilio_emulator.scenarios.language.scenario import Person
from twilio_emulator.scenarios.player.scene import Scene, path_of
from twilio_emulator.scenarios.player.unclaimed import Item, Unclaimed

KEY = "1"
"""What is pressed where any key will do."""


@dataclass(slots=True, kw_only=True, eq=False)
class CodeCalls(Unclaimed):
    """Calls that told their code to a phone."""

    scene: Scene
    person: Person
    _seen: int = 0
    _told: set[str] = field(default_factory=set)

    async def look(self) -> list[Item]:
        """What is there and was not expected yet, oldest first."""
        phone = f"/handsets/{path_of(self.person.address)}"
        answer = await self.scene.stage.control("GET", f"{phone}/calls?since={self._seen}")
        for call in [] if answer.refused else answer.body["calls"]:
            self._seen = max(self._seen, call["seq"])
            if call["codes"] and call["id"] not in self._told:
                self._told.add(call["id"])
                self.unclaimed.append(call)
        return self.unclaimed

    async def take(self) -> bool:
        """Answer what rings and nobody answers, and press a key where one is asked for.

        Returns:
            whether there was such a call.
        """
        phone = f"/handsets/{path_of(self.person.address)}"
        ask = self.scene.stage.control
        answer = await ask("GET", f"{phone}/calls")
        for call in [] if answer.refused else answer.body["calls"]:
            asked = call["asks"] == Asks.ANY_KEY and not call["pressed"]
            if call["status"] == CallStatus.IN_PROGRESS and asked:
                await self.scene.control("POST", f"{phone}/calls/{call['id']}/press", _PRESSED)
                return True
            if call["status"] == CallStatus.RINGING:
                is_held = (await ask("GET", phone)).body["calls"] == Answering.HOLD
                if is_held:
                    await self.scene.control("POST", f"{phone}/calls/{call['id']}/answer")
                    return True
        return False


_PRESSED = {"digits": KEY}


@dataclass(slots=True, kw_only=True, eq=False)
class MailboxOf(Unclaimed):
    """E-mail to somebody."""

    scene: Scene
    person: Person
    _seen: int = 0

    async def look(self) -> list[Item]:
        """What is there and was not expected yet, oldest first."""
        path = f"/mailboxes/{quote(self.person.mailbox)}/messages?since={self._seen}"
        answer = await self.scene.stage.control("GET", path)
        for mail in [] if answer.refused else answer.body["items"]:
            self._seen = mail["seq"]
            self.unclaimed.append(mail)
        return self.unclaimed


P = TypeVar("P", CodeCalls, MailboxOf)


def calls_of(scene: Scene, person: Person) -> CodeCalls:
    """The calls to a person's phone that no step has expected yet."""
    return _kept(scene, CodeCalls(scene=scene, person=person))


def mailbox_of(scene: Scene, person: Person) -> MailboxOf:
    """The e-mail to a person that no step has expected yet."""
    return _kept(scene, MailboxOf(scene=scene, person=person))


def _kept(scene: Scene, place: P) -> P:
    kept = scene.places.setdefault((type(place), place.person.name), place)
    assert isinstance(kept, type(place))
    return kept
