"""How many look-ups an account may do: limits of its own, by package.

The rules of this file (https://www.twilio.com/docs/lookup/v2-api/rate-limits):

- A look-up counts for each package that it asks for; one that asks for none counts as `validation`.
- Decided: a window begins with the first look-up in it, and lasts `ttl` seconds; without a `ttl` it
  is what the bucket is called. Each bucket of a package counts by itself.
- A look-up over a limit is refused, and counts nowhere. Without limits nothing is counted: then a
  look-up is no command.
"""

from collections.abc import Iterable
from datetime import timedelta

from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import MISSING_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup.answers import VALIDATION
from twilio_emulator.core.lookup.errors import MALFORMED_PARAMETER, RATE_LIMIT_EXCEEDED
from twilio_emulator.core.lookup.packages import KEYS
from twilio_emulator.core.lookup.resources import LookupLimit, LookupLimits, limit_key

LIMITED_FIELDS = (VALIDATION, *KEYS)

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}
"""Decided: how long windows are that are called so."""

LONGEST_BUCKET = 64
"""Decided: characters of a bucket's name."""

MOST = 2**31 - 1


@event
class LookupLimitSet:
    """An account limits its look-ups."""

    limit: LookupLimit


@event
class LookupLimitRemoved:
    """An account limits its look-ups no more."""

    limit: LookupLimit


@command
class SetLookupLimit:
    """Limit the look-ups of a package.

    Attributes:
        field: a package, or `validation`.
        bucket: a name for it.
        limit: look-ups.
        ttl: seconds.
    """

    account: str
    field: str
    bucket: str
    limit: int
    ttl: int | None = None

    def apply(self, world: World) -> LookupLimit:
        check_place(self.field, self.bucket)
        ttl = SECONDS.get(self.bucket.lower()) if self.ttl is None else self.ttl
        if ttl is None:
            raise Refused(MISSING_PARAMETER, parameter="ttl")
        for name, value, least in (("limit", self.limit, 0), ("ttl", ttl, 1)):
            if not least <= value <= MOST:
                raise Refused(MALFORMED_PARAMETER, parameter=name)
        before = world[LookupLimits].get(limit_key(self.account, self.field, self.bucket))
        limit = LookupLimit(
            account_sid=self.account,
            field=self.field,
            bucket=self.bucket,
            limit=self.limit,
            ttl=ttl,
            serial=world.serial() if before is None else before.serial,
        )
        world[LookupLimits].put(limit)
        world.tell(LookupLimitSet(limit=limit))
        return limit


@command
class RemoveLookupLimit:
    """Limit the look-ups of a package no more; one that is not there is gone already."""

    account: str
    field: str
    bucket: str

    def apply(self, world: World) -> None:
        check_place(self.field, self.bucket)
        found = world[LookupLimits].get(limit_key(self.account, self.field, self.bucket))
        if found is not None:
            world[LookupLimits].remove(found.sid)
            world.tell(LookupLimitRemoved(limit=found))


@command
class CountLookups:
    """Count look-ups against the limits of an account.

    Attributes:
        fields: what was asked for, once for each number.
    """

    account: str
    fields: tuple[str, ...]

    def apply(self, world: World) -> None:
        limits = world[LookupLimits]
        counted = []
        for limit in limits.all(limits.by_account, self.account):
            asked = self.fields.count(limit.field)
            if not asked:
                continue
            began, used = limit.began, limit.used
            if began is None or world.now >= began + timedelta(seconds=limit.ttl):
                began, used = world.now, 0
            if used + asked > limit.limit:
                raise Refused(RATE_LIMIT_EXCEEDED)
            counted.append(replace(limit, began=began, used=used + asked))
        for limit in counted:
            limits.put(limit)


def to_count(world: World, account: str, asked: Iterable[tuple[str, ...]]) -> CountLookups | None:
    """What counts look-ups that ask for these packages; None where no limit is for them."""
    limits = world[LookupLimits]
    if not limits:
        return None
    fields = tuple(name for packages in asked for name in packages or (VALIDATION,))
    limited = {limit.field for limit in limits.all(limits.by_account, account)}
    return None if limited.isdisjoint(fields) else CountLookups(account=account, fields=fields)


def find_limit(world: World, *, account: str, field: str, bucket: str) -> LookupLimit:
    """A limit of an account.

    Raises:
        Refused: 20404 there is none, 60618 there is no such package.
    """
    check_place(field, bucket)
    found = world[LookupLimits].get(limit_key(account, field, bucket))
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def list_limits(world: World, *, account: str, fields: tuple[str, ...] = ()) -> list[LookupLimit]:
    """The limits of an account, of these packages if any are named, oldest first.

    Raises:
        Refused: 60618 there is no such package.
    """
    for name in fields:
        if name not in LIMITED_FIELDS:
            raise Refused(MALFORMED_PARAMETER, parameter="Fields")
    limits = world[LookupLimits]
    every = limits.all(limits.by_account, account)
    return [limit for limit in every if not fields or limit.field in fields]


def check_place(field: str, bucket: str) -> None:
    """Raises:
    Refused: 60618 there is no such package, or no bucket can be called so.
    """
    if field not in LIMITED_FIELDS:
        raise Refused(MALFORMED_PARAMETER, parameter="Field")
    if len(bucket) > LONGEST_BUCKET:
        raise Refused(MALFORMED_PARAMETER, parameter="Bucket")
