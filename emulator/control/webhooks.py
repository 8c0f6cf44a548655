"""Webhooks by the control API: what was sent and answered, and once more."""

from collections.abc import Iterator

from emulator.control import journal
from emulator.control.events import WEBHOOK
from emulator.core.journal import LogEntry
from emulator.wire.controls import Control, Controls, Fields, Mistaken, Reply, json_reply
from emulator.worlds import Hosted


class Sent(Fields):
    """Which webhooks: the newest `limit` of those after `after` about a thing or an event."""

    after: int = 0
    limit: int = 1000
    subject: str | None = None
    event: str | None = None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/webhooks")
    async def list_webhooks(control: Control) -> Reply:
        wish = control.query(Sent)
        if wish.limit < 1:
            raise Mistaken(f"query limit: expected 1 or more, not {wish.limit}")
        found = [
            shown
            for shown in map(journal.look, _sent(control.hosted, wish.after))
            if wish.subject in (None, shown["subject"]) and wish.event in (None, shown["event"])
        ]
        return json_reply({"webhooks": found[-wish.limit :]})

    @controls.on("POST", "/webhooks/{webhook}/replay")
    async def replay(control: Control) -> Reply:
        hosted, said = control.hosted, control.said["webhook"]
        found = next((each for each in _sent(hosted, 0) if str(each.number) == said), None)
        if found is None or hosted.replay is None:
            raise Mistaken(f"path webhook: there is no webhook {said}", 404)
        before = hosted.gate.log.number
        await hosted.replay(found.content)
        shown = [journal.look(entry) for entry in _sent(hosted, before)]
        return json_reply({"webhooks": shown}, 201)


def _sent(hosted: Hosted, after: int) -> Iterator[LogEntry]:
    return (entry for entry in hosted.gate.log.after(after) if entry.kind == WEBHOOK)
