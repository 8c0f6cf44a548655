from collections.abc import Callable

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, Told
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.carrier.handset_commands import ChangeHandset, UpsertHandset
from twilio_emulator.core.carrier.opt_outs import OptOuts
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.clearing import (
    ClearInbox,
    ClearMessages,
    InboxCleared,
    MessagesCleared,
    RemoveHandsets,
)
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.phones.handsets import HandsetRemoved, Handsets
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.texts.text import Text, Texts

BOB = "+12025550198"
Send = Callable[..., Text]
Advance = Callable[..., None]


def held(world: World, address: str) -> list[str]:
    items = world[InboxItems]
    return [item.body for item in items.all(items.by_handset, address)]


def test_a_phone_is_cleared_of_what_it_shows(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    send(body="one")
    advance(minutes=1)
    world.perform(SendFromHandset(address=ANN, to=NUMBER, body="two"))
    send(to=BOB, body="for Bob")
    advance(minutes=1)
    world.perform(ChangeHandset(address=ANN, network="airplane"))
    waiting = send(body="waits")
    advance(minutes=1)
    world.perform(ClearInbox(address=ANN))
    assert [event.handset.address for event in told.of(InboxCleared)] == [ANN]
    assert (held(world, ANN), held(world, BOB)) == (["waits"], ["for Bob"])
    assert len(world[Texts]) == 4  # what was sent was sent

    world.perform(ChangeHandset(address=ANN, network="online"))
    advance(minutes=1)
    assert world[Texts][waiting.sid].status == "delivered"
    assert held(world, ANN) == ["waits"]


def test_some_messages_are_deleted_on_a_phone(world: World, send: Send, advance: Advance) -> None:
    one, two = send(body="one"), send(body="two")
    advance(minutes=1)
    world.perform(ClearInbox(address=ANN, items=(one.sid, "SM1")))
    assert held(world, ANN) == ["two"]
    world.perform(ClearInbox(address=ANN, items=()))
    assert held(world, ANN) == ["two"]
    assert two.sid in world[Texts]
    with pytest.raises(Refused) as refused:
        world.perform(ClearInbox(address=BOB))
    assert refused.value.status == 404


def test_all_messages_are_cleared_and_what_is_under_way_ends(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    send(body="arrived")
    advance(minutes=1)
    world.perform(SendFromHandset(address=ANN, to=NUMBER, body="STOP"))
    world.perform(UpsertHandset(address=BOB, network="airplane"))
    send(to=BOB, body="waits")
    advance(minutes=1)
    send(to="+12025550197", body="under way")
    world.perform(ClearMessages(account=ACCOUNT))
    assert [event.count for event in told.of(MessagesCleared)] == [4]
    assert (len(world[Texts]), len(world[InboxItems]), len(list(world.timers))) == (0, 0, 0)
    assert len(world[OptOuts]) == 1
    world.perform(ChangeHandset(address=BOB, network="online"))
    advance(hours=1)
    assert held(world, BOB) == []
    # What is sent from then on comes as ever.
    send(to=BOB, body="again")
    advance(minutes=1)
    assert held(world, BOB) == ["again"]


def test_some_messages_are_cleared_with_their_copies(
    world: World, send: Send, advance: Advance
) -> None:
    kept = send(body="kept")
    advance(minutes=1)
    told = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="all of you", others=(BOB,)))
    assert held(world, BOB) == ["all of you"]
    world.perform(ClearMessages(account=ACCOUNT, texts=(told.sid,)))
    assert (held(world, ANN), held(world, BOB)) == (["kept"], [])
    assert [text.sid for text in world[Texts]] == [kept.sid]


def test_a_subaccount_clears_its_own(world: World, send: Send, advance: Advance) -> None:
    sub = world.perform(AddSubaccount(account=ACCOUNT))
    world.perform(SendFromHandset(address=ANN, to=NUMBER, body="STOP"))
    before = len(world[InboxItems])
    world.perform(ClearMessages(account=sub.sid))
    assert (len(world[Texts]), len(world[InboxItems])) == (1, before)


def test_all_phones_are_thrown_away(world: World, told: Told, send: Send) -> None:
    for address in (ANN, BOB):
        world.perform(UpsertHandset(address=address))
    world.perform(SendFromHandset(address=ANN, to=NUMBER, body="hello"))
    world.perform(RemoveHandsets())
    assert [event.handset.address for event in told.of(HandsetRemoved)] == [ANN, BOB]
    assert (len(world[Handsets]), len(world[InboxItems]), len(world[Texts])) == (0, 0, 1)
