"""Waits for what arrives on phones and in mailboxes, on every sort of clock.

The rules of this file:

- The caller says from where on it counts: a `seq`, 0 for everything, or `now`. Without it, what
  was there before would answer for what is to come.
- What waits has not arrived yet: who asks says what has.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.control.until import check_timeout, until
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.runtime.hosted import Hosted


class Arriving(Protocol):
    """What is waited for. Its `seq` is another with each change of it."""

    @property
    def sid(self) -> str: ...
    @property
    def seq(self) -> int: ...


R = TypeVar("R", bound=Arriving)


class InOrder(Protocol[R]):
    """Where it is kept."""

    in_order: Ordered[R]

    def __getitem__(self, sid: str, /) -> R: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Generic[R]):
    """What a wait found after its cursor, and what came that was something else."""

    found: list[R]
    others: list[R]


class Wait(Generic[R]):
    """What a caller waits for: `count` like `wanted`, after `after`.

    `nearby` says which others are worth telling when they do not come. Each is looked at once after
    each of its changes, however much else goes on meanwhile.
    """

    def __init__(
        self,
        hosted: Hosted,
        table: InOrder[R],
        *,
        wanted: Callable[[R], bool],
        nearby: Callable[[R], bool],
        after: int,
        count: int,
    ) -> None:
        self._hosted = hosted
        self._table = table
        self._wanted = wanted
        self._nearby = nearby
        self._after = after
        self._count = count
        self._found: dict[str, R] = {}
        self._others: dict[str, R] = {}

    async def outcome(self, seconds: float) -> Outcome[R]:
        """Wait until it holds, or for so many of the machine's seconds after nothing is due."""
        await until(self._hosted, self._holds, seconds)
        return Outcome(found=list(self._found.values()), others=list(self._others.values()))

    def _holds(self) -> bool:
        """Look at what has come since the last look; what waits for its phone gets another `seq`
        when it arrives there."""
        for seq, sid in self._table.in_order.of("").upward((self._after + 1, "")):
            if len(self._found) == self._count:
                break
            self._after = seq
            arrived = self._table[sid]
            if self._wanted(arrived):
                self._found[sid] = arrived
                self._others.pop(sid, None)
            elif self._nearby(arrived):
                self._others[sid] = arrived
        return len(self._found) == self._count


def check(count: int, timeout: float) -> None:
    """Raises:
    Mistaken: so many cannot be waited for, or not for so long.
    """
    if count < 1:
        raise Mistaken(f"query count: expected 1 or more, not {count}")
    check_timeout(timeout)


def cursor(after: str | None, newest: int) -> int:
    """The `seq` behind which a wait begins.

    Raises:
        Mistaken: it says none.
    """
    if after == "now":
        return newest
    seq = parameters.count(after or "")
    if seq is None:
        given = "" if after is None else f", not {after[:20]}"
        raise Mistaken(f"query after: expected a seq, 0 for everything, or now{given}")
    return seq
