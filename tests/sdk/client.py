"""A client as the tests need one: it writes and reads frames the way the JavaScript SDK does."""

import json
from dataclasses import dataclass, field
from typing import Any

from twilio_emulator.sdk.sync.service import Sync
from twilio_emulator.sdk.sync.subscriptions import Watcher
from twilio_emulator.sdk.twilsock.outbox import Outbox
from twilio_emulator.sdk.twilsock.protocol import TwilsockConnection
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse


def frame(header: dict[str, Any], payload: bytes = b"", end: bytes = b"") -> bytes:
    said = json.dumps({**header, "payload_size": len(payload)}, ensure_ascii=False).encode()
    return b"TWILSOCK V3.0 %d\r\n%b\r\n%b%b" % (len(said), said, payload, end)


def read(message: object) -> tuple[dict[str, Any], Any]:
    """Header and payload of what the server sends, by their announced sizes."""
    assert isinstance(message, bytes)
    line, _, rest = message.partition(b"\r\n")
    protocol, version, size = line.split(b" ")
    assert (protocol, version) == (b"TWILSOCK", b"V3.0")
    header = json.loads(rest[: int(size)])
    payload = rest[int(size) + 2 :]
    assert header["payload_size"] == len(payload)
    return header, json.loads(payload) if payload else None


def tunnelled(
    method: str, path: str, params: dict[str, str] | None = None, body: object = None
) -> TunnelRequest:
    """A request as the server gets to see it."""
    connection = TwilsockConnection()
    connection.receive(frame({"id": "TM1", "method": "init", "token": ""}))
    opened = connection.state
    connection.state = type(opened).OPEN
    http = {"host": "cds.us1.twilio.com", "path": path, "method": method, "params": params or {}}
    payload = b"" if body is None else json.dumps(body).encode()
    [request] = connection.receive(
        frame({"id": "TM2", "method": "message", "http_request": http}, payload)
    )
    assert isinstance(request, TunnelRequest)
    return request


def answered(response: TunnelResponse) -> Any:
    assert response.status == 200, response
    return json.loads(response.body)


@dataclass
class Client:
    """One connection to Sync: what it asks, and what it has been told."""

    sync: Sync
    identity: str = "alice"
    bound: int = 2 * 1024 * 1024
    woken: int = 0
    outbox: Outbox = field(init=False)
    watcher: Watcher = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self._wake, self.bound)
        self.watcher = self.sync.watcher(self.identity, self.outbox)

    def _wake(self) -> None:
        self.woken += 1

    def get(self, path: str, **params: str) -> Any:
        return answered(self.sync.handle(tunnelled("GET", path, params), self.watcher))

    def refused(self, method: str, path: str, body: object = None, **params: str) -> Any:
        response = self.sync.handle(tunnelled(method, path, params, body), self.watcher)
        said = json.loads(response.body)
        assert said["status"] == response.status
        assert said["more_info"].endswith(f"/{said['code']}")
        return response.status, said["code"]

    def subscribe(
        self, sid: str, kind: str, position: int | None = None, correlation_id: int = 1
    ) -> Any:
        wanted = {"object_sid": sid, "object_type": kind, "last_event_id": position}
        return self.subscriptions("establish", [wanted], correlation_id)

    def cancel(self, sid: str, kind: str, correlation_id: int = 1) -> Any:
        wanted = {"object_sid": sid, "object_type": kind}
        return self.subscriptions("cancel", [wanted], correlation_id)

    def subscriptions(
        self, action: str, wanted: list[dict[str, Any]], correlation_id: int | None
    ) -> Any:
        body = {
            "event_protocol_version": 4,
            "action": action,
            "correlation_id": correlation_id,
            "retried_requests": 0,
            "ttl_in_s": -1,
            "requests": wanted,
        }
        request = tunnelled("POST", "/v4/Subscriptions", body=body)
        return answered(self.sync.handle(request, self.watcher))

    def told(self) -> list[dict[str, Any]]:
        """The payloads of all notifications that wait."""
        payloads = []
        while (sent := self.outbox.take()) is not None:
            header, payload = read(sent)
            assert header["method"] == "notification"
            assert header["message_type"] == "twilio.sync.event"
            payloads.append(payload)
        return payloads

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """Type and fields of all events that wait, one by one."""
        return [(said["event_type"], event) for said in self.told() for event in said["events"]]
