"""What went on in an account, as a test holds it and as a failure shows it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from emulator.handle.calling import Calling

WIDTH = 100
"""Characters of one value that a line shows."""


@dataclass(frozen=True)
class Entry:
    """One thing that went on: a request, a command, a refusal, an event or a webhook."""

    seq: int
    at: datetime
    kind: str
    details: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:
        return self.details[name]

    def __str__(self) -> str:
        shown = WORDS.get(self.kind, _fields)(self.details)
        return f"{self.at:%H:%M:%S}.{self.at.microsecond // 1000:03} {self.kind:<8} {shown}"


class Journal:
    """Everything that the log of an account still holds, in order."""

    def __init__(self, calling: Calling) -> None:
        self._calling = calling

    def __iter__(self) -> Iterator[Entry]:
        after = 0
        while True:
            page = self._calling.get("/journal", {"after": after})
            for shown in page["entries"]:
                details = dict(shown)
                at = datetime.fromisoformat(details.pop("at"))
                yield Entry(details.pop("seq"), at, details.pop("kind"), details)
            if not page["entries"]:
                return
            after = page["next_seq"]

    def of(self, kind: str) -> list[Entry]:
        """The entries of one kind: request, command, refused, event or webhook."""
        return [entry for entry in self if entry.kind == kind]

    def __str__(self) -> str:
        return "\n".join(map(str, self))


def _fields(details: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={_short(value)}" for name, value in details.items())


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."


def _request(details: Mapping[str, Any]) -> str:
    called = f"{details['method']} {details['product']} {details['path']} -> {details['status']}"
    return f"{called}, {details['code']} {details['message']}" if "code" in details else called


def _command(details: Mapping[str, Any]) -> str:
    return f"{details['command']} {_fields(details['fields'])}"


def _event(details: Mapping[str, Any]) -> str:
    return f"{details['event']} {_fields(details['fields'])}"


def _refused(details: Mapping[str, Any]) -> str:
    return f"{details['code']} {details['message']}"


WORDS = {
    "request": _request,
    "command": _command,
    "event": _event,
    "refused": _refused,
}
