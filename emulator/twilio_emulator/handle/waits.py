"""What all waits of a test have in common, and what both handles of a phone say of theirs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar, overload

from twilio_emulator.handle.awaiting import HELD_UP_FOR, Calls
from twilio_emulator.handle.calling import CannotCall
from twilio_emulator.handle.messages import MessageFilter
from twilio_emulator.handle.since import Since

__tracebackhide__ = True

TIMEOUT = 5.0
"""Seconds that a wait lasts unless the test says otherwise."""

NEAR_MISSES = 10
"""How much else that came a failure shows."""

T = TypeVar("T")
One = TypeVar("One")
Some = TypeVar("Some")
Expecting = TypeVar("Expecting")


class NotReceived(AssertionError):
    """What was waited for did not come. The text says why, and shows what came instead."""


class Identified(Protocol):
    """What is waited for."""

    @property
    def id(self) -> str: ...


@dataclass
class PhoneProgress:
    """How far a test has come with a phone, whichever of its handles it uses.

    Attributes:
        path: of the phone in the control API, since it was named.
        resets: how often the account had begun anew then.
        marks: how often a place was marked when its waits began.
        message: behind which they begin.
        returned: messages, by waits since `returned_at` marks.
        taken: calls that waits returned since then.
    """

    path: str = ""
    resets: int = 0
    marks: int = 0
    message: int = 0
    returned: list[Identified] = field(default_factory=list)
    taken: list[Identified] = field(default_factory=list)
    returned_at: int = 0

    def begin_wait(self, since: Since) -> int:
        """The message behind which a wait looks.

        After a mark nothing was returned yet: after a reset, others have these ids.
        """
        if self.returned_at != since.marks:
            self.returned, self.taken, self.returned_at = [], [], since.marks
        return self.message if self.marks == since.marks else since.message


async def arrivals(
    calls: Calls,
    path: str,
    query: Mapping[str, object],
    seconds: float,
    *,
    key: str,
    read: Callable[[Mapping[str, Any]], T],
    without: Sequence[Identified],
    words: str,
) -> list[T]:
    """Wait until something came.

    Args:
        path: of the call that waits.
        key: under which it answers with what came.
        words: who waits for what, for people.

    Raises:
        NotReceived: it did not come; what came instead is shown.
    """
    if calls.holds_up:
        seconds = min(seconds, HELD_UP_FOR)
    given = ",".join(item.id for item in without) or None
    wish = {**query, "timeout": seconds, "without": given}
    try:
        answer = await calls.get(path, wish, wait=seconds)
    except CannotCall as error:
        if error.status != 408:
            raise
        lines = [f"{words} in {seconds:g} s."]
        for title, name in (("This much came:", key), ("This came instead:", "others")):
            came = list(map(read, error.answer[name]))
            lines += [title, *(f"  {item}" for item in came[-NEAR_MISSES:])] if came else []
        raise NotReceived("\n".join(lines)) from None
    return list(map(read, answer[key]))


class Waits(ABC, Generic[One, Some, Expecting]):
    """What both handles of a phone wait for, in the same words."""

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
    ) -> One: ...

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
    ) -> Some: ...

    def wait(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        count: int | None = None,
        timeout: float = TIMEOUT,
    ) -> One | Some:
        """Wait for a message, or for `count`, that came since the handle was made and was not
        returned by an earlier wait.

        That of `Handset`, in a coroutine, holds up the event loop, in which the app may run; there
        it gives up after a second, and says that `await_text` waits.

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
        return self._one(wanted, timeout) if count is None else self._some(wanted, count, timeout)

    def expect(
        self,
        *,
        contains: str | None = None,
        regex: str | None = None,
        channel: str | None = None,
        peer: str | None = None,
        timeout: float = TIMEOUT,
    ) -> Expecting:
        """What comes from here on, whatever earlier waits returned."""
        return self._expecting(MessageFilter(contains, regex, channel, peer), timeout)

    @abstractmethod
    def _one(self, wanted: MessageFilter, seconds: float) -> One:
        """As `wait`, without a count."""

    @abstractmethod
    def _some(self, wanted: MessageFilter, count: int, seconds: float) -> Some:
        """As `wait`, with one."""

    @abstractmethod
    def _expecting(self, wanted: MessageFilter, seconds: float) -> Expecting:
        """As `expect`."""
