"""A client of the chat SDKs, as far as a scenario needs one: over the socket, as theirs are.

The rules of this file:

- It speaks Twilsock, asks through its tunnel and watches Sync objects. What they tell becomes
  events, called as the JavaScript SDK calls them.
- Everything comes in order. So a client that has the answer to a request has also heard of all
  that happened before: that is how a scenario knows that there is no more news.
"""

import asyncio
import itertools
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from twilio_emulator.scenarios.player.unclaimed import Unclaimed
from twilio_emulator.wire.twilsock_frames import OK, encode, parse

Event = dict[str, Any]

_header = msgspec.json.Decoder(Event)

SYNC = "https://cds.us1.twilio.com/v3"
CONFIGURATION = "https://aim.us1.twilio.com/Client/v2/Configuration"
NOTIFICATIONS = ("twilio.ipmsg.typing_indicator", "twilio.sync.event")


class Socket(Protocol):
    """A WebSocket."""

    async def send(self, frame: bytes) -> None:
        """Send a binary message."""

    async def receive(self) -> bytes | None:
        """The next message; None when the socket is closed."""

    async def close(self) -> None:
        """Close it."""


class NotConnected(Exception):
    """The server said no, or closed. The text says why."""


class ChatClient(Unclaimed):
    """One connection of an identity.

    Args:
        socket: open, and nothing sent on it yet.

    Attributes:
        links: where things are, as the configuration says.
    """

    def __init__(self, socket: Socket) -> None:
        super().__init__()
        self._socket = socket
        self._numbers = itertools.count(1)
        self._replies: dict[str, asyncio.Future[tuple[dict[str, Any], Any]]] = {}
        self._watched: dict[str, tuple[str, str]] = {}
        self._to_open: list[str] = []
        self._reading: asyncio.Task[None] | None = None
        self._leaves = False
        self.links: dict[str, str] = {}
        self.identity = ""

    async def open(self, token: str) -> None:
        """Log in, and watch every conversation that the identity is in.

        Raises:
            NotConnected: the token opens nothing.
        """
        self._reading = asyncio.ensure_future(self._read())
        registration = {
            "product": "ip_messaging",
            "type": "ers",
            "notification_protocol_version": 0,
            "message_types": NOTIFICATIONS,
        }
        header, _ = await self._send(
            {
                "method": "init",
                "token": token,
                "continuation_token": None,
                "metadata": {"type": "conversations", "sdk": "scenario"},
                "registrations": [registration],
                "capabilities": ["client_update"],
            }
        )
        if header["status"]["code"] >= 300:
            raise NotConnected(header["status"].get("description") or str(header["status"]))
        _, configuration = await self.ask("GET", CONFIGURATION)
        self.links = configuration["links"]
        self.identity = configuration["identity"]
        mine = configuration["sync_objects"]["my_conversations"]
        await self._watch("map", f"{SYNC}/Maps/{quote(mine)}", "")
        await self._watch_joined()

    async def ask(
        self, method: str, url: str, body: object = None, form: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        """A request through the tunnel: the status and the body of its answer.

        Raises:
            NotConnected: the connection is closed.
        """
        parts = urlsplit(url)
        params = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        kind = "application/json; charset=utf-8"
        payload = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        if form is not None:
            kind, payload = "application/x-www-form-urlencoded", urlencode(form).encode()
        header, answer = await self._send(
            {
                "method": "message",
                "active_grant": "ip_messaging",
                "payload_type": kind,
                "http_request": {
                    "host": parts.netloc,
                    "path": parts.path,
                    "method": method,
                    "params": params,
                    "headers": {"Content-Type": kind},
                },
            },
            payload,
        )
        return header["http_status"]["code"], answer

    async def look(self) -> list[Event]:
        """The events so far, once all that happened has been told."""
        await self.catch_up()
        return self.unclaimed

    async def catch_up(self) -> None:
        """Hear of everything that has happened, and watch the conversations joined meanwhile."""
        with suppress(NotConnected):
            await self.ask("GET", CONFIGURATION)
            while self._to_open:
                joined, self._to_open = self._to_open, []
                await self._open_all(joined)
                await self.ask("GET", CONFIGURATION)

    async def close(self) -> None:
        """Go."""
        self._leaves = True
        await self._socket.close()
        if self._reading is not None:
            await self._reading

    async def _send(
        self, header: dict[str, Any], payload: bytes = b""
    ) -> tuple[dict[str, Any], Any]:
        """Send a frame and wait for the reply to it."""
        if self._reading is None or self._reading.done():
            raise NotConnected("the connection is closed")
        number = f"TM{next(self._numbers)}"
        reply: asyncio.Future[tuple[dict[str, Any], Any]]
        reply = self._replies[number] = asyncio.get_running_loop().create_future()
        await self._socket.send(encode({"id": number, **header}, payload))
        return await reply

    async def _read(self) -> None:
        """Take what comes, until nothing comes any more."""
        said: Event = {}
        try:
            while (message := await self._socket.receive()) is not None:
                frame = parse(message)
                header = frame.header_as(_header)
                payload: Any = json.loads(frame.payload) if frame.payload else None
                if frame.method == "reply":
                    self._replies.pop(frame.id).set_result((header, payload))
                    continue
                ack = {"id": frame.id, "method": "reply", "status": OK}
                await self._socket.send(encode(ack))
                if frame.method == "notification":
                    self._hear(header["message_type"], payload)
                elif frame.method == "close":
                    said = {"code": header["status"]["code"]}
        finally:
            if not self._leaves:
                self._tell("disconnected", None, said)
            for reply in self._replies.values():
                reply.set_exception(NotConnected("the connection is closed"))
            self._replies.clear()

    def _hear(self, kind: str, said: dict[str, Any]) -> None:
        if kind == "twilio.ipmsg.typing_indicator":
            told = {"identity": said["identity"], "participant_sid": said["participant_sid"]}
            self._tell("typingStarted", said["channel_sid"], told)
            return
        for each in said.get("events", ()):
            sid = each.get("list_sid") or each.get("map_sid") or each.get("document_sid")
            what, conversation = self._watched.get(sid, ("", ""))
            if what:
                HEARD[what](self, said["event_type"], each, conversation)

    def _tell(self, name: str, conversation: str | None, said: dict[str, Any]) -> None:
        where = {} if conversation is None else {"conversation_sid": conversation}
        self.unclaimed.append({"event": name, **where, **said})

    async def _watch(self, kind: str, url: str, conversation: str, what: str = "mine") -> None:
        status, found = await self.ask("GET", url)
        if status >= 300:
            raise NotConnected(f"{url}: {status}")
        self._watched[found["sid"]] = (what, conversation)
        wanted = {"object_sid": found["sid"], "object_type": kind}
        await self._subscribe([{**wanted, "last_event_id": found["last_event_id"]}])

    async def _subscribe(self, wanted: list[dict[str, Any]]) -> None:
        await self.ask(
            "POST",
            f"{SYNC.removesuffix('/v3')}/v4/Subscriptions",
            {
                "event_protocol_version": 4,
                "action": "establish",
                "correlation_id": next(self._numbers),
                "retried_requests": 0,
                "ttl_in_s": -1,
                "requests": wanted,
            },
        )

    async def _watch_joined(self) -> None:
        url: str | None = self.links["my_conversations"]
        while url is not None:
            _, page = await self.ask("GET", url)
            joined = [c["sid"] for c in page["conversations"] if c["status"] == "joined"]
            await self._open_all(joined)
            token = page["meta"].get("next_token")
            url = f"{self.links['my_conversations']}?PageToken={quote(token)}" if token else None

    async def _open_all(self, conversations: list[str]) -> None:
        for sid in conversations:
            await self._watch("document", f"{SYNC}/Documents/{sid}.channel", sid, "conversation")
            await self._watch("list", f"{SYNC}/Lists/{sid}.messages", sid, "messages")
            await self._watch("map", f"{SYNC}/Maps/{sid}.roster", sid, "roster")

    # What the objects that are watched tell.

    def _of_mine(self, kind: str, event: Event, _: str) -> None:
        conversation = event["item_key"]
        if kind == "map_item_removed":
            self._tell("conversationLeft", conversation, {})
        elif kind == "map_item_added":
            self._to_open.append(conversation)
            self._tell("conversationJoined", conversation, {})
        else:
            read = event["item_data"].get("lastConsumedMessageIndex")
            self._tell("conversationUpdated", conversation, {"last_read_message_index": read})

    def _of_conversation(self, kind: str, event: Event, conversation: str) -> None:
        if kind == "document_updated":
            held = event["document_data"]
            self._tell(
                "conversationUpdated",
                conversation,
                {
                    "friendly_name": held.get("friendlyName"),
                    "unique_name": held.get("uniqueName"),
                    "attributes": held.get("attributes"),
                    "state": (held.get("state") or {}).get("current"),
                },
            )

    def _of_messages(self, kind: str, event: Event, conversation: str) -> None:
        if kind not in MESSAGE_EVENTS:
            return  # the list is gone, with the conversation
        held = event["item_data"]
        self._tell(
            MESSAGE_EVENTS[kind],
            conversation,
            {
                "sid": held.get("sid"),
                "index": int(event["item_index"]),
                "author": held.get("author"),
                "body": held.get("text"),
                "attributes": held.get("attributes"),
                "media": held.get("medias") or [],
                "delivery": held.get("delivery"),
            },
        )

    def _of_roster(self, kind: str, event: Event, conversation: str) -> None:
        if kind not in ROSTER_EVENTS:
            return  # the map is gone, with the conversation
        held = event["item_data"]
        self._tell(
            ROSTER_EVENTS[kind],
            conversation,
            {
                "participant_sid": event["item_key"],
                "identity": held.get("identity"),
                "type": held.get("type"),
                "attributes": held.get("attributes"),
                "last_read_message_index": held.get("lastConsumedMessageIndex"),
            },
        )


MESSAGE_EVENTS = {
    "list_item_added": "messageAdded",
    "list_item_updated": "messageUpdated",
    "list_item_removed": "messageRemoved",
}
ROSTER_EVENTS = {
    "map_item_added": "participantJoined",
    "map_item_updated": "participantUpdated",
    "map_item_removed": "participantLeft",
}
EVENTS = (
    "conversationJoined",
    "conversationLeft",
    "conversationUpdated",
    *MESSAGE_EVENTS.values(),
    *ROSTER_EVENTS.values(),
    "typingStarted",
    "disconnected",
)
"""What a client is told of, by the names of the JavaScript SDK."""

HEARD: dict[str, Callable[[ChatClient, str, Event, str], None]] = {
    "mine": ChatClient._of_mine,
    "conversation": ChatClient._of_conversation,
    "messages": ChatClient._of_messages,
    "roster": ChatClient._of_roster,
}
