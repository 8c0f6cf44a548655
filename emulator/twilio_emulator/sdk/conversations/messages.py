"""Messages as client SDKs send, change and remove them, and what they ask about them."""

from msgspec import Struct

from twilio_emulator.core.conversations import messages
from twilio_emulator.core.conversations.messages import EditMessage, PostMessage, RemoveMessage
from twilio_emulator.core.conversations.resources import Message, Participant, Participants
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.senders.addresses import Channel, bare
from twilio_emulator.sdk.conversations import look, sync_look
from twilio_emulator.sdk.conversations.conversations import CONVERSATIONS, readable
from twilio_emulator.sdk.twilsock.operations import NOTHING, ClientRequest, Operations, answered
from twilio_emulator.sdk.twilsock.tunnel import TunnelResponse

MESSAGES = CONVERSATIONS + "/{conversation}/Messages"
LARGEST_PAGE = 50

NO_CHANNEL_METADATA = Refusal(50530, 404, "Channel metadata not found")
"""What the JavaScript SDK takes for none; with any other error it asks again."""


class NewMessage(Struct):
    """A message that is to be posted."""

    body: str | None = None
    subject: str | None = None
    attributes: str | None = None
    media_sids: tuple[str, ...] | None = None
    content_sid: str | None = None
    content_variables: str | None = None


class ChangedMessage(Struct):
    """What a client changes."""

    body: str | None = None
    attributes: str | None = None


def declare(operations: Operations) -> None:
    """Declare the operations of this file."""

    @operations.on("POST", MESSAGES)
    async def post(call: ClientRequest) -> TunnelResponse:
        wish = call.body(NewMessage)
        made = await call.caller.perform(
            PostMessage(
                **call.said,
                author=call.caller.identity,
                body=wish.body,
                subject=wish.subject,
                attributes=wish.attributes,
                media_sid=wish.media_sids or (),
                content_sid=wish.content_sid,
                content_variables=wish.content_variables,
            )
        )
        return answered(look.message(made, call.caller.root), 201)

    @operations.on("POST", MESSAGES + "/{message}")
    async def edit(call: ClientRequest) -> TunnelResponse:
        wish = call.body(ChangedMessage)
        changed = await call.caller.perform(
            EditMessage(**call.said, body=wish.body, attributes=wish.attributes)
        )
        return answered(look.message(changed, call.caller.root))

    @operations.on("DELETE", MESSAGES + "/{message}")
    async def remove(call: ClientRequest) -> TunnelResponse:
        await call.caller.perform(RemoveMessage(**call.said))
        return NOTHING

    operations.on("GET", MESSAGES + "/{message}/Receipts")(list_receipts)

    @operations.on("GET", MESSAGES + "/{message}/ChannelMetadata")
    async def fetch_channel_metadata(call: ClientRequest) -> TunnelResponse:
        speaker = call.world[Participants].get(_readable(call).participant_sid)
        if speaker is None or not sync_look.came_by_whatsapp(call.world, speaker.sid):
            raise Refused(NO_CHANNEL_METADATA)
        return answered(_whatsapp(call, speaker))

    @operations.on("GET", CONVERSATIONS + "/{conversation}/MessageRecipients")
    async def list_recipients(call: ClientRequest) -> TunnelResponse:
        """Messages have recipients of their own by e-mail only, which is not sent here."""
        readable(call)
        meta = {"previous_token": None, "next_token": None}
        return answered({"message_recipients": [], "meta": meta})


async def list_receipts(call: ClientRequest) -> TunnelResponse:
    """What became of a message at each phone."""
    _readable(call)
    receipts, meta = call.page(messages.list_receipts(call.world, **call.said), LARGEST_PAGE)
    return answered({"delivery_receipts": [look.receipt(each) for each in receipts], "meta": meta})


def _readable(call: ClientRequest) -> Message:
    """The message that a path names, when its user may read it.

    Raises:
        Refused: 20404 there is none, 50430 it is in another conversation than theirs.
    """
    return messages.find(call.world, readable(call), call.said["message"])


def _whatsapp(call: ClientRequest, speaker: Participant) -> dict[str, object]:
    """Who wrote, as WhatsApp knows them."""
    address = bare(speaker.address or "")
    handset = call.world[Handsets].get(address)
    name = (handset.profile_name or handset.label) if handset else None
    context = {"ProfileName": name or address, "WaId": address.lstrip("+")}
    return {"type": str(Channel.WHATSAPP), "data": {"context": context}}
