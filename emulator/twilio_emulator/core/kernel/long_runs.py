"""What goes on for long in Memory and Knowledge: operations that can be looked at until they are
done.

The rules of this file:

- A change of a store or of a knowledge base answers an operation, by which to find what came of it
  (`FetchOperation` of their OpenAPI files).
- `DONE_AT_ONCE`: an operation is completed when it is answered.
"""

from datetime import datetime

from twilio_emulator.core.kernel.bad_requests import NOWHERE_FOUND
from twilio_emulator.core.kernel.records import record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World

DONE_AT_ONCE = "COMPLETED"
"""Decided: the status of every operation. How long Twilio takes is nothing that an app can rely on,
and a clock that stands still would leave it for ever on its way."""

RETRY_AFTER = 5
"""Decided: seconds after which an app is told to look at an operation; such a number is the OpenAPI
file's example."""


@record
class LongRun:
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


def operated(
    world: World,
    kind: type[Table[LongRun]],
    account: str,
    message: str,
    result: str,
    place: str | None,
) -> LongRun:
    """Note what was done, for who asks after it."""
    return world[kind].put(
        LongRun(
            sid=new_ttid(world, "proc_job"),
            account_sid=account,
            message=message,
            result=result,
            place=place,
            date_created=world.now,
            date_completed=world.now,
        )
    )


def fetch_long_run(world: World, kind: type[Table[LongRun]], account: str, sid: str) -> LongRun:
    """An operation of an account.

    Raises:
        Refused: 20404.
    """
    found = world[kind].get(sid)
    if found is None or found.account_sid != account:
        raise Refused(NOWHERE_FOUND)
    return found
