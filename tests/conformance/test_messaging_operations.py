"""Every operation of messaging, numbers, accounts and content is there and answers as described, or
is not and says so."""

import logging
import re

import pytest

from tests.conformance.inside import Inside
from tests.conformance.messaging_walk import walk
from tests.conformance.products import SCOPE, Product, is_declared, products, reason_not_to
from tests.conformance.referee import FOLDER
from tests.conftest import absent
from twilio_emulator.wire.spelling import snake

IGNORED = {
    ("ListAvailablePhoneNumber", "ExcludeAllAddressRequired"): "no number here requires one",
    ("ListAvailablePhoneNumber", "ExcludeLocalAddressRequired"): "no number here requires one",
    ("ListAvailablePhoneNumber", "ExcludeForeignAddressRequired"): "no number here requires one",
    ("ListAvailablePhoneNumber", "NearLatLong"): "it is not known where on earth numbers are",
    ("ListAvailablePhoneNumber", "Distance"): "it is not known where on earth numbers are",
    ("ListAvailablePhoneNumber", "InLata"): "it is not known which LATA numbers are in",
    ("CreateApprovalCreate", "send_ttl_seconds"): "templates are sent or not, never late",
    ("UpdateAuthTokenPromotion", "SuppressEmailNotification"): "no e-mail is sent",
    ("CreateSecondaryAuthToken", "SuppressEmailNotification"): "no e-mail is sent",
    ("DeleteSecondaryAuthToken", "SuppressEmailNotification"): "no e-mail is sent",
    ("FetchPhoneNumber", "AddOns"): "add-ons of the marketplace are not emulated",
    ("FetchPhoneNumber", "AddOnsData"): "add-ons of the marketplace are not emulated",
}
"""Parameters without effect, by the beginning of the operation's name, and why."""

OLD = {
    (method, f"/2010-04-01/Accounts/{{}}/SMS/Messages{item}.json")
    for method, item in (("GET", ""), ("POST", ""), ("GET", "/{}"))
}
"""What Twilio still answers and no file describes any more."""

MORE = {
    ("api_v2010", "CreateMessage"): {"tags"},
    ("api_v2010", "UpdateAccount"): {"caller"},
    ("api_v2010", "UpdateKey"): {"policy"},
    ("api_v2010", "UpdateSigningKey"): {"policy"},
    ("api_v2010", "CreateNewKey"): {"key_type", "policy"},
    ("api_v2010", "CreateNewSigningKey"): {"key_type", "policy"},
}
"""Parameters that the file has not: documented elsewhere, of the same keys in IAM, or ours."""


@pytest.fixture(scope="session")
def messaging() -> dict[str, Product]:
    if not FOLDER.is_dir():
        absent("Twilio's OpenAPI files are not installed: `make test` does it")
    return products()


def test_all_files_are_held_against_a_table(messaging: dict[str, Product]) -> None:
    assert messaging.keys() == SCOPE.keys()


@pytest.mark.parametrize("name", list(SCOPE))
def test_each_operation_is_declared_or_not_for_a_reason(
    messaging: dict[str, Product], name: str
) -> None:
    product = messaging[name]
    for described in product.described:
        assert is_declared(product, described) == (reason_not_to(described) is None), described.name
    keys = {each.key for each in product.described}
    assert product.declared.keys() <= keys | product.referee.operations.keys() | OLD


@pytest.mark.parametrize("name", list(SCOPE))
def test_all_parameters_are_taken(messaging: dict[str, Product], name: str) -> None:
    product = messaging[name]
    for described in product.described:
        if reason_not_to(described) is None:
            taken = set(product.declared[described.key].parameters)
            ignored = {
                parameter
                for (beginning, parameter) in IGNORED
                if described.name.startswith(beginning)
            }
            wanted = {snake(each) for each in described.parameters if each not in ignored}
            assert taken - MORE.get((name, described.name), set()) == wanted, described.name


def test_answers_have_the_keys_and_types_of_their_schema(
    messaging: dict[str, Product], inside: Inside
) -> None:
    come_by = set()
    for step in walk(inside):
        host, version = re.fullmatch(r"https://(\w+)\.twilio\.com/([^/]+)/.*", step.url).groups()
        product = messaging[f"{host}_{version.replace('2010-04-01', 'v2010')}"]
        described = product.referee.find(step.method, step.url)
        assert product.referee.faults(described, step.status, step.body) == [], step.body
        come_by.add((product.name, described.name))
    expected = {
        (product.name, described.name)
        for product in messaging.values()
        for described in product.described
        if reason_not_to(described) is None
    }
    assert come_by == expected


def test_what_is_not_there_is_answered_with_404_and_logged(
    messaging: dict[str, Product], inside: Inside, caplog: pytest.LogCaptureFixture
) -> None:
    asked = 0
    for product in messaging.values():
        for described in product.referee.operations.values():
            if is_declared(product, described):
                continue
            path = described.path.replace("{AccountSid}", inside.account_sid)
            url = product.url + re.sub(r"\{\w+\}", "X" * 34, path)
            caplog.clear()
            with caplog.at_level(logging.WARNING, logger="twilio_emulator"):
                answer = inside.ask(
                    described.method, url, {} if described.method == "POST" else None
                )
            assert (answer.status, answer.code) == (404, 20404), described.name
            # One reads as a service's sid, which is not found in the ordinary way.
            if described.name != "CreateExternalCampaign":
                line = f"not emulated: {described.method} {url.removeprefix('https://')}"
                assert caplog.messages == [line], described.name
            asked += 1
    assert asked > 200
