"""A scenario, read: who is there, what already happened, what happens, what is expected."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from twilio_emulator.scenarios.language.problems import FilePosition
from twilio_emulator.scenarios.language.sentence import Step
from twilio_emulator.scenarios.language.times import Moment
from twilio_emulator.scenarios.player.stage import STORY_BEGINS

PHONE = "phone"
CHAT = "chat"
RECEIVER = "receiver"

_NO_ADDRESS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Person:
    """A person with a phone, or with a chat identity.

    Attributes:
        kind: PHONE or CHAT.
        address: the phone's number in E.164, or the identity.
        channel: what they write on unless it is said otherwise: sms, whatsapp or chat.
        habits: of the phone, as the control API's handset has them.
        email: where e-mail for them goes; None when nothing is said of it.
        place: where the name stands; None of who is made up.
    """

    name: str
    kind: str
    address: str
    channel: str
    habits: dict[str, Any] = field(default_factory=dict)
    place: FilePosition | None = None
    email: str | None = None

    @property
    def mailbox(self) -> str:
        """The address of their mailbox: `ann@example.com` unless it is said."""
        return self.email or f"{_NO_ADDRESS.sub('.', self.name.lower()).strip('.')}@example.com"

    @property
    def said(self) -> str:
        """How Twilio's API names them, and what `${name}` stands for: address or identity."""
        return f"whatsapp:{self.address}" if self.channel == "whatsapp" else self.address


@dataclass(frozen=True, slots=True)
class Number:
    """A number of the account.

    Attributes:
        settings: parameters of the operation that updates it.
    """

    place: FilePosition
    address: str
    settings: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation that is there when the story begins.

    Attributes:
        people: who is in it.
        parameters: of the operation that creates it.
        messages: who said what, in order.
    """

    place: FilePosition
    people: tuple[str, ...]
    parameters: dict[str, Any]
    messages: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A file, read and found right.

    Attributes:
        now: when the story begins; None when the clock runs.
        clock: where that is said.
        relative: whether any instant in it is said from where the story is.
    """

    file: str
    title: str
    now: datetime | Moment | None = STORY_BEGINS
    clock: FilePosition | None = None
    relative: bool = False
    seed: int | None = None
    carrier: str | None = None
    patience: timedelta = timedelta(0)
    people: dict[str, Person]
    numbers: dict[str, Number]
    receivers: dict[str, list[Any]]
    talks: dict[str, Talk]
    before: tuple[Step, ...]
    story: tuple[Step, ...]

    @property
    def begins(self) -> datetime | None:
        """When the story begins, by the machine's time where it is said from now."""
        return self.now.seen_from(datetime.now(UTC)) if isinstance(self.now, Moment) else self.now
