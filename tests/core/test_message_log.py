from collections.abc import Callable

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.messaging.message_resource import (
    FeedbackGiven,
    GiveFeedback,
    RemoveMedia,
    RemoveText,
    UpdateText,
    fetch_media,
    fetch_text,
    list_media,
    list_texts,
)
from twilio_emulator.core.texts.media import Enclosure, TextMedia
from twilio_emulator.core.texts.text import Text, TextChanged, TextRemoved, Texts

ACCOUNT = "AC00000000000000000000000000000001"
STRANGER = "AC" + "2" * 32
SERVICE = "MG00000000000000000000000000000001"
NUMBER = "+12025550100"
ANN = "+12025550199"
BOB = "+12025550198"
Send = Callable[..., Text]
Advance = Callable[..., None]


def code_of(act: Callable[[], object]) -> int:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_texts_are_listed_newest_first_and_by_either_side(world: World, send: Send) -> None:
    one, two = send(body="1"), send(body="2", to=BOB)
    three = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="3"))
    four = send(body="4", from_="+12025550101")

    def listed(**filters: str) -> list[str]:
        return [text.body for text in list_texts(world, account=ACCOUNT, **filters)]

    assert listed() == ["4", "3", "2", "1"]
    assert listed(to=ANN) == ["4", "1"]
    assert listed(from_=NUMBER) == ["2", "1"]
    assert listed(to=ANN, from_=NUMBER) == ["1"]
    assert listed(from_=ANN) == ["3"]
    assert list(list_texts(world, account=STRANGER)) == []
    assert {one.sid, two.sid, three.sid, four.sid} == {text.sid for text in world[Texts]}


def test_texts_are_found_by_the_day_they_were_sent(
    world: World, send: Send, advance: Advance
) -> None:
    send(body="today")
    advance(days=1)
    send(body="tomorrow")
    advance(seconds=1)
    send(body="not sent")

    def listed(**filters: str) -> list[str]:
        return [text.body for text in list_texts(world, account=ACCOUNT, **filters)]

    assert listed(date_sent="2026-01-05") == ["today"]
    assert listed(date_sent_after="2026-01-06") == ["tomorrow"]
    assert listed(date_sent_before="2026-01-06") == ["tomorrow", "today"]
    assert listed(date_sent_before="2026-01-05T12:00:00Z") == ["today"]
    assert listed(date_sent_after="2026-01-05", date_sent_before="2026-01-05") == ["today"]
    assert listed(date_sent="9999-12-31") == []
    assert listed(date_sent_before="9999-12-31") == ["tomorrow", "today"]
    assert code_of(lambda: listed(date_sent="yesterday")) == 20001
    assert listed(date_sent_after="0001-01-01") == ["tomorrow", "today"]
    assert listed(date_sent_after="0001-01-01", from_=NUMBER) == ["tomorrow", "today"]
    assert listed(date_sent_after="2026-01-06", to=BOB) == []


def test_what_leaves_late_is_found_on_the_day_on_which_it_leaves(
    world: World, send: Send, advance: Advance
) -> None:
    send(
        body="scheduled",
        from_=None,
        messaging_service_sid=SERVICE,
        schedule_type="fixed",
        send_at="2026-01-08T09:00:00Z",
    )
    for day in range(5):
        send(body=f"of day {day}")
        advance(days=1)

    def listed(**filters: str) -> list[str]:
        return [text.body for text in list_texts(world, account=ACCOUNT, **filters)]

    assert listed(date_sent="2026-01-08") == ["of day 3", "scheduled"]
    assert listed(date_sent_after="2026-01-08") == ["of day 4", "of day 3", "scheduled"]
    assert listed(date_sent="2026-01-08", to=ANN) == ["of day 3", "scheduled"]
    assert listed(date_sent_before="2026-01-06") == ["of day 1", "of day 0"]
    assert listed(date_sent_after="2026-01-10") == []


def test_a_text_is_its_accounts_own(world: World, send: Send) -> None:
    text = send()
    assert fetch_text(world, account=ACCOUNT, text=text.sid) == text
    assert code_of(lambda: fetch_text(world, account=STRANGER, text=text.sid)) == 20404


def test_an_empty_body_redacts(world: World, told: Told, send: Send) -> None:
    text = send(body="a" * 161)
    redacted = world.perform(UpdateText(account=ACCOUNT, text=text.sid, body=""))
    assert (redacted.body, redacted.num_segments) == ("", 2)
    assert told.of(TextChanged) == [TextChanged(text=redacted)]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({}, 30400),
        ({"body": "new"}, 30400),
        ({"body": "", "status": "canceled"}, 30400),
        ({"status": "delivered"}, 30400),
        ({"status": "canceled"}, 30409),
    ],
)
def test_nothing_else_can_be_changed(
    world: World, send: Send, fields: dict[str, str], code: int
) -> None:
    text = send()
    assert code_of(lambda: world.perform(UpdateText(account=ACCOUNT, text=text.sid, **fields))) == (
        code
    )


def test_a_text_is_deleted_when_it_has_left(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    text = send()
    removal = RemoveText(account=ACCOUNT, text=text.sid)
    assert code_of(lambda: world.perform(removal)) == 20009
    advance(milliseconds=25)
    world.perform(removal)
    assert code_of(lambda: world.perform(removal)) == 20404
    assert [event.text.sid for event in told.of(TextRemoved)] == [text.sid]
    assert list(world.timers) == []
    assert list(list_texts(world, account=ACCOUNT)) == []


def test_feedback_is_given_and_given_again(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    text = send(provide_feedback=True)

    def give(outcome: str | None) -> Text:
        given = world.perform(GiveFeedback(account=ACCOUNT, text=text.sid, outcome=outcome))
        assert isinstance(given, Text)
        return given

    first = give("unconfirmed").feedback
    advance(seconds=5)
    second = give(None).feedback
    assert first is not None
    assert second is not None
    assert (first.outcome, second.outcome) == ("unconfirmed", "confirmed")
    assert second.date_created == first.date_created < second.date_updated
    assert len(told.of(FeedbackGiven)) == 2
    assert code_of(lambda: give("perhaps")) == 20001


def test_media_are_listed_fetched_and_deleted(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    received = world.perform(
        SendFromHandset(
            address=ANN,
            to=NUMBER,
            media=(Enclosure(content_type="image/png"), Enclosure(content_type="audio/mp3")),
        )
    )
    other = send()

    def listed(text: Text, **filters: str) -> list[str | None]:
        rows = list_media(world, account=ACCOUNT, text=text.sid, **filters)
        return [media.content_type for media in rows]

    assert listed(received) == ["image/png", "audio/mp3"]
    assert listed(other) == []
    assert len(listed(received, date_created="2026-01-05")) == 2
    assert listed(received, date_created_before="2026-01-04") == []
    assert listed(received, date_created_after="2026-01-06") == []

    media = next(iter(list_media(world, account=ACCOUNT, text=received.sid)))
    assert fetch_media(world, account=ACCOUNT, text=received.sid, media=media.sid) == media
    for wrong in (
        lambda: fetch_media(world, account=ACCOUNT, text=other.sid, media=media.sid),
        lambda: fetch_media(world, account=STRANGER, text=received.sid, media=media.sid),
        lambda: fetch_media(world, account=ACCOUNT, text=received.sid, media="ME" + "0" * 32),
        lambda: list_media(world, account=ACCOUNT, text="SM" + "0" * 32),
    ):
        assert code_of(wrong) == 20404

    world.perform(RemoveMedia(account=ACCOUNT, text=received.sid, media=media.sid))
    assert listed(received) == ["audio/mp3"]
    world.perform(RemoveText(account=ACCOUNT, text=received.sid))
    assert len(world[TextMedia]) == 0


def test_a_date_costs_what_it_finds_and_not_what_there_is(
    world: World, send: Send, advance: Advance, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(100):
        send()
        advance(hours=1)
    looked = 0

    def look(table: Texts, sid: str) -> Text:
        nonlocal looked
        looked += 1
        return table._records[sid]

    monkeypatch.setattr(Texts, "__getitem__", look)
    for filters in (
        {"date_sent_after": "2026-02-01"},
        {"date_sent_before": "2026-01-01"},
        {"date_sent": "2026-02-01", "from_": NUMBER},
        {"date_sent_after": "2026-01-09T12:30:00Z"},
    ):
        looked = 0
        found = list(list_texts(world, account=ACCOUNT, **filters))
        assert looked < len(found) + 20
