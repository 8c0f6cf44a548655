"""What version 1 of the JavaScript SDK reads by requests of its own, in the words of Chat."""

from twilio_emulator.core.conversations import conversations, permissions, users
from twilio_emulator.core.conversations.resources import Conversation, Messages, Participants
from twilio_emulator.core.conversations.user_conversations import unread_messages_count
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.sdk.conversations import look, messages, names, sync_look
from twilio_emulator.sdk.conversations.conversations import PAGE_SIZE, own_user, visible
from twilio_emulator.sdk.twilsock.operations import ClientRequest, Operations, answered
from twilio_emulator.sdk.twilsock.tunnel import TunnelResponse
from twilio_emulator.wire.spelling import iso_milliseconds

SERVICE = "v1/Services/{service}"
OF_USER = SERVICE + "/Users/{user}"


def declare(operations: Operations) -> None:
    """Declare the operations of this file."""

    @operations.on("GET", SERVICE + "/PublicChannels/{conversation}")
    async def fetch(call: ClientRequest) -> TunnelResponse:
        return answered(_channel(call.world, visible(call), call.caller.identity))

    @operations.on("GET", OF_USER + "/Channels/{conversation}")
    async def fetch_own(call: ClientRequest) -> TunnelResponse:
        own_user(call)
        return answered(_channel(call.world, visible(call), call.caller.identity))

    @operations.on("GET", OF_USER + "/Channels")
    async def find_own(call: ClientRequest) -> TunnelResponse:
        """The one that a parameter names, in a list; an empty list when the user is not in it."""
        own_user(call)
        world, identity = call.world, call.caller.identity
        wanted = call.request.param("ChannelSid") or ""
        found = conversations.find(world, call.said["service"], wanted)
        permissions.require_sight(world, identity, found)
        member = permissions.member_of(world, identity, found)
        channels = [_channel(world, found, identity)] if member else []
        return answered({"channels": channels, "meta": _WHOLE})

    @operations.on("GET", OF_USER + "/SyncList")
    async def list_own(call: ClientRequest) -> TunnelResponse:
        user, table = own_user(call), call.world[Participants]
        rows = Rows(table, table.by_identity, (user.service_sid, user.identity))
        members, meta = call.page(rows, PAGE_SIZE)
        channels = [
            {
                "channel_sid": member.conversation_sid,
                "status": "joined",
                "channel": names.document_of(member.conversation_sid),
                "messages": names.messages_of(member.conversation_sid),
                "roster": names.roster_of(member.conversation_sid),
                "last_consumed_message_index": member.last_read_message_index,
                "notification_level": member.notification_level,
            }
            for member in members
        ]
        return answered({"channels": channels, "meta": meta})

    @operations.on("GET", SERVICE + "/Users/{user}")
    async def fetch_user(call: ClientRequest) -> TunnelResponse:
        user = users.find(call.world, call.said["service"], call.said["user"])
        return answered(look.user(call.world, user, call.caller.root))

    operations.on("GET", SERVICE + "/Channels/{conversation}/Messages/{message}/Receipts")(
        messages.list_receipts
    )


_WHOLE = {"previous_token": None, "next_token": None}


def _channel(world: World, it: Conversation, identity: str) -> dict[str, object]:
    member = permissions.member_of(world, identity, it)
    return {
        "sid": it.sid,
        "channel_sid": it.sid,
        "type": "private",
        "friendly_name": it.friendly_name,
        "unique_name": it.unique_name,
        "attributes": it.attributes,
        "created_by": it.created_by,
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "state": {"state.v1": sync_look.state(it)},
        "status": "joined" if member else "notParticipating",
        "members_count": len(world[Participants].by_conversation.of(it.sid)),
        "messages_count": len(world[Messages].by_conversation.of(it.sid)),
        "last_consumed_message_index": member.last_read_message_index if member else None,
        "unread_messages_count": unread_messages_count(world, member) if member else None,
        "notification_level": member.notification_level if member else "default",
    }
