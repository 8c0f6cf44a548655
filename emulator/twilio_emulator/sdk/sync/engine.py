"""The engine of Sync: answers what clients ask of objects, and tells those who watch what changes.

What objects there are, and what is in them, it does not know: that is said by whoever derives from
`Engine`, for the objects of one service.

The rules of this file:

- Unique names and sids are a service's own, so there is one engine per service.
- What an identity may not read is refused with the reason.
- Through the socket Sync has codes of its own for what is not there; a reference that is not of the
  form of a sid is a unique name (fixtures and live tests of twilio-sync-sdk in Kotlin).
- A change is encoded once and handed to all who watch, in one step, so every client sees one order.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable
from functools import cached_property
from itertools import count
from typing import Generic, Literal, TypeVar

import msgspec

from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refusal, Refused
from twilio_emulator.sdk.sync.subscriptions import NEWEST, Watcher, change_frame
from twilio_emulator.sdk.sync.watched import Change, Kind, Watched
from twilio_emulator.sdk.twilsock.outbox import Outbox
from twilio_emulator.sdk.twilsock.protocol import notification
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse, refusal
from twilio_emulator.wire import json_bodies

OBJECT_NOT_FOUND = {
    Kind.DOCUMENT: Refusal(54100, 404, "Document not found"),
    Kind.LIST: Refusal(54150, 404, "List not found"),
    Kind.MAP: Refusal(54200, 404, "Map not found"),
    Kind.STREAM: Refusal(54250, 404, "Message Stream not found"),
}
NAME_NOT_FOUND = Refusal(54300, 404, "Unique name not found")
TOO_MANY_SUBSCRIPTIONS = Refusal(54419, 429, "Too many subscriptions")
"""Decided: its status and words (https://www.twilio.com/docs/api/errors/54419)."""

CDS = "https://cds.us1.twilio.com"
"""Where client SDKs think that Sync is. The name is not looked up."""

SID = re.compile("[A-Z]{2}[0-9a-f]{32}")


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
_FURTHEST = 1 << 52
"""JavaScript counts no further than twice this."""

W = TypeVar("W", bound=Watched)


class Engine(ABC, Generic[W]):
    """The objects of one service, as clients see them.

    Args:
        service_sid: the service.

    Attributes:
        url: what URLs of its objects begin with.
    """

    subscribing: tuple[int, dict[str, int]]
    """What a request for subscriptions is answered with. What a client hears nothing of within the
    estimate, it asks for again."""
    most_subscriptions: int
    """Of one connection."""
    first_serial = 1
    """Of notifications. Two products may tell things by one connection, each with its own."""

    def __init__(self, service_sid: str) -> None:
        self.url = f"{CDS}/v3/Services/{service_sid}"
        self._service_sid = service_sid
        self._watchers: dict[str, dict[Watcher, None]] = {}
        self._serials = count(self.first_serial)

    @abstractmethod
    def found(self, kind: Kind, reference: str) -> W | None:
        """The object behind a sid or a unique name."""

    @abstractmethod
    def denied(self, identity: str, wanted: Watched) -> Refusal | None:
        """Why an identity may not read an object; None when it may."""

    @abstractmethod
    def read(self, found: W, rest: list[str], request: TunnelRequest) -> TunnelResponse:
        """Answer a GET of an object, or of what is in it.

        Args:
            rest: the path behind the object's own.

        Raises:
            Refused: there is no such thing.
        """

    def write(self, request: TunnelRequest, watcher: Watcher) -> TunnelResponse:
        """Answer any other request.

        Raises:
            Refused: it cannot be done.
        """
        raise unknown(request)

    def opened(self, found: W, watcher: Watcher) -> None:
        """A connection has read an object."""

    def noted(self, watcher: Watcher, sid: str, *, watches: bool) -> None:
        """A connection has begun to watch an object, or stopped; one that goes is not noted."""

    def lost(self, kind: Kind, sid: str, watcher: Watcher, why: Refused) -> Refused:
        """What a client is told of an object that it cannot watch any more."""
        return why

    def watcher(self, identity: str, outbox: Outbox, endpoint_id: str = "") -> Watcher:
        """A connection has come; `forget` it when it goes.

        Args:
            endpoint_id: by which the client is known.
        """
        watcher = Watcher(identity, outbox, self._serials, endpoint_id)
        self._watchers.setdefault(identity, {})[watcher] = None
        return watcher

    def forget(self, watcher: Watcher) -> None:
        """A connection has gone."""
        watcher.unwatch_all()
        others = self._watchers[watcher.identity]
        del others[watcher]
        if not others:
            del self._watchers[watcher.identity]

    def connections_of(self, identity: str) -> int:
        """How many connections of an identity there are."""
        return len(self._watchers.get(identity, ()))

    @property
    def identities(self) -> Iterable[str]:
        """Who is connected."""
        return self._watchers.keys()

    def recheck(self, identity: str, sid: str | None = None) -> None:
        """Look again at what a client watches: what it may read has changed.

        Args:
            sid: of the one object that it is about.
        """
        for watcher in self._watchers.get(identity, ()):
            for subscription in watcher.about(sid):
                if self.denied(identity, subscription.watched) is None:
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

    def tell(self, changed: Watched, change: Change, besides: Outbox | None = None) -> None:
        """Tell all who watch an object what has changed in it.

        Args:
            besides: of whoever is not to be told.
        """
        for version, live in ((NEWEST, changed.live), (NEWEST - 1, changed.live_before)):
            if live:
                frame = change_frame([change], next(self._serials), version=version)
                for outbox in live.values():
                    if outbox is not besides:
                        outbox.push(frame)

    def handle(self, request: TunnelRequest, watcher: Watcher) -> TunnelResponse:
        """Answer a request to Sync, whatever its host. What it subscribes to follows by itself."""
        try:
            return self._answer(request, watcher)
        except Refused as refused:
            return refusal(refused)

    def _answer(self, request: TunnelRequest, watcher: Watcher) -> TunnelResponse:
        if request.segments[1:2] == ("Services",) and request.segments[2:3] != (self._service_sid,):
            raise unknown(request)
        match (request.method, *short_path(request)):
            case ("GET", "v3", collection, reference, *rest) if collection in _KINDS:
                found = self._readable(_KINDS[collection], reference, watcher.identity)
                self.opened(found, watcher)
                return self.read(found, rest, request)
            case ("POST", "v4", "Subscriptions"):
                return self._subscribe(request, watcher)
            case ("GET", "v3", "Configuration"):
                return TunnelResponse(status=200, body=self._configuration)
        return self.write(request, watcher)

    @cached_property
    def _configuration(self) -> bytes:
        """Where things are: what the SDKs in Kotlin and Swift ask first (`Responses.kt`)."""
        root = f"{CDS}/v3"
        links = {"subscriptions": f"{CDS}/v4/Subscriptions"}
        for kind in Kind:
            links[f"{kind}s"] = f"{root}/{kind.collection}"
            links[kind] = f"{self.url}/{kind.collection}/{{{kind}Id}}"
        for kind in (Kind.LIST, Kind.MAP):
            links[f"{kind}_items"] = f"{links[kind]}/Items"
            links[f"{kind}_item"] = f"{links[kind]}/Items/{{itemId}}"
        links["stream_messages"] = f"{links['stream']}/Messages"
        links["insights_items"] = f"{root}/Insights/{{indexName}}/Items"
        return msgspec.json.encode({"links": links})

    def _subscribe(self, request: TunnelRequest, watcher: Watcher) -> TunnelResponse:
        try:
            asked = _subscriptions.decode(request.body)
        except json_bodies.UNREADABLE as wrong:
            raise json_bodies.refusal(request.body, wrong) from None
        watcher.speak(asked.event_protocol_version)
        for wanted in asked.requests:
            if asked.action == "cancel":
                self._unwatch(wanted.object_sid, watcher)
                watcher.canceled(wanted.object_sid, wanted.object_type, asked.correlation_id)
            else:
                self._establish(wanted, asked.correlation_id, watcher)
        status, said = self.subscribing
        return TunnelResponse(status=status, body=msgspec.json.encode(said))

    def _establish(self, wanted: _Wanted, correlation_id: int | None, watcher: Watcher) -> None:
        sid, kind = wanted.object_sid, _TYPES.get(wanted.object_type)
        watched_before = sid in watcher.subscriptions
        watcher.unwatch(sid)
        try:
            if kind is None:
                raise Refused(NOT_FOUND, resource=sid)
            found = self._readable(kind, sid, watcher.identity)
            if len(watcher.subscriptions) >= self.most_subscriptions:
                raise Refused(TOO_MANY_SUBSCRIPTIONS)
            position = wanted.last_event_id
            if position is not None and position <= _FURTHEST:
                found.catch_up(position)
            else:
                position = found.position
        except Refused as why:
            told = why if kind is None else self.lost(kind, sid, watcher, why)
            watcher.failed(sid, wanted.object_type, told, correlation_id)
            if watched_before:
                self.noted(watcher, sid, watches=False)
            return
        watcher.watch(found, position, correlation_id)
        if not watched_before:
            self.noted(watcher, sid, watches=True)

    def _unwatch(self, sid: str, watcher: Watcher) -> None:
        if sid in watcher.subscriptions:
            watcher.unwatch(sid)
            self.noted(watcher, sid, watches=False)

    def _readable(self, kind: Kind, reference: str, identity: str) -> W:
        """The object behind a sid or a unique name.

        Raises:
            Refused: there is none, or the identity may not read it.
        """
        found = self.found(kind, reference)
        if found is None:
            raise Refused(not_found(kind, reference))
        denied = self.denied(identity, found)
        if denied is not None:
            raise Refused(denied)
        return found


def not_found(kind: Kind, reference: str) -> Refusal:
    """What is said of an object that is not there."""
    return OBJECT_NOT_FOUND[kind] if SID.fullmatch(reference) else NAME_NOT_FOUND


def short_path(request: TunnelRequest) -> tuple[str, ...]:
    """The path of a request to Sync, without the service that it may name."""
    segments = request.segments
    return ("v3", *segments[3:]) if segments[:2] == ("v3", "Services") else segments


def unknown(request: TunnelRequest) -> Refused:
    """There is nothing at the path of a request."""
    return Refused(NOT_FOUND, resource="/" + "/".join(request.segments))
