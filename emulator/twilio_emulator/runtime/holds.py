"""How long everybody has had to wait because one thing kept the event loop for itself.

uvicorn wakes ten times a second to see whether it is to end. What wakes late was held up for so
long, at least. To look then costs a request nothing, and wakes nobody who would sleep. A hold that
is over between two looks is not seen; one of a tenth of a second or more always is.
"""

from typing import Final

EVERY: Final = 0.1
"""Seconds of sleep between two looks."""

LATELY: Final = 60.0
"""Seconds that a hold counts as a late one, at least; it may be twice as many."""


class Holds:
    """The longest holds, in seconds.

    Attributes:
        longest: since the start.
    """

    __slots__ = ("_before", "_began", "_due", "_now", "longest")

    def __init__(self) -> None:
        self.longest = 0.0
        self._now = self._before = 0.0
        self._began = 0.0
        self._due: float | None = None

    @property
    def lately(self) -> float:
        """The longest of the last minute or two."""
        return max(self._now, self._before)

    def woke(self, at: float) -> None:
        """Note, at an instant of the loop's clock, how late it is."""
        if at - self._began >= LATELY:
            self._before = self._now if at - self._began < 2 * LATELY else 0.0
            self._now, self._began = 0.0, at
        if self._due is not None:
            self._note(at - self._due)

    def sleeps(self, at: float, since: float) -> None:
        """Note that the next look is due after the usual sleep; this one began at `since`."""
        self._note(at - since)
        self._due = at + EVERY

    def _note(self, seconds: float) -> None:
        self._now = max(self._now, seconds)
        self.longest = max(self.longest, seconds)
