"""What a template shows on a channel, with its variables filled in."""

from twilio_emulator.core.kernel.records import record


@record
class Rendered:
    """What a template says with its variables filled in.

    Attributes:
        type: the richest type that can be shown.
        data: that type's fields, as a JSON object.
        body: as text alone.
        media: addresses of the files that go with it.
    """

    type: str
    data: str
    body: str | None
    media: tuple[str, ...] = ()
