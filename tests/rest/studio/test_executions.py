"""Executions by REST, as Twilio's own library sees them."""

from collections.abc import Callable
from typing import Any

from twilio.rest import Client

FLOW = "FW" + "0" * 31 + "1"
URL = f"https://studio.twilio.com/v2/Flows/{FLOW}/Executions"
ANN, SHOP = "+12025550199", "+12025550100"

Ask = Callable[..., tuple[int, Any]]


def test_a_hand_over(client: Client, ask: Ask) -> None:
    flow = client.studio.v2.flows(FLOW)
    made = flow.executions.create(
        to=ANN, from_=SHOP, parameters={"HandoffData": {"reason": "angry"}}
    )
    url = f"{URL}/{made.sid}"
    assert ask("GET", url) == (
        200,
        {
            "sid": made.sid,
            "account_sid": client.username,
            "flow_sid": FLOW,
            "contact_channel_address": ANN,
            "contact_sid": made.contact_sid,
            "flow_version": 1,
            "status": "active",
            "context": {},
            "date_created": "2026-01-05T09:00:00Z",
            "date_updated": "2026-01-05T09:00:00Z",
            "initiated_by": None,
            "url": url,
            "links": {"steps": f"{url}/Steps", "execution_context": f"{url}/Context"},
        },
    )
    context = flow.executions(made.sid).execution_context().fetch()
    assert context.context["flow"]["data"] == {"HandoffData": {"reason": "angry"}}
    assert [it.sid for it in flow.executions.list(status="active")] == [made.sid]
    assert flow.executions.list(status="ended") == []
    status, answer = ask("POST", URL, To=ANN, From=SHOP)
    assert (status, answer["code"]) == (409, 20409)
    assert flow.executions(made.sid).update(status="ended").status == "ended"
    assert flow.executions(made.sid).delete()
    assert flow.executions.list() == []


def test_steps_are_not_there(ask: Ask) -> None:
    """Nothing is run, so nobody is told what was."""
    made = ask("POST", URL, To=ANN, From=SHOP)[1]
    status, answer = ask("GET", made["links"]["steps"])
    assert (status, answer["code"]) == (404, 20404)
    status, answer = ask("POST", URL, To=ANN)
    assert (status, answer["code"]) == (400, 20001)
