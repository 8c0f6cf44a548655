"""Configurations: what they may be set to, and what becomes of conversations when they change."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, Told
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.accounts.subaccounts import AddSubaccount
from twilio_emulator.core.conversations.removal import RemoveService
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.ttids import is_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.stores import FIRST_STORE
from twilio_emulator.core.orchestrator.configurations import (
    FIRST_CONFIGURATION,
    ChangeConversationConfiguration,
    RemoveConversationConfiguration,
    SetConversationConfiguration,
    fetch_configuration,
    list_configurations,
)
from twilio_emulator.core.orchestrator.operations import OrchestratorOperation, fetch_operation
from twilio_emulator.core.orchestrator.resources import (
    CaptureRule,
    ChannelSettings,
    ConfigurationChanged,
    ConversationConfiguration,
    ConversationConfigurations,
    GroupingType,
    StatusCallbackTarget,
    StatusTimeouts,
    V1Bridge,
)

SERVICE = "IS00000000000000000000000000000001"
KEY = "01890a5d-aa0f-7c80-b8e6-0242ac140004"
TIMED = ChannelSettings(status_timeouts=StatusTimeouts(inactive=10, closed=30))
CAPTURING = ChannelSettings(capture_rules=(CaptureRule(from_="*", to="+12025550100"),))

Configure = Callable[..., str]


def fetched(world: World, configuration: str) -> ConversationConfiguration:
    return fetch_configuration(world, account=ACCOUNT, configuration=configuration)


def change(world: World, configuration: str, **said: Any) -> OrchestratorOperation:
    return world.perform(
        ChangeConversationConfiguration(account=ACCOUNT, configuration=configuration, **said)
    )


def set_anew(world: World, configuration: str, **said: Any) -> OrchestratorOperation:
    fields = {
        "conversation_grouping_type": GroupingType.ADDRESSES,
        "channel_settings": {},
        "description": "Anew",
        "memory_store_id": FIRST_STORE,
        **said,
    }
    return world.perform(
        SetConversationConfiguration(account=ACCOUNT, configuration=configuration, **fields)
    )


def refusal(world: World, act: Callable[[], object]) -> Refused:
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        act()
    assert world.snapshot() == before
    return refused.value


def test_an_account_begins_with_one_that_captures_nothing(world: World) -> None:
    (first,) = list_configurations(world, account=ACCOUNT)
    assert (first.sid, first.settings.captures, first.version) == (FIRST_CONFIGURATION, False, 1)
    assert first.settings.display_name == "twilio-emulator"


def test_a_subaccount_has_another(world: World) -> None:
    drawn = world.sids.drawn
    account = world.perform(AddSubaccount(account=ACCOUNT, friendly_name="Ünder"))
    made = world.sids.drawn
    (its,) = list_configurations(world, account=account.sid)
    assert is_ttid(its.sid, "conv_configuration")
    assert its.sid != FIRST_CONFIGURATION
    assert is_ttid(its.settings.memory_store_id, "mem_store")
    assert its.settings.display_name == "Default"
    assert made > drawn  # of the account, and of nothing here
    with pytest.raises(Refused, match="20404"):
        fetched(world, its.sid)


def test_the_first_may_be_called_otherwise(empty_world: World) -> None:
    sid = "conv_configuration_01k1etk2y5f1y9fpe2epfdtvv2"
    empty_world.perform(OpenAccount(conversation_configuration_sid=sid))
    assert [each.sid for each in list_configurations(empty_world, account=ACCOUNT)] == [sid]


def test_one_is_made_by_an_operation_that_is_over(
    world: World, configure: Configure, told: Told
) -> None:
    sid = configure(channel_settings={"SMS": TIMED}, memory_extraction_enabled=True)
    made = fetched(world, sid)
    assert made.settings.channel_settings == {"SMS": TIMED}
    (changed,) = told.of(ConfigurationChanged)
    assert (changed.before, changed.now) == (None, made)
    assert [each.sid for each in list_configurations(world, account=ACCOUNT)] == [
        FIRST_CONFIGURATION,
        sid,
    ]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ({"display_name": ""}, "displayName"),
        ({"display_name": "x" * 33}, "displayName"),
        ({"display_name": "a.b"}, "displayName"),
        ({"description": "x" * 513}, "description"),
        ({"memory_store_id": "mem_store_1"}, "memoryStoreId"),
        ({"channel_settings": {"VIDEO": TIMED}}, "channelSettings.VIDEO"),
        ({"channel_settings": {"sms": TIMED}}, "channelSettings.sms"),
        (
            {
                "channel_settings": {
                    "SMS": ChannelSettings(status_timeouts=StatusTimeouts(closed=0))
                }
            },
            "channelSettings.SMS.statusTimeouts.closed",
        ),
        (
            {
                "channel_settings": {
                    "SMS": ChannelSettings(status_timeouts=StatusTimeouts(inactive=9, closed=9))
                }
            },
            "channelSettings.SMS.statusTimeouts.inactive",
        ),
        (
            {
                "channel_settings": {
                    "SMS": ChannelSettings(status_timeouts=StatusTimeouts(inactive=0, closed=9))
                }
            },
            "channelSettings.SMS.statusTimeouts.inactive",
        ),
        (
            {"channel_settings": {"SMS": ChannelSettings(status_timeouts=StatusTimeouts())}},
            "channelSettings.SMS.statusTimeouts.closed",
        ),
        (
            {
                "channel_settings": {
                    "SMS": ChannelSettings(capture_rules=(CaptureRule(from_="*", to=""),))
                }
            },
            "channelSettings.SMS.captureRules[0].to",
        ),
        (
            {"status_callbacks": (StatusCallbackTarget(url="mailto:a@b"),)},
            "statusCallbacks[0].url",
        ),
        (
            {"status_callbacks": (StatusCallbackTarget(url="https://a.example"),) * 3},
            "statusCallbacks",
        ),
        ({"intelligence_configuration_ids": ("i",) * 6}, "intelligenceConfigurationIds"),
        (
            {"conversations_v1_bridge": V1Bridge(service_id="IS1")},
            "conversationsV1Bridge.serviceId",
        ),
        (
            {"conversations_v1_bridge": V1Bridge(service_id="IS" + "f" * 32)},
            "conversationsV1Bridge.serviceId",
        ),
        ({"idempotency_key": "once"}, "Idempotency-Key"),
    ],
)
def test_what_it_cannot_be_set_to(
    world: World, configure: Configure, said: dict[str, Any], place: str
) -> None:
    refused = refusal(world, lambda: configure(**said))
    assert (refused.code, refused.status) == (20001, 400)
    assert place in refused.message.replace("Missing required parameter ", "").split(" ")[-1] or (
        f" {place} " in refused.message
    )


def test_a_name_of_32_letters_and_two_callbacks_are_allowed(
    world: World, configure: Configure
) -> None:
    two = (StatusCallbackTarget(url="http://a.example/x"),) * 2
    rules = ChannelSettings(
        status_timeouts=StatusTimeouts(closed=1), capture_rules=CAPTURING.capture_rules
    )
    sid = configure(
        display_name="a-_ " * 8,
        description="x" * 512,
        memory_store_id="mem_service_01k1etk2y5f1y9fpe2epfdtvv2",
        status_callbacks=two,
        channel_settings={"VOICE": rules},
        intelligence_configuration_ids=("i",) * 5,
    )
    assert fetched(world, sid).settings.status_callbacks == two


def test_to_change_it_in_part_leaves_the_rest(
    world: World, configure: Configure, told: Told
) -> None:
    sid = configure(channel_settings={"SMS": TIMED, "CHAT": TIMED, "RCS": TIMED})
    before = fetched(world, sid)
    assert change(world, sid, description="Else").related == ("configurationId", sid)
    now = fetched(world, sid)
    assert (now.settings.description, now.version) == ("Else", 2)
    assert now.settings.channel_settings == before.settings.channel_settings
    change(world, sid, channel_settings={"SMS": CAPTURING, "CHAT": None, "VOICE": None})
    assert fetched(world, sid).settings.channel_settings == {"SMS": CAPTURING, "RCS": TIMED}
    assert told.of(ConfigurationChanged)[1].before == before


def test_to_say_it_anew_clears_what_is_left_out_but_the_name(
    world: World, configure: Configure
) -> None:
    sid = configure(
        channel_settings={"SMS": TIMED},
        status_callbacks=(StatusCallbackTarget(url="https://a.example"),),
        memory_extraction_enabled=True,
    )
    set_anew(world, sid)
    now = fetched(world, sid).settings
    assert (now.display_name, now.description) == ("Support", "Anew")
    assert (now.channel_settings, now.status_callbacks) == ({}, ())
    assert not now.memory_extraction_enabled
    set_anew(world, sid, display_name="Other")
    assert fetched(world, sid).settings.display_name == "Other"


def test_what_it_groups_by_is_settled(world: World, configure: Configure) -> None:
    sid = configure()
    for act in (
        lambda: change(world, sid, conversation_grouping_type=GroupingType.PROFILE),
        lambda: set_anew(world, sid, conversation_grouping_type=GroupingType.PROFILE),
    ):
        assert refusal(world, act).message == "Invalid conversationGroupingType."
    change(world, sid, conversation_grouping_type=GroupingType.ADDRESSES)


def test_a_service_of_v1_is_bridged_to_one(world: World, configure: Configure) -> None:
    bridge = V1Bridge(service_id=SERVICE)
    sid = configure(conversations_v1_bridge=bridge)
    change(world, sid, description="It may be said again", conversations_v1_bridge=bridge)
    refused = refusal(world, lambda: configure(conversations_v1_bridge=bridge))
    assert (refused.code, refused.status) == (20409, 409)
    assert refused.headers == (("X-Conflicting-Resource-Id", sid),)
    set_anew(world, sid)
    assert configure(conversations_v1_bridge=bridge) != sid


def test_what_a_service_is_bridged_to_changes_when_the_service_is_gone(
    world: World, configure: Configure
) -> None:
    service = world.perform(AddService(account=ACCOUNT, friendly_name="Chat")).sid
    bridge = V1Bridge(service_id=service)
    sid = configure(conversations_v1_bridge=bridge)
    world.perform(RemoveService(account=ACCOUNT, service_sid=service))
    change(world, sid, description="Its service is gone")
    for act in (
        lambda: change(world, sid, conversations_v1_bridge=bridge),
        lambda: set_anew(world, sid, conversations_v1_bridge=bridge),
    ):
        assert refusal(world, act).message == "Invalid conversationsV1Bridge.serviceId."
    change(world, sid, conversations_v1_bridge=V1Bridge(service_id=SERVICE))
    assert fetched(world, sid).bridged == SERVICE


def test_those_of_a_memory_store_and_those_that_capture(world: World, configure: Configure) -> None:
    store = "mem_store_01k1etk2y5f1y9fpe2epfdtvv2"
    sid = configure(memory_store_id=store, channel_settings={"SMS": CAPTURING})
    found = list_configurations(world, account=ACCOUNT, memory_store_id=store)
    assert [each.sid for each in found] == [sid]
    configurations = world[ConversationConfigurations]
    assert [each.sid for each in configurations.all(configurations.by_capturing, ACCOUNT)] == [sid]
    with pytest.raises(Refused, match=r"20001 Invalid memoryStoreId\."):
        list_configurations(world, account=ACCOUNT, memory_store_id="mine")


def test_one_that_is_removed_is_gone_but_for_its_conversations(
    world: World, configure: Configure, begin: Callable[..., Any], told: Told
) -> None:
    sid = configure()
    begun = begin(configuration_id=sid)
    removal = RemoveConversationConfiguration(account=ACCOUNT, configuration=sid)
    done = world.perform(removal)
    assert fetch_operation(world, account=ACCOUNT, operation=done.sid) == done
    assert told.of(ConfigurationChanged)[-1].now is None
    assert begun.settings.display_name == "Support"
    assert refusal(world, lambda: world.perform(removal)).code == 20404
    assert refusal(world, lambda: change(world, sid, description="x")).code == 20404


def test_the_same_key_is_answered_the_same_for_a_day(
    world: World, configure: Configure, advance: Callable[..., None]
) -> None:
    sid = configure(idempotency_key=KEY)
    assert configure(idempotency_key=KEY.upper()) == sid
    assert change(world, sid, description="Else", idempotency_key=KEY).related[1] == sid
    assert set_anew(world, sid, idempotency_key=KEY).related[1] == sid
    removal = RemoveConversationConfiguration(
        account=ACCOUNT, configuration=sid, idempotency_key=KEY
    )
    assert world.perform(removal).related[1] == sid
    assert fetched(world, sid).version == 1
    advance(hours=23, minutes=59)
    assert configure(idempotency_key=KEY) == sid
    advance(minutes=1)
    other = configure(idempotency_key=KEY)
    assert other != sid
    assert configure(idempotency_key=KEY) == other


def test_an_operation_that_is_not_there_is_not_found(world: World) -> None:
    with pytest.raises(Refused, match="20404"):
        fetch_operation(world, account=ACCOUNT, operation="proc_job_1")
