"""The wings in their order, each on those below it, and a world made of them."""

from typing import Any

from twilio_emulator.core.accounts.debugger_alerts import Alerts
from twilio_emulator.core.accounts.wing import ACCOUNTS
from twilio_emulator.core.carrier.wing import CARRIER
from twilio_emulator.core.content.wing import CONTENT
from twilio_emulator.core.conversations.wing import CONVERSATIONS
from twilio_emulator.core.kernel import journal
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.journal import Written
from twilio_emulator.core.kernel.keeping import DEFAULTS, Keep
from twilio_emulator.core.kernel.move_clock import MoveClock
from twilio_emulator.core.kernel.patterns import Compile, python_pattern
from twilio_emulator.core.kernel.restoring import RestoreWorld
from twilio_emulator.core.kernel.signatures import NO_SIGNATURES, Signatures
from twilio_emulator.core.kernel.snapshots import SnapshotReading
from twilio_emulator.core.kernel.wing import Wing, combine
from twilio_emulator.core.kernel.world import Numbering, World
from twilio_emulator.core.knowledge.wing import KNOWLEDGE
from twilio_emulator.core.lookup.wing import LOOKUP
from twilio_emulator.core.memory.wing import MEMORY
from twilio_emulator.core.messaging.wing import MESSAGING
from twilio_emulator.core.orchestrator.wing import ORCHESTRATOR
from twilio_emulator.core.phones.wing import PHONES
from twilio_emulator.core.senders.wing import SENDERS
from twilio_emulator.core.simulation.wing import SIMULATION
from twilio_emulator.core.studio.wing import STUDIO
from twilio_emulator.core.sync.wing import SYNC
from twilio_emulator.core.texts.wing import TEXTS
from twilio_emulator.core.verify.wing import VERIFY

KERNEL = Wing(name="kernel", commands=(MoveClock, RestoreWorld))

WINGS = (
    KERNEL,
    ACCOUNTS,
    SIMULATION,
    SENDERS,
    CONTENT,
    TEXTS,
    PHONES,
    CARRIER,
    MESSAGING,
    LOOKUP,
    CONVERSATIONS,
    VERIFY,
    MEMORY,
    KNOWLEDGE,
    STUDIO,
    ORCHESTRATOR,
    SYNC,
)

RULES = combine(WINGS)


def new_world(
    account_sid: str,
    seed: int,
    clock: Clock,
    numbering: Numbering,
    compile_pattern: Compile = python_pattern,
    keep: Keep = DEFAULTS,
    signatures: Signatures = NO_SIGNATURES,
) -> World:
    """A world with every wing, in which there is nothing yet. Of what it is to `keep`, the alerts
    are its own; they have their room before anything is performed again."""
    world = World(account_sid, seed, clock, numbering, RULES, compile_pattern, signatures)
    world[Alerts].room = keep.alerts
    return world


def read_snapshot(circumstances: dict[str, Any]) -> SnapshotReading:
    """A snapshot of a world with every wing, to be read bit by bit.

    Raises:
        Unreadable: that is not how one begins.
    """
    return SnapshotReading(circumstances, RULES.tables, RULES.commands)


def read_line(line: dict[str, Any]) -> Written:
    """A line of a journal, with a command of one of the wings.

    Raises:
        ValueError: it is no such line.
    """
    return journal.read_line(line, RULES.commands)
