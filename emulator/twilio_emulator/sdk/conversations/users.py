"""Users as client SDKs read and change them."""

from msgspec import UNSET, Struct, UnsetType

from twilio_emulator.core.conversations import users
from twilio_emulator.core.conversations.users import UpdateUser
from twilio_emulator.sdk.conversations import look
from twilio_emulator.sdk.conversations.conversations import cleared
from twilio_emulator.sdk.twilsock.operations import ClientRequest, Operations, answered
from twilio_emulator.sdk.twilsock.tunnel import TunnelResponse

USER = "Client/v2/Services/{service}/Users/{user}"


class ChangedUser(Struct):
    """What a client changes; null takes the name away."""

    friendly_name: str | UnsetType | None = UNSET
    attributes: str | None = None


def declare(operations: Operations) -> None:
    """Declare the operations of this file."""

    @operations.on("GET", USER)
    async def fetch(call: ClientRequest) -> TunnelResponse:
        user = users.find(call.world, call.said["service"], call.said["user"])
        return answered(look.user(call.world, user, call.caller.root))

    @operations.on("POST", USER)
    async def update(call: ClientRequest) -> TunnelResponse:
        wish = call.body(ChangedUser)
        changed = await call.caller.perform(
            UpdateUser(
                **call.said,
                friendly_name=cleared(wish.friendly_name),
                attributes=wish.attributes,
            )
        )
        return answered(look.user(call.world, changed, call.caller.root))
