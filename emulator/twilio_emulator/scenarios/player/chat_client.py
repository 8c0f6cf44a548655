"""A client of the chat SDKs, as far as a scenario needs one: over the socket, as theirs are.

The rules of this file:

- It watches the Sync objects of its conversations. What they tell becomes events, called as the
  JavaScript SDK calls them.
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from twilio_emulator.scenarios.player.socket_client import (
    SYNC,
    Event,
    NotConnected,
    Socket,
    SocketClient,
)

CONFIGURATION = "https://aim.us1.twilio.com/Client/v2/Configuration"


class ChatClient(SocketClient):
    """One connection of an identity.

    Args:
        socket: open, and nothing sent on it yet.

    Attributes:
        links: where things are, as the configuration says.
    """

    product = "ip_messaging"
    kind = "conversations"
    message_types = ("twilio.ipmsg.typing_indicator", "twilio.sync.event")

    def __init__(self, socket: Socket) -> None:
        super().__init__(socket)
        self._watched: dict[str, tuple[str, str]] = {}
        self._to_open: list[str] = []
        self.links: dict[str, str] = {}
        self.identity = ""

    async def open(self, token: str) -> None:
        """Log in, and watch every conversation that the identity is in.

        Raises:
            NotConnected: the token opens nothing.
        """
        await self.log_in(token)
        _, configuration = await self.ask("GET", CONFIGURATION)
        self.links = configuration["links"]
        self.identity = configuration["identity"]
        mine = configuration["sync_objects"]["my_conversations"]
        await self._watch("map", f"{SYNC}/Maps/{quote(mine)}", "")
        await self._watch_joined()

    async def catch_up(self) -> None:
        """Hear of everything that has happened, and watch the conversations joined meanwhile."""
        with suppress(NotConnected):
            await self.ask("GET", CONFIGURATION)
            while self._to_open:
                joined, self._to_open = self._to_open, []
                await self._open_all(joined)
                await self.ask("GET", CONFIGURATION)

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

    def _tell_of_end(self, said: Event) -> None:
        self._tell("disconnected", None, said)

    def _tell(self, name: str, conversation: str | None, said: dict[str, Any]) -> None:
        where = {} if conversation is None else {"conversation_sid": conversation}
        self.unclaimed.append({"event": name, **where, **said})

    async def _watch(self, kind: str, url: str, conversation: str, what: str = "mine") -> None:
        status, found = await self.ask("GET", url)
        if status >= 300:
            raise NotConnected(f"{url}: {status}")
        self._watched[found["sid"]] = (what, conversation)
        wanted = {"object_sid": found["sid"], "object_type": kind}
        await self.subscribe([{**wanted, "last_event_id": found["last_event_id"]}])

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
