"""TwiML apps: webhooks that several numbers and messages share.

The rules of this file (https://www.twilio.com/docs/usage/api/applications):

- A number with an app takes its URLs for texts from there, and its own count no more.
- A message with an app has its statuses called back there, unless it names an URL itself.
- What an app says about calls is only kept and shown; there are no calls.
"""

from dataclasses import fields
from datetime import datetime

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.parameters import is_url
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows, Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.number_orders import CHOICES

NAME_LIMIT = 64


@record
class Application:
    """A TwiML app (AP)."""

    sid: str
    account_sid: str
    friendly_name: str | None = None
    api_version: str = "2010-04-01"
    message_status_callback: str | None = None
    sms_status_callback: str | None = None
    sms_url: str | None = None
    sms_method: str = "POST"
    sms_fallback_url: str | None = None
    sms_fallback_method: str = "POST"
    status_callback: str | None = None
    status_callback_method: str = "POST"
    voice_url: str | None = None
    voice_method: str = "POST"
    voice_fallback_url: str | None = None
    voice_fallback_method: str = "POST"
    voice_caller_id_lookup: bool = False
    public_application_connect_enabled: bool = False
    date_created: datetime
    date_updated: datetime
    serial: int


class Applications(Table[Application]):
    """TwiML apps, by account."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[Application] = Ordered(
            lambda app: app.account_sid, lambda app: app.serial
        )
        super().__init__(Application, self.by_account)


@event
class ApplicationChanged:
    """There is a new app, or one says something else; None when it was deleted."""

    sid: str
    application: Application | None


@record
class AppSettings:
    """What can be said of an app."""

    friendly_name: str | None = None
    api_version: str | None = None
    message_status_callback: str | None = None
    sms_status_callback: str | None = None
    sms_url: str | None = None
    sms_method: str | None = None
    sms_fallback_url: str | None = None
    sms_fallback_method: str | None = None
    status_callback: str | None = None
    status_callback_method: str | None = None
    voice_url: str | None = None
    voice_method: str | None = None
    voice_fallback_url: str | None = None
    voice_fallback_method: str | None = None
    voice_caller_id_lookup: bool | None = None
    public_application_connect_enabled: bool | None = None

    def changes(self) -> dict[str, object]:
        """What is given; an empty text removes an URL.

        Raises:
            Refused: something given cannot be.
        """
        changes: dict[str, object] = {}
        for field in fields(AppSettings):
            value = getattr(self, field.name)
            if value is not None:
                changes[field.name] = _read(field.name, value)
        return changes


@command
class AddApplication(AppSettings):
    """Make an app."""

    account: str

    def apply(self, world: World) -> Application:
        changes = self.changes()
        app = Application(
            sid=world.sids.new("AP"),
            account_sid=self.account,
            date_created=world.now,
            date_updated=world.now,
            serial=world.serial(),
        )
        return _changed(world, replace(app, **changes))


@command
class UpdateApplication(AppSettings):
    """Have an app say something else."""

    account: str
    application: str

    def apply(self, world: World) -> Application:
        app = fetch_application(world, account=self.account, application=self.application)
        return _changed(world, replace(app, date_updated=world.now, **self.changes()))


@command
class RemoveApplication:
    """Delete an app. Numbers that have it go by their own URLs again."""

    account: str
    application: str

    def apply(self, world: World) -> None:
        app = fetch_application(world, account=self.account, application=self.application)
        world[Applications].remove(app.sid)
        world.tell(ApplicationChanged(sid=app.sid, application=None))


def fetch_application(world: World, *, account: str, application: str) -> Application:
    """The app of an account with this sid.

    Raises:
        Refused: 20404.
    """
    found = world[Applications].get(application)
    if found is None or found.account_sid != account:
        raise Refused(NOT_FOUND)
    return found


def list_applications(
    world: World, *, account: str, friendly_name: str | None = None
) -> Rows[Application]:
    """The apps of an account, newest first."""
    table = world[Applications]
    return Rows(
        table,
        table.by_account,
        account,
        downward=True,
        keep=lambda app: not friendly_name or app.friendly_name == friendly_name,
    )


def _read(name: str, value: str | bool) -> object:
    if isinstance(value, bool):
        return value
    if name == "friendly_name":
        return parameters.name(value, NAME_LIMIT)
    if name in CHOICES and value not in CHOICES[name]:
        raise Refused(INVALID_PARAMETER, parameter=name)
    if name.endswith(("url", "callback")) and value and not is_url(value):
        raise Refused(INVALID_PARAMETER, parameter=name)
    return value or None


def _changed(world: World, app: Application) -> Application:
    world[Applications].put(app)
    world.tell(ApplicationChanged(sid=app.sid, application=app))
    return app
