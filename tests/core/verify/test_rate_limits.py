import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, Told
from tests.core.refused import code as refused
from tests.core.verify.conftest import wish
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import rate_limit_counts, rate_limits
from twilio_emulator.core.verify.rate_limits import (
    AddRateLimit,
    AddRateLimitBucket,
    RateLimit,
    RateLimitBucket,
    RateLimitChanged,
    RateLimits,
    RateLimitWindows,
    RemoveRateLimit,
    RemoveRateLimitBucket,
    UpdateRateLimit,
    UpdateRateLimitBucket,
)
from twilio_emulator.core.verify.services import FIRST_SERVICE, RemoveVerifyService

SERVICE = {"account": ACCOUNT, "service": FIRST_SERVICE}

Advance = Callable[..., None]


def limit(world: World, name: str = "by_ip", **fields: str) -> RateLimit:
    return world.perform(AddRateLimit(**SERVICE, unique_name=name, **fields))


def bucket(world: World, of: RateLimit, most: str = "2", interval: str = "60") -> RateLimitBucket:
    return world.perform(
        AddRateLimitBucket(**SERVICE, rate_limit=of.sid, max=most, interval=interval)
    )


def ask(world: World, number: int, **values: Any) -> None:
    to = f"+120255501{number:02}"
    world.perform(wish(to=to, rate_limits=json.dumps(values)))


def reached(world: World, number: int, **values: Any) -> dict[str, str]:
    """The headers with which a request is refused."""
    before = world.snapshot()
    with pytest.raises(Refused) as caught:
        ask(world, number, **values)
    assert caught.value.code == 20429
    assert world.snapshot() == {**before, "now": world.snapshot()["now"]}
    return dict(caught.value.headers)


def test_a_limit_is_kept_and_described(world: World, told: Told) -> None:
    made = limit(world, "by.ip-1_a", description="By address")
    assert (made.sid[:2], made.description) == ("RK", "By address")
    where = {**SERVICE, "rate_limit": made.sid}
    assert world.perform(UpdateRateLimit(**where)).description == "By address"
    assert world.perform(UpdateRateLimit(**where, description="")).description is None
    other = limit(world, "other")
    rows = rate_limits.list_rate_limits(world, **SERVICE)
    assert [each.sid for each in rows] == [other.sid, made.sid]
    world.perform(RemoveRateLimit(**where))
    assert told.of(RateLimitChanged)[-1].rate_limit is None
    assert refused(world, RemoveRateLimit(**where)) == 20404


@pytest.mark.parametrize("name", ["a b", "ü", "a/b", "a!"])
def test_a_name_has_letters_digits_and_three_signs(world: World, name: str) -> None:
    assert refused(world, AddRateLimit(**SERVICE, unique_name=name)) == 60209


def test_a_limit_needs_a_name_of_its_own(world: World) -> None:
    assert refused(world, AddRateLimit(**SERVICE, unique_name="")) == 20001
    limit(world)
    assert refused(world, AddRateLimit(**SERVICE, unique_name="by_ip")) == 60208


def test_there_are_so_many_limits_and_buckets(world: World) -> None:
    made = [limit(world, f"limit{number}") for number in range(10)]
    assert refused(world, AddRateLimit(**SERVICE, unique_name="one_more")) == 60207
    for interval in range(1, 11):
        bucket(world, made[0], interval=str(interval))
    more = AddRateLimitBucket(**SERVICE, rate_limit=made[0].sid, max="1", interval="11")
    assert refused(world, more) == 60210


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"max": "0"}, 60200),
        ({"interval": "0"}, 60200),
        ({"max": "many"}, 60200),
        ({"interval": "1.5"}, 60200),
        ({"interval": "60"}, 60211),
        ({"max": ""}, 20001),
        ({"rate_limit": "RK" + "9" * 32}, 20404),
    ],
)
def test_a_bucket_that_cannot_be_is_refused(
    world: World, fields: dict[str, str], code: int
) -> None:
    made = limit(world)
    bucket(world, made)
    said = {**SERVICE, "rate_limit": made.sid, "max": "1", "interval": "30", **fields}
    assert refused(world, AddRateLimitBucket(**said)) == code


def test_a_bucket_is_changed_and_removed(world: World) -> None:
    made = limit(world)
    first, second = bucket(world, made), bucket(world, made, "5", "3600")
    where = {**SERVICE, "rate_limit": made.sid, "bucket": first.sid}
    changed = world.perform(UpdateRateLimitBucket(**where, max="3"))
    assert (changed.max, changed.interval) == (3, 60)
    changed = world.perform(UpdateRateLimitBucket(**where, interval="90"))
    assert (changed.max, changed.interval) == (3, 90)
    assert refused(world, UpdateRateLimitBucket(**where, interval="3600")) == 60211
    rows = rate_limits.list_buckets(world, **SERVICE, rate_limit=made.sid)
    assert [each.sid for each in rows] == [second.sid, first.sid]
    world.perform(RemoveRateLimitBucket(**where))
    assert refused(world, RemoveRateLimitBucket(**where)) == 20404


def test_a_bucket_is_of_its_limit(world: World) -> None:
    made = bucket(world, limit(world))
    where = {**SERVICE, "rate_limit": limit(world, "other").sid, "bucket": made.sid}
    assert refused(world, RemoveRateLimitBucket(**where)) == 20404


def test_each_value_is_counted_apart_in_a_window_that_is_fixed(
    world: World, advance: Advance
) -> None:
    bucket(world, limit(world))
    ask(world, 1, by_ip="::1")
    advance(seconds=59)
    ask(world, 2, by_ip="::1")
    said = reached(world, 3, by_ip="::1")
    assert said == {"Retry-After": "1", "Twilio-Reached-Rate-Limit": "by_ip"}
    ask(world, 4, by_ip="::2")
    advance(milliseconds=500)
    assert reached(world, 3, by_ip="::1")["Retry-After"] == "1"
    advance(milliseconds=500)
    ask(world, 5, by_ip="::1")
    ask(world, 6, by_ip="::1")
    assert reached(world, 7, by_ip="::1")["Retry-After"] == "60"


def test_every_bucket_is_asked_before_any_counts(world: World) -> None:
    wide, narrow = limit(world, "wide"), limit(world, "narrow")
    bucket(world, wide, "10")
    bucket(world, narrow, "1")
    ask(world, 1, wide="a", narrow="b")
    assert reached(world, 2, wide="a", narrow="b")["Twilio-Reached-Rate-Limit"] == "narrow"
    (counted,) = [each for each in world[RateLimitWindows] if each.value == "a"]
    assert counted.count == 1


def test_what_nobody_names_or_has_no_bucket_limits_nothing(world: World) -> None:
    bucket(world, limit(world), "1")
    limit(world, "empty")
    for number in range(1, 5):
        ask(world, number)
        ask(world, number + 10, empty="a", unknown="b")
    ask(world, 20, by_ip=1)
    assert reached(world, 21, by_ip="1")


@pytest.mark.parametrize("said", ["[]", "x", '{"by_ip": null}', '{"by_ip": {}}'])
def test_values_are_an_object_of_texts(world: World, said: str) -> None:
    assert refused(world, wish(rate_limits=said)) == 60200


def test_windows_that_are_over_are_forgotten(world: World, advance: Advance) -> None:
    bucket(world, limit(world))
    for number in range(5):
        ask(world, number, by_ip=str(number))
    advance(seconds=60)
    for number in range(5):
        ask(world, 10 + number, by_ip=f"later{number}")
    assert {each.value for each in world[RateLimitWindows]} == {f"later{n}" for n in range(5)}


def test_a_window_at_the_end_of_time_is_over_at_once(world: World) -> None:
    world.now = datetime.max.replace(tzinfo=UTC)
    made = limit(world)
    bucket(world, made)
    rate_limit_counts.count_request(world, FIRST_SERVICE, (("by_ip", "a"),))
    assert len(world[RateLimitWindows]) == 0


def test_all_of_it_goes_with_its_service(world: World) -> None:
    bucket(world, limit(world))
    ask(world, 1, by_ip="a")
    world.perform(RemoveVerifyService(**SERVICE))
    assert len(world[RateLimits]) == len(world[RateLimitWindows]) == 0
