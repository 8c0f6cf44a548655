"""The operations of Memory's control plane."""

from twilio_emulator.core.kernel import long_runs
from twilio_emulator.core.kernel.long_runs import LongRun
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World


class MemoryOperations(Table[LongRun]):
    """What was done to stores and to what is set in them, found by id alone."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        super().__init__(LongRun)


def operated(world: World, account: str, message: str, result: str, place: str | None) -> LongRun:
    """Note what was done, for who asks after it."""
    return long_runs.operated(world, MemoryOperations, account, message, result, place)


def fetch_memory_operation(world: World, *, account: str, operation: str) -> LongRun:
    """An operation of an account.

    Raises:
        Refused: 20404.
    """
    return long_runs.fetch_long_run(world, MemoryOperations, account, operation)
