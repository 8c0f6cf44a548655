from collections.abc import Callable

from tests.core.conftest import ACCOUNT, NUMBER, Told
from tests.core.refused import code
from twilio_emulator.core.conversations.address_configurations import (
    AddAddressConfiguration,
    AddressConfigurations,
)
from twilio_emulator.core.conversations.conversations import AddConversation, UpdateConversation
from twilio_emulator.core.conversations.media import UploadMedia
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant, ParticipantRemoved
from twilio_emulator.core.conversations.push_notifications import (
    BindingRemoved,
    ConfigureNotifications,
    RegisterBinding,
)
from twilio_emulator.core.conversations.removal import RemoveService, RemoveUser
from twilio_emulator.core.conversations.resources import Participants, Services
from twilio_emulator.core.conversations.services import AddService, ServiceAdded, ServiceRemoved
from twilio_emulator.core.conversations.users import UserRemoved
from twilio_emulator.core.conversations.webhook_configurations import ConfigureServiceWebhooks
from twilio_emulator.core.kernel.world import World

SERVICE = "IS00000000000000000000000000000001"


def test_a_service_goes_with_everything_in_it(
    world: World, told: Told, advance: Callable[..., None]
) -> None:
    before = world.snapshot()["tables"]
    service = world.perform(AddService(account=ACCOUNT, friendly_name="Other"))
    assert told == [ServiceAdded(service=service)]
    conversation = world.perform(AddConversation(service=service.sid, timers_closed="PT10M"))
    path = {"service": service.sid, "conversation": conversation.sid}
    world.perform(AddParticipant(**path, identity="alice"))
    world.perform(PostMessage(**path, body="Hello"))
    world.perform(
        RegisterBinding(service=service.sid, identity="alice", binding_type="fcm", endpoint="phone")
    )
    world.perform(UploadMedia(service=service.sid, content_type="image/png", size=1, digest="d"))
    world.perform(ConfigureServiceWebhooks(service=service.sid, method="GET"))
    world.perform(ConfigureNotifications(service=service.sid, log_enabled=True))
    address = world.perform(
        AddAddressConfiguration(
            account=ACCOUNT,
            type="sms",
            address=NUMBER,
            auto_creation_conversation_service_sid=service.sid,
        )
    )
    world.perform(
        AddAddressConfiguration(account=ACCOUNT, type="email", address="help@example.com")
    )
    world.perform(RemoveService(account=ACCOUNT, service_sid=service.sid))
    assert told.of(ServiceRemoved) == [ServiceRemoved(service=service)]
    assert world[AddressConfigurations][address.sid].conversation_service_sid is None
    after = world.snapshot()["tables"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    del after["address_configurations"]
    assert after == before
    assert world.timers.next_due() is None
    advance(hours=1)


def test_the_default_service_stays(world: World) -> None:
    assert code(world, RemoveService(account=ACCOUNT, service_sid=SERVICE)) == 20001
    gone = RemoveService(account=ACCOUNT, service_sid="IS" + "9" * 32)
    assert code(world, gone) == 20404


def test_a_service_that_nobody_configured(world: World) -> None:
    service = world.perform(AddService(account=ACCOUNT, friendly_name="Other"))
    world.perform(RemoveService(account=ACCOUNT, service_sid=service.sid))
    assert service.sid not in world[Services]


def test_a_user_leaves_everywhere(world: World, told: Told) -> None:
    left = []
    for state in ("active", "closed"):
        conversation = world.perform(AddConversation(service=SERVICE))
        path = {"service": SERVICE, "conversation": conversation.sid}
        left.append(world.perform(AddParticipant(**path, identity="alice")))
        world.perform(AddParticipant(**path, identity="bob"))
        world.perform(UpdateConversation(**path, state=state))
    world.perform(
        RegisterBinding(service=SERVICE, identity="alice", binding_type="fcm", endpoint="a")
    )
    world.perform(RemoveUser(service=SERVICE, user="alice"))
    removed = [event.participant.sid for event in told.of(ParticipantRemoved)]
    assert removed == [each.sid for each in left]
    assert {each.identity for each in world[Participants]} == {"bob"}
    assert len(told.of(BindingRemoved)) == 1
    last = told[-1]
    assert isinstance(last, UserRemoved)
    assert last.user.identity == "alice"
    assert code(world, RemoveUser(service=SERVICE, user="alice")) == 20404
