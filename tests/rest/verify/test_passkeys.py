"""Passkeys by REST, with an authenticator that is not ours."""

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from typing import Any

import pytest
from fido2.utils import websafe_decode, websafe_encode

from tests.soft_authenticator import UP, SoftAuthenticator

SERVICES = "https://verify.twilio.com/v2/Services"
ANN = "ann-00000001"
BEN = "ben-00000001"
CRITERIA = {
    "authenticator_attachment": "platform",
    "discoverable_credentials": "preferred",
    "user_verification": "preferred",
}
PARTY = {"id": "example.com", "name": "Example", "origins": ["https://example.com"]}

Ask = Callable[..., tuple[int, Any]]


class Passkeys:
    """The four operations of a service, each with the status that it should answer."""

    def __init__(self, ask: Ask, service: str) -> None:
        self._ask = ask
        self.url = f"{SERVICES}/{service}"

    def factor(self, status: int = 201, **said: Any) -> Any:
        return self._post("Factors", {"identity": ANN, "friendly_name": "Key", **said}, status)

    def verify(self, said: object, status: int = 200) -> Any:
        return self._post("VerifyFactor", said, status)

    def challenge(self, said: object, status: int = 201) -> Any:
        return self._post("Challenges", said, status)

    def approve(self, said: object, status: int = 200) -> Any:
        return self._post("ApproveChallenge", said, status)

    def _post(self, path: str, said: object, status: int) -> Any:
        answered, body = self._ask("POST", f"{self.url}/Passkeys/{path}", said=said)
        assert answered == status, body
        return body if status < 400 else body["code"]

    def enrolled(self, identity: str = ANN, **said: Any) -> tuple[SoftAuthenticator, str]:
        """Somebody's authenticator, and the sid of the factor whose passkey it holds."""
        device = SoftAuthenticator()
        made = self.factor(identity=identity, **said)
        self.verify(device.create(made["options"]))
        return device, made["sid"]


@pytest.fixture
def make(ask: Ask) -> Callable[..., Passkeys]:
    """Make a service with these parameters."""

    def make(**settings: str) -> Passkeys:
        _, service = ask("POST", SERVICES, FriendlyName="Shop", **settings)
        return Passkeys(ask, service["sid"])

    return make


@pytest.fixture
def passkeys(make: Callable[..., Passkeys]) -> Passkeys:
    """Those of a service that says how they are made."""
    return make(
        **{
            "Passkeys.RelyingParty.Id": "example.com",
            "Passkeys.RelyingParty.Name": "Example",
            "Passkeys.RelyingParty.Origins": "https://example.com,https://login.example.com",
            "Passkeys.AuthenticatorAttachment": "platform",
            "Passkeys.DiscoverableCredentials": "preferred",
            "Passkeys.UserVerification": "preferred",
        }
    )


def test_a_new_factor_says_what_a_browser_is_to_make(passkeys: Passkeys, ask: Ask) -> None:
    made = passkeys.factor()
    asked = made["options"]["publicKey"]
    assert (made["status"], made["factor_type"], made["binding"]) == (
        "unverified",
        "passkeys",
        None,
    )
    assert websafe_decode(asked["user"]["id"]).decode() == made["entity_sid"]
    assert websafe_decode(asked["challenge"]).decode() == made["sid"]
    assert made["config"] == {
        "relying_party": {**PARTY, "origins": ["https://example.com", "https://login.example.com"]},
        **CRITERIA,
    }
    assert asked | {"user": 0, "challenge": 0} == {
        "rp": {"id": "example.com", "name": "Example"},
        "user": 0,
        "challenge": 0,
        "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
        "timeout": 600000,
        "excludeCredentials": [],
        "authenticatorSelection": {
            "authenticatorAttachment": "platform",
            "requireResidentKey": False,
            "residentKey": "preferred",
            "userVerification": "preferred",
        },
        "attestation": "none",
    }
    assert asked["user"] | {"id": 0} == {"id": 0, "name": "Key", "displayName": "Key"}
    _, listed = ask("GET", f"{passkeys.url}/Entities/{ANN}/Factors")
    (factor,) = listed["factors"]
    assert factor == {k: v for k, v in made.items() if k not in ("options", "binding")}
    assert factor["url"] == f"{passkeys.url}/Entities/{ANN}/Factors/{made['sid']}"


def test_somebody_signs_in_again_and_again(passkeys: Passkeys, ask: Ask) -> None:
    device, sid = passkeys.enrolled()
    for _ in range(2):
        challenge = passkeys.challenge({"identity": ANN})
        assert (challenge["status"], challenge["factor_sid"]) == ("pending", sid)
        assert challenge["url"] == f"{passkeys.url}/Passkeys/Challenges"
        asked = challenge["options"]["publicKey"]
        assert websafe_decode(asked["challenge"]).decode() == challenge["sid"]
        assert (asked["rpId"], asked["userVerification"]) == ("example.com", "preferred")
        assert asked["allowCredentials"] == [
            {"type": "public-key", "id": websafe_encode(device.id), "transports": ["internal"]}
        ]
        approved = passkeys.approve(device.get(challenge["options"]))
        assert (approved["sid"], approved["status"]) == (challenge["sid"], "approved")
        assert approved["date_responded"] is not None
        assert approved["url"] == f"{passkeys.url}/Passkeys/ApproveChallenge"
        url = f"{passkeys.url}/Entities/{ANN}/Challenges/{challenge['sid']}"
        assert ask("GET", url)[1]["status"] == "approved"


def test_anybodys_passkey_says_whose_it_is(passkeys: Passkeys) -> None:
    device, sid = passkeys.enrolled(BEN)
    for said in ({}, None):
        challenge = passkeys.challenge(said) if said is not None else passkeys.challenge({})
        nobody = {name: challenge[name] for name in ("entity_sid", "identity", "factor_sid")}
        assert nobody == {"entity_sid": "", "identity": "", "factor_sid": ""}
        asked = challenge["options"]["publicKey"]
        assert asked["allowCredentials"] == []
        assert "user" not in asked
        approved = passkeys.approve(device.get(challenge["options"]))
        assert (approved["identity"], approved["factor_sid"]) == (BEN, sid)


def test_any_passkey_of_an_identity_will_do_and_of_a_factor_its_own(passkeys: Passkeys) -> None:
    phone, first = passkeys.enrolled()
    laptop, second = passkeys.enrolled()
    stranger, _ = passkeys.enrolled(BEN)
    challenge = passkeys.challenge({"identity": ANN})
    allowed = challenge["options"]["publicKey"]["allowCredentials"]
    assert [each["id"] for each in allowed] == [websafe_encode(it.id) for it in (laptop, phone)]
    assert challenge["factor_sid"] == second
    assert passkeys.approve(stranger.get(challenge["options"]), 404) == 60390
    assert passkeys.approve(phone.get(challenge["options"]))["factor_sid"] == first
    challenge = passkeys.challenge({"identity": ANN, "factor_sid": second})
    assert len(challenge["options"]["publicKey"]["allowCredentials"]) == 1
    assert passkeys.approve(phone.get(challenge["options"]), 404) == 60390
    passkeys.approve(laptop.get(challenge["options"]))
    assert passkeys.challenge({"factor_sid": first})["identity"] == ANN


def test_a_challenge_is_answered_once_and_in_time(
    passkeys: Passkeys, advance: Callable[..., None]
) -> None:
    device, _ = passkeys.enrolled()
    challenge = passkeys.challenge({"identity": ANN})
    passkeys.approve(device.get(challenge["options"]))
    assert passkeys.approve(device.get(challenge["options"]), 403) == 60322
    challenge = passkeys.challenge({"identity": ANN})
    advance(minutes=5)
    assert passkeys.approve(device.get(challenge["options"]), 403) == 60323


def test_who_can_be_asked_has_a_passkey(passkeys: Passkeys, ask: Ask) -> None:
    assert passkeys.challenge({"identity": ANN}, 404) == 60392
    assert passkeys.challenge({"identity": "ann"}, 400) == 60367
    ask("POST", f"{passkeys.url}/Entities", Identity=ANN)
    assert passkeys.challenge({"identity": ANN}, 404) == 60390
    code = {"FriendlyName": "App", "FactorType": "totp"}
    _, app = ask("POST", f"{passkeys.url}/Entities/{ANN}/Factors", **code)
    assert passkeys.challenge({"factor_sid": app["sid"]}, 404) == 60390
    made = passkeys.factor()
    assert passkeys.challenge({"identity": ANN}, 400) == 60383
    assert passkeys.challenge({"factor_sid": made["sid"]}, 400) == 60383
    passkeys.verify(SoftAuthenticator().create(made["options"]))
    assert passkeys.challenge({"identity": BEN, "factor_sid": made["sid"]}, 404) == 60392
    passkeys.factor(identity=BEN)
    assert passkeys.challenge({"identity": BEN, "factor_sid": made["sid"]}, 404) == 60390


def test_a_relying_party_has_an_id_and_origins(make: Callable[..., Passkeys]) -> None:
    bare = make()
    assert bare.factor(400) == 60372
    assert bare.factor(400, config=CRITERIA) == 60371
    assert bare.challenge({}, 400) == 60372
    for change, code in (
        ({"id": None}, 60372),
        ({"id": "https://example.com"}, 60372),
        ({"id": 1}, 60372),
        ({"origins": []}, 60371),
        ({"origins": [""]}, 60371),
        ({"origins": "https://example.com"}, 60371),
        ({"name": 1}, 60371),
    ):
        config = {"relying_party": PARTY | change, **CRITERIA}
        assert bare.factor(400, config=config) == code
    assert bare.factor(400, config={"relying_party": [], **CRITERIA}) == 60371
    assert bare.factor(400, config=[]) == 60306
    party = {"id": "example.com", "origins": ["https://example.com"]}
    made = bare.factor(config={"relying_party": party, **CRITERIA})
    assert made["config"]["relying_party"] == {**party, "name": "Shop"}


def test_criteria_are_those_of_the_config_or_of_the_service(
    passkeys: Passkeys, make: Callable[..., Passkeys], ask: Ask
) -> None:
    silent = make(
        **{
            "Passkeys.RelyingParty.Id": "example.com",
            "Passkeys.RelyingParty.Origins": "https://example.com",
        }
    )
    status, refused = ask(
        "POST", f"{silent.url}/Passkeys/Factors", said={"identity": ANN, "friendly_name": "Key"}
    )
    assert (status, refused["code"]) == (400, 60393)
    assert refused["message"].endswith(
        ": authenticator_attachment, discoverable_credentials, user_verification"
    )
    assert passkeys.factor(400, config={"user_verification": "required"}) == 60393
    assert passkeys.factor(400, config=CRITERIA | {"user_verification": "maybe"}) == 60306
    wanted = CRITERIA | {"authenticator_attachment": "ANY", "discoverable_credentials": "required"}
    made = silent.factor(config=wanted)
    assert made["config"]["authenticator_attachment"] == "any"
    assert made["options"]["publicKey"]["authenticatorSelection"] == {
        "requireResidentKey": True,
        "residentKey": "required",
        "userVerification": "preferred",
    }
    device = SoftAuthenticator()
    silent.verify(device.create(made["options"]))
    silent.approve(device.get(silent.challenge({})["options"]))


def test_a_factor_has_a_name_and_an_identity(passkeys: Passkeys) -> None:
    assert passkeys.factor(400, identity=None) == 60367
    assert passkeys.factor(400, identity="ann") == 60367
    assert passkeys.factor(400, identity=1) == 60367
    assert passkeys.factor(400, friendly_name=None) == 60300
    assert passkeys.factor(400, friendly_name=1) == 60306
    assert passkeys.factor(400, friendly_name="a" * 65) == 60306


Change = Callable[[dict[str, Any]], None]


def said(part: str, value: object) -> Change:
    """Have a credential say something else in a part of its own, or of its response."""

    def change(credential: dict[str, Any]) -> None:
        inner = credential["response"] if part not in credential else credential
        inner[part] = value

    return change


def client_data(**changes: str) -> Change:
    """Have the browser say something else."""

    def change(credential: dict[str, Any]) -> None:
        response = credential["response"]
        told = json.loads(websafe_decode(response["clientDataJSON"]))
        response["clientDataJSON"] = websafe_encode(json.dumps(told | changes).encode())

    return change


EITHER = [
    (said("id", 1), 60375),
    (said("id", "AAAA"), 60375),
    (said("id", "*"), 60375),
    (said("rawId", 1), 60376),
    (said("rawId", "AAAA"), 60376),
    (said("authenticatorAttachment", 1), 60377),
    (said("authenticatorAttachment", "any"), 60377),
    (said("type", "password"), 60306),
    (said("response", None), 60378),
    (said("response", "{}"), 60378),
    (said("clientDataJSON", None), 60380),
    (said("clientDataJSON", "*"), 60380),
    (said("clientDataJSON", "e30"), 60380),
    (client_data(type="webauthn.other"), 60380),
    (client_data(origin="https://example.org"), 60380),
    (client_data(challenge="YQ"), None),
]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        *((change, code or 60390) for change, code in EITHER),
        (said("attestationObject", None), 60386),
        (said("attestationObject", "oA"), 60386),
        (said("transports", "usb"), 60378),
    ],
)
def test_a_factor_is_not_verified_by_anything_else(
    passkeys: Passkeys, change: Change, code: int
) -> None:
    made = passkeys.factor()
    credential = SoftAuthenticator().create(made["options"])
    good = json.loads(json.dumps(credential))
    change(credential)
    assert passkeys.verify(credential, 404 if code == 60390 else 400) == code
    assert passkeys.verify(good)["status"] == "verified"
    assert passkeys.verify(good, 400) == 60383


@pytest.mark.parametrize(
    ("change", "code"),
    [
        *((change, code or 60391) for change, code in EITHER if code != 60375),
        (said("id", 1), 60375),
        (said("id", ""), 60375),
        (said("id", "*"), 60375),
        (said("id", "AAAA"), 60390),
        (said("rawId", None), 60376),
        (said("authenticatorAttachment", None), 60377),
        (said("authenticatorData", None), 60379),
        (said("authenticatorData", "YQ"), 60379),
        (said("signature", None), 60381),
        (said("signature", "YQ"), 60381),
        (client_data(crossOrigin="x"), 60381),
        (said("userHandle", "YQ"), 60378),
        (said("userHandle", 1), 60378),
    ],
)
def test_a_challenge_is_not_approved_by_anything_else(
    passkeys: Passkeys, change: Change, code: int
) -> None:
    device, _ = passkeys.enrolled()
    credential = device.get(passkeys.challenge({"identity": ANN})["options"])
    good = json.loads(json.dumps(credential))
    change(credential)
    assert passkeys.approve(credential, 404 if code in (60390, 60391) else 400) == code
    del good["response"]["userHandle"]
    assert passkeys.approve(good)["status"] == "approved"


def test_data_are_for_the_relying_party_and_of_a_user_who_was_there(passkeys: Passkeys) -> None:
    made = passkeys.factor()
    other = json.loads(json.dumps(made["options"]))
    other["publicKey"]["rp"]["id"] = "example.org"
    assert passkeys.verify(SoftAuthenticator().create(other), 400) == 60382
    device = SoftAuthenticator()
    device.flags = UP & ~UP
    assert passkeys.verify(device.create(made["options"]), 400) == 60379
    required = passkeys.factor(config=CRITERIA | {"user_verification": "required"})
    device.flags = UP
    assert passkeys.verify(device.create(required["options"]), 400) == 60379
    passkeys.verify(device.create(made["options"]))


def test_attestation_without_a_passkey_is_none(passkeys: Passkeys) -> None:
    made = passkeys.factor()
    device = SoftAuthenticator()
    credential = device.create(made["options"])
    whole = urlsafe_b64decode(credential["response"]["attestationObject"] + "==")
    broken = whole[:-10] + bytes([whole[-10] ^ 1]) + whole[-9:]
    credential["response"]["attestationObject"] = websafe_encode(broken)
    assert passkeys.verify(credential, 400) == 60387
    flags = whole.index(b"authData") + 10 + 32
    bare = whole[: flags - 34] + b"\x58\x25" + whole[flags - 32 : flags]
    bare += b"\x01" + whole[flags + 1 : flags + 5]
    credential["response"]["attestationObject"] = websafe_encode(bare)
    assert passkeys.verify(credential, 400) == 60387
    cut = whole[: flags - 34] + b"\x58\x01a"
    credential["response"]["attestationObject"] = websafe_encode(cut)
    assert passkeys.verify(credential, 400) == 60386


def test_a_copy_that_has_not_counted_on_is_refused(passkeys: Passkeys) -> None:
    device, _ = passkeys.enrolled()
    passkeys.approve(device.get(passkeys.challenge({"identity": ANN})["options"]))
    challenge = passkeys.challenge({"identity": ANN})
    device.counter -= 1
    assert passkeys.approve(device.get(challenge["options"]), 400) == 60379
    passkeys.approve(device.get(challenge["options"]))


def test_an_authenticator_need_not_count(passkeys: Passkeys) -> None:
    device, _ = passkeys.enrolled()
    for _ in range(2):
        device.counter = -1
        passkeys.approve(device.get(passkeys.challenge({"identity": ANN})["options"]))


def test_a_passkey_is_one_factor_of_a_service(passkeys: Passkeys) -> None:
    device, _ = passkeys.enrolled()
    again = passkeys.factor(identity=BEN)
    assert passkeys.verify(device.create(again["options"]), 409) == 60317


def test_a_challenge_of_a_service_is_none_of_another(
    passkeys: Passkeys, make: Callable[..., Passkeys], ask: Ask
) -> None:
    device, _ = passkeys.enrolled()
    challenge = passkeys.challenge({"identity": ANN})
    made = passkeys.factor()
    elsewhere = make()
    assert elsewhere.approve(device.get(challenge["options"]), 404) == 60391
    assert elsewhere.verify(SoftAuthenticator().create(made["options"]), 404) == 60390
    nowhere = Passkeys(ask, "VA" + "f" * 32)
    for work in (nowhere.challenge, nowhere.approve, nowhere.verify):
        assert work({"response": {}}, 404) == 20404
    assert nowhere.factor(404) == 20404


@pytest.mark.parametrize("path", ["Factors", "VerifyFactor", "Challenges", "ApproveChallenge"])
def test_a_body_is_a_json_object(passkeys: Passkeys, ask: Ask, path: str) -> None:
    status, body = ask("POST", f"{passkeys.url}/Passkeys/{path}", said=[])
    assert (status, body["code"]) == (400, 20001)


def test_a_factor_is_verified_without_a_raw_id(passkeys: Passkeys) -> None:
    credential = SoftAuthenticator().create(passkeys.factor()["options"])
    del credential["rawId"]
    assert passkeys.verify(credential)["status"] == "verified"
