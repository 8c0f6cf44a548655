"""The configuration of an account: which services and timers its conversations get by default.

The rules of this file (https://www.twilio.com/docs/conversations/api/configuration-resource):

- Paths that name no service lead to the default one; another default redirects them at once.
- Default timers are those of conversations made from then on.
"""

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.conversations import conversations, states
from twilio_emulator.core.conversations.resources import (
    AccountConfiguration,
    AccountConfigurations,
    Services,
)
from twilio_emulator.core.conversations.services import open_service
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import (
    INVALID_PARAMETER,
    MESSAGING_SERVICE_NOT_PROVIDED,
    Refused,
)
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import MessagingServices


@event
class AccountConfigured:
    """An account has other defaults for conversations."""

    configuration: AccountConfiguration


def configure_opened(world: World, opened: AccountOpened) -> None:
    """A new account has a conversation service, and the messaging service that it started with."""
    account = opened.account.sid
    service = open_service(
        world, account, "Default Conversations Service", opened.start.conversation_service_sid
    )
    services = world[MessagingServices]
    (messaging_service, *_) = services.all(services.by_account, account)
    world[AccountConfigurations].put(
        AccountConfiguration(
            sid=account,
            default_chat_service_sid=service.sid,
            default_messaging_service_sid=messaging_service.sid,
        )
    )


def fetch_configuration(world: World, *, account: str) -> AccountConfiguration:
    """The defaults of an account; that it may be seen has been checked."""
    return world[AccountConfigurations][account]


@command
class ConfigureAccount:
    """Choose the default services and timers of an account."""

    account: str
    default_chat_service_sid: str | None = None
    default_messaging_service_sid: str | None = None
    default_inactive_timer: str | None = None
    default_closed_timer: str | None = None

    def apply(self, world: World) -> AccountConfiguration:
        before = world[AccountConfigurations][self.account]
        changes: dict[str, object] = {}
        if self.default_chat_service_sid is not None:
            service = world[Services].get(self.default_chat_service_sid)
            if service is None or service.account_sid != self.account:
                raise Refused(INVALID_PARAMETER, parameter="DefaultChatServiceSid")
            changes["default_chat_service_sid"] = service.sid
        if self.default_messaging_service_sid is not None:
            changes["default_messaging_service_sid"] = self._messaging_service(world)
        timing = states.read_timing(self.default_inactive_timer, self.default_closed_timer)
        if timing.inactive is not None:
            changes["default_inactive_timer"] = timing.inactive or None
        if timing.closed is not None:
            changes["default_closed_timer"] = timing.closed or None
        configuration = world[AccountConfigurations].put(replace(before, **changes))
        world.tell(AccountConfigured(configuration=configuration))
        return configuration

    def _messaging_service(self, world: World) -> str:
        sid = conversations.read_messaging_service(
            world, self.account, self.default_messaging_service_sid
        )
        if sid is None:
            raise Refused(MESSAGING_SERVICE_NOT_PROVIDED)
        return sid
