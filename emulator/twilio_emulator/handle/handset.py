"""A phone as a test holds it: wait for what comes, read it, write on it."""

import asyncio
import base64
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, overload

from twilio_emulator.core.texts.media import TYPES_BY_ENDING
from twilio_emulator.handle.calling import Calling, CannotCall, segment
from twilio_emulator.handle.clock import AccountClock
from twilio_emulator.handle.since import Since
from twilio_emulator.handle.why import causes

__tracebackhide__ = True

TIMEOUT = 5.0
"""Seconds that a wait lasts unless the test says otherwise."""

NEAR_MISSES = 10
"""How many other messages a failure shows."""


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


class NotReceived(AssertionError):
    """What was waited for did not come. The text says why, and shows what came instead."""


class Handset:
    """A phone of the emulator's account.

    Args:
        calling: the control API.
        address: the phone's number.
        number: whom it writes to unless the test says otherwise.
        since: from where on what went on in the account counts.
    """

    def __init__(self, calling: Calling, address: str, number: str, since: Since) -> None:
        self.address = address
        self._since = since
        self._marks = since.marks
        self._calling = calling
        self._number = number
        self._path = f"/handsets/{segment(address)}"
        self._newest_then: int = self._newest()
        self._answered: list[HandsetMessage] = []

    def __repr__(self) -> str:
        return f"<Handset {self.address}>"

    @property
    def inbox(self) -> list[HandsetMessage]:
        """Everything that the phone holds, oldest first, what it sent too; not what still waits for
        it at the carrier, nor what came before somebody attached to the account."""
        return self._held({"since": self._since.message})

    @property
    def _after(self) -> int:
        """The message behind which waits begin: the newest when this was made, or a later mark."""
        return self._newest_then if self._marks == self._since.marks else self._since.message

    @overload
    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        count: None = None,
        timeout: float = TIMEOUT,
    ) -> HandsetMessage: ...

    @overload
    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        count: int,
        timeout: float = TIMEOUT,
    ) -> list[HandsetMessage]: ...

    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        count: int | None = None,
        timeout: float = TIMEOUT,
    ) -> HandsetMessage | list[HandsetMessage]:
        """Wait for a message, or for `count`, that came since the handle was made and was not
        returned by an earlier wait.

        Args:
            contains: a part of its body.
            regex: an expression that is found in its body.
            channel: `sms`, `mms`, `whatsapp` or `rcs`.
            peer: who it is from.
            timeout: seconds of the machine.

        Raises:
            NotReceived: it did not come; why, and what came instead, is shown.
        """
        wanted = MessageFilter(contains, regex, channel, peer)
        items = self._await(self._after, wanted, count or 1, timeout, self._answered)
        self._answered += items
        return items[0] if count is None else items

    @overload
    def await_text(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        count: None = None,
        timeout: float = TIMEOUT,
    ) -> Coroutine[Any, Any, HandsetMessage]: ...

    @overload
    def await_text(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        count: int,
        timeout: float = TIMEOUT,
    ) -> Coroutine[Any, Any, list[HandsetMessage]]: ...

    def await_text(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        count: int | None = None,
        timeout: float = TIMEOUT,
    ) -> Coroutine[Any, Any, HandsetMessage | list[HandsetMessage]]:
        """The same as `wait` in an async test, whose loop goes on: the app may run in it."""
        return self._awaited(MessageFilter(contains, regex, channel, peer), count, timeout)

    async def _awaited(
        self, wanted: "MessageFilter", count: int | None, seconds: float
    ) -> HandsetMessage | list[HandsetMessage]:
        wait = (self._after, wanted, count or 1, seconds, tuple(self._answered))
        items = await asyncio.to_thread(self._await, *wait)
        self._answered += items  # here: a wait that is given up takes nothing from later ones
        return items[0] if count is None else items

    @contextmanager
    def expect(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        timeout: float = TIMEOUT,
    ) -> Iterator["Expectation"]:
        """What comes from here on, whatever earlier waits returned."""
        wanted = MessageFilter(contains, regex, channel, peer)
        yield Expectation(self, self._newest(), wanted, timeout)

    def send(
        self,
        body: str = "",
        *,
        to: str | None = None,
        channel: str | None = None,
        media: Sequence[str] = (),
        files: Sequence[str | Path] = (),
        reply_to: HandsetMessage | None = None,
    ) -> Sent:
        """Write on the phone.

        Args:
            to: `whatsapp:` in front makes it WhatsApp. Who wrote what is quoted, else the account's
                number, unless given.
            media: URLs of what goes with it.
            files: paths of what goes with it; their type is told by how their names end.
            reply_to: the message that it quotes, as people do on WhatsApp.

        Raises:
            CannotCall: nothing of the account has that number, or no phone sends such a file.
            OSError: a file cannot be read.
        """
        sent = self._calling.call(
            "POST",
            f"{self._path}/messages",
            {
                "to": to or (reply_to.peer if reply_to else self._number),
                "body": body,
                "channel": channel,
                "media": [*({"url": url} for url in media), *map(_file, files)],
                "reply_to": reply_to and reply_to.id,
            },
        )
        return Sent(sent["message_sid"], sent["conversation_sid"])

    def reply_to(
        self,
        item: HandsetMessage,
        body: str = "",
        *,
        media: Sequence[str] = (),
        files: Sequence[str | Path] = (),
    ) -> Sent:
        """Answer a message and quote it, to whom it is from; the rest is as of `send`."""
        return self.send(body, media=media, files=files, reply_to=item)

    def press(
        self, item: HandsetMessage, button: str | int, *, card: int | None = None
    ) -> Sent | None:
        """Press a button of a message, or an entry of its list.

        Args:
            button: its title or its id, or which of `item.buttons` it is, from 0.
            card: on which card of a carousel it is, from 0; of its buttons alone is counted then.

        Returns:
            what the phone sent; None for a button that sends nothing, as one that opens a page.

        Raises:
            CannotCall: the message has no such button; the text has those that there are.
        """
        there = [each for each in item.buttons if card is None or each.card == card]
        pressed = _button(there, button)
        if pressed is None:
            shown = ", ".join(repr(each.title) for each in there) or "none"
            raise CannotCall(f"the message has no button {button!r}: it has {shown}")
        sent = self._calling.call(
            "POST",
            f"{self._path}/messages/{segment(item.id)}/press",
            {"button": pressed.id, "card": pressed.card},
        )
        return sent and Sent(sent["message_sid"], sent["conversation_sid"])

    def change(self, **settings: object) -> None:
        """Switch the phone: `change(network="airplane")`, `change(receipts="hold")`."""
        self._calling.call("PATCH", self._path, settings)

    def airplane(self) -> None:
        """Let nothing reach the phone, until it is `online` again."""
        self.change(network="airplane")

    def online(self) -> None:
        """Let everything reach the phone, and what waited for it too."""
        self.change(network="online")

    def read(self, item: HandsetMessage) -> None:
        """Read a message, as its sender learns on WhatsApp."""
        self._calling.call("POST", f"{self._path}/messages/{segment(item.id)}/read")

    def _newest(self) -> int:
        newest: int = self._calling.get(f"{self._path}/messages", {"limit": 1})["next_seq"]
        return newest

    def _await(
        self,
        after: int,
        wanted: "MessageFilter",
        count: int,
        timeout: float,
        without: Sequence[HandsetMessage] = (),
    ) -> list[HandsetMessage]:
        query = {
            **wanted.query(),
            "after": after,
            "count": count,
            "timeout": timeout,
            "without": ",".join(item.id for item in without) or None,
        }
        try:
            answer = self._calling.get(f"{self._path}/messages/wait", query, wait=timeout)
        except CannotCall as error:
            if error.status != 408:
                raise
            raise NotReceived(self._missed(wanted.words(count), timeout, error.answer)) from None
        return [HandsetMessage.read(shown) for shown in answer["items"]]

    def _missed(self, wanted: str, timeout: float, answer: Mapping[str, Any]) -> str:
        """Why something did not come, and what came."""
        came = {
            "This much came:": [HandsetMessage.read(each) for each in answer["items"]],
            "This came instead:": [HandsetMessage.read(each) for each in answer["others"]],
        }
        shown = [item.id for items in came.values() for item in items]
        returned = [item.id for item in self._answered]
        why = causes(
            self._calling,
            self.address,
            returned,
            shown,
            since=self._since.entry,
            held_up=_in_a_loop(),
        )
        if not shown:
            first, *others = why or ["its journal does not say why"]
            lines = [f"Nothing came to {self.address}: {first}"]
            lines += [f"  and {each}" for each in others]
            lines.append(f"{self.address} did not receive {wanted} in {timeout:g} s.")
            return "\n".join(lines)
        lines = [f"{self.address} did not receive {wanted} in {timeout:g} s."]
        lines += [f"  {each}" for each in why]
        for title, items in came.items():
            if items:
                lines += [title, *(f"  {item}" for item in items[-NEAR_MISSES:])]
        return "\n".join(lines)

    def _arrived(self, after: int, wanted: "MessageFilter") -> list[HandsetMessage]:
        return self._held({**wanted.query(), "since": after, "direction": "to_handset"})

    def _held(self, query: Mapping[str, object]) -> list[HandsetMessage]:
        shown = self._calling.get(f"{self._path}/messages", query)["items"]
        return [item for item in map(HandsetMessage.read, shown) if item.state != "pending"]


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


class Expectation:
    """What `Handset.expect` looks for."""

    def __init__(self, handset: Handset, after: int, wanted: MessageFilter, timeout: float) -> None:
        self._handset = handset
        self._after = after
        self._wanted = wanted
        self._timeout = timeout

    def one(self) -> HandsetMessage:
        """The first that comes; raises `NotReceived`."""
        return self.some(1)[0]

    def some(self, count: int) -> list[HandsetMessage]:
        """The first `count` that come; raises `NotReceived`."""
        return self._handset._await(self._after, self._wanted, count, self._timeout)

    def none(self, *, within: float) -> None:
        """Nothing comes within so many seconds of the account's clock, which is moved on by them.

        Raises:
            AssertionError: something came.
        """
        AccountClock(self._handset._calling).advance(within)
        came = self._handset._arrived(self._after, self._wanted)
        if came:
            shown = "\n".join(f"  {item}" for item in came)
            raise AssertionError(f"{self._handset.address} should not have received\n{shown}")


def _file(path: str | Path) -> dict[str, str]:
    """A file from the disk, as the control API takes it."""
    path = Path(path)
    ending = path.suffix.removeprefix(".").lower()
    return {
        "base64": base64.b64encode(path.read_bytes()).decode(),
        "content_type": TYPES_BY_ENDING.get(ending, "application/octet-stream"),
        "filename": path.name,
    }


def _button(there: Sequence[Button], named: str | int) -> Button | None:
    """The button that is meant: by its place, its id or its title."""
    if isinstance(named, int):
        return there[named] if 0 <= named < len(there) else None
    return next((each for each in there if named in (each.id, each.title)), None)


def _in_a_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
