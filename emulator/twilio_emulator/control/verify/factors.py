"""Factors of Verify by the control API: what everybody has, what it shows now, what it is asked."""

from datetime import UTC, datetime
from itertools import islice
from typing import TypedDict

from twilio_emulator.control.exchange import Reply, json_reply
from twilio_emulator.control.listing import More, Paged, place_of, take
from twilio_emulator.control.routes import Control, Controls
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import push_devices, totp
from twilio_emulator.core.verify.challenges import Challenge, Challenges
from twilio_emulator.core.verify.factors import Factor, Factors

NEWEST = 5
"""Challenges that are shown of a factor."""


class ShownDetail(TypedDict):
    """What a device shows of a challenge."""

    label: str
    value: str


class ShownChallenge(TypedDict):
    """A question to a factor.

    Attributes:
        sid: of the challenge (YC).
        message: what a device asks its owner.
        fields: what it shows besides.
    """

    sid: str
    status: str
    message: str | None
    fields: list[ShownDetail]
    date_created: str
    date_responded: str | None
    expiration_date: str


class ShownFactor(TypedDict):
    """Something that proves who somebody is.

    Attributes:
        sid: of the factor (YF).
        code: what an authenticator app shows now; null of other factors.
        valid_until: when it shows the next one.
        device: the `id` of the fake device that a push factor is on.
        challenges: the newest five, newest first.
    """

    sid: str
    service_sid: str
    identity: str
    friendly_name: str
    factor_type: str
    status: str
    code: str | None
    valid_until: str | None
    device: str | None
    challenges: list[ShownChallenge]
    date_created: str


class FactorList(More):
    """Factors, newest first."""

    factors: list[ShownFactor]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on(
        "GET",
        "/verify/factors",
        "list_factors",
        "Factors of everybody, newest first, with what they show now and what they are asked.",
        query=Paged,
        gives=FactorList,
        examples=({}, {"limit": 1}),
    )
    async def list_factors(control: Control) -> Reply:
        wish, world = control.query(Paged), control.hosted.world
        table = world[Factors]
        places = table.by_account.of(control.account_sid).downward(place_of(wish.cursor))
        held, more = take(control, places, table.__getitem__, wish.limit)
        return json_reply({"factors": [_factor(world, each) for each in held], **more})


def _factor(world: World, it: Factor) -> ShownFactor:
    device = push_devices.device_of(world, it.sid)
    challenges = world[Challenges]
    newest = islice(challenges.by_factor.of(it.sid).downward(), NEWEST)
    code = valid_until = None
    if it.totp is not None:
        now = world.clock.now()
        code = totp.code_at(it.totp, now)
        ends = (totp.step_at(now, it.totp.time_step) + 1) * it.totp.time_step
        valid_until = write_instant(datetime.fromtimestamp(ends, UTC))
    return {
        "sid": it.sid,
        "service_sid": it.service_sid,
        "identity": it.identity,
        "friendly_name": it.friendly_name,
        "factor_type": it.factor_type,
        "status": it.status,
        "code": code,
        "valid_until": valid_until,
        "device": None if device is None else device.sid,
        "challenges": [_challenge(challenges[sid]) for _, sid in newest],
        "date_created": write_instant(it.date_created),
    }


def _challenge(it: Challenge) -> ShownChallenge:
    responded = it.date_responded
    return {
        "sid": it.sid,
        "status": it.status,
        "message": it.message,
        "fields": [{"label": each.label, "value": each.value} for each in it.fields],
        "date_created": write_instant(it.date_created),
        "date_responded": None if responded is None else write_instant(responded),
        "expiration_date": write_instant(it.expiration_date),
    }
