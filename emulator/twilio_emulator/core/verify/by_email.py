"""Codes by e-mail: a message in a mailbox.

The rules of this file (https://www.twilio.com/docs/verify/email):

- In Twilio the account's own SendGrid sends it, from the account's template. Which one, from whom
  and with what a request may say in `ChannelConfiguration`: `template_id`, `from`, `from_name`,
  `substitutions`.
- Twilio has no subject and no text of its own, since both are in the template: those here are
  decided. They show what a template would be filled with, so that a link that is built of it can be
  found.
- It arrives at once, unless a fault for `email` says otherwise.
"""

from twilio_emulator.core.kernel import outside
from twilio_emulator.core.kernel.records import Plain, record, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import mailboxes
from twilio_emulator.core.phones.mailboxes import CODE
from twilio_emulator.core.simulation import faults
from twilio_emulator.core.simulation.settings import profile
from twilio_emulator.core.verify import errors, sms_texts
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.json_parameters import words
from twilio_emulator.core.verify.resources import (
    Attempt,
    EmailIntegration,
    Verification,
    VerifyAttempts,
)
from twilio_emulator.core.verify.wishes import SendWish

SUBJECT = "{{twilio_code}} is your {name} verification code"
"""Decided: Twilio has none."""


@record
class EmailConfiguration:
    """What a request says of its e-mail."""

    template_id: str | None = None
    sender: str | None = None
    sender_name: str | None = None
    substitutions: tuple[tuple[str, str], ...] = ()


def check_email(world: World, wish: SendWish) -> SendWish:
    """The service sends e-mail, and what is different about this one can be. Decided: with the
    `strict-us` carrier, which has no favours, only a service sends any that was told how."""
    if wish.channel is VerifyChannel.EMAIL:
        if profile(world).registration and wish.service.email_integration == EmailIntegration():
            raise Refused(errors.INVALID_CONFIGURATION)
        read(wish.asked.channel_configuration)
    return wish


def read(said: str | None) -> EmailConfiguration:
    """What `ChannelConfiguration` says, which is known to be a JSON object.

    Raises:
        Refused: 60200 its `from` is no address, or something else of it is no text.
    """
    given = outside.json_value(said or "{}")
    assert isinstance(given, dict)
    sender = _text(given, "from")
    substitutions = given.get("substitutions") or {}
    if not isinstance(substitutions, dict) or (sender and not mailboxes.is_address(sender)):
        raise errors.invalid("ChannelConfiguration")
    return EmailConfiguration(
        template_id=_text(given, "template_id"),
        sender=sender,
        sender_name=_text(given, "from_name"),
        substitutions=tuple((name, _filled(words(value))) for name, value in substitutions.items()),
    )


def send_email(world: World, verification: Verification, attempt: Attempt, wish: SendWish) -> None:
    """Put an e-mail with the code into the recipient's mailbox."""
    rule = faults.for_channel(world, VerifyChannel.EMAIL, attempt.to)
    final = None if rule is None else faults.spend(world, rule).final
    said = read(wish.asked.channel_configuration)
    integration = wish.service.email_integration
    message = sms_texts.sentence(verification, wish, CODE)
    if final is None:
        mailboxes.deliver(
            world,
            to=attempt.to,
            sender=said.sender or integration.sender,
            sender_name=said.sender_name or integration.sender_name,
            subject=_filled(integration.subject or SUBJECT.replace("{name}", wish.friendly_name)),
            text="\n".join([message, *(f"{name}: {value}" for name, value in said.substitutions)]),
            one_time_code=verification.code,
            template_id=said.template_id or integration.template,
            substitutions=(
                ("twilio_code", CODE),
                ("twilio_message", message),
                ("twilio_service_name", wish.friendly_name),
                *said.substitutions,
            ),
            about=(("verification_sid", verification.sid), ("attempt_sid", attempt.sid)),
        )
    world[VerifyAttempts].put(
        replace(
            world[VerifyAttempts][attempt.sid],
            message_status="delivered" if final is None else final.status,
            error_code=None if final is None else final.error_code,
            body=message,
        )
    )


def _text(given: dict[str, Plain], name: str) -> str | None:
    """Raises:
    Refused: 60200 that is no text.
    """
    said = given.get(name)
    if not isinstance(said, str | None):
        raise errors.invalid("ChannelConfiguration")
    return said or None


def _filled(words: str) -> str:
    """Words of the account's with the place of the code as ours have it."""
    return words.replace("{{twilio_code}}", CODE)
