"""Verifications: made, sent again, looked at, approved, canceled, expired.

The rules of this file (https://www.twilio.com/docs/verify/api/verification):

- To create one for a recipient who has one that is live sends the same code again; its sid and its
  end stay. The channel may be another.
- Its life is the table `LIFE`. What has been approved, or has expired, is not found any more; what
  was canceled can be looked at.
- It lasts ten minutes from the first send.
"""

from datetime import timedelta
from enum import StrEnum

from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.lookup.line_types import DEFAULT_COUNTRY as COUNTRY_OF_FORMS
from twilio_emulator.core.lookup.line_types import NumberType, carrier_of, line_type_of
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.verify import (
    attempts,
    codes,
    create_checks,
    errors,
    rate_limit_counts,
    templates,
)
from twilio_emulator.core.verify.channels import (
    BY_ACCESS,
    TO_NUMBERS,
    VerifyChannel,
    attempt_channel,
)
from twilio_emulator.core.verify.resources import (
    Attempt,
    CarrierFound,
    CodeSend,
    Verification,
    VerificationApproved,
    VerificationCanceled,
    VerificationExhausted,
    VerificationExpired,
    Verifications,
    VerificationSent,
    VerificationStatus,
    VerifyAttempts,
)
from twilio_emulator.core.verify.sending import CHANNELS
from twilio_emulator.core.verify.services import fetch_verify_service
from twilio_emulator.core.verify.wishes import AskedVerification, SendWish


class VerificationStep(StrEnum):
    """What can happen to a verification."""

    SEND = "send"
    APPROVE = "approve"
    CANCEL = "cancel"
    EXPIRE = "expire"
    EXHAUST = "exhaust"


LIFE = {
    (VerificationStatus.PENDING, VerificationStep.SEND): VerificationStatus.PENDING,
    (VerificationStatus.PENDING, VerificationStep.APPROVE): VerificationStatus.APPROVED,
    (VerificationStatus.PENDING, VerificationStep.CANCEL): VerificationStatus.CANCELED,
    (VerificationStatus.PENDING, VerificationStep.EXPIRE): VerificationStatus.EXPIRED,
    (
        VerificationStatus.PENDING,
        VerificationStep.EXHAUST,
    ): VerificationStatus.MAX_ATTEMPTS_REACHED,
    # Decided: canceling frees a number whose codes are used up; nothing else does but time.
    (
        VerificationStatus.MAX_ATTEMPTS_REACHED,
        VerificationStep.CANCEL,
    ): VerificationStatus.CANCELED,
    (
        VerificationStatus.MAX_ATTEMPTS_REACHED,
        VerificationStep.EXPIRE,
    ): VerificationStatus.EXPIRED,
}

EVENTS = {
    VerificationStep.APPROVE: VerificationApproved,
    VerificationStep.CANCEL: VerificationCanceled,
    VerificationStep.EXPIRE: VerificationExpired,
    VerificationStep.EXHAUST: VerificationExhausted,
}

BY_REST = {"approved": VerificationStep.APPROVE, "canceled": VerificationStep.CANCEL}
"""What `Status` may say."""

SHOWN = frozenset(
    {
        VerificationStatus.PENDING,
        VerificationStatus.CANCELED,
        VerificationStatus.MAX_ATTEMPTS_REACHED,
    }
)
"""What can be looked at. That a canceled one can, and one whose checks are used up, is decided."""

OLD_TYPES = {
    NumberType.MOBILE: "mobile",
    NumberType.PERSONAL: "mobile",
    NumberType.PAGER: "mobile",
    NumberType.UNKNOWN: "mobile",
    NumberType.FIXED_VOIP: "voip",
    NumberType.NON_FIXED_VOIP: "voip",
}
"""Decided: which of the three old types of lines those of Lookup v2 are; others are landlines."""


@command
class CreateVerification(AskedVerification):
    """Send a code: a new one, or that of the verification which is live for the recipient.

    Raises of `apply`: Refused, as `create_checks` says.
    """

    account: str
    service: str

    def apply(self, world: World) -> Verification:
        service = fetch_verify_service(world, account=self.account, service=self.service)
        wish = create_checks.check_all(world, create_checks.read(world, service, self))
        return send(world, wish)


@command
class UpdateVerification:
    """End a verification: `approved` by who checks codes elsewhere, or `canceled`."""

    account: str
    service: str
    verification: str
    status: str | None = None

    def apply(self, world: World) -> Verification:
        fetch_verify_service(world, account=self.account, service=self.service)
        found = find(world, self.service, self.verification)
        step = BY_REST.get(errors.required("Status", self.status).lower())
        if step is None:
            raise errors.invalid("Status")
        if found is None or (found.status, step) not in LIFE:
            raise Refused(NOT_FOUND)
        return end(world, found, step, f"set to {BY_NAME[step]} by REST")


BY_NAME = {step: said for said, step in BY_REST.items()}


@command
class ExpireVerification:
    """The time of a verification is over."""

    verification: str

    def apply(self, world: World) -> None:
        found = world[Verifications].get(self.verification)
        if found is not None and (found.status, VerificationStep.EXPIRE) in LIFE:
            end(world, found, VerificationStep.EXPIRE, "its time was over")


@command
class EndVerification:
    """End a verification on the side of the emulator: `expire`, `approve` or `cancel`."""

    verification: str
    step: VerificationStep

    def apply(self, world: World) -> Verification:
        found = world[Verifications].get(self.verification)
        if found is None or (found.status, self.step) not in LIFE:
            raise Refused(NOT_FOUND)
        said = LIFE[found.status, self.step]
        return end(world, found, self.step, f"{said} by the control API")


def send(world: World, wish: SendWish) -> Verification:
    """Send a code, once nothing stands in its way; `auto` is decided by then."""
    live, service, asked = wish.live, wish.service, wish.asked
    attempt_sid = world.sids.new("VL")
    noted = CodeSend(
        attempt_sid=attempt_sid,
        channel=attempt_channel(wish.channel),
        time=world.now,
        locale=wish.language,
    )
    if live is None:
        verification = Verification(
            sid=world.sids.new("VE"),
            account_sid=service.account_sid,
            service_sid=service.sid,
            to=wish.to,
            channel=wish.channel,
            code=asked.custom_code or codes.next_code(world, service),
            expires_at=world.now + timedelta(seconds=service.code_ttl),
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
        world.timers.set(
            verification.sid,
            verification.expires_at,
            ExpireVerification(verification=verification.sid),
        )
    else:
        # Decided: a code of the account's own takes the place of the one that was sent before.
        verification = replace(live, code=asked.custom_code or live.code)
    looks_up = wish.channel in TO_NUMBERS and (
        service.lookup_enabled or wish.channel is VerifyChannel.SNA or asked_for_auto(asked)
    )
    verification = world[Verifications].put(
        replace(
            verification,
            channel=wish.channel,
            custom_code=bool(asked.custom_code) or verification.custom_code,
            custom_friendly_name=asked.custom_friendly_name or None,
            amount=asked.amount if service.psd2_enabled else None,
            payee=asked.payee if service.psd2_enabled else None,
            looked_up=looks_up,
            carrier=look_up(world, wish.to, service.account_sid) if looks_up else None,
            sends=(*verification.sends, noted),
            sna_url=None,
            date_updated=world.now,
        )
    )
    attempt = world[VerifyAttempts].put(
        Attempt(
            sid=attempt_sid,
            account_sid=service.account_sid,
            service_sid=service.sid,
            verification_sid=verification.sid,
            to=wish.to,
            channel=attempt_channel(wish.channel),
            country=wish.country,
            locale=wish.language,
            code_length=len(verification.code),
            tags=asked.tags or None,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
    )
    rate_limit_counts.count_request(world, service.sid, wish.rate_limits)
    templates.warn(world, wish, verification.sid)
    CHANNELS[wish.channel](world, verification, attempt, wish)
    verification = world[Verifications][verification.sid]
    world.tell(
        VerificationSent(verification=verification, attempt=world[VerifyAttempts][attempt_sid])
    )
    return verification


def asked_for_auto(asked: AskedVerification) -> bool:
    """Whether the channel was chosen for who asked."""
    return (asked.channel or "").lower() in BY_ACCESS


def look_up(world: World, number: str, account: str) -> CarrierFound:
    """Whose subscriber a number is, as a service that looks up is told."""
    found = carrier_of(world, world.numbering.planned(number, COUNTRY_OF_FORMS))
    return CarrierFound(
        mobile_country_code=found.mobile_country_code,
        mobile_network_code=found.mobile_network_code,
        name=found.name,
        type=OLD_TYPES.get(line_type_of(world, number, account), "landline"),
    )


def end(world: World, verification: Verification, step: VerificationStep, why: str) -> Verification:
    """Take a step that ends a verification, or leaves it no way but to its end.

    Raises:
        KeyError: it cannot be taken.
    """
    status = LIFE[verification.status, step]
    ended = world[Verifications].put(
        replace(
            verification,
            status=status,
            ended_at=world.now,
            ended_by=why,
            date_updated=world.now,
        )
    )
    if step is not VerificationStep.EXHAUST:
        world.timers.cancel(ended.sid)
    if step is VerificationStep.APPROVE:
        attempts.confirm(world, ended)
    if step is VerificationStep.EXPIRE:
        attempts.expire(world, ended)
    world.tell(EVENTS[step](verification=ended))
    return ended


def find(world: World, service: str, said: str) -> Verification | None:
    """The verification of a service with this sid, or the one that is live for this recipient."""
    found = world[Verifications].get(said)
    if found is not None:
        return found if found.service_sid == service else None
    return create_checks.find_live(world, service, spelled(said))


def fetch_verification(
    world: World, *, account: str, service: str, verification: str
) -> Verification:
    """A verification that can be looked at, by its sid or by its recipient.

    Raises:
        Refused: 20404 there is none, or it was approved or has expired.
    """
    fetch_verify_service(world, account=account, service=service)
    found = find(world, service, verification)
    if found is None or found.status not in SHOWN:
        raise Refused(NOT_FOUND)
    return found
