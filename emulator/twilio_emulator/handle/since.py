"""From where on what went on in an account counts."""

from twilio_emulator.handle.calling import Calling

__tracebackhide__ = True


class Since:
    """The beginning of the account, until somebody marks a later place.

    Attributes:
        entry: of the journal, behind which it counts.
        message: on phones, behind which it counts.
        marks: how often that was moved.
    """

    def __init__(self, calling: Calling) -> None:
        self._calling = calling
        self.entry = 0
        self.message = 0
        self.marks = 0

    def here(self) -> None:
        """Count from here on."""
        mark = self._calling.get("/mark")
        self.entry, self.message = mark["seq"], mark["message"]
        self.marks += 1
