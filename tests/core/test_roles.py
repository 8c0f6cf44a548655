import pytest

from tests.core.conftest import Told
from tests.core.refused import code
from twilio_emulator.core.conversations import roles, services
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import Role, RoleType
from twilio_emulator.core.conversations.roles import (
    AddRole,
    RemoveRole,
    RoleAdded,
    RoleRemoved,
    RoleUpdated,
    UpdateRole,
)
from twilio_emulator.core.conversations.services import (
    AddService,
    ConfigureService,
    ServiceConfigured,
)
from twilio_emulator.core.conversations.users import AddUser
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World

SERVICE = "IS00000000000000000000000000000001"


def add(world: World, kind: str = "service", *permissions: str) -> Role:
    made = world.perform(
        AddRole(
            service=SERVICE,
            friendly_name="Guest",
            type=kind,
            permission=permissions or ("joinConversation",),
        )
    )
    assert isinstance(made, Role)
    return made


def test_a_new_service_has_four_roles(world: World) -> None:
    service = world.perform(AddService(account=world.account_sid, friendly_name="New"))
    found = list(roles.list_roles(world, service=service.sid))
    assert [(role.friendly_name, role.type) for role in found] == [
        ("service user", RoleType.SERVICE),
        ("service admin", RoleType.SERVICE),
        ("channel user", RoleType.CONVERSATION),
        ("channel admin", RoleType.CONVERSATION),
    ]
    user, _, channel_user, channel_admin = found
    assert service.default_chat_service_role_sid == user.sid
    assert service.default_conversation_role_sid == channel_user.sid
    assert service.default_conversation_creator_role_sid == channel_admin.sid
    assert set(channel_user.permissions) < set(channel_admin.permissions)


def test_a_role_is_made_and_changed_and_deleted(world: World, told: Told) -> None:
    made = add(world, "Conversation", "sendMessage", "sendMediaMessage", "sendMessage")
    assert made.permissions == ("sendMessage", "sendMediaMessage")
    assert made.type is RoleType.CONVERSATION
    changed = world.perform(
        UpdateRole(service=SERVICE, role=made.sid, permission=("leaveConversation",))
    )
    assert changed.permissions == ("leaveConversation",)
    assert roles.fetch_role(world, service=SERVICE, role=made.sid) == changed
    world.perform(RemoveRole(service=SERVICE, role=made.sid))
    assert told == [RoleAdded(role=made), RoleUpdated(role=changed), RoleRemoved(role=changed)]
    with pytest.raises(Refused):
        roles.find(world, SERVICE, made.sid)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"friendly_name": ""}, 50000),
        ({"friendly_name": "x" * 65}, 50003),
        ({"type": "deployment"}, 50105),
        ({"permission": ("fly",)}, 50104),
        ({"permission": ("",)}, 50104),
    ],
)
def test_what_cannot_be_a_role(world: World, asked: dict[str, object], expected: int) -> None:
    given = {"friendly_name": "x", "type": "service", "permission": ("sendMessage",)} | asked
    assert code(world, AddRole(service=SERVICE, **given)) == expected  # type: ignore[arg-type]


def test_an_update_needs_permissions(world: World) -> None:
    made = add(world)
    assert code(world, UpdateRole(service=SERVICE, role=made.sid)) == 20001
    missing = UpdateRole(service=SERVICE, role="RL" + "9" * 32)
    assert code(world, missing) == 20404
    other = world.perform(AddService(account=world.account_sid, friendly_name="Other"))
    assert code(world, UpdateRole(service=other.sid, role=made.sid)) == 20404


def test_roles_that_somebody_has_stay(world: World) -> None:
    service = services.find(world, SERVICE)
    for sid in service.default_role_sids:
        assert code(world, RemoveRole(service=SERVICE, role=sid)) == 20001
    of_user, of_participant = add(world), add(world, "conversation")
    world.perform(AddUser(service=SERVICE, identity="alice", role_sid=of_user.sid))
    conversation = world.perform(AddConversation(service=SERVICE))
    world.perform(
        AddParticipant(
            service=SERVICE,
            conversation=conversation.sid,
            identity="bob",
            role_sid=of_participant.sid,
        )
    )
    assert code(world, RemoveRole(service=SERVICE, role=of_user.sid)) == 20001
    assert code(world, RemoveRole(service=SERVICE, role=of_participant.sid)) == 20001


def test_a_service_gives_other_roles(world: World, told: Told) -> None:
    before = services.find(world, SERVICE)
    of_user, of_participant = add(world), add(world, "conversation")
    after = world.perform(
        ConfigureService(
            service=SERVICE,
            default_conversation_creator_role_sid=of_participant.sid,
            default_conversation_role_sid=of_participant.sid,
            default_chat_service_role_sid=of_user.sid,
            reachability_enabled=True,
        )
    )
    assert after.default_role_sids == (of_participant.sid, of_participant.sid, of_user.sid)
    assert after.reachability_enabled
    assert told[-1] == ServiceConfigured(service=after, before=before)
    assert services.fetch_configuration(world, service=SERVICE) == after
    world.perform(ConfigureService(service=SERVICE))
    assert services.find(world, SERVICE).default_role_sids == after.default_role_sids


@pytest.mark.parametrize(
    ("asked", "kind", "expected"),
    [
        ("default_conversation_creator_role_sid", "service", 50106),
        ("default_conversation_creator_role_sid", None, 50106),
        ("default_conversation_role_sid", "service", 50109),
        ("default_conversation_role_sid", None, 50100),
        ("default_chat_service_role_sid", "conversation", 50102),
        ("default_chat_service_role_sid", None, 50100),
    ],
)
def test_a_service_gives_no_role_of_the_wrong_type(
    world: World, asked: str, kind: str | None, expected: int
) -> None:
    sid = add(world, kind).sid if kind else "RL" + "9" * 32
    assert code(world, ConfigureService(service=SERVICE, **{asked: sid})) == expected


def test_no_role_at_all(world: World) -> None:
    wish = ConfigureService(service=SERVICE, default_conversation_role_sid="")
    assert code(world, wish) == 50103
