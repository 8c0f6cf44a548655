"""Who watches which Sync object, and how a watcher catches up before it is live.

The rules of this file:

- A subscription belongs to one connection and stands at a position in its object's history.
- Behind, it replays: its frames are pulled, one whenever the connection has nothing else to send,
  from what the object is by then. So a long replay holds no memory, and what happens meanwhile is
  part of it.
- Once it has caught up it is live: from that very moment every change is pushed, as one frame for
  all who are live. There is no step between the two in which a change could be lost or told twice.
- The subscription of a client that may no longer read the object is paused, without a word: the
  JavaScript client would never get over a cancel that it did not ask for. When it may read again it
  catches up from where it was paused.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum, auto

import msgspec

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.sdk.sync.watched import Change, Watched
from twilio_emulator.sdk.twilsock.outbox import Outbox
from twilio_emulator.sdk.twilsock.protocol import notification

MESSAGE_TYPE = "twilio.sync.event"


NEWEST = 4
"""The version of the event protocol in which a notification holds a list of events. Before, which
clients of version 1 still ask for, it held one."""


def change_frame(
    changes: Sequence[Change],
    serial: int,
    correlation_id: int | None = None,
    version: int = NEWEST,
) -> bytes:
    """The notification of changes of one type.

    Args:
        changes: one only, before version 4.
        serial: differs for every notification that a client gets.
        correlation_id: of the request for a replay; live changes have none.
        version: of the event protocol.
    """
    said: dict[str, object] = {
        "event_type": changes[0].type,
        "event_protocol_version": version,
        "strictly_ordered": True,
        **_events([msgspec.Raw(change.event) for change in changes], version),
    }
    if correlation_id is not None:
        said["correlation_id"] = correlation_id
    return notification(MESSAGE_TYPE, msgspec.json.encode(said), serial)


def _events(events: Sequence[object], version: int) -> dict[str, object]:
    return {"events": events} if version >= NEWEST else {"event": events[0]}


class Watcher:
    """One connection, as Sync sees it.

    Args:
        identity: whose connection it is.
        outbox: where its frames go.
        serials: of notifications; all watchers of a service share one.
        endpoint_id: by which the client is known.
    """

    def __init__(
        self, identity: str, outbox: Outbox, serials: Iterator[int], endpoint_id: str = ""
    ) -> None:
        self.identity = identity
        self.outbox = outbox
        self.endpoint_id = endpoint_id
        self.version = NEWEST
        """Of the event protocol, as it asked for it."""
        self.subscriptions: dict[str, Subscription] = {}
        """By the object's sid."""
        self.opened: set[str] = set()
        """The sids of the objects that it has read."""
        self._serials = serials

    def speak(self, version: int) -> None:
        """Speak this version of the event protocol from now on; no client changes its mind."""
        if min(version, NEWEST) != self.version:
            self.unwatch_all()
            self.version = min(version, NEWEST)

    def watch(self, watched: Watched, position: int, correlation_id: int | None) -> None:
        """Replay what changed after `position`, say that it is established, and stay with it.

        Args:
            position: the id of the last change that the client knows, or less if it knows none.
        """
        self.unwatch(watched.sid)
        position = max(watched.before_first, position)
        subscription = Subscription(self, watched, position, correlation_id)
        self.subscriptions[watched.sid] = subscription
        subscription.resume()

    def about(self, sid: str | None) -> Iterable["Subscription"]:
        """Its subscription to an object, if it has one; all of them for None."""
        if sid is None:
            return self.subscriptions.values()
        return [self.subscriptions[sid]] if sid in self.subscriptions else ()

    def unwatch(self, sid: str) -> None:
        """Stop watching an object; nothing happens when it was not watched."""
        subscription = self.subscriptions.pop(sid, None)
        if subscription is not None:
            subscription.pause()

    def unwatch_all(self) -> None:
        """The connection is gone."""
        for sid in list(self.subscriptions):
            self.unwatch(sid)

    def canceled(self, sid: str, kind: str, correlation_id: int | None) -> None:
        """Tell the client that a subscription has ended, as it wished."""
        event = {"object_sid": sid, "object_type": kind}
        self.outbox.push(self.outcome("subscription_canceled", event, correlation_id))

    def failed(self, sid: str, kind: str, refused: Refused, correlation_id: int | None) -> None:
        """Tell the client that it cannot watch an object.

        With 404 it takes the object for removed; with any other status it never asks again. It is
        told in its turn among the replays: who left a conversation while away shall learn that
        from its own list of conversations, before it finds the conversation closed to it.
        """
        error = {"status": refused.status, "code": refused.code, "message": refused.message}
        event = {"object_sid": sid, "object_type": kind, "error": error}
        frames = [self.outcome("subscription_failed", event, correlation_id)]
        self.outbox.follow(lambda: frames.pop() if frames else None)

    def outcome(self, event_type: str, event: object, correlation_id: int | None) -> bytes:
        """The notification of what became of one requested subscription."""
        said: dict[str, object] = {
            "event_type": event_type,
            "correlation_id": correlation_id,
            "event_protocol_version": self.version,
            **_events([event], self.version),
        }
        return notification(MESSAGE_TYPE, msgspec.json.encode(said), next(self._serials))

    def replay(self, changes: Sequence[Change], correlation_id: int | None) -> bytes:
        """The notification of changes that were missed."""
        return change_frame(changes, next(self._serials), correlation_id, self.version)


class _State(Enum):
    PAUSED = auto()
    REPLAYING = auto()
    LIVE = auto()


class Subscription:
    """One connection's interest in one object."""

    def __init__(
        self,
        watcher: Watcher,
        watched: Watched,
        position: int,
        correlation_id: int | None,
    ) -> None:
        self.watched = watched
        self._watcher = watcher
        self._correlation_id = correlation_id
        self._position = position
        self._since = position
        self._state = _State.PAUSED
        self._established = False

    def pause(self) -> None:
        """Send nothing until it is resumed."""
        if self._state is _State.LIVE:
            del self._live[self]
            self._position = self._since = self.watched.last_id
        self._state = _State.PAUSED

    def resume(self) -> None:
        """Catch up from where it stands, and go live."""
        if self._state is _State.PAUSED:
            self._state = _State.REPLAYING
            self._watcher.outbox.follow(self._next_frame)

    @property
    def _live(self) -> dict[object, Outbox]:
        newest = self._watcher.version >= NEWEST
        return self.watched.live if newest else self.watched.live_before

    def _next_frame(self) -> bytes | None:
        if self._state is not _State.REPLAYING:
            return None
        changes = self.watched.changes_after(self._position, self._since)
        if changes:
            if self._watcher.version < NEWEST:
                changes = changes[:1]
            self._position = changes[-1].id
            return self._watcher.replay(changes, self._correlation_id)
        self._state = _State.LIVE
        self._live[self] = self._watcher.outbox
        if self._established:
            return None
        self._established = True
        event = {
            "object_sid": self.watched.sid,
            "object_type": self.watched.kind.value,
            "replay_status": "completed",
            "last_event_id": self.watched.told_position,
        }
        return self._watcher.outcome("subscription_established", event, self._correlation_id)
