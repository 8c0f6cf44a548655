from datetime import timedelta
from typing import Any

import pytest

from tests.webhooks.conftest import (
    ACCOUNT,
    ANN,
    MESSAGING_SERVICE,
    NUMBER,
    Account,
    App,
    Received,
    http,
    twiml,
)
from twilio_emulator.core.accounts.debugger_alerts import Alert, Alerts
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import Origin, Source, World
from twilio_emulator.core.messaging.inbound import ReceiveText, SendFromHandset
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.senders.resources import MessagingServices, PhoneNumbers
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.media import Enclosure, TextMedia
from twilio_emulator.core.texts.text import Direction, Text, Texts

pytestmark = pytest.mark.anyio

OTHER = "+12025550101"
INBOUND = Origin(source=Source.SMS)


def set_number(world: World, address: str = NUMBER, **settings: Any) -> None:
    number = world[PhoneNumbers].at(address)
    assert number is not None
    world[PhoneNumbers].put(replace(number, **settings))


@pytest.fixture
async def number(account: Account, app: App) -> None:
    """The number's texts go to `/sms`, and to `/fallback` when that fails."""
    set_number(account.world, sms_url=f"{app.url}/sms", sms_fallback_url=f"{app.url}/fallback#rc=0")


def replies(account: Account) -> list[Text]:
    return [text for text in account.world[Texts] if text.direction is Direction.OUTBOUND_REPLY]


def alerts(account: Account) -> list[tuple[int, str, str]]:
    return [(it.error_code, it.log_level, it.alert_text) for it in account.world[Alerts]]


async def write(account: Account, **wanted: Any) -> Text:
    """Ann writes, and everything that follows happens."""
    wanted = {"address": ANN, "to": NUMBER, "body": "Hi"} | wanted
    await account.do(SendFromHandset(**wanted), INBOUND)
    return next(text for text in account.world[Texts] if text.direction is Direction.INBOUND)


@pytest.mark.usefixtures("number")
class TestReplies:
    async def test_in_the_order_of_the_document(self, account: Account, app: App) -> None:
        app.answers["/sms"] = twiml("<Message>One</Message><Message>Two</Message>")

        inbound = await write(account)

        (got,) = app.received
        assert (got.path, got.form["Body"], got.form["MessageSid"]) == ("/sms", "Hi", inbound.sid)
        one, two = replies(account)
        assert (one.body, one.sender, one.to) == ("One", NUMBER, ANN)
        assert two.body == "Two"
        assert alerts(account) == []

    async def test_a_bare_text_is_one(self, account: Account, app: App) -> None:
        app.answers["/sms"] = http("OK", content_type="text/plain")

        await write(account)

        assert [text.body for text in replies(account)] == ["OK"]

    @pytest.mark.parametrize("answer", [http(status=204), http(), twiml("")])
    async def test_none_at_all(self, account: Account, app: App, answer: bytes) -> None:
        app.answers["/sms"] = answer

        await write(account)

        assert replies(account) == []
        assert alerts(account) == []

    async def test_with_media_and_from_another_number(self, account: Account, app: App) -> None:
        app.answers["/sms"] = twiml(
            f'<Message to="(202) 555-0177" from="{OTHER}"><Media>/cat.jpg</Media></Message>'
        )

        await write(account)

        (reply,) = replies(account)
        (media,) = account.world[TextMedia]
        assert (reply.to, reply.sender, reply.num_media) == ("+12025550177", OTHER, 1)
        assert media.url == f"{app.url}/cat.jpg"

    async def test_on_the_channel_of_the_text(self, account: Account, app: App) -> None:
        sender = "whatsapp:+14155238886"
        set_number(account.world, sender, sms_url=f"{app.url}/sms", sandbox_code=None)
        app.answers["/sms"] = twiml(f'<Message to="{ANN}" from="+14155238886">Hi</Message>')

        await write(account, to=sender)

        (reply,) = replies(account)
        assert (reply.to, reply.sender) == (f"whatsapp:{ANN}", sender)

    async def test_from_a_name(self, account: Account, app: App) -> None:
        app.answers["/sms"] = twiml('<Message from="MyShop">Hi</Message>')

        await write(account)

        assert [text.sender for text in replies(account)] == ["MyShop"]

    @pytest.mark.parametrize(
        ("verb", "code", "words"),
        [
            ('<Message to="Ann">Hi</Message>', 14101, "to is no number: Ann"),
            (
                '<Message from="+12025550150">Hi</Message>',
                14102,
                "from is no number of the account: +12025550150",
            ),
            ("<Message/>", 14103, "a <Message> holds neither body nor media"),
            (f"<Message>{'x' * 1601}</Message>", 14103, "a body is longer than 1600"),
            (
                f"<Message>{'<Media>/x</Media>' * 11}</Message>",
                14103,
                "a <Message> holds more than 10 media",
            ),
        ],
    )
    async def test_what_cannot_be_sent_is_left_out(
        self, account: Account, app: App, verb: str, code: int, words: str
    ) -> None:
        app.answers["/sms"] = twiml(f"{verb}<Message>Next</Message>")

        await write(account)

        assert [text.body for text in replies(account)] == ["Next"]
        assert alerts(account) == [(code, "warning", words)]

    async def test_ten_at_most(self, account: Account, app: App) -> None:
        app.answers["/sms"] = twiml("<Message>x</Message>" * 12)

        await write(account)

        assert len(replies(account)) == 10
        assert alerts(account) == [(14109, "warning", "more than 10 replies")]

    async def test_unknown_verbs_are_skipped_with_a_warning(
        self, account: Account, app: App
    ) -> None:
        app.answers["/sms"] = twiml("<Say>Hello</Say><Message>Hi</Message>")

        await write(account)

        assert [text.body for text in replies(account)] == ["Hi"]
        assert alerts(account) == [(12200, "warning", "<Say> is no verb of messaging")]

    async def test_a_text_that_is_gone_is_not_answered(self, account: Account, app: App) -> None:
        def forget(_: Received) -> bytes:
            for text in list(account.world[Texts]):
                account.world[Texts].remove(text.sid)
            return twiml("<Message>Hi</Message>")

        app.answers["/sms"] = forget

        await account.do(SendFromHandset(address=ANN, to=NUMBER, body="Hi"), INBOUND)

        assert replies(account) == []


@pytest.mark.usefixtures("number")
class TestRedirects:
    async def test_the_next_document_replaces_the_rest(self, account: Account, app: App) -> None:
        app.answers["/sms"] = twiml(
            "<Message>One</Message><Redirect>next?a=1</Redirect><Message>Never</Message>"
        )
        app.answers["/next"] = twiml('<Redirect method="GET">/last</Redirect>')
        app.answers["/last"] = twiml("<Message>Two</Message>")

        await write(account)

        assert [text.body for text in replies(account)] == ["One", "Two"]
        first, second, third = app.received
        assert (second.target, second.method, second.form) == ("/next?a=1", "POST", first.form)
        assert (third.path, third.method, third.query) == ("/last", "GET", first.form)

    async def test_circles_end(self, account: Account, app: App) -> None:
        app.answers["/sms"] = twiml("<Redirect/>")

        await write(account)

        assert len(app.received) == 50
        assert alerts(account) == [(14106, "warning", "more than 50 documents")]

    async def test_a_get_that_leads_to_itself_says_everything_once(
        self, account: Account, app: App
    ) -> None:
        set_number(account.world, sms_url=f"{app.url}/sms?a=1", sms_method="GET")
        app.answers["/sms"] = lambda _: (
            twiml("") if len(app.received) == 2 else twiml('<Redirect method="GET"/>')
        )

        await write(account)

        first, second = app.received
        assert first.target == second.target
        assert first.target.startswith("/sms?a=1&")

    async def test_a_wrong_method_is_taken_for_post(self, account: Account, app: App) -> None:
        app.answers["/sms"] = twiml('<Redirect method="PUT">/next</Redirect>')

        await write(account)

        assert [request.method for request in app["/next"]] == ["POST"]
        assert alerts(account) == [(14104, "warning", "method is GET or POST, not PUT")]


@pytest.mark.usefixtures("number")
class TestFallback:
    @pytest.mark.parametrize(
        ("answer", "code", "words"),
        [
            (http("oops", 500), 11200, "answered 500"),
            (http("{}", content_type="application/json"), 12300, "the Content-Type"),
            (http("<Response>", content_type="text/xml"), 12100, "the answer is no XML"),
            (http("<html/>", content_type="text/html"), 12102, "the root element is <html>"),
        ],
    )
    async def test_it_is_asked_with_what_went_wrong(
        self, account: Account, app: App, answer: bytes, code: int, words: str
    ) -> None:
        app.answers["/sms"] = answer
        app.answers["/fallback"] = twiml("<Message>Later</Message>")

        inbound = await write(account)

        first, second = app.received
        assert second.form == first.form | {"ErrorCode": str(code), "ErrorUrl": f"{app.url}/sms"}
        assert [text.body for text in replies(account)] == ["Later"]
        (alert,) = account.world[Alerts]
        assert isinstance(alert, Alert)
        assert (alert.error_code, alert.log_level) == (code, "error")
        assert alert.alert_text.startswith(words)
        assert (alert.request_url, alert.request_method) == (f"{app.url}/sms", "POST")
        assert alert.request_variables == first.body
        assert alert.resource_sid == inbound.sid
        assert alert.response_body in answer.decode()
        assert alert.response_body

    async def test_passwords_are_nobodys_business(self, account: Account, app: App) -> None:
        host = app.url.removeprefix("http://")
        set_number(account.world, sms_url=f"http://ann:secret@{host}/sms#rc=0")
        app.answers["/sms"] = http(status=500)

        await write(account)

        assert app["/fallback"][0].form["ErrorUrl"] == f"{app.url}/sms"
        assert {alert.request_url for alert in account.world[Alerts]} == {f"{app.url}/sms"}

    async def test_it_is_asked_once(self, account: Account, app: App) -> None:
        app.answers["/sms"] = http(status=500)
        app.answers["/fallback"] = http(status=503)

        inbound = await write(account)

        assert [request.path for request in app.received] == ["/sms", "/fallback"]
        assert [code for code, _, _ in alerts(account)] == [11200, 11200]
        assert account.world[Texts][inbound.sid].status == "received"

    async def test_without_one_that_is_all(self, account: Account, app: App) -> None:
        set_number(account.world, sms_fallback_url=None)
        app.answers["/sms"] = http(status=500)

        await write(account)

        assert len(app.received) == 1

    async def test_a_redirect_that_fails_is_the_urls_own_error(
        self, account: Account, app: App
    ) -> None:
        app.answers["/sms"] = twiml("<Redirect>/next</Redirect>")
        app.answers["/next"] = http(status=404)

        await write(account)

        assert app["/fallback"][0].form["ErrorUrl"] == f"{app.url}/next"

    async def test_a_service_that_has_none_of_its_own(self, account: Account, app: App) -> None:
        service = account.world[MessagingServices][MESSAGING_SERVICE]
        account.world[MessagingServices].put(
            replace(
                service,
                use_inbound_webhook_on_number=False,
                inbound_request_url=f"{app.url}/service",
            )
        )
        app.answers["/service"] = http(status=500)

        await write(account)

        assert [request.path for request in app.received] == ["/service"]


@pytest.mark.usefixtures("number")
class TestActions:
    async def advance(self, account: Account) -> None:
        """What was queued is sent and delivered."""
        from datetime import timedelta

        account.world.catch_up(account.world.now + timedelta(seconds=10))
        await account.webhooks.settled()

    async def test_an_action_is_called_at_once_and_after_each_step(
        self, account: Account, app: App
    ) -> None:
        app.answers["/sms"] = twiml('<Message action="/done?a=1">One</Message>')
        app.answers["/done"] = http("OK", content_type="text/plain")

        await write(account)
        await self.advance(account)

        (reply,) = replies(account)
        calls = app["/done"]
        assert [call.form["MessageStatus"] for call in calls] == ["queued", "sent", "delivered"]
        assert {call.form["MessageSid"] for call in calls} == {reply.sid}
        assert {call.target for call in calls} == {"/done?a=1"}

    async def test_an_action_may_go_on(self, account: Account, app: App) -> None:
        app.answers["/sms"] = twiml(
            '<Message action="/done" method="GET">One</Message><Message>Never</Message>'
        )

        def done(request: Received) -> bytes:
            went_on = request.query["MessageStatus"] == "queued"
            return twiml("<Message>Two</Message>") if went_on else http()

        app.answers["/done"] = done

        await write(account)

        assert [text.body for text in replies(account)] == ["One", "Two"]

    @pytest.mark.parametrize(
        "answer",
        [
            twiml(""),
            http("<html>fine</html>", content_type="text/html"),
            http("OK", content_type="text/plain"),
        ],
    )
    async def test_other_answers_go_on_with_the_document(
        self, account: Account, app: App, answer: bytes
    ) -> None:
        app.answers["/sms"] = twiml('<Message action="/done">One</Message><Message>Two</Message>')
        app.answers["/done"] = answer

        await write(account)

        assert [text.body for text in replies(account)] == ["One", "Two"]
        assert alerts(account) == []

    async def test_an_action_that_fails_is_told_to_developers(
        self, account: Account, app: App
    ) -> None:
        app.answers["/sms"] = twiml('<Message action="/done">One</Message><Message>Two</Message>')
        app.answers["/done"] = http(status=500)

        await write(account)

        assert [text.body for text in replies(account)] == ["One", "Two"]
        assert alerts(account) == [(11200, "warning", "answered 500")]
        assert app["/fallback"] == []

    async def test_an_action_hears_of_what_could_not_be_sent(
        self, account: Account, app: App
    ) -> None:
        app.answers["/sms"] = twiml('<Message action="/done"/>')

        await write(account)

        (call,) = app["/done"]
        assert (call.form["MessageStatus"], call.form["SmsStatus"]) == ("invalid", "invalid")
        assert call.form["From"] == ANN
        assert call.body.count("SmsStatus=") == 1

    async def test_documents_of_actions_count(self, account: Account, app: App) -> None:
        app.answers["/sms"] = app.answers["/done"] = twiml(
            '<Message action="/done">x</Message><Redirect>/sms</Redirect>'
        )

        await write(account)

        assert (len(replies(account)), len(app["/done"]), len(app.received)) == (10, 10, 50)
        assert [code for code, _, _ in alerts(account)] == [14109, 14106]

    async def test_the_last_document_may_ask_for_no_more(self, account: Account, app: App) -> None:
        last = twiml('<Message action="/done">One</Message>')
        app.answers["/sms"] = lambda _: (
            last if len(app["/sms"]) == 50 else twiml("<Redirect>/sms</Redirect>")
        )

        await write(account)

        assert [text.body for text in replies(account)] == ["One"]
        assert app["/done"] == []
        assert [code for code, _, _ in alerts(account)] == [14106]

    async def test_an_mms_has_a_status_callback_instead(self, account: Account, app: App) -> None:
        both = 'action="/done" statusCallback="/status"'
        app.answers["/sms"] = twiml(
            f"<Message {both}>One</Message><Message {both}><Media>/cat</Media></Message>"
            '<Message statusCallback="/status" method="GET">Three</Message>'
        )

        await write(account)

        assert [
            (text.status_callback, text.status_callback_method) for text in replies(account)
        ] == [
            (f"{app.url}/done", "POST"),
            (f"{app.url}/status", "POST"),
            (f"{app.url}/status", "GET"),
        ]

    async def test_a_callback_that_is_no_url_is_left_aside(
        self, account: Account, app: App
    ) -> None:
        app.answers["/sms"] = twiml('<Message statusCallback="mailto:ann">One</Message>')

        await write(account)

        assert [text.status_callback for text in replies(account)] == [None]
        assert alerts(account) == [(14105, "warning", "not an URL: mailto:ann")]


@pytest.mark.usefixtures("number")
class TestCookies:
    async def test_a_pair_has_its_own_for_four_hours(self, account: Account, app: App) -> None:
        from datetime import timedelta

        app.answers["/sms"] = http(Set_Cookie="visit=1")
        clock = account.world.clock

        await write(account)
        await write(account)
        await write(account, address="+12025550177")
        clock.set(clock.now() + timedelta(hours=3))
        await write(account)
        clock.set(clock.now() + timedelta(hours=4, seconds=1))
        await write(account)

        cookies = [request.headers.get("cookie") for request in app.received]
        assert cookies == [None, "visit=1", None, "visit=1", None]


@pytest.mark.usefixtures("number")
async def test_media_reach_the_app(account: Account, app: App) -> None:
    await write(account, media=(Enclosure(content_type="image/png", size=1, digest="d"),))

    assert app.received[0].form["MediaUrl0"].startswith("http://localhost:8008/api.twilio.com/")


@pytest.mark.usefixtures("number")
class TestRates:
    async def test_a_phone_gets_as_many_replies_as_the_carrier_says(
        self, account: Account, app: App
    ) -> None:
        app.answers["/sms"] = twiml("<Message>One</Message><Message>Two</Message>")
        account.world.perform(ChangeCarrier(reply_limit=3))

        for _ in range(2):
            await write(account)
        assert [text.body for text in replies(account)] == ["One", "Two", "One"]
        assert [code for code, *_ in alerts(account)] == [14107]

        await write(account, address="+12025550198")
        assert len(replies(account)) == 5

        account.world.clock.set(account.world.clock.now() + timedelta(seconds=30))
        await write(account)
        assert len(replies(account)) == 7

    async def test_without_a_limit_it_gets_all(self, account: Account, app: App) -> None:
        app.answers["/sms"] = twiml("<Message>One</Message>" * 10)
        for _ in range(3):
            await write(account)
        assert len(replies(account)) == 30

    async def test_numbers_that_answer_each_other_are_stopped(
        self, account: Account, app: App
    ) -> None:
        app.answers["/sms"] = twiml("<Message>No, you</Message>")
        set_number(account.world, OTHER, sms_url=f"{app.url}/sms")
        text = account.world.perform(
            CreateText(account=ACCOUNT, from_=NUMBER, to=OTHER, body="You")
        )
        bounced = 0
        while text is not None and bounced < 100:
            account.world.clock.set(account.world.clock.now() + timedelta(milliseconds=200))
            account.world.catch_up(account.world.clock.now())
            await account.do(ReceiveText(text=text.sid), INBOUND)
            bounced += 1
            last = replies(account)[-1]
            text = None if last.sid == text.sid else last
        assert len(replies(account)) == 30
        assert 14107 in [code for code, *_ in alerts(account)]

    async def test_a_number_for_calls_alone_sends_none(self, account: Account, app: App) -> None:
        set_number(account.world, OTHER, sms=False)
        app.answers["/sms"] = twiml(f'<Message from="{OTHER}">Hi</Message>')
        await write(account)
        assert replies(account) == []
        assert alerts(account)[0][:2] == (14108, "warning")

    async def test_a_number_of_another_account_sends_none(self, account: Account, app: App) -> None:
        set_number(account.world, OTHER, account_sid="AC" + "2" * 32)
        app.answers["/sms"] = twiml(f'<Message from="{OTHER}">Hi</Message>')
        await write(account)
        assert alerts(account)[0][:2] == (14102, "warning")
