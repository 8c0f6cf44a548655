"""Codes that are tried: right, wrong, too often.

The rules of this file (https://www.twilio.com/docs/verify/api/verification-check):

- A wrong code is no error: the verification stays pending, and says so.
- The fifth wrong code is the last one that is looked at. From then on every check is refused, until
  the verification's time is over.
- A check that cannot be one, such as of two digits, does not count.
"""

from collections.abc import Callable

from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.verify import by_sna, codes, create_checks, errors
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.resources import (
    LIVE,
    CodeCheck,
    Verification,
    VerificationChecked,
    Verifications,
    VerificationStatus,
    VerifyService,
)
from twilio_emulator.core.verify.services import fetch_verify_service
from twilio_emulator.core.verify.verifications import VerificationStep, end


@record
class CheckResult:
    """What a check answers: the verification as it is now, and what is said of it. Decided: the
    fifth wrong check still says `pending`."""

    verification: Verification
    valid: bool


@command
class CheckVerification:
    """Try a code.

    Attributes:
        code: what the person has typed.
        to: the recipient of the verification.
        verification_sid: the verification itself; one of both is said.
        amount: of the payment that is confirmed.
        payee: of that payment.
        sna_client_token: what the phone got from its network.
    """

    account: str
    service: str
    code: str | None = None
    to: str | None = None
    verification_sid: str | None = None
    amount: str | None = None
    payee: str | None = None
    sna_client_token: str | None = None

    def apply(self, world: World) -> CheckResult:
        service = fetch_verify_service(world, account=self.account, service=self.service)
        found = self._find(world, service)
        code = self._code(found)
        if service.psd2_enabled and not (self.amount and self.payee):
            raise Refused(errors.PAYMENT_REQUIRED)
        if found is None:
            raise Refused(NOT_FOUND)
        if found.status is VerificationStatus.MAX_ATTEMPTS_REACHED:
            raise Refused(errors.MAX_CHECKS)
        proof = PROOFS.get(found.channel)
        if proof is not None:
            proven = proof(world, found, self)
            found = world[Verifications][found.sid]
            return _approved(world, found) if proven else _wrong(world, found)
        checked = replace(
            found,
            checks=(
                *found.checks,
                CodeCheck(time=world.now, code=code, valid=self._is_right(service, found, code)),
            ),
        )
        if checked.checks[-1].valid:
            return _approved(world, checked)
        if len(checked.checks) < service.max_checks:
            return _wrong(world, checked)
        result = _wrong(world, checked)
        end(world, result.verification, VerificationStep.EXHAUST, "so many wrong codes were tried")
        return result

    def _find(self, world: World, service: VerifyService) -> Verification | None:
        if not self.to and not self.verification_sid:
            raise Refused(errors.NO_TARGET)
        to = spelled(self.to or "")
        if self.to and not create_checks.is_recipient(world, to):
            raise Refused(errors.INVALID_TO, value=self.to)
        if not self.verification_sid:
            return create_checks.find_live(world, service.sid, to)
        found = world[Verifications].get(self.verification_sid)
        if found is None or found.service_sid != service.sid or found.status not in LIVE:
            return None
        # Decided: both are said, and do not belong together.
        return None if self.to and found.to != to else found

    def _code(self, found: Verification | None) -> str:
        """The code without what was typed around it.

        Raises:
            Refused: 60200 it cannot be one.
        """
        code = (self.code or "").strip()
        if not codes.is_possible(code) and (found is None or found.channel not in PROOFS):
            raise errors.invalid("Code")
        return code

    def _is_right(self, service: VerifyService, found: Verification, code: str) -> bool:
        if code != found.code:
            return False
        payment = self.amount, self.payee
        return not service.psd2_enabled or payment == (found.amount, found.payee)


Proof = Callable[[World, Verification, CheckVerification], bool]
"""Whether something else than a code shows who a person is; it keeps why not."""

PROOFS: dict[VerifyChannel, Proof] = {VerifyChannel.SNA: by_sna.prove}
"""By channel that sends no code. Decided: to ask so is no check that counts."""


def _approved(world: World, checked: Verification) -> CheckResult:
    approved = end(world, checked, VerificationStep.APPROVE, "the code was right")
    world.tell(VerificationChecked(verification=approved, valid=True))
    return CheckResult(verification=approved, valid=True)


def _wrong(world: World, checked: Verification) -> CheckResult:
    kept = world[Verifications].put(replace(checked, date_updated=world.now))
    world.tell(VerificationChecked(verification=kept, valid=False))
    return CheckResult(verification=kept, valid=False)
