"""Webhooks by the control API: what was sent and answered, and once more."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any, TypedDict

from twilio_emulator.control import journal_entries
from twilio_emulator.control.events import WEBHOOK, Vocabulary
from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.listing import More, check_limit, following, lacking
from twilio_emulator.control.pieces import listed
from twilio_emulator.control.routes import Control, Controls, Fields, Place, Whole
from twilio_emulator.core.kernel.journal import LogEntry
from twilio_emulator.runtime.hosted import Hosted
from twilio_emulator.webhooks.http import signatures


class NamedReceiver(Fields):
    """Where a receiver of webhooks listens.

    Attributes:
        url: `http` or `https`, a host and a port.
    """

    url: str


class WebhookRange(Fields):
    """Which webhooks.

    Attributes:
        after: the entry of the journal behind which they begin, by its `seq`.
        before: the entry before which they end.
        limit: the last so many of those.
        subject: sid of the message or the conversation that they are about.
        event: which they tell, such as `onMessageAdded`.
    """

    after: Whole = 0
    before: Whole | None = None
    limit: Whole = 1000
    subject: str | None = None
    event: str | None = None


_ROOT = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[^\[\]:/?#@\s]+)(:[0-9]{1,5})?/?")


class WebhookList(More):
    """Webhooks, oldest first."""

    webhooks: list[journal_entries.WebhookEntry]


class Replayed(TypedDict):
    """What was sent, and what came back: several when it was tried again."""

    webhooks: list[journal_entries.WebhookEntry]


class ShownReceiver(TypedDict):
    """A receiver of webhooks.

    Attributes:
        url: what it is called from here on.
    """

    url: str


def declare(controls: Controls, vocabulary: Vocabulary) -> None:
    """Declare the calls of this file."""
    controls.group("webhooks", "What the app was told, with what it answered.")
    controls.group("receivers", "Names for who takes webhooks.")

    @controls.on(
        "GET",
        "/webhooks",
        "list_webhooks",
        "Webhooks that were sent, with what came back.",
        query=WebhookRange,
        gives=WebhookList,
        examples=({}, {"event": "inbound text", "limit": 1}),
    )
    async def list_webhooks(control: Control) -> Reply:
        wish = control.query(WebhookRange)
        check_limit(wish.limit)
        found = list(islice(_sought(control.hosted, wish), wish.limit + 1))
        shown = found[: wish.limit]
        more = (
            following(control, before=shown[-1].number)
            if len(found) > len(shown)
            else lacking(control.hosted.gate.log.lacks(wish.after))
        )
        shown.reverse()
        return listed("webhooks", shown, lambda each: journal_entries.look(each, vocabulary), more)

    @controls.on(
        "POST",
        "/receivers",
        "name_receiver",
        "Gives a receiver of webhooks a name, which the journal shows instead of its port.",
        body=NamedReceiver,
        gives=ShownReceiver,
        status=201,
        examples=({"url": "http://127.0.0.1:3000"},),
    )
    async def name_receiver(control: Control) -> Reply:
        url = control.body(NamedReceiver).url
        if not _ROOT.fullmatch(url) or signatures.split(url) is None:
            raise Mistaken("body url: expected one without a path, such as http://127.0.0.1:3000")
        names = control.hosted.names
        assert names is not None
        return json_reply({"url": names.lead(url)}, 201)

    @controls.on(
        "POST",
        "/webhooks/{webhook}/replay",
        "replay_webhook",
        "Sends a webhook once more, and answers what came back.",
        places={"webhook": Place(words="The `seq` of its entry in the journal.", example="23")},
        gives=Replayed,
        status=201,
    )
    async def replay(control: Control) -> Reply:
        hosted, said = control.hosted, control.said["webhook"]
        found = next((each for each in _sent(hosted, 0) if str(each.number) == said), None)
        if found is None or hosted.replay is None:
            raise Mistaken(f"path webhook: there is no webhook {said}", 404)
        before = hosted.gate.log.number
        await hosted.replay(found.content)
        shown = [journal_entries.look(entry, vocabulary) for entry in _sent(hosted, before)]
        return json_reply({"webhooks": shown}, 201)


def _sought(hosted: Hosted, wish: WebhookRange) -> Iterator[LogEntry]:
    """Those that are asked for, newest first."""
    log = hosted.gate.log
    for entry in log.before(log.number + 1 if wish.before is None else wish.before):
        if entry.number <= wish.after:
            return
        sent: Any = entry.content
        if (
            entry.kind == WEBHOOK
            and wish.subject in (None, sent.subject)
            and wish.event in (None, sent.event)
        ):
            yield entry


def _sent(hosted: Hosted, after: int) -> Iterator[LogEntry]:
    return (entry for entry in hosted.gate.log.after(after) if entry.kind == WEBHOOK)
