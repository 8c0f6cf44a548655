"""Requests for codes, counted against the rate limits that they name.

The rules of this file (https://www.twilio.com/docs/verify/api/service-rate-limits):

- A limit does nothing by itself. A request names it and says a value, such as the address of who
  asks; each value is counted apart, in each bucket of the limit. A name that is no limit counts
  nothing (decided).
- Every bucket of every limit that is named is asked before any counts. A request that is refused,
  for whatever reason, does not count (decided).
- A window is fixed: it begins with the first request and is over `interval` seconds later, on the
  account's clock (decided).
- A bucket without room refuses. A limit without buckets never does.
"""

from twilio_emulator.core.kernel.clock import seconds
from twilio_emulator.core.kernel.parameters import later, milliseconds
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.rate_limits import (
    RateLimit,
    RateLimitBucket,
    RateLimitBuckets,
    RateLimits,
    RateLimitWindow,
    RateLimitWindows,
    window_key,
)
from twilio_emulator.core.verify.wishes import SendWish

Values = tuple[tuple[str, str], ...]
"""Limits by their names, each with the value that a request says."""


def check_rate_limits(world: World, wish: SendWish) -> SendWish:
    """Every bucket has room for the values that a request says.

    Raises:
        Refused: 20429 one has not, with the header that says when to come again. What the headers
            say is decided: Twilio's file names them, and no more.
    """
    for limit, bucket, value in _asked(world, wish.service.sid, wish.rate_limits):
        window = world[RateLimitWindows].get(window_key(bucket.sid, value))
        if window is not None and world.now < window.ends and window.count >= bucket.max:
            refused = Refused(errors.TOO_MANY_REQUESTS)
            left = window.ends - world.now
            refused.headers = (
                ("Retry-After", str(-(-left // seconds(1)))),
                ("Twilio-Reached-Rate-Limit", limit.unique_name),
            )
            raise refused
    return wish


def count_request(world: World, service_sid: str, values: Values) -> None:
    """Count a request that was not refused, and forget some windows that are over."""
    windows = world[RateLimitWindows]
    for _, bucket, value in _asked(world, service_sid, values):
        window = windows.get(window_key(bucket.sid, value))
        if window is not None and world.now < window.ends:
            windows.put(replace(window, count=window.count + 1))
            continue
        windows.put(
            RateLimitWindow(
                bucket_sid=bucket.sid,
                value=value,
                count=1,
                began=world.now,
                ends=later(world.now, seconds(bucket.interval)),
            )
        )
        _forget_some(world)


AT_ONCE = 2
"""How many windows that are over are forgotten when one begins."""


def _forget_some(world: World) -> None:
    windows = world[RateLimitWindows]
    for _ in range(AT_ONCE):
        first = next(windows.by_end.of("").upward(), None)
        if first is None or milliseconds(world.now) < first[0]:
            return
        windows.remove(first[1])


def _asked(
    world: World, service_sid: str, values: Values
) -> list[tuple[RateLimit, RateLimitBucket, str]]:
    """The buckets that a request is held against, the limits in the order in which it names
    them."""
    limits, buckets = world[RateLimits], world[RateLimitBuckets]
    found: list[tuple[RateLimit, RateLimitBucket, str]] = []
    for name, value in values:
        limit = limits.found(limits.by_name, (service_sid, name))
        if limit is not None:
            found += [(limit, each, value) for each in buckets.all(buckets.by_limit, limit.sid)]
    return found
