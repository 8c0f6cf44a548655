"""Fake devices by the control API: had, enrolled as push factors, and asked to approve or deny.

The rules of this file:

- A device acts by the REST API alone (`device_requests.py`), and what is refused to it is refused
  here, in Twilio's words.
- Where nobody hands it an access token, it gets one as the app's server would.
"""

from typing import Literal, TypedDict
from urllib.parse import quote

from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls, Fields, Place
from twilio_emulator.control.verify.device_requests import Ask, DeviceApp, good
from twilio_emulator.control.verify.places import default_service
from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify import notifications, push_devices
from twilio_emulator.core.verify.notifications import PushNotification
from twilio_emulator.core.verify.push_devices import (
    AddPushDevice,
    DrawDeviceKey,
    EnrollPushDevice,
    PushDevice,
    PushDevices,
    RemovePushDevice,
    UpdatePushDevice,
)

DEVICE = {"device": Place(words="The `id` of a device.", example="PD" + "3" * 32)}
CHALLENGE = {
    **DEVICE,
    "challenge": Place(
        words="The challenge's sid (YC); `latest` is the newest that is pending.", example="latest"
    ),
}

LATEST = "latest"
FRIENDLY_NAME = "Device"


class WhichPushDevices(Fields):
    """Which devices.

    Attributes:
        identity: those that are enrolled for it.
    """

    identity: str | None = None


class Enrollment(Fields):
    """As what a device is enrolled.

    Attributes:
        identity: of the entity, which comes into being where there is none.
        service: the Verify service's sid (VA); the account's first unless given.
        access_token: what the app's server got for the device; unless given, it gets one.
        friendly_name: of the factor; the device's name unless given.
    """

    identity: str
    service: str | None = None
    access_token: str | None = None
    friendly_name: str | None = None


class ShownPushDevice(TypedDict):
    """A fake device.

    Attributes:
        app_id: what the store calls its app.
        platform: whose push service reaches it.
        token: what that calls it.
        online: whether it is told of challenges at once.
        service_sid: of the service where it is enrolled.
        identity: for whom it is enrolled.
        factor_sid: as which factor.
    """

    id: str
    name: str | None
    app_id: str
    platform: Literal["apn", "fcm", "none"]
    token: str | None
    online: bool
    service_sid: str | None
    identity: str | None
    factor_sid: str | None


class PushDeviceList(TypedDict):
    """Fake devices, in the order in which they came."""

    devices: list[ShownPushDevice]


class ShownChallengeAnswer(TypedDict):
    """A challenge, as the device sees it when it has answered.

    Attributes:
        sid: of the challenge (YC).
    """

    sid: str
    factor_sid: str
    status: str


class ShownPushNotification(TypedDict):
    """What a device was told, or is to be told when it is online.

    Attributes:
        sid: of the notification (NT).
        type: what it is about, as the app reads it.
        ttl: seconds for which it is kept for a device that is not online.
        date_received: when the device was told.
        kept: whether it is yet to be told.
    """

    sid: str
    type: str
    challenge_sid: str
    factor_sid: str
    ttl: int
    date_created: str
    date_received: str | None
    kept: bool


class PushNotificationList(TypedDict):
    """What a device was told, the oldest first."""

    notifications: list[ShownPushNotification]


def declare(controls: Controls, ask: Ask) -> None:
    """Declare the calls of this file.

    Args:
        ask: asks this emulator's own REST API.
    """
    controls.group("push-devices", "Fake devices with push factors of Verify.")

    @controls.on(
        "POST",
        "/push-devices",
        "add_push_device",
        "Adds a device that can be enrolled.",
        body=AddPushDevice,
        choices={"platform": ("apn", "fcm", "none")},
        gives=ShownPushDevice,
        status=201,
        examples=({"name": "Ann's phone"}, {"platform": "none", "online": False}),
    )
    async def add(control: Control) -> Reply:
        made = await control.hosted.gate.perform(control.command(AddPushDevice))
        return json_reply(look(made), 201)

    @controls.on(
        "GET",
        "/push-devices",
        "list_push_devices",
        "The devices.",
        query=WhichPushDevices,
        gives=PushDeviceList,
        examples=({}, {"identity": "ann-00000001"}),
    )
    async def list_devices(control: Control) -> Reply:
        identity = control.query(WhichPushDevices).identity
        table = control.hosted.world[PushDevices]
        found = table.all(table.in_order, "")
        shown = [look(it) for it in found if identity is None or _is_for(it, identity)]
        return json_reply({"devices": shown})

    @controls.on(
        "PATCH",
        "/push-devices/{device}",
        "change_push_device",
        "Changes a device; one that comes online is told what was kept for it.",
        places=DEVICE,
        body=UpdatePushDevice,
        without=("device",),
        gives=ShownPushDevice,
        examples=({"online": False}, {"online": True}),
    )
    async def change(control: Control) -> Reply:
        wish = control.command(UpdatePushDevice, device=control.said["device"])
        return json_reply(look(await control.hosted.gate.perform(wish)))

    @controls.on(
        "DELETE",
        "/push-devices/{device}",
        "remove_push_device",
        "Throws a device away; its factor stays.",
        places=DEVICE,
    )
    async def remove(control: Control) -> Reply:
        await control.hosted.gate.perform(RemovePushDevice(device=control.said["device"]))
        return NOTHING

    @controls.on(
        "POST",
        "/push-devices/{device}/enroll",
        "enroll_push_device",
        "Enrols a device as a push factor of somebody, as Twilio's SDK does.",
        places=DEVICE,
        body=Enrollment,
        gives=ShownPushDevice,
        examples=({"identity": "ann-00000001"},),
    )
    async def enroll(control: Control) -> Reply:
        wish, device, world = control.body(Enrollment), _device(control), control.hosted.world
        service = wish.service or default_service(world, control.account_sid)
        root = _root(service)
        token = wish.access_token
        if token is None:
            said = {"Identity": wish.identity, "FactorType": "push"}
            owner = control.account_sid, world[Accounts][control.account_sid].auth_token
            token = str(good(await ask("POST", f"{root}/AccessTokens", said, owner))["token"])
        name = wish.friendly_name or device.name or FRIENDLY_NAME
        entity = _entity(service, wish.identity)
        drawn = await control.hosted.gate.perform(DrawDeviceKey(device=device.sid))
        app = _app(control, drawn, ask, drawn.new_private_key)
        sid, config = await app.enrol(entity, token, name)
        command = EnrollPushDevice(
            device=device.sid,
            account_sid=control.account_sid,
            service_sid=service,
            identity=wish.identity,
            factor_sid=sid,
            credential_sid=config["credential_sid"],
        )
        return json_reply(look(await control.hosted.gate.perform(command)))

    for verb, status in (("approve", "approved"), ("deny", "denied")):
        _declare_answer(controls, ask, verb, status)

    @controls.on(
        "GET",
        "/push-devices/{device}/notifications",
        "list_push_notifications",
        "What a device was told of its challenges.",
        places=DEVICE,
        gives=PushNotificationList,
    )
    async def list_notifications(control: Control) -> Reply:
        world, device = control.hosted.world, _device(control)
        told = notifications.told(world, device)
        return json_reply({"notifications": [_notification(world, each) for each in told]})


def _declare_answer(controls: Controls, ask: Ask, verb: str, status: str) -> None:
    @controls.on(
        "POST",
        f"/push-devices/{{device}}/challenges/{{challenge}}/{verb}",
        f"{verb}_challenge",
        f"Lets the owner of a device {verb} a challenge.",
        places=CHALLENGE,
        gives=ShownChallengeAnswer,
    )
    async def answer(control: Control) -> Reply:
        device = _device(control)
        if device.factor_sid is None:
            raise Mistaken(f"{device.sid} is not enrolled", 409)
        app = _app(control, device, ask, device.private_key)
        entity = _entity(device.service_sid or "", device.identity or "")
        challenge = control.said["challenge"]
        if challenge == LATEST:
            pending = await app.pending(entity)
            if not pending:
                raise Mistaken(f"no challenge waits for {device.sid}", 404)
            challenge = pending[0]["sid"]
        shown = await app.decide(entity, challenge, status)
        return json_reply({name: shown[name] for name in ("sid", "factor_sid", "status")})


def _root(service: str) -> str:
    return f"https://verify.twilio.com/v2/Services/{quote(service, safe='')}"


def _entity(service: str, identity: str) -> str:
    return f"{_root(service)}/Entities/{quote(identity, safe='')}"


def _device(control: Control) -> PushDevice:
    return push_devices.find_device(control.hosted.world, control.said["device"])


def _app(control: Control, device: PushDevice, ask: Ask, key: str | None) -> DeviceApp:
    assert key is not None  # it was drawn before the device was enrolled
    return DeviceApp(device, key, ask, control.hosted.world.clock.now().timestamp())


def _is_for(it: PushDevice, identity: str) -> bool:
    return it.identity is not None and it.identity.casefold() == identity.casefold()


def look(it: PushDevice) -> ShownPushDevice:
    """A device, without its key."""
    return {
        "id": it.sid,
        "name": it.name,
        "app_id": it.app_id,
        "platform": it.platform.value,
        "token": it.token,
        "online": it.online,
        "service_sid": it.service_sid if it.factor_sid else None,
        "identity": it.identity if it.factor_sid else None,
        "factor_sid": it.factor_sid,
    }


def _notification(world: World, it: PushNotification) -> ShownPushNotification:
    return {
        "sid": it.sid,
        "type": "verify_push_challenge",
        "challenge_sid": it.challenge_sid,
        "factor_sid": it.factor_sid,
        "ttl": it.ttl,
        "date_created": write_instant(it.date_created),
        "date_received": None if it.date_received is None else write_instant(it.date_received),
        "kept": notifications.is_kept(world, it),
    }
