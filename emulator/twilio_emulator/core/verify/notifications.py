"""Notifications of challenges: what wakes the app on a device.

The rules of this file (https://www.twilio.com/docs/verify/api/notification):

- A device is told of a push challenge when it is made, and again with each notification that the
  app asks for, `MOST` of them.
- One that a device cannot be told of is kept for `ttl` seconds; with 0 it is lost at once.
- Nothing leaves the emulator: it is the devices of `push_devices.py` that are told.
"""

from datetime import datetime, timedelta

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import challenges, push_devices
from twilio_emulator.core.verify.challenges import Challenge, ChallengeCreated
from twilio_emulator.core.verify.factor_errors import (
    NO_PLATFORM_TO_NOTIFY,
    NOTIFICATIONS_REACHED,
)
from twilio_emulator.core.verify.factors import Factor, FactorRemoved, Factors
from twilio_emulator.core.verify.push_devices import PushDevice, PushDeviceUpdated
from twilio_emulator.core.verify.push_factors import Platform
from twilio_emulator.core.verify.totp import read_number

MOST = 3
"""Notifications that an app may ask for, for one challenge."""

TTLS = range(301)
TTL = 300


@record
class PushNotification:
    """What a device is told of a challenge (NT).

    Attributes:
        ttl: seconds for which it is kept for a device that is not there.
        date_received: when the device was told; None before that.
    """

    sid: str
    account_sid: str
    service_sid: str
    entity_sid: str
    identity: str
    challenge_sid: str
    factor_sid: str
    ttl: int
    date_created: datetime
    date_received: datetime | None = None
    serial: int


class PushNotifications(Table[PushNotification]):
    """Notifications, by factor."""

    refers = (("account_sid", "accounts"), ("factor_sid", "factors"))

    def __init__(self) -> None:
        self.by_factor: Ordered[PushNotification] = Ordered(
            lambda it: it.factor_sid, lambda it: it.serial
        )
        super().__init__(PushNotification, self.by_factor)


@event
class PushNotificationSent:
    """A device is to be told of a challenge."""

    notification: PushNotification


@event
class PushNotificationReceived:
    """A device was told of a challenge."""

    notification: PushNotification


@command
class AddPushNotification:
    """Tell the device of a challenge once more.

    Raises:
        Refused: 60306 the time is wrong, 60307 nothing is pushed to the device, 60309 it was told
            too often, 60322 and 60323 the challenge is over.
    """

    account: str
    service: str
    entity: str
    challenge: str
    ttl: str | None = None

    def apply(self, world: World) -> PushNotification:
        challenge = challenges.fetch_challenge(
            world,
            account=self.account,
            service=self.service,
            entity=self.entity,
            challenge=self.challenge,
        )
        ttl = read_number(self.ttl, TTLS)
        challenges.check_pending(challenge)
        factor = world[Factors][challenge.factor_sid or ""]
        if not _is_reached(factor):
            raise Refused(NO_PLATFORM_TO_NOTIFY)
        if challenge.notifications >= MOST:
            raise Refused(NOTIFICATIONS_REACHED)
        again = challenge.notifications + 1
        challenge = challenges.put(world, replace(challenge, notifications=again))
        return _send(world, challenge, factor, TTL if ttl is None else ttl)


def challenge_created(world: World, event: ChallengeCreated) -> None:
    """The device that a challenge is for is told of it."""
    factor = world[Factors].get(event.challenge.factor_sid)
    if factor is not None and _is_reached(factor):
        _send(world, event.challenge, factor, TTL)


def _is_reached(factor: Factor) -> bool:
    """Whether something can be pushed to a factor."""
    return factor.push is not None and factor.push.notification_platform is not Platform.NONE


def _send(world: World, challenge: Challenge, factor: Factor, ttl: int) -> PushNotification:
    notification = world[PushNotifications].put(
        PushNotification(
            sid=world.sids.new("NT"),
            account_sid=factor.account_sid,
            service_sid=factor.service_sid,
            entity_sid=factor.entity_sid,
            identity=factor.identity,
            challenge_sid=challenge.sid,
            factor_sid=factor.sid,
            ttl=ttl,
            date_created=world.now,
            serial=world.serial(),
        )
    )
    world.tell(PushNotificationSent(notification=notification))
    device = push_devices.device_of(world, factor.sid)
    if device is not None and device.online:
        return _receive(world, notification)
    return notification


def _receive(world: World, notification: PushNotification) -> PushNotification:
    notification = world[PushNotifications].put(replace(notification, date_received=world.now))
    world.tell(PushNotificationReceived(notification=notification))
    return notification


def is_kept(world: World, notification: PushNotification) -> bool:
    """Whether a notification still waits for its device."""
    lasts = timedelta(seconds=notification.ttl)
    return notification.date_received is None and world.now < notification.date_created + lasts


def device_updated(world: World, event: PushDeviceUpdated) -> None:
    """A device that is there is told what was kept for it."""
    device = event.device
    if device.online and device.factor_sid is not None:
        for notification in told(world, device):
            if is_kept(world, notification):
                _receive(world, notification)


def told(world: World, device: PushDevice) -> list[PushNotification]:
    """All that a device was told, or is to be told, the oldest first."""
    if device.factor_sid is None:
        return []
    table = world[PushNotifications]
    return list(table.all(table.by_factor, device.factor_sid))


def factor_removed(world: World, event: FactorRemoved) -> None:
    """What a device was told goes with its factor."""
    table = world[PushNotifications]
    for notification in table.all(table.by_factor, event.factor.sid):
        table.remove(notification.sid)
