"""Verify services: opened, changed, closed, found.

The rules of this file (https://www.twilio.com/docs/verify/api/service):

- Every account begins with one, so that a code can be sent at once; it is called as the account is.
- A service takes everything that is in it along when it is closed. Attempts stay in the log.
"""

from dataclasses import fields

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.kernel.records import command, record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.sids import Sids
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.resources import (
    MessagingServices,
    PhoneNumbers,
    SenderKind,
)
from twilio_emulator.core.verify import codes, errors, names, templates
from twilio_emulator.core.verify.resources import (
    Verifications,
    VerifyService,
    VerifyServiceChanged,
    VerifyServices,
)

FIRST_SERVICE = "VA00000000000000000000000000000001"
"""Decided: the service that an account begins with, unless another is named for it. Subaccounts,
which live beside it, have others."""

FLAGS = frozenset(
    {
        "lookup_enabled",
        "psd2_enabled",
        "skip_sms_to_landlines",
        "dtmf_input_required",
        "do_not_share_warning_enabled",
        "custom_code_enabled",
        "push_include_date",
        "verify_event_subscription_enabled",
    }
)

NUMBERS = {
    "code_length": (codes.SHORTEST, codes.LONGEST),
    "totp_time_step": (20, 60),
    "totp_code_length": (3, 8),
    "totp_skew": (0, 2),
}
"""What is a whole number, with the least and the most that it may be."""

CHOICES = {
    "passkeys_authenticator_attachment": ("platform", "cross-platform", "any"),
    "passkeys_discoverable_credentials": ("required", "preferred", "discouraged"),
    "passkeys_user_verification": ("required", "preferred", "discouraged"),
}

SPELLED = {
    "push_include_date": "Push.IncludeDate",
    "totp_time_step": "Totp.TimeStep",
    "totp_code_length": "Totp.CodeLength",
    "totp_skew": "Totp.Skew",
    "whatsapp_msg_service_sid": "Whatsapp.MsgServiceSid",
    "whatsapp_from": "Whatsapp.From",
    "passkeys_authenticator_attachment": "Passkeys.AuthenticatorAttachment",
    "passkeys_discoverable_credentials": "Passkeys.DiscoverableCredentials",
    "passkeys_user_verification": "Passkeys.UserVerification",
}
"""Parameters whose name has a dot, as a refusal names them."""


@record
class VerifyServiceSettings:
    """What can be said of a Verify service, as it is said in a form."""

    friendly_name: str | None = None
    code_length: str | None = None
    lookup_enabled: str | None = None
    skip_sms_to_landlines: str | None = None
    dtmf_input_required: str | None = None
    tts_name: str | None = None
    psd2_enabled: str | None = None
    do_not_share_warning_enabled: str | None = None
    custom_code_enabled: str | None = None
    push_include_date: str | None = None
    push_apn_credential_sid: str | None = None
    push_fcm_credential_sid: str | None = None
    totp_issuer: str | None = None
    totp_time_step: str | None = None
    totp_code_length: str | None = None
    totp_skew: str | None = None
    default_template_sid: str | None = None
    whatsapp_msg_service_sid: str | None = None
    whatsapp_from: str | None = None
    passkeys_relying_party_id: str | None = None
    passkeys_relying_party_name: str | None = None
    passkeys_relying_party_origins: str | None = None
    passkeys_authenticator_attachment: str | None = None
    passkeys_discoverable_credentials: str | None = None
    passkeys_user_verification: str | None = None
    verify_event_subscription_enabled: str | None = None

    def changes(self, world: World, account: str) -> dict[str, object]:
        """What is given, in its proper type; an empty text takes away what was said before.

        Raises:
            Refused: 60200 something given cannot be, 60228 there is no such template.
        """
        given: dict[str, object] = {}
        for each in fields(VerifyServiceSettings):
            said = getattr(self, each.name)
            if said is None or (said == "" and each.name in (*FLAGS, *NUMBERS)):
                continue
            given[each.name] = _read(world, account, each.name, said)
        return given


@command
class AddVerifyService(VerifyServiceSettings):
    """Open a Verify service."""

    account: str

    def apply(self, world: World) -> VerifyService:
        friendly_name = errors.required("FriendlyName", self.friendly_name)
        given = self.changes(world, self.account)
        service = VerifyService(
            sid=world.sids.new("VA"),
            account_sid=self.account,
            friendly_name=friendly_name,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
        return changed(world, replace(service, **given))


@command
class UpdateVerifyService(VerifyServiceSettings):
    """Change a Verify service."""

    account: str
    service: str

    def apply(self, world: World) -> VerifyService:
        service = fetch_verify_service(world, account=self.account, service=self.service)
        given = self.changes(world, self.account)
        return changed(world, replace(service, date_updated=world.now, **given))


@command
class RemoveVerifyService:
    """Close a Verify service, with all that is in it."""

    account: str
    service: str

    def apply(self, world: World) -> None:
        service = fetch_verify_service(world, account=self.account, service=self.service)
        table = world[Verifications]
        for verification in table.all(table.by_service, service.sid):
            world.timers.cancel(verification.sid)
            table.remove(verification.sid)
        world.tell(VerifyServiceChanged(sid=service.sid, service=None))
        world[VerifyServices].remove(service.sid)


def changed(world: World, service: VerifyService) -> VerifyService:
    """Keep a service as it is now, and tell it."""
    world[VerifyServices].put(service)
    world.tell(VerifyServiceChanged(sid=service.sid, service=service))
    return service


def fetch_verify_service(world: World, *, account: str, service: str) -> VerifyService:
    """The Verify service of an account with this sid.

    Raises:
        Refused: 20404.
    """
    found = world[VerifyServices].get(service)
    if found is None or found.account_sid != account:
        raise Refused(NOT_FOUND)
    return found


def list_verify_services(world: World, *, account: str) -> Rows[VerifyService]:
    """The Verify services of an account, newest first; that this is their order is decided."""
    table = world[VerifyServices]
    return Rows(table, table.by_account, account, downward=True)


def first_service_sid(world: World, account: str) -> str | None:
    """The oldest service of an account, which is the one that it began with unless that is gone."""
    oldest = next(world[VerifyServices].by_account.of(account).upward(), None)
    return None if oldest is None else oldest[1]


def open_first(world: World, opened: AccountOpened) -> None:
    """A new account has a service.

    It takes none of the numbers that others draw: who has the seed of old has the sids of old.
    """
    account = opened.account
    sid = opened.start.verify_service_sid
    if sid is None and account.sid == world.account_sid:
        sid = FIRST_SERVICE
    world[VerifyServices].put(
        VerifyService(
            sid=sid or Sids(world.seed, account.sid, "verify").new("VA"),
            account_sid=account.sid,
            friendly_name=(
                account.friendly_name
                if names.is_name(account.friendly_name)
                else names.DEFAULT_NAME
            ),
            date_created=world.now,
            date_updated=world.now,
            serial=0,
        )
    )


def _read(world: World, account: str, name: str, said: str) -> object:
    """A setting in its proper type.

    Raises:
        Refused: it cannot be.
    """
    parameter = SPELLED.get(name) or "".join(word.capitalize() for word in name.split("_"))
    if name == "friendly_name":
        names.check_name(parameter, errors.required(parameter, said))
        return said
    if name in FLAGS:
        return errors.flag(parameter, said)
    if name in NUMBERS:
        return errors.whole_number(parameter, said, *NUMBERS[name])
    if not said:
        return None
    if name in CHOICES:
        if said.lower() not in CHOICES[name]:
            raise errors.invalid(parameter)
        return said.lower()
    if name == "passkeys_relying_party_origins":
        return tuple(origin.strip() for origin in said.split(",") if origin.strip())
    if name == "whatsapp_msg_service_sid":
        found = world[MessagingServices].get(said)
        if found is None or found.account_sid != account:
            raise errors.invalid(parameter)
    if name == "default_template_sid" and templates.find_template(world, account, said) is None:
        raise Refused(errors.TEMPLATE_NOT_FOUND)
    if name == "whatsapp_from":
        return _whatsapp_sender(world, account, parameter, said)
    return said


def _whatsapp_sender(world: World, account: str, parameter: str, said: str) -> str:
    """The address of a WhatsApp sender of the account, with its prefix."""
    address = said if said.startswith("whatsapp:") else f"whatsapp:{said}"
    found = world[PhoneNumbers].at(address)
    if found is None or found.account_sid != account or found.kind is not SenderKind.WHATSAPP:
        raise errors.invalid(parameter)
    return address
