"""Why an app was told nothing: once for each cause, and only where it helps."""

from datetime import timedelta

import pytest

from tests.webhooks.conftest import ACCOUNT, ANN, MESSAGING_SERVICE, NUMBER, SERVICE, Account
from twilio_emulator.core.conversations.address_configurations import AddAddressConfiguration
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import Conversations
from twilio_emulator.core.conversations.scoped_webhooks import AddScopedWebhook
from twilio_emulator.core.conversations.webhook_configurations import (
    ConfigureAccountWebhooks,
    ConfigureServiceWebhooks,
)
from twilio_emulator.core.kernel.world import LOUD, QUIET, Origin
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.senders.messaging_services import (
    AddMessagingService,
    UpdateMessagingService,
)
from twilio_emulator.core.senders.number_orders import ReleaseNumber, UpdateNumber
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.senders.twiml_apps import AddApplication
from twilio_emulator.core.senders.whatsapp_senders import UpdateChannelSender
from twilio_emulator.core.texts.text import Texts, TextStatus
from twilio_emulator.webhooks.messaging.hints import why_not_reported

pytestmark = pytest.mark.anyio

WHATSAPP = "whatsapp:+14155238886"
URL = "http://127.0.0.1:9/hook"


async def text(account: Account, to: str = NUMBER, body: str = "hi") -> None:
    await account.do(SendFromHandset(address=ANN, to=to, body=body))


def causes(account: Account) -> list[str]:
    return [hint.cause for hint in account.hints]


def number_sid(account: Account, address: str = NUMBER) -> str:
    number = account.world[PhoneNumbers].at(address)
    assert number is not None
    return number.sid


async def set_number(account: Account, **changes: str) -> None:
    await account.do(UpdateNumber(account=ACCOUNT, number=number_sid(account), **changes))


class TestTexts:
    async def test_a_number_without_an_url_is_told_once(self, account: Account) -> None:
        for _ in range(3):
            await text(account)
        (hint,) = account.hints
        assert (hint.cause, hint.about) == ("no-sms-url", NUMBER)
        assert hint.words.startswith(
            f"{NUMBER} has no SmsUrl: set it with "
            f'client.incoming_phone_numbers("{number_sid(account)}").update(sms_url=...)'
        )
        assert f"PATCH /_emulator/v1/numbers/{NUMBER}" in hint.words
        assert "on the Numbers page" in hint.words
        assert hint.subject in account.world[Texts]
        assert [decision.because for decision in account.decisions] == [hint.words] * 3
        await text(account, "+12025550101")
        assert [hint.about for hint in account.hints] == [NUMBER, "+12025550101"]

    async def test_it_is_told_again_once_the_log_has_lost_it(self, account: Account) -> None:
        await text(account)
        account.gate.log.clear()
        await text(account)
        assert causes(account) == ["no-sms-url"]

    async def test_nothing_is_said_where_an_app_is_told(self, account: Account) -> None:
        await set_number(account, sms_url=URL)
        await text(account)
        assert account.hints == []
        assert [decision.sent for decision in account.decisions] == [True]

    async def test_a_whatsapp_sender_without_an_url(self, account: Account) -> None:
        await text(account, WHATSAPP)
        (hint,) = account.hints
        assert hint.about == WHATSAPP
        assert hint.words.startswith(f"{WHATSAPP} has no webhook: set its callback_url")
        sid = number_sid(account, WHATSAPP)
        await account.do(
            UpdateChannelSender(account=ACCOUNT, number=sid, webhook={"callback_url": URL})
        )
        await text(account, WHATSAPP)
        assert len(account.hints) == 1

    async def test_an_application_without_an_url(self, account: Account) -> None:
        app = account.world.perform(AddApplication(account=ACCOUNT, friendly_name="app"))
        await set_number(account, sms_application_sid=app.sid, sms_url=URL)
        await text(account)
        (hint,) = account.hints
        assert hint.about == app.sid
        assert f"{app.sid}, which {NUMBER} leaves its texts to, has no SmsUrl" in hint.words

    async def test_a_service_that_takes_texts_and_reports_none(self, account: Account) -> None:
        await set_number(account, sms_url=URL)
        await account.do(
            UpdateMessagingService(
                account=ACCOUNT,
                messaging_service=MESSAGING_SERVICE,
                use_inbound_webhook_on_number=False,
            )
        )
        await text(account)
        (hint,) = account.hints
        assert hint.about == MESSAGING_SERVICE
        assert f"{MESSAGING_SERVICE} takes the texts of its numbers" in hint.words
        assert "has no InboundRequestUrl: set it with" in hint.words
        assert [decision.because for decision in account.decisions] == [hint.words]

    async def test_a_service_whose_url_is_not_called(self, account: Account) -> None:
        await account.do(
            UpdateMessagingService(
                account=ACCOUNT,
                messaging_service=MESSAGING_SERVICE,
                inbound_request_url=URL,
                use_inbound_webhook_on_number=True,
            )
        )
        await text(account)
        (hint,) = account.hints
        assert f"the InboundRequestUrl of {MESSAGING_SERVICE} is not called" in hint.words

    async def test_a_number_that_is_not_in_the_service(self, account: Account) -> None:
        service = account.world.perform(
            AddMessagingService(account=ACCOUNT, friendly_name="x", inbound_request_url=URL)
        )
        await text(account)
        (hint,) = account.hints
        assert f"it is not in the pool of {service.sid}" in hint.words

    async def test_a_number_that_is_gone(self, account: Account) -> None:
        await text(account)
        (received,) = account.world[Texts]
        await account.do(ReleaseNumber(account=ACCOUNT, number=number_sid(account)))
        about, words = why_not_reported(account.world, received)
        assert about == NUMBER
        assert words.startswith(f"{NUMBER} is no number of the account any more")

    async def test_a_callback_that_is_for_calls(self, account: Account) -> None:
        await set_number(account, status_callback=URL)
        wish = CreateText(account=ACCOUNT, to=ANN, from_=NUMBER, body="x")
        for _ in range(2):
            await account.do(wish)
        first = next(iter(account.world[Texts])).sid
        while account.world[Texts][first].status is not TextStatus.DELIVERED:
            assert account.hints == []  # they are on their way yet
            account.world.catch_up(account.world.now + timedelta(milliseconds=100))
        (hint,) = account.hints
        assert (hint.cause, hint.about) == ("callback-of-calls", NUMBER)
        assert f"the StatusCallback of {NUMBER} is for calls" in hint.words

    async def test_nothing_is_said_of_texts_that_nobody_asked_about(self, account: Account) -> None:
        await account.do(CreateText(account=ACCOUNT, to=ANN, from_=NUMBER, body="x"))
        account.world.catch_up(account.world.now + timedelta(minutes=1))
        assert account.hints == []


class TestCapturedTexts:
    async def talk(self, account: Account, *, with_chat: bool = False) -> str:
        talk = account.world.perform(AddConversation(service=SERVICE))
        account.world.perform(
            AddParticipant(
                service=SERVICE,
                conversation=talk.sid,
                messaging_binding_address=ANN,
                messaging_binding_proxy_address=NUMBER,
            )
        )
        if with_chat:
            account.world.perform(
                AddParticipant(service=SERVICE, conversation=talk.sid, identity="alice")
            )
        sid: str = talk.sid
        return sid

    async def test_nobody_hears_of_it(self, account: Account) -> None:
        sid = await self.talk(account)
        await text(account)
        await text(account)
        (hint,) = account.hints
        assert (hint.cause, hint.about) == ("captured", SERVICE)
        assert f"conversation {sid} has taken what {ANN} wrote to {NUMBER}" in hint.words
        assert "set PostWebhookUrl with the filter onMessageAdded" in hint.words

    async def test_a_client_may_hear_of_it(self, account: Account) -> None:
        await self.talk(account, with_chat=True)
        await text(account)
        assert account.hints == []
        await set_number(account, sms_url=URL)
        await text(account)
        assert causes(account) == ["captured"]

    async def test_a_webhook_hears_of_it(self, account: Account) -> None:
        sid = await self.talk(account)
        await account.do(
            AddScopedWebhook(
                service=SERVICE,
                conversation=sid,
                target="webhook",
                configuration_url=URL,
                configuration_filters=("onMessageAdded",),
            )
        )
        await text(account)
        assert account.hints == []

    async def test_the_account_hears_of_it(self, account: Account) -> None:
        await self.talk(account)
        await account.do(
            ConfigureAccountWebhooks(
                account=ACCOUNT, post_webhook_url=URL, filters=("onMessageAdded",)
            )
        )
        await text(account)
        assert account.hints == []

    async def test_one_that_opened_its_conversation(self, account: Account) -> None:
        await account.do(
            AddAddressConfiguration(
                account=ACCOUNT, type="sms", address=NUMBER, auto_creation_enabled=True
            )
        )
        await text(account)
        assert causes(account) == ["captured"]


class TestConversations:
    async def say(self, account: Account, origin: Origin = LOUD, body: str = "x") -> None:
        talk = next(iter(account.world[Conversations]), None)
        if talk is None:
            talk = await account.gate.perform(AddConversation(service=SERVICE), LOUD)
        wish = PostMessage(service=SERVICE, conversation=talk.sid, body=body)
        await account.do(wish, origin)

    async def test_nothing_is_said_where_nothing_is_configured(self, account: Account) -> None:
        await self.say(account)
        assert account.hints == []

    @pytest.mark.parametrize(
        ("wish", "cause", "words"),
        [
            ({"post_webhook_url": URL}, "no-filters", "have an URL but no filters"),
            ({"pre_webhook_url": URL}, "no-filters", "have an URL but no filters"),
            (
                {"pre_webhook_url": URL, "filters": ("onMessageAdded",)},
                "no-post-url",
                "name onMessageAdded, which goes to PostWebhookUrl",
            ),
            (
                {"post_webhook_url": URL, "filters": ("onMessageAdd",)},
                "pre-event",
                "name onMessageAdd, which goes to PreWebhookUrl",
            ),
        ],
    )
    async def test_what_is_wrong_with_the_webhooks(
        self, account: Account, wish: dict[str, object], cause: str, words: str
    ) -> None:
        await account.do(ConfigureAccountWebhooks(account=ACCOUNT, **wish))
        await self.say(account)
        await self.say(account)
        (hint,) = account.hints
        assert (hint.cause, hint.about) == (cause, ACCOUNT)
        assert hint.words.startswith(f"the webhooks of the account {words}")
        assert "PATCH /_emulator/v1/conversation-webhooks" in hint.words
        await account.do(ConfigureServiceWebhooks(service=SERVICE, **wish))
        await self.say(account)
        assert account.hints[-1].about == SERVICE
        assert f"PATCH /_emulator/v1/services/{SERVICE}" in account.hints[-1].words

    async def test_filters_that_leave_something_out_are_meant_so(self, account: Account) -> None:
        await account.do(
            ConfigureAccountWebhooks(
                account=ACCOUNT, post_webhook_url=URL, filters=("onParticipantAdded",)
            )
        )
        await self.say(account)
        assert account.hints == []

    async def test_a_request_without_the_header(self, account: Account) -> None:
        await account.do(
            ConfigureAccountWebhooks(
                account=ACCOUNT, post_webhook_url=URL, filters=("onMessageAdded",)
            )
        )
        await self.say(account)
        assert account.hints == []
        await self.say(account, QUIET)
        await self.say(account, QUIET)
        (hint,) = account.hints
        assert (hint.cause, hint.about) == ("not-enabled", ACCOUNT)
        assert "X-Twilio-Webhook-Enabled: true" in hint.words

    async def test_webhooks_of_the_account_that_are_replaced(self, account: Account) -> None:
        await account.do(
            ConfigureAccountWebhooks(
                account=ACCOUNT, post_webhook_url=URL, filters=("onMessageAdded",)
            )
        )
        await account.do(
            ConfigureServiceWebhooks(
                service=SERVICE, post_webhook_url=URL, filters=("onUserAdded",)
            )
        )
        await self.say(account)
        (hint,) = account.hints
        assert (hint.cause, hint.about) == ("replaced", SERVICE)
        assert "replace those of the account, whose filters name onMessageAdded" in hint.words

    @pytest.mark.parametrize(
        ("target", "cause", "words"),
        [
            ("trigger", "no-keyword", "is called for messages with a keyword only (help, agent)"),
            ("studio", "studio", "starts a flow of Studio"),
        ],
    )
    async def test_a_webhook_of_one_conversation(
        self, account: Account, target: str, cause: str, words: str
    ) -> None:
        talk = account.world.perform(AddConversation(service=SERVICE))
        wish = (
            {"configuration_url": URL, "configuration_triggers": ("help", "agent")}
            if target == "trigger"
            else {"configuration_flow_sid": "FW" + "1" * 32}
        )
        webhook = await account.gate.perform(
            AddScopedWebhook(service=SERVICE, conversation=talk.sid, target=target, **wish)
        )
        await self.say(account)
        await self.say(account)
        (hint,) = account.hints
        assert (hint.cause, hint.about, hint.subject) == (cause, webhook.sid, talk.sid)
        assert hint.words.startswith(f"{webhook.sid} {words}")
