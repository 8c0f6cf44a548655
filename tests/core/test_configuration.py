import pytest

from tests.core.conftest import ACCOUNT, Told
from tests.core.refused import code
from twilio_emulator.core.conversations import account_configuration, services
from twilio_emulator.core.conversations.account_configuration import (
    AccountConfigured,
    ConfigureAccount,
)
from twilio_emulator.core.conversations.address_rules import (
    AddressRulesChanged,
    ChangeAddressRules,
    address_rules,
)
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.resources import Conversations, Services
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.messaging_services import AddMessagingService

SERVICE = "IS00000000000000000000000000000001"


def test_defaults_are_those_of_later_conversations(world: World, told: Told) -> None:
    service = world.perform(AddService(account=ACCOUNT, friendly_name="Other"))
    messaging = world.perform(AddMessagingService(account=ACCOUNT, friendly_name="Other"))
    before = world.perform(AddConversation(service=SERVICE))
    account = world.perform(
        ConfigureAccount(
            account=ACCOUNT,
            default_chat_service_sid=service.sid,
            default_messaging_service_sid=messaging.sid,
            default_inactive_timer="PT1M",
            default_closed_timer="PT10M",
        )
    )
    assert account.default_chat_service_sid == service.sid
    assert told[-1] == AccountConfigured(configuration=account)
    assert account_configuration.fetch_configuration(world, account=ACCOUNT) == account
    after = world.perform(AddConversation(service=SERVICE))
    assert (after.messaging_service_sid, after.inactive_after, after.closed_after) == (
        messaging.sid,
        60,
        600,
    )
    own = world.perform(AddConversation(service=SERVICE, timers_inactive=""))
    assert (own.inactive_after, own.closed_after) == (None, 600)
    assert world[Conversations][before.sid].inactive_after is None
    cleared = world.perform(
        ConfigureAccount(account=ACCOUNT, default_inactive_timer="", default_closed_timer="PT0S")
    )
    assert (cleared.default_inactive_timer, cleared.default_closed_timer) == (None, None)
    assert cleared.default_messaging_service_sid == messaging.sid


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"default_chat_service_sid": "IS" + "9" * 32}, 20001),
        ({"default_messaging_service_sid": ""}, 50340),
        ({"default_messaging_service_sid": "MG1"}, 50341),
        ({"default_messaging_service_sid": "MG" + "9" * 32}, 50342),
        ({"default_inactive_timer": "PT1S"}, 50375),
        ({"default_closed_timer": "soon"}, 50380),
    ],
)
def test_what_cannot_be_a_default(world: World, asked: dict[str, str], expected: int) -> None:
    assert code(world, ConfigureAccount(account=ACCOUNT, **asked)) == expected


def test_services_of_other_accounts_are_unknown(world: World) -> None:
    service = world[Services].put(replace(world[Services][SERVICE], account_sid="AC" + "2" * 32))
    with pytest.raises(Refused, match="20404"):
        services.fetch_service(world, account=ACCOUNT, service_sid=service.sid)
    assert code(world, ConfigureAccount(account=ACCOUNT, default_chat_service_sid=SERVICE)) == 20001


def test_rules_of_addresses_are_changed_one_by_one(world: World, told: Told) -> None:
    assert not address_rules(world).own_addresses_only
    world.perform(ChangeAddressRules(own_addresses_only=True))
    rules = world.perform(ChangeAddressRules(group_mms=False))
    assert (rules.own_addresses_only, rules.group_mms) == (True, False)
    assert told[-1] == AddressRulesChanged(rules=rules)
    assert address_rules(world) == rules
