"""Devices that client SDKs register for push notifications, which are kept and never sent."""

from msgspec import Struct, field

from twilio_emulator.core.conversations import push_notifications
from twilio_emulator.core.conversations.push_notifications import (
    RegisterBinding,
    RemoveBinding,
    UnregisterBinding,
)
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.sdk.twilsock.operations import NOTHING, ClientRequest, Operations, answered
from twilio_emulator.sdk.twilsock.tunnel import TunnelResponse

MESSAGE_TYPES = {
    f"twilio.conversations.{name}": name
    for name in ("new_message", "added_to_conversation", "removed_from_conversation")
}
"""From what SDKs call a notification to what REST does; it has no word for others."""


class Device(Struct):
    """What the push service knows the device by."""

    registration_id: str = ""


class Registration(Struct):
    """A device that wants notifications."""

    channel_type: str = ""
    message_types: tuple[str, ...] = ()
    data: Device = field(default_factory=Device)


class Unregistration(Struct):
    """A device that wants none any more."""

    binding_type: str = ""
    address: str = ""


def declare(operations: Operations) -> None:
    """Declare the operations of this file."""

    @operations.on("POST", "v1/registrations")
    async def register(call: ClientRequest) -> TunnelResponse:
        wish = call.body(Registration)
        known = [MESSAGE_TYPES[each] for each in wish.message_types if each in MESSAGE_TYPES]
        binding = await call.caller.perform(
            RegisterBinding(
                service=call.caller.service_sid,
                identity=call.caller.identity,
                binding_type=wish.channel_type,
                endpoint=wish.data.registration_id,
                message_types=tuple(known),
                credential_sid=call.caller.push_credential_sid,
            )
        )
        return answered({"id": binding.sid}, 201)

    @operations.on("DELETE", "v1/registrations/{registration}")
    async def remove(call: ClientRequest) -> TunnelResponse:
        service_sid = call.caller.service_sid
        binding = push_notifications.find_binding(
            call.world, service_sid, call.said["registration"]
        )
        if binding.identity != call.caller.identity:
            raise Refused(NOT_FOUND)
        await call.caller.perform(RemoveBinding(service=service_sid, binding=binding.sid))
        return NOTHING

    @operations.on("DELETE", "v1/registrations")
    async def unregister(call: ClientRequest) -> TunnelResponse:
        wish = call.body(Unregistration)
        await call.caller.perform(
            UnregisterBinding(
                service=call.caller.service_sid,
                binding_type=wish.binding_type,
                endpoint=wish.address,
            )
        )
        return NOTHING
