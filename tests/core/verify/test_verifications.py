"""Verifications: what is asked of a request, what follows from its parameters, how they end."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.clearing import ClearMessages
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.senders.twilio_numbers import CODE_NUMBER
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.core.verify.checks import CheckVerification
from twilio_emulator.core.verify.resources import (
    EmailIntegration,
    Verification,
    Verifications,
    VerificationStatus,
    VerifyAttempts,
    VerifyServices,
)
from twilio_emulator.core.verify.service_switches import SwitchVerifyService
from twilio_emulator.core.verify.services import (
    FIRST_SERVICE,
    AddVerifyService,
    RemoveVerifyService,
)
from twilio_emulator.core.verify.verifications import (
    CreateVerification,
    EndVerification,
    ExpireVerification,
    UpdateVerification,
    VerificationStep,
)

ACCOUNT = "AC00000000000000000000000000000001"
ANN = "+12025550199"
BERLIN = "+4930123456"
IN_SERVICE = {"account": ACCOUNT, "service": FIRST_SERVICE}

Send = Callable[..., Verification]


@contextmanager
def refused(code: int) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """What is done here is refused with a code."""
    with pytest.raises(Refused) as error:
        yield error
    assert error.value.code == code


@pytest.fixture
def send(world: World) -> Send:
    """Send a code to Ann."""

    def send(**said: Any) -> Verification:
        wish = CreateVerification(**{**IN_SERVICE, "to": ANN, "channel": "sms", **said})
        return world.perform(wish)

    return send


def pass_time(world: World, **passed: float) -> None:
    world.clock.set(world.clock.now() + timedelta(**passed))
    world.catch_up(world.clock.now())


def switch(world: World, **said: Any) -> None:
    world.perform(SwitchVerifyService(service=FIRST_SERVICE, **said))


def settle(world: World, **said: Any) -> None:
    """Give the first service other settings."""
    services = world[VerifyServices]
    services.put(replace(services[FIRST_SERVICE], **said))


@pytest.mark.parametrize(
    ("parameter", "said"),
    [
        ("CustomFriendlyName", "call +1 202 555 0199"),
        ("SendDigits", "12a"),
        ("RateLimits", "[]"),
        ("RateLimits", "{"),
        ("RateLimits", '{"a": null}'),
        ("ChannelConfiguration", "[]"),
        ("AppHash", "short"),
        ("TemplateCustomSubstitutions", '{"a": {}}'),
        ("Templates", "{}"),
        ("Templates", "[]"),
        ("Templates", "[{}]"),
        ("DeviceIp", "300.1.1.1"),
        ("EnableSnaClientToken", "maybe"),
        ("RiskCheck", "off"),
        ("Tags", '{"a": "' + "x" * 129 + '"}'),
        ("Tags", "{" + ", ".join(f'"{each}": "x"' for each in range(11)) + "}"),
    ],
)
def test_a_parameter_that_is_not_of_its_form_is_named(
    send: Send, parameter: str, said: str
) -> None:
    field = "".join(f"_{c.lower()}" if c.isupper() else c for c in parameter)[1:]
    with refused(60200) as error:
        send(**{field: said})
    assert error.value.message == f"Invalid parameter: {parameter}"


def test_parameters_of_their_form_are_taken(send: Send) -> None:
    send(
        custom_friendly_name="Shop 24",
        send_digits="1#w",
        channel_configuration="{}",
        device_ip="2001:db8::1",
        enable_sna_client_token="true",
        risk_check="disable",
        tags='{"a": 1}',
        app_hash="He42w354ol9",
    )


@pytest.mark.parametrize("missing", ["to", "channel"])
def test_what_has_to_be_said_is_missed(send: Send, missing: str) -> None:
    with refused(20001):
        send(**{missing: None})


def test_features_of_payments(world: World, send: Send) -> None:
    settle(world, psd2_enabled=True, channels=("sms", "call", "sna"))
    payment = {"amount": "1", "payee": "Acme"}
    with refused(60214):
        send(channel="call", **payment)
    with refused(60329):
        send(channel="sna", **payment)
    made = send(**payment)
    pass_time(world, seconds=1)
    (item,) = world[InboxItems]
    assert item.body == (
        f"Your twilio-emulator verification code for a payment of 1 to Acme is: {made.code}"
    )


def test_channels_that_are_off(world: World, send: Send) -> None:
    with refused(60200):
        send(channel="sna")
    with refused(60223) as disabled:
        send(channel="rcs")
    assert disabled.value.message == "Delivery channel disabled: RCS"
    switch(world, email_integration=EmailIntegration(on=False))
    with refused(60217):
        send(to="ann@example.com", channel="email")


def test_the_warning_is_behind_the_code(world: World, send: Send) -> None:
    settle(world, do_not_share_warning_enabled=True)
    made = send()
    pass_time(world, seconds=1)
    (item,) = world[InboxItems]
    assert f": {made.code}. Don" in item.body
    assert item.codes == (made.code,)


def test_a_new_code_of_ones_own_replaces_the_old_one(world: World, send: Send) -> None:
    settle(world, custom_code_enabled=True)
    first = send()
    second = send(custom_code="aBc12")
    assert (second.sid, second.code, second.custom_code) == (first.sid, "aBc12", True)


def test_attempts_follow_their_texts(world: World, send: Send) -> None:
    made = send()
    pass_time(world, seconds=1)
    attempt = world[VerifyAttempts][made.sends[0].attempt_sid]
    assert (attempt.message_status, attempt.status) == ("delivered", "unconfirmed")
    world.perform(CheckVerification(**IN_SERVICE, to=ANN, code=made.code))
    attempt = world[VerifyAttempts][attempt.sid]
    assert (attempt.converted, attempt.status) == (True, "confirmed")


def test_attempts_of_an_expired_code_have_expired(world: World, send: Send) -> None:
    made = send()
    pass_time(world, minutes=11)
    assert world[Verifications][made.sid].status is VerificationStatus.EXPIRED
    assert world[VerifyAttempts][made.sends[0].attempt_sid].status == "expired"


def test_attempts_outlive_their_service(world: World, send: Send) -> None:
    other = world.perform(AddVerifyService(account=ACCOUNT, friendly_name="Shop"))
    made = send(service=other.sid)
    world.perform(RemoveVerifyService(account=ACCOUNT, service=other.sid))
    pass_time(world, minutes=11)
    assert made.sid not in world[Verifications]
    assert made.sends[0].attempt_sid in world[VerifyAttempts]


@pytest.mark.parametrize("code", ["    ", " 1234", "1234 "])
def test_a_code_that_nobody_could_type_is_none(world: World, send: Send, code: str) -> None:
    settle(world, custom_code_enabled=True)
    with refused(60200) as error:
        send(custom_code=code)
    assert error.value.message == "Invalid parameter: CustomCode"
    switch(world, fixed_code=" 1234 ")
    assert send().code == "1234"


@pytest.mark.parametrize("to", ["<ann@example.com>", "Ann,ann@example.com", "x" * 250 + "@a.com"])
def test_an_address_that_is_no_mailbox_is_refused(send: Send, to: str) -> None:
    with refused(60200) as error:
        send(to=to, channel="email")
    assert error.value.message == f"Invalid parameter `To`: {to}"


@pytest.mark.parametrize("tag", ["es-419", "zh-Hant-TW", "xx"])
def test_a_language_without_a_text_is_not_found(send: Send, tag: str) -> None:
    with refused(60229):
        send(locale=tag)


def test_what_has_ended_ends_no_more(world: World, send: Send) -> None:
    made = send()
    ended = world.perform(EndVerification(verification=made.sid, step=VerificationStep.APPROVE))
    assert ended.ended_by == "approved by the control API"
    with refused(20404):
        world.perform(EndVerification(verification=made.sid, step=VerificationStep.CANCEL))
    with refused(20404):
        world.perform(UpdateVerification(**IN_SERVICE, verification="VE1", status="canceled"))
    world.perform(ExpireVerification(verification=made.sid))
    assert world[Verifications][made.sid].status is VerificationStatus.APPROVED


def test_a_verification_of_another_service_is_not_found(world: World, send: Send) -> None:
    other = world.perform(AddVerifyService(account=ACCOUNT, friendly_name="Shop"))
    made = send(service=other.sid)
    with refused(20404):
        world.perform(UpdateVerification(**IN_SERVICE, verification=made.sid, status="canceled"))
    for said in ({"verification_sid": made.sid}, {"to": ANN}):
        with refused(20404):
            world.perform(CheckVerification(**IN_SERVICE, code=made.code, **said))
    with refused(20404):
        world.perform(
            CheckVerification(
                account=ACCOUNT,
                service=other.sid,
                code=made.code,
                verification_sid=made.sid,
                to=BERLIN,
            )
        )
    with refused(60200):
        world.perform(CheckVerification(**IN_SERVICE, code=made.code, to="nobody"))
    found = CheckVerification(
        account=ACCOUNT, service=other.sid, code=made.code, verification_sid=made.sid
    )
    assert world.perform(found).valid


def test_stop_is_heard_by_whom_the_codes_come_from(world: World, send: Send) -> None:
    send()
    pass_time(world, seconds=1)
    world.perform(SendFromHandset(address=ANN, to=CODE_NUMBER, body="Stop"))
    made = send()
    pass_time(world, seconds=1)
    attempt = world[VerifyAttempts][made.sends[-1].attempt_sid]
    assert (attempt.message_status, attempt.error_code) == ("failed", 21610)
    assert made.status is VerificationStatus.PENDING
    world.perform(SendFromHandset(address=ANN, to=CODE_NUMBER, body="start"))
    made = send()
    pass_time(world, seconds=1)
    assert world[VerifyAttempts][made.sends[-1].attempt_sid].message_status == "delivered"
    assert not any(text.listed for text in world[Texts])


def test_clearing_everything_clears_codes_too(world: World, send: Send) -> None:
    send()
    pass_time(world, seconds=1)
    world.perform(ClearMessages(account=ACCOUNT))
    assert (len(world[Texts]), len(world[InboxItems])) == (0, 0)


def test_codes_that_were_said_are_used_up_in_order(world: World, send: Send) -> None:
    switch(world, next_codes=("1111", "2222"), fixed_code="3333", max_sends=1, code_ttl=120)
    sent = []
    for _ in range(4):
        sent.append(send().code)
        pass_time(world, seconds=121)
    assert sent == ["1111", "2222", "3333", "3333"]
    switch(world, fixed_code="", channels={"sms": True, "email": False})
    assert len(send().code) == 6
    with refused(60203):
        send()
    assert "email" not in world[VerifyServices][FIRST_SERVICE].channels


@pytest.mark.parametrize(
    "said",
    [
        {"code_ttl": 119},
        {"max_sends": 0},
        {"max_checks": 0},
        {"fixed_code": "123"},
        {"next_codes": ("12345678901",)},
        {"channels": {"voice": True}},
    ],
)
def test_a_switch_that_cannot_be_so_changes_nothing(world: World, said: dict[str, Any]) -> None:
    before = world[VerifyServices][FIRST_SERVICE]
    with refused(20001):
        switch(world, **said)
    assert world[VerifyServices][FIRST_SERVICE] == before
    with refused(20404):
        world.perform(SwitchVerifyService(service="VA2"))
