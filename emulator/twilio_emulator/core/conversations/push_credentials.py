"""Credentials of push services: what they want to see of an app.

The rules of this file (https://www.twilio.com/docs/conversations/push-notification-configuration):

- A credential's secrets are taken and never shown. Nothing is pushed to anybody.
"""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World

NAME_LIMIT = 64


class PushType(StrEnum):
    """Whose push service a credential is for."""

    APN = "apn"
    GCM = "gcm"
    FCM = "fcm"


@record
class Credential:
    """What a push service wants to see of the app (CR)."""

    sid: str
    account_sid: str
    type: PushType
    friendly_name: str | None = None
    certificate: str | None = None
    private_key: str | None = None
    sandbox: bool | None = None
    api_key: str | None = None
    secret: str | None = None
    date_created: datetime
    date_updated: datetime
    serial: int


class Credentials(Table[Credential]):
    """Credentials, by account."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[Credential] = Ordered(
            lambda credential: credential.account_sid, lambda credential: credential.serial
        )
        super().__init__(Credential, self.by_account)


@event
class CredentialAdded:
    """There is a new credential."""

    credential: Credential


@event
class CredentialUpdated:
    """A credential has other contents."""

    credential: Credential


@event
class CredentialRemoved:
    """A credential is gone."""

    credential: Credential


def find_credential(world: World, account_sid: str, sid: str) -> Credential:
    """The credential of an account with this sid.

    Raises:
        Refused: 20404.
    """
    credential = world[Credentials].get(sid)
    if credential is None or credential.account_sid != account_sid:
        raise Refused(NOT_FOUND)
    return credential


def fetch_credential(world: World, *, account: str, credential: str) -> Credential:
    """The credential of an account with this sid.

    Raises:
        Refused: 20404.
    """
    return find_credential(world, account, credential)


def list_credentials(world: World, *, account: str) -> Rows[Credential]:
    """In the order in which they came."""
    return Rows(world[Credentials], world[Credentials].by_account, account)


@command
class AddCredential:
    """Keep what a push service wants to see."""

    account: str
    type: str
    friendly_name: str | None = None
    certificate: str | None = None
    private_key: str | None = None
    sandbox: bool | None = None
    api_key: str | None = None
    secret: str | None = None

    def apply(self, world: World) -> Credential:
        kind, name = _push_type(self.type), _credential_name(self.friendly_name)
        credential = world[Credentials].put(
            Credential(
                sid=world.sids.new("CR"),
                account_sid=self.account,
                type=kind,
                friendly_name=name,
                certificate=self.certificate,
                private_key=self.private_key,
                sandbox=self.sandbox,
                api_key=self.api_key,
                secret=self.secret,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            )
        )
        world.tell(CredentialAdded(credential=credential))
        return credential


@command
class UpdateCredential:
    """Change a credential; what is not given stays."""

    account: str
    credential: str
    type: str | None = None
    friendly_name: str | None = None
    certificate: str | None = None
    private_key: str | None = None
    sandbox: bool | None = None
    api_key: str | None = None
    secret: str | None = None

    def apply(self, world: World) -> Credential:
        before = find_credential(world, self.account, self.credential)
        changes: dict[str, object] = {
            name: given
            for name in ("certificate", "private_key", "sandbox", "api_key", "secret")
            if (given := getattr(self, name)) is not None
        }
        if self.type is not None:
            changes["type"] = _push_type(self.type)
        if self.friendly_name is not None:
            changes["friendly_name"] = _credential_name(self.friendly_name)
        credential = world[Credentials].put(replace(before, date_updated=world.now, **changes))
        world.tell(CredentialUpdated(credential=credential))
        return credential


@command
class RemoveCredential:
    """Delete a credential."""

    account: str
    credential: str

    def apply(self, world: World) -> None:
        credential = find_credential(world, self.account, self.credential)
        world[Credentials].remove(credential.sid)
        world.tell(CredentialRemoved(credential=credential))


def _push_type(text: str) -> PushType:
    try:
        return PushType(text.lower())
    except ValueError:
        raise Refused(INVALID_PARAMETER, parameter="Type") from None


def _credential_name(name: str | None) -> str | None:
    return parameters.name(name, NAME_LIMIT)
