"""A phone as a test holds it: wait for what comes, read it, write on it."""

import base64
from collections.abc import AsyncIterator, Coroutine, Generator, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self, overload

from twilio_emulator.core.texts.media import TYPES_BY_ENDING
from twilio_emulator.handle.awaiting import (
    HELD_UP_FOR,
    Calls,
    Synchronous,
    at_once,
    synchronous,
)
from twilio_emulator.handle.calling import CannotCall, segment
from twilio_emulator.handle.clock import AsyncAccountClock
from twilio_emulator.handle.phone_calls import (
    NEAR_MISSES,
    TIMEOUT,
    AsyncCallTaking,
    HandsetCall,
    NotReceived,
)
from twilio_emulator.handle.since import Since
from twilio_emulator.handle.why import causes

__tracebackhide__ = True

NOT_THERE = ("pending", "expired")
"""States of messages that wait for the phone, or have waited in vain."""


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


class AsyncHandset(AsyncCallTaking):
    """A phone of the emulator's account: `ann = await emulator.handset(...)`.

    Not awaited it is named when it is first used, and its waits begin where the account began.

    Args:
        calls: the control API.
        address: the phone's number.
        number: whom it writes to unless the test says otherwise.
        since: from where on what went on in the account counts.
        settings: how the phone is made, or changed when it is there.
    """

    def __init__(
        self,
        calls: Calls,
        address: str,
        number: str,
        since: Since,
        settings: Mapping[str, object] | None = None,
    ) -> None:
        self.address = address
        self._calls = calls
        self._number = number
        self._since = since
        self._settings = settings or {}
        self._path = ""
        self._marks = since.marks
        self._newest_then = since.message
        self._answered: list[HandsetMessage] = []
        self._answered_at = since.marks
        self._taken = []

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address}>"

    def __await__(self) -> Generator[Any, Any, Self]:
        return self._named().__await__()

    async def _named(self) -> Self:
        """The same, when the phone is there: its waits begin now.

        Raises:
            CannotCall: that is no number of a phone.
        """
        await self._name()
        self._marks = self._since.marks
        self._newest_then = await self._newest()
        return self

    async def _name(self) -> None:
        if not self._path:
            path = f"/handsets/{segment(self.address)}"
            self.address = (await self._calls.call("PUT", path, self._settings))["address"]
            self._path = f"/handsets/{segment(self.address)}"

    @property
    def inbox(self) -> Coroutine[Any, Any, list[HandsetMessage]]:
        """Everything that the phone holds, oldest first, what it sent too; not what still waits for
        it at the carrier, nor what came before somebody attached to the account."""
        return self._held({"since": self._since.message})

    @property
    def _after(self) -> int:
        """The message behind which waits begin: the newest when this was named, or a later mark."""
        return self._newest_then if self._marks == self._since.marks else self._since.message

    def _behind(self) -> tuple[int, int]:
        return self._after, self._since.marks

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
    ) -> Coroutine[Any, Any, HandsetMessage]: ...

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
    ) -> Coroutine[Any, Any, list[HandsetMessage]]: ...

    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        count: int | None = None,
        timeout: float = TIMEOUT,
    ) -> Coroutine[Any, Any, HandsetMessage | list[HandsetMessage]]:
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
        return self._first(MessageFilter(contains, regex, channel, peer), count, timeout)

    async def _first(
        self, wanted: "MessageFilter", count: int | None, seconds: float
    ) -> HandsetMessage | list[HandsetMessage]:
        """As `wait`."""
        await self._name()
        if self._answered_at != self._since.marks:  # after a reset, other messages have these sids
            self._answered, self._answered_at = [], self._since.marks
        given = tuple(self._answered)
        items = await self._await(self._after, wanted, count or 1, seconds, given)
        self._answered += items  # here: a wait that is given up takes nothing from later ones
        return items[0] if count is None else items

    def expect(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        timeout: float = TIMEOUT,
    ) -> AbstractAsyncContextManager["AsyncExpectation"]:
        """What comes from here on, whatever earlier waits returned."""
        return self._expecting(MessageFilter(contains, regex, channel, peer), timeout)

    @asynccontextmanager
    async def _expecting(
        self, wanted: "MessageFilter", seconds: float
    ) -> AsyncIterator["AsyncExpectation"]:
        yield await self._from_now(wanted, seconds)

    async def _from_now(self, wanted: "MessageFilter", seconds: float) -> "AsyncExpectation":
        """As `expect`."""
        await self._name()
        return AsyncExpectation(self, await self._newest(), wanted, seconds)

    async def send(
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
        sent = await self._call(
            "POST",
            "/messages",
            {
                "to": to or (reply_to.peer if reply_to else self._number),
                "body": body,
                "channel": channel,
                "media": [*({"url": url} for url in media), *map(_file, files)],
                "reply_to": reply_to and reply_to.id,
            },
        )
        return Sent(sent["message_sid"], sent["conversation_sid"])

    async def reply_to(
        self,
        item: HandsetMessage,
        body: str = "",
        *,
        media: Sequence[str] = (),
        files: Sequence[str | Path] = (),
    ) -> Sent:
        """Answer a message and quote it, to whom it is from; the rest is as of `send`."""
        return await self.send(body, media=media, files=files, reply_to=item)

    async def press(
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
        wish = {"button": pressed.id, "card": pressed.card}
        sent = await self._call("POST", f"/messages/{segment(item.id)}/press", wish)
        return sent and Sent(sent["message_sid"], sent["conversation_sid"])

    async def change(self, /, **settings: object) -> None:
        """Switch the phone: `change(network="airplane")`, `change(receipts="hold")`."""
        await self._call("PATCH", "", settings)

    async def airplane(self) -> None:
        """Let nothing reach the phone, until it is `online` again."""
        await self.change(network="airplane")

    async def online(self) -> None:
        """Let everything reach the phone, and what waited for it too."""
        await self.change(network="online")

    async def read(self, item: HandsetMessage) -> None:
        """Read a message, as its sender learns on WhatsApp."""
        await self._call("POST", f"/messages/{segment(item.id)}/read")

    async def _call(self, method: str, rest: str, body: object = None) -> Any:
        await self._name()
        return await self._calls.call(method, f"{self._path}{rest}", body)

    async def _newest(self) -> int:
        newest: int = (await self._calls.get("/mark"))["message"]
        return newest

    async def _await(
        self,
        after: int,
        wanted: "MessageFilter",
        count: int,
        seconds: float,
        without: Sequence[HandsetMessage] = (),
    ) -> list[HandsetMessage]:
        if held_up := self._calls.holds_up:
            seconds = min(seconds, HELD_UP_FOR)
        query = {
            **wanted.query(),
            "after": after,
            "count": count,
            "timeout": seconds,
            "without": ",".join(item.id for item in without) or None,
        }
        try:
            path = f"{self._path}/messages/wait"
            answer = await self._calls.get(path, query, wait=seconds)
        except CannotCall as error:
            if error.status != 408:
                raise
            missed = await self._missed(wanted.words(count), seconds, error.answer, held_up)
            raise NotReceived(missed) from None
        return [HandsetMessage.read(shown) for shown in answer["items"]]

    async def _missed(
        self, wanted: str, seconds: float, answer: Mapping[str, Any], held_up: bool
    ) -> str:
        """Why something did not come, and what came."""
        came = {
            "This much came:": [HandsetMessage.read(each) for each in answer["items"]],
            "This came instead:": [HandsetMessage.read(each) for each in answer["others"]],
        }
        shown = [item.id for items in came.values() for item in items]
        returned = [item.id for item in self._answered]
        why = await causes(
            self._calls,
            self.address,
            returned,
            shown,
            since=self._since.entry,
            held_up=held_up,
        )
        if not shown:
            first, *others = why or ["its journal does not say why"]
            lines = [f"Nothing came to {self.address}: {first}"]
            lines += [f"  and {each}" for each in others]
            lines.append(f"{self.address} did not receive {wanted} in {seconds:g} s.")
            return "\n".join(lines)
        lines = [f"{self.address} did not receive {wanted} in {seconds:g} s."]
        lines += [f"  {each}" for each in why]
        for title, items in came.items():
            if items:
                lines += [title, *(f"  {item}" for item in items[-NEAR_MISSES:])]
        return "\n".join(lines)

    async def _arrived(self, after: int, wanted: "MessageFilter") -> list[HandsetMessage]:
        return await self._held({**wanted.query(), "since": after, "direction": "to_handset"})

    async def _held(self, query: Mapping[str, object]) -> list[HandsetMessage]:
        await self._name()
        shown = (await self._calls.get(f"{self._path}/messages", query))["items"]
        return [item for item in map(HandsetMessage.read, shown) if item.state not in NOT_THERE]


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


class AsyncExpectation:
    """What `expect` of a handset looks for."""

    def __init__(
        self, handset: AsyncHandset, after: int, wanted: MessageFilter, timeout: float
    ) -> None:
        self._handset = handset
        self._after = after
        self._wanted = wanted
        self._timeout = timeout

    async def one(self) -> HandsetMessage:
        """The first that comes; raises `NotReceived`."""
        return (await self.some(1))[0]

    async def some(self, count: int) -> list[HandsetMessage]:
        """The first `count` that come; raises `NotReceived`."""
        return await self._handset._await(self._after, self._wanted, count, self._timeout)

    async def none(self, *, within: float) -> None:
        """Nothing comes within so many seconds of the account's clock, which is moved on by them.

        Raises:
            AssertionError: something came.
        """
        await AsyncAccountClock(self._handset._calls).advance(within)
        came = await self._handset._arrived(self._after, self._wanted)
        if came:
            shown = "\n".join(f"  {item}" for item in came)
            raise AssertionError(f"{self._handset.address} should not have received\n{shown}")


class Expectation(Synchronous[AsyncExpectation]):
    """What `expect` of a handset looks for."""

    one = synchronous(AsyncExpectation.one)
    some = synchronous(AsyncExpectation.some)
    none = synchronous(AsyncExpectation.none)


class Handset(Synchronous[AsyncHandset]):
    """A phone of the emulator's account.

    Args:
        asynchronous: the same, to be awaited; its calls block.
    """

    def __init__(self, asynchronous: AsyncHandset) -> None:
        super().__init__(at_once(asynchronous._named()))

    @property
    def address(self) -> str:
        """The phone's number."""
        return self._asynchronous.address

    def __repr__(self) -> str:
        return f"<Handset {self.address}>"

    @property
    def calls(self) -> list[HandsetCall]:
        """Every call to the phone, the one that changed last comes last."""
        return at_once(self._asynchronous.calls)

    wait_for_call = synchronous(AsyncHandset.wait_for_call)
    answer = synchronous(AsyncHandset.answer)
    press_digits = synchronous(AsyncHandset.press_digits)
    hang_up = synchronous(AsyncHandset.hang_up)

    @property
    def inbox(self) -> list[HandsetMessage]:
        """Everything that the phone holds, oldest first, what it sent too; not what still waits for
        it at the carrier, nor what came before somebody attached to the account."""
        return at_once(self._asynchronous.inbox)

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

        In a coroutine it holds up the event loop, in which the app may run; there it gives up after
        a second, and says that `await_text` waits.

        Args:
            contains: a part of its body.
            regex: an expression that is found in its body.
            channel: `sms`, `mms`, `whatsapp` or `rcs`.
            peer: who it is from.
            timeout: seconds of the machine.

        Raises:
            NotReceived: it did not come; why, and what came instead, is shown.
        """
        wish = MessageFilter(contains, regex, channel, peer)
        return at_once(self._asynchronous._first(wish, count, timeout))

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
        awaited = copy(self._asynchronous)  # what either has returned counts for both
        awaited._calls = awaited._calls.awaiting()
        return awaited._first(MessageFilter(contains, regex, channel, peer), count, timeout)

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
        wish = MessageFilter(contains, regex, channel, peer)
        yield Expectation(at_once(self._asynchronous._from_now(wish, timeout)))

    send = synchronous(AsyncHandset.send)
    reply_to = synchronous(AsyncHandset.reply_to)
    press = synchronous(AsyncHandset.press)
    change = synchronous(AsyncHandset.change)
    airplane = synchronous(AsyncHandset.airplane)
    online = synchronous(AsyncHandset.online)
    read = synchronous(AsyncHandset.read)


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
