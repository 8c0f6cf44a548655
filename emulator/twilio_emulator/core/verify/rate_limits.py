"""Rate limits of a service: how many codes somebody may ask for whom the app names.

The rules of this file (https://www.twilio.com/docs/verify/api/service-rate-limits):

- A limit has a name, by which requests say what they are counted for, and buckets: so many requests
  in so many seconds. A name is one limit of a service, an interval one bucket of a limit.
- How requests are counted says `rate_limit_counts.py`.
"""

import re
from datetime import datetime

from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.parameters import milliseconds
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.errors import required
from twilio_emulator.core.verify.resources import VerifyServiceChanged
from twilio_emulator.core.verify.services import fetch_verify_service

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
        return window_key(self.bucket_sid, self.value)


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


def window_key(bucket_sid: str, value: str) -> str:
    """What the window of a bucket and a value is kept by."""
    return f"{bucket_sid}/{value}"


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


def forget_rate_limits(world: World, event: VerifyServiceChanged) -> None:
    """A service that is gone has none."""
    if event.service is None:
        table = world[RateLimits]
        for each in table.all(table.by_service, event.sid):
            _remove(world, each)


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


def _number(parameter: str, said: str) -> int:
    return errors.whole_number(parameter, required(parameter, said), 1, MOST)
