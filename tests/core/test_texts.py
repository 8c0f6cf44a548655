from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.accounts.accounts import Accounts, AccountStatus
from twilio_emulator.core.carrier.delivery import (
    AdvanceText,
    KeepMedia,
    LoseMedia,
    TextReachedNumber,
)
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.carrier.opt_outs import AddOptOut
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.message_resource import UpdateText
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.phones.inbox import HandsetReceived, InboxItems, ItemState
from twilio_emulator.core.senders.resources import MessagingServices
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.media import MediaWanted
from twilio_emulator.core.texts.text import (
    LIFECYCLE,
    Direction,
    Text,
    TextCreated,
    Texts,
    TextStatus,
    TextStatusChanged,
)

ACCOUNT = "AC00000000000000000000000000000001"
SERVICE = "MG00000000000000000000000000000001"
NUMBER = "+12025550100"
ANN = "+12025550199"
PICTURE = ("https://example.com/a.png",)
Send = Callable[..., Text]
Advance = Callable[..., None]


def statuses(told: Told) -> list[str]:
    return [str(changed.text.status) for changed in told.of(TextStatusChanged)]


def test_a_text_is_delivered_step_by_step(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    text = send()
    assert told == [TextCreated(text=text)]

    advance(milliseconds=5)
    assert world[Texts][text.sid].status == "sending"
    advance(milliseconds=20)
    sent = world[Texts][text.sid]
    assert (sent.status, sent.date_sent) == ("sent", datetime(2026, 1, 5, 9, 0, 0, 25000, UTC))
    assert len(world[InboxItems]) == 0
    advance(milliseconds=80)
    assert world[Texts][text.sid].status == "delivered"

    assert statuses(told) == ["sending", "sent", "delivered"]
    (received,) = told.of(HandsetReceived)
    assert (received.item.handset, received.item.peer, received.item.body) == (
        ANN,
        NUMBER,
        "Hello",
    )
    assert list(world.timers) == []


def test_a_text_of_a_service_is_queued_once_it_has_a_sender(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    text = send(from_=None, messaging_service_sid=SERVICE)
    advance(milliseconds=5)
    queued = world[Texts][text.sid]
    assert (queued.status, queued.sender, queued.num_segments) == ("queued", NUMBER, 1)
    assert queued.trace
    advance(seconds=1)
    assert statuses(told) == ["queued", "sending", "sent", "delivered"]


def test_a_scheduled_text_leaves_at_its_time(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    text = send(
        from_=None,
        messaging_service_sid=SERVICE,
        schedule_type="fixed",
        send_at="2026-01-05T10:00:00Z",
    )
    advance(minutes=59)
    assert statuses(told) == []
    advance(minutes=2)
    assert statuses(told) == ["queued", "sending", "sent", "delivered"]
    assert world[Texts][text.sid].date_sent == datetime(2026, 1, 5, 10, 0, 0, 25000, UTC)


def test_a_canceled_text_never_leaves(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    text = send(
        messaging_service_sid=SERVICE, schedule_type="fixed", send_at="2026-01-05T10:00:00Z"
    )
    canceled = world.perform(UpdateText(account=ACCOUNT, text=text.sid, status="canceled"))
    assert canceled.status == "canceled"
    advance(hours=2)
    assert statuses(told) == ["canceled"]


def test_who_opts_out_meanwhile_makes_a_scheduled_text_fail(
    world: World, send: Send, advance: Advance
) -> None:
    text = send(
        messaging_service_sid=SERVICE, schedule_type="fixed", send_at="2026-01-05T10:00:00Z"
    )
    world.perform(AddOptOut(recipient=ANN, scope=SERVICE))
    advance(hours=2)
    failed = world[Texts][text.sid]
    assert (failed.status, failed.error_code) == ("failed", 21610)


def test_a_text_of_a_service_fails_when_its_recipient_opted_out(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    world.perform(AddOptOut(recipient=ANN, scope=SERVICE))
    text = send(messaging_service_sid=SERVICE)
    assert text.status == "accepted"
    advance(seconds=1)
    assert statuses(told) == ["failed"]
    assert world[Texts][text.sid].error_code == 21610
    assert len(world[InboxItems]) == 0


def test_a_text_whose_service_is_gone_fails_for_want_of_a_sender(
    world: World, send: Send, advance: Advance
) -> None:
    text = send(from_=None, messaging_service_sid=SERVICE)
    world[MessagingServices].remove(SERVICE)
    advance(seconds=1)
    assert world[Texts][text.sid].error_code == 21703


def test_a_suspended_account_sends_nothing(world: World, send: Send, advance: Advance) -> None:
    text = send()
    world[Accounts].put(replace(world[Accounts][ACCOUNT], status=AccountStatus.SUSPENDED))
    advance(seconds=1)
    failed = world[Texts][text.sid]
    assert (failed.status, failed.error_code) == ("failed", 30002)


def test_a_text_to_a_number_of_the_account_arrives_there(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    text = send(to="+12025550101")
    advance(seconds=1)
    delivered = world[Texts][text.sid]
    assert told.of(TextReachedNumber) == [TextReachedNumber(text=delivered)]
    assert delivered.status == "delivered"
    assert len(world[Handsets]) == 0


def test_what_was_to_be_forgotten_is_not_kept(world: World, send: Send, advance: Advance) -> None:
    text = send(content_retention="discard", address_retention="obfuscate")
    advance(seconds=1)
    kept = world[Texts][text.sid]
    assert (kept.body, kept.to) == ("", "+1202555XXXX")
    (item,) = world[InboxItems]
    assert (item.body, item.handset) == ("Hello", ANN)


def test_no_step_leads_out_of_a_final_status() -> None:
    left = {status for status, _ in LIFECYCLE}
    assert set(TextStatus) - left == {"canceled", "failed", "undelivered", "received", "read"}


def test_a_text_waits_for_its_media(world: World, told: Told, send: Send, advance: Advance) -> None:
    text = send(media_url=("https://example.com/a.png", "https://example.com/b.png"))
    first, second = (wanted.media for wanted in told.of(MediaWanted))
    assert (first.url, first.text_sid) == ("https://example.com/a.png", text.sid)
    advance(minutes=1)
    assert statuses(told) == []

    world.perform(KeepMedia(media=first.sid, content_type="image/png", size=10, digest="d1"))
    advance(minutes=1)
    assert statuses(told) == []
    kept = world.perform(
        KeepMedia(media=second.sid, content_type="image/png", size=10, digest="d2")
    )
    assert (kept.content_type, kept.size, kept.digest) == ("image/png", 10, "d2")
    advance(minutes=1)
    assert statuses(told) == ["sending", "sent", "delivered"]
    (item,) = world[InboxItems]
    assert item.num_media == 2


def test_media_may_come_before_the_text_is_queued(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    send(messaging_service_sid=SERVICE, media_url=PICTURE)
    (wanted,) = told.of(MediaWanted)
    world.perform(KeepMedia(media=wanted.media.sid, content_type="image/png", size=1, digest="d"))
    advance(seconds=1)
    assert statuses(told) == ["queued", "sending", "sent", "delivered"]


@pytest.mark.parametrize(
    ("content_type", "size"), [("image/png", 5 * 1024**2), ("audio/mp3", 500 * 1024)]
)
def test_media_has_a_largest_size(
    world: World, told: Told, send: Send, content_type: str, size: int
) -> None:
    for bytes_ in (size, size + 1):
        send(media_url=PICTURE)
        media = told.of(MediaWanted)[-1].media
        world.perform(
            KeepMedia(media=media.sid, content_type=content_type, size=bytes_, digest="d")
        )
    assert statuses(told) == ["failed"]
    assert told.of(TextStatusChanged)[0].text.error_code == 30019


def test_a_text_fails_when_its_media_cannot_be_fetched(
    world: World, told: Told, send: Send
) -> None:
    text = send(media_url=PICTURE * 2)
    first, second = (wanted.media for wanted in told.of(MediaWanted))
    world.perform(LoseMedia(media=first.sid, error_code=12300))
    assert world[Texts][text.sid].error_code == 12300
    world.perform(LoseMedia(media=second.sid))
    assert statuses(told) == ["failed"]
    with pytest.raises(Refused) as refused:
        world.perform(LoseMedia(media="ME" + "0" * 32))
    assert refused.value.code == 20404


@pytest.mark.parametrize(("lost", "said"), [(11200, 63019), (12300, 63021)])
def test_whatsapp_has_its_own_codes_for_media(
    world: World, told: Told, send: Send, lost: int, said: int
) -> None:
    text = send(
        from_="whatsapp:+14155238886", to="whatsapp:+12025550199", body="Look", media_url=PICTURE
    )
    (wanted,) = told.of(MediaWanted)
    world.perform(LoseMedia(media=wanted.media.sid, error_code=lost))
    assert (world[Texts][text.sid].status, world[Texts][text.sid].error_code) == ("failed", said)
    assert world.timers.next_due() is None


def test_media_that_is_too_large_has_whatsapps_code(world: World, told: Told, send: Send) -> None:
    text = send(
        from_="whatsapp:+14155238886", to="whatsapp:+12025550199", body="", media_url=PICTURE
    )
    (wanted,) = told.of(MediaWanted)
    world.perform(
        KeepMedia(media=wanted.media.sid, content_type="image/png", size=2**25, digest="d")
    )
    assert (world[Texts][text.sid].status, world[Texts][text.sid].error_code) == ("failed", 63019)


def test_a_text_that_waits_too_long_expires(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    text = send(media_url=PICTURE, validity_period="60")
    advance(seconds=59)
    assert statuses(told) == []
    advance(seconds=1)
    failed = world[Texts][text.sid]
    assert (failed.status, failed.error_code) == ("failed", 30036)


def test_a_phone_without_mms_gets_a_link_from_a_service_that_converts(
    world: World, send: Send, told: Told, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, mms_supported=False))
    text = send(messaging_service_sid=SERVICE, media_url=PICTURE)
    (wanted,) = told.of(MediaWanted)
    world.perform(KeepMedia(media=wanted.media.sid, content_type="image/png", size=1, digest="d"))
    advance(seconds=1)
    (item,) = world[InboxItems]
    assert item.channel == "sms"
    assert len(item.links[0]) == len("https://p.twil.io/") + 7
    assert world[Texts][text.sid].status == "delivered"


def test_without_a_service_that_converts_the_text_fails(
    world: World, send: Send, told: Told, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, mms_supported=False))
    text = send(media_url=PICTURE)
    (wanted,) = told.of(MediaWanted)
    world.perform(KeepMedia(media=wanted.media.sid, content_type="image/png", size=1, digest="d"))
    advance(seconds=1)
    assert world[Texts][text.sid].error_code == 30011


def test_a_world_can_be_restored_at_any_step(world: World, send: Send, advance: Advance) -> None:
    text = send(messaging_service_sid=SERVICE, media_url=())
    for milliseconds in (0, 5, 5, 20, 80):
        advance(milliseconds=milliseconds)
        snapshot = world.snapshot()
        world.restore(world.snapshot())
        assert world.snapshot() == snapshot
    assert world[Texts][text.sid].status == "delivered"


def test_the_carrier_waits_longer_by_its_profile(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    world.perform(ChangeCarrier(profile="realistic"))
    send(messaging_service_sid=SERVICE)
    advance(milliseconds=949)
    assert "sent" not in statuses(told)
    advance(seconds=6)
    assert statuses(told) == ["queued", "sending", "sent", "delivered"]


def test_an_advance_is_a_timer_under_the_texts_sid(world: World, send: Send) -> None:
    text = send()
    (timer,) = world.timers
    assert (timer.key, timer.command) == (text.sid, AdvanceText(text=text.sid))
    assert text.direction is Direction.OUTBOUND_API


def test_an_item_shows_its_codes_and_links(world: World, send: Send, advance: Advance) -> None:
    send(body="Your code is 123456, see https://example.com/424242.")
    advance(seconds=1)
    (item,) = world[InboxItems]
    assert item.codes == ("123456",)
    assert item.links == ("https://example.com/424242",)
    assert item.state is ItemState.DISPLAYED
