import pytest

from tests.core.conftest import Told
from tests.core.refused import code
from twilio_emulator.core.conversations import users
from twilio_emulator.core.conversations.push_notifications import RegisterBinding
from twilio_emulator.core.conversations.resources import User, Users
from twilio_emulator.core.conversations.roles import AddRole
from twilio_emulator.core.conversations.services import AddService, ConfigureService
from twilio_emulator.core.conversations.users import (
    AddUser,
    ChangeReachability,
    ConnectUser,
    UpdateUser,
    UserAdded,
    UserUpdated,
)
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World

SERVICE = "IS00000000000000000000000000000001"


def add(world: World, identity: str = "alice", **asked: str) -> User:
    made = world.perform(AddUser(service=SERVICE, identity=identity, **asked))
    assert isinstance(made, User)
    return made


def test_a_user_is_made_and_found(world: World, told: Told) -> None:
    role = world.perform(
        AddRole(
            service=SERVICE,
            friendly_name="Guest",
            type="service",
            permission=("joinConversation",),
        )
    )
    made = add(
        world, "Alice@example.com", friendly_name="A", attributes='{"a": 1}', role_sid=role.sid
    )
    assert (made.friendly_name, made.attributes, made.role_sid) == ("A", '{"a": 1}', role.sid)
    assert told[-1] == UserAdded(user=made)
    for key in (made.sid, "Alice@example.com"):
        assert users.fetch_user(world, service=SERVICE, user=key) == made
    assert list(users.list_users(world, service=SERVICE)) == [made]
    with pytest.raises(Refused):
        users.find(world, SERVICE, "alice@example.com")
    other = world.perform(AddService(account=world.account_sid, friendly_name="Other"))
    with pytest.raises(Refused):
        users.find(world, other.sid, made.sid)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"identity": ""}, 50204),
        ({"identity": "x" * 257}, 50207),
        ({"identity": "US" + "0" * 32}, 50206),
        ({"identity": "System"}, 50203),
        ({"friendly_name": "x" * 257}, 50003),
        ({"attributes": "{"}, 50304),
        ({"attributes": '"' + "x" * 4095 + '"'}, 50303),
        ({"role_sid": "RL" + "9" * 32}, 50100),
        ({"service": "IS" + "9" * 32}, 20404),
    ],
)
def test_what_cannot_be_a_user(world: World, asked: dict[str, str], expected: int) -> None:
    given = {"service": SERVICE, "identity": "alice"} | asked
    assert code(world, AddUser(**given)) == expected


def test_an_identity_may_be_as_long_as_that(world: World) -> None:
    assert add(world, "x" * 256).identity == "x" * 256


def test_who_connects_needs_an_identity_that_a_user_may_have(world: World) -> None:
    assert code(world, ConnectUser(service=SERVICE, identity="x" * 257)) == 50207
    assert code(world, ConnectUser(service=SERVICE, identity="System")) == 50203
    assert len(world[Users]) == 0
    made = world.perform(ConnectUser(service=SERVICE, identity="alice"))
    assert (made.identity, made.is_online) == ("alice", True)


def test_an_identity_is_one_user(world: World) -> None:
    add(world)
    assert code(world, AddUser(service=SERVICE, identity="alice")) == 50201


def test_a_user_is_changed(world: World, told: Told) -> None:
    made = add(world, friendly_name="A")
    wish = UpdateUser(service=SERVICE, user="alice", friendly_name="", attributes="[]")
    assert wish.check(world).friendly_name is None
    changed = world.perform(wish)
    assert (changed.friendly_name, changed.attributes) == (None, "[]")
    assert told[-1] == UserUpdated(user=changed, before=made)
    assert code(world, UpdateUser(service=SERVICE, user="bob")) == 20404


def test_reachability_is_told_once_it_is_enabled(world: World, told: Told) -> None:
    made = add(world)
    online = ChangeReachability(service=SERVICE, user="alice", is_online=True)
    assert world.perform(online).is_online
    assert told.of(UserUpdated) == []
    world.perform(ConfigureService(service=SERVICE, reachability_enabled=True))
    world.perform(online)
    assert told.of(UserUpdated) == []
    gone = world.perform(ChangeReachability(service=SERVICE, user=made.sid, is_online=False))
    assert not gone.is_online
    assert [event.user for event in told.of(UserUpdated)] == [gone]


def test_a_device_makes_a_user_notifiable(world: World) -> None:
    def register(identity: str, kind: str, endpoint: str) -> None:
        world.perform(
            RegisterBinding(
                service=SERVICE, identity=identity, binding_type=kind, endpoint=endpoint
            )
        )

    def notifiable(identity: str) -> bool:
        return users.find(world, SERVICE, identity).is_notifiable

    register("alice", "twilsock", "socket")
    assert not notifiable("alice")
    register("alice", "fcm", "phone")
    assert notifiable("alice")
    register("bob", "fcm", "phone")
    assert (notifiable("alice"), notifiable("bob")) == (False, True)
