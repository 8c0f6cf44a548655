"""Sync as a test holds it: a service, and its objects, at once or to be awaited."""

from typing import Generic, TypeVar

from twilio_emulator.handle.awaiting import Calls, Synchronous, at_once, synchronous
from twilio_emulator.handle.shared_objects import (
    AsyncSharedDocument,
    AsyncSharedList,
    AsyncSharedMap,
    AsyncSharedObject,
    AsyncSharedStream,
    StreamProgress,
    Value,
)
from twilio_emulator.handle.since import Since

__tracebackhide__ = True

A = TypeVar("A", bound=AsyncSharedObject)


class AsyncSharedService:
    """Sync of the emulator's account: `emulator.sync`.

    Args:
        calls: the control API.
        service_sid: the Sync service that is meant.
        since: from where on messages of streams count.
    """

    def __init__(
        self,
        calls: Calls,
        service_sid: str,
        since: Since,
        streams: dict[tuple[str, str], StreamProgress],
    ) -> None:
        self.service_sid = service_sid
        self._calls = calls
        self._since = since
        self._streams = streams

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.service_sid}>"

    def service(self, service_sid: str) -> "AsyncSharedService":
        """The same in another Sync service of the account."""
        return AsyncSharedService(self._calls, service_sid, self._since, self._streams)

    def document(self, name: str) -> AsyncSharedDocument:
        """The document with this unique name or sid, whether or not it is there yet."""
        return AsyncSharedDocument(self._calls, self.service_sid, name)

    def list(self, name: str) -> AsyncSharedList:
        """The list with this unique name or sid, whether or not it is there yet."""
        return AsyncSharedList(self._calls, self.service_sid, name)

    def map(self, name: str) -> AsyncSharedMap:
        """The map with this unique name or sid, whether or not it is there yet."""
        return AsyncSharedMap(self._calls, self.service_sid, name)

    def stream(self, name: str) -> AsyncSharedStream:
        """The stream with this unique name or sid, whether or not it is there yet."""
        progress = self._streams.setdefault((self.service_sid, name), StreamProgress())
        return AsyncSharedStream(self._calls, self.service_sid, name, self._since, progress)


class _SharedObject(Synchronous[A], Generic[A]):
    """What the handles of all kinds have."""

    @property
    def name(self) -> str:
        """Its unique name or sid."""
        return self._asynchronous.name

    @property
    def service_sid(self) -> str:
        """The Sync service that it is in."""
        return self._asynchronous.service_sid

    @property
    def watched_by(self) -> list[str]:
        """The identities of the client SDKs that have it open."""
        return at_once(self._asynchronous.watched_by)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"

    fetch = synchronous(AsyncSharedObject.fetch)
    remove = synchronous(AsyncSharedObject.remove)


class SharedDocument(_SharedObject[AsyncSharedDocument]):
    """One value: `emulator.sync.document("cart").data`."""

    @property
    def data(self) -> Value:
        """Its value.

        Raises:
            CannotCall: it is not there.
        """
        return at_once(self._asynchronous.data)

    set = synchronous(AsyncSharedDocument.set)
    update = synchronous(AsyncSharedDocument.update)
    wait = synchronous(AsyncSharedDocument.wait)


class SharedList(_SharedObject[AsyncSharedList]):
    """Items in order: `emulator.sync.list("orders").items`."""

    @property
    def items(self) -> list[Value]:
        """The values of its items, in order; none while it is not there."""
        return at_once(self._asynchronous.items)

    push = synchronous(AsyncSharedList.push)
    set = synchronous(AsyncSharedList.set)
    remove_item = synchronous(AsyncSharedList.remove_item)
    wait = synchronous(AsyncSharedList.wait)


class SharedMap(_SharedObject[AsyncSharedMap]):
    """Items by their keys: `emulator.sync.map("prices").items`."""

    @property
    def items(self) -> dict[str, Value]:
        """The values of its items, by their keys; none while it is not there."""
        return at_once(self._asynchronous.items)

    set = synchronous(AsyncSharedMap.set)
    remove_item = synchronous(AsyncSharedMap.remove_item)
    wait = synchronous(AsyncSharedMap.wait)


class SharedStream(_SharedObject[AsyncSharedStream]):
    """Messages that nobody keeps: `emulator.sync.stream("pointers").wait()`."""

    publish = synchronous(AsyncSharedStream.publish)
    wait = synchronous(AsyncSharedStream.wait)


class SharedService(Synchronous[AsyncSharedService]):
    """Sync of the emulator's account: `emulator.sync`."""

    @property
    def service_sid(self) -> str:
        """The Sync service that is meant."""
        return self._asynchronous.service_sid

    def __repr__(self) -> str:
        return f"<SharedService {self.service_sid}>"

    def service(self, service_sid: str) -> "SharedService":
        """The same in another Sync service of the account."""
        return SharedService(self._asynchronous.service(service_sid))

    def document(self, name: str) -> SharedDocument:
        """The document with this unique name or sid, whether or not it is there yet."""
        return SharedDocument(self._asynchronous.document(name))

    def list(self, name: str) -> SharedList:
        """The list with this unique name or sid, whether or not it is there yet."""
        return SharedList(self._asynchronous.list(name))

    def map(self, name: str) -> SharedMap:
        """The map with this unique name or sid, whether or not it is there yet."""
        return SharedMap(self._asynchronous.map(name))

    def stream(self, name: str) -> SharedStream:
        """The stream with this unique name or sid, whether or not it is there yet."""
        return SharedStream(self._asynchronous.stream(name))
