"""The status callbacks of Conversations v2: seven events as JSON, signed, each with its token."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from tests.webhooks.conftest import (
    ACCOUNT,
    ANN,
    NUMBER,
    SERVICE,
    TOKEN,
    Account,
    App,
    Received,
    http,
)
from twilio_emulator.core.accounts.debugger_alerts import Alerts
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant, RemoveParticipant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.orchestrator.configurations import AddConversationConfiguration
from twilio_emulator.core.orchestrator.conversations import (
    BeginConversation,
    ChangeOrchestratedConversation,
    ConversationCallbacks,
    RemoveOrchestratedConversation,
)
from twilio_emulator.core.orchestrator.participants import SetOrchestratedParticipant
from twilio_emulator.core.orchestrator.resources import (
    CallbackMethod,
    CaptureRule,
    ChannelSettings,
    GroupingType,
    OrchestratedConversation,
    OrchestratedConversations,
    OrchestratedParticipants,
    OrchestratedStatus,
    ParticipantType,
    StatusCallbackTarget,
    V1Bridge,
)
from twilio_emulator.core.senders.number_orders import UpdateNumber
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import Fault

pytestmark = pytest.mark.anyio

IDEMPOTENCY = "i-twilio-idempotency-token"
RULES = (CaptureRule(from_="*", to=NUMBER), CaptureRule(from_=NUMBER, to="*"))


def configure(
    world: World, *urls: str, method: CallbackMethod = CallbackMethod.POST, **said: Any
) -> str:
    """A configuration that captures SMS both ways and tells these of it."""
    operation = world.perform(
        AddConversationConfiguration(
            account=ACCOUNT,
            display_name="Agents",
            description="",
            conversation_grouping_type=GroupingType.ADDRESSES_AND_CHANNEL,
            memory_store_id="mem_store_00000000000000000000000001",
            status_callbacks=tuple(StatusCallbackTarget(url=url, method=method) for url in urls),
            **{"channel_settings": {"SMS": ChannelSettings(capture_rules=RULES)}, **said},
        )
    )
    return operation.related[1]


def written(body: str = "Hi") -> SendFromHandset:
    return SendFromHandset(address=ANN, to=NUMBER, body=body)


def the_one(world: World) -> OrchestratedConversation:
    (conversation,) = world[OrchestratedConversations]
    return conversation


def said(got: Received) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(got.body)
    return read


def events(app: App, path: str = "/agent") -> list[str]:
    return [said(each)["eventType"] for each in app[path]]


async def pass_time(account: Account, seconds: float = 60) -> None:
    """Let texts come to their end, and what is told of them."""
    world = account.world
    world.clock.set(world.clock.now() + timedelta(seconds=seconds))
    world.catch_up(world.clock.now())
    await account.webhooks.settled()


async def test_the_events_of_a_first_text(account: Account, app: App) -> None:
    configuration = configure(account.world, f"{app.url}/agent?tag=a")

    await account.do(written("Where is my order?"))

    assert events(app) == [
        "CONVERSATION_CREATED",
        "PARTICIPANT_ADDED",
        "PARTICIPANT_ADDED",
        "COMMUNICATION_CREATED",
    ]
    conversation = the_one(account.world)
    begun, customer, agent, communication = map(said, app["/agent"])
    assert begun == {
        "eventType": "CONVERSATION_CREATED",
        "timestamp": "2026-01-05T09:00:00.000Z",
        "data": {
            "id": conversation.sid,
            "accountId": ACCOUNT,
            "configurationId": configuration,
            "status": "ACTIVE",
            "name": None,
            "createdAt": "2026-01-05T09:00:00Z",
            "updatedAt": "2026-01-05T09:00:00Z",
        },
    }
    assert (customer["data"]["type"], customer["data"]["name"]) == ("CUSTOMER", ANN)
    assert agent["data"]["addresses"] == [{"channel": "SMS", "address": NUMBER}]
    data = communication["data"]
    assert data["author"] == {
        "address": ANN,
        "channel": "SMS",
        "participantId": customer["data"]["id"],
    }
    assert data["content"] == {"type": "TEXT", "text": "Where is my order?"}
    assert data["recipients"] == [
        {
            "address": NUMBER,
            "channel": "SMS",
            "participantId": agent["data"]["id"],
            "deliveryStatus": "DELIVERED",
        }
    ]
    assert (data["conversationId"], data["accountId"]) == (conversation.sid, ACCOUNT)


async def test_they_are_signed_and_each_has_its_token(account: Account, app: App) -> None:
    configure(account.world, f"{app.url}/agent?tag=a", f"{app.url}/other")

    await account.do(written())

    for got in app.received:
        assert got.headers["content-type"] == "application/json"
        assert "bodySHA256" in got.query
        assert RequestValidator(TOKEN).validate(
            app.url + got.target, got.body, got.headers["x-twilio-signature"]
        )
        assert not RequestValidator("x").validate(
            app.url + got.target, got.body, got.headers["x-twilio-signature"]
        )
    one, other = ([got.headers[IDEMPOTENCY] for got in app[path]] for path in ("/agent", "/other"))
    assert one == other
    assert len(set(one)) == len(one) == 4


async def test_half_a_character_is_told(account: Account, app: App) -> None:
    configure(account.world, f"{app.url}/agent")

    await account.do(written("Grüße 🎉 \ud83d"))

    got = app["/agent"][3]
    assert said(got)["data"]["content"]["text"] == "Grüße 🎉 ?"
    assert RequestValidator(TOKEN).validate(
        app.url + got.target, got.body, got.headers["x-twilio-signature"]
    )


async def test_a_text_that_goes_out_is_told_step_by_step(account: Account, app: App) -> None:
    configure(account.world, f"{app.url}/agent")
    await account.do(UpsertHandset(address=ANN))

    await account.do(CreateText(account=ACCOUNT, to=ANN, from_=NUMBER, body="Hello"))
    await pass_time(account)

    assert events(app)[3:] == ["COMMUNICATION_CREATED", "COMMUNICATION_UPDATED"]
    created, updated = (said(got)["data"] for got in app["/agent"][3:])
    assert created["id"] == updated["id"]
    assert created["recipients"][0]["deliveryStatus"] == "IN_PROGRESS"
    assert updated["recipients"][0]["deliveryStatus"] == "DELIVERED"


async def test_other_events(account: Account, app: App) -> None:
    world = account.world
    configure(world, f"{app.url}/agent")
    await account.do(written())
    conversation = the_one(world)
    table = world[OrchestratedParticipants]
    customer = next(iter(table.all(table.by_conversation, conversation.sid)))
    app.received.clear()

    await account.do(
        SetOrchestratedParticipant(
            account=ACCOUNT,
            conversation=conversation.sid,
            participant=customer.sid,
            type=ParticipantType.HUMAN_AGENT,
            addresses=customer.addresses,
        )
    )
    for change in (
        {"metadata": {"a": "b"}},  # no other status and no other name: not told
        {"name": "Kettle"},
        {"status": OrchestratedStatus.CLOSED},
    ):
        await account.do(
            ChangeOrchestratedConversation(
                account=ACCOUNT,
                conversation=conversation.sid,
                **change,  # type: ignore[arg-type]
            )
        )
    await account.do(RemoveOrchestratedConversation(account=ACCOUNT, conversation=conversation.sid))

    assert events(app) == ["PARTICIPANT_UPDATED", "CONVERSATION_UPDATED", "CONVERSATION_UPDATED"]
    assert said(app["/agent"][2])["data"]["status"] == "CLOSED"


async def test_over_the_bridge(account: Account, app: App) -> None:
    configure(
        account.world,
        f"{app.url}/agent",
        conversations_v1_bridge=V1Bridge(service_id=SERVICE),
    )
    chat: Any = await account.do(AddConversation(service=SERVICE))
    ann: Any = await account.do(
        AddParticipant(service=SERVICE, conversation=chat.sid, identity="ann")
    )
    await account.do(PostMessage(service=SERVICE, conversation=chat.sid, author="ann", body="Hi"))
    await account.do(RemoveParticipant(service=SERVICE, conversation=chat.sid, participant=ann.sid))

    assert events(app)[2:] == ["COMMUNICATION_CREATED", "PARTICIPANT_REMOVED"]
    data = said(app["/agent"][2])["data"]
    assert (data["channelId"], data["author"]["channel"]) == (chat.sid, "CHAT")


class TestWhoIsTold:
    async def test_a_conversation_keeps_what_its_configuration_said(
        self, account: Account, app: App
    ) -> None:
        configuration = configure(account.world, f"{app.url}/agent")
        await account.do(written())
        conversation = the_one(account.world)
        await account.do(
            ChangeOrchestratedConversation(
                account=ACCOUNT,
                conversation=conversation.sid,
                configuration=ConversationCallbacks(
                    status_callbacks=(StatusCallbackTarget(url=f"{app.url}/own"),)
                ),
            )
        )
        await account.do(written("Two"))
        await account.do(
            ChangeOrchestratedConversation(
                account=ACCOUNT,
                conversation=conversation.sid,
                configuration=ConversationCallbacks(status_callbacks=()),
            )
        )
        await account.do(written("Three"))
        await account.do(BeginConversation(account=ACCOUNT, configuration_id=configuration))

        assert len(app["/agent"]) == 5  # the last is of the second conversation
        assert events(app, "/own") == ["COMMUNICATION_CREATED"]
        assert not account.hints or all(
            hint.cause != "no-status-callbacks" for hint in account.hints
        )

    async def test_nobody_is_hinted_at(self, account: Account, app: App) -> None:
        configuration = configure(account.world)

        await account.do(written())
        await account.do(written("Two"))

        (hint,) = [each for each in account.hints if each.cause == "no-status-callbacks"]
        assert hint.about == configuration
        assert "statusCallbacks" in hint.words

    @pytest.mark.parametrize(
        ("rules", "words"),
        [
            ((), "has statusCallbacks, but no captureRules"),
            (RULES[1:], f"captures SMS from {NUMBER} alone, and not to it"),
            (RULES, None),
            ((CaptureRule(from_="*", to="+12025550101"),), None),
        ],
    )
    async def test_what_is_not_captured_is_hinted_at(
        self, rules: tuple[CaptureRule, ...], words: str | None, account: Account, app: App
    ) -> None:
        settings = {"SMS": ChannelSettings(capture_rules=rules)}
        configuration = configure(account.world, f"{app.url}/agent", channel_settings=settings)

        await account.do(written())
        await account.do(written("Two"))

        found = [each for each in account.hints if each.cause == "no-capture-rule"]
        assert [each.about for each in found] == ([configuration] if words else [])
        assert all(f"{configuration} {words}" in each.words for each in found)
        assert all(f'"to": "{NUMBER}"' in each.words for each in found)

    async def test_what_is_for_chats_or_by_another_channel_is_not(
        self, account: Account, app: App
    ) -> None:
        configure(
            account.world,
            f"{app.url}/agent",
            channel_settings={},
            conversations_v1_bridge=V1Bridge(service_id=SERVICE),
        )
        await account.do(written())
        assert [each for each in account.hints if each.cause == "no-capture-rule"] == []

    async def test_by_get_nobody_is(self, account: Account, app: App) -> None:
        configure(account.world, f"{app.url}/agent", method=CallbackMethod.GET)

        await account.do(written())

        assert app["/agent"] == []
        decisions = [each for each in account.decisions if each.event == "CONVERSATION_CREATED"]
        assert [(each.sent, "GET" in each.because) for each in decisions] == [(False, True)]

    async def test_the_number_is_called_besides(self, account: Account, app: App) -> None:
        world = account.world
        number = world[PhoneNumbers].at(NUMBER)
        assert number is not None
        await account.do(UpdateNumber(account=ACCOUNT, number=number.sid, sms_url=f"{app.url}/sms"))
        configure(world, f"{app.url}/agent")

        await account.do(written())

        assert len(app["/sms"]) == 1
        assert len(app["/agent"]) == 4


class TestWhatGoesWrong:
    async def test_a_repeat_has_the_same_token(self, account: Account, app: App) -> None:
        configure(account.world, f"{app.url}/agent")
        await account.do(AddFault(do=Fault(duplicate_callback=True)))

        await account.do(written())

        assert events(app)[3:] == ["COMMUNICATION_CREATED", "COMMUNICATION_CREATED"]
        assert len({got.headers[IDEMPOTENCY] for got in app["/agent"]}) == 4

    async def test_an_agent_that_is_down_is_tried_again_with_the_same_token(
        self, account: Account, app: App
    ) -> None:
        configure(account.world, "http://127.0.0.1:1/agent")

        await account.do(written())

        tries = [each for each in account.exchanges if each.event == "COMMUNICATION_CREATED"]
        assert [each.attempt for each in tries] == [1, 2]
        (token,) = {dict(each.headers)["I-Twilio-Idempotency-Token"] for each in tries}
        assert {alert.error_code for alert in account.world[Alerts]} == {11205}
        assert token

    async def test_an_agent_that_answers_badly_raises_an_alert(
        self, account: Account, app: App
    ) -> None:
        app.answers["/agent"] = http(status=500)
        configure(account.world, f"{app.url}/agent")

        await account.do(written())

        assert len(app["/agent"]) == 4
        conversation = the_one(account.world)
        assert {alert.resource_sid for alert in account.world[Alerts]} == {conversation.sid}

    async def test_one_that_is_dropped(self, account: Account, app: App) -> None:
        configure(account.world, f"{app.url}/agent")
        await account.do(AddFault(do=Fault(drop_callback=True)))

        await account.do(written())

        assert events(app) == ["CONVERSATION_CREATED", "PARTICIPANT_ADDED", "PARTICIPANT_ADDED"]
        assert account.decisions[-1].because == "a fault drops it"

    async def test_a_wrong_signature(self, account: Account, app: App) -> None:
        configure(account.world, f"{app.url}/agent")
        await account.do(AddFault(do=Fault(corrupt_signature=True)))

        await account.do(written())

        got = app["/agent"][3]
        assert not RequestValidator(TOKEN).validate(
            app.url + got.target, got.body, got.headers["x-twilio-signature"]
        )

    async def test_the_next_first(self, account: Account, app: App) -> None:
        configure(account.world, f"{app.url}/agent")
        await account.do(UpsertHandset(address=ANN))
        await account.do(AddFault(do=Fault(reorder_callbacks=True)))

        await account.do(CreateText(account=ACCOUNT, to=ANN, from_=NUMBER, body="Hello"))
        await pass_time(account)
        await account.do(written())  # nothing follows it: it is told at once

        assert events(app)[3:] == [
            "COMMUNICATION_UPDATED",
            "COMMUNICATION_CREATED",
            "COMMUNICATION_CREATED",
        ]

    async def test_replayed_it_is_the_same_but_for_its_token(
        self, account: Account, app: App
    ) -> None:
        configure(account.world, f"{app.url}/agent")
        await account.do(written())
        exchange = account.exchanges[-1]

        await account.webhooks.replay(exchange)

        *_, first, again = app["/agent"]
        assert (again.target, again.body) == (first.target, first.body)
        assert again.headers["x-twilio-signature"] == first.headers["x-twilio-signature"]
        assert again.headers[IDEMPOTENCY] != first.headers[IDEMPOTENCY]

    async def test_those_of_one_conversation_wait_for_each_other(
        self, account: Account, app: App
    ) -> None:
        gate = asyncio.Event()

        async def slow(_: Received) -> bytes:
            await gate.wait()
            return http()

        app.answers["/agent"] = slow
        configure(account.world, f"{app.url}/agent")
        await account.gate.perform(written())
        await app.wait_for("/agent")
        assert len(app["/agent"]) == 1
        gate.set()
        await account.webhooks.settled()

        assert len(app["/agent"]) == 4


async def test_what_is_gone_with_its_conversation_is_not_told(account: Account, app: App) -> None:
    """A text goes on when its conversation is removed."""
    configure(account.world, f"{app.url}/agent")
    await account.do(UpsertHandset(address=ANN))
    await account.do(CreateText(account=ACCOUNT, to=ANN, from_=NUMBER, body="Hello"))
    conversation = the_one(account.world)
    await account.do(RemoveOrchestratedConversation(account=ACCOUNT, conversation=conversation.sid))
    count = len(app["/agent"])
    await pass_time(account)

    assert len(app["/agent"]) == count
