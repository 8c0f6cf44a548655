"""Knowledge bases: opened, changed, closed, found.

The rules of this file (KnowledgeBases of Knowledge's OpenAPI file):

- A base takes all that is in it along when it is closed.
- A name is that of one base: the file calls it unique in its account. That another is refused with
  400 is decided, since the file has no 409.
- How many there may be is not limited, which is decided: the file says several.
"""

import re

from twilio_emulator.core.kernel import long_runs
from twilio_emulator.core.kernel.arranged import wants_upward
from twilio_emulator.core.kernel.bad_requests import (
    NOWHERE_FOUND,
    bad,
    check_match,
    long_enough,
    spelled,
)
from twilio_emulator.core.kernel.long_runs import LongRun
from twilio_emulator.core.kernel.records import closed, command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.ttids import new_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.knowledge.resources import (
    KnowledgeBase,
    KnowledgeBaseChanged,
    KnowledgeBases,
    KnowledgeOperations,
)

LONGEST_NAME = 64
LONGEST_DESCRIPTION = 128

_NAME = re.compile("[a-zA-Z0-9-]+")


@command
class AddKnowledgeBase:
    """Open a base.

    Raises:
        Refused: 400 the name is none or taken, the description is empty or too long.
    """

    account: str
    display_name: str
    description: str | None = None

    def apply(self, world: World) -> LongRun:
        _check(world, self.account, self.display_name, self.description, None)
        base = _put(
            world,
            KnowledgeBase(
                sid=new_ttid(world, "know_knowledgebase"),
                account_sid=self.account,
                display_name=self.display_name,
                description=self.description,
                date_created=world.now,
                date_updated=world.now,
                serial=world.serial(),
            ),
        )
        return _operated(world, base, "Knowledge Base creation accepted.")


@closed()
@command
class PatchKnowledgeBase:
    """Call a base otherwise.

    Raises:
        Refused: 400, 20404, 20412 it has been changed meanwhile.
    """

    account: str
    base: str
    display_name: str | None = None
    description: str | None = None
    if_match: str | None = None

    def apply(self, world: World) -> LongRun:
        base = fetch_knowledge_base(world, account=self.account, base=self.base)
        check_match(self.if_match, base.version)
        name = base.display_name if self.display_name is None else self.display_name
        _check(world, self.account, name, self.description, base.sid)
        description = base.description if self.description is None else self.description
        changed = _put(
            world,
            replace(
                base,
                display_name=name,
                description=description,
                version=base.version + 1,
                date_updated=world.now,
            ),
        )
        return _operated(world, changed, "Knowledge Base update accepted.")


@command
class RemoveKnowledgeBase:
    """Close a base, with all that is in it."""

    account: str
    base: str

    def apply(self, world: World) -> LongRun:
        base = fetch_knowledge_base(world, account=self.account, base=self.base)
        world.tell(KnowledgeBaseChanged(sid=base.sid, base=None))
        world[KnowledgeBases].remove(base.sid)
        message = "Knowledge Base deletion accepted."
        return long_runs.operated(world, KnowledgeOperations, self.account, message, base.sid, None)


def fetch_knowledge_base(world: World, *, account: str, base: str) -> KnowledgeBase:
    """The base of an account with this id.

    Raises:
        Refused: 20404.
    """
    found = world[KnowledgeBases].get(base)
    if found is None or found.account_sid != account:
        raise Refused(NOWHERE_FOUND)
    return found


def list_knowledge_bases(
    world: World, *, account: str, order_by: str | None = None
) -> Rows[KnowledgeBase]:
    """The bases of an account, newest first unless `order_by` is `ASC`.

    Raises:
        Refused: 400 it is neither `ASC` nor `DESC`.
    """
    table = world[KnowledgeBases]
    return Rows(table, table.by_account, account, downward=not wants_upward(order_by))


def fetch_knowledge_operation(world: World, *, account: str, operation: str) -> LongRun:
    """An operation of an account.

    Raises:
        Refused: 20404.
    """
    return long_runs.fetch_long_run(world, KnowledgeOperations, account, operation)


def _put(world: World, base: KnowledgeBase) -> KnowledgeBase:
    world[KnowledgeBases].put(base)
    world.tell(KnowledgeBaseChanged(sid=base.sid, base=base))
    return base


def _operated(world: World, base: KnowledgeBase, message: str) -> LongRun:
    place = f"/ControlPlane/KnowledgeBases/{base.sid}"
    account = base.account_sid
    return long_runs.operated(world, KnowledgeOperations, account, message, base.sid, place)


def _check(world: World, account: str, name: str, description: str | None, own: str | None) -> None:
    spelled("displayName", name, _NAME, LONGEST_NAME)
    if description is not None:
        long_enough("description", description, 1, LONGEST_DESCRIPTION)
    table = world[KnowledgeBases]
    for each in table.all(table.by_account, account):
        if each.display_name == name and each.sid != own:
            raise bad("displayName is the name of another knowledge base")
