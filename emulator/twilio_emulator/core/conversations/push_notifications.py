"""Push notifications: bindings to send them to, and what they say.

Nothing is pushed to anybody: what apps set up is kept and shown, and a user with a registered
device counts as notifiable.

The rules of this file (https://www.twilio.com/docs/conversations/push-notification-configuration):

- A binding comes to be when a client SDK registers a device. The same device registered again keeps
  its binding.
"""

from dataclasses import fields
from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.conversations import services, users
from twilio_emulator.core.conversations.resources import Users
from twilio_emulator.core.conversations.services import ServiceRemoved
from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import (
    INVALID_BINDING_TYPE,
    NOT_FOUND,
    NOTIFICATION_SOUND_TOO_LONG,
    NOTIFICATION_TEMPLATE_TOO_LONG,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World

TEMPLATE_LIMIT = 1024
SOUND_LIMIT = 256
"""Twilio publishes neither of the two; these are ours."""


class BindingType(StrEnum):
    """How a device is reached; `twilsock` is the SDK's own connection."""

    APN = "apn"
    GCM = "gcm"
    FCM = "fcm"
    TWILSOCK = "twilsock"


@record
class Binding:
    """A device of a user (BS).

    `credential_sid` is the one its token named, which may be one of the app's real account.
    """

    sid: str
    account_sid: str
    service_sid: str
    identity: str
    type: BindingType
    endpoint: str
    credential_sid: str | None = None
    message_types: tuple[str, ...] = ()
    date_created: datetime
    date_updated: datetime
    serial: int


class Bindings(Table[Binding]):
    """Bindings, by service, by user, and by what they reach."""

    refers = (
        ("account_sid", "accounts"),
        ("service_sid", "services"),
    )

    def __init__(self) -> None:
        self.by_service: Ordered[Binding] = Ordered(
            lambda binding: binding.service_sid, lambda binding: binding.serial
        )
        self.by_identity: Ordered[Binding] = Ordered(
            lambda binding: (binding.service_sid, binding.identity), lambda binding: binding.serial
        )
        self.by_endpoint: Unique[Binding] = Unique(
            lambda binding: (binding.service_sid, binding.type, binding.endpoint)
        )
        super().__init__(Binding, self.by_service, self.by_identity, self.by_endpoint)


@record
class NotificationConfiguration:
    """Which notifications a service sends, and their texts. Its sid is the service's."""

    sid: str
    account_sid: str
    log_enabled: bool = False
    new_message_enabled: bool = False
    new_message_template: str | None = None
    new_message_sound: str | None = None
    new_message_badge_count_enabled: bool = False
    new_message_with_media_enabled: bool = False
    new_message_with_media_template: str | None = None
    added_to_conversation_enabled: bool = False
    added_to_conversation_template: str | None = None
    added_to_conversation_sound: str | None = None
    removed_from_conversation_enabled: bool = False
    removed_from_conversation_template: str | None = None
    removed_from_conversation_sound: str | None = None


class NotificationConfigurations(Table[NotificationConfiguration]):
    """One for a service that has changed its own."""

    def __init__(self) -> None:
        super().__init__(NotificationConfiguration)


@event
class BindingRegistered:
    """A device is to be notified."""

    binding: Binding


@event
class BindingRemoved:
    """A device is not to be notified any more."""

    binding: Binding


@event
class NotificationsConfigured:
    """A service sends other notifications."""

    configuration: NotificationConfiguration


def find_binding(world: World, service_sid: str, sid: str) -> Binding:
    """The binding of a service with this sid.

    Raises:
        Refused: 20404.
    """
    binding = world[Bindings].get(sid)
    if binding is None or binding.service_sid != service_sid:
        raise Refused(NOT_FOUND)
    return binding


def fetch_binding(world: World, *, service: str, binding: str) -> Binding:
    """The binding of a service with this sid.

    Raises:
        Refused: 20404.
    """
    return find_binding(world, service, binding)


def list_bindings(
    world: World,
    *,
    service: str,
    binding_type: tuple[str, ...] = (),
    identity: tuple[str, ...] = (),
) -> Rows[Binding]:
    """In the order in which they came; of some types only, and of some users.

    Raises:
        Refused: 50209 no such type.
    """
    types = {_binding_type(each) for each in binding_type}
    return Rows(
        world[Bindings],
        world[Bindings].by_service,
        service,
        keep=lambda it: (
            (not types or it.type in types) and (not identity or it.identity in identity)
        ),
    )


@command
class RegisterBinding:
    """A client SDK registers a device of its user.

    `message_types` are in the words of the REST API: `new_message`, `added_to_conversation`,
    `removed_from_conversation`.
    """

    service: str
    identity: str
    binding_type: str
    endpoint: str
    message_types: tuple[str, ...] = ()
    credential_sid: str | None = None

    def apply(self, world: World) -> Binding:
        service = services.find(world, self.service)
        kind = _binding_type(self.binding_type)
        user = users.ensure(world, service, self.identity)
        table = world[Bindings]
        known = table.found(table.by_endpoint, (service.sid, kind, self.endpoint))
        binding = table.put(
            Binding(
                sid=known.sid if known else world.sids.new("BS"),
                account_sid=service.account_sid,
                service_sid=service.sid,
                identity=self.identity,
                type=kind,
                endpoint=self.endpoint,
                credential_sid=self.credential_sid,
                message_types=self.message_types,
                date_created=known.date_created if known else world.now,
                date_updated=world.now,
                serial=known.serial if known else world.serial(),
            )
        )
        world.tell(BindingRegistered(binding=binding))
        if known is not None and known.identity != self.identity:
            _look_again(world, service.sid, known.identity)
        _look_again(world, service.sid, user.identity)
        return binding


@command
class RemoveBinding:
    """Do not notify a device any more."""

    service: str
    binding: str

    def apply(self, world: World) -> None:
        remove(world, find_binding(world, self.service, self.binding))


@command
class UnregisterBinding:
    """A client SDK takes a device back; nothing happens when it was not registered."""

    service: str
    binding_type: str
    endpoint: str

    def apply(self, world: World) -> None:
        table = world[Bindings]
        key = (self.service, _binding_type(self.binding_type), self.endpoint)
        binding = table.found(table.by_endpoint, key)
        if binding is not None:
            remove(world, binding)


def remove(world: World, binding: Binding) -> None:
    """Forget a device."""
    world[Bindings].remove(binding.sid)
    world.tell(BindingRemoved(binding=binding))
    _look_again(world, binding.service_sid, binding.identity)


def _look_again(world: World, service_sid: str, identity: str) -> None:
    """A user is notifiable with a device that can be pushed to."""
    user = world[Users].found(world[Users].by_identity, (service_sid, identity))
    if user is not None:
        devices = world[Bindings].all(world[Bindings].by_identity, (service_sid, identity))
        users.reach(
            world,
            user,
            is_notifiable=any(each.type is not BindingType.TWILSOCK for each in devices),
        )


def _binding_type(text: str) -> BindingType:
    try:
        return BindingType(text.lower())
    except ValueError:
        raise Refused(INVALID_BINDING_TYPE) from None


def fetch_notifications(world: World, *, service: str) -> NotificationConfiguration:
    """The notifications of a service; all are off until they are configured.

    Raises:
        Refused: 20404 no such service.
    """
    found = services.find(world, service)
    return world[NotificationConfigurations].get(service) or NotificationConfiguration(
        sid=service, account_sid=found.account_sid
    )


@command
class ConfigureNotifications:
    """Say which notifications a service sends, and their texts."""

    service: str
    log_enabled: bool | None = None
    new_message_enabled: bool | None = None
    new_message_template: str | None = None
    new_message_sound: str | None = None
    new_message_badge_count_enabled: bool | None = None
    added_to_conversation_enabled: bool | None = None
    added_to_conversation_template: str | None = None
    added_to_conversation_sound: str | None = None
    removed_from_conversation_enabled: bool | None = None
    removed_from_conversation_template: str | None = None
    removed_from_conversation_sound: str | None = None
    new_message_with_media_enabled: bool | None = None
    new_message_with_media_template: str | None = None

    def apply(self, world: World) -> NotificationConfiguration:
        before = fetch_notifications(world, service=self.service)
        changes: dict[str, object] = {}
        for name in (each.name for each in fields(self)):
            given = getattr(self, name)
            if name == "service" or given is None:
                continue
            if name.endswith("_template") and len(given) > TEMPLATE_LIMIT:
                raise Refused(NOTIFICATION_TEMPLATE_TOO_LONG)
            if name.endswith("_sound") and len(given) > SOUND_LIMIT:
                raise Refused(NOTIFICATION_SOUND_TOO_LONG)
            changes[name] = None if given == "" else given
        configuration = world[NotificationConfigurations].put(replace(before, **changes))
        world.tell(NotificationsConfigured(configuration=configuration))
        return configuration


def remove_of_service(world: World, removed: ServiceRemoved) -> None:
    """Bindings and configuration of a service go with it."""
    sid, bindings = removed.service.sid, world[Bindings]
    for binding in bindings.all(bindings.by_service, sid):
        bindings.remove(binding.sid)
    if sid in world[NotificationConfigurations]:
        world[NotificationConfigurations].remove(sid)
