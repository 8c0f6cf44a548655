"""Voice calls as a test takes them on a phone, and what is waited for besides messages."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from twilio_emulator.handle.awaiting import HELD_UP_FOR, Calls
from twilio_emulator.handle.calling import CannotCall, segment

__tracebackhide__ = True

TIMEOUT = 5.0
"""Seconds that a wait lasts unless the test says otherwise."""

NEAR_MISSES = 10
"""How much else that came a failure shows."""


class NotReceived(AssertionError):
    """What was waited for did not come. The text says why, and shows what came instead."""


class Numbered(Protocol):
    """What is waited for."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Numbered)


@dataclass(frozen=True)
class HandsetCall:
    """A voice call to a phone, as it was when it was looked at.

    Attributes:
        peer: who calls.
        status: `ringing`, `in-progress`, `completed`, `busy`, `no-answer` or `failed`.
        asks: what has to be pressed before it says what it is for: `nothing`, `any_key` or `code`.
        spoken: what it has said, sentence by sentence.
        codes: the code that it has spoken, undivided.
        pressed: what was pressed on the phone.
        send_digits: what the caller pressed.
    """

    id: str
    seq: int
    handset: str
    peer: str
    status: str
    asks: str
    spoken: list[str]
    codes: list[str]
    pressed: str
    send_digits: str | None
    language: str | None
    error_code: int | None
    began_at: datetime

    @classmethod
    def read(cls, shown: Mapping[str, Any]) -> "HandsetCall":
        """The call that the control API shows."""
        same = cls.__dataclass_fields__.keys() & shown.keys()
        return cls(
            **{name: shown[name] for name in same},
            peer=shown["from"],
            began_at=datetime.fromisoformat(shown["date_created"]),
        )

    def __str__(self) -> str:
        said = " ".join(self.spoken)
        return f"{self.began_at:%H:%M:%S} call from {self.peer}, {self.status}: {said!r}"


async def arrivals(
    calls: Calls,
    path: str,
    query: Mapping[str, object],
    seconds: float,
    *,
    key: str,
    read: Callable[[Mapping[str, Any]], T],
    without: Sequence[T],
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


class AsyncCallTaking:
    """What a phone of a test does with calls."""

    address: str
    _calls: Calls
    _path: str
    _taken: list[HandsetCall]
    _taken_at = 0

    async def _name(self) -> None:
        """Have the phone."""
        raise NotImplementedError

    def _behind(self) -> tuple[int, int]:
        """Where waits begin, and how often that was moved."""
        raise NotImplementedError

    @property
    def calls(self) -> Coroutine[Any, Any, list[HandsetCall]]:
        """Every call to the phone, the one that changed last comes last."""
        return self._called()

    async def _called(self) -> list[HandsetCall]:
        await self._name()
        shown = await self._calls.get(f"{self._path}/calls")
        return list(map(HandsetCall.read, shown["calls"]))

    def wait_for_call(
        self,
        *,
        contains: str | None = None,
        peer: str | None = None,
        status: str | None = None,
        timeout: float = TIMEOUT,
    ) -> Coroutine[Any, Any, HandsetCall]:
        """Wait for a call that came since the handle was made and was not returned by an earlier
        wait: until it is answered or over, or rings on a phone whose calls are on `hold`.

        Args:
            contains: a part of what it says.
            peer: who calls.
            status: how far it is; then it counts as soon as it is so far.
            timeout: seconds of the machine.

        Raises:
            NotReceived: nobody called; what calls came instead is shown.
        """
        return self._first_call({"contains": contains, "from": peer, "status": status}, timeout)

    async def _first_call(self, wanted: Mapping[str, object], seconds: float) -> HandsetCall:
        """As `wait_for_call`."""
        await self._name()
        after, marks = self._behind()
        if self._taken_at != marks:  # after a reset, other calls have these sids
            self._taken, self._taken_at = [], marks
        (call,) = await arrivals(
            self._calls,
            f"{self._path}/calls/wait",
            {**wanted, "after": after},
            seconds,
            key="calls",
            read=HandsetCall.read,
            without=self._taken,
            words=f"{self.address} was not called as expected",
        )
        self._taken.append(call)
        return call

    async def answer(self, call: HandsetCall) -> HandsetCall:
        """Answer a call that rings.

        Returns:
            the call as it is then.

        Raises:
            CannotCall: it does not ring.
        """
        return await self._do(call, "answer")

    async def press_digits(self, call: HandsetCall, digits: str) -> HandsetCall:
        """Press digits in a call; one that rings still is answered first.

        Returns:
            the call as it is then.

        Raises:
            CannotCall: it is over, or those are no digits.
        """
        return await self._do(call, "press", {"digits": digits})

    async def hang_up(self, call: HandsetCall) -> HandsetCall:
        """Hang up, or turn away a call that rings.

        Returns:
            the call as it is then.
        """
        return await self._do(call, "hang-up")

    async def _do(self, call: HandsetCall, deed: str, body: object = None) -> HandsetCall:
        await self._name()
        path = f"{self._path}/calls/{segment(call.id)}/{deed}"
        return HandsetCall.read(await self._calls.call("POST", path, body))
