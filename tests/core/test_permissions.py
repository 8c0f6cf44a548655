"""What users of client SDKs may do, by their roles; REST may do everything."""

from collections.abc import Callable

import pytest

from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.media import UploadMedia
from twilio_emulator.core.conversations.messages import EditMessage, PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.core.conversations.permissions import (
    Unauthorized,
    may_read,
    may_see,
    require_member,
    require_reader,
    require_sight,
)
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Role,
    Roles,
    Services,
)
from twilio_emulator.core.conversations.roles import (
    ADMINISTRATION,
    SERVICE_PERMISSIONS,
    AddRole,
    UpdateRole,
)
from twilio_emulator.core.conversations.services import ConfigureService
from twilio_emulator.core.conversations.user_conversations import UpdateUserConversation
from twilio_emulator.core.conversations.users import AddUser, UpdateUser
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Command, Origin, Source, World

SERVICE = "IS00000000000000000000000000000001"
ALICE = Origin(source=Source.SDK, identity="alice")
ANN = "+12025550199"
NUMBER = "+12025550100"


class Club:
    """A conversation of alice and bob, each with a message, and alice's roles."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.in_service = self.role("member", "service")
        self.in_conversation = self.role("speaker", "conversation")
        for identity in ("alice", "bob", "carol"):
            wish = AddUser(service=SERVICE, identity=identity, role_sid=self.in_service.sid)
            world.perform(wish)
        self.conversation: Conversation = world.perform(AddConversation(service=SERVICE))
        self.place = {"service": SERVICE, "conversation": self.conversation.sid}
        role = self.in_conversation.sid
        self.alice = world.perform(AddParticipant(**self.place, identity="alice", role_sid=role))
        self.bob = world.perform(AddParticipant(**self.place, identity="bob"))
        said = world.perform(PostMessage(**self.place, author="alice", body="a"))
        heard = world.perform(PostMessage(**self.place, author="bob", body="b"))
        self.own = {**self.place, "message": said.sid}
        self.others = {**self.place, "message": heard.sid}
        other = world.perform(AddConversation(service=SERVICE))
        self.elsewhere = {"service": SERVICE, "conversation": other.sid}
        self.own_one = {"service": SERVICE, "conversation": self.of_alice().sid}
        upload = UploadMedia(service=SERVICE, content_type="text/plain", size=1, digest="d")
        self.file = world.perform(upload).sid

    @property
    def creators(self) -> Role:
        """The role of who creates a conversation."""
        sid = self.world[Services][SERVICE].default_conversation_creator_role_sid
        return self.world[Roles][sid]

    def of_alice(self) -> Conversation:
        """A conversation that alice has created, and not joined."""
        self.permit(self.in_service, "createConversation")
        made: Conversation = self.world.perform(AddConversation(service=SERVICE), ALICE)
        self.permit(self.in_service)
        return made

    def role(self, name: str, kind: str) -> Role:
        wish = AddRole(service=SERVICE, friendly_name=name, type=kind, permission=())
        made = self.world.perform(wish)
        assert isinstance(made, Role)
        return made

    def refusal(self, wish: Command) -> Unauthorized:
        with pytest.raises(Unauthorized) as refused:
            self.world.perform(wish, ALICE)
        return refused.value

    def permit(self, role: Role, *permissions: str) -> None:
        self.world.perform(UpdateRole(service=SERVICE, role=role.sid, permission=permissions))


@pytest.fixture
def club(world: World) -> Club:
    return Club(world)


IN_CONVERSATION: list[tuple[str, Callable[[Club], Command]]] = [
    ("editConversationName", lambda it: UpdateConversation(**it.place, friendly_name="x")),
    ("editConversationName", lambda it: UpdateConversation(**it.place, unique_name="x")),
    ("editConversationAttributes", lambda it: UpdateConversation(**it.place, attributes="[]")),
    ("deleteConversation", lambda it: RemoveConversation(**it.place)),
    ("addParticipant", lambda it: AddParticipant(**it.place, identity="dave")),
    (
        "addNonChatParticipant",
        lambda it: AddParticipant(
            **it.place,
            messaging_binding_address=ANN,
            messaging_binding_proxy_address=NUMBER,
        ),
    ),
    ("leaveConversation", lambda it: RemoveParticipant(**it.place, participant="alice")),
    ("removeParticipant", lambda it: RemoveParticipant(**it.place, participant="bob")),
    (
        "editOwnParticipantAttributes",
        lambda it: UpdateParticipant(**it.place, participant="alice", attributes="[]"),
    ),
    (
        "editAnyParticipantAttributes",
        lambda it: UpdateParticipant(**it.place, participant="bob", attributes="[]"),
    ),
    ("sendMessage", lambda it: PostMessage(**it.place, author="alice", body="x")),
    ("sendMediaMessage", lambda it: PostMessage(**it.place, author="alice", media_sid=(it.file,))),
    ("editOwnMessage", lambda it: EditMessage(**it.own, body="x")),
    ("editAnyMessage", lambda it: EditMessage(**it.others, body="x")),
    ("editOwnMessageAttributes", lambda it: EditMessage(**it.own, attributes="[]")),
    ("editAnyMessageAttributes", lambda it: EditMessage(**it.others, attributes="[]")),
    ("deleteOwnMessage", lambda it: RemoveMessage(**it.own)),
    ("deleteAnyMessage", lambda it: RemoveMessage(**it.others)),
    (
        "editNotificationLevel",
        lambda it: UpdateUserConversation(
            service=SERVICE,
            user="alice",
            conversation=it.conversation.sid,
            notification_level="muted",
        ),
    ),
]

IN_SERVICE: list[tuple[str, Callable[[Club], Command]]] = [
    ("createConversation", lambda it: AddConversation(service=SERVICE)),
    ("joinConversation", lambda it: AddParticipant(**it.own_one, identity="alice")),
    ("editOwnUserInfo", lambda it: UpdateUser(service=SERVICE, user="alice", friendly_name="A")),
    ("editAnyUserInfo", lambda it: UpdateUser(service=SERVICE, user="bob", friendly_name="B")),
]


def names(rows: list[tuple[str, Callable[[Club], Command]]]) -> list[str]:
    return [f"{number} {permission}" for number, (permission, _) in enumerate(rows)]


@pytest.mark.parametrize(("permission", "wanted"), IN_CONVERSATION, ids=names(IN_CONVERSATION))
def test_a_permission_in_a_conversation(
    club: Club, permission: str, wanted: Callable[[Club], Command]
) -> None:
    wish = wanted(club)
    refused = club.refusal(wish)
    assert (refused.code, refused.status) == (50107, 403)
    assert permission in refused.permissions
    club.permit(club.in_conversation, permission)
    club.world.perform(wish, ALICE)


@pytest.mark.parametrize(("permission", "wanted"), IN_CONVERSATION, ids=names(IN_CONVERSATION))
def test_a_permission_for_all_conversations(
    club: Club, permission: str, wanted: Callable[[Club], Command]
) -> None:
    club.permit(club.in_service, permission)
    club.world.perform(wanted(club), ALICE)


@pytest.mark.parametrize(("permission", "wanted"), IN_SERVICE, ids=names(IN_SERVICE))
def test_a_permission_in_the_service(
    club: Club, permission: str, wanted: Callable[[Club], Command]
) -> None:
    wish = wanted(club)
    refused = club.refusal(wish)
    assert (refused.code, refused.status) == (50107, 403)
    assert permission in refused.permissions
    club.permit(club.in_service, permission)
    club.world.perform(wish, ALICE)


@pytest.mark.parametrize(
    ("permission", "wanted"), IN_CONVERSATION + IN_SERVICE, ids=names(IN_CONVERSATION + IN_SERVICE)
)
def test_rest_needs_none(club: Club, permission: str, wanted: Callable[[Club], Command]) -> None:
    club.world.perform(wanted(club))


@pytest.mark.parametrize(
    ("any_", "own"),
    [
        ("editAnyMessage", lambda it: EditMessage(**it.own, body="x")),
        ("editAnyMessageAttributes", lambda it: EditMessage(**it.own, attributes="[]")),
        ("deleteAnyMessage", lambda it: RemoveMessage(**it.own)),
        (
            "editAnyParticipantAttributes",
            lambda it: UpdateParticipant(**it.place, participant="alice", attributes="[]"),
        ),
    ],
)
def test_who_may_touch_any_may_touch_their_own(
    club: Club, any_: str, own: Callable[[Club], Command]
) -> None:
    club.permit(club.in_conversation, any_)
    club.world.perform(own(club), ALICE)


def test_a_creator_who_is_not_in_it_may_do_what_creators_may_and_no_more(club: Club) -> None:
    wish = EditMessage(**club.own_one, message="IM0", body="x")
    with pytest.raises(Refused, match="20404"):
        club.world.perform(wish, ALICE)
    club.permit(club.creators, "addParticipant")
    club.world.perform(AddParticipant(**club.own_one, identity="bob"), ALICE)
    with pytest.raises(Unauthorized) as refused:
        club.world.perform(PostMessage(**club.own_one, author="alice", body="x"), ALICE)
    assert (refused.value.code, refused.value.status) == (50430, 403)
    assert refused.value.reason == "missing permission sendMessage"


STRANGERS: list[Callable[[dict[str, str]], Command]] = [
    lambda place: UpdateConversation(**place, friendly_name="x"),
    lambda place: UpdateConversation(**place, attributes="not JSON"),
    lambda place: RemoveConversation(**place),
    lambda place: AddParticipant(**place, identity="alice"),
    lambda place: AddParticipant(**place, identity="bob"),
    lambda place: AddParticipant(**place),
    lambda place: UpdateParticipant(**place, participant="nobody", attributes="[]"),
    lambda place: RemoveParticipant(**place, participant="bob"),
    lambda place: RemoveParticipant(**place, participant="alice"),
    lambda place: PostMessage(**place, author="alice", body="x"),
    lambda place: PostMessage(**place, author="bob", body="x" * 9999),
    lambda place: EditMessage(**place, message="IM0", body="x"),
    lambda place: RemoveMessage(**place, message="IM0"),
    lambda place: UpdateUserConversation(**place, user="alice", notification_level="muted"),
    lambda place: UpdateUserConversation(**place, user="alice", last_read_message_index="0"),
    lambda place: UpdateUserConversation(**place, user="alice", last_read_message_index=""),
]


@pytest.mark.parametrize("state", ["active", "closed"])
@pytest.mark.parametrize("named", ["sid", "unique name"])
@pytest.mark.parametrize("wanted", STRANGERS, ids=range(len(STRANGERS)))
def test_a_stranger_learns_only_that_it_is_none_of_theirs(
    club: Club, wanted: Callable[[dict[str, str]], Command], named: str, state: str
) -> None:
    """Whatever else is wrong with it, and whatever the stranger may do where it is a member."""
    club.world.perform(UpdateConversation(**club.elsewhere, unique_name="far away", state=state))
    club.permit(club.in_service, *sorted(set(SERVICE_PERMISSIONS) - {"editAnyMessage"}))
    place = dict(club.elsewhere)
    if named == "unique name":
        place["conversation"] = "far away"
    before = club.world.snapshot()
    with pytest.raises(Refused) as refused:
        club.world.perform(wanted(place), ALICE)
    assert (refused.value.code, refused.value.status) == (50430, 403)
    assert "alice is not in CH" in (refused.value.reason or "")
    assert club.world.snapshot() == before


def test_a_conversation_that_there_is_not_is_not_found(club: Club) -> None:
    wish = AddParticipant(service=SERVICE, conversation="CH0", identity="alice")
    with pytest.raises(Refused, match="20404"):
        club.world.perform(wish, ALICE)


def test_a_service_admin_is_no_stranger(club: Club) -> None:
    world = club.world
    admin = next(role for role in world[Roles] if role.friendly_name == "service admin")
    user = AddUser(service=SERVICE, identity="root", role_sid=admin.sid)
    world.perform(user)
    root = Origin(source=Source.SDK, identity="root")
    world.perform(UpdateConversation(**club.elsewhere, friendly_name="seen"), root)
    world.perform(AddParticipant(**club.elsewhere, identity="bob"), root)
    world.perform(AddParticipant(**club.elsewhere, identity="root"), root)
    world.perform(RemoveConversation(**club.elsewhere), root)


def test_so_is_who_has_all_that_administers_from_another_role(club: Club) -> None:
    world, elsewhere = club.world, club.world[Conversations][club.elsewhere["conversation"]]
    club.permit(club.in_service, *sorted(ADMINISTRATION))
    assert may_see(world, "alice", elsewhere)
    assert may_read(world, "alice", elsewhere)
    club.permit(club.in_service, *sorted(ADMINISTRATION - {"deleteConversation"}))
    assert not may_see(world, "alice", elsewhere)


def test_a_text_of_a_refusal_is_twilios_own(club: Club) -> None:
    with pytest.raises(Unauthorized) as refused:
        club.world.perform(EditMessage(**club.own, body="x"), ALICE)
    assert refused.value.message == "User unauthorized for command"
    assert refused.value.reason == "missing permission editOwnMessage or editAnyMessage"


def test_who_makes_a_conversation_has_the_role_of_creators_joined_or_not(club: Club) -> None:
    world = club.world
    club.permit(club.in_service, "createConversation", "joinConversation")
    creators = club.role("creator", "conversation")
    wish = ConfigureService(service=SERVICE, default_conversation_creator_role_sid=creators.sid)
    world.perform(wish)
    made = world.perform(AddConversation(service=SERVICE), ALICE)
    place = {"service": SERVICE, "conversation": made.sid}
    add = AddParticipant(**place, identity="bob")
    with pytest.raises(Refused, match="50430"):
        world.perform(add, ALICE)
    club.permit(creators, "addParticipant")
    added = world.perform(add, ALICE)
    joined = world.perform(AddParticipant(**place, identity="alice"), ALICE)
    assert joined.role_sid == creators.sid
    assert added.role_sid == world[Services][SERVICE].default_conversation_role_sid


def test_an_app_that_adds_the_creator_gives_it_the_default_role(club: Club) -> None:
    world = club.world
    club.permit(club.in_service, "createConversation")
    made = world.perform(AddConversation(service=SERVICE), ALICE)
    wish = AddParticipant(service=SERVICE, conversation=made.sid, identity="alice")
    assert world.perform(wish).role_sid == world[Services][SERVICE].default_conversation_role_sid


def test_who_may_know_of_a_conversation(club: Club) -> None:
    world, elsewhere = club.world, club.world[Conversations][club.elsewhere["conversation"]]
    assert may_see(world, "alice", club.conversation)
    assert not may_see(world, "nobody", elsewhere)
    club.permit(club.in_service, "joinConversation", "createConversation")
    assert not may_see(world, "alice", elsewhere)
    made = world.perform(AddConversation(service=SERVICE), ALICE)
    club.permit(club.in_service)
    assert may_see(world, "alice", made)
    assert not may_read(world, "alice", made)
    assert not may_see(world, "bob", made)


def test_a_creator_who_left_may_come_back(club: Club) -> None:
    world = club.world
    club.permit(club.in_service, "joinConversation")
    world.perform(AddParticipant(**club.own_one, identity="alice"))
    world.perform(RemoveParticipant(**club.own_one, participant="alice"))
    world.perform(AddParticipant(**club.own_one, identity="alice"), ALICE)


def test_a_user_who_is_gone_may_nothing(club: Club) -> None:
    nobody = Origin(source=Source.SDK, identity="nobody")
    with pytest.raises(Refused, match="50107"):
        club.world.perform(AddConversation(service=SERVICE), nobody)


def test_a_client_may_say_nothing(club: Club) -> None:
    """The JavaScript SDK sends null for a text as an empty one."""
    club.permit(club.in_conversation, "sendMessage")
    said = club.world.perform(PostMessage(**club.place, author="alice", body=""), ALICE)
    assert said.body is None
    with pytest.raises(Refused, match="50503"):
        club.world.perform(PostMessage(**club.place, author="alice", body=""))


def test_who_has_to_be_a_member(world: World) -> None:
    club = Club(world)
    for require in (require_member, require_reader, require_sight):
        require(world, "bob", club.conversation)
        with pytest.raises(Refused, match="50430"):
            require(world, "carol", club.conversation)
