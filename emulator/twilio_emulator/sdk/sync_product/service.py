"""The objects of one Sync service, as its clients read, write and watch them.

The rules of this file:

- What a client writes is the same command as REST's, through the same door, in the client's name.
- The answer to a write leaves before its event does; that is up to the connection. Who removes
  something, or says something in a stream, is not told it again: `NOT_FOR_THE_ACTOR`.
- Who may not read an object any more hears no more of it, without a word (live tests of
  twilio-sync-sdk in Kotlin), until it may again.
"""

from dataclasses import dataclass
from weakref import WeakValueDictionary

from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.world import Origin, Source
from twilio_emulator.core.sync import objects, permissions
from twilio_emulator.core.sync.errors import ACCESS_FORBIDDEN
from twilio_emulator.core.sync.items import NO_SUCH_ITEM
from twilio_emulator.core.sync.permissions import Right
from twilio_emulator.core.sync.resources import (
    StreamMessagePublished,
    SyncDocumentUpdated,
    SyncItemAdded,
    SyncItemRemoved,
    SyncItemUpdated,
    SyncKind,
    SyncResource,
    SyncResourceRemoved,
    SyncServices,
)
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.sdk.sync.engine import Engine, unknown
from twilio_emulator.sdk.sync.subscriptions import Watcher
from twilio_emulator.sdk.sync.watched import Change, Kind, Watched
from twilio_emulator.sdk.sync_product import look, pages, writes
from twilio_emulator.sdk.sync_product.views import SharedObject
from twilio_emulator.sdk.twilsock.outbox import Outbox
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse

SUBSCRIBING = {"max_batch_size": 1000, "estimated_delivery_in_ms": 10000, "ttl_in_s": -1}

MOST_SUBSCRIPTIONS = 2000
"""Of one connection (https://www.twilio.com/docs/sync/limits)."""

TellingEvent = (
    SyncDocumentUpdated
    | SyncItemAdded
    | SyncItemUpdated
    | SyncItemRemoved
    | SyncResourceRemoved
    | StreamMessagePublished
)
"""What clients are told of."""

NOT_FOR_THE_ACTOR = (SyncItemRemoved, SyncResourceRemoved, StreamMessagePublished)
"""Decided: those that a client is not told of which has caused them itself. No version of the
JavaScript client would know them for its own; it would tell its app twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watching:
    """Who opened an object or left it, as the log keeps it."""

    identity: str
    service_sid: str
    object_sid: str
    state: str


class SharedObjects(Engine[SharedObject]):
    """What clients see of a Sync service.

    Args:
        gate: the door to its account's world.
        account_sid: of the account that has it, which may be a subaccount.
        service_sid: the service.

    Attributes:
        asks_permissions: whether clients may do only what they are permitted to.
    """

    subscribing = 202, SUBSCRIBING
    most_subscriptions = MOST_SUBSCRIPTIONS
    first_serial = 1 << 64

    def __init__(self, gate: Gate, account_sid: str, service_sid: str) -> None:
        super().__init__(service_sid)
        self.asks_permissions = gate.world[SyncServices][service_sid].acl_enabled
        self._gate = gate
        self._account_sid = account_sid
        self._views: WeakValueDictionary[str, SharedObject] = WeakValueDictionary()
        self._acting: tuple[Origin, Outbox] | None = None

    def found(self, kind: Kind, reference: str) -> SharedObject | None:
        world = self._gate.world
        found = objects.find(world, self._service_sid, SyncKind(kind.value), reference)
        if found is None:
            return None
        view = self._views.get(found.sid)
        if view is None:
            view = self._views[found.sid] = SharedObject(world, found, self.url)
        return view

    def noted(self, watcher: Watcher, sid: str, *, watches: bool) -> None:
        watching = Watching(
            identity=watcher.identity,
            service_sid=self._service_sid,
            object_sid=sid,
            state="watching" if watches else "left",
        )
        self._gate.note("subscription", watching)

    def denied(self, identity: str, wanted: Watched) -> Refusal | None:
        assert isinstance(wanted, SharedObject)
        if wanted.is_gone:
            return None
        allowed = permissions.may(self._gate.world, wanted.resource, Right.READ, identity)
        return None if allowed else ACCESS_FORBIDDEN

    def read(self, found: SharedObject, rest: list[str], request: TunnelRequest) -> TunnelResponse:
        it, world = found.resource, self._gate.world
        match rest, it.kind:
            case [], _:
                said = look.descriptor(it, self.url)
                if it.kind is SyncKind.MAP and request.param("Include") == "items":
                    every = pages.every(world, it)
                    said["items"] = [look.item_descriptor(item, self.url) for item in every]
                return writes.of_object(it, said)
            case ["Context"], SyncKind.LIST:
                return writes.answered(look.context(it, self.url))
            case ["Items"], SyncKind.LIST | SyncKind.MAP:
                return self._listed(it, request)
            case ["Items", name], SyncKind.LIST | SyncKind.MAP:
                item = pages.one_item(world, it, name)
                if item is None:
                    raise Refused(NO_SUCH_ITEM[it.kind])
                return writes.answered(look.item_descriptor(item, self.url), etag=item.revision)
        raise unknown(request)

    def _listed(self, it: SyncResource, request: TunnelRequest) -> TunnelResponse:
        items, following, earlier = pages.listed(self._gate.world, it, request.param)
        return writes.answered(
            {
                "items": [look.item_descriptor(item, self.url) for item in items],
                "meta": {
                    "key": "items",
                    "page_size": len(items),
                    "next_token": following,
                    "previous_token": earlier,
                },
            }
        )

    def write(self, request: TunnelRequest, watcher: Watcher) -> TunnelResponse:
        wish = writes.Wish(request, self._account_sid, self._service_sid).command()
        origin = Origin(source=Source.SDK, identity=watcher.identity, endpoint=watcher.endpoint_id)
        self._acting = origin, watcher.outbox
        try:
            answer = self._gate.perform_now(wish, origin)
        finally:
            self._acting = None
        return writes.written(answer, self.url, request)

    def hear(self, event: TellingEvent, origin: Origin) -> None:
        """Tell those who watch it what has happened to an object of this service."""
        view = self._views.get(event.resource.sid)
        if view is None:
            return
        acting, besides = self._acting, None
        if acting is not None and acting[0] is origin and isinstance(event, NOT_FOR_THE_ACTOR):
            besides = acting[1]
        self.tell(view, self._change(view, event), besides)

    def _change(self, view: SharedObject, event: TellingEvent) -> Change:
        match event:
            case SyncDocumentUpdated():
                return look.document_updated(event.resource)
            case SyncItemAdded():
                return look.item_changed(event.resource, event.item, self.url, added=True)
            case SyncItemUpdated():
                return look.item_changed(event.resource, event.item, self.url, added=False)
            case SyncItemRemoved():
                return look.item_removed(event.resource, event.item)
            case StreamMessagePublished():
                return look.message_published(event.resource, event.message)
            case SyncResourceRemoved():
                return view.go(event.resource)
