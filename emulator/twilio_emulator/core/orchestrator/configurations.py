"""Configurations: made, set, changed in part, removed, found.

The rules of this file (https://www.twilio.com/docs/platform/conversations/configuration):

- Every account begins with one that captures nothing, so that an agent can start at once.
- What conversations are grouped by is settled when the configuration is made.
- A service of Conversations v1 is bridged to one configuration.
- To set it (PUT) is to say all anew; what is left out has its default, but for the name. To change
  it in part (PATCH) leaves what is not said; decided: null says nothing there, since Twilio's
  library for Python sends null for all that nobody has set.
- Decided: there may be any number of configurations and rules. Twilio's pages disagree.
- Decided: a configuration can be removed while conversations are open, which go on by what they
  have pinned of it.
- Decided: lists are in the order in which things came.
"""

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.ttids import new_ttid, stable_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.stores import begun_with
from twilio_emulator.core.orchestrator import errors, operations, settings
from twilio_emulator.core.orchestrator.operations import CONFIGURATION_ID, OrchestratorOperation
from twilio_emulator.core.orchestrator.resources import (
    CONFIGURATION,
    ChannelSettings,
    ConfigurationChanged,
    ConfigurationSettings,
    ConversationConfiguration,
    ConversationConfigurations,
    GroupingType,
    StatusCallbackTarget,
    V1Bridge,
)

FIRST_CONFIGURATION = "conv_configuration_00000000000000000000000001"
"""Decided: the configuration that an account begins with, unless another is named for it.
Subaccounts, which live beside it, have others."""

FIRST_GROUPING = GroupingType.ADDRESSES_AND_CHANNEL
"""What its conversations are grouped by: Twilio's pages call it the default."""


@command
class AddConversationConfiguration:
    """Make a configuration."""

    account: str
    display_name: str
    description: str
    conversation_grouping_type: GroupingType
    memory_store_id: str
    channel_settings: dict[str, ChannelSettings] | None = None
    status_callbacks: tuple[StatusCallbackTarget, ...] = ()
    intelligence_configuration_ids: tuple[str, ...] = ()
    memory_extraction_enabled: bool = False
    conversations_v1_bridge: V1Bridge | None = None
    idempotency_key: str | None = None

    def apply(self, world: World) -> OrchestratorOperation:
        found = operations.repeated(world, self.account, self.idempotency_key)
        if found is not None:
            return found
        said = ConfigurationSettings(
            display_name=self.display_name,
            description=self.description,
            conversation_grouping_type=self.conversation_grouping_type,
            memory_store_id=self.memory_store_id,
            channel_settings=self.channel_settings or {},
            status_callbacks=self.status_callbacks,
            intelligence_configuration_ids=self.intelligence_configuration_ids,
            memory_extraction_enabled=self.memory_extraction_enabled,
            conversations_v1_bridge=self.conversations_v1_bridge,
        )
        settings.check(said)
        check_bridge(world, self.account, self.conversations_v1_bridge, None)
        made = ConversationConfiguration(
            sid=new_ttid(world, CONFIGURATION),
            account_sid=self.account,
            settings=said,
            created_at=world.now,
            updated_at=world.now,
            serial=world.serial(),
        )
        return _kept(world, None, made, self.idempotency_key)


@command
class SetConversationConfiguration:
    """Say all of a configuration anew."""

    account: str
    configuration: str
    conversation_grouping_type: GroupingType
    channel_settings: dict[str, ChannelSettings]
    description: str
    memory_store_id: str
    display_name: str | None = None
    status_callbacks: tuple[StatusCallbackTarget, ...] = ()
    intelligence_configuration_ids: tuple[str, ...] = ()
    memory_extraction_enabled: bool = False
    conversations_v1_bridge: V1Bridge | None = None
    idempotency_key: str | None = None

    def apply(self, world: World) -> OrchestratorOperation:
        found = operations.repeated(world, self.account, self.idempotency_key)
        if found is not None:
            return found
        before = fetch_configuration(world, account=self.account, configuration=self.configuration)
        said = ConfigurationSettings(
            display_name=self.display_name or before.settings.display_name,
            description=self.description,
            conversation_grouping_type=self.conversation_grouping_type,
            memory_store_id=self.memory_store_id,
            channel_settings=self.channel_settings,
            status_callbacks=self.status_callbacks,
            intelligence_configuration_ids=self.intelligence_configuration_ids,
            memory_extraction_enabled=self.memory_extraction_enabled,
            conversations_v1_bridge=self.conversations_v1_bridge,
        )
        bridge = self.conversations_v1_bridge
        return _changed(world, before, said, bridge, self.idempotency_key)


@command
class ChangeConversationConfiguration:
    """Change what is said of a configuration, and of the channels that are named; None removes
    one."""

    account: str
    configuration: str
    display_name: str | None = None
    description: str | None = None
    conversation_grouping_type: GroupingType | None = None
    memory_store_id: str | None = None
    channel_settings: dict[str, ChannelSettings | None] | None = None
    status_callbacks: tuple[StatusCallbackTarget, ...] | None = None
    intelligence_configuration_ids: tuple[str, ...] | None = None
    memory_extraction_enabled: bool | None = None
    conversations_v1_bridge: V1Bridge | None = None
    idempotency_key: str | None = None

    def apply(self, world: World) -> OrchestratorOperation:
        found = operations.repeated(world, self.account, self.idempotency_key)
        if found is not None:
            return found
        before = fetch_configuration(world, account=self.account, configuration=self.configuration)
        given = {
            "display_name": self.display_name,
            "description": self.description,
            "conversation_grouping_type": self.conversation_grouping_type,
            "memory_store_id": self.memory_store_id,
            "channel_settings": settings.merged(
                before.settings.channel_settings, self.channel_settings
            ),
            "status_callbacks": self.status_callbacks,
            "intelligence_configuration_ids": self.intelligence_configuration_ids,
            "memory_extraction_enabled": self.memory_extraction_enabled,
            "conversations_v1_bridge": self.conversations_v1_bridge,
        }
        changes = {name: value for name, value in given.items() if value is not None}
        said = replace(before.settings, **changes)
        bridge = self.conversations_v1_bridge
        return _changed(world, before, said, bridge, self.idempotency_key)


@command
class RemoveConversationConfiguration:
    """Remove a configuration. Its conversations go on by what they have pinned of it."""

    account: str
    configuration: str
    idempotency_key: str | None = None

    def apply(self, world: World) -> OrchestratorOperation:
        found = operations.repeated(world, self.account, self.idempotency_key)
        if found is not None:
            return found
        before = fetch_configuration(world, account=self.account, configuration=self.configuration)
        world[ConversationConfigurations].remove(before.sid)
        world.tell(ConfigurationChanged(before=before, now=None))
        related = CONFIGURATION_ID, before.sid
        return operations.done(world, self.account, related, self.idempotency_key)


def _changed(
    world: World,
    before: ConversationConfiguration,
    said: ConfigurationSettings,
    bridge: V1Bridge | None,
    key: str | None,
) -> OrchestratorOperation:
    """Have a configuration set to something else.

    Args:
        bridge: the one that is asked for. One that only stays is not looked at, since its service
            may be gone by now.

    Raises:
        Refused: 20001 it cannot be, 20409 another is bridged to its service.
    """
    settings.check(said)
    if said.conversation_grouping_type is not before.settings.conversation_grouping_type:
        raise errors.invalid("conversationGroupingType", "it cannot change after creation")
    check_bridge(world, before.account_sid, bridge, before.sid)
    now = replace(before, settings=said, version=before.version + 1, updated_at=world.now)
    return _kept(world, before, now, key)


def _kept(
    world: World,
    before: ConversationConfiguration | None,
    now: ConversationConfiguration,
    key: str | None,
) -> OrchestratorOperation:
    world[ConversationConfigurations].put(now)
    world.tell(ConfigurationChanged(before=before, now=now))
    return operations.done(world, now.account_sid, (CONFIGURATION_ID, now.sid), key)


def check_bridge(
    world: World, account: str, bridge: V1Bridge | None, configuration: str | None
) -> None:
    """Raises:
    Refused: 20001 the service of v1 is none of the account's, 20409 it is bridged already.
    """
    if bridge is None:
        return
    settings.check_service(world, account, bridge.service_id)
    configurations = world[ConversationConfigurations]
    other = configurations.found(configurations.by_bridge, bridge.service_id)
    if other is not None and other.sid != configuration:
        raise errors.conflict(other.sid)


def open_first(world: World, opened: AccountOpened) -> None:
    """A new account has a configuration. It takes none of the numbers that others draw."""
    account = opened.account
    is_first = account.sid == world.account_sid
    sid = opened.start.conversation_configuration_sid
    if sid is None:
        sid = (
            FIRST_CONFIGURATION if is_first else stable_ttid(CONFIGURATION, world.now, account.sid)
        )
    name = account.friendly_name
    world[ConversationConfigurations].put(
        ConversationConfiguration(
            sid=sid,
            account_sid=account.sid,
            settings=ConfigurationSettings(
                display_name=name if settings.is_name(name) else settings.DEFAULT_NAME,
                description="What every account of the emulator begins with.",
                conversation_grouping_type=FIRST_GROUPING,
                memory_store_id=begun_with(world, opened),
                channel_settings={},
            ),
            created_at=world.now,
            updated_at=world.now,
            serial=0,
        )
    )


def first_configuration(world: World, account: str) -> ConversationConfiguration | None:
    """The configuration that an account began with, or the oldest that it still has."""
    configurations = world[ConversationConfigurations]
    return next(iter(configurations.all(configurations.by_account, account)), None)


def fetch_configuration(
    world: World, *, account: str, configuration: str
) -> ConversationConfiguration:
    """A configuration of an account.

    Raises:
        Refused: 20404 it has no such.
    """
    found = world[ConversationConfigurations].get(configuration)
    if found is None or found.account_sid != account:
        raise errors.not_found()
    return found


def list_configurations(
    world: World, *, account: str, memory_store_id: str | None = None
) -> Rows[ConversationConfiguration]:
    """An account's configurations, or those of one memory store, oldest first.

    Raises:
        Refused: 20001 that is no id of a store.
    """
    configurations = world[ConversationConfigurations]
    if memory_store_id is None:
        return Rows(configurations, configurations.by_account, account)
    settings.check_store(memory_store_id)
    return Rows(configurations, configurations.by_store, (account, memory_store_id))
