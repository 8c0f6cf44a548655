"""Deleting a service or a user, with everything that is in the one, or that the other is in."""

from typing import TYPE_CHECKING

from twilio_emulator.core.conversations import conversations, participants, users
from twilio_emulator.core.conversations import push_notifications as push
from twilio_emulator.core.conversations.services import ServiceRemoved, fetch_service
from twilio_emulator.core.conversations.users import UserRemoved
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import DEFAULT_SERVICE, Refused

if TYPE_CHECKING:
    from twilio_emulator.core.kernel.world import World


@command
class RemoveService:
    """Delete a service and everything in it; the default service stays."""

    account: str
    service_sid: str

    def apply(self, world: "World") -> None:
        service = fetch_service(world, account=self.account, service_sid=self.service_sid)
        if world.accounts[self.account].default_chat_service_sid == service.sid:
            raise Refused(DEFAULT_SERVICE)
        for conversation in world.conversations.all(world.conversations.by_activity, service.sid):
            conversations.remove(world, conversation)
        for binding in world.bindings.all(world.bindings.by_service, service.sid):
            world.bindings.remove(binding.sid)
        for user in world.users.all(world.users.by_service, service.sid):
            world.users.remove(user.sid)
        for role in world.roles.all(world.roles.by_service, service.sid):
            world.roles.remove(role.sid)
        for file in world.media.all(world.media.by_service, service.sid):
            world.timers.cancel(file.sid)
            world.media.remove(file.sid)
        for configurations in (world.webhook_configurations, world.notification_configurations):
            if service.sid in configurations:
                configurations.remove(service.sid)
        for address in world.address_configurations:
            if address.conversation_service_sid == service.sid:
                world.address_configurations.put(replace(address, conversation_service_sid=None))
        world.services.remove(service.sid)
        world.tell(ServiceRemoved(service=service))


@command
class RemoveUser:
    """Delete a user, who leaves all conversations; closed ones do not remember it either."""

    service: str
    user: str

    def apply(self, world: "World") -> None:
        user = users.find(world, self.service, self.user)
        table = world.participants
        for participant in table.all(table.by_identity, (user.service_sid, user.identity)):
            participants.leave(world, participant)
        bindings = world.bindings
        for binding in bindings.all(bindings.by_identity, (user.service_sid, user.identity)):
            push.remove(world, binding)
        world.users.remove(user.sid)
        world.tell(UserRemoved(user=user))
