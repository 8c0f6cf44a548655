"""Client SDKs by the control API: who is connected and watches what; and hanging up on them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal, TypedDict

from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply, json_reply
from twilio_emulator.control.parameters import written
from twilio_emulator.control.routes import Control, Controls, Fields, Place, Whole
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.sdk.twilsock.clients import Clients
from twilio_emulator.sdk.twilsock.connection import ChatConnection, Membership
from twilio_emulator.sdk.twilsock.protocol import Status

OFFLOAD = 308
"""The status with which Twilsock sends a client to another server; all come again after it."""


class HangingUp(Fields):
    """How a connection ends.

    Attributes:
        status: of Twilsock's close, such as 410; without it the line is cut without a word.
        code: Twilio's error.
        message: what the close says.
        reconnect_min_ms: milliseconds before which a client shall not come again.
    """

    status: Whole | None = None
    code: Whole | None = None
    message: str = ""
    reconnect_min_ms: Whole | None = None


class ShownConnection(TypedDict):
    """A client SDK on the socket.

    Attributes:
        identity: who it is.
        service_sid: of the Conversations or Sync service (IS).
        token_expires: when its access token does, unless that is known from outside alone.
        client: what it says of itself.
        watches: the names of what it follows.
        unsent_bytes: of events that it has not read yet.
    """

    id: str
    identity: str
    service_sid: str
    state: Literal["open", "closing"]
    since: str
    token_expires: str | None
    client: dict[str, Any]
    watches: list[str]
    unsent_bytes: int


class ConnectionList(TypedDict):
    """Every client SDK that is connected."""

    connections: list[ShownConnection]


def declare(controls: Controls, find: Callable[[Hosted], Clients]) -> None:
    """Declare the calls of this file."""
    controls.group("connections", "Client SDKs on the socket; they can be cut off.")

    @controls.on(
        "GET",
        "/connections",
        "list_connections",
        "Client SDKs on the socket: who they are, and what they watch.",
        gives=ConnectionList,
    )
    async def list_connections(control: Control) -> Reply:
        connections = [_look(each) for each in find(control.hosted)]
        return json_reply({"connections": connections})

    @controls.on(
        "DELETE",
        "/connections/{connection}",
        "hang_up",
        "Cuts a client SDK off, or closes its connection as Twilio does.",
        places={"connection": Place(words="The `id` of a connection.", example="TW" + "3" * 32)},
        query=HangingUp,
        examples=({}, {"status": 410, "code": 51207, "message": "Token expired"}),
    )
    async def hang_up(control: Control) -> Reply:
        id = control.said["connection"]
        connection = find(control.hosted).get(id)
        if connection is None:
            raise Mistaken(f"path connection: there is no connection {id}", 404)
        _end(connection, control.query(HangingUp))
        return NOTHING

    @controls.on(
        "DELETE",
        "/connections",
        "hang_up_on_all",
        "Cuts all client SDKs off, or closes their connections as Twilio does.",
        query=HangingUp,
        examples=({}, {"status": 308, "reconnect_min_ms": 500}),
    )
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


def _look(connection: ChatConnection) -> ShownConnection:
    member: Membership = connection.entered
    return {
        "id": member.id,
        "identity": member.grant.identity,
        "service_sid": member.grant.service_sid,
        "state": "closing" if connection.ended or connection.is_broken else "open",
        "since": write_instant(member.since),
        "token_expires": written(connection.expires),
        "client": dict(member.metadata),
        "watches": member.watches,
        "unsent_bytes": connection.outbox.unsent_events,
    }
