"""Conversations v2: what is kept of configurations, conversations, participants, communications.

The rules of this file (https://www.twilio.com/docs/platform/conversations):

- A conversation pins the settings of its configuration as they were when it began.
- A conversation that is open, active or not, holds the keys that its configuration groups by; what
  has the same key belongs to it. A closed one holds none.
- Every record's `sid` is an id of the newer sort, such as `conv_conversation_01k...`.
"""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import event, record
from twilio_emulator.core.kernel.tables import Table

CONFIGURATION = "conv_configuration"
CONVERSATION = "conv_conversation"
PARTICIPANT = "conv_participant"
COMMUNICATION = "conv_communication"
OPERATION = "proc_job"


class GroupingType(StrEnum):
    """What makes two communications parts of one conversation."""

    PROFILE = "GROUP_BY_PROFILE"
    ADDRESSES = "GROUP_BY_PARTICIPANT_ADDRESSES"
    ADDRESSES_AND_CHANNEL = "GROUP_BY_PARTICIPANT_ADDRESSES_AND_CHANNEL_TYPE"


class OrchestratorChannel(StrEnum):
    """By what a communication goes."""

    VOICE = "VOICE"
    SMS = "SMS"
    RCS = "RCS"
    WHATSAPP = "WHATSAPP"
    CHAT = "CHAT"
    VIDEO = "VIDEO"


class OrchestratedStatus(StrEnum):
    """Where a conversation is in its life; closed is its end."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    CLOSED = "CLOSED"


class ParticipantType(StrEnum):
    """Who somebody in a conversation is."""

    HUMAN_AGENT = "HUMAN_AGENT"
    CUSTOMER = "CUSTOMER"
    AI_AGENT = "AI_AGENT"
    AGENT = "AGENT"
    UNKNOWN = "UNKNOWN"


class CommunicationStatus(StrEnum):
    """How far a communication has come to a recipient. COMPLETED is never sent."""

    INITIATED = "INITIATED"
    IN_PROGRESS = "IN_PROGRESS"
    DELIVERED = "DELIVERED"
    READ = "READ"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class ContentType(StrEnum):
    """What a communication says it by."""

    TEXT = "TEXT"
    TRANSCRIPTION = "TRANSCRIPTION"


@record
class StatusTimeouts:
    """Minutes without a communication after which a conversation is inactive, and closed."""

    inactive: int | None = None
    closed: int | None = None


@record
class CaptureRule:
    """Which traffic of a channel is captured: from whom, to whom; `*` is anybody."""

    from_: str
    to: str
    metadata: dict[str, str] | None = None


@record
class ChannelSettings:
    """What a configuration says of one channel."""

    status_timeouts: StatusTimeouts | None = None
    capture_rules: tuple[CaptureRule, ...] = ()


class CallbackMethod(StrEnum):
    """How a status callback is called."""

    POST = "POST"
    GET = "GET"


@record
class StatusCallbackTarget:
    """Where events of a conversation are told."""

    url: str
    method: CallbackMethod = CallbackMethod.POST


@record
class V1Bridge:
    """The service of Conversations v1 whose conversations are also those of a configuration."""

    service_id: str


@record
class ConfigurationSettings:
    """What a configuration is set to, and a conversation has pinned of it.

    Attributes:
        channel_settings: by channel.
    """

    display_name: str
    description: str
    conversation_grouping_type: GroupingType
    memory_store_id: str
    channel_settings: dict[str, ChannelSettings]
    status_callbacks: tuple[StatusCallbackTarget, ...] = ()
    intelligence_configuration_ids: tuple[str, ...] = ()
    memory_extraction_enabled: bool = False
    conversations_v1_bridge: V1Bridge | None = None

    @property
    def captures(self) -> bool:
        """Whether there is any traffic that it captures."""
        return any(each.capture_rules for each in self.channel_settings.values())


@record
class ConversationConfiguration:
    """A configuration (`conv_configuration_...`); `version` counts how often it was set."""

    sid: str
    account_sid: str
    settings: ConfigurationSettings
    version: int = 1
    created_at: datetime
    updated_at: datetime
    serial: int

    @property
    def capturing(self) -> str | None:
        """The account whose traffic it captures, if it captures any."""
        return self.account_sid if self.settings.captures else None

    @property
    def bridged(self) -> str | None:
        """The service of Conversations v1 that it is bridged to."""
        bridge = self.settings.conversations_v1_bridge
        return None if bridge is None else bridge.service_id


class ConversationConfigurations(Table[ConversationConfiguration]):
    """Listed by account, those that capture and by memory store; found by the v1 service."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[ConversationConfiguration] = Ordered(
            lambda it: it.account_sid, lambda it: it.serial
        )
        self.by_capturing: Ordered[ConversationConfiguration] = Ordered(
            lambda it: it.capturing, lambda it: it.serial
        )
        self.by_store: Ordered[ConversationConfiguration] = Ordered(
            lambda it: (it.account_sid, it.settings.memory_store_id), lambda it: it.serial
        )
        self.by_bridge: Unique[ConversationConfiguration] = Unique(lambda it: it.bridged)
        super().__init__(
            ConversationConfiguration,
            self.by_account,
            self.by_capturing,
            self.by_store,
            self.by_bridge,
        )


@record
class OrchestratedConversation:
    """A conversation (`conv_conversation_...`).

    Attributes:
        settings: those of its configuration when it began, with what is its own.
        configuration_version: of the configuration then.
        last_communication_at: from when its timeouts count; None before there is any.
    """

    sid: str
    account_sid: str
    configuration_sid: str
    configuration_version: int
    settings: ConfigurationSettings
    name: str | None = None
    status: OrchestratedStatus = OrchestratedStatus.ACTIVE
    metadata: dict[str, str]
    last_communication_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    serial: int


class OrchestratedConversations(Table[OrchestratedConversation]):
    """Listed by account, and by account and status."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[OrchestratedConversation] = Ordered(
            lambda it: it.account_sid, lambda it: it.serial
        )
        self.by_status: Ordered[OrchestratedConversation] = Ordered(
            lambda it: (it.account_sid, it.status), lambda it: it.serial
        )
        super().__init__(
            OrchestratedConversation,
            self.by_account,
            self.by_status,
            by=("account_sid", "status", "serial"),
        )


@record
class ParticipantAddress:
    """Where somebody is reached; `channel_id` is such as the `CH...` of a bridged chat."""

    channel: OrchestratorChannel
    address: str
    channel_id: str | None = None


@record
class OrchestratedParticipant:
    """Somebody in a conversation (`conv_participant_...`)."""

    sid: str
    account_sid: str
    conversation_sid: str
    name: str | None = None
    type: ParticipantType = ParticipantType.UNKNOWN
    profile_id: str | None = None
    addresses: tuple[ParticipantAddress, ...] = ()
    created_at: datetime
    updated_at: datetime
    serial: int


class OrchestratedParticipants(Table[OrchestratedParticipant]):
    """Listed by conversation, and by the profile that they have in Memory."""

    refers = (("conversation_sid", "orchestrated_conversations"),)

    def __init__(self) -> None:
        self.by_conversation: Ordered[OrchestratedParticipant] = Ordered(
            lambda it: it.conversation_sid, lambda it: it.serial
        )
        self.by_profile: Ordered[OrchestratedParticipant] = Ordered(
            lambda it: it.profile_id, lambda it: it.serial
        )
        super().__init__(OrchestratedParticipant, self.by_conversation, self.by_profile)


@record
class TranscriptionDetails:
    """How something spoken was written down; `channel` is 0 inbound, 1 outbound. Twilio has single
    words besides, which come from calls."""

    channel: int | None = None
    confidence: float | None = None
    engine: str | None = None


@record
class CommunicationContent:
    """What is said in a communication."""

    type: ContentType
    text: str
    transcription: TranscriptionDetails | None = None


@record
class CommunicationParty:
    """An end of a communication; of a recipient, with how far it has come."""

    address: str
    channel: OrchestratorChannel
    participant_id: str | None = None
    delivery_status: CommunicationStatus | None = None


@record
class Communication:
    """Something said in a conversation (`conv_communication_...`).

    Attributes:
        channel_id: such as a call or a chat.
        resource_id: what it is elsewhere, such as the sid of a message.
    """

    sid: str
    account_sid: str
    conversation_sid: str
    author: CommunicationParty
    content: CommunicationContent
    recipients: tuple[CommunicationParty, ...]
    channel_id: str | None = None
    resource_id: str | None = None
    occurred_at: datetime
    created_at: datetime
    updated_at: datetime
    serial: int


class Communications(Table[Communication]):
    """Listed by conversation, by channel in it and by resource; found by resource in it."""

    refers = (("conversation_sid", "orchestrated_conversations"),)

    def __init__(self) -> None:
        self.by_conversation: Ordered[Communication] = Ordered(
            lambda it: it.conversation_sid, lambda it: it.serial
        )
        self.by_channel: Ordered[Communication] = Ordered(
            lambda it: it.channel_id and (it.conversation_sid, it.channel_id),
            lambda it: it.serial,
        )
        self.by_resource: Ordered[Communication] = Ordered(
            lambda it: it.resource_id and (it.account_sid, it.resource_id),
            lambda it: it.serial,
        )
        self.of_resource: Unique[Communication] = Unique(
            lambda it: it.resource_id and (it.conversation_sid, it.resource_id)
        )
        super().__init__(
            Communication,
            self.by_conversation,
            self.by_channel,
            self.by_resource,
            self.of_resource,
            by=("account_sid", "conversation_sid", "channel_id", "resource_id", "serial"),
        )


@event
class ConfigurationChanged:
    """A configuration was made or set; or removed, when `now` is None."""

    before: ConversationConfiguration | None
    now: ConversationConfiguration | None


@event
class OrchestratedConversationCreated:
    """A conversation has begun."""

    conversation: OrchestratedConversation


@event
class OrchestratedConversationUpdated:
    """A conversation has another status or name, or other settings."""

    conversation: OrchestratedConversation
    before: OrchestratedConversation


@event
class OrchestratedConversationRemoved:
    """A conversation is gone, and all that was in it."""

    conversation: OrchestratedConversation


@event
class OrchestratedParticipantAdded:
    """Somebody is in a conversation now."""

    participant: OrchestratedParticipant


@event
class OrchestratedParticipantUpdated:
    """Somebody in a conversation is said to be another, or elsewhere."""

    participant: OrchestratedParticipant
    before: OrchestratedParticipant


@event
class OrchestratedParticipantRemoved:
    """Somebody is not in a conversation any more."""

    participant: OrchestratedParticipant


@event
class CommunicationCreated:
    """Something was said in a conversation."""

    communication: Communication


@event
class CommunicationUpdated:
    """Something that was said has come further, or reads otherwise."""

    communication: Communication
    before: Communication
