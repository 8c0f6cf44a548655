"""What clients of Sync write, as commands, and what they are answered.

The rules of this file (`twilio-sync` 4.0.1 and before):

- A body is JSON: a value in `data`, a name in `unique_name`, seconds in `ttl`. What stands in the
  body of a DELETE says nothing.
- `If-Match` comes without quotes; for an item of a map it may be -1, if there is to be none.
- Answers show no value, but to clients before 1.0, which know what they wrote by nothing else.
- Whether an item of a map was there is told by the status alone: 201 if not.
- A removed item is answered with the event that removed it; anything else would break the client.
- Queries are of indexes that belong to TaskRouter and Flex: none is known here.
"""

from typing import Any

import msgspec

from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.sync.documents import (
    AddSyncDocument,
    RemoveSyncDocument,
    UpdateSyncDocument,
)
from twilio_emulator.core.sync.errors import INVALID_ATTRIBUTE
from twilio_emulator.core.sync.lists import (
    AddSyncList,
    AddSyncListItem,
    RemoveSyncList,
    RemoveSyncListItem,
    UpdateSyncList,
    UpdateSyncListItem,
)
from twilio_emulator.core.sync.maps import (
    AddSyncMap,
    AddSyncMapItem,
    PutItem,
    PutSyncMapItem,
    RemoveSyncMap,
    RemoveSyncMapItem,
    UpdateSyncMap,
    UpdateSyncMapItem,
)
from twilio_emulator.core.sync.resources import PublishedMessage, SyncItem, SyncKind, SyncResource
from twilio_emulator.core.sync.streams import (
    AddSyncStream,
    PublishSyncMessage,
    RemoveSyncStream,
    UpdateSyncStream,
)
from twilio_emulator.sdk.sync.engine import short_path, unknown
from twilio_emulator.sdk.sync_product import look
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse
from twilio_emulator.wire import json_bodies

UNKNOWN_INDEX = Refusal(54502, 404, "Unknown index")
"""Decided: its words, and that it is the answer to every query."""


class _Said(msgspec.Struct):
    unique_name: str | None = None
    key: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"")
    context: msgspec.Raw = msgspec.Raw(b"")
    ttl: int | float | str | None = None


_said = msgspec.json.Decoder(_Said)


class Wish:
    """A request that is to change something.

    Args:
        account: the account's sid.
        service: the service's sid.

    Raises:
        Refused: 54008 its body makes no sense.
    """

    def __init__(self, request: TunnelRequest, account: str, service: str) -> None:
        said = _body(request)
        self._request = request
        self._account = account
        self._service = service
        self._unique_name = said.unique_name
        self._key = said.key
        self._data = _json(said.data)
        self._context = _json(said.context)
        self._ttl = None if said.ttl is None else str(said.ttl)
        self._if_match = request.headers.get("if-match")

    def command(self) -> Command[Any]:
        """What it wants done.

        Raises:
            Refused: 20404 there is no such path, 54502 it is a query.
        """
        match (self._request.method, *short_path(self._request)):
            case ("POST", "v3", kind):
                return self._make(kind)
            case ("POST", "v3", kind, it):
                return self._change(kind, it)
            case ("DELETE", "v3", kind, it):
                return self._remove(kind, it)
            case ("POST", "v3", "Insights", _, "Items"):
                raise Refused(UNKNOWN_INDEX)
            case ("POST", "v3", kind, it, what):
                return self._add_to(kind, it, what)
            case ("POST" | "PUT" | "DELETE" as method, "v3", kind, it, "Items", name):
                return self._of_item(method, kind, it, name)
        raise unknown(self._request)

    def _make(self, kind: str) -> Command[SyncResource]:
        account, service = self._account, self._service
        name, ttl = self._unique_name, self._ttl
        match kind:
            case "Documents":
                return AddSyncDocument(
                    account=account, service=service, unique_name=name, ttl=ttl, data=self._data
                )
            case "Lists":
                return AddSyncList(
                    account=account,
                    service=service,
                    unique_name=name,
                    ttl=ttl,
                    context=self._context,
                )
            case "Maps":
                return AddSyncMap(account=account, service=service, unique_name=name, ttl=ttl)
            case "Streams":
                return AddSyncStream(account=account, service=service, unique_name=name, ttl=ttl)
        raise unknown(self._request)

    def _change(self, kind: str, it: str) -> Command[SyncResource]:
        account, service, ttl = self._account, self._service, self._ttl
        match kind:
            case "Documents":
                return UpdateSyncDocument(
                    account=account,
                    service=service,
                    resource=it,
                    data=self._data,
                    ttl=ttl,
                    if_match=self._if_match,
                )
            case "Lists":
                return UpdateSyncList(account=account, service=service, resource=it, ttl=ttl)
            case "Maps":
                return UpdateSyncMap(account=account, service=service, resource=it, ttl=ttl)
            case "Streams":
                return UpdateSyncStream(account=account, service=service, resource=it, ttl=ttl)
        raise unknown(self._request)

    def _remove(self, kind: str, it: str) -> Command[SyncResource]:
        remove = _REMOVE.get(kind)
        if remove is None:
            raise unknown(self._request)
        return remove(account=self._account, service=self._service, resource=it)

    def _add_to(self, kind: str, it: str, what: str) -> Command[Any]:
        account, service, data = self._account, self._service, self._data
        match kind, what:
            case "Lists", "Items":
                return AddSyncListItem(
                    account=account, service=service, resource=it, data=data, ttl=self._ttl
                )
            case "Maps", "Items":
                return AddSyncMapItem(
                    account=account,
                    service=service,
                    resource=it,
                    key=self._key,
                    data=data,
                    ttl=self._ttl,
                )
            case "Streams", "Messages":
                return PublishSyncMessage(account=account, service=service, resource=it, data=data)
        raise unknown(self._request)

    def _of_item(self, method: str, kind: str, it: str, name: str) -> Command[Any]:
        account, service, if_match = self._account, self._service, self._if_match
        data, ttl = self._data, self._ttl
        match method, kind:
            case "PUT", "Maps":
                return PutSyncMapItem(
                    account=account,
                    service=service,
                    resource=it,
                    key=name,
                    data=data,
                    ttl=ttl,
                    if_match=if_match,
                )
            case "POST", "Maps":
                return UpdateSyncMapItem(
                    account=account,
                    service=service,
                    resource=it,
                    key=name,
                    data=data,
                    ttl=ttl,
                    if_match=if_match,
                )
            case "POST", "Lists":
                return UpdateSyncListItem(
                    account=account,
                    service=service,
                    resource=it,
                    index=name,
                    data=data,
                    ttl=ttl,
                    if_match=if_match,
                )
            case "DELETE", "Maps":
                return RemoveSyncMapItem(
                    account=account, service=service, resource=it, key=name, if_match=if_match
                )
            case "DELETE", "Lists":
                return RemoveSyncListItem(
                    account=account, service=service, resource=it, index=name, if_match=if_match
                )
        raise unknown(self._request)


_REMOVE = {
    "Documents": RemoveSyncDocument,
    "Lists": RemoveSyncList,
    "Maps": RemoveSyncMap,
    "Streams": RemoveSyncStream,
}


_MAKING = (len(("v3", "Maps")), len(("v3", "Maps", "m", "Items")))
"""Segments of the paths where a POST makes something; others end in names, maybe these words."""


def takes_values(request: TunnelRequest) -> bool:
    """Whether a client takes from an answer what it has just written, as none does since 1.0."""
    return '"sdkVer":"0.' in request.headers.get("twilio-sync-client-info", "")


def written(done: object, root: str, request: TunnelRequest) -> TunnelResponse:
    """What a write is answered with.

    Args:
        done: what its command has answered.
        root: the URL of the service.
    """
    path = short_path(request)
    status = 201 if request.method == "POST" and len(path) in _MAKING else 200
    whole = takes_values(request)
    match done:
        case SyncResource():
            if request.method == "DELETE":
                return TunnelResponse(status=204)
            return of_object(done, look.descriptor(done, root, whole=whole), status)
        case PutItem(item, added):
            return of_item(item, root, 201 if added else 200, whole)
        case SyncItem():
            return of_item(done, root, status, whole)
        case PublishedMessage():
            return answered({"sid": done.sid}, 201)
    raise AssertionError(done)


def of_object(it: SyncResource, said: object, status: int = 200) -> TunnelResponse:
    """An answer about an object."""
    is_stream = it.kind is SyncKind.STREAM
    return answered(said, status, etag=None if is_stream else it.revision)


def of_item(it: SyncItem, root: str, status: int, whole: bool) -> TunnelResponse:
    """An answer to a write of an item."""
    return answered(look.item_descriptor(it, root, whole=whole), status, etag=it.revision)


def answered(said: object, status: int = 200, etag: str | None = None) -> TunnelResponse:
    """An answer in JSON."""
    return TunnelResponse(status=status, body=msgspec.json.encode(said), etag=etag)


def _body(request: TunnelRequest) -> _Said:
    if request.method == "DELETE" or not request.body:
        return _Said()
    try:
        return _said.decode(request.body)
    except json_bodies.UNREADABLE:
        raise Refused(INVALID_ATTRIBUTE) from None


def _json(said: msgspec.Raw) -> str | None:
    """A value as it was said; None when none was.

    Raises:
        Refused: 54008 it is no text.
    """
    try:
        return bytes(said).decode() or None
    except UnicodeDecodeError:
        raise Refused(INVALID_ATTRIBUTE) from None
