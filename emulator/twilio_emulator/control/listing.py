"""Long lists of our own API, a page at a time.

The rules of this file:

- No list is cut in silence: one that holds more than it shows says so with `next`, which is the
  call that shows what follows.
- A page costs what it shows, or what it looks at to find that; where it begins costs the logarithm
  of what is stored.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, TypedDict, TypeVar

from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.control.routes import Control, Fields, Whole
from twilio_emulator.core.kernel.indexes import Place, Ranks
from twilio_emulator.core.senders.addresses import bare
from twilio_emulator.wire import cursors

R = TypeVar("R")


class Sequenced(Protocol):
    """What has a place among all that phones and mailboxes show."""

    @property
    def seq(self) -> int: ...


S = TypeVar("S", bound=Sequenced)

LOOKED_AT = 5_000
"""Records that are looked at for one page of a search: some ten milliseconds."""


class Paged(Fields):
    """Which part of a list.

    Attributes:
        limit: at most so many; all unless given.
        cursor: where it goes on, as `next` of the part before says.
    """

    limit: Whole | None = None
    cursor: str | None = None


class More(TypedDict, total=False):
    """How a list says that there is more.

    Attributes:
        next: the call that shows what follows; it is absent when nothing does.
        note: that some were dropped which would be shown, and how to keep more.
    """

    next: str
    note: str


def place_of(cursor: str | None) -> Place | None:
    """Where the page before ended; None for the first.

    Raises:
        Mistaken: no page ended there.
    """
    if cursor is None:
        return None
    found = cursors.read(cursor)
    if found is None:
        raise Mistaken(f"query cursor: expected what `next` says, not {cursor!r}")
    return found.place


def check_limit(limit: int | None) -> None:
    """Raises:
    Mistaken: a list cannot show so few.
    """
    if limit is not None and limit < 1:
        raise Mistaken(f"query limit: expected 1 or more, not {limit}")


def following(control: Control, **changes: object) -> More:
    """How a list says that there is more: by the same call with these other parameters."""
    return {"next": control.again(**changes)}


def lacking(lacks: str | None) -> More:
    """How a list says that something was dropped that would be in it, and how to keep more."""
    return {} if lacks is None else {"note": lacks}


def take(
    control: Control,
    places: Iterable[Place],
    find: Callable[[str], R],
    limit: int | None,
    *,
    keep: Callable[[R], bool] | None = None,
    looked_at: int | None = None,
) -> tuple[list[R], More]:
    """The first `limit` of what stands at these places, and how it says that there is more.

    Args:
        places: in the order of the list, from where the page begins.
        find: the record with a sid.
        limit: all when None.
        keep: shows only what it says yes to.
        looked_at: records that `keep` is asked about for one page at most; it may hold fewer than
            `limit` then, with more to follow.

    Raises:
        Mistaken: the limit is not a valid one.
    """
    check_limit(limit)
    shown: list[R] = []
    last: Place | None = None
    most = None if keep is None else looked_at
    for looked, place in enumerate(places):
        if last is not None and (len(shown) == limit or looked == most):
            return shown, following(control, cursor=cursors.write_place(last))
        record = find(place[1])
        if keep is None or keep(record):
            shown.append(record)
        last = place
    return shown, {}


class Below(More):
    """How a list of the newest goes on.

    Attributes:
        next_seq: the `seq` of the last that is shown: `since` for what comes then.
    """

    next_seq: int


def newest(
    control: Control, held: Iterable[S], limit: int | None, since: int
) -> tuple[list[S], Below]:
    """The newest `limit` of what is held, oldest first, and how the list goes on.

    Args:
        held: newest first.
        limit: all when None.
        since: the `seq` behind which it begins.

    Raises:
        Mistaken: the limit is not a valid one.
    """
    check_limit(limit)
    shown: list[S] = []
    more = More()
    for each in held:
        if len(shown) == limit:
            more = following(control, before=shown[-1].seq)
            break
        shown.append(each)
    shown.reverse()
    return shown, {"next_seq": shown[-1].seq if shown else since, **more}


def downward(ranks: Ranks, find: Callable[[str], S], since: int, before: int | None) -> Iterator[S]:
    """What stands between two places of a list, the newest first.

    Args:
        ranks: the list, by `seq`.
        find: the record with a sid.
        since: the `seq` behind which it begins.
        before: the `seq` before which it ends.
    """
    for seq, sid in ranks.downward(None if before is None else (before, "")):
        if seq <= since:
            return
        yield find(sid)


def is_at(wanted: str | None, found: str | None) -> bool:
    """Whether an address is the one wanted; without a channel, that of any channel is."""
    return wanted is None or found == wanted or bare(found or "") == wanted
