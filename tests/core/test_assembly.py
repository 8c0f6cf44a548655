import json
from collections.abc import Callable

import pytest

from tests.core.conftest import ANN, NUMBER, Told
from tests.core.refused import code
from twilio_emulator.core.accounts.debugger_alerts import AlertRaised
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    ConversationAdded,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.group_mms import Groups
from twilio_emulator.core.conversations.participants import AddParticipant, ParticipantAdded
from twilio_emulator.core.conversations.resources import (
    Conversation,
    Conversations,
    Participants,
    State,
)
from twilio_emulator.core.conversations.states import ConversationStateUpdated, Reason
from twilio_emulator.core.conversations.with_participants import AddConversationWithParticipants
from twilio_emulator.core.kernel.records import plain_command
from twilio_emulator.core.kernel.reviving import revive_command
from twilio_emulator.core.kernel.world import LOUD, QUIET, Happened, World
from twilio_emulator.core.wings import RULES

SERVICE = "IS00000000000000000000000000000001"
BOB = "+12025550198"
Advance = Callable[..., None]

ALICE = {"identity": "alice"}
PAIR = {"messaging_binding": {"address": ANN, "proxy_address": NUMBER}}


def wish(*participants: object, **asked: str) -> AddConversationWithParticipants:
    texts = tuple(each if isinstance(each, str) else json.dumps(each) for each in participants)
    return AddConversationWithParticipants(service=SERVICE, participant=texts, **asked)


def test_participants_come_in_the_background(world: World, told: Told, advance: Advance) -> None:
    attributes = '{"a": 1}'
    made = world.perform(
        wish({**ALICE, "attributes": attributes, "odd": 1}, PAIR, friendly_name="New")
    )
    assert (made.state, made.friendly_name) == (State.INITIALIZING, "New")
    assert told == [ConversationAdded(conversation=made)]
    assert not len(world[Participants])
    update = UpdateConversation(service=SERVICE, conversation=made.sid, friendly_name="x")
    assert code(world, update) == 50386
    advance(seconds=1)
    alice, ann = (event.participant for event in told.of(ParticipantAdded))
    assert (alice.identity, alice.attributes) == ("alice", attributes)
    assert (alice.conversation_sid, ann.address) == (made.sid, ANN)
    (state,) = told.of(ConversationStateUpdated)
    assert (state.state_from, state.conversation.state) == (State.INITIALIZING, State.ACTIVE)
    assert state.reason is Reason.EVENT


def test_without_participants_it_is_ready(world: World) -> None:
    made = world.perform(wish(state="inactive", timers_closed="PT10M"))
    assert made.state is State.INACTIVE
    assert made.date_closed is not None
    assert world.timers.next_due() == made.date_closed


@pytest.mark.parametrize("state", ["inactive", "active"])
def test_it_takes_the_state_that_was_asked_for(world: World, advance: Advance, state: str) -> None:
    made = world.perform(wish(ALICE, state=state, timers_inactive="PT1M", timers_closed="PT10M"))
    assert (made.date_inactive, made.date_closed) == (None, None)
    advance(seconds=1)
    ready = world[Conversations][made.sid]
    assert ready.state == state
    assert (ready.date_inactive is None, ready.date_closed is None) == (state == "inactive", False)


@pytest.mark.parametrize(
    ("participants", "expected"),
    [
        (("{",), 20001),
        (("[]",), 20001),
        (('{"messaging_binding": 1}',), 20001),
        (({"identity": 1},), 20001),
        (({},), 50411),
        (({"identity": "system"},), 50203),
        ((ALICE, ALICE), 50433),
        ((PAIR, PAIR), 50425),
        ((ALICE,) * 11, 50426),
        ((ALICE, {"messaging_binding": {"address": ANN}}), 50434),
        (
            (
                {"messaging_binding": {"address": ANN}},
                {"messaging_binding": {"projected_address": NUMBER}},
            ),
            50435,
        ),
    ],
)
def test_everything_is_checked_first(
    world: World, participants: tuple[object, ...], expected: int
) -> None:
    assert code(world, wish(*participants)) == expected


def test_a_pair_in_use(world: World) -> None:
    conversation = world.perform(AddConversation(service=SERVICE))
    world.perform(
        AddParticipant(
            service=SERVICE,
            conversation=conversation.sid,
            messaging_binding_address=ANN,
            messaging_binding_proxy_address=NUMBER,
        )
    )
    assert code(world, wish(PAIR)) == 50425


def test_a_group_is_made_at_once(world: World, advance: Advance) -> None:
    bindings = ({"address": ANN}, {"address": BOB}, {"projected_address": NUMBER})
    world.perform(wish(*({"messaging_binding": each} for each in bindings)))
    advance(seconds=1)
    (group,) = world[Groups]
    assert group.parties == tuple(sorted((ANN, BOB, NUMBER)))


def test_what_fails_after_all_is_closed(world: World, told: Told, advance: Advance) -> None:
    made = world.perform(wish(ALICE, PAIR))
    other = world.perform(AddConversation(service=SERVICE))
    world.perform(
        AddParticipant(
            service=SERVICE,
            conversation=other.sid,
            messaging_binding_address=ANN,
            messaging_binding_proxy_address=NUMBER,
        )
    )
    advance(seconds=1)
    assert world[Conversations][made.sid].state is State.CLOSED
    assert [each.conversation_sid for each in world[Participants]] == [other.sid]
    (alert,) = told.of(AlertRaised)
    assert (alert.alert.error_code, alert.alert.resource_sid) == (50427, made.sid)


def test_one_that_is_deleted_meanwhile_stays_deleted(
    world: World, told: Told, advance: Advance
) -> None:
    made = world.perform(wish(ALICE))
    world.perform(RemoveConversation(service=SERVICE, conversation=made.sid))
    advance(seconds=1)
    assert told.of(ParticipantAdded) == []


@pytest.mark.parametrize("origin", [LOUD, QUIET])
def test_it_is_still_the_request_that_does_it(
    world: World, advance: Advance, origin: object
) -> None:
    heard: list[Happened] = []
    world.listeners.append(heard.append)
    world.perform(wish(ALICE), origin)  # type: ignore[arg-type]
    advance(seconds=1)
    assert {each.origin.webhooks for each in heard} == {origin is LOUD}


def test_a_snapshot_holds_who_is_still_to_come(world: World) -> None:
    made = world.perform(wish(ALICE))
    assert isinstance(made, Conversation)
    (timer,) = world.timers
    assert revive_command(plain_command(timer.command), RULES.commands) == timer.command
