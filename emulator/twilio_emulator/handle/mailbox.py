"""A mailbox as a test holds it: wait for e-mail, and read it."""

from abc import ABC, abstractmethod
from collections.abc import Coroutine, Generator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Self, overload

from twilio_emulator.handle.awaiting import Calls, Synchronous, at_once, synchronous
from twilio_emulator.handle.calling import segment
from twilio_emulator.handle.since import Since
from twilio_emulator.handle.waits import TIMEOUT, One, Some, arrivals

__tracebackhide__ = True


@dataclass(frozen=True)
class MailboxMessage:
    """An e-mail.

    Attributes:
        body: its text.
        html: the same as a page.
        codes: one-time codes in it.
        links: web addresses in it.
        substitutions: what a template of the sender's would be filled with.
        about: sids of what it was sent for.
    """

    id: str
    seq: int
    to: str
    sender: str
    sender_name: str | None
    subject: str
    body: str
    html: str
    codes: list[str]
    links: list[str]
    template_id: str | None
    substitutions: dict[str, str]
    about: dict[str, str]
    received_at: datetime

    @classmethod
    def read(cls, shown: Mapping[str, Any]) -> "MailboxMessage":
        """The e-mail that the control API shows."""
        same = cls.__dataclass_fields__.keys() & shown.keys() - {"received_at"}
        return cls(
            **{name: shown[name] for name in same},
            sender=shown["from"],
            sender_name=shown["from_name"],
            received_at=datetime.fromisoformat(shown["received_at"]),
        )

    def __str__(self) -> str:
        return f"{self.received_at:%H:%M:%S} from {self.sender}: {self.subject!r}"


class MailWaits(ABC, Generic[One, Some]):
    """What both handles of a mailbox wait for, in the same words."""

    @overload
    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        subject: str | None = None,
        sender: str | None = None,
        count: None = None,
        timeout: float = TIMEOUT,
    ) -> One: ...

    @overload
    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        subject: str | None = None,
        sender: str | None = None,
        count: int,
        timeout: float = TIMEOUT,
    ) -> Some: ...

    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        subject: str | None = None,
        sender: str | None = None,
        count: int | None = None,
        timeout: float = TIMEOUT,
    ) -> One | Some:
        """Wait for an e-mail, or for `count`, that no earlier wait for this mailbox returned.

        Args:
            contains: a part of its subject or text.
            regex: an expression that is found in its subject or text.
            subject: a part of its subject.
            sender: the address that it is from.
            timeout: seconds of the machine.

        Raises:
            NotReceived: it did not come; what came instead is shown.
        """
        wanted = {"contains": contains, "regex": regex, "subject": subject, "from": sender}
        return self._one(wanted, timeout) if count is None else self._some(wanted, count, timeout)

    @abstractmethod
    def _one(self, wanted: Mapping[str, object], seconds: float) -> One:
        """As `wait`, without a count."""

    @abstractmethod
    def _some(self, wanted: Mapping[str, object], count: int, seconds: float) -> Some:
        """As `wait`, with one."""


class AsyncMailbox(
    MailWaits[Coroutine[Any, Any, MailboxMessage], Coroutine[Any, Any, list[MailboxMessage]]]
):
    """A mailbox of the emulator's account: `ann = emulator.mailbox("ann@example.com")`.

    Args:
        calls: the control API.
        address: the e-mail address.
        since: from where on what went on in the account counts.
    """

    def __init__(self, calls: Calls, address: str, since: Since) -> None:
        self.address = address
        self._calls = calls
        self._since = since
        self._path = f"/mailboxes/{segment(address)}/messages"
        self._answered: list[MailboxMessage] = []
        self._answered_at = since.marks

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.address}>"

    def __await__(self) -> Generator[Any, Any, Self]:
        return self._itself().__await__()

    async def _itself(self) -> Self:
        return self

    @property
    def inbox(self) -> Coroutine[Any, Any, list[MailboxMessage]]:
        """Everything that is in the mailbox, oldest first."""
        return self._held()

    async def _held(self) -> list[MailboxMessage]:
        shown = await self._calls.get(self._path, {"since": self._since.message})
        return list(map(MailboxMessage.read, shown["items"]))

    async def _one(self, wanted: Mapping[str, object], seconds: float) -> MailboxMessage:
        return (await self._some(wanted, 1, seconds))[0]

    async def _some(
        self, wanted: Mapping[str, object], count: int, seconds: float
    ) -> list[MailboxMessage]:
        if self._answered_at != self._since.marks:  # after a reset, other mail has these ids
            self._answered, self._answered_at = [], self._since.marks
        items = await arrivals(
            self._calls,
            f"{self._path}/wait",
            {**wanted, "count": count, "after": self._since.message},
            seconds,
            key="items",
            read=MailboxMessage.read,
            without=self._answered,
            words=f"{self.address} did not receive the expected e-mail",
        )
        self._answered += items
        return items

    async def clear(self) -> None:
        """Delete all e-mail in it.

        Raises:
            CannotCall: nothing has come to it yet.
        """
        await self._calls.call("DELETE", self._path)


class Mailbox(Synchronous[AsyncMailbox], MailWaits[MailboxMessage, list[MailboxMessage]]):
    """A mailbox of the emulator's account."""

    @property
    def address(self) -> str:
        """The e-mail address."""
        return self._asynchronous.address

    def __repr__(self) -> str:
        return f"<Mailbox {self.address}>"

    @property
    def inbox(self) -> list[MailboxMessage]:
        """Everything that is in the mailbox, oldest first."""
        return at_once(self._asynchronous.inbox)

    def _one(self, wanted: Mapping[str, object], seconds: float) -> MailboxMessage:
        return at_once(self._asynchronous._one(wanted, seconds))

    def _some(
        self, wanted: Mapping[str, object], count: int, seconds: float
    ) -> list[MailboxMessage]:
        return at_once(self._asynchronous._some(wanted, count, seconds))

    clear = synchronous(AsyncMailbox.clear)
