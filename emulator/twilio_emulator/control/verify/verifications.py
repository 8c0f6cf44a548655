"""Verifications by the control API: seen with their codes, and ended; and what of a Verify service
only the emulator knows."""

from typing import TypedDict

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.listing import More, Paged, place_of, take
from twilio_emulator.control.parameters import choose, written
from twilio_emulator.control.routes import Control, Controls, Place
from twilio_emulator.core.kernel.indexes import Ranks
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.resources import (
    LIVE,
    CodeSend,
    Verification,
    Verifications,
    VerificationStatus,
    VerifyAttempts,
    VerifyService,
)
from twilio_emulator.core.verify.service_switches import SwitchVerifyService
from twilio_emulator.core.verify.sms_texts import CODE_PLACE
from twilio_emulator.core.verify.verifications import (
    LIFE,
    EndVerification,
    VerificationStep,
)

VERIFICATION = {
    "verification": Place(
        words="The sid of a verification, or the recipient of one: of several, the newest.",
        example="+12025550199",
    )
}
VERIFY_SERVICE = {
    "verify_service": Place(
        words="The sid of a Verify service.", example="VA00000000000000000000000000000001"
    )
}


class VerificationFilter(Paged):
    """Which verifications.

    Attributes:
        to: of this recipient.
        service: of the Verify service with this sid.
        status: that stand so; what has expired, or is used up, is told apart here.
        channel: whose code was last sent by this channel.
    """

    to: str | None = None
    service: str | None = None
    status: str | None = None
    channel: str | None = None


class ShownSend(TypedDict):
    """One send of a code.

    Attributes:
        attempt_sid: of the attempt (VL).
        locale: the language in which it is told.
        text: what was written or spoken.
        delivery: what became of it.
        error_code: why it did not arrive.
    """

    attempt_sid: str
    time: str
    channel: str
    locale: str | None
    text: str | None
    delivery: str | None
    error_code: int | None


class ShownCheck(TypedDict):
    """One code that was tried."""

    time: str
    code: str
    valid: bool


class ShownSnaError(TypedDict):
    """Why silent network authentication did not succeed."""

    attempt_sid: str
    code: int


class ShownVerification(TypedDict):
    """A verification with its code.

    Attributes:
        status: how it stands; `expired` and `max_attempts_reached` are told apart here.
        ended_by: why it is no longer live, in words.
        sna_url: what the phone has to open, where its network says who it is.
    """

    sid: str
    account_sid: str
    service_sid: str
    to: str
    channel: str
    status: str
    valid: bool
    code: str
    custom_code: bool
    amount: str | None
    payee: str | None
    sends: list[ShownSend]
    checks: list[ShownCheck]
    sna_url: str | None
    sna_errors: list[ShownSnaError]
    expires_at: str
    ended_at: str | None
    ended_by: str | None
    date_created: str
    date_updated: str


class VerificationList(More):
    """Verifications, newest first."""

    verifications: list[ShownVerification]


class ShownVerificationCode(TypedDict):
    """The code of a verification that is live."""

    code: str
    expires_at: str


class StandingEmailIntegration(TypedDict):
    """How a service sends e-mail.

    Attributes:
        on: whether it does.
        sender: the address that it is from.
        sender_name: the name of who sends it.
        subject: with `{{twilio_code}}` where the code stands.
        template: the template that says it.
    """

    on: bool
    sender: str
    sender_name: str | None
    subject: str | None
    template: str | None


class ShownSwitches(TypedDict):
    """What only the emulator knows of a Verify service.

    Attributes:
        code_ttl: seconds that a code is good for.
        fixed_code: the code that is always sent.
        next_codes: codes that are sent next.
        channels: which of them are switched on.
        max_sends: how often a code is sent.
        max_checks: how many wrong codes are looked at.
    """

    sid: str
    friendly_name: str
    code_ttl: int
    fixed_code: str | None
    next_codes: list[str]
    channels: dict[str, bool]
    email_integration: StandingEmailIntegration
    max_sends: int
    max_checks: int


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("verifications", "Verifications of Verify, with their codes.")
    controls.group("verify", "What a test can decide about Verify.")
    _declare_reading(controls)
    _declare_ending(controls)

    @controls.on(
        "PUT",
        "/verify/services/{verify_service}",
        "change_verify_service",
        "Changes what of a Verify service its REST API cannot say; what is not given stays.",
        places=VERIFY_SERVICE,
        body=SwitchVerifyService,
        without=("service",),
        gives=ShownSwitches,
        examples=({"fixed_code": "424242"}, {"code_ttl": 120, "channels": {"email": False}}),
    )
    async def switch(control: Control) -> Reply:
        wish = control.command(SwitchVerifyService, service=control.said["verify_service"])
        return json_reply(_switches(await control.hosted.gate.perform(wish)))


def _declare_reading(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/verifications",
        "list_verifications",
        "Verifications that are live and that have ended, newest first.",
        query=VerificationFilter,
        gives=VerificationList,
        examples=({"limit": 1}, {"to": "+12025550199", "status": "pending"}),
    )
    async def list_all(control: Control) -> Reply:
        wish, world = control.query(VerificationFilter), control.hosted.world
        if wish.status is not None:
            choose("query status", wish.status, tuple(VerificationStatus))
        if wish.channel is not None:
            choose("query channel", wish.channel, tuple(VerifyChannel))
        to = None if wish.to is None else spelled(wish.to)

        def keep(it: Verification) -> bool:
            return (
                (wish.status is None or it.status == wish.status)
                and (wish.channel is None or it.channel == wish.channel)
                and (wish.service is None or it.service_sid == wish.service)
            )

        held, more = take(
            control,
            _places(world, control.account_sid, to).downward(place_of(wish.cursor)),
            world[Verifications].__getitem__,
            wish.limit,
            keep=keep,
        )
        return json_reply({"verifications": [_look(world, each) for each in held], **more})

    @controls.on(
        "GET",
        "/verifications/{verification}",
        "show_verification",
        "One verification with its code, how it was sent and what was tried.",
        places=VERIFICATION,
        gives=ShownVerification,
    )
    async def show(control: Control) -> Reply:
        return json_reply(_look(control.hosted.world, _find(control)))

    @controls.on(
        "GET",
        "/verifications/{verification}/code",
        "show_verification_code",
        "The code of a verification that is live.",
        places=VERIFICATION,
        gives=ShownVerificationCode,
    )
    async def show_code(control: Control) -> Reply:
        found = _find(control)
        if found.status not in LIVE:
            raise Mistaken(f"path verification: {found.sid} is {found.status}", 404)
        return json_reply({"code": found.code, "expires_at": write_instant(found.expires_at)})


def _declare_ending(controls: Controls) -> None:
    for step, words in (
        (VerificationStep.EXPIRE, "Has a verification expire at once."),
        (VerificationStep.APPROVE, "Approves a verification, as its right code does."),
        (VerificationStep.CANCEL, "Cancels a verification."),
    ):
        _declare_step(controls, step, words)


def _declare_step(controls: Controls, step: VerificationStep, words: str) -> None:
    @controls.on(
        "POST",
        f"/verifications/{{verification}}/{step}",
        f"{step}_verification",
        words,
        places=VERIFICATION,
        gives=ShownVerification,
        otherwise={409: "It has ended, or its checks are used up."},
    )
    async def take_step(control: Control) -> Reply:
        found = _find(control)
        if (found.status, step) not in LIFE:
            raise Mistaken(f"path verification: {found.sid} is {found.status}", 409)
        ended = await control.hosted.gate.perform(
            EndVerification(verification=found.sid, step=step)
        )
        return json_reply(_look(control.hosted.world, ended))


def _find(control: Control) -> Verification:
    """The verification that is meant: of several for a recipient, the newest.

    Raises:
        Mistaken: there is none.
    """
    world, said = control.hosted.world, control.said["verification"]
    found = world[Verifications].get(said)
    if found is None:
        places = _places(world, control.account_sid, spelled(said))
        newest = next(places.downward(), None)
        found = None if newest is None else world[Verifications][newest[1]]
    if found is None or found.account_sid != control.account_sid:
        raise Mistaken(f"path verification: there is no verification {said}", 404)
    return found


def _places(world: World, account_sid: str, to: str | None) -> Ranks:
    """Where the verifications of an account stand, or those for one recipient."""
    table = world[Verifications]
    if to is None:
        return table.by_account.of(account_sid)
    return table.by_recipient.of((account_sid, to.lower()))


def _look(world: World, it: Verification) -> ShownVerification:
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "service_sid": it.service_sid,
        "to": it.to,
        "channel": it.channel,
        "status": it.status,
        "valid": it.status is VerificationStatus.APPROVED,
        "code": it.code,
        "custom_code": it.custom_code,
        "amount": it.amount,
        "payee": it.payee,
        "sends": [_send(world, each, it.code) for each in it.sends],
        "checks": [
            {"time": write_instant(each.time), "code": each.code, "valid": each.valid}
            for each in it.checks
        ],
        "sna_url": it.sna_url,
        "sna_errors": [
            {"attempt_sid": each.attempt_sid, "code": each.code} for each in it.sna_errors
        ],
        "expires_at": write_instant(it.expires_at),
        "ended_at": written(it.ended_at),
        "ended_by": it.ended_by,
        "date_created": write_instant(it.date_created),
        "date_updated": write_instant(it.date_updated),
    }


def _send(world: World, it: CodeSend, code: str) -> ShownSend:
    attempt = world[VerifyAttempts].get(it.attempt_sid)
    text = None if attempt is None else world[Texts].get(attempt.text_sid)
    said = None if attempt is None else (attempt.body or "").replace(CODE_PLACE, code) or None
    return {
        "attempt_sid": it.attempt_sid,
        "time": write_instant(it.time),
        "channel": it.channel,
        "locale": it.locale,
        "text": said if text is None else text.body,
        "delivery": None if attempt is None else attempt.message_status or attempt.call_status,
        "error_code": None if attempt is None else attempt.error_code,
    }


def _switches(it: VerifyService) -> ShownSwitches:
    mail = it.email_integration
    return {
        "sid": it.sid,
        "friendly_name": it.friendly_name,
        "code_ttl": it.code_ttl,
        "fixed_code": it.fixed_code,
        "next_codes": list(it.next_codes),
        "channels": {str(each): each in it.channels for each in VerifyChannel},
        "email_integration": {
            "on": mail.on,
            "sender": mail.sender,
            "sender_name": mail.sender_name,
            "subject": mail.subject,
            "template": mail.template,
        },
        "max_sends": it.max_sends,
        "max_checks": it.max_checks,
    }
