"""What the wing keeps: the records of conversations and their tables. Rules stand beside it."""

from datetime import datetime
from enum import StrEnum
from operator import attrgetter

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.tables import Table


@record
class Service:
    """A conversation service (IS): what is in one is not seen from another."""

    sid: str
    account_sid: str
    friendly_name: str | None
    date_created: datetime
    date_updated: datetime
    serial: int
    default_conversation_creator_role_sid: str
    default_conversation_role_sid: str
    default_chat_service_role_sid: str
    reachability_enabled: bool = False

    @property
    def default_role_sids(self) -> tuple[str, str, str]:
        """The roles that a user or a participant gets by default."""
        return (
            self.default_conversation_creator_role_sid,
            self.default_conversation_role_sid,
            self.default_chat_service_role_sid,
        )


class Services(Table[Service]):
    """Conversation services, in the order in which they came."""

    refers = (
        ("account_sid", "accounts"),
        ("default_conversation_creator_role_sid", "roles"),
        ("default_conversation_role_sid", "roles"),
        ("default_chat_service_role_sid", "roles"),
    )

    def __init__(self) -> None:
        self.by_account: Ordered[Service] = Ordered(
            lambda service: service.account_sid, lambda service: service.serial
        )
        super().__init__(Service, self.by_account)


@record
class User:
    """A chat identity in a service (US)."""

    sid: str
    account_sid: str
    service_sid: str
    identity: str
    role_sid: str
    friendly_name: str | None = None
    attributes: str = "{}"
    is_online: bool = False
    is_notifiable: bool = False
    date_created: datetime
    date_updated: datetime
    serial: int


class Users(Table[User]):
    """Users, by service and identity."""

    refers = (
        ("account_sid", "accounts"),
        ("service_sid", "services"),
        ("role_sid", "roles"),
    )

    def __init__(self) -> None:
        self.by_identity: Unique[User] = Unique(lambda user: (user.service_sid, user.identity))
        self.by_service: Ordered[User] = Ordered(
            lambda user: user.service_sid, lambda user: user.serial
        )
        super().__init__(User, self.by_identity, self.by_service)


class RoleType(StrEnum):
    """Whether a role is held in the whole service or in one conversation."""

    SERVICE = "service"
    CONVERSATION = "conversation"


@record
class Role:
    """A named list of permissions (RL)."""

    sid: str
    account_sid: str
    service_sid: str
    friendly_name: str
    type: RoleType
    permissions: tuple[str, ...]
    date_created: datetime
    date_updated: datetime
    serial: int


class Roles(Table[Role]):
    """Roles, by service."""

    refers = (
        ("account_sid", "accounts"),
        ("service_sid", "services"),
    )

    def __init__(self) -> None:
        self.by_service: Ordered[Role] = Ordered(
            lambda role: role.service_sid, lambda role: role.serial
        )
        super().__init__(Role, self.by_service)


class ReceiptStatus(StrEnum):
    """How far a text came."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    UNDELIVERED = "undelivered"
    FAILED = "failed"


class Share(StrEnum):
    """For how many of the recipients something holds."""

    NONE = "none"
    SOME = "some"
    ALL = "all"


@record
class Delivery:
    """The receipts of a message, summed up."""

    total: int
    sent: Share
    delivered: Share
    read: Share
    failed: Share
    undelivered: Share


@record
class Receipt:
    """A delivery receipt (DY). `text_sid` is its `channel_message_sid`, also when that text was
    deleted: the receipt stays."""

    sid: str
    account_sid: str
    conversation_sid: str
    message_sid: str
    participant_sid: str
    text_sid: str | None = None
    status: ReceiptStatus | None = None
    error_code: int | None = None
    date_created: datetime
    date_updated: datetime
    serial: int


class Receipts(Table[Receipt]):
    """Receipts, by the message they are for."""

    refers = (
        ("account_sid", "accounts"),
        ("conversation_sid", "conversations"),
        ("message_sid", "messages"),
    )

    def __init__(self) -> None:
        self.by_message: Ordered[Receipt] = Ordered(
            lambda receipt: receipt.message_sid, lambda receipt: receipt.serial
        )
        self.by_text: Unique[Receipt] = Unique(lambda receipt: receipt.text_sid)
        super().__init__(Receipt, self.by_message, self.by_text)


@record
class MessageMedia:
    """A file in a message, as the message shows it (ME)."""

    sid: str
    filename: str | None
    content_type: str
    size: int
    category: str = "media"


@record
class Message:
    """A message in a conversation (IM)."""

    sid: str
    account_sid: str
    service_sid: str
    conversation_sid: str
    index: int
    author: str
    body: str | None
    participant_sid: str | None = None
    subject: str | None = None
    attributes: str = "{}"
    media: tuple[MessageMedia, ...] = ()
    content_sid: str | None = None
    delivery: Delivery | None = None
    last_updated_by: str | None = None
    date_created: datetime
    date_updated: datetime


class Messages(Table[Message]):
    """Messages, by conversation and index."""

    refers = (
        ("account_sid", "accounts"),
        ("service_sid", "services"),
        ("conversation_sid", "conversations"),
    )

    def __init__(self) -> None:
        self.by_conversation: Ordered[Message] = Ordered(
            attrgetter("conversation_sid"), attrgetter("index")
        )
        super().__init__(Message, self.by_conversation)


@record
class Participant:
    """A participant of a conversation (MB).

    `open` is over when the conversation closes: the pair is free.
    """

    sid: str
    account_sid: str
    service_sid: str
    conversation_sid: str
    identity: str | None = None
    user_sid: str | None = None
    channel: str = "chat"
    address: str | None = None
    proxy_address: str | None = None
    projected_address: str | None = None
    attributes: str = "{}"
    role_sid: str | None = None
    last_read_message_index: int | None = None
    last_read_timestamp: datetime | None = None
    notification_level: str = "default"
    open: bool = True
    date_created: datetime
    date_updated: datetime
    serial: int

    @property
    def is_chat(self) -> bool:
        return self.identity is not None


class Participants(Table[Participant]):
    """Participants, by conversation, identity, address and pair."""

    refers = (
        ("account_sid", "accounts"),
        ("service_sid", "services"),
        ("conversation_sid", "conversations"),
        ("role_sid", "roles"),
        ("user_sid", "users"),
    )

    def __init__(self) -> None:
        self.by_conversation: Ordered[Participant] = Ordered(
            lambda it: it.conversation_sid, _by_age
        )
        self.by_kind: Ordered[Participant] = Ordered(
            lambda it: (it.conversation_sid, it.is_chat), _by_age
        )
        self.by_member: Unique[Participant] = Unique(
            lambda it: (it.conversation_sid, it.identity) if it.identity is not None else None
        )
        self.by_address_in: Ordered[Participant] = Ordered(
            lambda it: (it.conversation_sid, it.address) if it.address else None, _by_age
        )
        self.by_identity: Ordered[Participant] = Ordered(
            lambda it: (it.service_sid, it.identity) if it.identity is not None else None, _by_age
        )
        self.by_open_identity: Ordered[Participant] = Ordered(
            lambda it: (
                (it.service_sid, it.identity) if it.open and it.identity is not None else None
            ),
            _by_age,
        )
        self.by_address: Ordered[Participant] = Ordered(
            lambda it: (it.service_sid, it.address) if it.address else None, _by_age
        )
        self.by_pair: Unique[Participant] = Unique(
            lambda it: (it.address, it.proxy_address) if it.open and it.proxy_address else None
        )
        super().__init__(
            Participant,
            self.by_conversation,
            self.by_kind,
            self.by_member,
            self.by_address_in,
            self.by_identity,
            self.by_open_identity,
            self.by_address,
            self.by_pair,
        )


def _by_age(participant: Participant) -> int:
    return participant.serial


class State(StrEnum):
    """Where a conversation is in its life."""

    INITIALIZING = "initializing"
    ACTIVE = "active"
    INACTIVE = "inactive"
    CLOSED = "closed"


@record
class Conversation:
    """A conversation (CH).

    `activity` ranks it by its last message, `next_index` is what that one gets.
    """

    sid: str
    account_sid: str
    service_sid: str
    messaging_service_sid: str | None
    friendly_name: str | None = None
    unique_name: str | None = None
    attributes: str = "{}"
    state: State = State.ACTIVE
    created_by: str = "system"
    inactive_after: int | None = None
    closed_after: int | None = None
    date_inactive: datetime | None = None
    date_closed: datetime | None = None
    email_address: str | None = None
    email_name: str | None = None
    date_created: datetime
    date_updated: datetime
    date_state: datetime
    serial: int
    activity: int
    next_index: int = 0
    last_message_index: int | None = None
    last_message_date: datetime | None = None


class Conversations(Table[Conversation]):
    """Conversations, by service: by unique name, by last activity in each state, by creation."""

    refers = (
        ("account_sid", "accounts"),
        ("service_sid", "services"),
    )

    def __init__(self) -> None:
        self.by_unique_name: Unique[Conversation] = Unique(
            lambda it: (it.service_sid, it.unique_name) if it.unique_name else None
        )
        self.by_activity: Ordered[Conversation] = Ordered(
            attrgetter("service_sid", "state"), attrgetter("activity")
        )
        self.by_creation: Ordered[Conversation] = Ordered(
            attrgetter("service_sid"), lambda it: parameters.milliseconds(it.date_created)
        )
        super().__init__(Conversation, self.by_unique_name, self.by_activity, self.by_creation)


@record
class AccountConfiguration:
    """What the conversations of an account get by default: its `sid` is the account's.

    The timers are seconds; None means that conversations get none.
    """

    sid: str
    default_chat_service_sid: str
    default_messaging_service_sid: str
    default_inactive_timer: int | None = None
    default_closed_timer: int | None = None


class AccountConfigurations(Table[AccountConfiguration]):
    """The configuration of each account, by the account's sid."""

    refers = (("sid", "accounts"), ("default_chat_service_sid", "services"))

    def __init__(self) -> None:
        super().__init__(AccountConfiguration)
