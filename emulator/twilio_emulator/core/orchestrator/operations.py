"""Operations: changes that are accepted first and done then.

The rules of this file:

- The same idempotency key within 24 hours is answered as it was the first time, and nothing is done
  (https://www.twilio.com/docs/platform/conversations).
"""

import re
from datetime import datetime, timedelta
from enum import StrEnum

from twilio_emulator.core.kernel.indexes import Ordered, Unique
from twilio_emulator.core.kernel.records import record, replace
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator import errors
from twilio_emulator.core.orchestrator.resources import OPERATION

RETRY_AFTER = 5
"""Seconds after which to ask for an operation, as the example of the OpenAPI file has it."""

REMEMBERED = timedelta(hours=24)
"""How long an idempotency key is good for."""

CONFIGURATION_ID, CONVERSATION_ID = "configurationId", "conversationId"
"""What an operation is related to, by what it is called there."""

_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class OperationStatus(StrEnum):
    """How far an operation has come."""

    PENDING = "PENDING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


FIRST_STATUS = OperationStatus.COMPLETED
"""Decided: an operation is over as soon as it is accepted. How long Twilio takes is not published,
and an app that asks until it is over sees no difference."""


@record
class OrchestratorOperation:
    """An operation (`proc_job_...`): what it is about, and the key that it was asked for with."""

    sid: str
    account_sid: str
    related: tuple[str, str]
    status: OperationStatus = FIRST_STATUS
    idempotency_key: str | None = None
    created_at: datetime
    completed_at: datetime | None = None


class OrchestratorOperations(Table[OrchestratorOperation]):
    """By account, and found by its idempotency key."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_key: Unique[OrchestratorOperation] = Unique(
            lambda it: it.idempotency_key and (it.account_sid, it.idempotency_key)
        )
        self.by_account: Ordered[OrchestratorOperation] = Ordered(
            lambda it: it.account_sid, lambda it: int(it.created_at.timestamp() * 1000)
        )
        super().__init__(OrchestratorOperation, self.by_key, self.by_account)


def repeated(world: World, account: str, key: str | None) -> OrchestratorOperation | None:
    """The operation that was asked for with the same idempotency key, if it is remembered.

    Raises:
        Refused: 20001 the key is no UUID.
    """
    if key is None:
        return None
    if not _UUID.fullmatch(key):
        raise errors.invalid("Idempotency-Key")
    operations = world[OrchestratorOperations]
    found = operations.found(operations.by_key, (account, key.lower()))
    return found if found is not None and found.created_at + REMEMBERED > world.now else None


def done(
    world: World, account: str, related: tuple[str, str], key: str | None
) -> OrchestratorOperation:
    """Keep an operation that is completed.

    Args:
        related: what it is about: what that is called, and its id.
        key: the idempotency key that it was asked for with.
    """
    operations = world[OrchestratorOperations]
    if key is not None:
        key = key.lower()
        forgotten = operations.found(operations.by_key, (account, key))
        if forgotten is not None:
            operations.put(replace(forgotten, idempotency_key=None))
    return operations.put(
        OrchestratorOperation(
            sid=new_ttid(world, OPERATION),
            account_sid=account,
            related=related,
            idempotency_key=key,
            created_at=world.now,
            completed_at=world.now,
        )
    )


def fetch_operation(world: World, *, account: str, operation: str) -> OrchestratorOperation:
    """An operation of an account.

    Raises:
        Refused: 20404 it has no such.
    """
    found = world[OrchestratorOperations].get(operation)
    if found is None or found.account_sid != account:
        raise errors.not_found()
    return found
