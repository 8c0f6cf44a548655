"""Fake devices with an app in which Twilio's SDK is: what a test has instead of a phone.

The rules of this file:

- A device has a key for its factor, another each time that it is enrolled, which is drawn from the
  world's dice. It acts by the REST API with it, as the SDK does
  (`control/verify/device_requests.py`). Here is only what is kept of it.
- A device that is not online is told nothing, but can act.
"""

from datetime import datetime

from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import push_factors
from twilio_emulator.core.verify.factors import FactorRemoved
from twilio_emulator.core.verify.push_factors import Platform

P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""A private key is a number from 1 on below it."""

APP_ID = "com.example.app"


@record
class PushDevice:
    """A fake device.

    Attributes:
        sid: what the control API calls it.
        token: what its platform calls it.
        private_key: of its factor, a number in hexadecimal.
        new_private_key: of the factor that it is being enrolled as.
        account_sid, service_sid, identity, factor_sid, credential_sid: where it is enrolled, and
            as what; None before that.
    """

    sid: str
    name: str | None = None
    app_id: str
    platform: Platform
    token: str | None = None
    online: bool = True
    private_key: str | None = None
    new_private_key: str | None = None
    account_sid: str | None = None
    service_sid: str | None = None
    identity: str | None = None
    factor_sid: str | None = None
    credential_sid: str | None = None
    date_created: datetime
    serial: int


class PushDevices(Table[PushDevice]):
    """Devices in the order in which they came, and by factor."""

    def __init__(self) -> None:
        self.in_order: Ordered[PushDevice] = Ordered(lambda _: "", lambda it: it.serial)
        self.by_factor: Unique[PushDevice] = Unique(lambda it: it.factor_sid)
        super().__init__(PushDevice, self.in_order, self.by_factor)


@event
class PushDeviceAdded:
    """There is a new device."""

    device: PushDevice


@event
class PushDeviceUpdated:
    """A device is another in something."""

    device: PushDevice


@event
class PushDeviceRemoved:
    """A device is gone; its factor stays."""

    device: PushDevice


def find_device(world: World, sid: str) -> PushDevice:
    """The device with this sid.

    Raises:
        Refused: 20404.
    """
    device = world[PushDevices].get(sid)
    if device is None:
        raise Refused(NOT_FOUND)
    return device


def device_of(world: World, factor_sid: str) -> PushDevice | None:
    """The fake device that a factor is on, if it is on one."""
    table = world[PushDevices]
    return table.found(table.by_factor, factor_sid)


@command
class AddPushDevice:
    """Have a fake device.

    Attributes:
        name: for people.
        app_id: what the store calls its app.
        platform: whose push service reaches it.
        token: what that calls it; made up where it needs one and none is given.
        online: whether it is told of challenges at once.

    Raises:
        Refused: 60306 the platform, the token or the app's name is wrong.
    """

    name: str | None = None
    app_id: str = APP_ID
    platform: str = "fcm"
    token: str | None = None
    online: bool = True

    def apply(self, world: World) -> PushDevice:
        platform = push_factors.read_platform(self.platform)
        given = self.token or ("" if platform is Platform.NONE else None)
        token = None if given is None else push_factors.read_token(given, platform)
        app_id = push_factors.read_app_id(self.app_id)
        if given is None:
            token = world.dice.hex()
        device = world[PushDevices].put(
            PushDevice(
                sid=world.sids.new("PD"),
                name=self.name,
                app_id=app_id,
                platform=platform,
                token=token,
                online=self.online,
                date_created=world.now,
                serial=world.serial(),
            )
        )
        world.tell(PushDeviceAdded(device=device))
        return device


@command
class UpdatePushDevice:
    """Let a device be there or not, or be called otherwise; what is not given stays.

    Attributes:
        device: its sid.
        name: for people.
        token: what its platform calls it, from its next enrolment on.
        online: whether it is told of challenges at once. What was kept for it, it is told then.

    Raises:
        Refused: 20404 there is none such, 60306 the token is wrong.
    """

    device: str
    name: str | None = None
    token: str | None = None
    online: bool | None = None

    def apply(self, world: World) -> PushDevice:
        before = find_device(world, self.device)
        token = before.token
        if self.token is not None:
            token = push_factors.read_token(self.token, before.platform)
        return _changed(
            world,
            replace(
                before,
                token=token,
                name=before.name if self.name is None else self.name,
                online=before.online if self.online is None else self.online,
            ),
        )


@command
class DrawDeviceKey:
    """Give a device a key for a factor to come.

    Raises:
        Refused: 20404 there is no such device.
    """

    device: str

    def apply(self, world: World) -> PushDevice:
        before = find_device(world, self.device)
        key = f"{world.dice.randrange(1, P256_ORDER):064x}"
        return _changed(world, replace(before, new_private_key=key))


@command
class EnrollPushDevice:
    """Keep that a device was enrolled: the factor that it has got by the REST API.

    Raises:
        Refused: 20404 there is no such device.
    """

    device: str
    account_sid: str
    service_sid: str
    identity: str
    factor_sid: str
    credential_sid: str

    def apply(self, world: World) -> PushDevice:
        before = find_device(world, self.device)
        return _changed(
            world,
            replace(
                before,
                account_sid=self.account_sid,
                service_sid=self.service_sid,
                identity=self.identity,
                factor_sid=self.factor_sid,
                credential_sid=self.credential_sid,
                private_key=before.new_private_key,
                new_private_key=None,
            ),
        )


@command
class RemovePushDevice:
    """Throw a device away; nobody answers for its factor any more.

    Raises:
        Refused: 20404 there is none such.
    """

    device: str

    def apply(self, world: World) -> None:
        device = find_device(world, self.device)
        world[PushDevices].remove(device.sid)
        world.tell(PushDeviceRemoved(device=device))


def _changed(world: World, device: PushDevice) -> PushDevice:
    world[PushDevices].put(device)
    world.tell(PushDeviceUpdated(device=device))
    return device


def factor_removed(world: World, event: FactorRemoved) -> None:
    """A device whose factor is gone is enrolled no more."""
    device = device_of(world, event.factor.sid)
    if device is not None:
        _changed(world, replace(device, factor_sid=None, credential_sid=None))
