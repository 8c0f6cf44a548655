"""The outbox: events are bounded, replays are pulled, and nobody waits for a slow reader."""

from collections.abc import Callable

from twilio_emulator.sdk.twilsock.outbox import BOUND, CONGESTION, PIECE, Outbox


class Woken:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


def replay(*frames: bytes) -> Callable[[], bytes | None]:
    left = list(frames)
    return lambda: left.pop(0) if left else None


def everything(outbox: Outbox) -> list[bytes]:
    frames = []
    while (taken := outbox.take()) is not None:
        frames.append(taken)
    return frames


def test_events_and_answers_leave_in_order() -> None:
    outbox = Outbox(Woken())
    outbox.push(b"event 1")
    outbox.answer(b"answer")
    outbox.push(b"event 2")
    assert everything(outbox) == [b"event 1", b"answer", b"event 2"]
    assert outbox.take() is None


def test_the_writer_is_woken_when_it_may_be_asleep() -> None:
    woken = Woken()
    outbox = Outbox(woken)
    outbox.push(b"1")
    assert woken.times == 1
    outbox.push(b"2")
    assert woken.times == 1
    everything(outbox)
    outbox.push(b"3")
    assert woken.times == 2
    everything(outbox)
    outbox.answer(b"4")
    assert woken.times == 3
    everything(outbox)
    outbox.follow(replay(b"5"))
    assert woken.times == 4
    everything(outbox)


def test_the_bound_is_two_mebibytes() -> None:
    assert BOUND == 2 * 1024 * 1024
    assert Outbox(Woken()).bound == BOUND


def test_a_reader_that_stops_reading_is_let_go() -> None:
    woken = Woken()
    outbox = Outbox(woken, bound=10)
    outbox.follow(replay(b"old"))
    outbox.push(b"12345")
    outbox.push(b"67890")
    assert not outbox.overflowed
    assert outbox.unsent_events == 10
    woken.times = 0

    outbox.push(b"1")

    assert outbox.overflowed
    assert outbox.unsent_events == 0
    assert woken.times == 1
    assert outbox.take() is None


def test_after_the_bound_nothing_is_kept() -> None:
    woken = Woken()
    outbox = Outbox(woken, bound=0)
    outbox.push(b"1")
    woken.times = 0
    outbox.push(b"2")
    outbox.answer(b"3")
    outbox.follow(replay(b"4"))
    assert outbox.take() is None
    assert woken.times == 0
    assert not outbox.congested


def test_what_the_writer_holds_counts_until_it_comes_back() -> None:
    outbox = Outbox(Woken(), bound=10)
    outbox.push(b"1234567890")
    outbox.take()
    assert outbox.unsent_events == 10
    outbox.take()
    assert outbox.unsent_events == 0

    outbox.push(b"1234567890")
    outbox.take()
    outbox.push(b"1")
    assert outbox.overflowed


def test_what_waits_together_leaves_in_one_piece() -> None:
    outbox = Outbox(Woken(), bound=2 * PIECE)
    small, large = b"1" * 100, b"2" * PIECE
    for frame in (small, small, large, small):
        outbox.push(frame)
    outbox.answer(small)
    outbox.follow(replay(b"old 1", b"old 2"))
    assert outbox.take_piece() == [small, small]
    assert outbox.unsent_events == PIECE + 300
    assert outbox.take_piece() == [large]
    assert outbox.unsent_events == PIECE + 100
    assert outbox.take_piece() == [small, small]
    assert outbox.unsent_events == 100
    assert [outbox.take_piece() for _ in range(3)] == [[b"old 1"], [b"old 2"], []]
    assert outbox.unsent_events == 0


def test_a_reader_that_keeps_up_has_no_limit() -> None:
    outbox = Outbox(Woken(), bound=10)
    for _ in range(100):
        outbox.push(b"123456789")
        assert everything(outbox) == [b"123456789"]
    assert not outbox.overflowed


def test_a_replay_is_pulled_when_nothing_else_waits() -> None:
    outbox = Outbox(Woken())
    outbox.follow(replay(b"old 1", b"old 2"))
    outbox.follow(replay(b"other"))
    outbox.push(b"event")
    outbox.answer(b"answer")
    assert outbox.take() == b"event"
    assert outbox.take() == b"answer"
    assert outbox.take() == b"old 1"
    outbox.push(b"meanwhile")
    assert everything(outbox) == [b"meanwhile", b"old 2", b"other"]


def test_a_replay_does_not_trip_the_bound() -> None:
    outbox = Outbox(Woken(), bound=10)
    outbox.follow(replay(*[b"0123456789"] * 50))
    outbox.push(b"0123456789")
    assert len(everything(outbox)) == 51
    assert not outbox.overflowed


def test_answers_do_not_trip_the_bound_but_say_when_to_stop_reading() -> None:
    outbox = Outbox(Woken(), bound=10)
    outbox.answer(bytes(CONGESTION))
    assert not outbox.congested
    outbox.answer(b"1")
    assert outbox.congested
    outbox.push(b"event")
    assert not outbox.overflowed
    outbox.take()
    assert outbox.congested
    outbox.take()
    assert not outbox.congested
    assert everything(outbox) == [b"event"]
