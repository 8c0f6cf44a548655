"""A code that did not arrive by one channel goes out again by SMS.

The rules of this file (https://www.twilio.com/docs/verify/whatsapp):

- It is another attempt of the same verification, whose channel is SMS then. Decided: it counts as a
  send, but is not refused where no more may be asked for.
- It says what a code by SMS says, in the service's default template too. Decided: where that needs
  more than is known now, it says the default text.
"""

from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.texts.text import TextStatus, TextStatusChanged
from twilio_emulator.core.verify import by_sms, locales, templates
from twilio_emulator.core.verify.channels import VerifyChannel, attempt_channel
from twilio_emulator.core.verify.resources import (
    Attempt,
    CodeSend,
    Verifications,
    VerificationSent,
    VerificationStatus,
    VerifyAttempts,
    VerifyServices,
)
from twilio_emulator.core.verify.wishes import AskedVerification, SendWish

LOST = frozenset({TextStatus.FAILED, TextStatus.UNDELIVERED})


def follow_lost_text(world: World, moved: TextStatusChanged) -> None:
    """A text with a code did not arrive."""
    attempt = world[VerifyAttempts].get(moved.text.verification_attempt_sid)
    if moved.text.status in LOST and attempt is not None and attempt.falls_back:
        send_sms_instead(world, attempt)


def send_sms_instead(world: World, lost: Attempt) -> None:
    """Send the code of an attempt by SMS, if it is good for anything still."""
    verification = world[Verifications].get(lost.verification_sid)
    if verification is None or verification.status is not VerificationStatus.PENDING:
        return
    service = world[VerifyServices][lost.service_sid]
    language = lost.locale if lost.locale in locales.LOCALES else locales.DEFAULT
    attempt = world[VerifyAttempts].put(
        replace(
            lost,
            sid=world.sids.new("VL"),
            channel=attempt_channel(VerifyChannel.SMS),
            message_status=None,
            error_code=None,
            text_sid=None,
            falls_back=False,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )
    noted = CodeSend(
        attempt_sid=attempt.sid, channel=attempt.channel, time=world.now, locale=language
    )
    verification = world[Verifications].put(
        replace(
            verification,
            channel=VerifyChannel.SMS,
            sends=(*verification.sends, noted),
            date_updated=world.now,
        )
    )
    wish = SendWish(
        service=service,
        asked=AskedVerification(),
        channel=VerifyChannel.SMS,
        to=lost.to,
        country=lost.country,
        live=verification,
        friendly_name=verification.custom_friendly_name or service.friendly_name,
        locale=None,
        language=language,
    )
    by_sms.send_sms(world, verification, attempt, _in_its_template(world, wish))
    world.tell(
        VerificationSent(verification=verification, attempt=world[VerifyAttempts][attempt.sid])
    )


def _in_its_template(world: World, wish: SendWish) -> SendWish:
    try:
        return templates.choose_template(world, wish)
    except Refused:
        return wish
