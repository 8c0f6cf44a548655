"""Conversations become inactive and close in time, and what restarts that."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, START, Told
from tests.core.orchestrator.traffic import (
    BOTH_WAYS,
    BY_WHATSAPP,
    WHATSAPP_ANN,
    configure,
    conversations,
    people,
    send,
    settings_of,
    words,
    write,
)
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.conversations import (
    BeginConversation,
    ChangeOrchestratedConversation,
    RemoveOrchestratedConversation,
)
from twilio_emulator.core.orchestrator.participants import (
    AddOrchestratedParticipant,
    ParticipantDraft,
    SetOrchestratedParticipant,
)
from twilio_emulator.core.orchestrator.resources import (
    OrchestratedConversation,
    OrchestratedConversationUpdated,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantAddress,
)

Advance = Callable[..., None]
LATE = {"inactive": 10, "closed": 30}


def the_one(world: World) -> OrchestratedConversation:
    (conversation,) = conversations(world)
    return conversation


def to_status(world: World, status: OrchestratedStatus) -> None:
    world.perform(
        ChangeOrchestratedConversation(
            account=ACCOUNT, conversation=the_one(world).sid, status=status
        )
    )


def at(channel: OrchestratorChannel, address: str) -> tuple[ParticipantAddress, ...]:
    return (ParticipantAddress(channel=channel, address=address),)


def test_both_timeouts_count_from_the_last_communication(
    world: World, told: Told, advance: Advance
) -> None:
    configure(world, sms=settings_of(BOTH_WAYS, **LATE))
    write(world)
    advance(minutes=9)
    write(world)

    advance(minutes=9)
    assert the_one(world).status is OrchestratedStatus.ACTIVE
    advance(minutes=1)
    assert the_one(world).status is OrchestratedStatus.INACTIVE
    assert the_one(world).updated_at == START + timedelta(minutes=19)
    advance(minutes=19)
    assert the_one(world).status is OrchestratedStatus.INACTIVE
    advance(minutes=1)
    assert the_one(world).status is OrchestratedStatus.CLOSED
    assert [each.conversation.status for each in told.of(OrchestratedConversationUpdated)] == [
        "INACTIVE",
        "CLOSED",
    ]


@pytest.mark.parametrize("say", [write, send])
def test_traffic_of_either_direction_makes_it_active_again(
    world: World, told: Told, advance: Advance, say: Callable[[World], object]
) -> None:
    configure(world, sms=settings_of(BOTH_WAYS, **LATE))
    write(world)
    advance(minutes=11)

    say(world)
    assert the_one(world).status is OrchestratedStatus.ACTIVE
    assert [each.conversation.status for each in told.of(OrchestratedConversationUpdated)] == [
        "INACTIVE",
        "ACTIVE",
    ]
    advance(minutes=29)
    assert the_one(world).status is OrchestratedStatus.INACTIVE
    advance(minutes=1)
    assert the_one(world).status is OrchestratedStatus.CLOSED


def test_what_comes_after_the_end_begins_another(world: World, advance: Advance) -> None:
    configure(world, sms=settings_of(BOTH_WAYS, closed=5))
    write(world, "One")
    advance(minutes=5)
    write(world, "Two")

    first, second = conversations(world)
    assert (first.status, second.status) == ("CLOSED", "ACTIVE")
    assert words(world, second) == [(ANN, "Two")]


def test_without_timeouts_nothing_ends(world: World, advance: Advance) -> None:
    configure(world)
    write(world)
    advance(days=400)

    assert the_one(world).status is OrchestratedStatus.ACTIVE
    assert not list(world.timers)


@pytest.mark.parametrize(("whatsapp", "ends"), [(60, True), (None, False)])
def test_the_longer_channel_has_its_way(
    world: World, advance: Advance, whatsapp: int | None, ends: bool
) -> None:
    """One without an end keeps the others open."""
    configuration = configure(
        world,
        sms=settings_of(BOTH_WAYS, inactive=5, closed=10),
        whatsapp=settings_of(BY_WHATSAPP, closed=whatsapp),
    )
    ann = ParticipantDraft(
        addresses=(
            *at(OrchestratorChannel.SMS, ANN),
            *at(OrchestratorChannel.WHATSAPP, WHATSAPP_ANN),
        )
    )
    world.perform(
        BeginConversation(account=ACCOUNT, configuration_id=configuration, participants=(ann,))
    )

    advance(minutes=59)
    assert the_one(world).status is OrchestratedStatus.ACTIVE
    advance(minutes=1)
    assert (the_one(world).status is OrchestratedStatus.CLOSED) is ends


def test_one_that_a_request_begins_counts_from_then(world: World, advance: Advance) -> None:
    configuration = configure(world, sms=settings_of(BOTH_WAYS, **LATE))
    world.perform(
        BeginConversation(
            account=ACCOUNT,
            configuration_id=configuration,
            participants=(ParticipantDraft(addresses=at(OrchestratorChannel.SMS, ANN)),),
        )
    )
    advance(minutes=10)
    assert the_one(world).status is OrchestratedStatus.INACTIVE
    advance(minutes=20)

    assert the_one(world).status is OrchestratedStatus.CLOSED


def test_who_joins_brings_the_timeouts_of_a_channel(world: World, advance: Advance) -> None:
    configuration = configure(world, sms=settings_of(BOTH_WAYS, **LATE))
    world.perform(BeginConversation(account=ACCOUNT, configuration_id=configuration))
    advance(hours=1)
    assert the_one(world).status is OrchestratedStatus.ACTIVE

    world.perform(
        AddOrchestratedParticipant(
            account=ACCOUNT,
            conversation=the_one(world).sid,
            addresses=at(OrchestratorChannel.SMS, NUMBER),
        )
    )
    advance(seconds=0)

    assert the_one(world).status is OrchestratedStatus.CLOSED  # both were over long ago


def test_a_request_that_makes_it_active_counts_anew(world: World, advance: Advance) -> None:
    configure(world, sms=settings_of(BOTH_WAYS, **LATE))
    write(world)
    to_status(world, OrchestratedStatus.INACTIVE)
    advance(minutes=25)
    to_status(world, OrchestratedStatus.ACTIVE)

    advance(minutes=9)
    assert the_one(world).status is OrchestratedStatus.ACTIVE
    advance(minutes=1)
    assert the_one(world).status is OrchestratedStatus.INACTIVE


def test_a_request_that_makes_it_inactive_does_not_put_off_the_end(
    world: World, advance: Advance
) -> None:
    configure(world, sms=settings_of(BOTH_WAYS, **LATE))
    write(world)
    advance(minutes=5)
    to_status(world, OrchestratedStatus.INACTIVE)
    advance(minutes=25)

    assert the_one(world).status is OrchestratedStatus.CLOSED


def test_what_is_closed_or_removed_has_no_timers(world: World) -> None:
    configure(world, sms=settings_of(BOTH_WAYS, **LATE))
    write(world)
    to_status(world, OrchestratedStatus.CLOSED)
    assert not list(world.timers)

    write(world)
    _, second = conversations(world)
    assert len(list(world.timers)) == 2
    world.perform(RemoveOrchestratedConversation(account=ACCOUNT, conversation=second.sid))
    assert not list(world.timers)


def test_who_joins_an_inactive_one_starts_only_the_end(world: World, advance: Advance) -> None:
    configure(world, sms=settings_of(BOTH_WAYS, **LATE))
    write(world)
    advance(minutes=11)
    world.perform(
        AddOrchestratedParticipant(
            account=ACCOUNT,
            conversation=the_one(world).sid,
            addresses=at(OrchestratorChannel.SMS, "+12025550155"),
        )
    )

    (timer,) = world.timers
    assert (timer.due, timer.command.status) == (START + timedelta(minutes=30), "CLOSED")


def test_a_new_name_restarts_nothing(world: World, advance: Advance) -> None:
    configure(world, sms=settings_of(BOTH_WAYS, **LATE))
    write(world)
    advance(minutes=5)
    world.perform(
        ChangeOrchestratedConversation(
            account=ACCOUNT, conversation=the_one(world).sid, name="Kettle"
        )
    )
    advance(minutes=5)

    assert the_one(world).status is OrchestratedStatus.INACTIVE


def test_who_is_said_anew_in_a_closed_conversation_starts_no_timer(world: World) -> None:
    configure(world, sms=settings_of(BOTH_WAYS, **LATE))
    write(world)
    to_status(world, OrchestratedStatus.CLOSED)
    ann, _ = people(world, the_one(world))
    world.perform(
        SetOrchestratedParticipant(
            account=ACCOUNT,
            conversation=the_one(world).sid,
            participant=ann.sid,
            addresses=ann.addresses,
        )
    )

    assert not list(world.timers)
