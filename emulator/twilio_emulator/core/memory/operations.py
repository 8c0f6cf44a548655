"""What goes on for long in Memory: an operation that can be looked at until it is done.

The rules of this file:

- A change of a store or of what is set in it answers an operation, by which to find what came of it
  (`FetchOperation` of Memory's OpenAPI file).
- `DONE_AT_ONCE`: an operation is completed when it is answered.
"""

from datetime import datetime

from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Ordered, Table
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.errors import MEMORY_NOT_FOUND

DONE_AT_ONCE = "COMPLETED"
"""Decided: the status of every operation. How long Twilio takes is nothing that an app can rely on,
and a clock that stands still would leave it for ever on its way."""

RETRY_AFTER = 5
"""Decided: seconds after which an app is told to look at an operation; such a number is the OpenAPI
file's example."""


@record
class MemoryOperation:
    """An operation, and what came of it.

    `result` is the id of what was made or changed; `place` where that is shown, below the version
    of the API, and None when it is gone.
    """

    sid: str
    account_sid: str
    message: str
    result: str
    place: str | None
    status: str = DONE_AT_ONCE
    date_created: datetime
    date_completed: datetime
    serial: int


class MemoryOperations(Table[MemoryOperation]):
    """Operations by account."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_account: Ordered[MemoryOperation] = Ordered(
            lambda it: it.account_sid, lambda it: it.serial
        )
        super().__init__(MemoryOperation, self.by_account)


def operated(
    world: World, account: str, message: str, result: str, place: str | None
) -> MemoryOperation:
    """Note what was done, for who asks after it."""
    return world[MemoryOperations].put(
        MemoryOperation(
            sid=new_ttid(world, "proc_job"),
            account_sid=account,
            message=message,
            result=result,
            place=place,
            date_created=world.now,
            date_completed=world.now,
            serial=world.serial(),
        )
    )


def fetch_memory_operation(world: World, *, account: str, operation: str) -> MemoryOperation:
    """An operation of an account.

    Raises:
        Refused: 20404.
    """
    found = world[MemoryOperations].get(operation)
    if found is None or found.account_sid != account:
        raise Refused(MEMORY_NOT_FOUND)
    return found
