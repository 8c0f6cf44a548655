"""What is around verifications, by Twilio's own library and by hand."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.rest.verify.v2.service import ServiceContext

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import ApiError, Fault, FaultRules, Match
from twilio_emulator.core.verify.fraud import AddFraudRule, FraudRules

ANN = "+12025550199"
BOB = "+12025550198"
SERVICE = "VA00000000000000000000000000000001"
MESSAGING_SERVICE = "MG00000000000000000000000000000001"
URL = "https://verify.twilio.com/v2"

Ask = Callable[..., tuple[int, Any]]


@pytest.fixture
def service(client: Client) -> ServiceContext:
    """The service that the account begins with."""
    return client.verify.v2.services(SERVICE)


def refused(caught: pytest.ExceptionInfo[TwilioRestException]) -> tuple[int, int]:
    return caught.value.status, caught.value.code


def test_templates_look_as_they_were_seen(ask: Ask) -> None:
    status, listed = ask("GET", f"{URL}/Templates", PageSize=1)
    assert status == 200
    assert listed["meta"]["key"] == "templates"
    (shown,) = listed["templates"]
    assert shown["sid"] == "HJ00000000000000000000000000000001"
    assert shown["translations"]["en"] == {
        "is_default_translation": True,
        "status": "approved",
        "locale": "en",
        "text": "Your {{friendly_name}} verification code is: {{code}}. "
        "Do not share this code with anyone.",
        "date_updated": "2021-07-29T20:38:28.000000000Z",
        "date_created": "2021-07-29T20:38:28.000000000Z",
        "to_be_deleted": False,
        "reject_reason": "",
        "temporal_text": "",
    }
    status, following = ask("GET", listed["meta"]["next_page_url"])
    assert following["templates"][0]["sid"].endswith("2")


def test_messaging_configurations(service: ServiceContext) -> None:
    made = service.messaging_configurations.create(
        country="us", messaging_service_sid=MESSAGING_SERVICE
    )
    assert made.url == f"{URL}/Services/{SERVICE}/MessagingConfigurations/US"
    assert (made.country, made.service_sid) == ("US", SERVICE)
    assert [each.country for each in service.messaging_configurations.list()] == ["US"]
    one = service.messaging_configurations("US")
    assert one.fetch().messaging_service_sid == MESSAGING_SERVICE
    assert one.update(messaging_service_sid=MESSAGING_SERVICE).country == "US"
    assert one.delete()
    with pytest.raises(TwilioRestException) as caught:
        one.fetch()
    assert refused(caught) == (404, 20404)


def test_rate_limits_and_buckets(service: ServiceContext) -> None:
    made = service.rate_limits.create(unique_name="by_ip", description="By address")
    assert made.links == {"buckets": f"{made.url}/Buckets"}
    limit = service.rate_limits(made.sid)
    assert limit.fetch().unique_name == "by_ip"
    assert limit.update(description="Other").description == "Other"
    bucket = limit.buckets.create(max=1, interval=60)
    assert (bucket.max, bucket.interval) == (1, 60)
    assert bucket.url == f"{made.url}/Buckets/{bucket.sid}"
    assert limit.buckets(bucket.sid).update(max=2).max == 2
    assert limit.buckets(bucket.sid).fetch().interval == 60
    assert [each.sid for each in limit.buckets.list()] == [bucket.sid]
    assert limit.buckets(bucket.sid).delete()
    assert [each.sid for each in service.rate_limits.list()] == [made.sid]
    assert limit.delete()


def test_a_limit_that_is_reached_says_when_to_come_again(
    service: ServiceContext, http: Any
) -> None:
    limit = service.rate_limits.create(unique_name="by_ip")
    service.rate_limits(limit.sid).buckets.create(max=1, interval=60)
    service.verifications.create(to=ANN, channel="sms", rate_limits={"by_ip": "::1"})
    with pytest.raises(TwilioRestException) as caught:
        service.verifications.create(to=BOB, channel="sms", rate_limits={"by_ip": "::1"})
    assert refused(caught) == (429, 20429)
    assert "Too many requests" in caught.value.msg
    headers = http.asked.headers
    assert headers["retry-after"] == "60"
    assert headers["twilio-reached-rate-limit"] == "by_ip"


def test_the_safe_list(client: Client, ask: Ask) -> None:
    made = client.verify.v2.safelist.create(phone_number=ANN)
    assert made.url == f"{URL}/SafeList/Numbers/{ANN}"
    for spelling in (ANN, ANN.replace("+", "%2B")):
        status, shown = ask("GET", f"{URL}/SafeList/Numbers/{spelling}")
        assert (status, shown["phone_number"]) == (200, ANN)
    assert client.verify.v2.safelist(ANN).delete()
    status, answer = ask("GET", f"{URL}/SafeList/Numbers/{ANN}")
    assert (status, answer["code"]) == (404, 20404)
    assert answer["message"] == f"The requested resource /SafeList/Numbers/{ANN} was not found"


def test_attempts(client: Client, service: ServiceContext, advance: Callable[..., None]) -> None:
    made = service.verifications.create(to=ANN, channel="sms")
    advance(seconds=1)
    (attempt,) = client.verify.v2.verification_attempts.list(channel_data_to=ANN)
    assert attempt.sid == made.send_code_attempts[0]["attempt_sid"]
    assert attempt.price == {"value": "0.005", "currency": "usd"}
    assert attempt.channel_data == {
        "verification_sid": made.sid,
        "to": ANN,
        "status": "unconfirmed",
        "message_status": "delivered",
        "error_code": None,
        "country": "US",
        "code_length": 6,
        "locale": "en",
        "mcc": "310",
        "mnc": "260",
        "carrier": "T-Mobile USA, Inc.",
    }
    assert attempt.conversion_status == "unconverted"
    assert client.verify.v2.verification_attempts(attempt.sid).fetch().sid == attempt.sid
    service.verifications(made.sid).update(status="approved")
    converted = client.verify.v2.verification_attempts.list(status="converted")
    assert [each.sid for each in converted] == [attempt.sid]
    summary = client.verify.v2.verification_attempts_summary().fetch()
    assert (summary.total_attempts, summary.conversion_rate_percentage) == (1, "100")
    assert summary.url == f"{URL}/Attempts/Summary"


def test_a_block_is_counted_and_lasts(service: ServiceContext, world: World) -> None:
    rule = world.perform(AddFraudRule(match=ANN, times=1))
    with pytest.raises(TwilioRestException) as caught:
        service.verifications.create(to=ANN, channel="sms")
    assert refused(caught) == (403, 60410)
    assert rule.sid not in world[FraudRules]
    assert service.verifications.create(to=ANN, channel="sms").status == "pending"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ApiError(status=503, code=20503, message="Away"), "Away"),
        (ApiError(status=503, code=20503), "Injected by a fault rule"),
        (ApiError(status=400, code=20001), "Injected by a fault rule"),
        (ApiError(status=403, code=60204), "Service does not support this feature"),
        (ApiError(status=400, code=60204, message="{ {x} }"), "{ {x} }"),
        (ApiError(status=400, code=60200), f"Invalid parameter `To`: {ANN}"),
        (ApiError(status=400, code=60223), "Delivery channel disabled: SMS"),
        (ApiError(status=403, code=60605), "US is blocked for sms channel for all services"),
    ],
)
def test_a_fault_answers(
    service: ServiceContext, world: World, error: ApiError, words: str
) -> None:
    match = Match(to=ANN, channel="sms", service=SERVICE)
    world.perform(AddFault(match=match, do=Fault(api_error=error), times=1))
    service.verifications.create(to=BOB, channel="sms")
    with pytest.raises(TwilioRestException) as caught:
        service.verifications.create(to=ANN, channel="sms")
    assert refused(caught) == (error.status, error.code)
    assert words in caught.value.msg
    assert len(world[FaultRules]) == 0
    service.verifications.create(to=ANN, channel="sms")


def test_templates_of_a_request_are_json(service: ServiceContext, world: World) -> None:
    wanted = json.dumps([{"sid": "HJ00000000000000000000000000000003"}])
    service.verifications.create(to=ANN, channel="sms", templates=wanted)
