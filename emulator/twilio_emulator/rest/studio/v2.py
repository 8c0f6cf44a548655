"""https://studio.twilio.com/v2 as a table of operations."""

from twilio_emulator.core.studio import executions
from twilio_emulator.core.studio.executions import AddExecution, EndExecution, RemoveExecution
from twilio_emulator.rest.studio import look
from twilio_emulator.wire import spelling
from twilio_emulator.wire.operations import ROOT, Api
from twilio_emulator.wire.pages import lister


def parameter(field: str) -> str:
    """`from_` is `From`; the status of a list alone is written small."""
    return spelling.parameter(field.rstrip("_"))


def listing(field: str) -> str:
    """The names of what a list takes."""
    return field if field == "status" else parameter(field)


EXECUTIONS = "/Flows/{flow}/Executions"
EXECUTION = "/{execution}"

LARGEST_PAGE = 1000

api = Api("studio.twilio.com", "v2", spell=parameter)

api.collection(
    EXECUTIONS,
    EXECUTION,
    look.execution,
    create=AddExecution,
    fetch=executions.fetch_execution,
    update=EndExecution,
    delete=RemoveExecution,
    where=ROOT,
)
api.add(
    "GET",
    EXECUTIONS,
    executions.list_executions,
    lister(executions.list_executions, look.execution, "executions", 50, LARGEST_PAGE, listing),
    ROOT,
    listing,
)
api.single(
    f"{EXECUTIONS}{EXECUTION}/Context",
    look.context,
    fetch=executions.fetch_execution,
    where=ROOT,
)
