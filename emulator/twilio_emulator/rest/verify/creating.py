"""What stands before the creation of a verification, and what a refusal leaves behind.

The rules of this file:

- A fault rule with an error answers in place of the operation, as with texts: for the number, the
  channel and the service that it names. That is how codes such as 60212 come about, which are of
  requests that meet each other.
- A rule of the fraud guard that has refused is told of it, since the refusal changes nothing.
"""

from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.simulation import faults
from twilio_emulator.core.simulation.faults import SpendFault
from twilio_emulator.core.simulation.resources import FaultRules
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.fraud import BlockedByRule, NoteBlocked
from twilio_emulator.wire.calls import Answer, Call, Work

BY_FAULTS_ALONE = {
    60218: "SendGrid Template is not active",
    60219: "SendGrid Template does not contain required placeholders",
    60222: "SendGrid The from address does not match a verified Sender Identity",
    60236: "The domain could not be obtained from the given email",
    60237: "The given domain is on a deny list",
    60242: "WhatsApp template not found",
    60328: "Entities rate limit exceeded",
    60603: "SendGrid maximum credits exceeded",
    60604: "Authenticated user is not authorized to send mail",
    60624: "Maximum rate limit for Trial Accounts",
    60625: "Phone Number is Cancelled",
    60626: "Phone number rate limit exceeded",
}
"""Titles (https://www.twilio.com/docs/api/errors) of what nothing else leads to here."""

TEXTS = BY_FAULTS_ALONE | {
    each.code: each.text for each in vars(errors).values() if isinstance(each, Refusal)
}
"""What is said of an error that a fault names, where the fault does not say it."""


def guarded(work: Work) -> Work:
    """The same operation, with all this around it."""

    async def create(call: Call) -> Answer:
        if len(call.world[FaultRules]):
            _fail(call)
        try:
            return await work(call)
        except BlockedByRule as blocked:
            call.gate.perform_now(NoteBlocked(rule=blocked.rule, to=blocked.to), call.origin)
            raise

    return create


def _fail(call: Call) -> None:
    """Raises:
    Refused: what a fault says that is for this request.
    """
    said = dict(call.form)
    rule = faults.for_request(
        call.world,
        to=spelled(said.get("To", "")),
        sender=None,
        body=None,
        service=call.path["service"],
        channel=said.get("Channel", "").lower(),
    )
    if rule is not None and rule.do.api_error is not None:
        error = rule.do.api_error
        call.gate.perform_now(SpendFault(rule=rule.sid), call.origin)
        words = error.message or TEXTS.get(error.code) or "Injected by a fault rule"
        raise Refused(Refusal(error.code, error.status, words))
