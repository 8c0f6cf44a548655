"""Checks 53 and 54 of the checklist of Verify and Lookup: passkeys."""

from collections.abc import Callable
from typing import Any

import pytest
from fido2.utils import websafe_decode
from twilio.base.exceptions import TwilioRestException
from twilio.rest.verify.v2.service import ServiceContext
from twilio.rest.verify.v2.service.approve_challenge import ApproveChallengeList
from twilio.rest.verify.v2.service.new_challenge import NewChallengeContext
from twilio.rest.verify.v2.service.new_factor import NewFactorList
from twilio.rest.verify.v2.service.new_verify_factor import NewVerifyFactorList

from tests.conformance.inside import Inside
from tests.soft_authenticator import SoftAuthenticator

ANN = "+12025550199"
IDENTITY = "ann-00000001"


@pytest.fixture
def service(inside: Inside) -> ServiceContext:
    """A service whose pages are on this machine."""
    made = inside.library.verify.v2.services.create(
        friendly_name="Shop",
        passkeys_relying_party_id="localhost",
        passkeys_relying_party_name="Shop",
        passkeys_relying_party_origins="http://localhost:3000",
        passkeys_authenticator_attachment="platform",
        passkeys_discoverable_credentials="preferred",
        passkeys_user_verification="preferred",
    )
    assert made.sid is not None
    return inside.library.verify.v2.services(made.sid)


Phone = Callable[[str, Any], Any]


@pytest.fixture
def phone(inside: Inside) -> Phone:
    """What the authenticator of Ann's phone answers, by the control API."""

    def answer(call: str, options: Any) -> Any:
        return inside.made(
            f"http://localhost/_emulator/v1/passkeys/{call}",
            query={"account": inside.account_sid},
            said={"handset": ANN, "options": options},
        ).body

    return answer


def asked(service: ServiceContext) -> Any:
    """A new factor, with what a browser is asked for."""
    said = {"friendly_name": "Phone", "identity": IDENTITY}
    return service.new_factors.create(NewFactorList.CreateNewPasskeysFactorRequest(said))


def verified(service: ServiceContext, credential: dict[str, Any]) -> Any:
    request = NewVerifyFactorList.VerifyPasskeysFactorRequest(credential)
    return service.new_verify_factors.update(request)


def test_53_a_phones_authenticator_makes_a_passkey_and_signs_in(
    service: ServiceContext, phone: Phone
) -> None:
    made = asked(service)
    options = made.options["publicKey"]
    assert websafe_decode(options["challenge"]).decode() == made.sid
    assert websafe_decode(options["user"]["id"]).decode() == made.entity_sid
    assert made.status == "unverified"
    factor = verified(service, phone("create", made.options))
    assert (factor.sid, factor.status) == (made.sid, "verified")
    for whose in ({}, {"identity": IDENTITY}, {"identity": IDENTITY, "factor_sid": made.sid}):
        request = NewChallengeContext.CreatePasskeysChallengeRequest(whose)
        challenge = service.new_challenge().create(request)
        assert (challenge.status, challenge.identity) == ("pending", whose.get("identity", ""))
        credential = phone("get", challenge.options)
        approval = ApproveChallengeList.ApprovePasskeysChallengeRequest(credential)
        approved = service.approve_challenge.update(approval)
        assert (approved.sid, approved.status) == (challenge.sid, "approved")
        assert (approved.identity, approved.factor_sid) == (IDENTITY, made.sid)


@pytest.mark.parametrize("spelled", ["hexadecimal", "base64url"])
def test_54_a_raw_id_is_hexadecimal_or_base64url(service: ServiceContext, spelled: str) -> None:
    device = SoftAuthenticator("http://localhost:3000")
    credential = device.create(asked(service).options)
    if spelled == "hexadecimal":
        credential["rawId"] = device.id.hex()
    assert verified(service, credential).status == "verified"
    challenge = service.new_challenge().create(
        NewChallengeContext.CreatePasskeysChallengeRequest({})
    )
    used = device.get(challenge.options)
    used["rawId"] = credential["rawId"]
    approval = ApproveChallengeList.ApprovePasskeysChallengeRequest(used)
    assert service.approve_challenge.update(approval).status == "approved"


def test_54_an_origin_that_is_none_of_the_partys_is_refused(service: ServiceContext) -> None:
    credential = SoftAuthenticator("http://localhost:3001").create(asked(service).options)
    with pytest.raises(TwilioRestException) as refused:
        verified(service, credential)
    assert (refused.value.status, refused.value.code) == (400, 60380)
