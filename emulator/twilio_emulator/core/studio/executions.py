"""Executions of flows: begun, ended, forgotten, found.

The rules of this file (https://www.twilio.com/docs/studio/rest-api/v2/execution):

- Flows are not run, nor are there any: an execution of whichever flow is kept, shows that somebody
  was handed over and with what, and is active until somebody ends it.
- Between two addresses one is active at a time in a flow. That another is refused with 20409 is
  decided.
- Whose the addresses are is not looked at, which is decided: the page allows other identifiers than
  phone numbers, and says no error.
"""

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.records import Plain, command, replace
from twilio_emulator.core.kernel.refusals import (
    INVALID_PARAMETER,
    MISSING_PARAMETER,
    NOT_FOUND,
    Refusal,
    Refused,
)
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.studio.resources import (
    NOT_RUN,
    ExecutionStatus,
    FlowExecution,
    FlowExecutionEnded,
    FlowExecutionRemoved,
    FlowExecutions,
    FlowHandedOver,
)

ALREADY_ACTIVE = Refusal(20409, 409, "Execution {execution} is already active for this contact")

INVALID_FROM_DATE = Refusal(20001, 400, "Invalid DateCreatedFrom.")
INVALID_TO_DATE = Refusal(20001, 400, "Invalid DateCreatedTo.")


@command
class AddExecution:
    """Hand somebody over to a flow.

    Raises:
        Refused: 20404 that is no flow, 20001 an address is missing or the parameters are no JSON
            object, 20409 they are in it already.
    """

    account: str
    flow: str
    to: str
    from_: str
    parameters: str | None = None

    def apply(self, world: World) -> FlowExecution:
        _check_flow(self.flow)
        for parameter, said in (("To", self.to), ("From", self.from_)):
            if not said.strip():
                raise Refused(MISSING_PARAMETER, parameter=parameter)
        if self.parameters and parameters.json_object(self.parameters) is None:
            raise Refused(INVALID_PARAMETER, parameter="Parameters")
        table = world[FlowExecutions]
        active = table.active.find((self.account, self.flow, self.to, self.from_))
        if active is not None:
            raise Refused(ALREADY_ACTIVE, execution=active)
        execution = table.put(
            FlowExecution(
                sid=world.sids.new("FN"),
                account_sid=self.account,
                flow_sid=self.flow,
                to=self.to,
                from_=self.from_,
                parameters=self.parameters or None,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            )
        )
        world.tell(FlowHandedOver(execution=execution, note=NOT_RUN))
        return execution


@command
class EndExecution:
    """Have somebody in a flow no more; that they are is nothing that can be said.

    Raises:
        Refused: 20404, 20001 the status is another than `ended`.
    """

    account: str
    flow: str
    execution: str
    status: str

    def apply(self, world: World) -> FlowExecution:
        found = fetch_execution(
            world, account=self.account, flow=self.flow, execution=self.execution
        )
        if self.status != ExecutionStatus.ENDED:
            raise Refused(INVALID_PARAMETER, parameter="Status")
        if found.status is ExecutionStatus.ENDED:
            return found
        ended = world[FlowExecutions].put(
            replace(found, status=ExecutionStatus.ENDED, date_updated=world.now)
        )
        world.tell(FlowExecutionEnded(execution=ended))
        return ended


@command
class RemoveExecution:
    """Forget an execution."""

    account: str
    flow: str
    execution: str

    def apply(self, world: World) -> None:
        found = fetch_execution(
            world, account=self.account, flow=self.flow, execution=self.execution
        )
        world[FlowExecutions].remove(found.sid)
        world.tell(FlowExecutionRemoved(execution=found))


def fetch_execution(world: World, *, account: str, flow: str, execution: str) -> FlowExecution:
    """An execution of a flow.

    Raises:
        Refused: 20404.
    """
    _check_flow(flow)
    found = world[FlowExecutions].get(execution)
    if found is None or (found.account_sid, found.flow_sid) != (account, flow):
        raise Refused(NOT_FOUND)
    return found


def list_executions(
    world: World,
    *,
    account: str,
    flow: str,
    status: str | None = None,
    date_created_from: str | None = None,
    date_created_to: str | None = None,
) -> Rows[FlowExecution]:
    """The executions of a flow, newest first; those of a status, of an instant and later, and
    before an instant, or all.

    Raises:
        Refused: 20404 that is no flow, 20001 a parameter cannot be.
    """
    _check_flow(flow)
    if status is not None and status not in tuple(ExecutionStatus):
        raise Refused(INVALID_PARAMETER, parameter="status")
    after = date_created_from and parameters.instant(date_created_from, INVALID_FROM_DATE)
    before = date_created_to and parameters.instant(date_created_to, INVALID_TO_DATE)

    def wanted(it: FlowExecution) -> bool:
        return (
            (status is None or it.status == status)
            and (not after or it.date_created >= after)
            and (not before or it.date_created < before)
        )

    table = world[FlowExecutions]
    return Rows(table, table.by_flow, (account, flow), downward=True, keep=wanted)


def context_of(execution: FlowExecution) -> dict[str, Plain]:
    """What a flow would know as it begins: both addresses, and what was given."""
    given = parameters.json_object(execution.parameters or "{}")
    return {
        "flow": {"channel": {"address": execution.from_}, "data": given},
        "contact": {"channel": {"address": execution.to}},
    }


def _check_flow(flow: str) -> None:
    if not parameters.is_sid(flow, "FW"):
        raise Refused(NOT_FOUND)
