import re

from twilio_emulator.core.kernel.sids import Sids, Stream


def test_a_sid_is_two_letters_and_32_digits() -> None:
    assert re.fullmatch(r"CH[0-9a-f]{32}", Sids(1, "AC1", "sids").new("CH"))


def test_the_same_seed_gives_the_same_sids_and_another_gives_others() -> None:
    def drawn(seed: int, account: str) -> list[str]:
        sids = Sids(seed, account, "sids")
        return [sids.new("IM") for _ in range(5)]

    assert drawn(1, "AC1") == drawn(1, "AC1")
    assert len({*drawn(1, "AC1"), *drawn(2, "AC1"), *drawn(1, "AC2")}) == 15


def test_the_state_of_a_stream_is_one_number() -> None:
    stream = Stream(7, "AC1", "dice")
    before = [stream.random() for _ in range(3)]
    again = Stream(7, "AC1", "dice")
    again.drawn = 1
    assert [again.random() for _ in range(2)] == before[1:]


def test_a_stream_throws_every_kind_of_dice() -> None:
    stream = Stream(7, "AC1", "dice")
    assert all(0 <= stream.random() < 1 for _ in range(100))
    assert {stream.randint(1, 6) for _ in range(200)} == {1, 2, 3, 4, 5, 6}
    assert stream.choice(["only"]) == "only"
    assert 0 <= stream.getrandbits(300) < 1 << 300
    assert stream.getrandbits(0) == 0


def test_seeding_a_stream_anew_changes_nothing() -> None:
    stream, untouched = Stream(7, "AC1", "dice"), Stream(7, "AC1", "dice")
    stream.seed(99)
    assert stream.random() == untouched.random()
