import asyncio
import dataclasses
import json
import logging
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
from twilio_emulator.core.carrier.caller_id_verification import CallerIds, RequestValidation
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.conversations.conversations import AddConversation, UpdateConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import Conversation, Message, Messages
from twilio_emulator.core.conversations.scoped_webhooks import AddScopedWebhook
from twilio_emulator.core.conversations.webhook_configurations import (
    POST_EVENTS,
    PRE_EVENTS,
    ConfigureAccountWebhooks,
)
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import WEBHOOK_CANCELLED, Refused
from twilio_emulator.core.kernel.world import LOUD, QUIET, Origin, Source, World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import Fault
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.webhooks.http.client import Caller

pytestmark = pytest.mark.anyio


def configure(world: World, app: App, **settings: Any) -> None:
    """The account's webhooks go to the app, and hear of everything."""
    urls = {"pre_webhook_url": f"{app.url}/pre", "post_webhook_url": f"{app.url}/post"}
    wanted = urls | {"filters": PRE_EVENTS + POST_EVENTS} | settings
    world.perform(ConfigureAccountWebhooks(account=ACCOUNT, **wanted))


@pytest.fixture
def conversation(world: World) -> Conversation:
    return world.perform(AddConversation(service=SERVICE))


def saying(conversation: Conversation, body: str) -> PostMessage:
    return PostMessage(service=SERVICE, conversation=conversation.sid, body=body)


class Broken:
    """Something of ours that fails whenever it is used."""

    def __getattr__(self, name: str) -> Any:
        raise LookupError("ours")


class TestFaultsOfOurs:
    """They are in our log and raise an alert; who caused the webhook does not notice."""

    async def test_what_cannot_be_sent(
        self,
        account: Account,
        app: App,
        caller: Caller,
        conversation: Conversation,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        configure(account.world, app)
        monkeypatch.setattr(caller, "_plain", Broken())
        said = await account.do(saying(conversation, "Hi"))
        assert isinstance(said, Message)
        assert said.body == "Hi"
        words = "not sent, by a fault of the emulator: its log says more"
        assert [each.outcome for each in account.exchanges] == [words] * 2
        assert [each.outcome for each in account.verdicts] == [f"unchanged: {words}"]
        (alert,) = account.world[Alerts]
        assert (alert.error_code, alert.alert_text) == (11200, words)
        assert caplog.text.count("LookupError: ours") == 2
        monkeypatch.undo()  # or nothing could be closed

    @pytest.mark.parametrize("broken", ["call", "deliver"])
    async def test_what_does_not_even_begin(
        self,
        account: Account,
        app: App,
        conversation: Conversation,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        broken: str,
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise LookupError("ours")

        configure(account.world, app)
        owner: object = account.webhooks if broken == "deliver" else account.webhooks._caller
        monkeypatch.setattr(owner, broken, fail)
        await account.do(saying(conversation, "Hi"))
        (alert,) = account.world[Alerts]
        assert alert.error_code == 11200
        assert "by a fault of the emulator" in alert.alert_text
        assert "LookupError: ours" in caplog.text

    @pytest.mark.parametrize(
        "broken", ["pre_events._about", "post_events.fired", "pre_event_answers._changed"]
    )
    async def test_who_caused_it_does_not_notice(
        self,
        account: Account,
        app: App,
        conversation: Conversation,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        broken: str,
    ) -> None:
        def fail(*_: object) -> None:
            raise LookupError("ours")

        configure(account.world, app)
        monkeypatch.setattr(f"twilio_emulator.webhooks.conversations.{broken}", fail)
        said = await account.do(saying(conversation, "Hi"))
        assert isinstance(said, Message)
        assert said.body == "Hi"
        assert caplog.text.count("LookupError: ours") == 1

    async def test_a_long_head_is_a_failure_of_the_receiver(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        app.answers["/post"] = http(A="b" * 70_000)
        await account.do(saying(conversation, "Hi"))
        (alert,) = account.world[Alerts]
        assert (alert.error_code, alert.alert_text) == (
            11200,
            "more than 65536 bytes of headers",
        )


async def forever(_: Received) -> bytes:
    await asyncio.Event().wait()
    return b""


class TestPostEvents:
    async def test_they_follow_and_nobody_waits(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        app.answers["/post"] = forever

        await account.gate.perform(saying(conversation, "Hi"), QUIET)
        account.gate.perform_now(saying(conversation, "Ho"), LOUD)

        (got,) = await app.wait_for("/post")
        assert (got.form["EventType"], got.form["Body"]) == ("onMessageAdded", "Ho")
        assert RequestValidator(TOKEN).validate(
            f"{app.url}/post", got.form, got.headers["x-twilio-signature"]
        )

    async def test_those_of_a_conversation_stay_in_order(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        going = asyncio.Event()

        async def slow_at_first(request: Received) -> bytes:
            if request.form["Body"] == "0":
                await going.wait()
            return http()

        app.answers["/post"] = slow_at_first
        for number in range(5):
            account.gate.perform_now(saying(conversation, str(number)), LOUD)
        await app.wait_for("/post")
        await asyncio.sleep(0)
        assert len(app["/post"]) == 1
        going.set()
        await account.webhooks.settled()

        assert [request.form["Body"] for request in app["/post"]] == list("01234")

    async def test_one_that_hangs_holds_up_nobody_else(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        other = account.world.perform(AddConversation(service=SERVICE))
        account.world.perform(
            AddScopedWebhook(
                service=SERVICE,
                conversation=conversation.sid,
                target="webhook",
                configuration_url=f"{app.url}/mine",
                configuration_filters=("onMessageAdded",),
            )
        )
        app.answers["/post"] = lambda request: (
            forever(request) if request.form["ConversationSid"] == conversation.sid else http()
        )

        account.gate.perform_now(saying(conversation, "stuck"), LOUD)
        account.gate.perform_now(saying(conversation, "behind it"), LOUD)
        account.gate.perform_now(saying(other, "free"), LOUD)

        await app.wait_for("/mine", 2)
        await app.wait_for("/post", 2)
        assert [request.form["Body"] for request in app["/mine"]] == ["stuck", "behind it"]
        assert {request.form["Body"] for request in app["/post"]} == {"stuck", "free"}

    async def test_virtual_time_ends_what_hangs(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        app.answers["/post"] = forever
        account.gate.perform_now(saying(conversation, "Hi"), LOUD)
        await app.wait_for("/post")

        account.webhooks.advanced(5)
        await account.webhooks.settled()

        assert [exchange.outcome for exchange in account.exchanges] == ["no answer within 5 s"]
        (alert,) = account.world[Alerts]
        assert (alert.error_code, alert.resource_sid) == (11200, conversation.sid)

    async def test_an_answer_that_is_no_success_raises_an_alert(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app, method="GET")
        app.answers["/post"] = http("no such page", 404)

        await account.do(saying(conversation, "Hi"))

        (alert,) = account.world[Alerts]
        assert (alert.error_code, alert.alert_text) == (11200, "answered 404")
        assert (alert.request_method, alert.response_body) == ("GET", "no such page")

    async def test_a_new_webhook_hears_what_was_said_before(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        for body in "ab":
            account.world.perform(saying(conversation, body))

        await account.do(
            AddScopedWebhook(
                service=SERVICE,
                conversation=conversation.sid,
                target="webhook",
                configuration_url=f"{app.url}/mine",
                configuration_filters=("onMessageAdded",),
                configuration_replay_after="0",
            ),
            QUIET,
        )

        assert [request.form["Body"] for request in app["/mine"]] == ["a", "b"]

    async def test_an_app_that_answers_by_a_request_of_its_own(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)

        async def reply(request: Received) -> bytes:
            if request.form["Body"] == "Ping":
                await account.gate.perform(saying(conversation, "Pong"), LOUD)
            return http()

        app.answers["/post"] = reply

        await account.do(saying(conversation, "Ping"))

        assert [request.form["Body"] for request in app["/post"]] == ["Ping", "Pong"]
        assert [message.body for message in account.world[Messages]] == ["Ping", "Pong"]


class TestPreEvents:
    async def test_an_answer_changes_what_is_posted(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        app.answers["/pre"] = http('{"body": "Hello", "attributes": "{\\"a\\":1}"}')

        message = await account.do(saying(conversation, "Hi"))

        assert isinstance(message, Message)
        assert (message.body, message.attributes) == ("Hello", '{"a":1}')
        assert app["/pre"][0].form["EventType"] == "onMessageAdd"
        assert app["/pre"][0].form["Body"] == "Hi"
        assert app["/post"][0].form["Body"] == "Hello"
        written = account.gate.journal[-1].command
        assert isinstance(written, PostMessage)
        assert written.body == "Hello"
        assert [verdict.outcome for verdict in account.verdicts] == ["changed: body, attributes"]

    async def test_an_error_forbids(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        app.answers["/pre"] = http(status=403)

        with pytest.raises(Refused) as caught:
            await account.do(saying(conversation, "Hi"))

        assert caught.value.refusal is WEBHOOK_CANCELLED
        assert caught.value.message == "Webhook cancelled processing of command"
        assert len(account.world[Messages]) == 0
        assert list(account.gate.journal) == []

    async def test_what_it_says_is_input_like_any_other(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        app.answers["/pre"] = http('{"attributes": "not json"}')

        with pytest.raises(Refused) as caught:
            await account.do(saying(conversation, "Hi"))

        assert caught.value.code == 50304
        assert len(account.world[Messages]) == 0

    async def test_silence_lets_it_pass(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        app.answers["/pre"] = forever
        posting = asyncio.create_task(account.do(saying(conversation, "Hi")))
        await app.wait_for("/pre")
        settling = asyncio.create_task(account.webhooks.settled())
        await asyncio.sleep(0)
        assert not settling.done()

        account.webhooks.advanced(5)
        await posting
        await settling

        assert len(account.world[Messages]) == 1
        assert len(app["/post"]) == 1
        assert account.verdicts[0].outcome == "unchanged: no answer within 5 s"

    async def test_so_does_nobody_at_home(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        for server in app.servers:
            server.close()

        await account.do(saying(conversation, "Hi"))

        assert len(account.world[Messages]) == 1
        assert account.verdicts[0].outcome == "unchanged: connection refused"

    async def test_the_world_may_have_moved_meanwhile(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)

        def close(_: Received) -> bytes:
            account.world.perform(
                UpdateConversation(service=SERVICE, conversation=conversation.sid, state="closed")
            )
            return http("{}")

        app.answers["/pre"] = close

        with pytest.raises(Refused) as caught:
            await account.do(saying(conversation, "Hi"))

        assert caught.value.code == 50377

    async def test_nobody_is_asked_without_the_header(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)

        await account.do(saying(conversation, "Hi"), QUIET)

        assert app.received == []
        assert [(it.event, it.sent) for it in account.decisions] == [
            ("onMessageAdd", False),
            ("onMessageAdded", False),
        ]

    async def test_not_even_a_coroutine_is_made_where_nothing_is_configured(
        self, account: Account, conversation: Conversation
    ) -> None:
        assert account.webhooks.ask(account.gate, saying(conversation, "Hi"), LOUD) is None
        await account.do(saying(conversation, "Hi"))

        kinds = {entry.kind for entry in account.gate.log.after(0)}
        assert kinds == {"command", "event"}

    async def test_a_text_that_is_forbidden_is_sent_for_nobody(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        account.world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=conversation.sid,
                messaging_binding_address=ANN,
                messaging_binding_proxy_address=NUMBER,
            )
        )
        app.answers["/pre"] = http(status=400)
        command = SendFromHandset(address=ANN, to=NUMBER, body="Hi")

        await account.do(command, Origin(source=Source.SMS))

        assert len(account.world[Messages]) == 0
        assert [text.body for text in account.world[Texts]] == ["Hi"]
        assert account.gate.journal[-1].command == replace(command, dropped=True)
        assert [request.form["EventType"] for request in app.received] == ["onMessageAdd"]

    async def test_a_text_is_changed_for_the_conversation_alone(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        account.world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=conversation.sid,
                messaging_binding_address=ANN,
                messaging_binding_proxy_address=NUMBER,
            )
        )
        app.answers["/pre"] = http('{"body": "Hello"}')

        await account.do(
            SendFromHandset(address=ANN, to=NUMBER, body="Hi"), Origin(source=Source.SMS)
        )

        assert [message.body for message in account.world[Messages]] == ["Hello"]
        assert [text.body for text in account.world[Texts]] == ["Hi"]
        assert [request.form["Source"] for request in app.received] == ["SMS", "SMS"]


class TestTexts:
    async def test_a_number_without_an_url_reports_nothing_and_says_so(
        self, account: Account, app: App
    ) -> None:
        await account.do(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))

        (decision,) = account.decisions
        assert (decision.sent, decision.url) == (False, None)
        assert decision.because.startswith(f"{NUMBER} has no SmsUrl: set it with ")

    async def deliver(self, account: Account) -> None:
        account.world.catch_up(account.world.now + timedelta(seconds=10))
        await account.webhooks.settled()

    async def send(self, account: Account, app: App, fragment: str = "") -> str:
        """The sid of a text that was sent and delivered."""
        text = await account.gate.perform(
            CreateText(
                account=ACCOUNT,
                from_=NUMBER,
                to=ANN,
                body="Hi",
                status_callback=f"{app.url}/status{fragment}",
            )
        )
        await self.deliver(account)
        return text.sid

    async def test_status_callbacks_arrive_in_order(self, account: Account, app: App) -> None:
        sid = await self.send(account, app)

        calls = [
            (request.form["MessageSid"], request.form["MessageStatus"])
            for request in app["/status"]
        ]
        assert calls == [(sid, "sent"), (sid, "delivered")]

    async def test_a_fault_sends_one_twice(self, account: Account, app: App) -> None:
        account.world.perform(AddFault(do=Fault(duplicate_callback=True)))
        await self.send(account, app)

        statuses = [request.form["MessageStatus"] for request in app["/status"]]
        tokens = [request.headers["i-twilio-idempotency-token"] for request in app["/status"]]
        assert statuses == ["sent", "sent", "delivered", "delivered"]
        assert tokens[0] == tokens[1] != tokens[2] == tokens[3]

    async def test_a_fault_turns_two_round(self, account: Account, app: App) -> None:
        account.world.perform(AddFault(do=Fault(reorder_callbacks=True)))
        await self.send(account, app)

        statuses = [request.form["MessageStatus"] for request in app["/status"]]
        assert statuses == ["delivered", "sent"]

    async def test_a_fault_drops_them(self, account: Account, app: App) -> None:
        account.world.perform(AddFault(do=Fault(drop_callback=True)))
        await self.send(account, app)

        assert app.received == []
        assert {decision.sent for decision in account.decisions} == {False}

    async def test_wrong_overrides_are_told(self, account: Account, app: App) -> None:
        await self.send(account, app, "#rc=9&rp=never")

        assert len(app["/status"]) == 2
        codes = [alert.error_code for alert in account.world[Alerts]]
        assert codes == [11243, 11240, 11243, 11240]

    async def test_a_captured_text_is_the_conversations(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        number = account.world[PhoneNumbers].at(NUMBER)
        assert number is not None
        account.world[PhoneNumbers].put(replace(number, sms_url=f"{app.url}/sms"))
        account.world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=conversation.sid,
                messaging_binding_address=ANN,
                messaging_binding_proxy_address=NUMBER,
            )
        )

        await account.do(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))

        assert app.received == []
        (decision,) = account.decisions
        assert decision.because == f"conversation {conversation.sid} captured it"


class TestItself:
    async def test_nothing_to_do_is_settled(self, account: Account) -> None:
        await account.webhooks.settled()

    async def test_closing_breaks_off_what_hangs(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        configure(account.world, app)
        app.answers["/post"] = forever
        account.gate.perform_now(saying(conversation, "Hi"), LOUD)
        await app.wait_for("/post")

        await account.webhooks.close()
        account.gate.perform_now(saying(conversation, "Ho"), LOUD)
        await account.webhooks.settled()

        assert len(app.received) == 1
        assert account.gate.ask is None

    async def test_closing_twice_is_no_worse(self, account: Account) -> None:
        await account.webhooks.close()

    async def test_what_nobody_foresaw_stops_one_webhook_and_not_the_next(
        self,
        account: Account,
        app: App,
        conversation: Conversation,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        configure(account.world, app)
        app.answers["/post"] = http(status=500)

        def full(_: object) -> None:
            raise OSError("No space left on device")

        account.gate.perform_now(saying(conversation, "a"), LOUD)
        account.gate.perform_now(saying(conversation, "b"), LOUD)
        account.gate.write = full
        with caplog.at_level(logging.ERROR):
            await account.webhooks.settled()

        assert len(app["/post"]) == 2
        assert "No space left on device" in caplog.text

    async def test_the_log_can_be_written_down(
        self, account: Account, app: App, conversation: Conversation
    ) -> None:
        from twilio_emulator.core.kernel.records import plain

        configure(account.world, app)
        app.answers["/pre"] = http("{}")
        await account.do(saying(conversation, "Hi"))

        kinds = ("webhook", "webhook-decision", "webhook-verdict")
        for entry in account.gate.log.after(0):
            if entry.kind in kinds:
                assert json.loads(json.dumps(plain(entry.content)))["event"]


class TestElsewhere:
    @pytest.mark.parametrize(
        ("url", "arrives"),
        [
            ("https://app.example.com/sms", "/sms"),
            ("https://app.example.com?a=1", "/?a=1"),
            ("https://app.example.com/v2/sms", "/new/sms"),
            ("https://app.example.com/v2", "/new"),
            ("https://app.example.comic/sms", None),
        ],
    )
    async def test_urls_that_begin_so_are_connected_to_another_place(
        self, account: Account, app: App, url: str, arrives: str | None
    ) -> None:
        rewrites = {
            "https://app.example.com": app.url,
            "https://app.example.com/v2/": f"{app.url}/new/",
            "https://app.example.comic": "http://127.0.0.1:9",
        }
        account.world.perform(ChangeCarrier(webhook_rewrites=rewrites))
        number = account.world[PhoneNumbers].at(NUMBER)
        assert number is not None
        account.world[PhoneNumbers].put(replace(number, sms_url=url))

        await account.do(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))

        assert [request.target for request in app.received] == ([arrives] if arrives else [])
        for got in app.received:
            signed = url.replace("com?", "com/?")
            assert got.headers["host"] == "app.example.com"
            assert RequestValidator(TOKEN).validate(
                signed, got.form, got.headers["x-twilio-signature"]
            )


class TestVerifications:
    @pytest.mark.parametrize("power", ["on", "off"])
    async def test_whoever_asked_is_told_how_it_ended(
        self, account: Account, app: App, power: str
    ) -> None:
        account.world.perform(UpsertHandset(address=ANN, power=power))
        validation = account.world.perform(
            RequestValidation(
                account=ACCOUNT, phone_number=ANN, status_callback=f"{app.url}/verified"
            )
        )
        account.world.perform(RequestValidation(account=ACCOUNT, phone_number="+12025550198"))
        account.world.catch_up(account.world.now)
        await account.webhooks.settled()

        (got,) = app.received
        assert (got.form["CallSid"], got.form["To"]) == (validation.call_sid, ANN)
        verified = {it.phone_number: it.sid for it in account.world[CallerIds]}
        assert got.form.get("OutgoingCallerIdSid") == verified.get(ANN)
        assert got.form["VerificationStatus"] == ("success" if power == "on" else "failed")
        assert RequestValidator(TOKEN).validate(
            f"{app.url}/verified", got.form, got.headers["x-twilio-signature"]
        )


async def test_a_call_is_made_once_more_with_all_that_it_said(
    world: World, app: App, account: Account, conversation: Conversation
) -> None:
    configure(world, app, pre_webhook_url="")
    await account.do(saying(conversation, "Hi"))
    (exchange,) = account.exchanges
    await account.webhooks.replay(dataclasses.replace(exchange, body=f"{exchange.body}&Nothing="))
    once, again = app.received
    assert again.form == {**once.form, "Nothing": ""}
