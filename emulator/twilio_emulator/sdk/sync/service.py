"""Sync documents, lists and maps, and who watches them.

What is kept in them is not Sync's business. It is told how to fill an object that is read for the
first time and what changes in one; objects that were not read take no memory and no time.

The rules of this file:

- Unique names and sids are a service's own, so there is one `Sync` per service.
- A change of an object that was never read is forgotten: who reads it later reads what is then.
- What an identity may not read is refused with the reason. One that was removed may be read on by
  those who could read it: the JavaScript client fails when an object that it was told of is not
  there.
- A subscription to what a connection has opened and may read no longer fails with 404, as if the
  object was removed: from any other failure the JavaScript client does not recover when it is let
  in again.
- Through the socket Sync has codes of its own for what is not there; a reference that is not of the
  form of a sid is a unique name (fixtures and live tests of twilio-sync-sdk in Kotlin).
- A change is made, encoded once and handed to all who watch, in one step, so every client sees one
  order.
"""

import re
from collections.abc import Callable, Iterable
from functools import cached_property
from itertools import count
from typing import Literal

import msgspec

from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refusal, Refused
from twilio_emulator.sdk.sync.collections import SyncMap
from twilio_emulator.sdk.sync.lists import SyncList
from twilio_emulator.sdk.sync.objects import (
    Change,
    Contents,
    Document,
    DocumentContents,
    Kind,
    ListContents,
    SyncAddress,
    SyncObject,
)
from twilio_emulator.sdk.sync.subscriptions import NEWEST, Watcher, change_frame
from twilio_emulator.sdk.twilsock.outbox import Outbox
from twilio_emulator.sdk.twilsock.protocol import notification
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse, refusal
from twilio_emulator.wire import json_bodies

OBJECT_NOT_FOUND = {
    Kind.DOCUMENT: Refusal(54100, 404, "Document not found"),
    Kind.LIST: Refusal(54150, 404, "List not found"),
    Kind.MAP: Refusal(54200, 404, "Map not found"),
}
STREAM_NOT_FOUND = Refusal(54250, 404, "Message Stream not found")
"""Conversations make none."""

NAME_NOT_FOUND = Refusal(54300, 404, "Unique name not found")
CDS = "https://cds.us1.twilio.com"
"""Where client SDKs think that Sync is. The name is not looked up."""

SUBSCRIBING = msgspec.json.encode(
    # What a client hears nothing of within the estimate, it asks for again.
    {"max_batch_size": 1000, "estimated_delivery_in_ms": 5000, "ttl_in_s": -1}
)

Materialise = Callable[[Kind, str], Contents | None]
"""What the object of that kind and unique name holds now; None when there never was one."""

Deny = Callable[[str, Kind, str], Refusal | None]
"""Why an identity may not read the object of that kind and unique name; None when it may."""

SidOf = Callable[[Kind, str], str]
"""The sid of the object of that kind and unique name. It must always be the same one, and drawing
it must not disturb anything, since reading makes objects."""

NameOf = Callable[[Kind, str], str | None]
"""The unique name behind a sid that was not read since the start; None when it has none."""


class _Wanted(msgspec.Struct):
    object_sid: str
    object_type: str
    last_event_id: int | None = None


class _Subscriptions(msgspec.Struct):
    action: Literal["establish", "cancel"]
    requests: list[_Wanted]
    correlation_id: int | None = None
    event_protocol_version: int = NEWEST


_subscriptions = msgspec.json.Decoder(_Subscriptions)
_KINDS = {kind.collection: kind for kind in Kind}
_TYPES = {kind.value: kind for kind in Kind}
_SID = re.compile("[A-Z]{2}[0-9a-f]{32}")
_FURTHEST = 1 << 52
"""JavaScript counts no further than twice this."""


class Sync:
    """The Sync objects of one service.

    Args:
        now: the world's time, as clients see it: ISO 8601 in UTC with milliseconds.
        materialise: fills an object on its first read.
        deny: who may not read which object.
        sid_of: names objects.
        name_of: finds an object that a client knows from before a restart.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        service_sid: str,
        now: Callable[[], str],
        materialise: Materialise,
        deny: Deny,
        sid_of: SidOf,
        name_of: NameOf = lambda kind, sid: None,
    ) -> None:
        self._account_sid = account_sid
        self._service_sid = service_sid
        self._url = f"{CDS}/v3/Services/{service_sid}"
        self._now = now
        self._materialise = materialise
        self._deny = deny
        self._sid_of = sid_of
        self._name_of = name_of
        self._by_name: dict[tuple[Kind, str], SyncObject] = {}
        self._by_sid: dict[str, SyncObject] = {}
        self._filled: set[tuple[Kind, str]] = set()
        self._watchers: dict[str, dict[Watcher, None]] = {}
        self._serials = count(1)

    def holds(self, kind: Kind, name: str) -> bool:
        """Whether anybody has read an object. What changes in others need not be worked out."""
        return (kind, name) in self._by_name

    def set_document(self, name: str, data: object) -> None:
        """Give a document another value."""
        document = self._by_name.get((Kind.DOCUMENT, name))
        if isinstance(document, Document):
            self._tell(document, document.set(data, self._now()))

    def set_item(self, name: str, key: str, data: object) -> None:
        """Add an item to a map, or give it another value."""
        known = self._by_name.get((Kind.MAP, name))
        if isinstance(known, SyncMap):
            self._tell(known, known.put(key, data, self._now()))

    def remove_item(self, name: str, key: str) -> None:
        """Remove an item of a map."""
        known = self._by_name.get((Kind.MAP, name))
        if isinstance(known, SyncMap):
            self._tell(known, known.drop(key, self._now()))

    def set_list_item(self, name: str, index: int, data: object) -> None:
        """Add an item to a list, or give it another value."""
        known = self._by_name.get((Kind.LIST, name))
        if isinstance(known, SyncList):
            self._tell(known, known.put(index, data, self._now()))

    def remove_list_item(self, name: str, index: int) -> None:
        """Remove an item of a list."""
        known = self._by_name.get((Kind.LIST, name))
        if isinstance(known, SyncList):
            self._tell(known, known.drop(index, self._now()))

    def remove_object(self, kind: Kind, name: str) -> None:
        """Remove an object for good. From here on `materialise` must say that it is removed."""
        known = self._by_name.get((kind, name))
        if known is not None:
            self._tell(known, known.remove(self._now()))

    def refill(self) -> None:
        """Look again at what all objects hold: everything may be different."""
        for kind, name in sorted(self._filled):
            contents = self._materialise(kind, name)
            known = self._by_name[kind, name]
            if contents is None or contents.removed:
                self.remove_object(kind, name)
            elif known.is_removed:
                self.discard(kind, name)  # and it is made anew when it is read
            else:
                for change in known.become(contents, self._now()):
                    self._tell(known, change)

    def watcher(self, identity: str, outbox: Outbox) -> Watcher:
        """A connection has come; `forget` it when it goes."""
        watcher = Watcher(identity, outbox, self._serials)
        self._watchers.setdefault(identity, {})[watcher] = None
        return watcher

    def forget(self, watcher: Watcher) -> None:
        """A connection has gone."""
        watcher.unwatch_all()
        others = self._watchers[watcher.identity]
        del others[watcher]
        if not others:
            del self._watchers[watcher.identity]

    @property
    def identities(self) -> Iterable[str]:
        """Who is connected."""
        return self._watchers.keys()

    def recheck(self, identity: str) -> None:
        """Look again at what a client watches: what it may read has changed."""
        for watcher in self._watchers.get(identity, ()):
            for subscription in watcher.subscriptions.values():
                if (
                    self._deny(identity, subscription.watched.kind, subscription.watched.name)
                    is None
                ):
                    subscription.resume()
                else:
                    subscription.pause()

    def notify(self, identity: str, message_type: str, payload: bytes) -> None:
        """Send a notification that is not Sync's own to all connections of a user."""
        watchers = self._watchers.get(identity)
        if watchers:
            frame = notification(message_type, payload, next(self._serials))
            for watcher in watchers:
                watcher.outbox.push(frame)

    def handle(self, request: TunnelRequest, watcher: Watcher) -> TunnelResponse:
        """Answer a request to Sync, whatever its host. What it subscribes to follows by itself."""
        try:
            answer = self._answer(request, watcher)
        except Refused as refused:
            return refusal(refused)
        return TunnelResponse(status=200, body=answer)

    def _answer(self, request: TunnelRequest, watcher: Watcher) -> bytes:
        if request.segments[1:2] == ("Services",) and request.segments[2:3] != (self._service_sid,):
            raise _unknown(request)
        match (request.method, *short_path(request)):
            case ("GET", "v3", collection, reference, *rest) if collection in _KINDS:
                found = self._readable(_KINDS[collection], reference, watcher.identity)
                watcher.opened.add(found.sid)
                return msgspec.json.encode(_read(found, rest, request))
            case ("POST", "v4", "Subscriptions"):
                return self._subscribe(request, watcher)
            case ("GET", "v3", "Configuration"):
                return self._configuration
            case ("GET", "v3", "Streams", reference, *_):
                raise Refused(STREAM_NOT_FOUND if _SID.fullmatch(reference) else NAME_NOT_FOUND)
        raise _unknown(request)

    @cached_property
    def _configuration(self) -> bytes:
        """Where things are: what the SDKs in Kotlin and Swift ask first (`Responses.kt`)."""
        kinds = {"document": "Documents", "list": "Lists", "map": "Maps", "stream": "Streams"}
        root = f"{CDS}/v3"
        links = {"subscriptions": f"{CDS}/v4/Subscriptions"}
        for kind, collection in kinds.items():
            links[f"{kind}s"] = f"{root}/{collection}"
            links[kind] = f"{self._url}/{collection}/{{{kind}Id}}"
        for kind in ("list", "map"):
            links[f"{kind}_items"] = f"{links[kind]}/Items"
            links[f"{kind}_item"] = f"{links[kind]}/Items/{{itemId}}"
        links["stream_messages"] = f"{links['stream']}/Messages"
        links["insights_items"] = f"{root}/Insights/{{indexName}}/Items"
        return msgspec.json.encode({"links": links})

    def _subscribe(self, request: TunnelRequest, watcher: Watcher) -> bytes:
        try:
            asked = _subscriptions.decode(request.body)
        except json_bodies.UNREADABLE as wrong:
            raise json_bodies.refusal(request.body, wrong) from None
        watcher.speak(asked.event_protocol_version)
        for wanted in asked.requests:
            if asked.action == "cancel":
                watcher.unwatch(wanted.object_sid)
                watcher.canceled(wanted.object_sid, wanted.object_type, asked.correlation_id)
            else:
                self._establish(wanted, asked.correlation_id, watcher)
        return SUBSCRIBING

    def _establish(self, wanted: _Wanted, correlation_id: int | None, watcher: Watcher) -> None:
        kind = _TYPES.get(wanted.object_type)
        try:
            if kind is None:
                raise Refused(NOT_FOUND, resource=wanted.object_sid)
            found = self._readable(kind, wanted.object_sid, watcher.identity)
        except Refused as why:
            watcher.unwatch(wanted.object_sid)
            was_open = wanted.object_sid in watcher.opened
            watcher.failed(
                wanted.object_sid,
                wanted.object_type,
                Refused(OBJECT_NOT_FOUND[kind]) if kind is not None and was_open else why,
                correlation_id,
            )
            return
        position = wanted.last_event_id
        if position is not None and position > _FURTHEST:
            position = None
        watcher.watch(found, position, correlation_id)

    def _readable(self, kind: Kind, reference: str, identity: str) -> SyncObject:
        """The object behind a sid or a unique name.

        Raises:
            Refused: there is none, or the identity may not read it.
        """
        found = self._by_sid.get(reference)
        if found is None or found.kind is not kind:
            name = self._name_of(kind, reference)
            found = self._named(kind, reference if name is None else name)
        if found is None:
            is_sid = _SID.fullmatch(reference) is not None
            raise Refused(OBJECT_NOT_FOUND[kind] if is_sid else NAME_NOT_FOUND)
        denied = self._deny(identity, found.kind, found.name)
        if denied is not None:
            raise Refused(denied)
        return found

    def _named(self, kind: Kind, name: str) -> SyncObject | None:
        known = self._by_name.get((kind, name))
        if known is not None:
            return known
        contents = self._materialise(kind, name)
        if contents is None:
            return None
        self._filled.add((kind, name))
        return self.add(kind, name, contents)

    def add(self, kind: Kind, name: str, contents: Contents) -> SyncObject:
        """Make an object as it is now."""
        sid = self._sid_of(kind, name)
        address = SyncAddress(self._account_sid, self._service_sid, self._url, sid, name)
        made = _made(address, contents)
        self._by_name[kind, name] = self._by_sid[sid] = made
        return made

    def find(self, sid: str) -> SyncObject | None:
        """The object with this sid, if anybody has read it."""
        return self._by_sid.get(sid)

    def append(self, known: SyncList, data: object) -> int:
        """Add an item at the end of a list; answers its index."""
        item, change = known.append(data, self._now())
        self._tell(known, change)
        return item.key

    def set_context(self, known: SyncList, data: object) -> None:
        """Give a list another context."""
        self._tell(known, known.set_context(data, self._now()))

    def discard(self, kind: Kind, name: str) -> None:
        """Forget an object; it can be made again."""
        self._filled.discard((kind, name))
        known = self._by_name.pop((kind, name), None)
        if known is not None:
            del self._by_sid[known.sid]

    def _tell(self, changed: SyncObject, change: Change | None) -> None:
        if change is None:
            return
        for version, live in ((NEWEST, changed.live), (NEWEST - 1, changed.live_before)):
            if live:
                frame = change_frame([change], next(self._serials), version=version)
                for outbox in live.values():
                    outbox.push(frame)


def short_path(request: TunnelRequest) -> tuple[str, ...]:
    """The path of a request to Sync, without the service that it may name."""
    segments = request.segments
    return ("v3", *segments[3:]) if segments[:2] == ("v3", "Services") else segments


def _made(address: SyncAddress, contents: Contents) -> SyncObject:
    made: SyncObject
    if isinstance(contents, DocumentContents):
        made = Document(address, contents)
    elif isinstance(contents, ListContents):
        made = SyncList(address, contents)
    else:
        made = SyncMap(address, contents)
    if contents.removed:
        made.remove(contents.date_updated)
    return made


def _read(found: SyncObject, rest: list[str], request: TunnelRequest) -> dict[str, object]:
    match rest:
        case []:
            said = found.descriptor()
            if isinstance(found, SyncMap) and request.param("Include") == "items":
                said["items"] = found.everything()
            return said
        case ["Context"] if isinstance(found, SyncList) and found.has_context:
            return found.context_descriptor()
        case ["Items"] if isinstance(found, SyncList | SyncMap):
            return found.listed(request.param)
        case ["Items", key] if isinstance(found, SyncList | SyncMap):
            return found.shown(key)
    raise _unknown(request)


def _unknown(request: TunnelRequest) -> Refused:
    return Refused(NOT_FOUND, resource="/" + "/".join(request.segments))
