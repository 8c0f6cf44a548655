"""How codes arrive besides by SMS, through Twilio's own library."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.verify.v2.service import ServiceContext

from tests.rest.conftest import ACCOUNT, ANN
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.call_resources import PhoneCall, PhoneCalls
from twilio_emulator.core.phones.calls import HangUp, PressDigits
from twilio_emulator.core.phones.inbox import InboxItem, InboxItems
from twilio_emulator.core.phones.mailboxes import Mail, Mails
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import ApiError, Fault, Final, Match
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.verify.resources import Attempt, VerifyAttempts, VerifyServices
from twilio_emulator.core.verify.templates import AddVerifyTemplate, TemplateTranslation

Advance = Callable[..., None]

SERVICE = "VA00000000000000000000000000000001"
MAIL = "Ann@Example.com"
WHATSAPP = "whatsapp:+14155238886"


@pytest.fixture
def service(client: Client) -> ServiceContext:
    """The service that the account begins with."""
    return client.verify.v2.services(SERVICE)


def change(world: World, **changes: Any) -> None:
    """Set what REST cannot."""
    services = world[VerifyServices]
    services.put(replace(services[SERVICE], **changes))


def call(world: World) -> PhoneCall:
    (found,) = world[PhoneCalls]
    return found


def attempts(world: World) -> list[Attempt]:
    return list(world[VerifyAttempts])


def items(world: World) -> list[InboxItem]:
    return list(world[InboxItems])


def mail(world: World) -> Mail:
    return list(world[Mails])[-1]


def refused(create: Callable[..., Any], **said: Any) -> tuple[int, int, str]:
    with pytest.raises(TwilioRestException) as error:
        create(**said)
    return error.value.status, error.value.code, error.value.msg.split(": ", 1)[1]


class TestCalls:
    def test_the_code_is_told_after_a_key(
        self, service: ServiceContext, world: World, advance: Advance
    ) -> None:
        made = service.verifications.create(to=ANN, channel="call", send_digits="ww12#")
        assert (made.channel, made.send_code_attempts[0]["channel"]) == ("call", "call")
        (attempt,) = attempts(world)
        assert attempt.call_status == "queued"
        advance(seconds=1)
        assert call(world).spoken == ("Press any key to hear your code.",)
        assert (call(world).send_digits, call(world).caller) == ("ww12#", "+12025550111")
        world.perform(PressDigits(address=ANN, call=call(world).sid, digits="1"))
        (code,) = call(world).codes
        assert call(world).spoken[1].endswith(f"verification code is: {', '.join(code)}")
        assert attempts(world)[0].call_status == "in-progress"
        assert service.verification_checks.create(to=ANN, code=code).valid
        advance(minutes=1)
        assert attempts(world)[0].call_status == "completed"

    def test_the_code_is_told_at_once_where_no_key_is_wanted(
        self, service: ServiceContext, world: World, advance: Advance
    ) -> None:
        service.update(dtmf_input_required=False)
        service.verifications.create(to=ANN, channel="call", locale="de")
        advance(seconds=1)
        assert len(call(world).codes[0]) == 6
        assert "Bestätigungscode" in call(world).spoken[0]
        assert call(world).language == "de"

    @pytest.mark.parametrize(
        ("settings", "status"),
        [({"power": "off"}, "no-answer"), ({"calls": "busy"}, "busy")],
    )
    def test_an_attempt_follows_its_call(
        self,
        service: ServiceContext,
        world: World,
        advance: Advance,
        settings: dict[str, str],
        status: str,
    ) -> None:
        world.perform(UpsertHandset(address=ANN, **settings))
        made = service.verifications.create(to=ANN, channel="call")
        advance(seconds=1)
        assert attempts(world)[0].call_status == status
        assert service.verifications(made.sid).fetch().status == "pending"

    def test_a_call_that_is_turned_away(
        self, service: ServiceContext, world: World, advance: Advance
    ) -> None:
        world.perform(UpsertHandset(address=ANN, calls="hold"))
        service.verifications.create(to=ANN, channel="call")
        advance(seconds=1)
        assert attempts(world)[0].call_status == "ringing"
        world.perform(HangUp(address=ANN, call=call(world).sid))
        assert attempts(world)[0].call_status == "busy"

    def test_faults_for_calls(
        self, service: ServiceContext, world: World, advance: Advance
    ) -> None:
        final = Final(status="failed", error_code=30008)
        world.perform(AddFault(match=Match(channel="call"), do=Fault(final=final)))
        service.verifications.create(to=ANN, channel="call")
        advance(seconds=1)
        assert (attempts(world)[0].call_status, attempts(world)[0].error_code) == ("failed", 30008)

    def test_a_number_that_no_phone_has(self, service: ServiceContext, world: World) -> None:
        world.perform(ChangeCarrier(auto_provision=False))
        service.verifications.create(to=ANN, channel="call")
        assert attempts(world)[0].call_status == "failed"

    def test_a_language_that_no_voice_speaks(self, service: ServiceContext) -> None:
        create = service.verifications.create
        assert refused(create, to=ANN, channel="call", locale="et")[:2] == (400, 60331)
        create(to=ANN, channel="sms", locale="et")


class TestMail:
    def test_it_is_in_its_mailbox_at_once(self, service: ServiceContext, world: World) -> None:
        made = service.verifications.create(to=MAIL, channel="email")
        assert (made.to, made.channel, made.lookup) == (MAIL, "email", {})
        (code,) = mail(world).codes
        assert mail(world).subject.startswith(f"{code} is your ")
        assert f"verification code is: {code}" in mail(world).text
        assert mail(world).substitutions["twilio_code"] == code
        assert code in mail(world).substitutions["twilio_message"]
        assert mail(world).sender == "verify@example.com"
        assert dict(mail(world).about)["verification_sid"] == made.sid
        assert attempts(world)[0].message_status == "delivered"
        assert service.verification_checks.create(to=MAIL, code=code).valid

    def test_a_request_may_say_how(self, service: ServiceContext, world: World) -> None:
        variables = {
            "callback_url": "https://app.test/in?c={{twilio_code}}",
            "n": 1,
            "is_new": True,
            "order": {"items": ["Tee"], "note": None},
        }
        said = {
            "template_id": "d-1",
            "from": "shop@example.org",
            "from_name": "Shop",
            "substitutions": variables,
        }
        service.verifications.create(to=MAIL, channel="email", channel_configuration=said)
        it = mail(world)
        assert (it.template_id, it.sender, it.sender_name) == ("d-1", "shop@example.org", "Shop")
        assert it.links == (f"https://app.test/in?c={it.codes[0]}",)
        assert (it.substitutions["n"], it.substitutions["is_new"]) == ("1", "true")
        assert it.substitutions["order"] == '{"items": ["Tee"], "note": null}'

    @pytest.mark.parametrize(
        "said",
        [{"from": "nobody"}, {"from": 1}, {"template_id": {}}, {"substitutions": [1]}],
    )
    def test_what_a_request_cannot_say(
        self, service: ServiceContext, world: World, said: dict[str, Any]
    ) -> None:
        answer = refused(
            service.verifications.create, to=MAIL, channel="email", channel_configuration=said
        )
        assert answer[:2] == (400, 60200)
        assert "ChannelConfiguration" in answer[2]
        assert not len(world[Mails])

    def test_a_payment_is_told(self, service: ServiceContext, world: World) -> None:
        service.update(psd2_enabled=True)
        said = {"amount": "€39.99", "payee": "Shop"}
        service.verifications.create(to=MAIL, channel="email", **said)
        assert "for a payment of €39.99 to Shop is: " in mail(world).text

    def test_a_fault_for_mail(self, service: ServiceContext, world: World) -> None:
        final = Final(status="undelivered", error_code=30008)
        wish = AddFault(match=Match(channel="email", to=MAIL), do=Fault(final=final), times=1)
        world.perform(wish)
        service.verifications.create(to=MAIL, channel="email")
        assert not len(world[Mails])
        assert (attempts(world)[0].message_status, attempts(world)[0].error_code) == (
            "undelivered",
            30008,
        )
        service.verifications.create(to=MAIL, channel="email")
        assert len(world[Mails]) == 1

    def test_a_service_without_mail(self, service: ServiceContext, world: World) -> None:
        integration = world[VerifyServices][SERVICE].email_integration
        change(world, email_integration=replace(integration, on=False))
        create = service.verifications.create
        assert refused(create, to=MAIL, channel="email")[:2] == (400, 60217)
        change(world, email_integration=integration)
        world.perform(ChangeCarrier(profile="strict-us"))
        assert refused(create, to=MAIL, channel="email")[:2] == (400, 60217)
        change(world, email_integration=replace(integration, sender="shop@example.com"))
        create(to=MAIL, channel="email")
        assert mail(world).sender == "shop@example.com"


class TestWhatsApp:
    def test_the_template_copies_the_code(
        self, service: ServiceContext, client: Client, world: World, advance: Advance
    ) -> None:
        made = service.verifications.create(to=ANN, channel="whatsapp")
        assert made.send_code_attempts[0]["channel"] == "whatsapp"
        advance(seconds=1)
        (item,) = items(world)
        (code,) = item.codes
        assert (item.channel, item.peer) == ("whatsapp", WHATSAPP)
        assert item.content is not None
        data = json.loads(item.content.data)
        assert data["body"] == f"*{code}* is your verification code."
        assert data["footer"] == "This code expires in 10 minutes."
        assert data["actions"][0]["copy_code_text"] == "Copy code"
        assert attempts(world)[0].message_status == "delivered"
        assert client.messages.list() == []
        assert service.verification_checks.create(to=ANN, code=code).valid

    @pytest.mark.parametrize(
        ("locale", "body", "button"),
        [
            ("pt", "é o teu código", "Copiar código"),
            ("pt-BR", "é seu código", "Copiar código"),
            ("sv", "är din verifieringskod", "Copy code"),
        ],
    )
    def test_languages(
        self,
        service: ServiceContext,
        world: World,
        advance: Advance,
        locale: str,
        body: str,
        button: str,
    ) -> None:
        service.update(do_not_share_warning_enabled=True)
        service.verifications.create(to=ANN, channel="whatsapp", locale=locale)
        advance(seconds=1)
        (item,) = items(world)
        assert body in item.body
        assert item.content is not None
        assert json.loads(item.content.data)["actions"][0]["copy_code_text"] == button

    def test_it_may_come_whenever(
        self, service: ServiceContext, world: World, advance: Advance
    ) -> None:
        """An authentication template needs no window."""
        service.verifications.create(to=ANN, channel="whatsapp")
        advance(days=3)
        service.verifications.create(to=ANN, channel="whatsapp")
        advance(seconds=1)
        assert [each.state for each in items(world)] == ["displayed", "displayed"]

    def test_a_sender_of_the_services_own(
        self, service: ServiceContext, client: Client, world: World, advance: Advance
    ) -> None:
        pool = client.messaging.v1.services.create(friendly_name="codes")
        sender = world[PhoneNumbers].at(WHATSAPP)
        assert sender is not None
        world[PhoneNumbers].put(replace(sender, messaging_service_sid=str(pool.sid)))
        service.update(whatsapp_msg_service_sid=str(pool.sid))
        service.verifications.create(to=ANN, channel="whatsapp")
        advance(seconds=1)
        assert items(world)[0].peer == WHATSAPP
        (message,) = client.messages.list()
        assert message.messaging_service_sid == pool.sid
        service.update(whatsapp_msg_service_sid="", whatsapp_from=WHATSAPP)
        service.verifications.create(to=ANN, channel="whatsapp")
        advance(seconds=1)
        assert [each.peer for each in items(world)] == [WHATSAPP] * 2
        assert len(client.messages.list()) == 1

    def test_without_a_sender(self, service: ServiceContext, client: Client, world: World) -> None:
        create = service.verifications.create
        change(world, whatsapp_from="whatsapp:+12025550177")
        answer = refused(create, to=ANN, channel="whatsapp")
        assert answer == (400, 68008, "Verify WhatsApp channel not configured")
        other = client.api.accounts.create(friendly_name="other")
        number = world[PhoneNumbers].at(WHATSAPP)
        assert number is not None
        world[PhoneNumbers].put(replace(number, account_sid=str(other.sid)))
        change(world, whatsapp_from=WHATSAPP)
        assert refused(create, to=ANN, channel="whatsapp")[1] == 68008
        change(world, whatsapp_from=None)
        assert refused(create, to=ANN, channel="whatsapp")[1] == 68008
        world[PhoneNumbers].put(number)
        change(world, whatsapp_from=None, whatsapp_msg_service_sid="MG1")
        assert refused(create, to=ANN, channel="whatsapp")[1] == 68008
        change(world, whatsapp_msg_service_sid=None)
        world.perform(ChangeCarrier(profile="strict-us"))
        assert refused(create, to=ANN, channel="whatsapp")[1] == 68008

    def test_payments_are_not_sent_so(self, service: ServiceContext) -> None:
        service.update(psd2_enabled=True)
        said = {"to": ANN, "channel": "whatsapp", "amount": "1", "payee": "A"}
        assert refused(service.verifications.create, **said)[:2] == (403, 60204)

    def test_a_phone_without_whatsapp_gets_an_sms_where_that_is_allowed(
        self, service: ServiceContext, world: World, advance: Advance
    ) -> None:
        world.perform(UpsertHandset(address=ANN, channels=("sms",)))
        service.verifications.create(to=ANN, channel="whatsapp")
        advance(seconds=1)
        lost = attempts(world)[0]
        assert (items(world), lost.message_status, lost.error_code) == ([], "undelivered", 63024)
        said = {"whatsapp": {"enabled": True}, "sms": {"enabled": True}}
        made = service.verifications.create(
            to=ANN, channel="whatsapp", channel_configuration=said, custom_friendly_name="Shop"
        )
        advance(seconds=1)
        (item,) = items(world)
        assert item.channel == "sms"
        assert item.body == f"Your Shop verification code is: {item.codes[0]}"
        now = service.verifications(made.sid).fetch()
        assert now.channel == "sms"
        assert [each["channel"] for each in now.send_code_attempts] == [
            "whatsapp",
            "whatsapp",
            "sms",
        ]
        assert attempts(world)[-1].message_status == "delivered"
        assert service.verification_checks.create(to=ANN, code=item.codes[0]).valid

    @pytest.mark.parametrize(
        ("text", "arrives"),
        [
            ("{{code}} is for {{friendly_name}}.", "{code} is for twilio-emulator."),
            ("{{code}} for {{order}}", "Your twilio-emulator verification code is: {code}"),
        ],
    )
    def test_that_sms_is_in_the_services_default_template(
        self, service: ServiceContext, world: World, advance: Advance, text: str, arrives: str
    ) -> None:
        world.perform(UpsertHandset(address=ANN, channels=("sms",)))
        template = world.perform(
            AddVerifyTemplate(
                account=ACCOUNT,
                friendly_name="Login",
                channels=("sms",),
                translations=(TemplateTranslation(locale="en", text=text),),
            )
        )
        service.update(default_template_sid=template.sid)
        said = {"sms": {"enabled": True}}
        service.verifications.create(to=ANN, channel="whatsapp", channel_configuration=said)
        advance(seconds=1)
        (item,) = items(world)
        assert item.body == arrives.format(code=item.codes[0])

    @pytest.mark.parametrize("said", [{"sms": {"enabled": False}}, {"sms": 1}, {}])
    def test_what_allows_no_sms(
        self, service: ServiceContext, world: World, advance: Advance, said: dict[str, Any]
    ) -> None:
        world.perform(UpsertHandset(address=ANN, channels=("sms",)))
        service.verifications.create(to=ANN, channel="whatsapp", channel_configuration=said)
        advance(seconds=1)
        assert len(attempts(world)) == 1

    def test_no_sms_for_what_is_over(
        self, service: ServiceContext, world: World, advance: Advance
    ) -> None:
        world.perform(UpsertHandset(address=ANN, channels=("sms",)))
        said = {"sms": {"enabled": True}}
        made = service.verifications.create(to=ANN, channel="whatsapp", channel_configuration=said)
        service.verifications(made.sid).update(status="canceled")
        advance(seconds=1)
        assert len(attempts(world)) == 1


class TestRcs:
    def test_it_arrives_by_rcs(
        self, service: ServiceContext, world: World, advance: Advance
    ) -> None:
        assert refused(service.verifications.create, to=ANN, channel="rcs")[1] == 60223
        change(world, channels=("rcs", "sms"))
        made = service.verifications.create(to=ANN, channel="rcs")
        assert made.send_code_attempts[0]["channel"] == "rbm"
        advance(seconds=1)
        (item,) = items(world)
        assert (item.channel, item.peer, len(item.codes)) == ("rcs", "rcs:verify", 1)

    def test_a_phone_without_it_gets_an_sms(
        self, service: ServiceContext, world: World, advance: Advance
    ) -> None:
        change(world, channels=("rcs",))
        world.perform(UpsertHandset(address=ANN, channels=("sms",)))
        made = service.verifications.create(to=ANN, channel="rcs")
        assert [each["channel"] for each in made.send_code_attempts] == ["rbm", "sms"]
        assert made.channel == "sms"
        advance(seconds=1)
        assert [each.channel for each in items(world)] == ["sms"]
        lost = attempts(world)[0]
        assert (lost.message_status, lost.error_code) == ("undelivered", 63036)


class TestAuto:
    @pytest.fixture(autouse=True)
    def switched_on(self, service: ServiceContext, world: World) -> None:
        answer = refused(service.verifications.create, to=ANN, channel="auto")
        assert answer == (400, 60200, "Invalid parameter: Channel")
        change(world, channels=("sms", "auto", "sna"))

    def test_the_network_is_asked_where_it_can_be(
        self, service: ServiceContext, world: World
    ) -> None:
        made = service.verifications.create(to=ANN, channel="auto", device_ip="192.0.2.1")
        assert made.channel == "sna"
        assert made.sna["url"]
        assert made.lookup["carrier"]["type"] == "mobile"

    def test_a_text_is_sent_otherwise(
        self, service: ServiceContext, world: World, advance: Advance
    ) -> None:
        made = service.verifications.create(to=ANN, channel="sna")
        again = service.verifications.create(to=ANN, channel="auto", locale="de")
        assert (again.sid, again.channel, again.sna) == (made.sid, "sms", None)
        advance(seconds=1)
        assert "Bestätigungscode" in items(world)[0].body

    @pytest.mark.parametrize(
        "settings", [{"line_type": "landline"}, {"power": "off"}, {"network": "airplane"}]
    )
    def test_a_phone_that_is_not_on_its_network(
        self, service: ServiceContext, world: World, settings: dict[str, str]
    ) -> None:
        world.perform(UpsertHandset(address=ANN, **settings))
        made = service.verifications.create(to=ANN, channel="auto", device_ip="192.0.2.1")
        assert made.channel == "sms"

    def test_a_phone_that_is(self, service: ServiceContext, world: World) -> None:
        world.perform(UpsertHandset(address=ANN))
        made = service.verifications.create(to=ANN, channel="auto", device_ip="192.0.2.1")
        assert made.channel == "sna"

    def test_payments_go_by_text(self, service: ServiceContext, world: World) -> None:
        service.update(psd2_enabled=True)
        said = {"to": ANN, "channel": "auto", "device_ip": "::1", "amount": "1", "payee": "A"}
        assert service.verifications.create(**said).channel == "sms"

    def test_nothing_is_left(self, service: ServiceContext, world: World) -> None:
        change(world, channels=("auto",))
        answer = refused(service.verifications.create, to=ANN, channel="auto")
        assert answer[:2] == (400, 60550)


class TestFaults:
    """Rules that answer a request to send a code."""

    @pytest.mark.parametrize(
        ("channel", "to"), [("sms", ANN), ("call", ANN), ("email", MAIL), ("whatsapp", ANN)]
    )
    def test_a_request_is_refused_so_often(
        self, service: ServiceContext, world: World, channel: str, to: str
    ) -> None:
        do = Fault(api_error=ApiError(status=429, code=60212))
        world.perform(AddFault(match=Match(channel=channel), do=do, times=1))
        create = service.verifications.create
        answer = refused(create, to=to, channel=channel)
        assert answer == (429, 60212, "Too many concurrent requests for phone number")
        assert create(to=to, channel=channel).status == "pending"

    def test_the_words_of_a_rule(self, service: ServiceContext, world: World) -> None:
        for code, message, words in (
            (60604, "No", "No"),
            (60604, None, "Authenticated user is not authorized to send mail"),
        ):
            do = Fault(api_error=ApiError(status=401, code=code, message=message))
            world.perform(AddFault(match=Match(to=ANN), do=do, times=1))
            assert refused(service.verifications.create, to=ANN, channel="sms")[2] == words

    def test_rules_for_others(self, service: ServiceContext, world: World) -> None:
        do = Fault(api_error=ApiError(status=429, code=60212))
        for match in (Match(channel="call"), Match(to="+4*"), Match(service="VA1")):
            world.perform(AddFault(match=match, do=do))
        service.verifications.create(to=ANN, channel="sms")
        with pytest.raises(TwilioRestException):
            service.verifications.create(to="", channel="")
