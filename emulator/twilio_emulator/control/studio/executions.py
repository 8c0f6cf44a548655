"""Executions of Studio's flows by the control API: who was handed over, and with what."""

from typing import Any, TypedDict

from twilio_emulator.control.exchange import Reply, json_reply
from twilio_emulator.control.listing import LOOKED_AT, More, Paged, place_of, take
from twilio_emulator.control.routes import Control, Controls
from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.studio.resources import FlowExecution, FlowExecutions


class ExecutionFilter(Paged):
    """Which executions.

    Attributes:
        flow: of the flow with this sid (FW).
        to: of who is reached at this address.
    """

    flow: str | None = None
    to: str | None = None


class ShownExecution(TypedDict):
    """Somebody who was handed over to a flow, which is not run.

    Attributes:
        parameters: what was given for them.
        status: `active` until somebody ends it by REST.
    """

    sid: str
    flow_sid: str
    to: str
    from_: str
    parameters: dict[str, Any]
    status: str
    date_created: str


class ExecutionList(More):
    """Executions, newest first."""

    executions: list[ShownExecution]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("studio", "Executions of Studio's flows, which are taken down and not run.")

    @controls.on(
        "GET",
        "/studio/executions",
        "list_executions",
        "Who was handed over to a flow of Studio, newest first.",
        query=ExecutionFilter,
        gives=ExecutionList,
        examples=({"limit": 1}, {"to": "+12025550199"}),
    )
    async def list_executions(control: Control) -> Reply:
        wish, table = control.query(ExecutionFilter), control.hosted.world[FlowExecutions]
        held, more = take(
            control,
            table.by_account.of(control.account_sid).downward(place_of(wish.cursor)),
            table.__getitem__,
            wish.limit,
            keep=lambda it: wish.flow in (None, it.flow_sid) and wish.to in (None, it.to),
            looked_at=LOOKED_AT,
        )
        return json_reply({"executions": [look(each) for each in held], **more})


def look(it: FlowExecution) -> ShownExecution:
    """Somebody who was handed over."""
    return {
        "sid": it.sid,
        "flow_sid": it.flow_sid,
        "to": it.to,
        "from_": it.from_,
        "parameters": parameters.json_object(it.parameters or "{}") or {},
        "status": it.status,
        "date_created": write_instant(it.date_created),
    }
