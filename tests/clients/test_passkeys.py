"""A browser that enrols a passkey and signs in with it: Chromium, with its own authenticator."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from twilio.rest.verify.v2.service import ServiceContext
from twilio.rest.verify.v2.service.approve_challenge import ApproveChallengeList
from twilio.rest.verify.v2.service.new_challenge import NewChallengeContext
from twilio.rest.verify.v2.service.new_factor import NewFactorList
from twilio.rest.verify.v2.service.new_verify_factor import NewVerifyFactorList

from tests.limits import BROWSER
from twilio_emulator import Emulator, Settings

ORIGIN = "http://localhost:3000"
IDENTITY = "ann-00000001"

CREATE = """async options => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options.publicKey);
  return (await navigator.credentials.create({ publicKey })).toJSON();
}"""
GET = """async options => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey);
  return (await navigator.credentials.get({ publicKey })).toJSON();
}"""


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    """A page of this machine, in a browser with a finger on its sensor."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, timeout=BROWSER)
        page = browser.new_page()
        page.set_default_timeout(BROWSER)
        page.route("**/*", lambda route: route.fulfill(body="<title>Shop</title>"))
        page.goto(ORIGIN)
        tools = page.context.new_cdp_session(page)
        tools.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
        }
        tools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        yield page
        browser.close()


@pytest.fixture
def service() -> Iterator[ServiceContext]:
    """A service whose pages are on this machine."""
    with Emulator(Settings(port=0)) as emulator:
        services = emulator.client().verify.v2.services
        made = services.create(
            friendly_name="Shop",
            passkeys_relying_party_id="localhost",
            passkeys_relying_party_name="Shop",
            passkeys_relying_party_origins=ORIGIN,
            passkeys_authenticator_attachment="platform",
            passkeys_discoverable_credentials="preferred",
            passkeys_user_verification="required",
        )
        assert made.sid is not None
        yield services(made.sid)


def enrolled(service: ServiceContext, page: Page) -> Any:
    said = {"friendly_name": "Laptop", "identity": IDENTITY}
    made = service.new_factors.create(NewFactorList.CreateNewPasskeysFactorRequest(said))
    credential = page.evaluate(CREATE, made.options)
    request = NewVerifyFactorList.VerifyPasskeysFactorRequest(credential)
    return service.new_verify_factors.update(request)


@pytest.mark.parametrize("whose", [{}, {"identity": IDENTITY}])
def test_chromium_enrols_and_signs_in(
    service: ServiceContext, page: Page, whose: dict[str, str]
) -> None:
    factor = enrolled(service, page)
    assert factor.status == "verified"
    for _ in range(2):
        request = NewChallengeContext.CreatePasskeysChallengeRequest(whose)
        challenge = service.new_challenge().create(request)
        credential = page.evaluate(GET, challenge.options)
        approval = ApproveChallengeList.ApprovePasskeysChallengeRequest(credential)
        approved = service.approve_challenge.update(approval)
        assert (approved.status, approved.factor_sid) == ("approved", factor.sid)
