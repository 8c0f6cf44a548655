from collections.abc import Callable

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.carrier.handset_commands import (
    ChangeHandset,
    ReadItem,
    ReadThread,
    RemoveHandset,
    UpsertHandset,
)
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.messaging.message_resource import RemoveText
from twilio_emulator.core.phones.handsets import (
    HandsetAdded,
    HandsetRemoved,
    Handsets,
    HandsetUpdated,
)
from twilio_emulator.core.phones.inbox import (
    HandsetRead,
    HandsetReceived,
    InboxItems,
    ItemExpired,
    ItemState,
    ItemWaits,
    find_codes,
    find_links,
)
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.text import Text, Texts, TextStatusChanged

ACCOUNT = "AC00000000000000000000000000000001"
NUMBER = "+12025550100"
ANN = "+12025550199"
WHATSAPP = "whatsapp:+14155238886"
Send = Callable[..., Text]
Advance = Callable[..., None]


def on_whatsapp(send: Send, **fields: object) -> Text:
    return send(to=f"whatsapp:{ANN}", from_=WHATSAPP, **fields)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("Your code is 123456.", ("123456",)),
        ("G-424242 is your code", ("424242",)),
        ("Use 123-456 or 654 321", ("123456", "654321")),
        ("4242 is your PIN", ("4242",)),
        ("Call +12025550100 now", ()),
        ("Call (202) 555-0100", ()),
        ("Only $1000, -5000, 50.0000% off", ()),
        ("On 2026-01-05 at 09:0000", ()),
        ("See https://example.com/123456", ()),
        ("123456789 is too long, 123 too short", ()),
        ("Order 12345: 123456", ("12345", "123456")),
        ("", ()),
    ],
)
def test_codes_are_found(body: str, codes: tuple[str, ...]) -> None:
    assert find_codes(body) == codes


def test_links_are_found_without_the_sentence_around_them() -> None:
    assert find_links("See https://a.example/b?c=d. Or (HTTP://e.example)!") == (
        "https://a.example/b?c=d",
        "HTTP://e.example",
    )


def test_a_phone_comes_into_being_at_first_contact(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    send()
    advance(seconds=1)
    (added,) = told.of(HandsetAdded)
    assert (added.handset.address, added.handset.sid, added.handset.wa_id) == (
        ANN,
        ANN,
        "12025550199",
    )
    on_whatsapp(send)
    advance(seconds=1)
    assert len(world[Handsets]) == 1
    assert [item.peer for item in world[InboxItems]] == [NUMBER, WHATSAPP]


def test_a_strict_carrier_knows_only_the_phones_that_there_are(
    world: World, send: Send, advance: Advance
) -> None:
    world.perform(ChangeCarrier(auto_provision=False))
    text, other = send(), on_whatsapp(send)
    advance(seconds=1)
    assert world[Texts][text.sid].error_code == 30005
    assert world[Texts][other.sid].error_code == 63003
    assert len(world[Handsets]) == 0


def test_a_phone_can_be_had_with_its_settings(world: World, told: Told) -> None:
    handset = world.perform(
        UpsertHandset(
            address="whatsapp:+1 (202) 555-0199",
            label="Ann",
            channels=("sms", "whatsapp"),
            line_type="voip",
            power="off",
            tags=("a", "b"),
            storage_full=False,
        )
    )
    assert handset.address == ANN
    assert (handset.label, handset.channels, handset.line_type, handset.power) == (
        "Ann",
        ("sms", "whatsapp"),
        "voip",
        "off",
    )
    assert told.of(HandsetUpdated)[-1].handset == handset

    changed = world.perform(ChangeHandset(address=ANN, power="on"))
    assert (changed.power, changed.label) == ("on", "Ann")
    assert world.perform(UpsertHandset(address=ANN)) == changed
    assert world.perform(UpsertHandset(address="US.13491208655302741918")).sid.startswith("US.")


@pytest.mark.parametrize(
    ("command", "status"),
    [
        (UpsertHandset(address=ANN, network="5g"), 400),
        (UpsertHandset(address=ANN, channels=("fax",)), 400),
        (UpsertHandset(address="+1555"), 400),
        (ChangeHandset(address=ANN, power="on"), 404),
        (RemoveHandset(address=ANN), 404),
        (ReadItem(address=ANN, item="SM" + "0" * 32), 404),
    ],
)
def test_what_cannot_be_done_with_a_phone(world: World, command: object, status: int) -> None:
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        world.perform(command)  # type: ignore[arg-type]
    assert refused.value.status == status
    assert world.snapshot() == before


def test_a_setting_that_is_none_names_those_that_are(world: World) -> None:
    with pytest.raises(Refused, match="network is one of online, airplane, roaming_lossy, not 5g"):
        world.perform(UpsertHandset(address=ANN, network="5g"))


@pytest.mark.parametrize(
    "unreachable", [{"network": "airplane"}, {"power": "off"}, {"storage_full": True}]
)
def test_a_text_waits_for_a_phone_that_cannot_be_reached(
    world: World, told: Told, send: Send, advance: Advance, unreachable: dict[str, object]
) -> None:
    world.perform(UpsertHandset(address=ANN, **unreachable))  # type: ignore[arg-type]
    text = send()
    advance(hours=1)
    assert world[Texts][text.sid].status == "sent"
    (item,) = world[InboxItems]
    assert item.state is ItemState.PENDING
    assert told.of(ItemWaits) == [ItemWaits(item=item)]
    other = send(body="Later", to="+12025550198")
    advance(seconds=1)

    world.perform(ChangeHandset(address=ANN, network="online", power="on", storage_full=False))
    advance(seconds=1)
    assert world[Texts][text.sid].status == "delivered"
    shown = world[InboxItems][text.sid]
    assert shown.state is ItemState.DISPLAYED
    assert shown.seq > world[InboxItems][other.sid].seq


def test_the_carrier_gives_up_after_two_days(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, network="airplane"))
    text = send()
    advance(hours=48)
    assert world[Texts][text.sid].status == "sent"
    advance(seconds=1)
    failed = world[Texts][text.sid]
    assert (failed.status, failed.error_code) == ("undelivered", 30003)
    (item,) = world[InboxItems]
    assert item.state is ItemState.EXPIRED
    assert told.of(ItemExpired) == [ItemExpired(item=item)]


def test_a_phone_that_roams_is_tried_again_and_again(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, network="roaming_lossy"))
    texts = [send(body=str(number)) for number in range(8)]
    advance(seconds=1)
    reached = {item.state for item in world[InboxItems]}
    assert reached == {ItemState.PENDING, ItemState.DISPLAYED}
    advance(hours=1)
    assert {world[Texts][text.sid].status for text in texts} == {"delivered"}
    assert len(told.of(ItemWaits)) < len(texts)


@pytest.mark.parametrize("away", [{"power": "off"}, {"storage_full": True}])
def test_a_phone_that_roams_and_is_off_or_full_gets_nothing(
    world: World, send: Send, advance: Advance, away: dict[str, object]
) -> None:
    world.perform(UpsertHandset(address=ANN, network="roaming_lossy", **away))  # type: ignore[arg-type]
    texts = [send(body=str(number)) for number in range(8)]
    advance(hours=1)
    assert {item.state for item in world[InboxItems]} == {ItemState.PENDING}
    world.perform(ChangeHandset(address=ANN, network="online", power="on", storage_full=False))
    advance(seconds=1)
    assert {world[Texts][text.sid].status for text in texts} == {"delivered"}


def test_the_lines_and_senders_that_refuse(world: World, send: Send, advance: Advance) -> None:
    for change, code in [
        ({"line_type": "landline"}, 30006),
        ({"line_type": "mobile", "channels": ("whatsapp",)}, 30006),
        ({"channels": ("sms",), "blocked_senders": (NUMBER,)}, 30004),
    ]:
        world.perform(UpsertHandset(address=ANN, **change))  # type: ignore[arg-type]
        text = send()
        advance(seconds=1)
        bounced = world[Texts][text.sid]
        assert (bounced.status, bounced.error_code) == ("undelivered", code)
    assert len(world[InboxItems]) == 0


def test_receipts_can_be_held(world: World, told: Told, send: Send, advance: Advance) -> None:
    world.perform(UpsertHandset(address=ANN, receipts="hold"))
    world.perform(UpsertHandset(address="+12025550198", receipts="hold"))
    text, other = send(), send(to="+12025550198")
    advance(hours=1)
    assert world[Texts][text.sid].status == "sent"
    assert world[InboxItems][text.sid].state is ItemState.DISPLAYED

    world.perform(ChangeHandset(address=ANN, receipts="auto"))
    assert world[Texts][text.sid].status == "delivered"
    assert world[Texts][other.sid].status == "sent"
    assert len(told.of(HandsetReceived)) == 2


def test_receipts_may_never_come(world: World, send: Send, advance: Advance) -> None:
    world.perform(UpsertHandset(address=ANN, receipts="none"))
    text = send()
    advance(days=7)
    assert world[Texts][text.sid].status == "sent"
    assert world[InboxItems][text.sid].state is ItemState.DISPLAYED
    assert list(world.timers) == []


def test_reading_tells_the_sender_on_whatsapp_only(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    sms, whatsapp = send(), on_whatsapp(send)
    advance(seconds=1)

    read = world.perform(ReadItem(address=ANN, item=whatsapp.sid))
    assert read.state is ItemState.READ
    assert world[Texts][whatsapp.sid].status == "read"
    world.perform(ReadItem(address=ANN, item=sms.sid))
    assert world[InboxItems][sms.sid].state is ItemState.READ
    assert world[Texts][sms.sid].status == "delivered"

    world.perform(ReadItem(address=ANN, item=whatsapp.sid))
    assert len(told.of(HandsetRead)) == 2


def test_a_phone_shows_its_own_items_only(world: World, send: Send, advance: Advance) -> None:
    world.perform(UpsertHandset(address="+12025550198"))
    text = send()
    advance(seconds=1)
    with pytest.raises(Refused) as refused:
        world.perform(ReadItem(address="+12025550198", item=text.sid))
    assert refused.value.status == 404


def test_a_whole_thread_can_be_read(world: World, send: Send, advance: Advance) -> None:
    texts = [on_whatsapp(send), on_whatsapp(send)]
    other = send()
    advance(seconds=1)
    reply = world.perform(SendFromHandset(address=ANN, to=WHATSAPP, body="Yes"))

    world.perform(ReadThread(address=ANN, peer=WHATSAPP))

    assert {world[Texts][text.sid].status for text in texts} == {"read"}
    assert world[InboxItems][other.sid].state is ItemState.DISPLAYED
    assert world[InboxItems][reply.sid].state is ItemState.DISPLAYED


def test_a_phone_may_read_by_itself_or_never_say_so(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, read_receipts="auto"))
    text, sms = on_whatsapp(send), send()
    advance(seconds=2)
    assert world[Texts][text.sid].status == "read"
    assert world[Texts][sms.sid].status == "delivered"

    world.perform(ChangeHandset(address=ANN, read_receipts="off"))
    text = on_whatsapp(send)
    advance(seconds=2)
    world.perform(ReadItem(address=ANN, item=text.sid))
    assert world[InboxItems][text.sid].state is ItemState.READ
    assert world[Texts][text.sid].status == "delivered"
    assert [str(e.text.status) for e in told.of(TextStatusChanged)].count("read") == 1


def test_a_phone_is_removed_with_what_it_holds(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, read_receipts="auto"))
    on_whatsapp(send)
    advance(milliseconds=120)
    world.perform(RemoveHandset(address=ANN))
    assert (len(world[Handsets]), len(world[InboxItems])) == (0, 0)
    assert len(told.of(HandsetRemoved)) == 1
    advance(seconds=2)
    assert told.of(HandsetRead) == []


def test_a_text_for_a_phone_that_is_thrown_away_waits_no_longer(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, network="airplane"))
    text = send()
    advance(seconds=1)
    world.perform(RemoveHandset(address=ANN))
    advance(hours=49)
    failed = world[Texts][text.sid]
    assert (failed.status, failed.error_code) == ("undelivered", 30005)
    assert (len(world[Handsets]), len(world[InboxItems])) == (0, 0)


def test_a_text_that_was_deleted_while_it_waited_never_arrives(
    world: World, send: Send, advance: Advance
) -> None:
    world.perform(UpsertHandset(address=ANN, network="airplane"))
    text = send()
    advance(seconds=1)
    world.perform(RemoveText(account=ACCOUNT, text=text.sid))
    world.perform(ChangeHandset(address=ANN, network="online"))
    advance(seconds=1)
    assert world[InboxItems][text.sid].state is ItemState.EXPIRED


def test_reading_what_the_log_forgot_is_still_reading(
    world: World, send: Send, advance: Advance
) -> None:
    text = on_whatsapp(send)
    advance(seconds=1)
    world.perform(RemoveText(account=ACCOUNT, text=text.sid))
    assert world.perform(ReadItem(address=ANN, item=text.sid)).state is ItemState.READ
