"""Debugger alerts by the control API: what went wrong between Twilio and the app."""

from emulator.core.alerts import Alert
from emulator.core.plain import write_instant
from emulator.wire.controls import Control, Controls, Fields, Mistaken, Reply, json_reply


class Raised(Fields):
    """Which alerts: the newest `limit`, of one error only if it is given."""

    limit: int = 1000
    error_code: int | None = None


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/alerts")
    async def list_alerts(control: Control) -> Reply:
        wish, alerts = control.query(Raised), control.hosted.world.alerts
        if wish.limit < 1:
            raise Mistaken(f"query limit: expected 1 or more, not {wish.limit}")
        found = [
            look(each)
            for each in alerts.all(alerts.by_account, control.account_sid)
            if wish.error_code in (None, each.error_code)
        ]
        return json_reply({"alerts": found[-wish.limit :]})


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
