"""Sync objects that are made when they are first read, and show what somebody else keeps.

What is kept in them is not Sync's business. It is told how to fill an object that is read for the
first time and what changes in one; objects that were not read take no memory and no time.

The rules of this file:

- A change of an object that was never read is forgotten: who reads it later reads what is then.
- An object that was removed may be read on by
  those who could read it: the JavaScript client fails when an object that it was told of is not
  there.
- A subscription to what a connection has opened and may read no longer fails with 404, as if the
  object was removed: from any other failure the JavaScript client does not recover when it is let
  in again.
"""

from collections.abc import Callable

import msgspec

from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.sdk.sync.collections import SyncMap
from twilio_emulator.sdk.sync.engine import OBJECT_NOT_FOUND, Engine, unknown
from twilio_emulator.sdk.sync.lists import SyncList
from twilio_emulator.sdk.sync.objects import (
    Contents,
    Document,
    DocumentContents,
    ListContents,
    SyncAddress,
    SyncObject,
)
from twilio_emulator.sdk.sync.subscriptions import Watcher
from twilio_emulator.sdk.sync.watched import Change, Kind, Watched
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse

Materialise = Callable[[Kind, str], Contents | None]
"""What the object of that kind and unique name holds now; None when there never was one."""

Deny = Callable[[str, Kind, str], Refusal | None]
"""Why an identity may not read the object of that kind and unique name; None when it may."""

SidOf = Callable[[Kind, str], str]
"""The sid of the object of that kind and unique name. It must always be the same one, and drawing
it must not disturb anything, since reading makes objects."""

NameOf = Callable[[Kind, str], str | None]
"""The unique name behind a sid that was not read since the start; None when it has none."""


class Sync(Engine[SyncObject]):
    """The Sync objects of one service.

    Args:
        now: the world's time, as clients see it: ISO 8601 in UTC with milliseconds.
        materialise: fills an object on its first read.
        deny: who may not read which object.
        sid_of: names objects.
        name_of: finds an object that a client knows from before a restart.
    """

    subscribing = 200, {"max_batch_size": 1000, "estimated_delivery_in_ms": 5000, "ttl_in_s": -1}
    most_subscriptions = 1_000_000
    """Decided: a user of more than a thousand conversations follows them all."""

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
        super().__init__(service_sid)
        self._account_sid = account_sid
        self._now = now
        self._materialise = materialise
        self._deny = deny
        self._sid_of = sid_of
        self._name_of = name_of
        self._by_name: dict[tuple[Kind, str], SyncObject] = {}
        self._by_sid: dict[str, SyncObject] = {}
        self._filled: set[tuple[Kind, str]] = set()

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

    def found(self, kind: Kind, reference: str) -> SyncObject | None:
        found = self._by_sid.get(reference)
        if found is None or found.kind is not kind:
            name = self._name_of(kind, reference)
            found = self._named(kind, reference if name is None else name)
        return found

    def denied(self, identity: str, wanted: Watched) -> Refusal | None:
        return self._deny(identity, wanted.kind, wanted.name)

    def opened(self, found: SyncObject, watcher: Watcher) -> None:
        watcher.opened.add(found.sid)

    def lost(self, kind: Kind, sid: str, watcher: Watcher, why: Refused) -> Refused:
        return Refused(OBJECT_NOT_FOUND[kind]) if sid in watcher.opened else why

    def read(self, found: SyncObject, rest: list[str], request: TunnelRequest) -> TunnelResponse:
        return TunnelResponse(status=200, body=msgspec.json.encode(_said(found, rest, request)))

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
        address = SyncAddress(self._account_sid, self._service_sid, self.url, sid, name)
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
        if change is not None:
            self.tell(changed, change)


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


def _said(found: SyncObject, rest: list[str], request: TunnelRequest) -> dict[str, object]:
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
    raise unknown(request)
