"""Which of Twilio's rules about addresses in conversations hold: what a test may want otherwise.

They are settings of the account's world, changed by a command, so that a replay goes by the same.
"""

from dataclasses import fields

from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World

ADDRESS_RULES = "address rules"


@record
class AddressRules:
    """The settings.

    Attributes:
        own_addresses_only: proxy and projected addresses must be numbers of the account (50413,
            50415, 50439). Off, so that an app can be tried before it has its numbers.
        group_mms: the account may use group MMS (50452 when not).
    """

    own_addresses_only: bool = False
    group_mms: bool = True

    @property
    def sid(self) -> str:
        return ADDRESS_RULES


class AddressRulesTable(Table[AddressRules]):
    """The settings of the world, once they have been changed."""

    def __init__(self) -> None:
        super().__init__(AddressRules)


UNCHANGED = AddressRules()


@event
class AddressRulesChanged:
    """Other rules hold for addresses."""

    rules: AddressRules


@command
class ChangeAddressRules:
    """Change settings; what is not given stays as it is.

    Attributes:
        own_addresses_only: whether only the account's own numbers and senders can be proxies.
        group_mms: whether phones that share a proxy are in one group text.
    """

    own_addresses_only: bool | None = None
    group_mms: bool | None = None

    def apply(self, world: World) -> AddressRules:
        given = {
            field.name: value
            for field in fields(self)
            if (value := getattr(self, field.name)) is not None
        }
        rules = world[AddressRulesTable].put(replace(address_rules(world), **given))
        world.tell(AddressRulesChanged(rules=rules))
        return rules


def address_rules(world: World) -> AddressRules:
    """The rules that hold now."""
    return world[AddressRulesTable].get(ADDRESS_RULES) or UNCHANGED
