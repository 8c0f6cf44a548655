"""Checks 1 and 2 of the checklist of Verify and Lookup: every operation by Twilio's library."""

from base64 import b64encode
from typing import Any

import pytest
from twilio.http.http_client import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.lookups.v2.bucket import BucketContext
from twilio.rest.lookups.v2.lookup_override import LookupOverrideContext
from twilio.rest.lookups.v2.query import QueryList
from twilio.rest.verify.v2.service import ServiceContext
from twilio.rest.verify.v2.service.approve_challenge import ApproveChallengeList
from twilio.rest.verify.v2.service.new_challenge import NewChallengeContext
from twilio.rest.verify.v2.service.new_factor import NewFactorList
from twilio.rest.verify.v2.service.new_verify_factor import NewVerifyFactorList

from tests.conformance.inside import Inside
from tests.conformance.verify_checks.operations import described, reached
from tests.soft_authenticator import SoftAuthenticator
from twilio_emulator.runtime import p256

ANN = "+12025550199"
IDENTITY = "ann-00000001"
ORIGIN = "https://example.com"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
CODE = "978746"
"""Of this secret, at the instant at which the clock stands."""


class Noting(HttpClient):
    """Another way to ask, and what went through it."""

    def __init__(self, way: Any) -> None:
        super().__init__(None, is_async=False, timeout=60)
        self.way = way
        self.asked: list[tuple[str, str]] = []

    def request(self, method: str, uri: str, *given: Any, **named: Any) -> Response:
        self.asked.append((method, uri))
        answer: Response = self.way.request(method, uri, *given, **named)
        return answer


@pytest.fixture
def http(inside: Inside) -> Noting:
    return Noting(inside.library.http_client)


@pytest.fixture
def client(inside: Inside, http: Noting) -> Client:
    return Client(inside.account_sid, inside.auth_token, http_client=http, environment={})


def test_01_every_operation_of_verify_answers_the_library(client: Client, http: Noting) -> None:
    v2 = client.verify.v2
    made = v2.services.create(
        friendly_name="Shop",
        passkeys_relying_party_id="example.com",
        passkeys_relying_party_origins=ORIGIN,
        passkeys_authenticator_attachment="platform",
        passkeys_discoverable_credentials="preferred",
        passkeys_user_verification="preferred",
    )
    assert made.sid is not None
    service = v2.services(made.sid)
    assert service.fetch().sid == service.update(code_length=6).sid
    assert made.sid in [each.sid for each in v2.services.list()]

    _verifications(service)
    _around(client, service, made.sid)
    _factors(service)
    _passkeys(service)
    _challenges(service)
    webhook = service.webhooks.create("Hook", ["*"], "http://app.test/verify")
    service.webhooks(str(webhook.sid)).update(status="disabled")
    assert service.webhooks(str(webhook.sid)).fetch().status == "disabled"
    assert service.webhooks.list()[0].sid == webhook.sid
    assert service.webhooks(str(webhook.sid)).delete()
    assert v2.forms("form-push").fetch().form_type == "form-push"
    assert service.delete()

    operations = described("verify.twilio.com")
    assert len(operations) == 57
    assert set(operations) <= reached(operations, http.asked)


def _verifications(service: ServiceContext) -> None:
    made = service.verifications.create(to=ANN, channel="sms")
    assert service.verifications(str(made.sid)).fetch().status == "pending"
    wrong = service.verification_checks.create(to=ANN, code="000000")
    assert wrong.status == "pending"
    assert service.verifications(ANN).update("approved").status == "approved"


def _around(client: Client, service: ServiceContext, sid: str) -> None:
    v2 = client.verify.v2
    (attempt,) = v2.verification_attempts.list(verify_service_sid=sid)
    assert v2.verification_attempts(str(attempt.sid)).fetch().sid == attempt.sid
    summary = v2.verification_attempts_summary().fetch(verify_service_sid=sid)
    assert summary.total_attempts == 1
    assert v2.templates.list()

    pool = str(client.messaging.v1.services.create("Texts").sid)
    service.messaging_configurations.create("US", pool)
    configured = service.messaging_configurations("US")
    assert configured.update(pool).messaging_service_sid == pool
    assert configured.fetch().country == service.messaging_configurations.list()[0].country
    assert configured.delete()

    limit = str(service.rate_limits.create("end_user_ip").sid)
    limited = service.rate_limits(limit)
    assert limited.update(description="by address").sid == limited.fetch().sid
    assert [each.sid for each in service.rate_limits.list()] == [limit]
    bucket = str(limited.buckets.create(4, 60).sid)
    assert limited.buckets(bucket).update(max=5).max == limited.buckets(bucket).fetch().max
    assert [each.sid for each in limited.buckets.list()] == [bucket]
    assert limited.buckets(bucket).delete()
    assert limited.delete()

    assert v2.safelist.create(ANN).phone_number == v2.safelist(ANN).fetch().phone_number
    assert v2.safelist(ANN).delete()


def _factors(service: ServiceContext) -> None:
    service.entities.create(IDENTITY)
    entity = service.entities(IDENTITY)
    assert entity.fetch().identity == service.entities.list()[0].identity
    token = service.access_tokens.create(IDENTITY, "push")
    assert service.access_tokens(str(token.sid)).fetch().token == token.token

    made = entity.new_factors.create("App", "totp")
    factor = entity.factors(str(made.sid))
    assert factor.update(friendly_name="My app").friendly_name == factor.fetch().friendly_name
    assert [each.sid for each in entity.factors.list()] == [made.sid]
    assert factor.delete()


def _passkeys(service: ServiceContext) -> None:
    said = {"friendly_name": "Phone", "identity": IDENTITY}
    made = service.new_factors.create(NewFactorList.CreateNewPasskeysFactorRequest(said))
    device = SoftAuthenticator(ORIGIN)
    credential: Any = device.create(dict(made.options or {}))
    request = NewVerifyFactorList.VerifyPasskeysFactorRequest(credential)
    assert service.new_verify_factors.update(request).status == "verified"
    whose: Any = {"identity": IDENTITY}
    challenge = service.new_challenge().create(
        NewChallengeContext.CreatePasskeysChallengeRequest(whose)
    )
    used: Any = device.get(dict(challenge.options or {}))
    approval = ApproveChallengeList.ApprovePasskeysChallengeRequest(used)
    assert service.approve_challenge.update(approval).status == "approved"


def _challenges(service: ServiceContext) -> None:
    entity = service.entities(IDENTITY)
    app = str(entity.new_factors.create("App", "totp", binding_secret=SECRET).sid)
    assert entity.factors(app).update(auth_payload=CODE).status == "verified"
    asked = str(entity.challenges.create(app).sid)
    assert entity.challenges(asked).update(auth_payload=CODE).status == "approved"
    assert entity.challenges(asked).fetch().status == "approved"

    device = entity.new_factors.create(
        "Phone",
        "push",
        binding_alg="ES256",
        binding_public_key=b64encode(p256.public_key(7)).decode(),
        config_app_id="com.example.app",
        config_notification_platform="fcm",
        config_notification_token="t" * 64,
        config_sdk_version="2.1.0",
    )
    proof = b64encode(p256.sign(7, str(device.sid).encode())).decode()
    assert entity.factors(str(device.sid)).update(auth_payload=proof).status == "verified"
    pushed = str(entity.challenges.create(str(device.sid), details_message="Log in?").sid)
    assert entity.challenges(pushed).notifications.create().challenge_sid == pushed
    assert {asked, pushed} <= {each.sid for each in entity.challenges.list()}
    assert entity.delete()


def test_01_there_is_no_list_of_verifications(inside: Inside) -> None:
    (service,) = inside.library.verify.v2.services.list()
    url = f"https://verify.twilio.com/v2/Services/{service.sid}/Verifications"
    answer = inside.ask("GET", url)
    assert (answer.status, answer.code) in ((405, 20004), (404, 20404))


def test_02_every_operation_of_lookup_answers_the_library(client: Client, http: Noting) -> None:
    v2 = client.lookups.v2
    found = v2.phone_numbers(ANN).fetch(fields="line_type_intelligence,caller_name")
    assert found.phone_number == ANN
    batch: Any = {"phone_numbers": [{"phone_number": ANN, "fields": ["line_type_intelligence"]}]}
    assert v2.query.create(QueryList.LookupRequest(batch)).phone_numbers

    limit: Any = {"limit": 5, "ttl": 60}
    bucket = v2.bucket("sim_swap", "default")
    bucket.update(BucketContext.RateLimitRequest(limit))
    assert bucket.fetch().limit == 5
    assert v2.rate_limits.fetch().rate_limits
    assert bucket.delete()

    override = v2.lookup_overrides("line_type_intelligence", ANN)
    for line_type, write in (("mobile", override.create), ("landline", override.update)):
        wish: Any = {"line_type": line_type, "reason": "It was ported."}
        write(LookupOverrideContext.OverridesRequest(wish))
        assert override.fetch().overridden_line_type == line_type
    assert override.delete()
    assert client.lookups.v1.phone_numbers(ANN).fetch(type=["carrier"]).phone_number == ANN

    operations = described("lookups.twilio.com")
    assert len(operations) == 11
    assert set(operations) <= reached(operations, http.asked)
