"""How each way in which Verify says no is brought about over HTTP."""

import base64
import json
from collections.abc import Callable
from types import ModuleType
from typing import Any
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.utils import websafe_decode, websafe_encode

from tests.conformance.inside import Inside, Said
from tests.conformance.verify_checks.test_push import IDENTITY, Device
from tests.soft_authenticator import UP, SoftAuthenticator
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.kernel.refusals import Refusal
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.phones.handsets import LineType
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.verify import errors, factor_errors, fault_errors, names, passkey_errors
from twilio_emulator.core.verify.fraud import AddFraudRule
from twilio_emulator.core.verify.resources import EmailIntegration
from twilio_emulator.core.verify.service_switches import SwitchVerifyService
from twilio_emulator.core.verify.services import FIRST_SERVICE
from twilio_emulator.core.verify.templates import (
    AddVerifyTemplate,
    TemplateTranslation,
    TranslationStatus,
)

ANN = "+12025550199"
VERIFY = "https://verify.twilio.com/v2"
HERE = f"{VERIFY}/Services/{FIRST_SERVICE}"
THEIRS = f"{HERE}/Entities/{IDENTITY}"
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
FIRST_CODE = "978746"
"""Of that secret, when a frozen account begins."""

TEMPLATE = "HJ00000000000000000000000000000003"
MAIL = "ann@example.com"
PARTY = {
    "Passkeys.RelyingParty.Id": "example.com",
    "Passkeys.RelyingParty.Origins": "https://example.com",
}
CRITERIA = {
    "authenticator_attachment": "platform",
    "discoverable_credentials": "preferred",
    "user_verification": "preferred",
}

Provoke = Callable[[Inside], Said]


def send(inside: Inside, **form: Any) -> Said:
    """Ask for a code to Ann, by SMS unless something else is said."""
    return inside.ask("POST", f"{HERE}/Verifications", {"To": ANN, "Channel": "sms", **form})


def sending(**form: Any) -> Provoke:
    """A code that is refused whatever there is."""
    return lambda inside: send(inside, **form)


def with_service(form: dict[str, str], **settings: str) -> Provoke:
    """A code of a service that is set so."""

    def provoke(inside: Inside) -> Said:
        inside.made(HERE, settings)
        return send(inside, **form)

    return provoke


def after(*commands: Command[object], **form: str) -> Provoke:
    """A code that is refused after what a test has set."""

    def provoke(inside: Inside) -> Said:
        for each in commands:
            inside.perform(each)
        return send(inside, **form)

    return provoke


def switched(**switches: Any) -> SwitchVerifyService:
    return SwitchVerifyService(service=FIRST_SERVICE, **switches)


def again(times: int, path: str, **form: str) -> Provoke:
    """What is refused at last when it is asked for so often."""

    def provoke(inside: Inside) -> Said:
        for number in range(times):
            inside.made(f"{HERE}{path}", {k: v.format(number) for k, v in form.items()})
        return inside.ask("POST", f"{HERE}{path}", {k: v.format(times) for k, v in form.items()})

    return provoke


def _too_many_checks(inside: Inside) -> Said:
    inside.perform(switched(fixed_code="123456"))
    send(inside)
    return again(5, "/VerificationCheck", To=ANN, Code="654321")(inside)


def _templated(status: TranslationStatus, text: str) -> Provoke:
    def provoke(inside: Inside) -> Said:
        template = inside.perform(
            AddVerifyTemplate(
                account=inside.account_sid,
                friendly_name="Ours",
                channels=("sms",),
                translations=(TemplateTranslation(locale="en", text=text, status=status),),
            )
        )
        return send(inside, TemplateSid=template.sid)

    return provoke


def _landline(inside: Inside) -> Said:
    inside.perform(UpsertHandset(address=ANN, line_type=LineType.LANDLINE))
    return with_service({}, LookupEnabled="true", SkipSmsToLandlines="true")(inside)


def _restricted(inside: Inside) -> Said:
    with patch.object(names, "RESTRICTED", frozenset({"bank"})):
        return send(inside, CustomFriendlyName="My bank")


def _limit(inside: Inside) -> str:
    return str(inside.made(f"{HERE}/RateLimits", {"UniqueName": "ip"})["sid"])


def _buckets(times: int, interval: str) -> Provoke:
    def provoke(inside: Inside) -> Said:
        path = f"/RateLimits/{_limit(inside)}/Buckets"
        return again(times, path, Max="1", Interval=interval)(inside)

    return provoke


def _too_many_requests(inside: Inside) -> Said:
    inside.made(f"{HERE}/RateLimits/{_limit(inside)}/Buckets", {"Max": "1", "Interval": "60"})
    send(inside, RateLimits='{"ip": "::1"}')
    return send(inside, RateLimits='{"ip": "::1"}')


def _configured_twice(inside: Inside) -> Said:
    service = inside.messaging_service_sid
    return again(1, "/MessagingConfigurations", Country="US", MessagingServiceSid=service)(inside)


def _listed_twice(inside: Inside) -> Said:
    numbers = f"{VERIFY}/SafeList/Numbers"
    inside.made(numbers, {"PhoneNumber": ANN})
    return inside.ask("POST", numbers, {"PhoneNumber": ANN})


def entity(inside: Inside, path: str = "", **form: str) -> Said:
    """A request below the entity of Ann."""
    return inside.ask("POST", f"{THEIRS}{path}", form)


def factor(inside: Inside, **form: str) -> Said:
    """A TOTP factor of Ann's is asked for."""
    return entity(inside, "/Factors", **{"FriendlyName": "App", "FactorType": "totp", **form})


def enrolled(inside: Inside, **form: str) -> str:
    """The path of a TOTP factor that is not verified."""
    return f"/Factors/{factor(inside, **{'Binding.Secret': SECRET, **form})['sid']}"


def verified(inside: Inside, **form: str) -> str:
    """The sid of one that is."""
    path = enrolled(inside, **form)
    code = FIRST_CODE if not form else FIRST_CODE[-int(form["Config.CodeLength"]) :]
    assert entity(inside, path, AuthPayload=code)["status"] == "verified"
    return path[-34:]


def _tried_too_often(path: Callable[[Inside], str]) -> Provoke:
    def provoke(inside: Inside) -> Said:
        where = path(inside)
        for _ in range(5):
            assert entity(inside, where, AuthPayload="000000").status == 200
        return entity(inside, where, AuthPayload=FIRST_CODE)

    return provoke


def challenged(inside: Inside) -> str:
    """The path of a challenge of a TOTP factor."""
    return f"/Challenges/{entity(inside, '/Challenges', FactorSid=verified(inside))['sid']}"


def _responded(inside: Inside) -> Said:
    path = challenged(inside)
    entity(inside, path, AuthPayload=FIRST_CODE)
    return entity(inside, path, AuthPayload=FIRST_CODE)


def _expired(inside: Inside) -> Said:
    path = challenged(inside)
    inside.advance(minutes=6)
    return entity(inside, path, AuthPayload=FIRST_CODE)


def _challenged_too_often(inside: Inside) -> Said:
    sid = verified(inside, **{"Config.CodeLength": "4"})
    return again(10, f"/Entities/{IDENTITY}/Challenges", FactorSid=sid)(inside)


def _made_too_often(inside: Inside) -> Said:
    for _ in range(100):
        made = factor(inside)["sid"]
        assert inside.ask("DELETE", f"{THEIRS}/Factors/{made}").status == 204
    return factor(inside)


def device(inside: Inside, **config: str) -> Device:
    """A device whose factor is verified."""
    made = Device(inside, **config)
    assert made.enrol(made.access_token()).status == 201
    assert made.prove().status == 200
    return made


def _another_device(inside: Inside) -> Said:
    other = Device(inside)
    return other.enrol(other.access_token())


def _too_many_devices(inside: Inside) -> Said:
    for _ in range(20):
        assert _another_device(inside).status == 201
    return _another_device(inside)


def _unreachable(inside: Inside) -> Said:
    nothing = {"Config.NotificationPlatform": "none", "Config.NotificationToken": ""}
    return inside.ask("POST", f"{HERE}{device(inside, **nothing).challenge()}/Notifications")


def _told_too_often(inside: Inside) -> Said:
    return again(3, f"{device(inside).challenge()}/Notifications")(inside)


def _signed_by_another(inside: Inside) -> Said:
    made = Device(inside)
    made.enrol(made.access_token())
    return made.prove(ec.generate_private_key(ec.SECP256R1()))


def _answered_without_details(inside: Inside) -> Said:
    made = device(inside)
    return made.decide(made.challenge(), "approved", without="details")


def _token_of_another(inside: Inside) -> Said:
    made = Device(inside)
    return made.enrol(made.access_token(Identity="bob-00000001"))


def _bound_by_nothing(inside: Inside) -> Said:
    made = Device(inside)
    key = base64.b64encode(b"no key").decode()
    return made.enrol(made.access_token(), **{"Binding.PublicKey": key})


def _bound_twice(inside: Inside) -> Said:
    enrolled(inside)
    return factor(inside, **{"Binding.Secret": SECRET})


def passkeys(inside: Inside, path: str, **said: object) -> Said:
    """A request about passkeys."""
    return inside.ask("POST", f"{HERE}/Passkeys/{path}", said=said)


def wanted(inside: Inside, **said: object) -> Said:
    """A passkey of Ann's is asked for."""
    return passkeys(
        inside,
        "Factors",
        **{"identity": IDENTITY, "friendly_name": "Key", "config": CRITERIA} | said,
    )


def party(inside: Inside) -> None:
    """The service says whose passkeys they are."""
    inside.made(HERE, PARTY)


def _wanted(**said: object) -> Provoke:
    def provoke(inside: Inside) -> Said:
        party(inside)
        return wanted(inside, **said)

    return provoke


Credential = dict[str, Any]
Change = Callable[[Credential], object]


def made(change: Change, device: SoftAuthenticator | None = None) -> Provoke:
    """A passkey is made, and what is said of it is changed."""

    def provoke(inside: Inside) -> Said:
        party(inside)
        credential = (device or SoftAuthenticator()).create(_config(inside))
        change(credential)
        return passkeys(inside, "VerifyFactor", **credential)

    return provoke


def _config(inside: Inside) -> Any:
    config = {"relying_party": {"id": "example.com", "origins": ["https://example.com"]}}
    return wanted(inside, config={**CRITERIA, **config})["options"]


def used(change: Change) -> Provoke:
    """A passkey is used, and what is said of it is changed."""

    def provoke(inside: Inside) -> Said:
        authenticator = SoftAuthenticator()
        made(lambda _: None, authenticator)(inside)
        asked = passkeys(inside, "Challenges", identity=IDENTITY)
        credential = authenticator.get(asked["options"])
        change(credential)
        return passkeys(inside, "ApproveChallenge", **credential)

    return provoke


def says(part: str, value: object) -> Change:
    """Have a credential say something else of itself."""
    return lambda credential: credential.update({part: value})


def responds(part: str, value: object) -> Change:
    """Have its response say something else."""
    return lambda credential: credential["response"].update({part: value})


def _other_challenge(credential: Credential) -> None:
    response = credential["response"]
    told = json.loads(websafe_decode(response["clientDataJSON"]))
    response["clientDataJSON"] = websafe_encode(json.dumps(told | {"challenge": "YQ"}).encode())


def _broken_key(credential: Credential) -> None:
    whole = websafe_decode(credential["response"]["attestationObject"])
    broken = whole[:-10] + bytes([whole[-10] ^ 1]) + whole[-9:]
    credential["response"]["attestationObject"] = websafe_encode(broken)


def _of_another_party(inside: Inside) -> Said:
    party(inside)
    options = _config(inside)
    options["publicKey"]["rp"]["id"] = "example.org"
    return passkeys(inside, "VerifyFactor", **SoftAuthenticator().create(options))


def _nobody_there(inside: Inside) -> Said:
    absent = SoftAuthenticator()
    absent.flags = UP & ~UP
    return made(lambda _: None, absent)(inside)


def _not_yet_a_passkey(inside: Inside) -> Said:
    party(inside)
    return passkeys(inside, "Challenges", factor_sid=wanted(inside)["sid"])


OF_CODES: dict[str, Provoke] = {
    "MISSING_PARAMETER": sending(To=""),
    "INVALID_TO": sending(To="nobody"),
    "INVALID": sending(Channel="voice"),
    "TRANSLATION_NOT_APPROVED": _templated(TranslationStatus.REJECTED, "{{code}}"),
    "MAX_CHECKS": _too_many_checks,
    "MAX_SENDS": again(5, "/Verifications", To=ANN, Channel="sms"),
    "NOT_SUPPORTED": sending(CustomCode="123456"),
    "LANDLINE": _landline,
    "PAYMENT_REQUIRED": with_service({}, Psd2Enabled="true"),
    "NO_CALLS_FOR_PAYMENTS": with_service(
        {"Channel": "call", "Amount": "1", "Payee": "Shop"}, Psd2Enabled="true"
    ),
    "NO_SNA_FOR_PAYMENTS": with_service(
        {"Channel": "sna", "Amount": "1", "Payee": "Shop"}, Psd2Enabled="true"
    ),
    "INVALID_CONFIGURATION": after(
        switched(email_integration=EmailIntegration(on=False)), To=MAIL, Channel="email"
    ),
    "NO_TARGET": lambda inside: inside.ask("POST", f"{HERE}/VerificationCheck", {"Code": "1234"}),
    "CHANNEL_DISABLED": sending(Channel="rcs"),
    "TRANSLATION_NOT_FOUND": sending(Locale="xx"),
    "TEMPLATE_NOT_FOUND": sending(TemplateSid="HJ" + "f" * 32),
    "RESTRICTED_WORD": _restricted,
    "NO_CHANNEL_LEFT": after(switched(channels={"auto": True, "sms": False}), Channel="auto"),
    "APP_HASH_NOT_SMS": sending(Channel="call", AppHash="abcdefghijk"),
    "UNSPOKEN_LANGUAGE": sending(Channel="call", Locale="et"),
    "NO_WHATSAPP": after(ChangeCarrier(profile="strict-us"), Channel="whatsapp"),
    "TOO_MANY_RATE_LIMITS": again(10, "/RateLimits", UniqueName="n{}"),
    "UNIQUE_NAME_TAKEN": again(1, "/RateLimits", UniqueName="ip"),
    "UNIQUE_NAME_INVALID": again(0, "/RateLimits", UniqueName="*"),
    "TOO_MANY_BUCKETS": _buckets(10, "6{}"),
    "INTERVAL_TAKEN": _buckets(1, "60"),
    "CONFIGURATION_EXISTS": _configured_twice,
    "SUBSTITUTIONS_MISSING": _templated(TranslationStatus.APPROVED, "{{code}} {{name}}"),
    "CHANNEL_NOT_IN_TEMPLATE": sending(Channel="call", TemplateSid=TEMPLATE),
    "ATTEMPT_BLOCKED": after(AddFraudRule(match=ANN, error_code=60238)),
    "TEMPLATE_FOR_SMS_ALONE": sending(To=MAIL, Channel="email", TemplateSid=TEMPLATE),
    "FRAUD_BLOCKED": after(AddFraudRule(match=ANN)),
    "ON_SAFE_LIST": _listed_twice,
    "FRAUDULENT_SIGN_UP": after(AddFraudRule(match=ANN, error_code=60412)),
    "GEO_BLOCKED": after(AddFraudRule(match=ANN, error_code=60605)),
    "TOO_MANY_REQUESTS": _too_many_requests,
}

OF_FACTORS: dict[str, Provoke] = {
    "INVALID_PARAM": again(0, "/Entities"),
    "ENTITY_EXISTS": again(1, "/Entities", Identity=IDENTITY),
    "INVALID_ACCESS_TOKEN": again(0, "/AccessTokens", Identity=IDENTITY, FactorType="totp"),
    "INVALID_REQUEST": again(0, "/Entities", Identity="ann"),
    "NO_PLATFORM_TO_NOTIFY": _unreachable,
    "CHALLENGE_ATTEMPTS_REACHED": _tried_too_often(challenged),
    "NOTIFICATIONS_REACHED": _told_too_often,
    "FACTOR_ATTEMPTS_REACHED": _tried_too_often(enrolled),
    "FACTOR_VERIFICATION_FAILED": _signed_by_another,
    "CHALLENGES_REACHED": _challenged_too_often,
    "UNAUTHORIZED_FACTOR_CREATION": _token_of_another,
    "INVALID_BINDING": _bound_by_nothing,
    "FACTORS_REACHED": _too_many_devices,
    "FACTOR_EXISTS": _bound_twice,
    "FACTOR_UNVERIFIED": lambda inside: entity(
        inside, "/Challenges", FactorSid=enrolled(inside)[-34:]
    ),
    "CHALLENGE_RESPONDED": _responded,
    "CHALLENGE_EXPIRED": _expired,
    "CHALLENGE_VERIFICATION_FAILED": _answered_without_details,
    "TOO_MANY_FACTORS": _made_too_often,
}

OF_PASSKEYS: dict[str, Provoke] = {
    "INVALID_IDENTITY": _wanted(identity="ann"),
    "INVALID_RELYING_PARTY": _wanted(config={**CRITERIA, "relying_party": []}),
    "INVALID_RELYING_PARTY_ID": lambda inside: passkeys(inside, "Challenges"),
    "INVALID_ID": made(says("id", "AAAA")),
    "INVALID_RAW_ID": made(says("rawId", "AAAA")),
    "INVALID_ATTACHMENT": made(says("authenticatorAttachment", "any")),
    "INVALID_RESPONSE": made(says("response", None)),
    "INVALID_AUTHENTICATOR_DATA": _nobody_there,
    "INVALID_CLIENT_DATA": made(responds("clientDataJSON", None)),
    "INVALID_SIGNATURE": used(responds("signature", "YQ")),
    "OTHER_RELYING_PARTY": _of_another_party,
    "ILLEGAL_FACTOR_STATUS": _not_yet_a_passkey,
    "INVALID_ATTESTATION": made(responds("attestationObject", None)),
    "INVALID_CREDENTIAL_DATA": made(_broken_key),
    "FACTOR_NOT_FOUND": made(_other_challenge),
    "CHALLENGE_NOT_FOUND": used(_other_challenge),
    "ENTITY_NOT_FOUND": lambda inside: passkeys(inside, "Challenges", identity=IDENTITY),
    "CRITERIA_MISSING": _wanted(config={"user_verification": "required"}),
}

REFUSALS = OF_CODES | OF_FACTORS | OF_PASSKEYS
"""By name in the rules."""

NEVER_OVER_REST = {"NO_SUCH_LINK": "phones open links, which is no operation of Twilio's"}

MODULES = (errors, factor_errors, passkey_errors)


def of_faults() -> dict[str, Refusal]:
    """Those to which nothing leads but a fault, by name."""
    return _named(fault_errors)


def every_refusal() -> dict[str, Refusal]:
    """All others of Verify's by name."""
    found: dict[str, Refusal] = {}
    for module in MODULES:
        assert found.keys().isdisjoint(_named(module))
        found |= _named(module)
    return found


def _named(module: ModuleType) -> dict[str, Refusal]:
    return {name: value for name, value in vars(module).items() if type(value) is Refusal}
