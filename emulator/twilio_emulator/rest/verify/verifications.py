"""Verifications and their checks by REST (https://www.twilio.com/docs/verify/api/verification)."""

from twilio_emulator.core.verify import verifications
from twilio_emulator.core.verify.checks import CheckVerification
from twilio_emulator.core.verify.verifications import CreateVerification, UpdateVerification
from twilio_emulator.rest.verify import look
from twilio_emulator.rest.verify.creating import guarded
from twilio_emulator.wire.calls import performer
from twilio_emulator.wire.operations import ROOT, Api

SERVICE = "/Services/{service}"


def declare(api: Api) -> None:
    """Declare the operations of this file. There is no list of verifications."""
    create = guarded(performer(CreateVerification, look.verification, 201, api.spell))
    api.add("POST", f"{SERVICE}/Verifications", CreateVerification, create, ROOT)
    api.collection(
        f"{SERVICE}/Verifications",
        "/{verification}",
        look.verification,
        fetch=verifications.fetch_verification,
        update=UpdateVerification,
        where=ROOT,
    )
    api.collection(
        f"{SERVICE}/VerificationCheck",
        "",
        look.check,
        create=CheckVerification,
        where=ROOT,
    )
