"""A phone as a test holds it: wait for what comes, read it, write on it."""

from collections.abc import AsyncIterator, Coroutine, Generator, Iterator, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from copy import copy
from pathlib import Path
from typing import Any, Self, overload

from twilio_emulator.handle.awaiting import (
    HELD_UP_FOR,
    Calls,
    Synchronous,
    at_once,
    synchronous,
)
from twilio_emulator.handle.calling import CannotCall, segment
from twilio_emulator.handle.clock import AsyncAccountClock
from twilio_emulator.handle.messages import HandsetMessage, MessageFilter, Sent, file, pressed
from twilio_emulator.handle.phone_calls import AsyncCallTaking, HandsetCall
from twilio_emulator.handle.since import Since
from twilio_emulator.handle.waits import (
    NEAR_MISSES,
    TIMEOUT,
    Identified,
    NotReceived,
    PhoneProgress,
    Waits,
)
from twilio_emulator.handle.why import causes

__tracebackhide__ = True

NOT_THERE = ("pending", "expired")
"""States of messages that wait for the phone, or have waited in vain."""


class AsyncHandset(
    AsyncCallTaking,
    Waits[
        Coroutine[Any, Any, HandsetMessage],
        Coroutine[Any, Any, list[HandsetMessage]],
        AbstractAsyncContextManager["AsyncExpectation"],
    ],
):
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
        self._progress = PhoneProgress(marks=since.marks, message=since.message)

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
        self._progress.message, _ = await self._place()
        self._progress.marks = self._since.marks
        return self

    async def _name(self) -> None:
        """Have the phone there, once; and once more after a reset, which took it away."""
        it = self._progress
        if not it.path or it.resets != self._since.resets:
            path = f"/handsets/{segment(self.address)}"
            self.address = (await self._calls.call("PUT", path, self._settings))["address"]
            it.path, it.resets = f"/handsets/{segment(self.address)}", self._since.resets

    @property
    def inbox(self) -> Coroutine[Any, Any, list[HandsetMessage]]:
        """Everything that the phone holds, oldest first, what it sent too; not what still waits for
        it at the carrier, nor what came before somebody attached to the account."""
        return self._held({"since": self._since.message})

    async def _one(self, wanted: MessageFilter, seconds: float) -> HandsetMessage:
        return (await self._some(wanted, 1, seconds))[0]

    async def _some(
        self, wanted: MessageFilter, count: int, seconds: float
    ) -> list[HandsetMessage]:
        await self._name()
        it = self._progress
        after = it.begin_wait(self._since)
        items = await self._await(after, wanted, count, seconds, without=tuple(it.returned))
        it.returned += items  # here: a wait that is given up takes nothing from later ones
        return items

    @asynccontextmanager
    async def _expecting(
        self, wanted: MessageFilter, seconds: float
    ) -> AsyncIterator["AsyncExpectation"]:
        yield await self._from_now(wanted, seconds)

    async def _from_now(self, wanted: MessageFilter, seconds: float) -> "AsyncExpectation":
        """As `expect`."""
        await self._name()
        message, entry = await self._place()
        return AsyncExpectation(self, message, entry, wanted, seconds)

    async def _place(self) -> tuple[int, int]:
        """How far the account has come: on phones, and in its journal."""
        mark = await self._calls.get("/mark")
        return mark["message"], mark["seq"]

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
                "media": [*({"url": url} for url in media), *map(file, files)],
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
        meant = pressed(there, button)
        if meant is None:
            shown = ", ".join(repr(each.title) for each in there) or "none"
            raise CannotCall(f"the message has no button {button!r}: it has {shown}")
        wish = {"button": meant.id, "card": meant.card}
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
        return await self._calls.call(method, f"{self._progress.path}{rest}", body)

    async def _await(
        self,
        after: int,
        wanted: MessageFilter,
        count: int,
        seconds: float,
        *,
        without: Sequence[Identified] = (),
        begun: int = 0,
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
            path = f"{self._progress.path}/messages/wait"
            answer = await self._calls.get(path, query, wait=seconds)
        except CannotCall as error:
            if error.status != 408:
                raise
            why = await self._causes(error.answer, begun, held_up=held_up)
            raise NotReceived(self._missed(wanted, count, seconds, error.answer, why)) from None
        return [HandsetMessage.read(shown) for shown in answer["items"]]

    async def _causes(self, answer: Mapping[str, Any], begun: int, *, held_up: bool) -> list[str]:
        shown = [each["id"] for each in (*answer["items"], *answer["others"])]
        returned = [item.id for item in self._progress.returned]
        return await causes(
            self._calls,
            self.address,
            returned,
            shown,
            since=self._since.entry,
            begun=begun,
            held_up=held_up,
        )

    def _missed(
        self,
        wanted: MessageFilter,
        count: int,
        seconds: float,
        answer: Mapping[str, Any],
        why: Sequence[str],
    ) -> str:
        """Why something did not come, and what came."""
        last = f"{self.address} did not receive {wanted.words(count)} in {seconds:g} s."
        came = {
            "This much came:": list(map(HandsetMessage.read, answer["items"])),
            "This came instead:": list(map(HandsetMessage.read, answer["others"])),
        }
        if not any(came.values()):
            first, *others = why or ["its journal does not say why"]
            lines = [f"Nothing came to {self.address}: {first}"]
            lines += [f"  and {each}" for each in others]
            return "\n".join([*lines, last])
        lines = [last]
        lines += [f"  {each}" for each in why]
        for title, items in came.items():
            if items:
                lines += [title, *(f"  {item}" for item in items[-NEAR_MISSES:])]
        return "\n".join(lines)

    async def _arrived(self, after: int, wanted: MessageFilter) -> list[HandsetMessage]:
        return await self._held({**wanted.query(), "since": after, "direction": "to_handset"})

    async def _held(self, query: Mapping[str, object]) -> list[HandsetMessage]:
        await self._name()
        shown = (await self._calls.get(f"{self._progress.path}/messages", query))["items"]
        return [item for item in map(HandsetMessage.read, shown) if item.state not in NOT_THERE]


class AsyncExpectation:
    """What `expect` of a handset looks for."""

    def __init__(
        self,
        handset: AsyncHandset,
        message: int,
        entry: int,
        wanted: MessageFilter,
        timeout: float,
    ) -> None:
        self._handset = handset
        self._message = message
        self._entry = entry
        self._marks = handset._since.marks
        self._wanted = wanted
        self._timeout = timeout

    async def one(self) -> HandsetMessage:
        """The first that comes; raises `NotReceived`."""
        return (await self.some(1))[0]

    async def some(self, count: int) -> list[HandsetMessage]:
        """The first `count` that come; raises `NotReceived`."""
        message, entry = self._begun
        return await self._handset._await(message, self._wanted, count, self._timeout, begun=entry)

    async def none(self, *, within: float) -> None:
        """Nothing comes within so many seconds of the account's clock, which is moved on by them.

        Raises:
            AssertionError: something came.
        """
        await AsyncAccountClock(self._handset._calls).advance(within)
        came = await self._handset._arrived(self._begun[0], self._wanted)
        if came:
            shown = "\n".join(f"  {item}" for item in came)
            raise AssertionError(f"{self._handset.address} should not have received\n{shown}")

    @property
    def _begun(self) -> tuple[int, int]:
        """Behind which message and entry it looks: where it was made, or a later mark."""
        since = self._handset._since
        if self._marks == since.marks:
            return self._message, self._entry
        return since.message, since.entry


class Expectation(Synchronous[AsyncExpectation]):
    """What `expect` of a handset looks for."""

    one = synchronous(AsyncExpectation.one)
    some = synchronous(AsyncExpectation.some)
    none = synchronous(AsyncExpectation.none)


class Handset(
    Synchronous[AsyncHandset],
    Waits[HandsetMessage, list[HandsetMessage], AbstractContextManager[Expectation]],
):
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
    open_link = synchronous(AsyncHandset.open_link)

    @property
    def inbox(self) -> list[HandsetMessage]:
        """Everything that the phone holds, oldest first, what it sent too; not what still waits for
        it at the carrier, nor what came before somebody attached to the account."""
        return at_once(self._asynchronous.inbox)

    def _one(self, wanted: MessageFilter, seconds: float) -> HandsetMessage:
        return at_once(self._asynchronous._one(wanted, seconds))

    def _some(self, wanted: MessageFilter, count: int, seconds: float) -> list[HandsetMessage]:
        return at_once(self._asynchronous._some(wanted, count, seconds))

    @contextmanager
    def _expecting(self, wanted: MessageFilter, seconds: float) -> Iterator[Expectation]:
        yield Expectation(at_once(self._asynchronous._from_now(wanted, seconds)))

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
    ) -> Coroutine[Any, Any, HandsetMessage] | Coroutine[Any, Any, list[HandsetMessage]]:
        """The same as `wait` in an async test, whose loop goes on: the app may run in it."""
        awaited = copy(self._asynchronous)  # what either has returned counts for both
        awaited._calls = awaited._calls.awaiting()
        wanted = MessageFilter(contains, regex, channel, peer)
        if count is None:
            return awaited._one(wanted, timeout)
        return awaited._some(wanted, count, timeout)

    send = synchronous(AsyncHandset.send)
    reply_to = synchronous(AsyncHandset.reply_to)
    press = synchronous(AsyncHandset.press)
    change = synchronous(AsyncHandset.change)
    airplane = synchronous(AsyncHandset.airplane)
    online = synchronous(AsyncHandset.online)
    read = synchronous(AsyncHandset.read)
