"""What the webhook of a Sync service is told of a change, and of connections.

The rules of this file (https://www.twilio.com/docs/sync/webhooks):

- Of what clients change it is told always; of what REST changes, or time, only with
  `webhooks_from_rest_enabled`. That time is as REST is decided: `EXPIRY_IS_TOLD_AS_REST_IS`.
- Of permissions, services, ends and messages of streams nothing is told.
- What is removed has no value any more, but for an item of a collection.
- An object without a name leaves that parameter out; so does a change that is no client's the
  connection. What items of lists and all of maps say is decided by analogy with documents.
"""

from collections.abc import Iterator

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.sync.endpoints import SyncReachabilityTold
from twilio_emulator.core.sync.resources import (
    SyncActor,
    SyncDocumentUpdated,
    SyncDoor,
    SyncItemAdded,
    SyncItemRemoved,
    SyncItemUpdated,
    SyncKind,
    SyncResource,
    SyncResourceCreated,
    SyncResourceRemoved,
    SyncService,
    SyncServices,
)
from twilio_emulator.webhooks.decisions import AS_SET, Decision, Outcome
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.sync.manner import SYNC

EXPIRY_IS_TOLD_AS_REST_IS = True
"""Decided: see above."""

NOT_FROM_REST = "webhooks_from_rest_enabled is not set, and no client changed it"
SETTING = "webhook_url of the Sync service"

NAMES = {
    SyncResourceCreated: "created",
    SyncDocumentUpdated: "updated",
    SyncResourceRemoved: "removed",
    SyncItemAdded: "item_added",
    SyncItemUpdated: "item_updated",
    SyncItemRemoved: "item_removed",
}
"""What follows the kind of the object in the name of an event."""

ItemEvent = SyncItemAdded | SyncItemUpdated | SyncItemRemoved
SyncChange = SyncResourceCreated | SyncDocumentUpdated | SyncResourceRemoved | ItemEvent

Said = Iterator[tuple[str, str | None]]


def of_change(world: World, event: SyncChange) -> Outcome | None:
    """What the service's webhook is told of a change; None when it has none, or no word for it."""
    resource, by = event.resource, event.by
    service = world[SyncServices].get(resource.service_sid)
    if resource.kind is SyncKind.STREAM or service is None or service.webhook_url is None:
        return None
    name = f"{resource.kind}_{NAMES[type(event)]}"
    sent = service.webhooks_from_rest_enabled or (
        by.door is SyncDoor.CLIENT or (by.door is SyncDoor.EXPIRY and not EXPIRY_IS_TOLD_AS_REST_IS)
    )
    if not sent:
        return _decision(service, service.webhook_url, name, resource.sid, NOT_FROM_REST), None
    return _told(service, service.webhook_url, name, resource.sid, by, _of_object(event))


def of_connection(world: World, event: SyncReachabilityTold) -> Outcome | None:
    """What the service's webhook is told of a connection; None when it has none."""
    endpoint = event.endpoint
    service = world[SyncServices][endpoint.service_sid]
    if service.webhook_url is None:
        return None
    name = "endpoint_connected" if event.is_connected else "endpoint_disconnected"
    by = SyncActor(door=SyncDoor.CLIENT, identity=endpoint.identity, endpoint=endpoint.endpoint)
    subject = f"{service.sid}/{endpoint.identity}"
    return _told(service, service.webhook_url, name, subject, by, iter(()))


def _told(
    service: SyncService, url: str, name: str, subject: str, by: SyncActor, more: Said
) -> Outcome:
    said = (
        ("AccountSid", service.account_sid),
        ("ServiceSid", service.sid),
        ("EventType", name),
        ("Identity", by.identity),
        ("EndpointId", by.endpoint),
        *more,
    )
    request = Request(
        event=name,
        subject=subject,
        account_sid=service.account_sid,
        manner=SYNC,
        url=url,
        method="POST",
        parameters=tuple((key, value) for key, value in said if value is not None),
    )
    return _decision(service, url, name, subject, None), request


def _decision(
    service: SyncService, url: str, name: str, subject: str, why_not: str | None
) -> Decision:
    return Decision(
        event=name,
        subject=subject,
        setting=f"{SETTING} {service.sid}",
        url=url,
        sent=why_not is None,
        because=why_not or AS_SET,
    )


def _of_object(event: SyncChange) -> Said:
    resource = event.resource
    kind = resource.kind.capitalize()
    yield f"{kind}Sid", resource.sid
    yield f"{kind}UniqueName", resource.unique_name
    yield f"{kind}Revision", resource.revision
    if isinstance(event, ItemEvent):
        yield from _of_item(event)
    elif _has_value(resource, event):
        yield "DocumentData", resource.data


def _has_value(resource: SyncResource, event: SyncChange) -> bool:
    return resource.kind is SyncKind.DOCUMENT and not isinstance(event, SyncResourceRemoved)


def _of_item(event: ItemEvent) -> Said:
    item = event.item
    yield "EventId", str(item.event_id)
    yield ("ItemKey" if item.kind is SyncKind.MAP else "ItemIndex"), item.name
    yield "ItemRevision", item.revision
    yield "ItemData", item.data
