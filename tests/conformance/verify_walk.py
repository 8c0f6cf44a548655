"""The part of the walk that comes by every operation of Verify."""

import base64
import json
from typing import TYPE_CHECKING, Any

import pyotp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from twilio_emulator.core.carrier.handset_commands import UpsertHandset

if TYPE_CHECKING:
    from tests.conformance.messaging_walk import Walk

DORA, EVE = "+12025550177", "+12025550166"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
VERIFY = "https://verify.twilio.com/v2"
CONTROL = "http://localhost/_emulator/v1"
IDENTITY = "dora-00000001"


def verify(it: "Walk") -> None:
    """Come by every operation."""
    for number in (DORA, EVE):
        it.inside.perform(UpsertHandset(address=number))
    made = it.post(
        f"{VERIFY}/Services",
        FriendlyName="Shop",
        LookupEnabled="true",
        **{
            "Passkeys.RelyingParty.Id": "localhost",
            "Passkeys.RelyingParty.Name": "Shop",
            "Passkeys.RelyingParty.Origins": "http://localhost:3000",
            "Passkeys.AuthenticatorAttachment": "platform",
            "Passkeys.DiscoverableCredentials": "preferred",
            "Passkeys.UserVerification": "preferred",
        },
    )
    service = f"{VERIFY}/Services/{made['sid']}"
    it.post(service, CodeLength="8")
    it.get(service)
    it.get(f"{VERIFY}/Services")
    _verifications(it, service)
    _around(it, service)
    _factors(it, service)
    _push(it, service)
    _passkeys(it, service)
    it.delete(service)


def _verifications(it: "Walk", service: str) -> None:
    made = it.post(f"{service}/Verifications", To=DORA, Channel="sms")
    it.get(f"{service}/Verifications/{made['sid']}")
    it.post(f"{service}/VerificationCheck", To=DORA, Code="00000000")
    code = _control(it, "GET", f"/verifications/{DORA}/code")["code"]
    it.post(f"{service}/VerificationCheck", VerificationSid=made["sid"], Code=code)
    path = service.removeprefix(f"{VERIFY}/Services")
    _control(it, "PUT", f"/verify/services{path}", {"channels": {"sna": True}})
    it.post(f"{service}/Verifications", To=EVE, Channel="sna")
    it.post(f"{service}/Verifications/{EVE}", Status="canceled")
    attempts = it.get(f"{VERIFY}/Attempts")["attempts"]
    it.get(f"{VERIFY}/Attempts/{attempts[0]['sid']}")
    it.get(f"{VERIFY}/Attempts/Summary")
    it.get(f"{VERIFY}/Templates")


def _around(it: "Walk", service: str) -> None:
    messaging = it.inside.messaging_service_sid
    configurations = f"{service}/MessagingConfigurations"
    it.post(configurations, Country="US", MessagingServiceSid=messaging)
    it.get(configurations)
    it.post(f"{configurations}/US", MessagingServiceSid=messaging)
    it.get(f"{configurations}/US")
    it.delete(f"{configurations}/US")
    limit = it.post(f"{service}/RateLimits", UniqueName="ip", Description="By address")
    own = f"{service}/RateLimits/{limit['sid']}"
    it.get(f"{service}/RateLimits")
    it.post(own, Description="By network")
    it.get(own)
    bucket = it.post(f"{own}/Buckets", Max="4", Interval="60")
    it.get(f"{own}/Buckets")
    it.post(f"{own}/Buckets/{bucket['sid']}", Max="5")
    it.get(f"{own}/Buckets/{bucket['sid']}")
    it.delete(f"{own}/Buckets/{bucket['sid']}")
    it.delete(own)
    numbers = f"{VERIFY}/SafeList/Numbers"
    it.post(numbers, PhoneNumber=DORA)
    it.get(f"{numbers}/{DORA}")
    it.delete(f"{numbers}/{DORA}")
    hook = it.post(
        f"{service}/Webhooks",
        FriendlyName="Ours",
        EventTypes=["factor.verified"],
        WebhookUrl="https://example.com/a",
    )
    it.get(f"{service}/Webhooks")
    it.post(f"{service}/Webhooks/{hook['sid']}", FriendlyName="Theirs")
    it.get(f"{service}/Webhooks/{hook['sid']}")
    it.delete(f"{service}/Webhooks/{hook['sid']}")
    it.get(f"{VERIFY}/Forms/form-push")


def _factors(it: "Walk", service: str) -> None:
    it.post(f"{service}/Entities", Identity=IDENTITY)
    it.get(f"{service}/Entities")
    entity = f"{service}/Entities/{IDENTITY}"
    it.get(entity)
    secret = {"Binding.Secret": SECRET}
    made = it.post(f"{entity}/Factors", FriendlyName="App", FactorType="totp", **secret)
    factor = f"{entity}/Factors/{made['sid']}"
    now = it.inside.world.clock.now().timestamp()
    it.post(factor, AuthPayload=pyotp.TOTP(SECRET).at(int(now)))
    it.get(factor)
    it.get(f"{entity}/Factors")
    challenge = it.post(f"{entity}/Challenges", FactorSid=made["sid"])
    own = f"{entity}/Challenges/{challenge['sid']}"
    it.get(f"{entity}/Challenges")
    it.get(own)
    it.post(own, AuthPayload=pyotp.TOTP(SECRET).at(int(now)))
    it.delete(factor)
    it.delete(entity)


def _push(it: "Walk", service: str) -> None:
    token = it.post(f"{service}/AccessTokens", Identity=IDENTITY, FactorType="push")
    it.get(f"{service}/AccessTokens/{token['sid']}")
    entity = f"{service}/Entities/{IDENTITY}"
    key = ec.generate_private_key(ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    made = it.post(
        f"{entity}/Factors",
        FriendlyName="Phone",
        FactorType="push",
        **{
            "Binding.PublicKey": base64.b64encode(public).decode(),
            "Binding.Alg": "ES256",
            "Config.SdkVersion": "2.1.0",
            "Config.AppId": "com.example.app",
            "Config.NotificationPlatform": "fcm",
            "Config.NotificationToken": "t" * 64,
        },
    )
    signed = key.sign(made["sid"].encode(), ec.ECDSA(SHA256()))
    payload = base64.b64encode(signed).decode()
    it.post(f"{entity}/Factors/{made['sid']}", AuthPayload=payload)
    fields = [json.dumps({"label": "Action", "value": "Sign in"})]
    challenge = it.post(
        f"{entity}/Challenges",
        FactorSid=made["sid"],
        **{"Details.Message": "Is it you?", "Details.Fields": fields},
    )
    it.post(f"{entity}/Challenges/{challenge['sid']}/Notifications")


def _passkeys(it: "Walk", service: str) -> None:
    passkeys = f"{service}/Passkeys"
    made = it.post(
        f"{passkeys}/Factors", said={"friendly_name": "Phone", "identity": "eve-000000001"}
    )
    it.post(f"{passkeys}/VerifyFactor", said=_passkey(it, "create", made["options"]))
    challenge = it.post(f"{passkeys}/Challenges", said={"identity": "eve-000000001"})
    it.post(f"{passkeys}/ApproveChallenge", said=_passkey(it, "get", challenge["options"]))


def _passkey(it: "Walk", call: str, options: Any) -> Any:
    return _control(it, "POST", f"/passkeys/{call}", {"handset": EVE, "options": options})


def _control(it: "Walk", method: str, path: str, said: object = None) -> Any:
    query = {"account": it.inside.account_sid}
    answer = it.inside.ask(method, CONTROL + path, query=query, said=said)
    assert answer.status < 300, answer.body
    return answer.body
