"""How everything in Sync looks, key for key as Twilio's pages and its OpenAPI file show it.

URLs are in the form of the request; a service that was called `default` has its sid in them. Values
are shown as they were kept, without being read again.
"""

from urllib.parse import quote

import msgspec

from twilio_emulator.core.sync.resources import (
    PublishedMessage,
    SyncItem,
    SyncKind,
    SyncPermission,
    SyncResource,
    SyncService,
)
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.spelling import iso_milliseconds

PATHS = {
    SyncKind.DOCUMENT: "Documents",
    SyncKind.LIST: "Lists",
    SyncKind.MAP: "Maps",
    SyncKind.STREAM: "Streams",
}


def service(it: SyncService, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/sync/api/service"""
    url = _service_url(it.sid, call)
    return {
        "sid": it.sid,
        "unique_name": it.unique_name,
        "account_sid": it.account_sid,
        "friendly_name": it.friendly_name,
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "url": url,
        "webhook_url": it.webhook_url,
        "webhooks_from_rest_enabled": it.webhooks_from_rest_enabled,
        "reachability_webhooks_enabled": it.reachability_webhooks_enabled,
        "acl_enabled": it.acl_enabled,
        "reachability_debouncing_enabled": it.reachability_debouncing_enabled,
        "reachability_debouncing_window": it.reachability_debouncing_window,
        "links": {path.lower(): f"{url}/{path}" for path in PATHS.values()},
    }


def document(it: SyncResource, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/sync/api/document-resource"""
    url = _url(it, call)
    return {
        "sid": it.sid,
        "unique_name": it.unique_name,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "url": url,
        "links": {"permissions": f"{url}/Permissions"},
        "revision": it.revision,
        "data": msgspec.Raw(it.data.encode()),
        "date_expires": iso_milliseconds(it.date_expires),
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "created_by": it.created_by,
    }


def collection(it: SyncResource, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/sync/api/list-resource, .../map-resource"""
    url = _url(it, call)
    return {
        "sid": it.sid,
        "unique_name": it.unique_name,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "url": url,
        "links": {"items": f"{url}/Items", "permissions": f"{url}/Permissions"},
        "revision": it.revision,
        "date_expires": iso_milliseconds(it.date_expires),
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "created_by": it.created_by,
    }


def stream(it: SyncResource, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/sync/api/stream-resource"""
    url = _url(it, call)
    return {
        "sid": it.sid,
        "unique_name": it.unique_name,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "url": url,
        "links": {"messages": f"{url}/Messages"},
        "date_expires": iso_milliseconds(it.date_expires),
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "created_by": it.created_by,
    }


def message(it: PublishedMessage, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/sync/api/stream-message-resource"""
    return {"sid": it.sid, "data": msgspec.Raw(it.data.encode())}


def list_item(it: SyncItem, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/sync/api/listitem-resource"""
    return {"index": it.index, **_item(it, "list_sid", call)}


def map_item(it: SyncItem, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/sync/api/map-item-resource"""
    return {"key": it.key, **_item(it, "map_sid", call)}


def permission(it: SyncPermission, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/sync/api/document-permission-resource"""
    place = f"{_service_url(it.service_sid, call)}/{PATHS[it.kind]}/{it.resource_sid}"
    return {
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        f"{it.kind}_sid": it.resource_sid,
        "identity": it.identity,
        "read": it.read,
        "write": it.write,
        "manage": it.manage,
        "url": f"{place}/Permissions/{quote(it.identity, safe='')}",
    }


def _item(it: SyncItem, collection_key: str, call: Call) -> dict[str, object]:
    place = f"{_service_url(it.service_sid, call)}/{PATHS[it.kind]}/{it.collection_sid}"
    return {
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        collection_key: it.collection_sid,
        "url": f"{place}/Items/{quote(it.name, safe='')}",
        "revision": it.revision,
        "data": msgspec.Raw(it.data.encode()),
        "date_expires": iso_milliseconds(it.date_expires),
        "date_created": iso_milliseconds(it.date_created),
        "date_updated": iso_milliseconds(it.date_updated),
        "created_by": it.created_by,
    }


def _url(it: SyncResource, call: Call) -> str:
    return f"{_service_url(it.service_sid, call)}/{PATHS[it.kind]}/{it.sid}"


def _service_url(sid: str, call: Call) -> str:
    return f"{call.root}/Services/{sid}"
