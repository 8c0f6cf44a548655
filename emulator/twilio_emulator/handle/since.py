"""From where on what went on in an account counts."""

from dataclasses import dataclass


@dataclass
class Since:
    """The beginning of the account, until somebody marks a later place.

    Attributes:
        entry: of the journal, behind which it counts.
        message: on phones, behind which it counts.
        marks: how often that was moved.
        resets: how often the account began anew: its phones are gone, numbers start again.
    """

    entry: int = 0
    message: int = 0
    marks: int = 0
    resets: int = 0

    def move(self, entry: int, message: int) -> None:
        """Count from there on."""
        self.entry, self.message = entry, message
        self.marks += 1
