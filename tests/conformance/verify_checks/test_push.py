"""Checks 50 to 52: a device that asks as Twilio's SDK does."""

import base64
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.conformance.inside import START, Inside, Said

IDENTITY = "ann-00000001"
NOW = int(START.timestamp())


class Device:
    """An app with Twilio's SDK in it, which knows its account and its service."""

    def __init__(self, inside: Inside, **config: str) -> None:
        self.inside = inside
        (service,) = inside.library.verify.v2.services.list()
        self.root = f"https://verify.twilio.com/v2/Services/{service.sid}"
        self.entity = f"{self.root}/Entities/{IDENTITY}"
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.config = config
        self.factor: dict[str, Any] = {}

    def ask(self, method: str, path: str, form: Any = None, **options: Any) -> Said:
        """A request of the device's own."""
        auth = ("token", options.pop("token", None) or self.token())
        return self.inside.ask(method, f"{self.root}{path}", form, auth=auth, **options)

    def token(self, **claims: Any) -> str:
        """The JWT with which the device says who it is."""
        said = {"sub": self.inside.account_sid, "exp": NOW + 600, "nbf": NOW, **claims}
        header = {"cty": "twilio-pba;v=1", "kid": self.factor["config"]["credential_sid"]}
        return jwt.encode(said, self.key, algorithm="ES256", headers=header)

    def access_token(self, **said: str) -> str:
        """What the app's server gets for the device."""
        wish = {"Identity": IDENTITY, "FactorType": "push", **said}
        return str(self.inside.made(f"{self.root}/AccessTokens", wish)["token"])

    def enrol(self, token: str, **said: str) -> Said:
        """Make a factor."""
        public = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        wish = {
            "FriendlyName": "Ann's phone",
            "FactorType": "push",
            "Binding.PublicKey": base64.b64encode(public).decode(),
            "Binding.Alg": "ES256",
            "Config.SdkVersion": "2.1.0",
            "Config.AppId": "com.example.app",
            "Config.NotificationPlatform": "fcm",
            "Config.NotificationToken": "t" * 64,
            **self.config,
            **said,
        }
        answer = self.ask("POST", f"/Entities/{IDENTITY}/Factors", wish, token=token)
        if answer.status == 201:
            self.factor = answer.body
        return answer

    def prove(self, key: ec.EllipticCurvePrivateKey | None = None) -> Said:
        """Prove the factor with its signature over its sid."""
        signed = (key or self.key).sign(self.factor["sid"].encode(), ec.ECDSA(SHA256()))
        payload = {"AuthPayload": base64.b64encode(signed).decode()}
        return self.ask("POST", f"/Entities/{IDENTITY}/Factors/{self.factor['sid']}", payload)

    def challenge(self, **said: str) -> str:
        """The path of what the app's server asks."""
        wish = {"FactorSid": self.factor["sid"], "Details.Message": "Log in?", **said}
        sid = self.inside.made(f"{self.entity}/Challenges", wish)["sid"]
        return f"/Entities/{IDENTITY}/Challenges/{sid}"

    def decide(self, path: str, status: str, without: str = "", **claims: Any) -> Said:
        """Sign what is shown, and the status."""
        shown = self.ask("GET", path)
        fields = shown.headers["Twilio-Verify-Signature-Fields"].split(",")
        said = {field: shown[field] for field in fields if field != without}
        said |= {"status": status, **claims}
        return self.ask("POST", path, {"AuthPayload": jwt.encode(said, self.key, "ES256")})


@pytest.fixture
def device(inside: Inside) -> Device:
    """One that is enrolled."""
    device = Device(inside)
    assert device.enrol(device.access_token()).status == 201
    return device


def test_50_a_device_enrols_with_an_access_token_and_proves_itself(device: Device) -> None:
    assert device.factor["status"] == "unverified"
    assert device.prove(ec.generate_private_key(ec.SECP256R1())).code == 60311
    answer = device.prove()
    assert (answer.status, answer["status"]) == (200, "verified")


@pytest.mark.parametrize("status", ["approved", "denied"])
def test_51_a_device_decides_by_what_it_signs(device: Device, status: str) -> None:
    device.prove()
    path = device.challenge(HiddenDetails='{"ip": "172.168.1.234"}')
    wrong = device.decide(path, status, without="details")
    assert (wrong.status, wrong.code) == (403, 60324)
    assert device.decide(path, status, without="hidden_details").code == 60324
    assert device.ask("GET", path)["status"] == "pending"
    assert device.decide(path, status).status == 200
    assert device.ask("GET", path)["status"] == status
    assert device.decide(path, status).code == 60322


def test_52_a_device_is_told_three_times_more(device: Device) -> None:
    device.prove()
    told = f"{device.root}{device.challenge()}/Notifications"
    for _ in range(3):
        assert device.inside.made(told)["ttl"] == 300
    answer = device.inside.ask("POST", told)
    assert (answer.status, answer.code) == (429, 60309)


def test_52_a_device_without_a_platform_is_not_told(inside: Inside) -> None:
    nothing = {"Config.NotificationPlatform": "none", "Config.NotificationToken": ""}
    device = Device(inside, **nothing)
    device.enrol(device.access_token())
    device.prove()
    answer = inside.ask("POST", f"{device.root}{device.challenge()}/Notifications")
    assert (answer.status, answer.code) == (400, 60307)


def test_an_access_token_is_good_for_one_factor_of_one_identity(inside: Inside) -> None:
    device, other = Device(inside), Device(inside)
    used = device.access_token()
    assert device.enrol(used).status == 201
    assert (other.enrol(used).status, other.enrol(used).code) == (403, 60313)
    assert other.enrol(device.access_token(Identity="bob-00000001")).code == 60313
    late = device.access_token()
    inside.advance(seconds=60)
    assert other.enrol(late).code == 60313
    long = device.access_token(Ttl="300")
    inside.advance(seconds=299)
    assert other.enrol(long).status == 201


def test_an_access_token_makes_push_factors_alone(inside: Inside) -> None:
    device = Device(inside)
    token = device.access_token()
    assert device.enrol(token, FactorType="totp").code == 60313
    for method, path in (
        ("GET", f"/Entities/{IDENTITY}/Factors"),
        ("GET", ""),
        ("POST", "/Verifications"),
        ("POST", "/AccessTokens"),
    ):
        answer = device.ask(method, path, token=token)
        assert (answer.status, answer.code) == (401, 20003)
    named = device.access_token(FactorFriendlyName="Pixel")
    assert device.enrol(named, FriendlyName="")["friendly_name"] == "Pixel"


def test_a_device_sees_to_what_is_its_own(device: Device) -> None:
    device.prove()
    path, own = device.challenge(), f"/Entities/{IDENTITY}/Factors/{device.factor['sid']}"
    listed = device.ask("GET", f"/Entities/{IDENTITY}/Challenges", query=_of(device))
    assert [each["sid"] for each in listed["challenges"]] == [path[-34:]]
    moved = device.ask("POST", own, {"Config.NotificationToken": "u" * 64})
    assert moved["config"]["notification_token"] == "u" * 64
    assert device.ask("DELETE", own).status == 204
    assert device.inside.ask("GET", f"{device.root}{own}").status == 404
    gone = device.ask("GET", path)
    assert (gone.status, gone.code) == (401, 20003)


def test_a_device_sees_to_nothing_else(device: Device) -> None:
    device.prove()
    other = Device(device.inside)
    other.enrol(other.access_token())
    other.prove()
    theirs = other.challenge()
    for method, path in (
        ("GET", theirs),
        ("POST", theirs),
        ("GET", f"/Entities/{IDENTITY}/Factors/{other.factor['sid']}"),
        ("DELETE", f"/Entities/{IDENTITY}/Factors/{other.factor['sid']}"),
        ("GET", f"/Entities/{IDENTITY}/Factors"),
        ("GET", f"/Entities/{IDENTITY}/Challenges"),
        ("GET", f"/Entities/{IDENTITY}/Challenges/YC{'0' * 32}"),
        ("GET", f"/Entities/bob-00000001/Factors/{device.factor['sid']}"),
        ("POST", f"{theirs}/Notifications"),
        ("GET", "/Webhooks"),
    ):
        answer = device.ask(method, path)
        assert (answer.status, answer.code) == (401, 20003), path
    elsewhere = "https://verify.twilio.com/v2/Services"
    assert device.inside.ask("GET", elsewhere, auth=("token", device.token())).status == 401
    messages = "https://conversations.twilio.com/v1/Conversations"
    assert device.inside.ask("GET", messages, auth=("token", device.token())).status == 401


def test_who_a_device_is_says_its_jwt_alone(device: Device, inside: Inside) -> None:
    path = f"/Entities/{IDENTITY}/Factors/{device.factor['sid']}"
    other = Device(inside)
    other.factor = device.factor
    tokens = {
        "good": (device.token(), 200),
        "signed by another": (other.token(), 401),
        "of another account": (device.token(sub=f"AC{'0' * 32}"), 401),
        "late": (device.token(exp=NOW), 401),
        "early": (device.token(nbf=NOW + 1), 401),
        "for ever": (device.token(exp=None), 401),
        "of no time": (device.token(exp="x"), 401),
        "nothing": ("x", 401),
        "five parts": ("a.b.c.d.e", 401),
        "five parts of letters": ("a.b.c.dw==.e", 401),
        "of no token": (f"a.b.c.{base64.b64encode(b'AC1/YK1').decode()}.e", 401),
    }
    for what, (token, status) in tokens.items():
        answer = device.ask("GET", path, token=token)
        assert answer.status == status, what
        assert status == 200 or answer.code == 20003
    other_kind = {"kid": device.factor["config"]["credential_sid"]}
    claims = {"sub": inside.account_sid, "exp": NOW + 600}
    for headers in (other_kind, {"cty": "twilio-pba;v=1", "kid": "CR1"}, {"cty": "twilio-pba"}):
        token = jwt.encode(claims, device.key, algorithm="ES256", headers=headers)
        assert device.ask("GET", path, token=token).status == 401


def test_a_device_of_a_suspended_account_is_refused(inside: Inside) -> None:
    owner = "https://api.twilio.com/2010-04-01/Accounts.json"
    sub = inside.made(owner, {"FriendlyName": "Sub"})
    auth = (sub["sid"], sub["auth_token"])
    (service,) = inside.ask("GET", "https://verify.twilio.com/v2/Services", auth=auth)["services"]
    root = f"https://verify.twilio.com/v2/Services/{service['sid']}"
    wish = {"Identity": IDENTITY, "FactorType": "push"}
    token = inside.ask("POST", f"{root}/AccessTokens", wish, auth=auth)["token"]
    device = Device(inside)
    device.root = root
    assert device.enrol(token).status == 201
    inside.made(owner.replace(".json", f"/{sub['sid']}.json"), {"Status": "suspended"})
    token = device.token(sub=sub["sid"])
    answer = device.ask("GET", f"/Entities/{IDENTITY}/Factors/{device.factor['sid']}", token=token)
    assert (answer.status, answer.code) == (403, 20005)


def _of(device: Device) -> dict[str, str]:
    return {"FactorSid": device.factor["sid"], "Status": "pending", "Order": "desc"}
