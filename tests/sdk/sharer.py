"""Clients of Sync as they come to an account: what they ask, and what they are told."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.sdk.visitor import House, Visitor
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.sync.services import default_service_sid

REGISTRATIONS = [
    {
        "product": "data_sync",
        "type": "ers",
        "notification_protocol_version": 0,
        "message_types": ["twilio.sync.event"],
    }
]


@dataclass(frozen=True)
class Told:
    """The answer to a request."""

    status: int
    etag: str | None
    body: Any

    @property
    def error(self) -> tuple[int, int]:
        """Status and code of a refusal."""
        assert self.body["status"] == self.status
        return self.status, self.body["code"]


class Sharer(Visitor):
    """One connection of a client of Sync.

    Attributes:
        protocol: the version of the event protocol that it speaks.
    """

    protocol = 4

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        if_match: str | None = None,
        grant: str = "data_sync",
        **params: str,
    ) -> Told:
        """A request, which is answered at once."""
        headers = {} if if_match is None else {"If-Match": if_match}
        http = {"method": method, "path": path, "params": params, "headers": headers}
        wanted = {"method": "message", "active_grant": grant, "http_request": http}
        payload = body if isinstance(body, bytes) else json.dumps(body).encode()
        if body is None:
            payload = b""
        header, answer = self.reply(self.tell(wanted, payload))
        assert header["status"]["code"] == 200
        etag = header["http_headers"].get("etag")
        return Told(header["http_status"]["code"], etag, answer)

    def made(self, path: str, **body: object) -> Any:
        """What a POST has made."""
        told = self.call("POST", path, body)
        assert told.status == 201, told
        return told.body

    def every(self, path: str) -> Iterator[Any]:
        """All items of a list or a map, page by page."""
        asked = {"PageSize": "1000"}
        while asked:
            page = self.call("GET", path, **asked).body
            yield from page["items"]
            token = page["meta"]["next_token"]
            asked = {"PageToken": token} if token else {}

    def watch(self, *objects: Any, position: int | None = None) -> list[tuple[str, Any]]:
        """Subscribe to objects, from where their descriptors stand; what became of that."""
        self.events()
        requests = [
            {
                "object_sid": it["sid"],
                "object_type": it["type"],
                "last_event_id": it.get("last_event_id") if position is None else position,
            }
            for it in objects
        ]
        told = self.call(
            "POST",
            "/v4/Subscriptions",
            {
                "event_protocol_version": self.protocol,
                "action": "establish",
                "correlation_id": 7,
                "requests": requests,
            },
        )
        assert told.status == 202
        return self.events()


class SharedHouse(House):
    """An account whose clock stands still, its Sync service, and its door for clients."""

    @property
    def service_sid(self) -> str:
        """The sid of the default service."""
        found = default_service_sid(self.world, self.world.account_sid)
        assert found is not None
        return found

    @property
    def where(self) -> dict[str, str]:
        """Of whose service a command is."""
        return {"account": self.world.account_sid, "service": self.service_sid}

    def sharer(
        self, identity: str = "alice", service: str = "default", *, chat: bool = False
    ) -> Sharer:
        """Somebody who was let in to Sync."""
        sharer = Sharer(self)
        token = self.sync_token(identity, service, chat=chat)
        said = sharer.init(token, registrations=REGISTRATIONS)
        assert said["status"]["code"] == 200, said
        return sharer

    def refused(self, command: Command[Any]) -> int:
        """The code with which REST would be refused."""
        try:
            self.perform(command)
        except Refused as refused:
            return refused.code
        raise AssertionError("was not refused")
