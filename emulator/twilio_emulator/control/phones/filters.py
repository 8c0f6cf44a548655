"""Which messages of a phone are asked for."""

from msgspec import field

from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.control.listing import is_at
from twilio_emulator.control.routes import Fields
from twilio_emulator.core.kernel.patterns import BadPattern
from twilio_emulator.core.kernel.world import Numbering
from twilio_emulator.core.phones.inbox import InboxItem, ItemState, Side
from twilio_emulator.core.senders.addresses import Channel, bare, kept
from twilio_emulator.runtime.patterns import compile_pattern


class Filter(Fields):
    """What a message has to be; what is not given does not matter.

    Attributes:
        to: whom it is to; a number without a channel is meant on every channel.
        sender: whom it is from.
        peer: who is at the other end, whichever way it went.
        channel: what carried it.
        direction: to the phone, or from it.
        contains: a part of its body.
        regex: an expression that is found in its body.
        state: what became of it on the phone.
    """

    to: str | None = None
    sender: str | None = field(name="from", default=None)
    peer: str | None = None
    channel: Channel | None = None
    direction: Side | None = None
    contains: str | None = None
    regex: str | None = None
    state: ItemState | None = None


class MessageMatcher:
    """A filter made ready.

    Args:
        numbering: knows how numbers are written.

    Raises:
        Mistaken: `regex` is not a regular expression.
    """

    def __init__(self, given: Filter, numbering: Numbering, handset: str | None = None) -> None:
        def meant(address: str | None) -> str | None:
            return kept(numbering, address) if address else None

        self._given = given
        self._handset = None if handset is None else bare(kept(numbering, handset))
        self._sides = (meant(given.sender), meant(given.to))
        self._peer = meant(given.peer)
        try:
            self._regex = None if given.regex is None else compile_pattern(given.regex)
        except BadPattern as error:
            raise Mistaken(f"query regex: expected a regular expression: {error}") from None

    def __call__(self, item: InboxItem) -> bool:
        given = self._given
        return (
            (self._handset is None or item.handset == self._handset)
            and all(map(is_at, self._sides, _sides(item)))
            and is_at(self._peer, item.peer)
            and (given.channel is None or item.channel == given.channel)
            and (given.direction is None or item.direction is given.direction)
            and (given.state is None or item.state is given.state)
            and (given.contains is None or given.contains in item.body)
            and (self._regex is None or bool(self._regex.search(item.body)))
        )


def _sides(item: InboxItem) -> tuple[str, str]:
    """Who it is from, and who it is to."""
    if item.direction is Side.TO_HANDSET:
        return item.author or item.peer, item.handset
    return item.handset, item.peer
