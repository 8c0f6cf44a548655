"""Verifications by Twilio's own library."""

from collections.abc import Callable

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.verify.v2.service import ServiceContext

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.inbox import InboxItems

ANN = "+12025550199"
SERVICE = "VA00000000000000000000000000000001"


@pytest.fixture
def service(client: Client) -> ServiceContext:
    """The service that the account begins with."""
    return client.verify.v2.services(SERVICE)


@pytest.fixture
def read_code(world: World, advance: Callable[..., None]) -> Callable[[], str]:
    """What Ann's phone says now."""

    def read() -> str:
        advance(seconds=1)
        (code,) = list(world[InboxItems])[-1].codes
        return code

    return read


def test_a_code_signs_in_once(
    service: ServiceContext, client: Client, read_code: Callable[[], str]
) -> None:
    made = service.verifications.create(to=ANN, channel="sms")
    code = read_code()
    checked = service.verification_checks.create(to=ANN, code=code)
    assert (checked.sid, checked.status, checked.valid) == (made.sid, "approved", True)
    with pytest.raises(TwilioRestException) as refused:
        service.verification_checks.create(to=ANN, code=code)
    assert (refused.value.status, refused.value.code) == (404, 20404)
    assert client.messages.list() == []


def test_a_wrong_code_is_no_error(service: ServiceContext, read_code: Callable[[], str]) -> None:
    service.verifications.create(to=ANN, channel="sms")
    wrong = "111111" if read_code() != "111111" else "222222"
    checked = service.verification_checks.create(to=ANN, code=wrong)
    assert (checked.status, checked.valid) == ("pending", False)
