"""https://monitor.twilio.com/v1: debugger alerts, as Twilio's console lists them."""

from datetime import UTC, datetime, timedelta

from twilio_emulator.core.accounts.debugger_alerts import Alert, Alerts
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.spelling import iso

LARGEST_PAGE = 1000

api = Api("monitor.twilio.com", "v1")


def alert(it: Alert, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/usage/monitor-alert: with what was said and answered."""
    return {
        **_beginning(it),
        "request_variables": it.request_variables,
        "resource_sid": it.resource_sid,
        "response_body": it.response_body,
        "response_headers": None,
        "sid": it.sid,
        "url": f"{call.root}/Alerts/{it.sid}",
        "request_headers": None,
        "service_sid": None,
    }


def listed_alert(it: Alert, call: Call) -> dict[str, object]:
    """The same in a list."""
    return {
        **_beginning(it),
        "resource_sid": it.resource_sid,
        "sid": it.sid,
        "url": f"{call.root}/Alerts/{it.sid}",
        "service_sid": None,
    }


def _beginning(it: Alert) -> dict[str, object]:
    return {
        "account_sid": it.account_sid,
        "alert_text": it.alert_text,
        "api_version": "2010-04-01",
        "date_created": iso(it.date_generated),
        "date_generated": iso(it.date_generated),
        "date_updated": iso(it.date_generated),
        "error_code": str(it.error_code),
        "log_level": it.log_level,
        "more_info": f"https://www.twilio.com/docs/errors/{it.error_code}",
        "request_method": it.request_method,
        "request_url": it.request_url,
    }


def fetch_alert(world: World, *, account: str, alert: str) -> Alert:
    """The alert of an account with this sid.

    Raises:
        Refused: 20404.
    """
    found = world[Alerts].get(alert)
    if found is None or found.account_sid != account:
        raise Refused(NOT_FOUND)
    return found


def list_alerts(
    world: World,
    *,
    account: str,
    log_level: str | None = None,
    start_date: str | None = None,
    end_date: str | None = None,
) -> Rows[Alert]:
    """The alerts of an account, newest first; the dates are instants, or days in UTC.

    Raises:
        Refused: 20001 a date cannot be read.
    """
    start = datetime.min.replace(tzinfo=UTC)
    end = datetime.max.replace(tzinfo=UTC)
    if start_date:
        start = _instant("StartDate", start_date)
    if end_date:
        whole_day = timedelta(days=1) if len(end_date) == len("2026-01-05") else timedelta(0)
        end = parameters.later(_instant("EndDate", end_date), whole_day)

    def keep(it: Alert) -> bool:
        return (not log_level or it.log_level == log_level) and start <= it.date_generated <= end

    return Rows(world[Alerts], world[Alerts].by_account, account, downward=True, keep=keep)


def _instant(parameter: str, text: str) -> datetime:
    try:
        return parameters.instant(text, INVALID_PARAMETER)
    except Refused:
        raise Refused(INVALID_PARAMETER, parameter=parameter) from None


api.collection(
    "/Alerts",
    "/{alert}",
    listed_alert,
    key="alerts",
    list=list_alerts,
    page_max=LARGEST_PAGE,
    where=ROOT,
)
api.collection("/Alerts", "/{alert}", alert, fetch=fetch_alert, where=ROOT)
