"""How a store knows customers again, as it is set.

The rules of this file (IdentityResolutionSettings of Memory's OpenAPI file):

- All of it is replaced at once. What identifiers profiles have already stays as it is.
- Identifiers are compared exactly: the file says that some settings can only take their default
  values so far. That `fuzzy` is the one, and that it is refused, is decided.
"""

import re

from twilio_emulator.core.kernel.bad_requests import bad, check_match, spelled
from twilio_emulator.core.kernel.long_runs import LongRun
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.operations import operated
from twilio_emulator.core.memory.settings import IdentifierConfig, IdentityResolution
from twilio_emulator.core.memory.stores import changed, fetch_memory_store, store_place

MOST_TYPES = 15
MOST_RULES = 15
MOST_VALUES = 100
LONGEST_TYPE = 30
SHORTEST_TYPE = 2
THRESHOLDS = range(50, 100)
POLICIES = ("fifo", "lifo")
NORMALIZATIONS = ("phone", "email", "trim", "none")

_TYPE = re.compile("[a-zA-Z0-9_-]+")
"""What a type is called (https://www.twilio.com/docs/conversations/memory/limits)."""

SETTINGS = "IdentityResolutionSettings"


@command
class SetIdentityResolution:
    """Know the customers of a store by other identifiers, or in another order.

    Raises:
        Refused: 400, 20404, 20412 the settings have been changed meanwhile.
    """

    account: str
    store: str
    identifier_configs: tuple[IdentifierConfig, ...]
    matching_rules: tuple[str, ...]
    if_match: str | None = None

    def apply(self, world: World) -> LongRun:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        check_match(self.if_match, store.identity.version)
        _check_configs(self.identifier_configs)
        _check_rules(self.matching_rules, self.identifier_configs)
        identity = IdentityResolution(
            identifier_configs=self.identifier_configs,
            matching_rules=self.matching_rules,
            version=store.identity.version + 1,
        )
        changed(world, replace(store, identity=identity))
        return operated(
            world,
            self.account,
            "Identity Resolution Settings accepted for processing.",
            store.sid,
            store_place(store, SETTINGS),
        )


def fetch_identity_resolution(world: World, *, account: str, store: str) -> IdentityResolution:
    """How a store knows customers again.

    Raises:
        Refused: 20404 there is no such store.
    """
    return fetch_memory_store(world, account=account, store=store).identity


def _check_configs(configs: tuple[IdentifierConfig, ...]) -> None:
    if not 1 <= len(configs) <= MOST_TYPES:
        raise bad(f"identifierConfigs must have 1 to {MOST_TYPES} items")
    if len({each.id_type for each in configs}) < len(configs):
        raise bad("identifierConfigs names a type twice")
    for at, each in enumerate(configs):
        place = f"identifierConfigs[{at}]"
        spelled(f"{place}.idType", each.id_type, _TYPE, LONGEST_TYPE)
        if len(each.id_type) < SHORTEST_TYPE:
            raise bad(f"{place}.idType must have {SHORTEST_TYPE} to {LONGEST_TYPE} characters")
        if each.matching_algo != "exact":
            raise bad(f"{place}.matchingAlgo must be exact: fuzzy is not available")
        if each.matching_threshold not in THRESHOLDS:
            raise bad(f"{place}.matchingThreshold must be 50 to 99")
        if not 1 <= each.limit <= MOST_VALUES:
            raise bad(f"{place}.limit must be 1 to {MOST_VALUES}")
        if each.limit_policy not in POLICIES:
            raise bad(f"{place}.limitPolicy must be fifo or lifo")
        if each.normalization not in NORMALIZATIONS:
            raise bad(f"{place}.normalization must be one of {', '.join(NORMALIZATIONS)}")


def _check_rules(rules: tuple[str, ...], configs: tuple[IdentifierConfig, ...]) -> None:
    if not 1 <= len(rules) <= MOST_RULES:
        raise bad(f"matchingRules must have 1 to {MOST_RULES} items")
    known = {each.id_type for each in configs}
    for at, rule in enumerate(rules):
        if rule not in known:
            raise bad(f"matchingRules[{at}] is no type of identifierConfigs")
