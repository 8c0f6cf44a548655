"""Client SDKs by the control API: who is connected and watches what; and hanging up on them."""

from collections.abc import Callable
from datetime import timedelta

from twilio_emulator.control.routes import (
    NOTHING,
    Control,
    Controls,
    Fields,
    Mistaken,
    Reply,
    Whole,
    json_reply,
)
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.runtime.accounts import Hosted
from twilio_emulator.sdk.twilsock.clients import Clients
from twilio_emulator.sdk.twilsock.connection import ChatConnection, Membership
from twilio_emulator.sdk.twilsock.protocol import Status

OFFLOAD = 308
"""The status with which Twilsock sends a client to another server; all come again after it."""


class HangingUp(Fields):
    """How a connection ends: without a word, or with a close of Twilsock's."""

    status: Whole | None = None
    code: Whole | None = None
    message: str = ""
    reconnect_min_ms: Whole | None = None


def declare(controls: Controls, find: Callable[[Hosted], Clients]) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/connections")
    async def list_connections(control: Control) -> Reply:
        connections = [_look(each) for each in find(control.hosted)]
        return json_reply({"connections": connections})

    @controls.on("DELETE", "/connections/{connection}")
    async def hang_up(control: Control) -> Reply:
        id = control.said["connection"]
        connection = find(control.hosted).get(id)
        if connection is None:
            raise Mistaken(f"path connection: there is no connection {id}", 404)
        _end(connection, control.query(HangingUp))
        return NOTHING

    @controls.on("DELETE", "/connections")
    async def hang_up_on_all(control: Control) -> Reply:
        wish = control.query(HangingUp)
        for connection in find(control.hosted):
            _end(connection, wish)
        return NOTHING


def _end(connection: ChatConnection, wish: HangingUp) -> None:
    if wish.status is None:
        connection.drop()
        return
    wait = wish.reconnect_min_ms
    status = Status(
        code=wish.status,
        status="OFFLOAD" if wish.status == OFFLOAD else "CLOSED",
        description=wish.message,
        error_code=wish.code,
    )
    connection.close(status, None if wait is None else timedelta(milliseconds=wait))


def _look(connection: ChatConnection) -> dict[str, object]:
    member: Membership = connection.entered
    return {
        "id": member.id,
        "identity": member.grant.identity,
        "service_sid": member.grant.service_sid,
        "state": "closing" if connection.ended or connection.is_broken else "open",
        "since": write_instant(member.since),
        "token_expires": connection.expires and write_instant(connection.expires),
        "client": dict(member.metadata),
        "watches": sorted(each.watched.name for each in member.watcher.subscriptions.values()),
        "unsent_bytes": connection.outbox.unsent_events,
    }
