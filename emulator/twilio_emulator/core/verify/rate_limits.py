"""Rate limits of a service: how many codes somebody may ask for whom the app names.

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

import re
from datetime import datetime

from twilio_emulator.core.kernel.clock import seconds
from twilio_emulator.core.kernel.parameters import later, milliseconds
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Ordered, Rows, Table, Unique
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.errors import required
from twilio_emulator.core.verify.resources import VerifyServiceChanged
from twilio_emulator.core.verify.services import fetch_verify_service
from twilio_emulator.core.verify.wishes import SendWish

MOST_LIMITS = 10
MOST_BUCKETS = 10
"""Decided: how many a service, and a limit, may have. Twilio publishes neither."""

MOST = 999_999_999
"""Decided: the largest number, of requests or of seconds."""

_UNIQUE_NAME = re.compile(r"[A-Za-z0-9._\-]+")


@record
class RateLimit:
    """A limit (RK), by the name that requests have for it."""

    sid: str
    account_sid: str
    service_sid: str
    unique_name: str
    description: str | None = None
    date_created: datetime
    date_updated: datetime
    serial: int


class RateLimits(Table[RateLimit]):
    """Limits by service, and by their name there."""

    refers = (("service_sid", "verify_services"),)

    def __init__(self) -> None:
        self.by_service: Ordered[RateLimit] = Ordered(
            lambda it: it.service_sid, lambda it: it.serial
        )
        self.by_name: Unique[RateLimit] = Unique(lambda it: (it.service_sid, it.unique_name))
        super().__init__(RateLimit, self.by_service, self.by_name)


@record
class RateLimitBucket:
    """How much a limit lets through (BL): `max` requests in `interval` seconds."""

    sid: str
    account_sid: str
    service_sid: str
    rate_limit_sid: str
    max: int
    interval: int
    date_created: datetime
    date_updated: datetime
    serial: int


class RateLimitBuckets(Table[RateLimitBucket]):
    """Buckets by limit, and by the interval that they alone have there."""

    refers = (("rate_limit_sid", "rate_limits"),)

    def __init__(self) -> None:
        self.by_limit: Ordered[RateLimitBucket] = Ordered(
            lambda it: it.rate_limit_sid, lambda it: it.serial
        )
        self.by_interval: Unique[RateLimitBucket] = Unique(
            lambda it: (it.rate_limit_sid, it.interval)
        )
        super().__init__(RateLimitBucket, self.by_limit, self.by_interval)


@record
class RateLimitWindow:
    """How many requests with a value a bucket has let through, from when on."""

    bucket_sid: str
    value: str
    count: int
    began: datetime
    ends: datetime

    @property
    def sid(self) -> str:
        """What the table keeps it by."""
        return _window_key(self.bucket_sid, self.value)


class RateLimitWindows(Table[RateLimitWindow]):
    """Windows by bucket, and all by when they are over."""

    refers = (("bucket_sid", "rate_limit_buckets"),)

    def __init__(self) -> None:
        self.by_bucket: Ordered[RateLimitWindow] = Ordered(
            lambda it: it.bucket_sid, lambda it: milliseconds(it.ends)
        )
        self.by_end: Ordered[RateLimitWindow] = Ordered(
            lambda _: "", lambda it: milliseconds(it.ends)
        )
        super().__init__(RateLimitWindow, self.by_bucket, self.by_end)


@event
class RateLimitChanged:
    """A limit, or what it lets through, is another; None when it is gone."""

    sid: str
    rate_limit: RateLimit | None


@command
class AddRateLimit:
    """Give a service a limit that requests can name.

    Raises:
        Refused: 60207 there are enough, 60208 the name is taken, 60209 it is none.
    """

    account: str
    service: str
    unique_name: str
    description: str | None = None

    def apply(self, world: World) -> RateLimit:
        service = fetch_verify_service(world, account=self.account, service=self.service)
        name = required("UniqueName", self.unique_name)
        if not _UNIQUE_NAME.fullmatch(name):
            raise Refused(errors.UNIQUE_NAME_INVALID)
        table = world[RateLimits]
        if table.by_name.find((service.sid, name)) is not None:
            raise Refused(errors.UNIQUE_NAME_TAKEN)
        if len(table.by_service.of(service.sid)) >= MOST_LIMITS:
            raise Refused(errors.TOO_MANY_RATE_LIMITS)
        return _put(
            world,
            RateLimit(
                sid=world.sids.new("RK"),
                account_sid=self.account,
                service_sid=service.sid,
                unique_name=name,
                description=self.description or None,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            ),
        )


@command
class UpdateRateLimit:
    """Describe a limit otherwise."""

    account: str
    service: str
    rate_limit: str
    description: str | None = None

    def apply(self, world: World) -> RateLimit:
        found = fetch_rate_limit(
            world, account=self.account, service=self.service, rate_limit=self.rate_limit
        )
        changes: dict[str, object] = {}
        if self.description is not None:
            changes["description"] = self.description or None
        return _put(world, replace(found, date_updated=world.now, **changes))


@command
class RemoveRateLimit:
    """Have a limit no more, nor its buckets."""

    account: str
    service: str
    rate_limit: str

    def apply(self, world: World) -> None:
        found = fetch_rate_limit(
            world, account=self.account, service=self.service, rate_limit=self.rate_limit
        )
        _remove(world, found)
        world.tell(RateLimitChanged(sid=found.sid, rate_limit=None))


@command
class AddRateLimitBucket:
    """Let so many requests through in so many seconds.

    Raises:
        Refused: 60200 a number is below 1 or none, 60210 there are enough, 60211 there is one of
            this interval. The code of the first is decided.
    """

    account: str
    service: str
    rate_limit: str
    max: str
    interval: str

    def apply(self, world: World) -> RateLimitBucket:
        limit = fetch_rate_limit(
            world, account=self.account, service=self.service, rate_limit=self.rate_limit
        )
        most, interval = _number("Max", self.max), _number("Interval", self.interval)
        table = world[RateLimitBuckets]
        if table.by_interval.find((limit.sid, interval)) is not None:
            raise Refused(errors.INTERVAL_TAKEN)
        if len(table.by_limit.of(limit.sid)) >= MOST_BUCKETS:
            raise Refused(errors.TOO_MANY_BUCKETS)
        bucket = table.put(
            RateLimitBucket(
                sid=world.sids.new("BL"),
                account_sid=self.account,
                service_sid=limit.service_sid,
                rate_limit_sid=limit.sid,
                max=most,
                interval=interval,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            )
        )
        world.tell(RateLimitChanged(sid=limit.sid, rate_limit=limit))
        return bucket


@command
class UpdateRateLimitBucket:
    """Let another number of requests through, or in another time. A window that has begun keeps its
    end (decided)."""

    account: str
    service: str
    rate_limit: str
    bucket: str
    max: str | None = None
    interval: str | None = None

    def apply(self, world: World) -> RateLimitBucket:
        found = fetch_bucket(
            world,
            account=self.account,
            service=self.service,
            rate_limit=self.rate_limit,
            bucket=self.bucket,
        )
        most = _number("Max", self.max) if self.max else found.max
        interval = _number("Interval", self.interval) if self.interval else found.interval
        table = world[RateLimitBuckets]
        if table.by_interval.find((found.rate_limit_sid, interval)) not in (None, found.sid):
            raise Refused(errors.INTERVAL_TAKEN)
        changed = table.put(replace(found, max=most, interval=interval, date_updated=world.now))
        limit = world[RateLimits][found.rate_limit_sid]
        world.tell(RateLimitChanged(sid=limit.sid, rate_limit=limit))
        return changed


@command
class RemoveRateLimitBucket:
    """Have a bucket no more."""

    account: str
    service: str
    rate_limit: str
    bucket: str

    def apply(self, world: World) -> None:
        found = fetch_bucket(
            world,
            account=self.account,
            service=self.service,
            rate_limit=self.rate_limit,
            bucket=self.bucket,
        )
        _remove_bucket(world, found)
        limit = world[RateLimits][found.rate_limit_sid]
        world.tell(RateLimitChanged(sid=limit.sid, rate_limit=limit))


def fetch_rate_limit(world: World, *, account: str, service: str, rate_limit: str) -> RateLimit:
    """A limit of a service.

    Raises:
        Refused: 20404.
    """
    sid = fetch_verify_service(world, account=account, service=service).sid
    found = world[RateLimits].get(rate_limit)
    if found is None or found.service_sid != sid:
        raise Refused(NOT_FOUND)
    return found


def list_rate_limits(world: World, *, account: str, service: str) -> Rows[RateLimit]:
    """The limits of a service, newest first.

    Raises:
        Refused: 20404 there is no such service.
    """
    sid = fetch_verify_service(world, account=account, service=service).sid
    table = world[RateLimits]
    return Rows(table, table.by_service, sid, downward=True)


def fetch_bucket(
    world: World, *, account: str, service: str, rate_limit: str, bucket: str
) -> RateLimitBucket:
    """A bucket of a limit.

    Raises:
        Refused: 20404.
    """
    limit = fetch_rate_limit(world, account=account, service=service, rate_limit=rate_limit)
    found = world[RateLimitBuckets].get(bucket)
    if found is None or found.rate_limit_sid != limit.sid:
        raise Refused(NOT_FOUND)
    return found


def list_buckets(
    world: World, *, account: str, service: str, rate_limit: str
) -> Rows[RateLimitBucket]:
    """The buckets of a limit, newest first.

    Raises:
        Refused: 20404 there is no such limit.
    """
    limit = fetch_rate_limit(world, account=account, service=service, rate_limit=rate_limit)
    table = world[RateLimitBuckets]
    return Rows(table, table.by_limit, limit.sid, downward=True)


Values = tuple[tuple[str, str], ...]
"""Limits by their names, each with the value that a request says."""


def check_rate_limits(world: World, wish: SendWish) -> SendWish:
    """Every bucket has room for the values that a request says.

    Raises:
        Refused: 20429 one has not, with the header that says when to come again. What the headers
            say is decided: Twilio's file names them, and no more.
    """
    for limit, bucket, value in _asked(world, wish.service.sid, wish.rate_limits):
        window = world[RateLimitWindows].get(_window_key(bucket.sid, value))
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
        window = windows.get(_window_key(bucket.sid, value))
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


def forget_rate_limits(world: World, event: VerifyServiceChanged) -> None:
    """A service that is gone has none."""
    if event.service is None:
        table = world[RateLimits]
        for each in table.all(table.by_service, event.sid):
            _remove(world, each)


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


def _put(world: World, limit: RateLimit) -> RateLimit:
    world[RateLimits].put(limit)
    world.tell(RateLimitChanged(sid=limit.sid, rate_limit=limit))
    return limit


def _remove(world: World, limit: RateLimit) -> None:
    buckets = world[RateLimitBuckets]
    for bucket in buckets.all(buckets.by_limit, limit.sid):
        _remove_bucket(world, bucket)
    world[RateLimits].remove(limit.sid)


def _remove_bucket(world: World, bucket: RateLimitBucket) -> None:
    windows = world[RateLimitWindows]
    for window in windows.all(windows.by_bucket, bucket.sid):
        windows.remove(window.sid)
    world[RateLimitBuckets].remove(bucket.sid)


def _window_key(bucket_sid: str, value: str) -> str:
    return f"{bucket_sid}/{value}"


def _number(parameter: str, said: str) -> int:
    return errors.whole_number(parameter, required(parameter, said), 1, MOST)
