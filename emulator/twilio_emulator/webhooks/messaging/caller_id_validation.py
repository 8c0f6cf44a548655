"""The report to the app that wanted a number verified, when it was called.

https://www.twilio.com/docs/voice/api/outgoing-caller-ids#add-an-outgoing-caller-id
"""

from twilio_emulator.core.carrier.caller_id_verification import ValidationEnded
from twilio_emulator.webhooks.decisions import AS_SET, Decision, Outcome
from twilio_emulator.webhooks.http.exchange import Request
from twilio_emulator.webhooks.messaging.manner import MESSAGING

EVENT = "verification"


def ended(event: ValidationEnded) -> Outcome | None:
    """The call that tells how it ended; None where no URL wants to know."""
    said, caller_id = event.validation, event.caller_id
    if said.status_callback is None:
        return None
    decision = Decision(
        event=EVENT,
        subject=said.call_sid,
        setting="StatusCallback",
        url=said.status_callback,
        sent=True,
        because=AS_SET,
    )
    return decision, Request(
        event=EVENT,
        subject=said.call_sid,
        account_sid=said.account_sid,
        manner=MESSAGING,
        url=said.status_callback,
        method=said.status_callback_method,
        parameters=(
            ("AccountSid", said.account_sid),
            ("CallSid", said.call_sid),
            ("CallStatus", "completed" if caller_id else "no-answer"),
            ("Called", said.phone_number),
            ("To", said.phone_number),
            ("ApiVersion", "2010-04-01"),
            ("VerificationStatus", "success" if caller_id else "failed"),
            *((("OutgoingCallerIdSid", caller_id.sid),) if caller_id else ()),
        ),
    )
