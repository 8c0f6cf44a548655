"""Debugger alerts by the control API: what went wrong between Twilio and the app."""

from twilio_emulator.control.listing import LOOKED_AT, Paged, place_of, take
from twilio_emulator.control.routes import Control, Controls, Reply, Whole, json_reply
from twilio_emulator.core.accounts.debugger_alerts import Alert, Alerts
from twilio_emulator.core.kernel.records import write_instant


class Raised(Paged):
    """Which alerts: the newest `limit`, of one error only if it is given; in order."""

    limit: Whole | None = 1000
    error_code: Whole | None = None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/alerts")
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
        return json_reply({"alerts": [look(each) for each in reversed(found)], **more})


def look(it: Alert) -> dict[str, object]:
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
