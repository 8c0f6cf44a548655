"""What waits to be sent to one client, who may read slowly or not at all.

The rules of this file:

- Three kinds of frames go out. *Events* are pushed as they happen, *answers* when a request is
  done, and a *replay* is pulled, frame by frame, whenever nothing else waits.
- Events do not wait: when more than the bound of them are unsent, the reader has stopped
  reading. What waits is let go, and the connection is to be dropped; the others notice nothing.
- Answers are bounded by the reader of requests, which stops while the outbox is `congested`.
- A replay holds nothing here, so no replay is too long for the bound.

Nothing here awaits. `wake` is called when the writer may be asleep; it must only schedule.
"""

from collections import deque
from collections.abc import Callable

BOUND = 2 * 1024 * 1024
"""Bytes of unsent events that are held for one reader."""

CONGESTION = 256 * 1024
"""Bytes of unsent answers above which no further request should be read."""

PIECE = 32 * 1024
"""Bytes of frames that leave in one piece; a longer frame leaves alone."""

Replay = Callable[[], bytes | None]
"""Gives the next frame of a replay; None when it has caught up."""


class Outbox:
    """The frames for one connection, in the order in which they go out.

    Args:
        wake: tells the writer that there is something to `take`, or that it `overflowed`.
        bound: bytes of unsent events that are held.
    """

    __slots__ = (
        "_answers",
        "_events",
        "_replays",
        "_taken_answer",
        "_taken_event",
        "_waiting",
        "_wake",
        "bound",
        "overflowed",
    )

    def __init__(self, wake: Callable[[], None], bound: int = BOUND) -> None:
        self._wake = wake
        self.bound = bound
        self.overflowed = False
        self._waiting: deque[tuple[bytes, bool]] = deque()
        self._replays: deque[Replay] = deque()
        self._events = 0
        self._answers = 0
        self._taken_event = 0
        self._taken_answer = 0

    @property
    def unsent_events(self) -> int:
        """Bytes of events that the writer did not come back from; never more than the bound."""
        return self._events

    @property
    def congested(self) -> bool:
        """Whether so many answers wait that no further request should be read."""
        return self._answers > CONGESTION

    def push(self, frame: bytes) -> None:
        """Send an event. The same bytes may be pushed to any number of outboxes."""
        if self.overflowed:
            return
        self._events += len(frame)
        if self._events > self.bound:
            self._overflow()
            return
        waiting = self._waiting
        waiting.append((frame, True))
        if len(waiting) == 1:
            self._wake()

    @property
    def waiting(self) -> int:
        """How many frames wait, replays aside."""
        return len(self._waiting)

    def answer(self, frame: bytes, after: int | None = None) -> None:
        """Send the reply to a request.

        Args:
            after: how many of the frames that wait it is to come after, instead of all: those that
                the request has caused come behind its answer.
        """
        if self.overflowed:
            return
        self._answers += len(frame)
        waiting = self._waiting
        waiting.insert(len(waiting) if after is None else after, (frame, False))
        self._wake()

    def follow(self, replay: Replay) -> None:
        """Send what `replay` gives, until it gives None, whenever nothing else waits."""
        if self.overflowed:
            return
        self._replays.append(replay)
        self._wake()

    def take(self) -> bytes | None:
        """The next frame to send; None when there is nothing to do but to sleep until woken.

        Taking the next one says that the one before has left.
        """
        self._events -= self._taken_event
        self._answers -= self._taken_answer
        self._taken_event = self._taken_answer = 0
        if self._waiting:
            frame, is_event = self._waiting.popleft()
            if is_event:
                self._taken_event = len(frame)
            else:
                self._taken_answer = len(frame)
            return frame
        while self._replays:
            pulled = self._replays[0]()
            if pulled is not None:
                return pulled
            self._replays.popleft()
        return None

    def take_piece(self) -> list[bytes]:
        """The next frames to send, as many as may leave together; empty when nothing waits.

        Taking the next ones says that the ones before have left.
        """
        first = self.take()
        if first is None:
            return []
        frames, room, waiting = [first], PIECE - len(first), self._waiting
        while waiting and len(waiting[0][0]) <= room:
            frame, is_event = waiting.popleft()
            if is_event:
                self._taken_event += len(frame)
            else:
                self._taken_answer += len(frame)
            frames.append(frame)
            room -= len(frame)
        return frames

    def _overflow(self) -> None:
        self.overflowed = True
        self._waiting.clear()
        self._replays.clear()
        self._events = self._answers = self._taken_event = self._taken_answer = 0
        self._wake()
