"""What texts cost more where Conversations v2 could capture them: a world without that part of the
rules, beside one in which no configuration has a rule, and one that captures every text.

All three are played in this process, in turns.
"""

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.bench.turns import table
from twilio_emulator.core.accounts.accounts import OpenAccount
from twilio_emulator.core.kernel.clock import Clock
from twilio_emulator.core.kernel.wing import combine
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.messaging.send import CreateText
from twilio_emulator.core.orchestrator.configurations import AddConversationConfiguration
from twilio_emulator.core.orchestrator.resources import CaptureRule, ChannelSettings, GroupingType
from twilio_emulator.core.orchestrator.wing import ORCHESTRATOR
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.wings import RULES, WINGS
from twilio_emulator.runtime import numbering

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
PHONE = "+12025550199"

TEXTS = 200  # each way, in a turn
TURNS = 41
CONFIGURATIONS = 10
SLOWER = 0.03  # how much longer texts may take where nothing is captured; the noise is as much


@dataclass(frozen=True, kw_only=True)
class Costs:
    """Microseconds of the processor that a text takes, from first to last, in the turn that
    the rest of the machine disturbed least.

    Attributes:
        without_wing: where there is no Conversations v2.
        without_rules: with configurations, none of which captures anything.
        captured: with one that captures it.
        share: how long it takes without rules to without the wing.
    """

    without_wing: float
    without_rules: float
    captured: float
    share: float


def measure(turns: int = TURNS, texts: int = TEXTS) -> Costs:
    """Measure all three, print them, and return them."""
    worlds = {
        "without_wing": _world(with_wing=False),
        "without_rules": _world(with_wing=True),
        "captured": _world(with_wing=True, rules=(CaptureRule(from_="*", to="*"),)),
    }
    spent: dict[str, list[float]] = {name: [] for name in worlds}
    for _ in range(turns):
        for name, world in worlds.items():
            spent[name].append(_spend(world, texts))
    least = {name: min(of) * 1e6 / (2 * texts) for name, of in spent.items()}
    costs = Costs(**least, share=least["without_rules"] / least["without_wing"])
    word = "within" if costs.share <= 1 + SLOWER else "OVER"
    table(
        "processor time of a text and what becomes of it, in microseconds",
        [
            ("without Conversations v2", f"{costs.without_wing:.1f}"),
            ("with it, and no rule that captures", f"{costs.without_rules:.1f}"),
            ("to without it", f"{costs.share:.3f}, {word} {1 + SLOWER}"),
            ("captured", f"{costs.captured:.1f}"),
        ],
    )
    return costs


def _world(*, with_wing: bool, rules: tuple[CaptureRule, ...] = ()) -> World:
    """An account of its own, with configurations where it has the wing."""
    wings = combine(wing for wing in WINGS if wing is not ORCHESTRATOR)
    clock = Clock(lambda: 0.0, START, rate=0)
    account = "AC00000000000000000000000000000001"
    world = World(account, 1, clock, numbering, RULES if with_wing else wings)
    world.perform(OpenAccount())
    for _ in range(CONFIGURATIONS if with_wing and not rules else len(rules)):
        world.perform(
            AddConversationConfiguration(
                account=account,
                display_name="Bench",
                description="",
                conversation_grouping_type=GroupingType.ADDRESSES_AND_CHANNEL,
                memory_store_id="mem_store_00000000000000000000000001",
                channel_settings={"SMS": ChannelSettings(capture_rules=rules)},
            )
        )
    return world


def _spend(world: World, texts: int) -> float:
    """Seconds of the processor for so many texts each way."""
    number = next(iter(world[PhoneNumbers])).address
    phones = _phones()
    started = time.process_time()
    for _ in range(texts):
        phone = next(phones)
        world.perform(
            CreateText(account=world.account_sid, to=phone, from_=number, body="Your code is 4242")
        )
        world.perform(SendFromHandset(address=phone, to=number, body="Thanks"))
    world.clock.set(world.clock.now() + timedelta(hours=1))
    world.catch_up(world.clock.now())
    return time.process_time() - started


def _phones() -> Iterator[str]:
    """Ten people, one after another."""
    return itertools.cycle(f"+120255501{n}" for n in range(50, 60))
