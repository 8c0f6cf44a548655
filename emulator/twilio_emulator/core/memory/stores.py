"""Memory stores: opened, changed, closed, found.

The rules of this file (https://www.twilio.com/docs/conversations/memory/limits):

- Every account begins with one, so that a profile can be made at once.
- A store takes everything that is in it along when it is closed.
"""

import re

from twilio_emulator.core.accounts.accounts import AccountOpened
from twilio_emulator.core.kernel.arranged import wants_upward
from twilio_emulator.core.kernel.bad_requests import (
    NOWHERE_FOUND,
    bad,
    check_match,
    long_enough,
    spelled,
)
from twilio_emulator.core.kernel.long_runs import LongRun
from twilio_emulator.core.kernel.records import command, replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.ttids import new_ttid, stable_ttid
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.memory.operations import operated
from twilio_emulator.core.memory.resources import (
    MemoryStore,
    MemoryStoreChanged,
    MemoryStores,
)

FIRST_STORE = "mem_store_00000000000000000000000001"
"""Decided: the store that an account begins with, unless another is named for it. Subaccounts,
which live beside it, have others."""

FIRST_STORE_NAME = "default"
"""Decided: what it is called."""

MOST_STORES = 15
"""Decided: how many stores an account may have. The OpenAPI file says 15, an older page 5."""

_NAME = re.compile("[a-zA-Z0-9-]+")
LONGEST_NAME = 64
LONGEST_DESCRIPTION = 128


@command
class AddMemoryStore:
    """Open a memory store.

    Raises:
        Refused: 400 the name is none or taken, or there are enough. That nothing but the bare
            status is said for the last two is decided.
    """

    account: str
    display_name: str
    description: str | None = None

    def apply(self, world: World) -> LongRun:
        _check(self.display_name, self.description)
        _check_free(world, self.account, self.display_name, None)
        if len(world[MemoryStores].by_account.of(self.account)) >= MOST_STORES:
            raise bad(f"an account has at most {MOST_STORES} memory stores")
        store = changed(
            world,
            MemoryStore(
                sid=new_ttid(world, "mem_store"),
                account_sid=self.account,
                display_name=self.display_name,
                description=self.description,
                serial=world.serial(),
            ),
        )
        return operated(
            world, self.account, "Store creation accepted.", store.sid, store_place(store)
        )


@command
class PatchMemoryStore:
    """Call a store otherwise.

    Raises:
        Refused: 400, 20404, 20412 it has been changed meanwhile.
    """

    account: str
    store: str
    display_name: str | None = None
    description: str | None = None
    if_match: str | None = None

    def apply(self, world: World) -> LongRun:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        check_match(self.if_match, store.version)
        name = store.display_name if self.display_name is None else self.display_name
        _check(name, self.description)
        _check_free(world, self.account, name, store.sid)
        description = store.description if self.description is None else self.description
        changed(
            world,
            replace(store, display_name=name, description=description, version=store.version + 1),
        )
        return operated(
            world, self.account, "Store update accepted.", store.sid, store_place(store)
        )


@command
class RemoveMemoryStore:
    """Close a store, with all that is in it."""

    account: str
    store: str

    def apply(self, world: World) -> LongRun:
        store = fetch_memory_store(world, account=self.account, store=self.store)
        world.tell(MemoryStoreChanged(sid=store.sid, store=None))
        world[MemoryStores].remove(store.sid)
        return operated(world, self.account, "Store deletion accepted.", store.sid, None)


def fetch_memory_store(world: World, *, account: str, store: str) -> MemoryStore:
    """The memory store of an account with this id.

    Raises:
        Refused: 20404.
    """
    found = world[MemoryStores].get(store)
    if found is None or found.account_sid != account:
        raise Refused(NOWHERE_FOUND)
    return found


def list_memory_stores(
    world: World, *, account: str, order_by: str | None = None
) -> Rows[MemoryStore]:
    """The memory stores of an account, newest first unless `order_by` is `ASC`.

    Raises:
        Refused: 400 it is neither `ASC` nor `DESC`.
    """
    table = world[MemoryStores]
    return Rows(table, table.by_account, account, downward=not wants_upward(order_by))


def changed(world: World, store: MemoryStore) -> MemoryStore:
    """Keep a store as it is now, and tell it."""
    world[MemoryStores].put(store)
    world.tell(MemoryStoreChanged(sid=store.sid, store=store))
    return store


def store_place(store: MemoryStore, *within: str) -> str:
    """Where a store, or something that is set in it, is shown, below the version of the API."""
    return "/".join(("/ControlPlane/Stores", store.sid, *within))


def begun_with(world: World, opened: AccountOpened) -> str:
    """The id of the store that an account begins with."""
    sid = opened.start.memory_store_sid
    if sid is not None:
        return sid
    if opened.account.sid == world.account_sid:
        return FIRST_STORE
    return stable_ttid("mem_store", world.now, opened.account.sid)


def open_first_store(world: World, opened: AccountOpened) -> None:
    """A new account has a store.

    It takes none of the numbers that others draw: who has the seed of old has the sids of old.
    """
    world[MemoryStores].put(
        MemoryStore(
            sid=begun_with(world, opened),
            account_sid=opened.account.sid,
            display_name=FIRST_STORE_NAME,
            serial=0,
        )
    )


def first_store(world: World, account: str) -> MemoryStore | None:
    """The oldest store of an account, which is the one that it began with unless that is gone."""
    table = world[MemoryStores]
    return next(table.all(table.by_account, account), None)


def _check(name: str, description: str | None) -> None:
    spelled("displayName", name, _NAME, LONGEST_NAME)
    if description is not None:
        long_enough("description", description, 1, LONGEST_DESCRIPTION)


def _check_free(world: World, account: str, name: str, own: str | None) -> None:
    """Refuse a name that another store of the account has: it is unique there."""
    table = world[MemoryStores]
    if any(
        each.display_name == name and each.sid != own
        for each in table.all(table.by_account, account)
    ):
        raise bad("displayName is the name of another memory store")
