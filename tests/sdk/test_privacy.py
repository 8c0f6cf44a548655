"""Conversations are private: what a client SDK may see of them, whichever way it asks."""

from typing import Any

import pytest

from tests.sdk.visitor import SERVICE, House, Visitor
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant, RemoveParticipant
from twilio_emulator.core.conversations.resources import Roles
from twilio_emulator.core.conversations.roles import UpdateRole
from twilio_emulator.core.conversations.users import AddUser, UpdateUser

pytestmark = pytest.mark.anyio

C = f"/Client/v2/Services/{SERVICE}/Conversations"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Room:
    """A conversation that alice has created and is in, with a message of hers; bob is in none."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.alice = house.client("alice")
        self.bob = house.client("bob")
        self.sid = ""

    async def open(self) -> None:
        status, made = await self.alice.ask("POST", C, {"unique_name": "the room"})
        assert status == 201
        self.sid = made["sid"]
        self.place = {"service": SERVICE, "conversation": self.sid}
        await self.alice.ask("POST", f"{C}/{self.sid}/Participants", {"identity": "alice"})
        said = {"body": "between us"}
        _, self.message = await self.alice.ask("POST", f"{C}/{self.sid}/Messages", said)

    @property
    def objects(self) -> list[tuple[str, str, str]]:
        """Kind, path and sid of the Sync objects."""
        digits = self.sid[2:]
        return [
            ("document", f"/v3/Documents/{self.sid}.channel", f"ET{digits}"),
            ("list", f"/v3/Lists/{self.sid}.messages", f"ES{digits}"),
            ("map", f"/v3/Maps/{self.sid}.roster", f"MP{digits}"),
        ]

    def paths(self, visitor: Visitor, name: str) -> list[tuple[str, str, object]]:
        """Everything that the SDKs ask about a conversation; method, path and body."""
        identity = visitor.connection.entered.grant.identity
        user = visitor.user_sid
        mine = f"/Client/v2/Services/{SERVICE}/Users/{user}/Conversations/{name}"
        message = f"{C}/{name}/Messages/{self.message['sid']}"
        old = f"/v1/Services/{SERVICE}"
        return [
            ("GET", f"{C}/{name}", None),
            ("POST", f"{C}/{name}", {"friendly_name": "x"}),
            ("POST", f"{C}/{name}", {"attributes": "{}"}),
            ("DELETE", f"{C}/{name}", {}),
            ("GET", mine, None),
            ("POST", mine, {"last_read_message_index": 0}),
            ("POST", mine, {"last_read_message_index": None}),
            ("POST", mine, {"notification_level": "muted"}),
            ("POST", f"{C}/{name}/Participants", {"identity": identity}),
            ("POST", f"{C}/{name}/Participants", {"identity": "carol"}),
            ("POST", f"{C}/{name}/Participants", {"messaging_binding": {"address": "+1"}}),
            ("POST", f"{C}/{name}/Participants/alice", {"attributes": "{}"}),
            ("DELETE", f"{C}/{name}/Participants/alice", {}),
            ("DELETE", f"{C}/{name}/Participants/nobody", {}),
            ("POST", f"{C}/{name}/Messages", {"body": "x"}),
            ("POST", f"{C}/{name}/Messages", {"media_sids": ["ME" + "0" * 32]}),
            ("POST", message, {"body": "x"}),
            ("DELETE", message, {}),
            ("GET", f"{message}/Receipts", None),
            ("GET", f"{message}/ChannelMetadata", None),
            ("GET", f"{C}/{name}/MessageRecipients", None),
            ("POST", f"/v1/Instances/{SERVICE}/Typing", b"ChannelSid=" + name.encode()),
            ("POST", "/v1/typing", b"ChannelSid=" + name.encode()),
            ("GET", f"{old}/PublicChannels/{name}", None),
            ("GET", f"{old}/Users/{user}/Channels/{name}", None),
            ("GET", f"{old}/Channels/{name}/Messages/{self.message['sid']}/Receipts", None),
        ]


@pytest.fixture
async def room(anyio_backend: str) -> Room:
    made = Room(House())
    await made.open()
    return made


def refused(answer: tuple[int, Any]) -> tuple[int, int]:
    status, body = answer
    assert body["status"] == status
    return status, body["code"]


PRIVATE = (403, 50430)


@pytest.mark.parametrize("by", ["sid", "unique name"])
async def test_a_stranger_is_refused_whatever_it_asks(room: Room, by: str) -> None:
    name = room.sid if by == "sid" else "the room"
    before = room.house.world.snapshot()
    for method, path, body in room.paths(room.bob, name.replace(" ", "%20")):
        assert refused(await room.bob.ask(method, path, body)) == PRIVATE, (method, path)
    own = f"/v1/Services/{SERVICE}/Users/bob/Channels"
    assert refused(await room.bob.ask("GET", own, ChannelSid=name.replace(" ", "%20"))) == PRIVATE
    after = room.house.world.snapshot()
    assert after == before
    assert room.alice.events() == []


async def test_what_is_not_there_is_not_found(room: Room) -> None:
    assert refused(await room.bob.ask("GET", f"{C}/CH{'0' * 32}")) == (404, 20404)
    wish = {"identity": "bob"}
    assert refused(await room.bob.ask("POST", f"{C}/none/Participants", wish)) == (404, 20404)


async def test_version_1_is_refused_by_its_own_means(room: Room) -> None:
    _, session = await room.bob.ask("POST", "/v3/Lists", {"purpose": "com.twilio.rtd.ipmsg"})
    items = f"/v3/Lists/{session['sid']}/Items"
    commands: list[dict[str, object]] = [
        {"action": "joinChannelV2"},
        {"action": "leaveChannel"},
        {"action": "destroyChannel"},
        {"action": "editFriendlyName", "friendlyName": "x"},
        {"action": "editUniqueName", "uniqueName": "x"},
        {"action": "editAttributes", "attributes": "{}"},
        {"action": "addMemberV2", "username": "bob"},
        {"action": "addMemberV2", "username": "carol"},
        {"action": "removeMember", "username": "alice"},
        {"action": "editMemberAttributes", "memberSid": "MB0", "attributes": "{}"},
        {"action": "sendMessage", "text": "x"},
        {"action": "editMessage", "messageIdx": 0, "text": "x"},
        {"action": "editMessage", "messageIdx": "7", "text": "x"},
        {"action": "deleteMessage", "messageIdx": 0},
        {"action": "editNotificationLevel", "notificationLevel": "muted"},
        {
            "action": "addNonChatParticipant",
            "conversationSid": room.sid,
            "address": "+12025550199",
            "proxyAddress": "+12025550100",
        },
        {"action": "consumptionReportV2", "report": [{"channelSid": room.sid, "messageIdx": 0}]},
    ]
    for command in commands:
        said = {"data": {"request": {"channelSid": room.sid, **command}}}
        status, item = await room.bob.ask("POST", items, said)
        assert status == 201
        _, done = await room.bob.ask("GET", f"{items}/{item['index']}")
        assert done["data"]["response"]["status"] == 50430, command
        assert done["data"]["request"] == said["data"]["request"]


async def test_so_are_its_sync_objects(room: Room) -> None:
    for _, path, sid in room.objects:
        at = path.rpartition("/")[0]
        for each in (path, f"{at}/{sid}", f"/v3/Services/{SERVICE}{at[3:]}/{sid}"):
            assert refused(await room.bob.ask("GET", each)) == PRIVATE
            assert (await room.alice.ask("GET", each))[0] == 200
        if "Documents" not in path:
            assert refused(await room.bob.ask("GET", f"{path}/Items")) == PRIVATE
    watched = [(kind, sid) for kind, _, sid in room.objects]
    for kind, event in await room.bob.subscribe(*watched):
        assert kind == "subscription_failed"
        assert (event["error"]["status"], event["error"]["code"]) == PRIVATE
    told = await room.alice.subscribe(*watched)
    assert {kind for kind, _ in told} == {"subscription_established"}


async def test_what_belongs_to_another_user_alone_is_forbidden(room: Room) -> None:
    assert refused(await room.bob.ask("GET", "/v3/Maps/alice.channels")) == (403, 54007)
    assert (await room.bob.ask("GET", "/v3/Maps/bob.channels"))[0] == 200
    assert refused(await room.bob.ask("GET", "/v3/Maps/carol.channels")) == (404, 54300)


async def test_permissions_open_nothing_that_is_private(room: Room) -> None:
    world = room.house.world
    role = next(each for each in world[Roles] if each.friendly_name == "service user")
    wide = ("joinConversation", "addParticipant", "editConversationName", "deleteConversation")
    room.house.perform(UpdateRole(service=SERVICE, role=role.sid, permission=wide))
    for method, path, body in room.paths(room.bob, room.sid):
        assert refused(await room.bob.ask(method, path, body)) == PRIVATE, (method, path)


async def test_who_is_added_sees_it_and_who_is_removed_no_longer(room: Room) -> None:
    own = ("map", "MP" + room.bob.user_sid[:1:-1])
    await room.bob.ask("GET", "/v3/Maps/bob.channels")
    await room.bob.subscribe(own)
    watched = [(kind, sid) for kind, _, sid in room.objects]
    for _ in range(2):
        room.house.perform(AddParticipant(**room.place, identity="bob"))
        [(kind, event)] = room.bob.events()
        assert (kind, event["item_key"]) == ("map_item_added", room.sid)
        assert (await room.bob.ask("GET", f"{C}/{room.sid}"))[0] == 200
        told = await room.bob.subscribe(*watched)
        assert [kind for kind, _ in told].count("subscription_established") == 3
        room.house.perform(PostMessage(**room.place, body="to both", author="alice"))
        assert "list_item_added" in {kind for kind, _ in room.bob.events()}
        room.house.perform(RemoveParticipant(**room.place, participant="bob"))
        told = room.bob.events()
        assert ("map_item_removed", room.sid) in [(kind, it.get("item_key")) for kind, it in told]
        room.house.perform(PostMessage(**room.place, body="not to bob", author="alice"))
        room.house.perform(UpdateConversation(**room.place, friendly_name="not for bob"))
        assert room.bob.events() == []
        assert refused(await room.bob.ask("GET", f"{C}/{room.sid}")) == PRIVATE
        for (_, event), (_, path, _) in zip(
            await room.bob.subscribe(*watched), room.objects, strict=True
        ):
            assert event["error"]["status"] == 403
            assert refused(await room.bob.ask("GET", path)) == PRIVATE


async def test_who_had_it_open_is_told_that_it_is_gone(room: Room) -> None:
    """Any other failure is final for the JavaScript client, even when it is added again."""
    room.house.perform(AddParticipant(**room.place, identity="bob"))
    for _, path, _ in room.objects:
        assert (await room.bob.ask("GET", path))[0] == 200
    room.house.perform(RemoveParticipant(**room.place, participant="bob"))
    told = await room.bob.subscribe(*((kind, sid) for kind, _, sid in room.objects))
    codes = [(event["error"]["status"], event["error"]["code"]) for _, event in told]
    assert codes == [(404, 54100), (404, 54150), (404, 54200)]
    [(_, event)] = await room.bob.subscribe(("live_query", room.objects[0][2]))
    assert (event["error"]["status"], event["error"]["code"]) == (404, 20404)
    for _, path, _ in room.objects:
        assert refused(await room.bob.ask("GET", path)) == PRIVATE


async def test_who_left_while_away_learns_it_from_its_own_list_first(room: Room) -> None:
    own = ("map", "MP" + room.bob.user_sid[:1:-1])
    room.house.perform(AddParticipant(**room.place, identity="bob"))
    await room.bob.ask("GET", "/v3/Maps/bob.channels")
    room.bob.connection.leave()
    room.house.perform(RemoveParticipant(**room.place, participant="bob"))
    again = room.house.client("bob")
    watched = [*((kind, sid) for kind, _, sid in room.objects), own]
    told = [kind for kind, _ in await again.subscribe(*watched)]
    assert sorted(told) == [
        "map_item_removed",
        "subscription_established",
        "subscription_failed",
        "subscription_failed",
        "subscription_failed",
    ]


async def test_its_creator_sees_it_and_reads_it_when_it_is_in_it(room: Room) -> None:
    room.house.perform(RemoveParticipant(**room.place, participant="alice"))
    assert (await room.alice.ask("GET", f"{C}/the%20room"))[1]["sid"] == room.sid
    document, messages, roster = (path for _, path, _ in room.objects)
    assert (await room.alice.ask("GET", document))[0] == 200
    for path in (messages, roster):
        assert refused(await room.alice.ask("GET", path)) == PRIVATE
    receipts = f"{C}/{room.sid}/Messages/{room.message['sid']}/Receipts"
    assert refused(await room.alice.ask("GET", receipts)) == PRIVATE
    wish = {"identity": "alice"}
    assert (await room.alice.ask("POST", f"{C}/{room.sid}/Participants", wish))[0] == 201
    assert (await room.alice.ask("GET", messages))[0] == 200


async def test_a_service_admin_sees_all_for_as_long_as_it_is_one(room: Room) -> None:
    roles = {each.friendly_name: each.sid for each in room.house.world[Roles]}
    wish = AddUser(service=SERVICE, identity="root", role_sid=roles["service admin"])
    room.house.perform(wish)
    root = room.house.client("root")
    assert (await root.ask("GET", f"{C}/the%20room"))[1]["sid"] == room.sid
    watched = [(kind, sid) for kind, _, sid in room.objects]
    assert {kind for kind, _ in await root.subscribe(*watched)} == {"subscription_established"}
    receipts = f"{C}/{room.sid}/Messages/{room.message['sid']}/Receipts"
    assert (await root.ask("GET", receipts))[0] == 200
    room.house.perform(PostMessage(**room.place, body="seen", author="alice"))
    assert "list_item_added" in {kind for kind, _ in root.events()}
    room.house.perform(UpdateUser(service=SERVICE, user="root", role_sid=roles["service user"]))
    room.house.perform(PostMessage(**room.place, body="not seen", author="alice"))
    assert root.events() == []
    assert refused(await root.ask("GET", f"{C}/{room.sid}")) == PRIVATE
    assert {kind for kind, _ in await root.subscribe(*watched)} == {"subscription_failed"}


async def test_what_is_deleted_stays_private(room: Room) -> None:
    await room.alice.subscribe(*((kind, sid) for kind, _, sid in room.objects))
    room.house.perform(RemoveConversation(**room.place))
    assert {"document_removed", "list_removed", "map_removed"} <= {
        kind for kind, _ in room.alice.events()
    }
    for _, path, _ in room.objects:
        assert (await room.alice.ask("GET", path))[0] == 200
        assert refused(await room.bob.ask("GET", path)) == PRIVATE


async def test_what_rest_has_made_is_seen_by_who_was_added(room: Room) -> None:
    made = room.house.perform(AddConversation(service=SERVICE, unique_name="by rest"))
    assert refused(await room.bob.ask("GET", f"{C}/by%20rest")) == PRIVATE
    room.house.perform(AddParticipant(service=SERVICE, conversation=made.sid, identity="bob"))
    assert (await room.bob.ask("GET", f"{C}/by%20rest"))[0] == 200
