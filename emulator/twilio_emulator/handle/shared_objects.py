"""Documents, lists, maps and streams of Sync as a test holds them, to be awaited, and waits for
what becomes of them."""

import json
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from twilio_emulator.handle.awaiting import HELD_UP_FOR, Calls
from twilio_emulator.handle.calling import CannotCall, segment
from twilio_emulator.handle.since import Since
from twilio_emulator.handle.waits import TIMEOUT, NotReceived

__tracebackhide__ = True

NOT_FOUND, TIMED_OUT = 404, 408

Value = dict[str, Any]
"""What a document, an item or a message holds: a JSON object."""


@dataclass
class StreamProgress:
    """How far a test has come with a stream, whichever of its handles it uses.

    Attributes:
        after: the entry of the journal behind which its next wait looks.
        marks: how often a place was marked by then.
    """

    after: int = 0
    marks: int = 0


class AsyncSharedObject:
    """An object of a Sync service by its unique name or sid; it need not be there yet."""

    kind: str

    def __init__(self, calls: Calls, service_sid: str, name: str) -> None:
        self.name = name
        self.service_sid = service_sid
        self._calls = calls
        self._path = f"/sync/{self.kind}s/{segment(name)}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    async def fetch(self) -> dict[str, Any]:
        """All about it, as `GET /_emulator/v1/sync/...` shows it.

        Raises:
            CannotCall: it is not there.
        """
        shown: dict[str, Any] = await self._calls.get(self._path, self._service)
        return shown

    @property
    def watched_by(self) -> Coroutine[Any, Any, list[str]]:
        """The identities of the client SDKs that have it open."""
        return self._watched_by()

    async def _watched_by(self) -> list[str]:
        return [each["identity"] for each in (await self.fetch())["watched_by"]]

    async def remove(self) -> None:
        """Remove it with all that is in it.

        Raises:
            CannotCall: it is not there.
        """
        await self._calls.call("DELETE", self._path, query=self._service)

    @property
    def _service(self) -> dict[str, str]:
        return {"service": self.service_sid}

    async def _write(
        self,
        method: str,
        below: str,
        data: Mapping[str, object],
        ttl: int | None,
        identity: str | None,
    ) -> Any:
        wish = {**self._service, "data": data, "ttl": ttl, "identity": identity}
        return await self._calls.call(method, f"{self._path}{below}", wish)

    async def _wait(
        self, wanted: Mapping[str, object], seconds: float, **also: object
    ) -> dict[str, Any]:
        """What a wait answers.

        Raises:
            NotReceived: it did not become so; what is there instead is shown.
        """
        if self._calls.holds_up:
            seconds = min(seconds, HELD_UP_FOR)
        said = json.dumps(wanted)
        query = {**self._service, "data": said, "timeout": seconds, **also}
        try:
            answer: dict[str, Any] = await self._calls.get(f"{self._path}/wait", query, seconds)
        except CannotCall as error:
            if error.status != TIMED_OUT:
                raise
            lines = [f"{self.kind} {self.name} did not come to have {said} in {seconds:g} s."]
            raise NotReceived("\n".join([*lines, *_instead(error.answer)])) from None
        return answer

    async def _value(self, wanted: Mapping[str, object], seconds: float, **also: object) -> Value:
        value: Value = (await self._wait(wanted, seconds, **also))["data"]
        return value


def _instead(answer: Mapping[str, Any]) -> list[str]:
    """What there is instead of what was waited for."""
    found = answer.get("object")
    held = [found] if found else answer.get("items") or answer.get("messages") or ()
    if not held:
        return ["There is nothing."]
    names = [each.get("key") or each.get("index") for each in held]
    return [
        "There is this:",
        *(
            f"  {'' if name is None else f'{name}: '}{json.dumps(each['data'])}"
            for name, each in zip(names, held, strict=True)
        ),
    ]


class AsyncSharedDocument(AsyncSharedObject):
    """One value: `await emulator.sync.document("cart").data`."""

    kind = "document"

    @property
    def data(self) -> Coroutine[Any, Any, Value]:
        """Its value.

        Raises:
            CannotCall: it is not there.
        """
        return self._data()

    async def _data(self) -> Value:
        value: Value = (await self.fetch())["data"]
        return value

    async def set(
        self,
        data: Mapping[str, object],
        *,
        ttl: int | None = None,
        identity: str | None = None,
    ) -> Value:
        """Give it another value; it comes into being where there is none.

        Args:
            ttl: seconds after which it is removed.
            identity: of the client that does it; the back end does unless one is named.

        Raises:
            CannotCall: it cannot have that value, or that client may not.
        """
        value: Value = (await self._write("PUT", "", data, ttl, identity))["data"]
        return value

    async def update(
        self,
        data: Mapping[str, object],
        *,
        ttl: int | None = None,
        identity: str | None = None,
    ) -> Value:
        """Change some keys of its value, and leave the others; answers the value.

        Raises:
            CannotCall: it is not there, or cannot have that value.
        """
        value: Value = (await self._write("PATCH", "", data, ttl, identity))["data"]
        return value

    def wait(
        self,
        wanted: Mapping[str, object] | None = None,
        /,
        *,
        timeout: float = TIMEOUT,
        **also: object,
    ) -> Coroutine[Any, Any, Value]:
        """Wait until it is there and its value has these keys: `wait(total=3)`; answers the value.

        Args:
            wanted: keys with their values; what is in an object may have more keys.
            timeout: seconds of the machine.
            also: more of them.

        Raises:
            NotReceived: it did not become so; what it is instead is shown.
        """
        return self._value({**(wanted or {}), **also}, timeout)


class _AsyncSharedCollection(AsyncSharedObject):
    """What lists and maps have in common."""

    async def _held(self) -> list[dict[str, Any]]:
        try:
            page = await self._calls.get(f"{self._path}/items", self._service)
        except CannotCall as error:
            if error.status != NOT_FOUND:
                raise
            return []
        held: list[dict[str, Any]] = page["items"]
        return held

    async def _remove_item(self, name: str) -> None:
        path = f"{self._path}/items/{segment(name)}"
        await self._calls.call("DELETE", path, query=self._service)


class AsyncSharedList(_AsyncSharedCollection):
    """Items in order: `await emulator.sync.list("orders").items`."""

    kind = "list"

    @property
    def items(self) -> Coroutine[Any, Any, list[Value]]:
        """The values of its items, in order; none while it is not there."""
        return self._items()

    async def _items(self) -> list[Value]:
        return [each["data"] for each in await self._held()]

    async def push(
        self,
        data: Mapping[str, object],
        *,
        ttl: int | None = None,
        identity: str | None = None,
    ) -> int:
        """Add an item at its end, and answer the index; the list comes into being where there is
        none.

        Raises:
            CannotCall: an item cannot have that value, or that client may not.
        """
        index: int = (await self._write("POST", "/items", data, ttl, identity))["index"]
        return index

    async def set(
        self,
        index: int,
        data: Mapping[str, object],
        *,
        ttl: int | None = None,
        identity: str | None = None,
    ) -> None:
        """Give an item another value.

        Raises:
            CannotCall: there is no such item, or it cannot have that value.
        """
        await self._write("PUT", f"/items/{index}", data, ttl, identity)

    async def remove_item(self, index: int) -> None:
        """Remove an item.

        Raises:
            CannotCall: there is no such item.
        """
        await self._remove_item(str(index))

    def wait(
        self,
        wanted: Mapping[str, object] | None = None,
        /,
        *,
        timeout: float = TIMEOUT,
        **also: object,
    ) -> Coroutine[Any, Any, Value]:
        """Wait until an item has these keys: `wait(number=7)`; answers the item's value.

        Raises:
            NotReceived: none has; what is there instead is shown.
        """
        return self._value({**(wanted or {}), **also}, timeout)


class AsyncSharedMap(_AsyncSharedCollection):
    """Items by their keys: `await emulator.sync.map("prices").items`."""

    kind = "map"

    @property
    def items(self) -> Coroutine[Any, Any, dict[str, Value]]:
        """The values of its items, by their keys; none while it is not there."""
        return self._items()

    async def _items(self) -> dict[str, Value]:
        return {each["key"]: each["data"] for each in await self._held()}

    async def set(
        self,
        key: str,
        data: Mapping[str, object],
        *,
        ttl: int | None = None,
        identity: str | None = None,
    ) -> None:
        """Have a value under a key; the map comes into being where there is none.

        Raises:
            CannotCall: an item cannot have that value, or that client may not.
        """
        await self._write("PUT", f"/items/{segment(key)}", data, ttl, identity)

    async def remove_item(self, key: str) -> None:
        """Remove an item.

        Raises:
            CannotCall: there is no such item.
        """
        await self._remove_item(key)

    def wait(
        self,
        key: str | None = None,
        wanted: Mapping[str, object] | None = None,
        /,
        *,
        timeout: float = TIMEOUT,
        **also: object,
    ) -> Coroutine[Any, Any, Value]:
        """Wait until an item has these keys: `wait("apple", amount=2)`; answers the item's value.

        Args:
            key: which item; any will do unless given.

        Raises:
            NotReceived: none has; what is there instead is shown.
        """
        return self._value({**(wanted or {}), **also}, timeout, item=key)


class AsyncSharedStream(AsyncSharedObject):
    """Messages that nobody keeps: `await emulator.sync.stream("pointers").wait()`."""

    kind = "stream"

    def __init__(
        self,
        calls: Calls,
        service_sid: str,
        name: str,
        since: Since,
        progress: StreamProgress,
    ) -> None:
        super().__init__(calls, service_sid, name)
        self._since = since
        self._progress = progress

    async def publish(self, data: Mapping[str, object], *, identity: str | None = None) -> None:
        """Say something in it; it comes into being where there is none.

        Raises:
            CannotCall: that cannot be said.
        """
        await self._write("POST", "/messages", data, None, identity)

    def wait(
        self,
        wanted: Mapping[str, object] | None = None,
        /,
        *,
        timeout: float = TIMEOUT,
        **also: object,
    ) -> Coroutine[Any, Any, Value]:
        """Wait for a message with these keys that was not returned by an earlier wait, nor came
        before the one that was; answers what it says.

        Raises:
            NotReceived: none came; what came instead is shown.
        """
        return self._message({**(wanted or {}), **also}, timeout)

    async def _message(self, wanted: Mapping[str, object], seconds: float) -> Value:
        progress, since = self._progress, self._since
        if progress.marks != since.marks:
            progress.after, progress.marks = since.entry, since.marks
        answer = await self._wait(wanted, seconds, after=progress.after)
        progress.after = answer["next_seq"]
        value: Value = answer["messages"][-1]["data"]
        return value
