"""Debugger alerts by the control API: what went wrong between Twilio and the app."""

from typing import TypedDict

from twilio_emulator.control.exchange import Reply
from twilio_emulator.control.listing import LOOKED_AT, More, Paged, lacking, place_of, take
from twilio_emulator.control.pieces import listed
from twilio_emulator.control.routes import Control, Controls, Whole
from twilio_emulator.core.accounts.debugger_alerts import Alert, Alerts, LogLevel
from twilio_emulator.core.kernel.records import write_instant


class Raised(Paged):
    """Which alerts, in order.

    Attributes:
        limit: the newest so many.
        error_code: of this error of Twilio's only.
    """

    limit: Whole | None = 1000
    error_code: Whole | None = None


class ShownAlert(TypedDict):
    """An alert, with what was asked and answered.

    Attributes:
        resource_sid: of the message or conversation that it is about.
        request_url: of the app's, that was called.
        request_variables: what it was told, as a form.
    """

    sid: str
    error_code: int
    log_level: LogLevel
    alert_text: str
    resource_sid: str
    request_url: str
    request_method: str
    request_variables: str
    response_body: str
    date_generated: str


class AlertList(More):
    """Alerts, oldest first."""

    alerts: list[ShownAlert]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("alerts", "What Twilio's debugger would show.")

    @controls.on(
        "GET",
        "/alerts",
        "list_alerts",
        "What went wrong between Twilio and the app, as Twilio's debugger would show it.",
        query=Raised,
        gives=AlertList,
        examples=({}, {"error_code": 11200, "limit": 10}),
    )
    async def list_alerts(control: Control) -> Reply:
        wish, alerts = control.query(Raised), control.hosted.world[Alerts]
        code = wish.error_code
        found, more = take(
            control,
            alerts.by_account.of(control.account_sid).downward(place_of(wish.cursor)),
            alerts.__getitem__,
            wish.limit,
            keep=None if code is None else lambda each: each.error_code == code,
            looked_at=LOOKED_AT,
        )
        more = more or lacking(alerts.lacks)
        found.reverse()
        return listed("alerts", found, look, more)


def look(it: Alert) -> ShownAlert:
    """An alert, with what was asked and answered."""
    return {
        "sid": it.sid,
        "error_code": it.error_code,
        "log_level": it.log_level,
        "alert_text": it.alert_text,
        "resource_sid": it.resource_sid,
        "request_url": it.request_url,
        "request_method": it.request_method,
        "request_variables": it.request_variables,
        "response_body": it.response_body,
        "date_generated": write_instant(it.date_generated),
    }
