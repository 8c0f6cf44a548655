"""What is on a phone and what is wanted of it, as values that a test holds."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from twilio_emulator.core.texts.media import TYPES_BY_ENDING

__tracebackhide__ = True


@dataclass(frozen=True)
class Button:
    """Something to press in a message.

    Attributes:
        kind: QUICK_REPLY or LIST_ITEM, which answer the app; or what it does on the phone, as URL.
        url: what it opens.
        code: what it copies.
        card: on which card of a carousel it is, from 0.
    """

    id: str
    title: str
    kind: str
    url: str | None
    code: str | None
    card: int | None

    @classmethod
    def read(cls, shown: Mapping[str, Any]) -> "Button":
        """The button that the control API shows."""
        return cls(**{name: shown[name] for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class HandsetMessage:
    """A message on a phone. `peer` is who is at the other end; `media` are its files.

    `buttons` is what there is to press, and `reply_to` the sid of the message that it quotes.

    Of a group text `others` are those who are in the group too, and `author` is whose phone it was
    written on, when that is neither this one nor the peer.
    """

    id: str
    seq: int
    handset: str
    peer: str
    author: str | None
    others: list[str]
    direction: str
    channel: str
    body: str
    codes: list[str]
    links: list[str]
    media: list[dict[str, Any]]
    buttons: list[Button]
    reply_to: str | None
    state: str
    system: bool
    received_at: datetime
    message_sid: str | None
    conversation_sid: str | None

    @classmethod
    def read(cls, shown: Mapping[str, Any]) -> "HandsetMessage":
        """The item that the control API shows."""
        return cls(
            id=shown["id"],
            seq=shown["seq"],
            handset=shown["handset"],
            peer=shown["thread"],
            author=shown["author"],
            others=shown["others"],
            direction=shown["direction"],
            channel=shown["channel"],
            body=shown["body"],
            codes=shown["codes"],
            links=shown["links"],
            media=shown["media"],
            buttons=list(map(Button.read, (shown["content"] or {}).get("buttons", ()))),
            reply_to=shown["reply_to"],
            state=shown["state"],
            system=shown["system"],
            received_at=datetime.fromisoformat(shown["received_at"]),
            message_sid=shown["message_sid"],
            conversation_sid=shown["conversation_sid"],
        )

    def __str__(self) -> str:
        sender = self.author or self.peer
        return f"{self.received_at:%H:%M:%S} {self.channel} from {sender}: {self.body!r}"


@dataclass(frozen=True)
class Sent:
    """A message that a phone sent, and the conversation that captured it, if one did."""

    sid: str
    conversation_sid: str | None


@dataclass(frozen=True)
class MessageFilter:
    """Which messages a test waits for."""

    contains: str | None
    regex: str | None
    channel: str | None
    peer: str | None

    def query(self) -> dict[str, object]:
        """The same as the control API takes it."""
        return vars(self)

    def words(self, count: int) -> str:
        """The same for people."""
        words = "a message" if count == 1 else f"{count} messages"
        if self.channel is not None:
            words += f" by {self.channel}"
        if self.peer is not None:
            words += f" from {self.peer}"
        if self.contains is not None:
            words += f" with {self.contains!r} in it"
        if self.regex is not None:
            words += f" that matches {self.regex!r}"
        return words


def file(path: str | Path) -> dict[str, str]:
    """A file from the disk, as the control API takes it."""
    path = Path(path)
    ending = path.suffix.removeprefix(".").lower()
    return {
        "base64": base64.b64encode(path.read_bytes()).decode(),
        "content_type": TYPES_BY_ENDING.get(ending, "application/octet-stream"),
        "filename": path.name,
    }


def pressed(there: Sequence[Button], named: str | int) -> Button | None:
    """The button that is meant: by its place, its id or its title."""
    if isinstance(named, int):
        return there[named] if 0 <= named < len(there) else None
    return next((each for each in there if named in (each.id, each.title)), None)
