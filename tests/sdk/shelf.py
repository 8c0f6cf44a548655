"""What Sync is told of: a shelf of values, which change on the shelf first and in Sync then."""

from twilio_emulator.core.kernel.refusals import Refusal
from twilio_emulator.sdk.sync.objects import (
    Contents,
    DocumentContents,
    ListContents,
    MapContents,
)
from twilio_emulator.sdk.sync.service import Sync
from twilio_emulator.sdk.sync.watched import Kind

BORN = "2026-01-05T09:00:00.000Z"
IS = "IS00000000000000000000000000000001"


class Shelf:
    """Documents, lists and maps by name, and a `Sync` that shows them."""

    def __init__(self) -> None:
        self.documents: dict[str, object] = {}
        self.lists: dict[str, dict[int, object]] = {}
        self.maps: dict[str, dict[str, object]] = {}
        self.removed: set[str] = set()
        self.forbidden: set[tuple[str, str]] = set()
        self.denial = Refusal(54007, 403, "Access forbidden for identity")
        self.filled: list[str] = []
        self.time = BORN
        self.sync = self.restarted()

    def restarted(self) -> Sync:
        """Another `Sync` for the same shelf, as after a restart."""
        self.sync = Sync(
            account_sid="AC1",
            service_sid=IS,
            now=lambda: self.time,
            materialise=self.materialise,
            deny=lambda identity, kind, name: (
                self.denial if (identity, name) in self.forbidden else None
            ),
            sid_of=lambda kind, name: f"{kind[0].upper()}-{name}",
            name_of=lambda kind, sid: sid[2:] if sid.startswith(f"{kind[0].upper()}-") else None,
        )
        return self.sync

    def materialise(self, kind: Kind, name: str) -> Contents | None:
        self.filled.append(name)
        gone = name in self.removed
        if kind is Kind.DOCUMENT and name in self.documents:
            data = self.documents[name]
            return DocumentContents(date_created=BORN, date_updated=BORN, data=data, removed=gone)
        if kind is Kind.LIST and name in self.lists:
            entries = list(self.lists[name].items())
            return ListContents(date_created=BORN, date_updated=BORN, items=entries, removed=gone)
        if kind is Kind.MAP and name in self.maps:
            items = list(self.maps[name].items())
            return MapContents(date_created=BORN, date_updated=BORN, items=items, removed=gone)
        return None

    def write(self, name: str, data: object) -> None:
        self.documents[name] = data
        self.sync.set_document(name, data)

    def put(self, name: str, key: int | str, data: object) -> None:
        if isinstance(key, int):
            self.lists[name][key] = data
            self.sync.set_list_item(name, key, data)
        else:
            self.maps[name][key] = data
            self.sync.set_item(name, key, data)

    def drop(self, name: str, key: int | str) -> None:
        if isinstance(key, int):
            self.lists[name].pop(key, None)
            self.sync.remove_list_item(name, key)
        else:
            self.maps[name].pop(key, None)
            self.sync.remove_item(name, key)

    def remove(self, kind: Kind, name: str) -> None:
        self.removed.add(name)
        self.sync.remove_object(kind, name)
