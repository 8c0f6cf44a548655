"""What a wing of the rules adds to a world, and how the wings make one set of rules."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import Command, Reaction, Rules


@dataclass(frozen=True, kw_only=True)
class Wing:
    """A part of the rules: what it keeps, what it can be asked, what follows from what happens.

    Attributes:
        tables: what it keeps.
        commands: what can be asked of it; a journal is read by these, not by what was imported.
        reactions: what follows from an event of this wing or of one below, in the same command and
            in this order.
        claims: who may want a text that comes in, in the words of the wing that asks.
    """

    name: str
    tables: tuple[type[Table[Any]], ...] = ()
    commands: tuple[type[Command[object]], ...] = ()
    reactions: tuple[tuple[type, Reaction], ...] = ()
    claims: tuple[object, ...] = ()


def combine(wings: Iterable[Wing]) -> Rules:
    """The rules of a world that has these wings, the lowest first.

    Raises:
        TypeError: two commands, or two tables, have one name.
    """
    tables: dict[str, type[Table[Any]]] = {}
    commands: dict[str, type] = {}
    reactions: dict[type, tuple[Reaction, ...]] = {}
    claims: tuple[object, ...] = ()
    for wing in wings:
        for table in wing.tables:
            if tables.setdefault(table.name, table) is not table:
                raise TypeError(f"two tables are called {table.name}")
        for command in wing.commands:
            if commands.setdefault(command.__name__, command) is not command:
                raise TypeError(f"two commands are called {command.__name__}")
        for event, react in wing.reactions:
            reactions[event] = (*reactions.get(event, ()), react)
        claims += wing.claims
    return Rules(tuple(tables.values()), commands, reactions, claims)
