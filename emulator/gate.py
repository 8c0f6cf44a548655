"""The one door: check, consult pre-event webhooks, write down, perform.

The rules of this file:

- Everything that changes an account's world comes through its gate: REST, client SDKs, handsets,
  the control API, scenarios and what webhooks answer. Timers alone the world performs by itself.
- Only the gate awaits, and only before the change. Between a change and the queueing of its news
  there is no `await`, so what clients see is in the order in which it happened.
- What is written down is the command as performed, after a webhook has rewritten it. When the write
  fails, the command is not performed.
"""

from collections.abc import Callable, Coroutine
from typing import Any

from emulator.core.journal import Log, Written
from emulator.core.plain import Command
from emulator.core.refusals import Refused
from emulator.core.world import QUIET, Happened, Origin, World

Ask = Callable[["Gate", Command, Origin], Coroutine[Any, Any, Command] | None]
"""Whom a pre-event webhook has to be asked about: None when nobody, else the command as it may be
performed.

The awaitable raises Refused when the webhook forbids the command.
"""

Write = Callable[[Written], None]
"""Puts a line of the journal where it survives; raises OSError when it cannot."""


class MustWait(Exception):
    """Somebody has to be asked first, so a command cannot be performed without waiting."""


class Gate:
    """The door to one world.

    Args:
        world: what it leads to.
        ask: consults pre-event webhooks.
        write: keeps the journal elsewhere too.

    Attributes:
        after: called when a command has been performed, to look when the next timer is due.
    """

    def __init__(self, world: World, ask: Ask | None = None, write: Write | None = None) -> None:
        self.world = world
        self.journal: list[Written] = []
        self.log = Log()
        self.ask = ask
        self.write = write
        self.after: Callable[[], None] | None = None
        world.listeners.append(self._note)

    async def perform(self, command: Command, origin: Origin = QUIET) -> Any:
        """Ask whoever has to be asked, then perform.

        Returns:
            what the command answers.

        Raises:
            Refused: the command cannot be performed, or a webhook forbade it.
        """
        if self.ask is not None:
            asking = self.ask(self, command, origin)
            if asking is not None:
                command = await asking
        return self.perform_now(command, origin)

    def perform_unasked(self, command: Command, origin: Origin = QUIET) -> Any:
        """Perform a command at once, unless a webhook wants to see it first.

        Raises:
            MustWait: one does; nothing has happened, `perform` will ask it.
            Refused: the command cannot be performed.
        """
        if self.ask is not None:
            asking = self.ask(self, command, origin)
            if asking is not None:
                asking.close()
                raise MustWait
        return self.perform_now(command, origin)

    def perform_now(self, command: Command, origin: Origin = QUIET) -> Any:
        """Perform a command that no webhook is asked about.

        Raises:
            Refused: the command cannot be performed.
        """
        world = self.world
        written = Written(world.clock.now(), origin, command)
        if self.write is not None:
            self.write(written)
        self.journal.append(written)
        number = self.log.add(written.at, "command", written)
        try:
            return world.perform(command, origin, written.at)
        except Refused as refused:
            self.log.add(written.at, "refused", (number, refused))
            raise
        finally:
            if self.after is not None:
                self.after()

    def _note(self, happened: Happened) -> None:
        self.log.add(happened.at, "event", happened)
