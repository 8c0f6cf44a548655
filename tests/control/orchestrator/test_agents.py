"""Conversations of Conversations v2 and agents in them, by the control API."""

from urllib.parse import urlencode

import pytest

from tests.control.asking import ANN, BOB, NUMBER, Control
from twilio_emulator.core.conversations.removal import RemoveService
from twilio_emulator.core.conversations.services import AddService
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.communications import (
    CommunicationContentSaid,
    CommunicationEndSaid,
    RecordCommunication,
)
from twilio_emulator.core.orchestrator.configurations import (
    AddConversationConfiguration,
    ChangeConversationConfiguration,
)
from twilio_emulator.core.orchestrator.conversations import (
    BeginConversation,
    RemoveOrchestratedConversation,
)
from twilio_emulator.core.orchestrator.participants import ParticipantDraft
from twilio_emulator.core.orchestrator.resources import (
    ContentType,
    ConversationConfigurations,
    OrchestratorChannel,
    ParticipantAddress,
    ParticipantType,
    V1Bridge,
)

pytestmark = pytest.mark.anyio

URL = "http://127.0.0.1:9/webhook"
SERVICE = "IS00000000000000000000000000000001"
WHATSAPP = "whatsapp:+14155238886"
FIRST = "conv_configuration_00000000000000000000000001"
PROFILE = f"mem_profile_0{'1' * 25}"
CONVERSATIONS = "/orchestrator/conversations"


def begin(
    control: Control, address: str, channel: OrchestratorChannel, profile: str | None = None
) -> str:
    customer = ParticipantDraft(
        type=ParticipantType.CUSTOMER,
        profile_id=profile,
        addresses=(ParticipantAddress(channel=channel, address=address),),
    )
    wish = BeginConversation(
        account=control.default.world.account_sid,
        configuration_id=FIRST,
        participants=(customer,),
    )
    sid: str = control.default.gate.perform_now(wish).sid
    return sid


def say(control: Control, conversation: str, text: str) -> None:
    said = RecordCommunication(
        account=control.default.world.account_sid,
        conversation=conversation,
        author=CommunicationEndSaid(address=ANN, channel=OrchestratorChannel.SMS),
        recipients=(CommunicationEndSaid(address=NUMBER, channel=OrchestratorChannel.SMS),),
        content=CommunicationContentSaid(type=ContentType.TEXT, text=text),
    )
    control.default.gate.perform_now(said)


def settings(world: World) -> dict[str, list[tuple[str, str]]]:
    said = world[ConversationConfigurations][FIRST].settings.channel_settings
    return {
        channel: [(rule.from_, rule.to) for rule in each.capture_rules]
        for channel, each in said.items()
    }


async def test_an_agent_is_connected_to_everything(control: Control) -> None:
    shown = await control.ask("PUT", "/orchestrator/agent", {"url": URL})
    assert shown["status_callbacks"] == [URL]
    assert shown["bridge"] == "IS00000000000000000000000000000001"
    anybody = [("*", "*")]
    assert settings(control.default.world) == {
        "SMS": anybody,
        "WHATSAPP": anybody,
        "RCS": anybody,
    }
    again = await control.ask("PUT", "/orchestrator/agent", {"url": URL, "channels": ["CHAT"]})
    assert (again["bridge"], again["version"]) == (shown["bridge"], shown["version"] + 1)
    assert settings(control.default.world) == {"SMS": [], "WHATSAPP": [], "RCS": []}
    (listed,) = (await control.ask("GET", "/orchestrator/configurations"))["configurations"]
    assert listed == again


async def test_operations_are_listed_the_newest_first_page_by_page(control: Control) -> None:
    assert await control.ask("GET", "/orchestrator/operations") == {"operations": []}
    await control.ask("PUT", "/orchestrator/agent", {"url": URL})
    conversation = begin(control, ANN, OrchestratorChannel.SMS)
    await control.ask("POST", "/clock", {"mode": "frozen"})
    await control.ask("POST", "/clock", {"advance": 1})
    world = control.default.world
    deleted = control.default.gate.perform_now(
        RemoveOrchestratedConversation(account=world.account_sid, conversation=conversation)
    )
    page = await control.ask("GET", "/orchestrator/operations", limit=1)
    (newest,) = page["operations"]
    assert newest["id"] == deleted.sid
    assert newest["status"] == "COMPLETED"
    assert newest["related"] == {"conversationId": conversation}
    assert newest["created_at"] == newest["completed_at"]
    (older,) = (await control.client.get(page["next"])).json()["operations"]
    assert older["related"] == {"configurationId": FIRST}


async def test_an_agent_is_connected_to_some_numbers_and_taken_away(control: Control) -> None:
    wish = {"url": URL, "channels": ["SMS", "WHATSAPP"], "numbers": [NUMBER, WHATSAPP]}
    shown = await control.ask("PUT", "/orchestrator/agent", wish)
    assert shown["bridge"] is None
    assert settings(control.default.world) == {
        "SMS": [("*", NUMBER), (NUMBER, "*")],
        "WHATSAPP": [("*", WHATSAPP), (WHATSAPP, "*")],
    }
    left = await control.ask("DELETE", "/orchestrator/agent", configuration=FIRST)
    assert left["status_callbacks"] == []
    assert settings(control.default.world) == {"SMS": [], "WHATSAPP": []}


async def test_chats_are_of_one_agent_and_stay_in_their_service(control: Control) -> None:
    world, perform = control.default.world, control.default.gate.perform_now
    account = world.account_sid
    service = perform(AddService(account=account, friendly_name="Shop")).sid
    bridge = V1Bridge(service_id=service)
    change = ChangeConversationConfiguration(account=account, configuration=FIRST)
    perform(replace(change, conversations_v1_bridge=bridge))
    assert (await control.ask("PUT", "/orchestrator/agent", {"url": URL}))["bridge"] == service
    perform(RemoveService(account=account, service_sid=service))
    shown = await control.ask("PUT", "/orchestrator/agent", {"url": URL})
    assert shown["bridge"] == SERVICE

    first = world[ConversationConfigurations][FIRST].settings
    another = AddConversationConfiguration(
        account=account,
        display_name="Another",
        description="",
        conversation_grouping_type=first.conversation_grouping_type,
        memory_store_id=first.memory_store_id,
    )
    second = perform(another).related[1]
    wish = {"url": URL, "configuration": second}
    assert (await control.ask("PUT", "/orchestrator/agent", wish))["bridge"] is None
    asked = {**wish, "channels": ["SMS", "CHAT"]}
    line = f"body channels: {SERVICE} is bridged to {FIRST} already"
    assert await control.mistake("PUT", "/orchestrator/agent", asked, status=409) == line
    only = {**wish, "channels": []}
    assert (await control.ask("PUT", "/orchestrator/agent", only))["bridge"] is None


@pytest.mark.parametrize(
    ("body", "status", "line"),
    [
        ({"url": "x"}, 400, "statusCallbacks"),
        ({"url": URL, "channels": ["sms"]}, 400, "body channels: expected some of SMS, WHATSAPP"),
        ({"url": URL, "numbers": ["x"]}, 400, "body numbers: the account has no number x"),
        ({"url": URL, "configuration": "x"}, 404, "body configuration: there is no such"),
    ],
)
async def test_what_is_wrong_with_an_agent(
    body: dict[str, object], status: int, line: str, control: Control
) -> None:
    assert line in await control.mistake("PUT", "/orchestrator/agent", body, status=status)
    assert settings(control.default.world) == {}


async def test_conversations_are_found_by_who_is_in_them(control: Control) -> None:
    first = begin(control, ANN, OrchestratorChannel.SMS)
    second = begin(control, f"whatsapp:{ANN}", OrchestratorChannel.WHATSAPP)
    third = begin(control, BOB, OrchestratorChannel.SMS, PROFILE)

    async def found(**wish: str | int) -> list[str]:
        page = await control.ask("GET", f"{CONVERSATIONS}?{urlencode(wish)}")
        return await control.sids(page, "conversations", "id")

    assert await found() == await found(limit=1) == [third, second, first]
    assert await found(address=ANN) == [second, first]
    assert await found(channel="WHATSAPP") == [second]
    assert await found(profile=PROFILE) == [third]
    assert await found(configuration="x") == []
    await control.ask("POST", f"{CONVERSATIONS}/{BOB}/close")
    assert await found(status="CLOSED") == [third]
    assert await found(status="ACTIVE", channel="SMS") == [first]
    assert (await control.ask("GET", f"{CONVERSATIONS}/{ANN}"))["id"] == second
    assert (await control.ask("GET", f"{CONVERSATIONS}/{first}"))["id"] == first


async def test_what_was_said_is_listed(control: Control) -> None:
    conversation = begin(control, ANN, OrchestratorChannel.SMS)
    assert (await control.ask("GET", f"{CONVERSATIONS}/{ANN}"))["last"] is None
    for text in ("One", "Two", "Three"):
        say(control, conversation, text)
    assert (await control.ask("GET", f"{CONVERSATIONS}/{ANN}"))["last"]["text"] == "Three"

    async def said(**wish: int) -> list[str]:
        page = await control.ask("GET", f"{CONVERSATIONS}/{ANN}/communications", **wish)
        return await control.sids(page, "communications", "text")

    assert await said() == await said(limit=2) == ["One", "Two", "Three"]
    assert await said(last=2) == ["Two", "Three"]


async def test_a_conversation_is_ended_once(control: Control) -> None:
    begin(control, ANN, OrchestratorChannel.SMS)
    path = f"{CONVERSATIONS}/{ANN}"
    assert (await control.ask("POST", f"{path}/deactivate"))["status"] == "INACTIVE"
    assert (await control.ask("POST", f"{path}/close"))["status"] == "CLOSED"
    assert "is closed" in await control.mistake("POST", f"{path}/deactivate", status=409)
    line = await control.mistake("GET", f"{CONVERSATIONS}/{BOB}", status=404)
    assert line == f"path orchestrated: there is no conversation {BOB}"


@pytest.mark.parametrize(
    ("wish", "line"),
    [
        ({"status": "open"}, "query status: expected some of ACTIVE, INACTIVE, CLOSED"),
        ({"channel": "sms"}, "query channel: expected some of VOICE, SMS"),
    ],
)
async def test_what_is_wrong_with_a_search(
    wish: dict[str, str], line: str, control: Control
) -> None:
    assert line in await control.mistake("GET", f"{CONVERSATIONS}?{urlencode(wish)}")
