"""What came somewhere, and which of it the steps of a story have expected."""

from dataclasses import dataclass, field
from typing import Any

Item = dict[str, Any]


@dataclass(slots=True, kw_only=True, eq=False)
class Unclaimed:
    """What came to one place.

    Attributes:
        unclaimed: what no step has expected yet, oldest first.
        last: the newest item that a step has expected.
    """

    unclaimed: list[Item] = field(default_factory=list)
    last: Item | None = None
    _since: int = 0

    def claim(self, item: Item) -> None:
        """An item was what a step expected."""
        at = next(at for at, each in enumerate(self.unclaimed) if each is item)
        del self.unclaimed[at]
        if at >= self._since:
            self._since, self.last = at, item
        else:
            self._since -= 1

    def later(self) -> list[Item]:
        """What came after the newest item that a step has expected."""
        return self.unclaimed[self._since :]
