"""Ids of Twilio's newer APIs: a prefix and a ULID from the world's time and chance."""

import re
from datetime import UTC, datetime

import pytest

from twilio_emulator.core.kernel.sids import Sids
from twilio_emulator.core.kernel.ttids import ALPHABET, is_ttid, new_ttid, stable_ttid, ttid
from twilio_emulator.core.kernel.world import World

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def milliseconds(id_: str) -> int:
    """The time that an id says it was made at."""
    ulid = id_.rpartition("_")[2]
    number = 0
    for letter in ulid:
        number = number * 32 + ALPHABET.index(letter)
    return number >> 80


def test_an_id_is_a_prefix_and_26_letters_of_base_32_that_begin_with_the_time() -> None:
    made = ttid("conv_conversation", AT, Sids(1, "AC1", "sids"))
    assert re.fullmatch(r"conv_conversation_[0-7][0-9a-hjkmnp-tv-z]{25}", made)
    assert milliseconds(made) == AT.timestamp() * 1000


def test_the_same_seed_and_time_give_the_same_id_and_none_comes_twice() -> None:
    def drawn(seed: int) -> list[str]:
        sids = Sids(seed, "AC1", "sids")
        return [ttid("mem_store", AT, sids) for _ in range(5)]

    assert drawn(1) == drawn(1)
    assert len({*drawn(1), *drawn(2)}) == 10


def test_a_later_id_stands_after_an_earlier_one() -> None:
    early = ttid("x", AT, Sids(1, "AC1", "sids"))
    late = ttid("x", AT.replace(microsecond=1000), Sids(2, "AC1", "sids"))
    assert early < late


def test_a_world_draws_one_sid_for_it(world: World) -> None:
    drawn = world.sids.drawn
    made = new_ttid(world, "proc_job")
    assert is_ttid(made, "proc_job")
    assert world.sids.drawn == drawn + 1
    assert new_ttid(world, "proc_job") != made


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("mem_store_01k1etk2y5f1y9fpe2epfdtvv2", True),
        ("mem_service_01k1etk2y5f1y9fpe2epfdtvv2", True),
        ("mem_store_00000000000000000000000001", True),
        ("mem_store_81k1etk2y5f1y9fpe2epfdtvv2", False),
        ("mem_store_01K1ETK2Y5F1Y9FPE2EPFDTVV2", False),
        ("mem_store_01k1etk2y5f1y9fpe2epfdtvvu", False),
        ("mem_store_01k1etk2y5f1y9fpe2epfdtvv", False),
        ("mem_profile_01k1etk2y5f1y9fpe2epfdtvv2", False),
        ("01k1etk2y5f1y9fpe2epfdtvv2", False),
        ("", False),
    ],
)
def test_what_has_the_form_of_an_id(text: str, yes: bool) -> None:
    assert is_ttid(text, "mem_store", "mem_service") is yes


def test_an_id_may_follow_from_what_is_said() -> None:
    made = stable_ttid("mem_store", AT, "AC1")
    assert is_ttid(made, "mem_store")
    assert made == stable_ttid("mem_store", AT, "AC1")
    assert made != stable_ttid("mem_store", AT, "AC2")
    assert milliseconds(made) == AT.timestamp() * 1000
