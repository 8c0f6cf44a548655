"""Voice calls as a test takes them on a phone."""

from abc import ABC, abstractmethod
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twilio_emulator.handle.awaiting import Calls
from twilio_emulator.handle.calling import segment
from twilio_emulator.handle.since import Since
from twilio_emulator.handle.waits import TIMEOUT, PhoneProgress, arrivals

__tracebackhide__ = True


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


class AsyncCallTaking(ABC):
    """What a phone of a test does besides messages: it takes calls, and opens addresses."""

    address: str
    _calls: Calls
    _since: Since
    _progress: PhoneProgress

    @abstractmethod
    async def _name(self) -> None:
        """Have the phone."""

    @property
    def calls(self) -> Coroutine[Any, Any, list[HandsetCall]]:
        """Every call to the phone, the one that changed last comes last."""
        return self._called()

    async def _called(self) -> list[HandsetCall]:
        await self._name()
        shown = await self._calls.get(f"{self._progress.path}/calls")
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
        it = self._progress
        after = it.begin_wait(self._since)
        (call,) = await arrivals(
            self._calls,
            f"{self._progress.path}/calls/wait",
            {**wanted, "after": after},
            seconds,
            key="calls",
            read=HandsetCall.read,
            without=tuple(it.taken),
            words=f"{self.address} was not called as expected",
        )
        it.taken.append(call)
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

    async def open_link(self, url: str, *, over: str = "mobile") -> dict[str, Any]:
        """Open an address of silent network authentication on the phone.

        Args:
            url: what a verification has as `sna.url`.
            over: `mobile` or `wifi`.

        Returns:
            `error_code`, None where it is the right phone, and `sna_client_token`.

        Raises:
            CannotCall: that is no such address.
        """
        await self._name()
        wish = {"url": url, "over": over}
        path = f"{self._progress.path}/open-link"
        opened: dict[str, Any] = await self._calls.call("POST", path, wish)
        return opened

    async def _do(self, call: HandsetCall, deed: str, body: object = None) -> HandsetCall:
        await self._name()
        path = f"{self._progress.path}/calls/{segment(call.id)}/{deed}"
        return HandsetCall.read(await self._calls.call("POST", path, body))
