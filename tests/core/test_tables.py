import random
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twilio_emulator.core.kernel import indexes
from twilio_emulator.core.kernel.indexes import Joined, Ordered, Place, Ranks, Unique
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.tables import Changes, Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.resources import (
    Communication,
    CommunicationContent,
    CommunicationParty,
    Communications,
    ConfigurationSettings,
    ContentType,
    GroupingType,
    OrchestratedConversation,
    OrchestratedConversations,
    OrchestratorChannel,
)
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.sync.resources import (
    SyncItem,
    SyncItems,
    SyncKind,
    SyncPermission,
    SyncPermissions,
    SyncResource,
    SyncResources,
)
from twilio_emulator.core.texts.text import Direction, Text, Texts, TextStatus
from twilio_emulator.core.verify.challenges import Challenge, Challenges
from twilio_emulator.core.verify.factors import FactorType
from twilio_emulator.core.verify.resources import Attempt, VerifyAttempts


@dataclass(frozen=True)
class Card:
    sid: str
    box: str | None = "a"
    rank: int = 0
    name: str | None = None


class Cards(Table[Card]):
    def __init__(self) -> None:
        self.by_name: Unique[Card] = Unique(lambda card: card.name)
        self.by_box: Ordered[Card] = Ordered(lambda card: card.box, lambda card: card.rank)
        super().__init__(Card, self.by_name, self.by_box)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks split early, so that few records show what many would."""
    monkeypatch.setattr(indexes, "_CHUNK", 4)


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=200), st.integers(-1, 31))
def test_ranks_are_a_sorted_set(steps: list[tuple[bool, int]], bound: int) -> None:
    ranks, model = Ranks(), set[Place]()
    for adding, rank in steps:
        place = (rank, f"S{rank}")
        if adding and place not in model:
            ranks.add(place)
            model.add(place)
        elif not adding and place in model:
            ranks.remove(place)
            model.remove(place)
    ordered = sorted(model)
    after = (bound, f"S{bound}")
    assert len(ranks) == len(model)
    assert list(ranks.upward()) == ordered
    assert list(ranks.downward()) == ordered[::-1]
    assert list(ranks.upward(after)) == [place for place in ordered if place > after]
    assert list(ranks.downward(after)) == [place for place in ordered if place < after][::-1]
    assert ranks.above(bound) == len([place for place in ordered if place[0] > bound])


def test_ranks_stay_in_small_chunks_whatever_the_order() -> None:
    ranks = Ranks()
    places = [(rank, "") for rank in range(500)]
    for place in random.Random(1).sample(places, len(places)):
        ranks.add(place)
    assert max(map(len, ranks._chunks)) <= 8
    assert list(ranks.upward()) == places


def test_a_table_keeps_records_by_sid() -> None:
    cards = Cards()
    first = cards.put(Card("1"))
    cards.put(Card("2"))
    assert (len(cards), "1" in cards, cards["1"], cards.get("1")) == (2, True, first, first)
    assert cards.get("3") is None
    assert cards.get(None) is None
    changed = cards.put(Card("1", name="ace"))
    assert list(cards) == [changed, Card("2")]
    cards.remove("1")
    assert "1" not in cards
    cards.clear()
    assert list(cards) == []


def test_a_unique_index_follows_its_records() -> None:
    cards = Cards()
    cards.put(Card("1", name="ace"))
    cards.put(Card("2"))
    assert cards.found(cards.by_name, "ace") == Card("1", name="ace")
    cards.put(Card("1", name="king"))
    assert cards.found(cards.by_name, "ace") is None
    assert cards.by_name.find("king") == "1"
    cards.put(Card("1"))
    assert cards.by_name.find("king") is None
    cards.put(Card("1", name="ace"))
    cards.remove("1")
    assert cards.by_name.find("ace") is None


def test_an_ordered_index_follows_its_records() -> None:
    cards = Cards()
    for card in (Card("1", rank=3), Card("2", rank=1), Card("3", box=None), Card("4", box="b")):
        cards.put(card)
    assert [card.sid for card in cards.all(cards.by_box, "a")] == ["2", "1"]
    cards.put(Card("2", rank=9))
    assert [card.sid for card in cards.all(cards.by_box, "a")] == ["1", "2"]
    cards.put(Card("2", rank=9, name="same place"))
    cards.put(Card("1", box="b", rank=3))
    assert [card.sid for card in cards.all(cards.by_box, "b")] == ["4", "1"]
    cards.put(Card("3", box="b", rank=1))
    cards.put(Card("4", box=None))
    assert [card.sid for card in cards.all(cards.by_box, "b")] == ["3", "1"]
    cards.remove("2")
    assert len(cards.by_box.of("a")) == 0
    assert list(cards.by_box.of("never").upward()) == []


def test_records_may_go_while_they_are_walked_through() -> None:
    cards = Cards()
    for sid in "123":
        cards.put(Card(sid))
    for card in cards.all(cards.by_box, "a"):
        cards.remove(card.sid)
    assert len(cards) == 0


def rows(cards: Cards, **options: bool) -> Rows[Card]:
    return Rows(cards, cards.by_box, "a", **options)


def test_rows_come_page_by_page() -> None:
    cards = Cards()
    for rank in range(10):
        cards.put(Card(str(rank), rank=rank))
    listing = rows(cards)
    first, more = listing.after(None, 4)
    assert ([card.rank for card in first], more) == ([0, 1, 2, 3], True)
    second, more = listing.after(listing.place(first[-1]), 6)
    assert ([card.rank for card in second], more) == ([4, 5, 6, 7, 8, 9], False)
    back, more = listing.before(listing.place(second[0]), 3)
    assert ([card.rank for card in back], more) == ([1, 2, 3], True)
    back, more = listing.before(listing.place(second[0]), 4)
    assert ([card.rank for card in back], more) == ([0, 1, 2, 3], False)


def test_rows_downward_and_chosen() -> None:
    cards = Cards()
    for rank in range(10):
        cards.put(Card(str(rank), rank=rank))
    listing = Rows(cards, cards.by_box, "a", downward=True, keep=lambda card: card.rank % 2 == 0)
    assert [card.rank for card in listing] == [8, 6, 4, 2, 0]
    page, more = listing.after((6, "6"), 2)
    assert ([card.rank for card in page], more) == ([4, 2], True)
    page, more = listing.before((4, "4"), 5)
    assert ([card.rank for card in page], more) == ([8, 6], False)


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 20), unique=True),
    st.lists(st.integers(0, 20), unique=True),
    st.one_of(st.none(), st.integers(-1, 22)),
)
def test_groups_are_walked_through_as_one(
    some: list[int], others: list[int], bound: int | None
) -> None:
    parts = Ranks(), Ranks(), Ranks()
    model: list[Place] = []
    for name, part, ranks in zip("ab", parts, (some, others), strict=False):
        for rank in ranks:
            part.add((rank, name))
            model.append((rank, name))
    joined, after = Joined(parts), None if bound is None else (bound, "aa")
    model.sort()
    assert list(joined.upward(after)) == [each for each in model if not after or each > after]
    model.reverse()
    assert list(joined.downward(after)) == [each for each in model if not after or each < after]


@settings(deadline=None)
@given(
    st.sets(st.integers(0, 20)),
    st.sets(st.integers(0, 20)),
    st.one_of(st.none(), st.integers(-1, 22)),
    st.one_of(st.none(), st.integers(-1, 22)),
    st.booleans(),
    st.integers(1, 5),
)
def test_rows_between_two_ranks(
    ranks: set[int],
    late: set[int],
    lowest: int | None,
    highest: int | None,
    downward: bool,
    size: int,
) -> None:
    cards, besides = Cards(), Ranks()
    for rank in ranks | late:
        cards.put(Card(str(rank), rank=rank))
    for rank in late:
        besides.add((rank, str(rank)))

    def fits(rank: int) -> bool:
        above = lowest is None or rank >= lowest or rank in late
        return above and (highest is None or rank <= highest)

    expected = sorted((rank for rank in ranks | late if fits(rank)), reverse=downward)
    listing = Rows(
        cards,
        cards.by_box,
        "a",
        downward=downward,
        lowest=lowest,
        highest=highest,
        besides=besides,
    )
    assert [card.rank for card in listing] == expected
    for start, rank in enumerate(expected):
        page, more = listing.after((rank, str(rank)), size)
        following = expected[start + 1 :]
        assert ([card.rank for card in page], more) == (following[:size], len(following) > size)
        page, more = listing.before((rank, str(rank)), size)
        earlier = expected[:start]
        assert ([card.rank for card in page], more) == (earlier[-size:], len(earlier) > size)


@given(st.sets(st.integers(0, 40)), st.integers(-1, 41))
def test_the_first_place_that_has_reached_something(ranks: set[int], bound: int) -> None:
    held = Ranks()
    for rank in sorted(ranks):
        held.add((rank, str(rank)))
    reached = sorted(rank for rank in ranks if rank >= bound)
    first = (reached[0], str(reached[0])) if reached else None
    assert held.first(lambda sid: int(sid) >= bound) == first


def test_rows_that_go_between_two_pages_neither_repeat_nor_skip_others() -> None:
    cards = Cards()
    for rank in range(6):
        cards.put(Card(str(rank), rank=rank))
    first, _ = rows(cards).after(None, 3)
    cards.remove("2")
    cards.remove("3")
    second, _ = rows(cards).after((2, "2"), 3)
    assert [card.sid for card in (*first, *second)] == ["0", "1", "2", "4", "5"]


def test_what_an_index_refuses_can_be_taken_back() -> None:
    def fail(_: Card) -> str:
        raise ValueError("no key")

    changes: Changes = []
    table = Table(Card, Unique(fail))
    table.changes = changes
    with pytest.raises(ValueError, match="no key"):
        table.put(Card("a"))
    ((changed, key, old),) = changes
    changed.undo(key, old)
    assert not len(table)


class Noted:
    """A record that notes what is read of it."""

    def __init__(self, like: object, read: set[str]) -> None:
        self._like, self._read = like, read

    def __getattr__(self, name: str) -> object:
        self._read.add(name)
        return getattr(self._like, name)


def kinds_of_records(at: datetime) -> dict[type[Table[Any]], tuple[object, ...]]:
    """Records of each table that says what its indexes go by: one for each way in which they may
    be indexed."""
    text = Text(
        sid="SM1",
        account_sid="AC1",
        direction=Direction.OUTBOUND_API,
        channel=Channel.SMS,
        status=TextStatus.SENT,
        sender="+12025550100",
        to="+12025550199",
        body="",
        num_segments=1,
        date_created=at,
        date_updated=at,
        serial=1,
    )
    attempt = Attempt(
        sid="VL1",
        account_sid="AC1",
        service_sid="VA1",
        verification_sid="VE1",
        to="+12025550199",
        channel="sms",
        date_created=at,
        date_updated=at,
        serial=1,
    )
    challenge = Challenge(
        sid="YC1",
        account_sid="AC1",
        service_sid="VA1",
        factor_type=FactorType.TOTP,
        date_created=at,
        date_updated=at,
        expiration_date=at,
        serial=1,
    )
    resource = SyncResource(
        sid="MP1",
        kind=SyncKind.MAP,
        account_sid="AC1",
        service_sid="IS1",
        unique_name="map",
        date_created=at,
        date_updated=at,
        serial=1,
    )
    item = SyncItem(
        sid="MP1/key",
        kind=SyncKind.MAP,
        account_sid="AC1",
        service_sid="IS1",
        collection_sid="MP1",
        data="{}",
        event_id=0,
        added_event_id=0,
        date_created=at,
        date_updated=at,
    )
    permission = SyncPermission(
        sid="MP1/ann",
        kind=SyncKind.MAP,
        account_sid="AC1",
        service_sid="IS1",
        resource_sid="MP1",
        identity="ann",
    )
    conversation = OrchestratedConversation(
        sid="conv_conversation_1",
        account_sid="AC1",
        configuration_sid="conv_configuration_1",
        configuration_version=1,
        settings=ConfigurationSettings(
            display_name="Agents",
            description="",
            conversation_grouping_type=GroupingType.PROFILE,
            memory_store_id="mem_store_1",
            channel_settings={},
        ),
        metadata={},
        created_at=at,
        updated_at=at,
        serial=1,
    )
    end = CommunicationParty(address="ann", channel=OrchestratorChannel.CHAT)
    communication = Communication(
        sid="conv_communication_1",
        account_sid="AC1",
        conversation_sid="conv_conversation_1",
        author=end,
        content=CommunicationContent(type=ContentType.TEXT, text="Hi"),
        recipients=(end,),
        channel_id="CH1",
        resource_id="IM1",
        occurred_at=at,
        created_at=at,
        updated_at=at,
        serial=1,
    )
    return {
        OrchestratedConversations: (conversation,),
        Communications: (communication,),
        Texts: (text, replace(text, held=True)),
        SyncResources: (resource,),
        SyncItems: (item,),
        SyncPermissions: (permission,),
        VerifyAttempts: (attempt,),
        Challenges: (challenge, replace(challenge, entity_sid="YE1", factor_sid="YF1")),
    }


def test_a_table_that_says_what_its_indexes_go_by_says_all_of_it(world: World) -> None:
    kinds = kinds_of_records(world.now)
    by = {type(table) for table in world.tables().values() if table._said is not None}
    assert by == set(kinds)
    for kind, records in kinds.items():
        read: set[str] = set()
        said: set[str] = set()
        for each in records:
            table = cast(Any, kind)()
            for index in table._indexes:
                index.change(None, cast(Any, Noted(each, read)))
            assert table._said is not None
            table._said(cast(Any, Noted(each, said)))
        assert read - {"sid"} == said, kind
