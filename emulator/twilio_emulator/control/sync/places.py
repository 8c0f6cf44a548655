"""How calls about Sync name services, objects and items, and who does what they ask for."""

from typing import Any

import msgspec

from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.control.routes import Control, Fields, Place, Whole
from twilio_emulator.core.kernel.world import QUIET, Origin, Source
from twilio_emulator.core.sync import objects
from twilio_emulator.core.sync.resources import DEFAULT_NAME, SyncKind, SyncResource
from twilio_emulator.core.sync.services import find_sync_service

EXAMPLES = {
    SyncKind.DOCUMENT: "cart",
    SyncKind.LIST: "orders",
    SyncKind.MAP: "prices",
    SyncKind.STREAM: "pointers",
}


def place(kind: SyncKind) -> dict[str, Place]:
    """How a path names an object."""
    words = f"The unique name or the sid of a {kind}."
    return {kind.value: Place(words=words, example=EXAMPLES[kind])}


INDEX = {"index": Place(words="The index of a list's item.", example="0")}
KEY = {"key": Place(words="The key of a map's item.", example="apple")}


class InSharedService(Fields):
    """Where it is.

    Attributes:
        service: the sid of a Sync service (IS); the account's default one unless given.
    """

    service: str = DEFAULT_NAME


class NewValue(Fields):
    """A value, and who gives it.

    Attributes:
        data: a JSON object.
        ttl: seconds after which it is removed; 0 for never.
        identity: of the client that does it; the back end does unless one is named.
        service: the sid of a Sync service (IS); the account's default one unless given.
    """

    data: dict[str, Any]
    ttl: Whole | None = None
    identity: str | None = None
    service: str = DEFAULT_NAME

    @property
    def origin(self) -> Origin:
        """Who does it.

        Raises:
            Mistaken: nobody can be called that.
        """
        if self.identity is None:
            return QUIET
        if not self.identity:
            raise Mistaken("body identity: expected that of a client; the back end has none")
        return Origin(source=Source.SDK, identity=self.identity)

    @property
    def seconds(self) -> str | None:
        """Its time to live, as commands have it."""
        return None if self.ttl is None else str(self.ttl)

    @property
    def text(self) -> str:
        """The value, as commands have it."""
        return as_text(self.data)


def as_text(data: dict[str, Any]) -> str:
    """A value as commands have it."""
    return msgspec.json.encode(data).decode()


def service_of(control: Control, said: str, where: str = "query") -> str:
    """The sid of the Sync service that is meant.

    Raises:
        Mistaken: the account has none like that.
    """
    found = find_sync_service(control.hosted.world, control.account_sid, said)
    if found is None:
        raise Mistaken(f"{where} service: there is no Sync service {said}", 404)
    return found.sid


def found(control: Control, kind: SyncKind, service: str) -> SyncResource | None:
    """The object that the path names, if there is one."""
    return objects.find(control.hosted.world, service, kind, control.said[kind.value])


def needed(control: Control, kind: SyncKind, service: str) -> SyncResource:
    """The object that the path names.

    Raises:
        Mistaken: there is none.
    """
    it = found(control, kind, service)
    if it is None:
        said = control.said[kind.value]
        raise Mistaken(f"path {kind}: there is no {kind} {said}", 404)
    return it
