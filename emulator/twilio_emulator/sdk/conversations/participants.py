"""Participants as client SDKs join, add, change and remove them."""

from msgspec import Struct, field

from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.sdk.conversations import look
from twilio_emulator.sdk.conversations.conversations import CONVERSATIONS
from twilio_emulator.sdk.twilsock.operations import NOTHING, ClientRequest, Operations, answered
from twilio_emulator.sdk.twilsock.tunnel import TunnelResponse

PARTICIPANTS = CONVERSATIONS + "/{conversation}/Participants"


class ParticipantBinding(Struct):
    """How a participant is to be reached who is not a chat user alone."""

    address: str | None = None
    proxy_address: str | None = None
    projected_address: str | None = None
    name: str | None = None
    level: str | None = None


class NewParticipant(Struct):
    """Who is to join, by identity or by address."""

    identity: str | None = None
    attributes: str | None = None
    messaging_binding: ParticipantBinding | None = field(default_factory=ParticipantBinding)


class ChangedParticipant(Struct):
    """What a client changes."""

    attributes: str | None = None


def declare(operations: Operations) -> None:
    """Declare the operations of this file."""

    @operations.on("POST", PARTICIPANTS)
    async def add(call: ClientRequest) -> TunnelResponse:
        wish = call.body(NewParticipant)
        binding = wish.messaging_binding or ParticipantBinding()
        made = await call.caller.perform(
            AddParticipant(
                **call.said,
                identity=wish.identity,
                attributes=wish.attributes,
                messaging_binding_address=binding.address,
                messaging_binding_proxy_address=binding.proxy_address,
                messaging_binding_projected_address=binding.projected_address,
                messaging_binding_name=binding.name,
                messaging_binding_level=binding.level,
            )
        )
        return answered(look.participant(made, call.caller.root), 201)

    @operations.on("POST", PARTICIPANTS + "/{participant}")
    async def update(call: ClientRequest) -> TunnelResponse:
        wish = call.body(ChangedParticipant)
        changed = await call.caller.perform(
            UpdateParticipant(**call.said, attributes=wish.attributes)
        )
        return answered(look.participant(changed, call.caller.root))

    @operations.on("DELETE", PARTICIPANTS + "/{participant}")
    async def remove(call: ClientRequest) -> TunnelResponse:
        await call.caller.perform(RemoveParticipant(**call.said))
        return NOTHING
