"""Texts as the Message resource keeps them: listed, redacted, canceled, deleted, judged.

The rules of this file (https://www.twilio.com/docs/messaging/api/message-resource):

- The only changes are an empty body, which redacts, and `canceled` for a text that is scheduled.
- A text is deleted when it has left; its media go with it, what a phone shows stays. One that still
  waits for its phone never gets there.
"""

from collections.abc import Hashable
from datetime import UTC, datetime, timedelta

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.inbox import expire
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.addresses import kept
from twilio_emulator.core.texts import media as text_media
from twilio_emulator.core.texts.media import MediaFile, TextMedia
from twilio_emulator.core.texts.text import (
    SOON,
    UNFINISHED,
    Feedback,
    Text,
    TextChanged,
    TextRemoved,
    Texts,
    TextStep,
    can,
    move,
)

START = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)
NONE_HIGHER = 1 << 62
"""A serial above all."""

OUTCOMES = ("confirmed", "unconfirmed")


def fetch_text(world: World, *, account: str, text: str) -> Text:
    """The text of an account with this sid.

    Raises:
        Refused: 20404.
    """
    found = world[Texts].get(text)
    if found is None or found.account_sid != account or not found.listed:
        raise Refused(NOT_FOUND)
    return found


def list_texts(
    world: World,
    *,
    account: str,
    to: str | None = None,
    from_: str | None = None,
    date_sent: str | None = None,
    date_sent_before: str | None = None,
    date_sent_after: str | None = None,
) -> Rows[Text]:
    """Newest first. `DateSent` is a day in UTC; a bound is an instant, or a day that belongs to it.

    Raises:
        Refused: 20001 a date cannot be read.
    """
    to = kept(world.numbering, to) if to else None
    from_ = kept(world.numbering, from_) if from_ else None
    table = world[Texts]
    start, end = _period(date_sent, date_sent_before, date_sent_after)
    dated = bool(date_sent or date_sent_before or date_sent_after)

    def keep(text: Text) -> bool:
        return (
            (not from_ or text.sender == from_)
            and (not to or text.to == to)
            and (not dated or (text.date_sent is not None and start <= text.date_sent < end))
        )

    order: Ordered[Text] = table.by_account
    group: Hashable = account
    if from_:
        order, group = table.by_sender, (account, from_)
    if to:
        order, group = table.by_recipient, (account, to)
    if not dated:
        return Rows(table, order, group, downward=True, keep=keep if to and from_ else None)
    lowest, highest = _serials(table, account, start, end)
    return Rows(
        table,
        order,
        group,
        downward=True,
        keep=keep,
        lowest=lowest,
        highest=highest,
        besides=table.late.of(account),
    )


def _serials(table: Texts, account: str, start: datetime, end: datetime) -> tuple[int, int]:
    """Between which serials those texts are that were sent in a period, but for those that left
    late. No text was made before one with a lower serial, nor sent before it was made."""
    made = table.by_account.of(account)
    began = start - SOON if start - START > SOON else START
    first = made.first(lambda sid: table[sid].date_created >= began)
    beyond = made.first(lambda sid: table[sid].date_created >= end)
    return first[0] if first else NONE_HIGHER, beyond[0] - 1 if beyond else NONE_HIGHER


@command
class UpdateText:
    """Redact a text with an empty body, or cancel it with the status `canceled`."""

    account: str
    text: str
    body: str | None = None
    status: str | None = None

    def apply(self, world: World) -> Text:
        text = fetch_text(world, account=self.account, text=self.text)
        if (self.body, self.status) == ("", None):
            text = world[Texts].put(replace(text, body="", date_updated=world.now))
            world.tell(TextChanged(text=text))
            return text
        if (self.body, self.status) != (None, "canceled"):
            raise Refused(refusals.PARAMETERS_NOT_VALID)
        if not can(text, TextStep.CANCEL):
            raise Refused(refusals.NOT_CANCELABLE)
        return move(world, text, TextStep.CANCEL)


@command
class RemoveText:
    """Delete a text that has left, with its media."""

    account: str
    text: str

    def apply(self, world: World) -> None:
        text = fetch_text(world, account=self.account, text=self.text)
        if text.status in UNFINISHED:
            raise Refused(refusals.NOT_COMPLETE)
        world.timers.cancel(text.sid)
        expire(world, text)
        text_media.remove(world, text.sid)
        world[Texts].remove(text.sid)
        world.tell(TextRemoved(text=text))


@event
class FeedbackGiven:
    """The sender said what became of a text."""

    text: Text


@command
class GiveFeedback:
    """Say whether a text did what it was sent for."""

    account: str
    text: str
    outcome: str | None = None

    def apply(self, world: World) -> Text:
        text = fetch_text(world, account=self.account, text=self.text)
        outcome = self.outcome or "confirmed"
        if outcome not in OUTCOMES:
            raise Refused(refusals.INVALID_OUTCOME)
        given = Feedback(
            outcome=outcome,
            date_created=text.feedback.date_created if text.feedback else world.now,
            date_updated=world.now,
        )
        text = world[Texts].put(replace(text, feedback=given))
        world.tell(FeedbackGiven(text=text))
        return text


def fetch_media(world: World, *, account: str, text: str, media: str) -> MediaFile:
    """One medium of a text.

    Raises:
        Refused: 20404.
    """
    found = world[TextMedia].get(media)
    if found is None or found.text_sid != text or found.account_sid != account:
        raise Refused(NOT_FOUND)
    return found


def list_media(
    world: World,
    *,
    account: str,
    text: str,
    date_created: str | None = None,
    date_created_before: str | None = None,
    date_created_after: str | None = None,
) -> Rows[MediaFile]:
    """The media of a text, in order.

    Raises:
        Refused: 20404 there is no such text, 20001 a date cannot be read.
    """
    fetch_text(world, account=account, text=text)
    start, end = _period(date_created, date_created_before, date_created_after)
    return Rows(
        world[TextMedia],
        world[TextMedia].by_text,
        text,
        keep=lambda media: start <= media.date_created < end,
    )


@command
class RemoveMedia:
    """Delete one medium of a text."""

    account: str
    text: str
    media: str

    def apply(self, world: World) -> None:
        media = fetch_media(world, account=self.account, text=self.text, media=self.media)
        world[TextMedia].remove(media.sid)


def _period(day: str | None, before: str | None, after: str | None) -> tuple[datetime, datetime]:
    """What date filters mean together: from when, and until when without that instant itself."""
    start, end = START, END
    if day:
        start = parameters.instant(day[:10], refusals.INVALID_DATE)
        end = parameters.later(start, timedelta(days=1))
    if after:
        start = max(start, parameters.instant(after, refusals.INVALID_DATE))
    if before:
        at = parameters.instant(before, refusals.INVALID_DATE)
        whole_day = len(before) == len("2026-01-05")
        lasts = timedelta(days=1) if whole_day else timedelta(seconds=1)
        end = min(end, parameters.later(at, lasts))
    return start, end
