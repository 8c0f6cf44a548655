"""Participants of a conversation of v2."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, Told
from tests.core.orchestrator.conftest import AGENT, CUSTOMER, sms, whatsapp
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.conversations import (
    SetOrchestratedConversation,
    list_conversations,
)
from twilio_emulator.core.orchestrator.participants import (
    AddOrchestratedParticipant,
    ParticipantDraft,
    SetOrchestratedParticipant,
    at_address,
    fetch_participant,
    list_participants,
    participants_of,
    remove_participant,
)
from twilio_emulator.core.orchestrator.resources import (
    OrchestratedConversation,
    OrchestratedParticipant,
    OrchestratedParticipantAdded,
    OrchestratedParticipantRemoved,
    OrchestratedParticipantUpdated,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
)


@command
class Leave:
    """What no request can want, and a bridge may."""

    participant: OrchestratedParticipant

    def apply(self, world: World) -> None:
        remove_participant(world, self.participant)


Begin = Callable[..., OrchestratedConversation]


def refusal(world: World, act: Callable[[], object]) -> Refused:
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        act()
    assert world.snapshot() == before
    return refused.value


def add(world: World, it: OrchestratedConversation, **said: Any) -> OrchestratedParticipant:
    wish = AddOrchestratedParticipant(account=ACCOUNT, conversation=it.sid, **said)
    return world.perform(wish)


def set_anew(world: World, it: OrchestratedParticipant, **said: Any) -> OrchestratedParticipant:
    wish = SetOrchestratedParticipant(
        account=ACCOUNT, conversation=it.conversation_sid, participant=it.sid, **said
    )
    return world.perform(wish)


def close(world: World, it: OrchestratedConversation) -> None:
    world.perform(
        SetOrchestratedConversation(
            account=ACCOUNT, conversation=it.sid, status=OrchestratedStatus.CLOSED
        )
    )


def test_somebody_is_added(world: World, begin: Begin, told: Told) -> None:
    begun = begin(participants=())
    ann = add(world, begun, addresses=(sms(ANN),))
    assert (ann.name, ann.type, ann.profile_id) == (ANN, ParticipantType.UNKNOWN, None)
    assert told.of(OrchestratedParticipantAdded)[0].participant == ann
    nobody = add(world, begun, addresses=())
    assert nobody.name is None
    assert list(list_participants(world, account=ACCOUNT, conversation=begun.sid)) == [ann, nobody]
    found = fetch_participant(world, account=ACCOUNT, conversation=begun.sid, participant=ann.sid)
    assert found == ann


def test_who_is_added_may_be_somebody_elses(world: World, begin: Begin) -> None:
    there = begin()
    other = begin(participants=())
    robo = add(world, other, addresses=AGENT.addresses)
    refused = refusal(
        world,
        lambda: add(world, other, addresses=(sms(ANN),), type=ParticipantType.CUSTOMER),
    )
    assert (refused.code, refused.headers[0][1]) == (20409, there.sid)
    ben = add(world, other, addresses=(sms("+12025550111"),))
    refused = refusal(world, lambda: set_anew(world, ben, addresses=(sms(ANN),)))
    assert (refused.code, refused.headers[0][1]) == (20409, there.sid)
    close(world, there)
    assert set_anew(world, ben, addresses=(sms(ANN),)).addresses == (sms(ANN),)
    assert refusal(world, lambda: begin()).headers[0][1] == other.sid
    assert set_anew(world, robo, type=ParticipantType.AGENT).addresses == ()


def test_an_address_is_the_same_with_its_prefix_and_without(world: World, begin: Begin) -> None:
    bare = ParticipantAddress(channel=OrchestratorChannel.WHATSAPP, address=ANN)
    prefixed = replace(bare, address=f"whatsapp:{ANN}")
    twice = (ParticipantDraft(addresses=(bare,)), ParticipantDraft(addresses=(prefixed,)))
    with pytest.raises(Refused, match=r"20001 Invalid participants\[1\]\.addresses\."):
        begin(participants=twice)
    conversation = begin(participants=twice[:1])
    assert refusal(world, lambda: add(world, conversation, addresses=(prefixed,))).code == 20409


def test_nobody_has_the_address_of_another(world: World, begin: Begin) -> None:
    begun = begin()
    ann, robo = participants_of(world, begun.sid)
    refused = refusal(world, lambda: add(world, begun, addresses=(whatsapp(ANN), sms(ANN))))
    assert (refused.status, refused.headers[0][1]) == (409, ann.sid)
    refused = refusal(world, lambda: set_anew(world, robo, addresses=(sms(ANN),)))
    assert refused.headers[0][1] == ann.sid
    add(world, begun, addresses=(whatsapp(ANN),))


def test_an_address_says_something(world: World, begin: Begin) -> None:
    begun = begin()
    refused = refusal(world, lambda: add(world, begun, addresses=(sms(""),)))
    assert refused.message == "Invalid addresses[0].address."
    ann = next(iter(participants_of(world, begun.sid)))
    refused = refusal(world, lambda: set_anew(world, ann, addresses=(sms("+1"), sms(""))))
    assert refused.message == "Invalid addresses[1].address."


def test_to_say_anew_clears_what_is_left_out(world: World, begin: Begin, told: Told) -> None:
    ann = next(iter(participants_of(world, begin().sid)))
    said = {"name": "Ann", "profile_id": "mem_profile_1", "type": ParticipantType.CUSTOMER}
    named = set_anew(world, ann, addresses=ann.addresses, **said)
    assert (named.name, named.profile_id) == ("Ann", "mem_profile_1")
    cleared = set_anew(world, named, addresses=(sms(ANN, "CA1"),))
    assert (cleared.name, cleared.profile_id) == (ANN, None)
    assert cleared.type is ParticipantType.UNKNOWN
    assert [each.before for each in told.of(OrchestratedParticipantUpdated)] == [ann, named]
    found, _ = list_conversations(world, account=ACCOUNT, channel_id="CA1").after(None, 5)
    assert [each.sid for each in found] == [ann.conversation_sid]


def test_nobody_comes_to_a_closed_conversation(world: World, begin: Begin) -> None:
    begun = begin()
    close(world, begun)
    refused = refusal(world, lambda: add(world, begun, addresses=(sms("+12025550111"),)))
    assert (refused.code, refused.status) == (20409, 409)
    ann = next(iter(participants_of(world, begun.sid)))
    assert set_anew(world, ann, name="Ann", addresses=ann.addresses).name == "Ann"
    begin()


def test_who_is_gone_holds_no_key(world: World, begin: Begin, told: Told) -> None:
    begun = begin()
    ann = next(iter(participants_of(world, begun.sid)))
    world.perform(Leave(participant=ann))
    begin()
    assert told.of(OrchestratedParticipantRemoved)[0].participant == ann


def test_who_is_reached_where(world: World, begin: Begin) -> None:
    begun = begin(participants=(CUSTOMER, AGENT))
    ann, _ = participants_of(world, begun.sid)
    by_sms, by_whatsapp = OrchestratorChannel.SMS, OrchestratorChannel.WHATSAPP
    assert at_address(world, begun.sid, by_sms, ANN) == ann
    assert at_address(world, begun.sid, by_whatsapp, ANN) is None
    assert at_address(world, begun.sid, by_sms, "+12025550111") is None
    now = set_anew(world, ann, addresses=(sms(NUMBER + "1"), whatsapp(ANN)))
    assert at_address(world, begun.sid, by_whatsapp, ANN) == now


def test_what_is_not_there_is_not_found(world: World, begin: Begin) -> None:
    begun, other = begin(), begin(participants=(AGENT,))
    (robo,) = participants_of(world, other.sid)
    for conversation, participant in ((begun.sid, robo.sid), (begun.sid, "x"), ("x", robo.sid)):
        with pytest.raises(Refused, match="20404"):
            fetch_participant(
                world, account=ACCOUNT, conversation=conversation, participant=participant
            )
    with pytest.raises(Refused, match="20404"):
        list_participants(world, account="AC2", conversation=begun.sid)
