import pytest

from tests.core.conftest import ACCOUNT, Told
from tests.core.refused import code
from twilio_emulator.core.conversations import push_credentials, push_notifications
from twilio_emulator.core.conversations.push_credentials import (
    AddCredential,
    Credential,
    CredentialAdded,
    CredentialRemoved,
    CredentialUpdated,
    RemoveCredential,
    UpdateCredential,
)
from twilio_emulator.core.conversations.push_notifications import (
    Binding,
    BindingRegistered,
    BindingRemoved,
    Bindings,
    ConfigureNotifications,
    NotificationsConfigured,
    RegisterBinding,
    RemoveBinding,
    UnregisterBinding,
)
from twilio_emulator.core.conversations.resources import Users
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World

SERVICE = "IS00000000000000000000000000000001"


def test_a_credential_is_kept(world: World, told: Told) -> None:
    made = world.perform(
        AddCredential(
            account=ACCOUNT,
            type="APN",
            friendly_name="Phones",
            certificate="c",
            private_key="k",
            sandbox=True,
        )
    )
    assert isinstance(made, Credential)
    assert (made.type, made.friendly_name, made.sandbox) == ("apn", "Phones", True)
    assert push_credentials.fetch_credential(world, account=ACCOUNT, credential=made.sid) == made
    assert list(push_credentials.list_credentials(world, account=ACCOUNT)) == [made]
    changed = world.perform(
        UpdateCredential(
            account=ACCOUNT, credential=made.sid, type="fcm", friendly_name="", secret="s"
        )
    )
    assert (changed.type, changed.friendly_name, changed.secret) == ("fcm", None, "s")
    assert changed.certificate == "c"
    same = world.perform(UpdateCredential(account=ACCOUNT, credential=made.sid))
    world.perform(RemoveCredential(account=ACCOUNT, credential=made.sid))
    assert told == [
        CredentialAdded(credential=made),
        CredentialUpdated(credential=changed),
        CredentialUpdated(credential=same),
        CredentialRemoved(credential=same),
    ]
    assert code(world, RemoveCredential(account=ACCOUNT, credential=made.sid)) == 20404


def test_what_cannot_be_a_credential(world: World) -> None:
    assert code(world, AddCredential(account=ACCOUNT, type="pigeon")) == 20001
    long = AddCredential(account=ACCOUNT, type="fcm", friendly_name="x" * 65)
    assert code(world, long) == 50003


def register(world: World, **asked: object) -> Binding:
    given = {"identity": "alice", "binding_type": "FCM", "endpoint": "phone"} | asked
    made = world.perform(RegisterBinding(service=SERVICE, **given))  # type: ignore[arg-type]
    assert isinstance(made, Binding)
    return made


def test_a_device_is_registered_and_taken_back(world: World, told: Told) -> None:
    made = register(world, message_types=("new_message",), credential_sid="CR" + "1" * 32)
    assert (made.type, made.message_types) == ("fcm", ("new_message",))
    again = register(world)
    assert (again.sid, again.message_types) == (made.sid, ())
    assert push_notifications.fetch_binding(world, service=SERVICE, binding=made.sid) == again
    world.perform(UnregisterBinding(service=SERVICE, binding_type="fcm", endpoint="phone"))
    world.perform(UnregisterBinding(service=SERVICE, binding_type="fcm", endpoint="phone"))
    assert told.of(BindingRegistered) == [
        BindingRegistered(binding=made),
        BindingRegistered(binding=again),
    ]
    assert told.of(BindingRemoved) == [BindingRemoved(binding=again)]
    assert code(world, RemoveBinding(service=SERVICE, binding=made.sid)) == 20404


def test_bindings_are_listed_by_type_and_user(world: World) -> None:
    phone, tablet = register(world), register(world, binding_type="apn", endpoint="tablet")
    bobs = register(world, identity="bob", endpoint="other")

    def listed(**filters: tuple[str, ...]) -> list[Binding]:
        return list(push_notifications.list_bindings(world, service=SERVICE, **filters))

    assert listed() == [phone, tablet, bobs]
    assert listed(binding_type=("fcm",)) == [phone, bobs]
    assert listed(identity=("alice", "zoe")) == [phone, tablet]
    assert listed(binding_type=("apn", "gcm"), identity=("alice",)) == [tablet]
    with pytest.raises(Refused, match="50209"):
        listed(binding_type=("pigeon",))
    world.perform(RemoveBinding(service=SERVICE, binding=phone.sid))
    assert listed() == [tablet, bobs]


def test_a_binding_belongs_to_its_service(world: World) -> None:
    made = register(world)
    other = world.perform(AddService(account=ACCOUNT, friendly_name="Other"))
    assert code(world, RemoveBinding(service=other.sid, binding=made.sid)) == 20404


def test_a_removed_user_leaves_no_trace_in_bindings(world: World) -> None:
    made = register(world)
    world[Users].remove(world[Users].by_identity.find((SERVICE, "alice")) or "")
    world.perform(RemoveBinding(service=SERVICE, binding=made.sid))
    assert not len(world[Bindings])


def test_notifications_are_off_until_somebody_says_otherwise(world: World, told: Told) -> None:
    fresh = push_notifications.fetch_notifications(world, service=SERVICE)
    assert not fresh.new_message_enabled
    assert not fresh.log_enabled
    assert not fresh.new_message_badge_count_enabled
    assert not fresh.new_message_with_media_enabled
    assert not fresh.added_to_conversation_enabled
    assert not fresh.removed_from_conversation_enabled
    assert fresh.new_message_template is None
    changed = world.perform(
        ConfigureNotifications(
            service=SERVICE,
            new_message_enabled=True,
            new_message_template="${MESSAGE}",
            added_to_conversation_sound="ring",
        )
    )
    assert changed.new_message_enabled
    cleared = world.perform(ConfigureNotifications(service=SERVICE, new_message_template=""))
    assert (cleared.new_message_template, cleared.added_to_conversation_sound) == (None, "ring")
    assert told == [
        NotificationsConfigured(configuration=changed),
        NotificationsConfigured(configuration=cleared),
    ]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"removed_from_conversation_template": "x" * 1025}, 50058),
        ({"removed_from_conversation_sound": "x" * 257}, 50059),
    ],
)
def test_texts_of_notifications_have_limits(
    world: World, asked: dict[str, str], expected: int
) -> None:
    assert code(world, ConfigureNotifications(service=SERVICE, **asked)) == expected
