"""Whose profile a customer has, where conversations are grouped by it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER
from tests.core.orchestrator.conftest import AGENT, CUSTOMER, sms, whatsapp
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.customers import find_customer
from twilio_emulator.core.memory.stores import FIRST_STORE
from twilio_emulator.core.orchestrator.conversations import SetOrchestratedConversation
from twilio_emulator.core.orchestrator.participants import (
    AddOrchestratedParticipant,
    ParticipantDraft,
    SetOrchestratedParticipant,
    participants_of,
)
from twilio_emulator.core.orchestrator.resources import (
    GroupingType,
    OrchestratedConversation,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
)

GONE = "mem_store_01k1etk2y5f1y9fpe2epfdtvv2"

Begin = Callable[..., OrchestratedConversation]


@pytest.fixture
def by_profile(configure: Callable[..., str]) -> str:
    """A configuration that groups by profile."""
    return configure(conversation_grouping_type=GroupingType.PROFILE)


def of_ann(world: World) -> Any:
    found = find_customer(world, ACCOUNT, FIRST_STORE, "SMS", ANN)
    return None if found is None else found.sid


def test_a_customers_profile_is_made_once(world: World, begin: Begin, by_profile: str) -> None:
    assert of_ann(world) is None
    begun = begin(configuration_id=by_profile)
    ann, robo = participants_of(world, begun.sid)
    assert ann.profile_id == of_ann(world)
    assert (robo.profile_id, ann.profile_id is not None) == (None, True)
    by_whatsapp = ParticipantDraft(type=ParticipantType.CUSTOMER, addresses=(whatsapp(ANN),))
    with pytest.raises(Refused) as refused:
        begin(configuration_id=by_profile, participants=(by_whatsapp,))
    assert refused.value.headers == (("X-Conflicting-Resource-Id", begun.sid),)
    world.perform(
        SetOrchestratedConversation(
            account=ACCOUNT, conversation=begun.sid, status=OrchestratedStatus.CLOSED
        )
    )
    again, _ = participants_of(world, begin(configuration_id=by_profile).sid)
    assert again.profile_id == ann.profile_id


def test_who_is_added_or_said_to_be_a_customer_has_one(
    world: World, begin: Begin, by_profile: str
) -> None:
    begun = begin(configuration_id=by_profile, participants=(AGENT,))
    added = world.perform(
        AddOrchestratedParticipant(
            account=ACCOUNT,
            conversation=begun.sid,
            addresses=(sms(ANN),),
            type=ParticipantType.CUSTOMER,
        )
    )
    assert added.profile_id == of_ann(world)
    (robo, _) = participants_of(world, begun.sid)
    said = world.perform(
        SetOrchestratedParticipant(
            account=ACCOUNT,
            conversation=begun.sid,
            participant=robo.sid,
            type=ParticipantType.CUSTOMER,
            addresses=(sms(NUMBER), whatsapp(NUMBER)),
        )
    )
    assert said.profile_id not in (None, added.profile_id)


def test_who_says_one_has_that_one(world: World, begin: Begin, by_profile: str) -> None:
    drawn = world.sids.drawn
    said = ParticipantDraft(
        type=ParticipantType.CUSTOMER, profile_id="mem_profile_1", addresses=(sms(ANN),)
    )
    begun = begin(configuration_id=by_profile, participants=(said,))
    assert next(iter(participants_of(world, begun.sid))).profile_id == "mem_profile_1"
    assert of_ann(world) is None
    assert world.sids.drawn == drawn + 2


@pytest.mark.parametrize("grouping", GroupingType)
def test_a_customer_has_a_profile_whatever_conversations_are_grouped_by(
    grouping: GroupingType, world: World, begin: Begin, configure: Callable[..., str]
) -> None:
    sid = configure(conversation_grouping_type=grouping)
    ann, _ = participants_of(world, begin(configuration_id=sid).sid)
    assert ann.profile_id is not None
    assert ann.profile_id == of_ann(world)


def test_who_cannot_have_one_has_none(
    world: World, begin: Begin, configure: Callable[..., str]
) -> None:
    sid = configure(conversation_grouping_type=GroupingType.PROFILE, memory_store_id=GONE)
    ann, _ = participants_of(world, begin(configuration_id=sid).sid)
    assert ann.profile_id is None
    nobody = ParticipantDraft(type=ParticipantType.CUSTOMER)
    (there,) = participants_of(world, begin(configuration_id=sid, participants=(nobody,)).sid)
    assert there.profile_id is None


def test_the_first_address_that_can_have_one_has_it(
    world: World, begin: Begin, by_profile: str
) -> None:
    video = ParticipantAddress(channel=OrchestratorChannel.VIDEO, address="ann")
    ann = ParticipantDraft(type=ParticipantType.CUSTOMER, addresses=(video, sms(ANN)))
    (there,) = participants_of(world, begin(configuration_id=by_profile, participants=(ann,)).sid)
    assert there.profile_id == of_ann(world) is not None
    assert CUSTOMER.addresses == (sms(ANN),)
