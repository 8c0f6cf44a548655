"""The keys that answers about flows and their executions have."""

from twilio_emulator.core.kernel.sids import stable_sid
from twilio_emulator.core.studio.executions import context_of
from twilio_emulator.core.studio.resources import FlowExecution
from twilio_emulator.wire.calls import Call
from twilio_emulator.wire.spelling import iso

FLOW_VERSION = 1
"""Decided: the version of every flow, of which there are none."""


def execution(it: FlowExecution, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/studio/rest-api/v2/execution

    Decided: `context` is empty, as in the examples, and `initiated_by` null; a contact has an id
    that follows from its address.
    """
    url = _url(it, call)
    return {
        "sid": it.sid,
        "account_sid": it.account_sid,
        "flow_sid": it.flow_sid,
        "contact_channel_address": it.to,
        "contact_sid": stable_sid("FC", f"{it.account_sid}/{it.to}"),
        "flow_version": FLOW_VERSION,
        "status": it.status,
        "context": {},
        "date_created": iso(it.date_created),
        "date_updated": iso(it.date_updated),
        "initiated_by": None,
        "url": url,
        "links": {"steps": f"{url}/Steps", "execution_context": f"{url}/Context"},
    }


def context(it: FlowExecution, call: Call) -> dict[str, object]:
    """https://www.twilio.com/docs/studio/rest-api/v2/execution-context"""
    return {
        "account_sid": it.account_sid,
        "context": context_of(it),
        "flow_sid": it.flow_sid,
        "execution_sid": it.sid,
        "url": f"{_url(it, call)}/Context",
    }


def _url(it: FlowExecution, call: Call) -> str:
    return f"{call.root}/Flows/{it.flow_sid}/Executions/{it.sid}"
