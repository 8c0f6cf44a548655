"""Verify services, verifications and the attempts to send their codes: what is kept of them.

The rules of this file (https://www.twilio.com/docs/verify/api/verification):

- There is one verification at a time that is live for a service and a recipient. What has ended is
  kept too, for whoever looks at it from outside.
- An attempt is one send. It stays when its verification or its service is gone.
"""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import event, record
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.verify.channels import SWITCHED_ON, VerifyChannel

VALIDITY = 600
"""Seconds that a code is good for (https://www.twilio.com/docs/verify/api/rate-limits-and-timeouts)."""

MOST_SENDS = 5
MOST_CHECKS = 5


@record
class EmailIntegration:
    """How a service sends e-mail: by the account's own SendGrid, in Twilio."""

    on: bool = True
    sender: str = "verify@example.com"
    sender_name: str | None = None
    subject: str | None = None
    template: str | None = None


@record
class VerifyService:
    """A Verify service (VA) with what it is set to.

    What comes after `verify_event_subscription_enabled` cannot be said by REST, but on the side of
    the emulator: how many seconds codes are good for, which code is sent always or next, which
    channels are switched on, how e-mail is sent, and how often is sent and checked.
    """

    sid: str
    account_sid: str
    friendly_name: str
    code_length: int = 6
    lookup_enabled: bool = False
    psd2_enabled: bool = False
    skip_sms_to_landlines: bool = False
    dtmf_input_required: bool = True
    tts_name: str | None = None
    do_not_share_warning_enabled: bool = False
    custom_code_enabled: bool = False
    push_include_date: bool = False
    push_apn_credential_sid: str | None = None
    push_fcm_credential_sid: str | None = None
    totp_issuer: str | None = None
    totp_time_step: int | None = None
    totp_code_length: int | None = None
    totp_skew: int | None = None
    default_template_sid: str | None = None
    whatsapp_msg_service_sid: str | None = None
    whatsapp_from: str | None = None
    passkeys_relying_party_id: str | None = None
    passkeys_relying_party_name: str | None = None
    passkeys_relying_party_origins: tuple[str, ...] | None = None
    passkeys_authenticator_attachment: str | None = None
    passkeys_discoverable_credentials: str | None = None
    passkeys_user_verification: str | None = None
    verify_event_subscription_enabled: bool = False
    code_ttl: int = VALIDITY
    fixed_code: str | None = None
    next_codes: tuple[str, ...] = ()
    channels: tuple[str, ...] = SWITCHED_ON
    email_integration: EmailIntegration = EmailIntegration()
    max_sends: int = MOST_SENDS
    max_checks: int = MOST_CHECKS
    date_created: datetime
    date_updated: datetime
    serial: int


class VerifyServices(Table[VerifyService]):
    """Listed by account."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[VerifyService] = Ordered(
            lambda service: service.account_sid, lambda service: service.serial
        )
        super().__init__(VerifyService, self.by_account)


class VerificationStatus(StrEnum):
    """Where a verification is in its life, in Twilio's words. Two more of these, `deleted` and
    `failed`, nothing is known to lead to."""

    PENDING = "pending"
    APPROVED = "approved"
    CANCELED = "canceled"
    EXPIRED = "expired"
    MAX_ATTEMPTS_REACHED = "max_attempts_reached"


LIVE = frozenset({VerificationStatus.PENDING, VerificationStatus.MAX_ATTEMPTS_REACHED})
"""States in which a verification stands in the way of a new one for its recipient."""


@record
class CodeSend:
    """One send of a code, as the verification remembers it; `channel` is what the API says."""

    attempt_sid: str
    channel: str
    time: datetime
    locale: str | None = None


@record
class CodeCheck:
    """One try of a code, right or wrong."""

    time: datetime
    code: str
    valid: bool


@record
class CarrierFound:
    """What a look-up of the recipient found, in the words of Lookup v1."""

    mobile_country_code: str | None
    mobile_network_code: str | None
    name: str | None
    type: str


@record
class SnaError:
    """Why silent network authentication did not succeed, or not yet, for an attempt."""

    attempt_sid: str
    code: int


@record
class Verification:
    """A verification (VE): one recipient, one code, some sends and some checks.

    `amount` and `payee` are of a payment that is confirmed. `looked_up` says whether `carrier` was
    asked for. `ended_by` says in our words why it is no longer live. `sna_errors` are those of its
    attempts over the mobile network, oldest first.
    """

    sid: str
    account_sid: str
    service_sid: str
    to: str
    channel: VerifyChannel
    status: VerificationStatus = VerificationStatus.PENDING
    code: str
    custom_code: bool = False
    custom_friendly_name: str | None = None
    amount: str | None = None
    payee: str | None = None
    looked_up: bool = False
    carrier: CarrierFound | None = None
    sends: tuple[CodeSend, ...] = ()
    checks: tuple[CodeCheck, ...] = ()
    sna_url: str | None = None
    sna_errors: tuple[SnaError, ...] = ()
    expires_at: datetime
    ended_at: datetime | None = None
    ended_by: str | None = None
    date_created: datetime
    date_updated: datetime
    serial: int

    @property
    def live_for(self) -> tuple[str, str] | None:
        """The service and the recipient for whom it is the live one."""
        return (self.service_sid, self.to) if self.status in LIVE else None


class Verifications(Table[Verification]):
    """The live one by service and recipient; all by account, by service, and by recipient, whose
    e-mail address counts in any case as its mailbox does."""

    def __init__(self) -> None:
        self.live: Unique[Verification] = Unique(lambda it: it.live_for)
        self.by_account: Ordered[Verification] = Ordered(lambda it: it.account_sid, _serial)
        self.by_service: Ordered[Verification] = Ordered(lambda it: it.service_sid, _serial)
        self.by_recipient: Ordered[Verification] = Ordered(
            lambda it: (it.account_sid, it.to.lower()), _serial
        )
        super().__init__(
            Verification, self.live, self.by_account, self.by_service, self.by_recipient
        )

    refers = (("account_sid", "accounts"), ("service_sid", "verify_services"))


def _serial(it: "Verification | Attempt") -> int:
    return it.serial


@record
class Attempt:
    """One send of a code (VL), and what became of it.

    `channel` is what the API calls it. `message_status` or `call_status` follows what the carrier
    reports. `status` is `unconfirmed`, `confirmed` or `expired`. `tags` are as they were given,
    JSON. `text_sid` is the text that carries the code, where one does; `falls_back` whether
    the code goes out by SMS when that one is lost.
    """

    sid: str
    account_sid: str
    service_sid: str
    verification_sid: str
    to: str
    channel: str
    country: str | None = None
    locale: str | None = None
    code_length: int | None = None
    converted: bool = False
    status: str = "unconfirmed"
    message_status: str | None = None
    call_status: str | None = None
    error_code: int | None = None
    text_sid: str | None = None
    tags: str | None = None
    body: str | None = None
    falls_back: bool = False
    date_created: datetime
    date_updated: datetime
    serial: int


class VerifyAttempts(Table[Attempt]):
    """Attempts by account, by service, by recipient and by verification."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[Attempt] = Ordered(lambda it: it.account_sid, _serial)
        self.by_service: Ordered[Attempt] = Ordered(lambda it: it.service_sid, _serial)
        self.by_recipient: Ordered[Attempt] = Ordered(lambda it: it.to, _serial)
        self.by_verification: Ordered[Attempt] = Ordered(lambda it: it.verification_sid, _serial)
        super().__init__(
            Attempt,
            self.by_account,
            self.by_service,
            self.by_recipient,
            self.by_verification,
            by=("account_sid", "service_sid", "to", "verification_sid", "serial"),
        )


@event
class VerifyServiceChanged:
    """A Verify service is new or another; None when it is gone, and what is in it goes too."""

    sid: str
    service: VerifyService | None


@event
class VerificationSent:
    """A code was sent: the verification's first one, or once more."""

    verification: Verification
    attempt: Attempt


@event
class VerificationChecked:
    """Somebody tried a code."""

    verification: Verification
    valid: bool


@event
class VerificationApproved:
    """The code was right, or the account says that it was."""

    verification: Verification


@event
class VerificationCanceled:
    """The account ended a verification."""

    verification: Verification


@event
class VerificationExpired:
    """A code is good no more."""

    verification: Verification


@event
class VerificationExhausted:
    """So many wrong codes were tried that none will do any more."""

    verification: Verification


@event
class AttemptChanged:
    """Something more is known of what became of an attempt."""

    attempt: Attempt
