"""Debugger alerts: what went wrong between Twilio and the app.

They are what `monitor.twilio.com/v1/Alerts` lists
(https://www.twilio.com/docs/usage/monitor-alert). An alert says what was asked and answered, so
that its reader need not have been there.

Twilio drops alerts when they are 30 days old; we drop the oldest when there are too many.
"""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.kernel.indexes import Ordered, Summed
from twilio_emulator.core.kernel.keeping import DEFAULTS, OWN, fell_out
from twilio_emulator.core.kernel.records import command, event, record
from twilio_emulator.core.kernel.sizes import size
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World


class LogLevel(StrEnum):
    """How bad it is."""

    ERROR = "error"
    WARNING = "warning"


@record
class Alert:
    """An alert (NO). `resource_sid` is the message or conversation that it was about."""

    sid: str
    account_sid: str
    error_code: int
    log_level: LogLevel
    alert_text: str
    resource_sid: str
    request_url: str
    request_method: str
    request_variables: str
    response_body: str
    date_generated: datetime
    serial: int


class Alerts(Table[Alert]):
    """Alerts, by account in the order in which they were raised.

    Attributes:
        room: how many there may be.
        bytes: how many they are.
        dropped: how many had no room, since the emulator started or the world was put back.
    """

    def __init__(self) -> None:
        self.room = DEFAULTS.alerts
        self.dropped = 0
        self.bytes: Summed[Alert] = Summed(lambda alert: OWN + size(alert))
        self.by_account: Ordered[Alert] = Ordered(
            lambda alert: alert.account_sid, lambda alert: alert.serial
        )
        super().__init__(Alert, self.by_account, self.bytes)

    def make_room(self) -> None:
        """Drop the oldest, as long as there are too many; the newest stays."""
        while len(self) > 1 and (
            len(self) > self.room.things or self.bytes.total > self.room.bytes
        ):
            self.remove(next(iter(self)).sid)
            self.dropped += 1

    def become(self, other: Table[Alert]) -> None:
        super().become(other)
        self.dropped = 0

    @property
    def lacks(self) -> str | None:
        """That some had no room; None when all had."""
        return fell_out("alerts", "alerts", self.room, len(self)) if self.dropped else None


@event
class AlertRaised:
    """Something is wrong that a developer should look at."""

    alert: Alert


@command
class RaiseAlert:
    """Tell developers that something of theirs went wrong."""

    account: str
    error_code: int
    alert_text: str
    resource_sid: str
    log_level: LogLevel = LogLevel.ERROR
    request_url: str = ""
    request_method: str = ""
    request_variables: str = ""
    response_body: str = ""

    def apply(self, world: World) -> Alert:
        alert = world[Alerts].put(
            Alert(
                sid=world.sids.new("NO"),
                account_sid=self.account,
                error_code=self.error_code,
                log_level=self.log_level,
                alert_text=self.alert_text,
                resource_sid=self.resource_sid,
                request_url=self.request_url,
                request_method=self.request_method,
                request_variables=self.request_variables,
                response_body=self.response_body,
                date_generated=world.now,
                serial=world.serial(),
            )
        )
        world[Alerts].make_room()
        world.tell(AlertRaised(alert=alert))
        return alert
