"""A phone as a test holds it: wait for what comes, read it, write on it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, overload

from emulator.handle.calling import Calling, CannotCall, segment
from emulator.handle.clock import Clock

TIMEOUT = 5.0
"""Seconds that a wait lasts unless somebody says otherwise."""

NEAR_MISSES = 10
"""How many other messages a failure shows."""


@dataclass(frozen=True)
class Item:
    """A message on a phone. `peer` is who is at the other end; `media` are its files.

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
    state: str
    system: bool
    received_at: datetime
    message_sid: str | None
    conversation_sid: str | None

    @classmethod
    def read(cls, shown: Mapping[str, Any]) -> "Item":
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
    """What was waited for did not come. The text shows what came instead."""


class Handset:
    """A phone of the emulator's account.

    Args:
        calling: the control API.
        address: the phone's number.
        number: whom it writes to unless somebody says otherwise.
    """

    def __init__(self, calling: Calling, address: str, number: str) -> None:
        self.address = address
        self._calling = calling
        self._number = number
        self._path = f"/handsets/{segment(address)}"
        self._after: int = self._newest()
        self._answered: list[Item] = []

    def __repr__(self) -> str:
        return f"<Handset {self.address}>"

    @property
    def inbox(self) -> list[Item]:
        """Everything that the phone holds, oldest first, what it sent too; not what still waits for
        it at the carrier."""
        return self._held({})

    @overload
    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        count: None = None,
        timeout: float = TIMEOUT,
    ) -> Item: ...

    @overload
    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        count: int,
        timeout: float = TIMEOUT,
    ) -> list[Item]: ...

    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        count: int | None = None,
        timeout: float = TIMEOUT,
    ) -> Item | list[Item]:
        """Wait for a message, or for `count`, that came since the handle was made and was not
        returned by an earlier wait.

        Args:
            contains: a part of its body.
            regex: an expression that is found in its body.
            timeout: seconds of the machine.

        Raises:
            NotReceived: it did not come; what came instead is shown.
        """
        items = self._await(self._after, contains, regex, count or 1, timeout, self._answered)
        self._answered += items
        return items[0] if count is None else items

    @contextmanager
    def expect(
        self, *, contains: str | None = None, regex: str | None = None, timeout: float = TIMEOUT
    ) -> Iterator["Expected"]:
        """What comes from here on, whatever earlier waits returned."""
        yield Expected(self, self._newest(), contains, regex, timeout)

    def send(
        self,
        body: str = "",
        *,
        to: str | None = None,
        channel: str | None = None,
        media: Sequence[str] = (),
    ) -> Sent:
        """Write on the phone.

        Args:
            to: the account's number unless given; `whatsapp:` in front makes it WhatsApp.
            media: URLs of what goes with it.

        Raises:
            CannotCall: nothing of the account has that number.
        """
        sent = self._calling.call(
            "POST",
            f"{self._path}/messages",
            {
                "to": to or self._number,
                "body": body,
                "channel": channel,
                "media": [{"url": url} for url in media],
            },
        )
        return Sent(sent["message_sid"], sent["conversation_sid"])

    def change(self, **settings: object) -> None:
        """Switch the phone: `change(network="airplane")`, `change(receipts="hold")`."""
        self._calling.call("PATCH", self._path, settings)

    def airplane(self) -> None:
        """Let nothing reach the phone, until it is `online` again."""
        self.change(network="airplane")

    def online(self) -> None:
        """Let everything reach the phone, and what waited for it too."""
        self.change(network="online")

    def read(self, item: Item) -> None:
        """Read a message, as its sender learns on WhatsApp."""
        self._calling.call("POST", f"{self._path}/messages/{segment(item.id)}/read")

    def _newest(self) -> int:
        newest: int = self._calling.get(f"{self._path}/messages", {"limit": 1})["next_seq"]
        return newest

    def _await(
        self,
        after: int,
        contains: str | None,
        regex: str | None,
        count: int,
        timeout: float,
        without: Sequence[Item] = (),
    ) -> list[Item]:
        query = {
            "after": after,
            "contains": contains,
            "regex": regex,
            "count": count,
            "timeout": timeout,
            "without": ",".join(item.id for item in without) or None,
        }
        try:
            answer = self._calling.get(f"{self._path}/messages/wait", query, wait=timeout)
        except CannotCall as error:
            if error.status != 408:
                raise
            wanted = _wanted(contains, regex, count)
            raise NotReceived(_missed(self.address, wanted, timeout, error.answer)) from None
        return [Item.read(shown) for shown in answer["items"]]

    def _arrived(self, after: int, contains: str | None, regex: str | None) -> list[Item]:
        query = {
            "since": after,
            "contains": contains,
            "regex": regex,
            "direction": "to_handset",
        }
        return self._held(query)

    def _held(self, query: Mapping[str, object]) -> list[Item]:
        shown = self._calling.get(f"{self._path}/messages", query)["items"]
        return [item for item in map(Item.read, shown) if item.state != "pending"]


class Expected:
    """What `Handset.expect` looks for."""

    def __init__(
        self,
        handset: Handset,
        after: int,
        contains: str | None,
        regex: str | None,
        timeout: float,
    ) -> None:
        self._handset = handset
        self._after = after
        self._contains = contains
        self._regex = regex
        self._timeout = timeout

    def one(self) -> Item:
        """The first that comes; raises `NotReceived`."""
        return self.some(1)[0]

    def some(self, count: int) -> list[Item]:
        """The first `count` that come; raises `NotReceived`."""
        return self._handset._await(self._after, self._contains, self._regex, count, self._timeout)

    def none(self, *, within: float) -> None:
        """Nothing comes within so many seconds of the account's clock, which is moved on by them.

        Raises:
            AssertionError: something came.
        """
        Clock(self._handset._calling).advance(within)
        came = self._handset._arrived(self._after, self._contains, self._regex)
        if came:
            shown = "\n".join(f"  {item}" for item in came)
            raise AssertionError(f"{self._handset.address} should not have received\n{shown}")


def _wanted(contains: str | None, regex: str | None, count: int) -> str:
    wanted = "a message" if count == 1 else f"{count} messages"
    if contains is not None:
        wanted += f" with {contains!r} in it"
    if regex is not None:
        wanted += f" that matches {regex!r}"
    return wanted


def _missed(address: str, wanted: str, timeout: float, answer: Mapping[str, Any]) -> str:
    lines = [f"{address} did not receive {wanted} in {timeout:g} s."]
    for title, shown in (("This much came:", "items"), ("This came instead:", "others")):
        items = [Item.read(each) for each in answer[shown]]
        if items:
            lines += [title, *(f"  {item}" for item in items[-NEAR_MISSES:])]
    if len(lines) == 1:
        lines.append("Nothing came.")
    return "\n".join(lines)
