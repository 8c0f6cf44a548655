"""How long everybody had to wait for others."""

import pytest

from twilio_emulator.runtime.holds import EVERY, LATELY, Holds


def test_what_wakes_late_was_held_up() -> None:
    holds = Holds()
    holds.woke(5.0)
    assert (holds.lately, holds.longest) == (0, 0)
    holds.sleeps(5.0, 5.0)
    holds.woke(5.0 + EVERY + 0.25)
    assert holds.longest == pytest.approx(0.25)
    holds.sleeps(5.7, 5.3)  # to look was itself a hold
    assert (holds.lately, holds.longest) == (pytest.approx(0.4), pytest.approx(0.4))


def test_a_hold_is_of_the_last_minute_for_a_minute_or_two() -> None:
    holds = Holds()
    holds.woke(LATELY)
    holds.sleeps(LATELY + 1, LATELY)
    holds.woke(2 * LATELY + 1)
    assert holds.lately == pytest.approx(LATELY - EVERY)
    holds.sleeps(2 * LATELY + 1, 2 * LATELY + 1)
    holds.woke(3 * LATELY + 1)
    assert holds.lately == pytest.approx(LATELY - EVERY)
    assert holds.longest == pytest.approx(LATELY - EVERY)
    holds.sleeps(3 * LATELY + 1, 3 * LATELY + 1)
    holds._due = None
    holds.woke(5 * LATELY + 1)
    assert (holds.lately, holds.longest) == (0, pytest.approx(LATELY - EVERY))
