"""The configuration of an account: which services and timers its conversations get by default.

The rules of this file (https://www.twilio.com/docs/conversations/api/configuration-resource):

- Paths that name no service lead to the default one; another default redirects them at once.
- Default timers are those of conversations made from then on.
"""

from typing import TYPE_CHECKING

from twilio_emulator.core.accounts.accounts import Account
from twilio_emulator.core.conversations import conversations
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import (
    INVALID_PARAMETER,
    MESSAGING_SERVICE_NOT_PROVIDED,
    Refused,
)

if TYPE_CHECKING:
    from twilio_emulator.core.kernel.world import World


@event
class AccountConfigured:
    """An account has other defaults for conversations."""

    account: Account


def fetch_configuration(world: "World", *, account: str) -> Account:
    """The account, which holds its own defaults."""
    return world.accounts[account]


@command
class ConfigureAccount:
    """Choose the default services and timers of an account."""

    account: str
    default_chat_service_sid: str | None = None
    default_messaging_service_sid: str | None = None
    default_inactive_timer: str | None = None
    default_closed_timer: str | None = None

    def apply(self, world: "World") -> Account:
        before = world.accounts[self.account]
        changes: dict[str, object] = {}
        if self.default_chat_service_sid is not None:
            service = world.services.get(self.default_chat_service_sid)
            if service is None or service.account_sid != before.sid:
                raise Refused(INVALID_PARAMETER, parameter="DefaultChatServiceSid")
            changes["default_chat_service_sid"] = service.sid
        if self.default_messaging_service_sid is not None:
            changes["default_messaging_service_sid"] = self._messaging_service(world)
        timing = conversations.read_timing(self.default_inactive_timer, self.default_closed_timer)
        if timing.inactive is not None:
            changes["default_inactive_timer"] = timing.inactive or None
        if timing.closed is not None:
            changes["default_closed_timer"] = timing.closed or None
        account = world.accounts.put(replace(before, **changes))
        world.tell(AccountConfigured(account=account))
        return account

    def _messaging_service(self, world: "World") -> str:
        sid = conversations.read_messaging_service(
            world, self.account, self.default_messaging_service_sid
        )
        if sid is None:
            raise Refused(MESSAGING_SERVICE_NOT_PROVIDED)
        return sid
