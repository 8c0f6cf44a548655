"""Sync services and what is in them: documents, lists, maps, streams, items, permissions.

The rules of this file (https://www.twilio.com/docs/sync/api):

- Every object counts its own changes. A document begins at 0, and its revision is the id of its
  last change. The first change of a list or a map has the id 0; its revision is the id of the next
  one, and that of an item the id of its own last change. Revisions are written in hexadecimal.
- The index of a list's item is the id of the change that added it. So none is given twice.
- A value is kept as JSON text, without space; nobody here looks into it.
- What is removed from a collection is remembered for a while, for clients that were away. How many
  are remembered is decided: `REMOVALS_KEPT`.
"""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import event, record
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import Source, World

REMOVALS_KEPT = 1000
"""Decided: how many removed items of a collection are remembered."""

SYSTEM = "system"
"""Who has changed something by REST, or because its time was over."""

DEFAULT_NAME = "default"
"""What stands for an account's default service wherever a service is named. That it is shown as its
unique name, too, is decided."""

DEBOUNCING_WINDOW = 5000
"""Milliseconds."""


class SyncKind(StrEnum):
    """The kinds of objects, as the socket calls them."""

    DOCUMENT = "document"
    LIST = "list"
    MAP = "map"
    STREAM = "stream"


BEFORE_THE_FIRST = -1
"""Decided: the id of the last change of a list or a map that has seen none. The first has 0."""

PREFIXES = {
    SyncKind.DOCUMENT: "ET",
    SyncKind.LIST: "ES",
    SyncKind.MAP: "MP",
    SyncKind.STREAM: "TO",
}
"""What sids of each kind begin with."""

COLLECTIONS = frozenset({SyncKind.LIST, SyncKind.MAP})


@record
class SyncService:
    """A Sync service (IS); `unique_name` is `default` for the one that an account begins with."""

    sid: str
    account_sid: str
    unique_name: str | None = None
    friendly_name: str | None = None
    webhook_url: str | None = None
    webhooks_from_rest_enabled: bool = False
    reachability_webhooks_enabled: bool = False
    acl_enabled: bool = False
    reachability_debouncing_enabled: bool = False
    reachability_debouncing_window: int = DEBOUNCING_WINDOW
    date_created: datetime
    date_updated: datetime
    serial: int

    @property
    def default_of(self) -> str | None:
        """The account whose default service it is."""
        return self.account_sid if self.unique_name == DEFAULT_NAME else None


class SyncServices(Table[SyncService]):
    """By account, and the default one of each."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[SyncService] = Ordered(lambda it: it.account_sid, _serial)
        self.default: Unique[SyncService] = Unique(lambda it: it.default_of)
        super().__init__(SyncService, self.by_account, self.default)


@record
class SyncResource:
    """A document, a list, a map or a stream.

    Attributes:
        data: the value of a document, as JSON.
        context: a value of its own that a list may have beside its items, as JSON.
        last_event_id: of its last change. Streams count none.
        forgotten_event_id: of the last removal of an item that is not remembered any more; -1 while
            all are.
        date_expires: when it is removed; None for never.
    """

    sid: str
    kind: SyncKind
    account_sid: str
    service_sid: str
    unique_name: str | None = None
    data: str = "{}"
    context: str = "{}"
    last_event_id: int = BEFORE_THE_FIRST
    forgotten_event_id: int = BEFORE_THE_FIRST
    date_expires: datetime | None = None
    date_created: datetime
    date_updated: datetime
    created_by: str = SYSTEM
    serial: int

    @property
    def revision(self) -> str:
        """As answers and `If-Match` have it."""
        return f"{self.last_event_id + (self.kind in COLLECTIONS):x}"


class SyncResources(Table[SyncResource]):
    """By name; by service and kind, the oldest first."""

    refers = (("service_sid", "sync_services"),)

    def __init__(self) -> None:
        self.by_name: Unique[SyncResource] = Unique(_name)
        self.by_kind: Ordered[SyncResource] = Ordered(lambda it: (it.service_sid, it.kind), _serial)
        super().__init__(
            SyncResource,
            self.by_name,
            self.by_kind,
            by=("service_sid", "kind", "unique_name", "serial"),
        )


@record
class SyncItem:
    """An item of a list or a map.

    Attributes:
        sid: of ours alone: the collection's, a slash, and the index or the key.
        index: in a list; -1 in a map.
        key: in a map; empty in a list.
        data: its value, as JSON.
        event_id: of its last change.
        added_event_id: of the change that added it.
    """

    sid: str
    kind: SyncKind
    account_sid: str
    service_sid: str
    collection_sid: str
    index: int = -1
    key: str = ""
    data: str
    event_id: int
    added_event_id: int
    date_expires: datetime | None = None
    date_created: datetime
    date_updated: datetime
    created_by: str = SYSTEM

    @property
    def revision(self) -> str:
        """As answers and `If-Match` have it."""
        return f"{self.event_id:x}"

    @property
    def name(self) -> str:
        """Its key, or its index, as paths have it."""
        return self.key if self.kind is SyncKind.MAP else str(self.index)


def item_sid(collection: SyncResource, name: str) -> str:
    """Where the item with an index or a key is kept."""
    return f"{collection.sid}/{name}"


class SyncItems(Table[SyncItem]):
    """By collection: in the order of indexes, or of keys, which their sids end in, and in the order
    of their last changes."""

    refers = (("collection_sid", "sync_resources"),)

    def __init__(self) -> None:
        self.by_collection: Ordered[SyncItem] = Ordered(
            lambda it: it.collection_sid, lambda it: it.index
        )
        self.by_change: Ordered[SyncItem] = Ordered(
            lambda it: it.collection_sid, lambda it: it.event_id
        )
        super().__init__(
            SyncItem,
            self.by_collection,
            self.by_change,
            by=("collection_sid", "index", "event_id"),
        )


@record
class SyncRemoval:
    """An item that was removed: what it was last, by which change, and who removed it."""

    sid: str
    collection_sid: str
    event_id: int
    item: SyncItem
    date_created: datetime
    by: "SyncActor"


class SyncRemovals(Table[SyncRemoval]):
    """By collection, in the order in which they happened."""

    refers = (("collection_sid", "sync_resources"),)

    def __init__(self) -> None:
        self.by_collection: Ordered[SyncRemoval] = Ordered(
            lambda it: it.collection_sid, lambda it: it.event_id
        )
        super().__init__(SyncRemoval, self.by_collection)


@record
class SyncPermission:
    """What an identity may do with an object; its sid, of ours alone, is made of both."""

    sid: str
    kind: SyncKind
    account_sid: str
    service_sid: str
    resource_sid: str
    identity: str
    read: bool = False
    write: bool = False
    manage: bool = False


class SyncPermissions(Table[SyncPermission]):
    """By object, in the order of identities."""

    refers = (("resource_sid", "sync_resources"),)

    def __init__(self) -> None:
        self.by_resource: Ordered[SyncPermission] = Ordered(
            lambda it: it.resource_sid, lambda it: 0
        )
        super().__init__(SyncPermission, self.by_resource, by=("resource_sid",))


def _serial(it: SyncService | SyncResource) -> int:
    return it.serial


def _name(it: SyncResource) -> tuple[str, SyncKind, str] | None:
    """A name is one object's alone among those of one kind in a service."""
    return None if it.unique_name is None else (it.service_sid, it.kind, it.unique_name)


class SyncDoor(StrEnum):
    """By which of the three doors a change came."""

    REST = "rest"
    CLIENT = "client"
    EXPIRY = "expiry"


@record
class SyncActor:
    """Who changed something: by REST, a client with its identity and its connection, or time."""

    door: SyncDoor = SyncDoor.REST
    identity: str = SYSTEM
    endpoint: str | None = None


BY_REST = SyncActor()
BY_EXPIRY = SyncActor(door=SyncDoor.EXPIRY)


def actor(world: World) -> SyncActor:
    """Who performs the command that is being performed, unless a timer does."""
    origin = world.origin
    if origin.source is not Source.SDK:
        return BY_REST
    return SyncActor(door=SyncDoor.CLIENT, identity=origin.identity or "", endpoint=origin.endpoint)


@record
class PublishedMessage:
    """A message of a stream (TZ), which nobody keeps."""

    sid: str
    data: str


@event
class SyncServiceChanged:
    """A Sync service is new or another; None when it is gone, and what was in it with it."""

    sid: str
    service: SyncService | None


@event
class SyncResourceCreated:
    """There is a new document, list, map or stream."""

    resource: SyncResource
    by: SyncActor


@event
class SyncDocumentUpdated:
    """A document has another value, or another end; the id is its `last_event_id`."""

    resource: SyncResource
    by: SyncActor


@event
class SyncEndMoved:
    """A list, a map or a stream has another end. No client is told."""

    resource: SyncResource
    by: SyncActor


@event
class SyncResourceRemoved:
    """A document, list, map or stream is gone, with its items and permissions.

    `resource` is as it was last, but its `last_event_id` is that of the removal.
    """

    resource: SyncResource
    by: SyncActor


@event
class SyncItemAdded:
    """A list or a map has a new item; the event's id is the item's `event_id`."""

    resource: SyncResource
    item: SyncItem
    by: SyncActor


@event
class SyncItemUpdated:
    """An item has another value, or another end; the event's id is the item's `event_id`."""

    resource: SyncResource
    item: SyncItem
    by: SyncActor


@event
class SyncItemRemoved:
    """An item is gone. `item` is as it was last, but its `event_id` is that of the removal."""

    resource: SyncResource
    item: SyncItem
    by: SyncActor


@event
class StreamMessagePublished:
    """Somebody said something in a stream."""

    resource: SyncResource
    message: PublishedMessage
    by: SyncActor


@event
class SyncPermissionChanged:
    """An identity may do something else with an object; nothing at all when all three are false."""

    permission: SyncPermission
