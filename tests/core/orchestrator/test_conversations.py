"""Conversations of v2: begun, grouped, said anew, closed, removed, listed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, Told
from tests.core.orchestrator.conftest import AGENT, CUSTOMER, sms, whatsapp
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.resources import MemoryProfileCreated
from twilio_emulator.core.orchestrator import grouping_keys
from twilio_emulator.core.orchestrator.channel_references import ChannelReferences
from twilio_emulator.core.orchestrator.configurations import FIRST_CONFIGURATION
from twilio_emulator.core.orchestrator.conversations import (
    ChangeOrchestratedConversation,
    ConversationCallbacks,
    ConversationOwnSettings,
    RemoveOrchestratedConversation,
    SetOrchestratedConversation,
    fetch_conversation,
    list_conversations,
)
from twilio_emulator.core.orchestrator.grouping_keys import GroupingKeys
from twilio_emulator.core.orchestrator.participants import ParticipantDraft, participants_of
from twilio_emulator.core.orchestrator.resources import (
    GroupingType,
    OrchestratedConversation,
    OrchestratedConversationCreated,
    OrchestratedConversationRemoved,
    OrchestratedConversations,
    OrchestratedConversationUpdated,
    OrchestratedParticipantAdded,
    OrchestratedParticipants,
    OrchestratedStatus,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
    StatusCallbackTarget,
)

ACTIVE, INACTIVE, CLOSED = OrchestratedStatus

Begin = Callable[..., OrchestratedConversation]


def refusal(world: World, act: Callable[[], object]) -> Refused:
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        act()
    assert world.snapshot() == before
    return refused.value


def set_anew(
    world: World, it: OrchestratedConversation, status: OrchestratedStatus, **said: Any
) -> OrchestratedConversation:
    wish = SetOrchestratedConversation(account=ACCOUNT, conversation=it.sid, status=status, **said)
    return world.perform(wish)


def change(world: World, it: OrchestratedConversation, **said: Any) -> OrchestratedConversation:
    wish = ChangeOrchestratedConversation(account=ACCOUNT, conversation=it.sid, **said)
    return world.perform(wish)


def listed(world: World, **said: Any) -> list[str]:
    return [it.sid for it in list_conversations(world, account=ACCOUNT, **said).after(None, 50)[0]]


def test_one_begins_active_with_the_settings_of_its_configuration(
    world: World, begin: Begin, told: Told
) -> None:
    begun = begin(name="Order", metadata={"order": "1"})
    assert (begun.status, begun.name, begun.metadata) == (ACTIVE, "Order", {"order": "1"})
    assert begun.configuration_version == 1
    kinds = [OrchestratedConversationCreated, *[OrchestratedParticipantAdded] * 2]
    assert [type(each) for each in told if type(each) is not MemoryProfileCreated] == kinds
    ann, robo = participants_of(world, begun.sid)
    assert (ann.name, ann.type) == (ANN, ParticipantType.CUSTOMER)
    assert (robo.name, robo.addresses) == ("Robo", (sms(NUMBER),))
    assert fetch_conversation(world, account=ACCOUNT, conversation=begun.sid) == begun


def test_one_may_have_others_read_along(begin: Begin) -> None:
    own = ConversationOwnSettings(intelligence_configuration_ids=("i",))
    assert begin(configuration=own).settings.intelligence_configuration_ids == ("i",)
    empty = begin(configuration=ConversationOwnSettings(), participants=())
    assert empty.settings.intelligence_configuration_ids == ()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"participants": (ParticipantDraft(),) * 51}, "Invalid participants."),
        (
            {"participants": (AGENT, ParticipantDraft(addresses=(sms(""),)))},
            "Invalid participants[1].addresses[0].address.",
        ),
        ({"participants": (AGENT, CUSTOMER, CUSTOMER)}, "Invalid participants[2].addresses."),
        (
            {"configuration": ConversationOwnSettings(intelligence_configuration_ids=("i",) * 6)},
            "Invalid configuration.intelligenceConfigurationIds.",
        ),
        ({"metadata": {str(at): "" for at in range(9)}}, "Invalid metadata."),
        ({"metadata": {"a b": ""}}, "Invalid metadata.a b."),
        ({"metadata": {"k" * 129: ""}}, f"Invalid metadata.{'k' * 129}."),
        ({"metadata": {"k": "v" * 513}}, "Invalid metadata.k."),
    ],
)
def test_what_one_cannot_begin_with(
    world: World, begin: Begin, said: dict[str, Any], message: str
) -> None:
    refused = refusal(world, lambda: begin(**said))
    assert (refused.code, refused.message) == (20001, message)


def test_without_its_configuration_there_is_none(world: World, begin: Begin) -> None:
    assert refusal(world, lambda: begin(configuration_id="conv_configuration_1")).code == 20404


@pytest.mark.parametrize("grouping", GroupingType)
def test_who_begins_one_that_is_there_is_told_which(
    world: World, begin: Begin, configure: Callable[..., str], grouping: GroupingType
) -> None:
    sid = configure(conversation_grouping_type=grouping)
    ann = replace(CUSTOMER, profile_id="mem_profile_1")
    there = begin(configuration_id=sid, participants=(ann, AGENT))
    refused = refusal(world, lambda: begin(configuration_id=sid, participants=(AGENT, ann)))
    assert (refused.code, refused.status) == (20409, 409)
    assert refused.headers == (("X-Conflicting-Resource-Id", there.sid),)
    begin()  # of another configuration
    set_anew(world, there, INACTIVE)
    assert refusal(world, lambda: begin(configuration_id=sid, participants=(ann, AGENT)))
    set_anew(world, there, CLOSED)
    assert begin(configuration_id=sid, participants=(ann, AGENT)).sid != there.sid


def test_what_groups_by_addresses_minds_no_channel_and_what_minds_it_does(
    world: World, begin: Begin, configure: Callable[..., str]
) -> None:
    by_any = configure(conversation_grouping_type=GroupingType.ADDRESSES)
    by_channel = configure(conversation_grouping_type=GroupingType.ADDRESSES_AND_CHANNEL)
    other_way = (
        ParticipantDraft(type=ParticipantType.CUSTOMER, addresses=(whatsapp(ANN),)),
        ParticipantDraft(addresses=(whatsapp(NUMBER),)),
    )
    there = begin(configuration_id=by_any)
    begin(configuration_id=by_channel)
    refused = refusal(world, lambda: begin(configuration_id=by_any, participants=other_way))
    assert refused.headers[0][1] == there.sid
    begin(configuration_id=by_channel, participants=other_way)


def test_an_agent_alone_is_no_key_and_a_customer_is(world: World, begin: Begin) -> None:
    begin(participants=(AGENT,))
    begin(participants=(AGENT,))
    begin(participants=())
    begin(participants=(CUSTOMER,))
    assert refusal(world, lambda: begin(participants=(CUSTOMER,))).code == 20409


def test_by_profile_only_customers_who_have_one_are_grouped(
    begin: Begin, configure: Callable[..., str]
) -> None:
    sid = configure(conversation_grouping_type=GroupingType.PROFILE)
    begin(configuration_id=sid, participants=(AGENT,))
    begin(configuration_id=sid, participants=(AGENT,))
    begin(configuration_id=sid, participants=(replace(AGENT, profile_id="mem_profile_1"),))
    begin(configuration_id=sid, participants=(replace(AGENT, profile_id="mem_profile_1"),))


def test_no_two_sets_are_one_key(world: World, begin: Begin, configure: Callable[..., str]) -> None:
    by_any = configure(conversation_grouping_type=GroupingType.ADDRESSES)

    def chatting(*identities: str) -> tuple[ParticipantDraft, ...]:
        at = (
            ParticipantAddress(channel=OrchestratorChannel.CHAT, address=each)
            for each in identities
        )
        return tuple(ParticipantDraft(addresses=(each,)) for each in at)

    begin(configuration_id=by_any, participants=chatting("ann b", "carl"))
    begin(configuration_id=by_any, participants=chatting("ann", "b carl"))
    begin(configuration_id=by_any, participants=chatting("ann", "b", "carl"))
    begin(configuration_id=by_any, participants=chatting('ann", "b', "carl"))
    refused = refusal(
        world,
        lambda: begin(configuration_id=by_any, participants=chatting("carl", "b", "ann")),
    )
    assert refused.code == 20409


def test_what_two_are_found_by(world: World, begin: Begin) -> None:
    there = begin()
    keys = grouping_keys.keys_of(GroupingType.ADDRESSES_AND_CHANNEL, (AGENT.party, CUSTOMER.party))
    assert grouping_keys.find_open(world, FIRST_CONFIGURATION, ("else", *keys)) == there
    assert grouping_keys.find_open(world, FIRST_CONFIGURATION, ()) is None
    other = begin(participants=())
    grouping_keys.hold(world, other, keys)  # what another holds it keeps
    assert grouping_keys.find_open(world, FIRST_CONFIGURATION, keys) == there


@pytest.mark.parametrize(
    ("address", "bare"), [("whatsapp:+1", "+1"), ("rcs:shop", "shop"), ("ann", "ann")]
)
def test_an_address_without_what_says_by_which_channel(address: str, bare: str) -> None:
    assert grouping_keys.bare(address) == bare


def test_to_say_it_anew_clears_what_is_left_out(
    world: World, begin: Begin, told: Told, advance: Callable[..., None]
) -> None:
    begun = begin(name="Order", metadata={"order": "1"})
    advance(minutes=1)
    now = set_anew(world, begun, INACTIVE)
    assert (now.name, now.metadata, now.status) == (None, {}, INACTIVE)
    assert now.updated_at > begun.updated_at
    (updated,) = told.of(OrchestratedConversationUpdated)
    assert (updated.before, updated.conversation) == (begun, now)
    assert set_anew(world, now, INACTIVE) == now
    assert len(told.of(OrchestratedConversationUpdated)) == 1


def test_to_change_it_in_part_leaves_the_rest(world: World, begin: Begin) -> None:
    begun = begin(name="Order", metadata={"order": "1", "shop": "a"})
    now = change(world, begun, metadata={"order": None, "x": "y"})
    assert (now.name, now.status, now.metadata) == ("Order", ACTIVE, {"shop": "a", "x": "y"})
    assert change(world, begun, name="Other", status=CLOSED).name == "Other"


def test_where_its_events_are_told_can_change(world: World, begin: Begin) -> None:
    begun = begin()
    target = StatusCallbackTarget(url="https://a.example/told")
    many = ConversationCallbacks(status_callbacks=(target,) * 20)
    assert change(world, begun, configuration=many).settings.status_callbacks == (target,) * 20
    kept = change(world, begun, configuration=ConversationCallbacks())
    assert len(kept.settings.status_callbacks) == 20
    none = ConversationCallbacks(status_callbacks=())
    assert change(world, begun, configuration=none).settings.status_callbacks == ()
    too_many = ConversationCallbacks(status_callbacks=(target,) * 21)
    refused = refusal(world, lambda: change(world, begun, configuration=too_many))
    assert refused.message == "Invalid configuration.statusCallbacks."


def test_metadata_together_are_no_more_than_eight(world: World, begin: Begin) -> None:
    begun = begin(metadata={str(at): "" for at in range(8)})
    assert refusal(world, lambda: change(world, begun, metadata={"x": "y"})).code == 20001
    change(world, begun, metadata={"x": "y", "0": None})
    too_many = {str(at): "" for at in range(9)}
    assert refusal(world, lambda: set_anew(world, begun, ACTIVE, metadata=too_many)).code == 20001


def test_closed_is_the_end(world: World, begin: Begin) -> None:
    begun = begin()
    set_anew(world, begun, CLOSED)
    assert len(world[GroupingKeys]) == 0
    for status in (ACTIVE, INACTIVE):
        for act in (set_anew, lambda *said: change(said[0], said[1], status=said[2])):
            refused = refusal(world, lambda act=act, status=status: act(world, begun, status))
            assert (refused.code, refused.status) == (20409, 409)
    assert set_anew(world, begun, CLOSED, name="Old order").name == "Old order"
    assert change(world, begun, metadata={"a": "b"}).metadata == {"a": "b"}


def test_one_that_is_removed_takes_all_along(world: World, begin: Begin, told: Told) -> None:
    begun = begin(participants=(CUSTOMER, replace(AGENT, addresses=(sms(NUMBER, "CA1"),))))
    key = "01890a5d-aa0f-7c80-b8e6-0242ac140004"
    removal = RemoveOrchestratedConversation(
        account=ACCOUNT, conversation=begun.sid, idempotency_key=key
    )
    done = world.perform(removal)
    assert done.related == ("conversationId", begun.sid)
    assert world.perform(removal) == done
    for table in (
        OrchestratedConversations,
        OrchestratedParticipants,
        GroupingKeys,
        ChannelReferences,
    ):
        assert len(world[table]) == 0
    assert told.of(OrchestratedConversationRemoved)[0].conversation == begun
    again = replace(removal, idempotency_key=None)
    assert refusal(world, lambda: world.perform(again)).code == 20404


def test_they_are_listed_oldest_first_and_by_status(world: World, begin: Begin) -> None:
    one, two, three = begin(), begin(participants=()), begin(participants=())
    set_anew(world, two, INACTIVE)
    set_anew(world, three, CLOSED)
    assert listed(world) == [one.sid, two.sid, three.sid]
    assert listed(world, status=("ACTIVE",)) == [one.sid]
    assert listed(world, status=("CLOSED", "ACTIVE", "CLOSED")) == [one.sid, three.sid]
    assert listed(world, status=("CLOSED,ACTIVE",)) == [one.sid, three.sid]
    for wrong in ("open", "", "ACTIVE,", "ACTIVE, CLOSED"):
        with pytest.raises(Refused, match=r"20001 Invalid status\."):
            listed(world, status=(wrong,))


def test_they_are_found_by_what_they_have_to_do_with(world: World, begin: Begin) -> None:
    by_whatsapp = replace(whatsapp("+12025550111"), channel_id="CA1")
    caller = ParticipantDraft(addresses=(sms("+12025550111", "CA1"), by_whatsapp))
    begun = [begin(participants=(caller,)) for _ in range(3)]
    begin()
    set_anew(world, begun[1], CLOSED)
    assert listed(world, channel_id="CA1") == [each.sid for each in begun]
    assert listed(world, channel_id="CA1", status=("CLOSED",)) == [begun[1].sid]
    assert listed(world, channel_id="CA2") == []
    found = list_conversations(world, account=ACCOUNT, channel_id="CA1")
    first, more = found.after(None, 1)
    assert (first[0].sid, more) == (begun[0].sid, True)
    rest, more = found.after(found.place(first[0]), 5)
    assert ([each.sid for each in rest], more) == ([begun[1].sid, begun[2].sid], False)
    back, more = found.before(found.place(rest[1]), 1)
    assert ([each.sid for each in back], more) == ([begun[1].sid], True)


def test_a_world_with_all_of_it_is_restored(world: World, begin: Begin) -> None:
    begin(metadata={"a": "b"})
    snapshot = world.snapshot()
    world.restore(snapshot)
    assert world.snapshot() == snapshot
