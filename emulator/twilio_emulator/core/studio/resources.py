"""Executions of flows: the record and its table."""

from datetime import datetime
from enum import StrEnum

from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import event, record
from twilio_emulator.core.kernel.tables import Table

NOT_RUN = "flows of Studio are not run here"
"""What the journal says of a flow that would have been started."""


class ExecutionStatus(StrEnum):
    """Whether somebody is in a flow."""

    ACTIVE = "active"
    ENDED = "ended"


@record
class FlowExecution:
    """Somebody handed over to a flow (FN): `to` is theirs, `from_` the app's. `parameters` are as
    they were given, JSON."""

    sid: str
    account_sid: str
    flow_sid: str
    to: str
    from_: str
    parameters: str | None = None
    status: ExecutionStatus = ExecutionStatus.ACTIVE
    date_created: datetime
    date_updated: datetime
    serial: int

    @property
    def active_between(self) -> tuple[str, str, str, str] | None:
        """Whom it keeps from another one."""
        if self.status is ExecutionStatus.ENDED:
            return None
        return self.account_sid, self.flow_sid, self.to, self.from_


class FlowExecutions(Table[FlowExecution]):
    """Executions by flow; the active one by flow and both addresses."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_flow: Ordered[FlowExecution] = Ordered(
            lambda it: (it.account_sid, it.flow_sid), lambda it: it.serial
        )
        self.by_account: Ordered[FlowExecution] = Ordered(
            lambda it: it.account_sid, lambda it: it.serial
        )
        self.active: Unique[FlowExecution] = Unique(lambda it: it.active_between)
        super().__init__(FlowExecution, self.by_flow, self.by_account, self.active)


@event
class FlowHandedOver:
    """Somebody was handed over to a flow, which is not run: the note says so."""

    execution: FlowExecution
    note: str


@event
class FlowExecutionEnded:
    """Somebody is in a flow no more."""

    execution: FlowExecution


@event
class FlowExecutionRemoved:
    """An execution is forgotten."""

    execution: FlowExecution
