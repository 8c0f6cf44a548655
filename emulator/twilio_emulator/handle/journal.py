"""What went on in an account, as a test holds it and as a failure shows it."""

import json
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from twilio_emulator.handle.awaiting import Calls, Synchronous, at_once, synchronous
from twilio_emulator.handle.since import Since
from twilio_emulator.handle.telling import sentence, worth_telling

__tracebackhide__ = True

NEWEST = 400
"""Entries that are looked at for the sentences."""

SENTENCES = 50
"""Sentences that are shown of it."""

LONGEST = 600
"""Characters of such a sentence."""


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
        said = sentence(self.kind, self.details)
        return f"{self.at:%H:%M:%S}.{self.at.microsecond // 1000:03} {said}"

    @classmethod
    def read(cls, shown: Mapping[str, Any]) -> "Entry":
        """The entry that the control API shows."""
        details = dict(shown)
        at = datetime.fromisoformat(details.pop("at"))
        return cls(details.pop("seq"), at, details.pop("kind"), details)


class AsyncJournal:
    """What the log of an account still holds of what counts, in order."""

    def __init__(self, calls: Calls, since: Since) -> None:
        self._calls = calls
        self._since = since

    @property
    def lacks(self) -> Coroutine[Any, Any, str | None]:
        """That older entries were dropped, and how to keep more; None when they are all here."""
        return self._lacks()

    async def _lacks(self) -> str | None:
        note: str | None = (await self._calls.get("/journal", {"limit": 1})).get("note")
        return note

    async def __aiter__(self) -> AsyncIterator[Entry]:
        after: int | None = self._since.entry
        while after is not None:
            page, after = await self._page(after)
            for entry in page:
                yield entry

    async def _page(self, after: int) -> tuple[list[Entry], int | None]:
        """The next entries, and behind which one more are; None when there are no more."""
        page = await self._calls.get("/journal", {"after": after})
        entries = list(map(Entry.read, page["entries"]))
        return entries, page["next_seq"] if entries else None

    async def of(self, kind: str) -> list[Entry]:
        """The entries of one kind: request, command, refused, event or webhook."""
        return [entry async for entry in self if entry.kind == kind]

    async def last(self) -> "Last":
        """The end of it as it is now, to be shown when the account is gone.

        Raises:
            CannotCall: the emulator is gone.
        """
        query = {"newest": NEWEST, "after": self._since.entry}
        return Last(await self._calls.fetch("/journal", query=query))


class Journal(Synchronous[AsyncJournal]):
    """What the log of an account still holds of what counts, in order."""

    @property
    def lacks(self) -> str | None:
        """That older entries were dropped, and how to keep more; None when they are all here."""
        return at_once(self._asynchronous.lacks)

    def __iter__(self) -> Iterator[Entry]:
        after: int | None = self._asynchronous._since.entry
        while after is not None:
            page, after = at_once(self._asynchronous._page(after))
            yield from page

    of = synchronous(AsyncJournal.of)
    last = synchronous(AsyncJournal.last)

    def __str__(self) -> str:
        return str(self.last())


@dataclass(frozen=True)
class Last:
    """The end of a journal, which is read when it is shown: in sentences, the newest last."""

    content: bytes

    def __str__(self) -> str:
        page = json.loads(self.content)
        entries = list(map(Entry.read, page["entries"]))
        told = [
            entries[at] for at in worth_telling([(each.kind, each.details) for each in entries])
        ]
        lines = [_cut(str(each)) for each in told[-SENTENCES:]]
        if len(told) > SENTENCES or len(entries) == NEWEST:
            lines.insert(0, "(what was before is in the journal)")
        elif "note" in page:
            lines.insert(0, f"({page['note']})")
        return "\n".join(lines)


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 3]}..."
