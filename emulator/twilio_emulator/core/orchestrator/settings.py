"""What a configuration may be set to (https://www.twilio.com/docs/platform/conversations/configuration).

The rules of this file:

- Decided: a memory store need not be there, as a configuration whose store is gone goes on to
  capture; its id has the form of one.
- Decided: the service of Conversations v1 that is bridged is there, and the account's own.
- Decided: a status callback may be told anywhere by HTTP. Twilio wants https and a public host,
  which no app has that is being tested.
"""

import re

from twilio_emulator.core.conversations.resources import Services
from twilio_emulator.core.kernel.parameters import is_url
from twilio_emulator.core.kernel.ttids import is_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator import errors
from twilio_emulator.core.orchestrator.resources import (
    ChannelSettings,
    ConfigurationSettings,
    OrchestratorChannel,
    StatusCallbackTarget,
)

LONGEST_NAME, LONGEST_DESCRIPTION = 32, 512
MOST_CALLBACKS = 2
"""Of a configuration that is made or set; a conversation may have `MOST_OF_CONVERSATION`."""

MOST_OF_CONVERSATION = 20
MOST_INTELLIGENCE = 5

DEFAULT_NAME = "Default"

STORE_PREFIXES = ("mem_store", "mem_service")
"""Of ids of memory stores; the second is the old one."""

WITH_SETTINGS = frozenset(OrchestratorChannel) - {OrchestratorChannel.VIDEO}
"""Channels that a configuration may say something of."""

_NAME = re.compile(r"[a-zA-Z0-9_ -]+")
_SERVICE = re.compile(r"IS[0-9a-f]{32}")


def is_name(text: str) -> bool:
    """Whether a configuration may be called so."""
    return len(text) <= LONGEST_NAME and _NAME.fullmatch(text) is not None


def check(said: ConfigurationSettings) -> None:
    """Raises:
    Refused: 20001 something in it cannot be.
    """
    if not is_name(said.display_name):
        raise errors.invalid("displayName")
    if len(said.description) > LONGEST_DESCRIPTION:
        raise errors.invalid("description")
    check_store(said.memory_store_id)
    for channel, of_channel in said.channel_settings.items():
        _check_channel(channel, of_channel)
    check_callbacks("statusCallbacks", said.status_callbacks, MOST_CALLBACKS)
    check_intelligence("intelligenceConfigurationIds", said.intelligence_configuration_ids)


def check_store(store: str) -> None:
    """Raises:
    Refused: 20001 it has not the form of a memory store's id.
    """
    if not is_ttid(store, *STORE_PREFIXES):
        raise errors.invalid("memoryStoreId")


def check_service(world: World, account: str, service: str) -> None:
    """Raises:
    Refused: 20001 it is no service of Conversations v1 of the account.
    """
    place = "conversationsV1Bridge.serviceId"
    if not _SERVICE.fullmatch(service):
        raise errors.invalid(place)
    found = world[Services].get(service)
    if found is None or found.account_sid != account:
        raise errors.invalid(place, f"the account has no service {service}")


def check_callbacks(place: str, said: tuple[StatusCallbackTarget, ...], most: int) -> None:
    """Raises:
    Refused: 20001 there are too many, or one cannot be called.
    """
    if len(said) > most:
        raise errors.invalid(place, f"at most {most}")
    for at, each in enumerate(said):
        if not is_url(each.url):
            raise errors.invalid(f"{place}[{at}].url")


def check_intelligence(place: str, said: tuple[str, ...]) -> None:
    """Raises:
    Refused: 20001 there are too many.
    """
    if len(said) > MOST_INTELLIGENCE:
        raise errors.invalid(place, f"at most {MOST_INTELLIGENCE}")


def merged(
    kept: dict[str, ChannelSettings], said: dict[str, ChannelSettings | None] | None
) -> dict[str, ChannelSettings] | None:
    """What channels are set to, where some are named anew; None removes one."""
    if said is None:
        return None
    both = {**kept, **said}
    return {channel: each for channel, each in both.items() if each is not None}


def _check_channel(channel: str, said: ChannelSettings) -> None:
    place = f"channelSettings.{channel}"
    if channel not in WITH_SETTINGS:
        raise errors.invalid(place, f"one of {', '.join(sorted(WITH_SETTINGS))}")
    timeouts = said.status_timeouts
    if timeouts is not None:
        within = f"{place}.statusTimeouts"
        # https://www.npmjs.com/package/twilio: what Node's library says of the inline form.
        if timeouts.closed is None:
            raise errors.missing(f"{within}.closed")
        if timeouts.closed < 1:
            raise errors.invalid(f"{within}.closed")
        if timeouts.inactive is not None and not 1 <= timeouts.inactive < timeouts.closed:
            raise errors.invalid(f"{within}.inactive", "less than closed")
    for at, rule in enumerate(said.capture_rules):
        for name, address in (("from", rule.from_), ("to", rule.to)):
            if not address:
                raise errors.invalid(f"{place}.captureRules[{at}].{name}")
