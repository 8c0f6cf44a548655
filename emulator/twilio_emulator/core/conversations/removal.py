"""Deleting a service or a user, with everything that is in the one, or that the other is in."""

from twilio_emulator.core.conversations import participants, push_notifications, users
from twilio_emulator.core.conversations.push_notifications import (
    Bindings,
)
from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Participants,
    Services,
    Users,
)
from twilio_emulator.core.conversations.services import ServiceRemoved, fetch_service
from twilio_emulator.core.conversations.users import UserRemoved
from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.refusals import DEFAULT_SERVICE, Refused
from twilio_emulator.core.kernel.world import World


@command
class RemoveService:
    """Delete a service; what is in it goes by reactions. The default service stays."""

    account: str
    service_sid: str

    def apply(self, world: World) -> None:
        service = fetch_service(world, account=self.account, service_sid=self.service_sid)
        if world[AccountConfigurations][self.account].default_chat_service_sid == service.sid:
            raise Refused(DEFAULT_SERVICE)
        world.tell(ServiceRemoved(service=service))
        world[Services].remove(service.sid)


@command
class RemoveUser:
    """Delete a user, who leaves all conversations; closed ones do not remember it either."""

    service: str
    user: str

    def apply(self, world: World) -> None:
        user = users.find(world, self.service, self.user)
        table = world[Participants]
        for participant in table.all(table.by_identity, (user.service_sid, user.identity)):
            participants.leave(world, participant)
        bindings = world[Bindings]
        for binding in bindings.all(bindings.by_identity, (user.service_sid, user.identity)):
            push_notifications.remove(world, binding)
        world[Users].remove(user.sid)
        world.tell(UserRemoved(user=user))
