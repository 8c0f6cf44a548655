"""Faults: what goes wrong on purpose, where, and how often.

The rules of this file:

- Rules are tried in the order in which they were made. The first that matches a text is bound to it
  when it comes into being, and counts down; what it does is done when the text gets there. So it is
  with the connection of a client SDK.
- A pattern is exact, or ends in `*` for any ending; one that begins with `regex:` is searched for.
"""

from dataclasses import astuple

from twilio_emulator.core.kernel.records import command, event, replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import channel_of
from twilio_emulator.core.simulation import fault_checks
from twilio_emulator.core.simulation.choices import within
from twilio_emulator.core.simulation.patterns import check_pattern, matches
from twilio_emulator.core.simulation.resources import (
    EVERYTHING,
    Fault,
    FaultRule,
    FaultRules,
    Match,
)


@event
class FaultHappened:
    """A rule took hold of a text or a request."""

    rule: FaultRule


@command
class AddFault:
    """Make a rule, after those that there are."""

    match: Match = EVERYTHING
    do: Fault
    times: int | None = None

    def apply(self, world: World) -> FaultRule:
        for pattern in astuple(self.match):
            check_pattern(world, "match", pattern)
        fault_checks.check_match(self.match)
        fault_checks.check(self.do)
        within("times", self.times, 1, fault_checks.MOST)
        return world[FaultRules].put(
            FaultRule(
                sid=world.sids.new("FR"),
                match=self.match,
                do=self.do,
                times=self.times,
                date_created=world.now,
                serial=world.serial(),
            )
        )


@command
class RemoveFaults:
    """Forget one rule, or all."""

    rule: str | None = None

    def apply(self, world: World) -> None:
        if self.rule is None:
            world[FaultRules].clear()
        elif self.rule in world[FaultRules]:
            world[FaultRules].remove(self.rule)


@command
class SpendFault:
    """A rule took hold of a request, which was answered with its error; count it."""

    rule: str

    def apply(self, world: World) -> None:
        spend(world, world[FaultRules][self.rule])


def spend(world: World, rule: FaultRule) -> Fault:
    """Count down a rule that took hold; one that is used up is gone."""
    if rule.times is not None:
        rule = replace(rule, times=rule.times - 1)
        if rule.times:
            world[FaultRules].put(rule)
        else:
            world[FaultRules].remove(rule.sid)
    world.tell(FaultHappened(rule=rule))
    return rule.do


def for_connection(world: World, *, identity: str, service: str) -> FaultRule | None:
    """The rule that takes hold of a client SDK's connection, from its init to its end."""
    for rule in world[FaultRules].all(world[FaultRules].in_order, ""):
        if (
            rule.do.socket is not None
            and matches(world, rule.match.identity, identity)
            and matches(world, rule.match.service, service)
        ):
            return rule
    return None


def for_channel(world: World, channel: str, to: str, sender: str | None = None) -> FaultRule | None:
    """The rule that ends what is no text, such as a call: one that names its channel."""
    for rule in world[FaultRules].all(world[FaultRules].in_order, ""):
        if (
            rule.do.final is not None
            and rule.match.channel == channel
            and matches(world, rule.match.to, to)
            and matches(world, rule.match.sender, sender)
        ):
            return rule
    return None


def for_request(
    world: World,
    *,
    to: str | None,
    sender: str | None,
    body: str | None,
    service: str | None,
    channel: str | None = None,
    identity: str | None = None,
) -> FaultRule | None:
    """The rule whose error answers a request: to send a text, to send a code by another channel, or
    for what somebody has, whose identity is known then.

    Args:
        channel: by which something is sent, empty when nothing is; that of `to` when None.
    """
    for rule in world[FaultRules].all(world[FaultRules].in_order, ""):
        match = rule.match
        if (
            rule.do.api_error is not None
            and matches(world, match.to, to)
            and matches(world, match.sender, sender)
            and matches(world, match.channel, channel_of(to or "") if channel is None else channel)
            and matches(world, match.body, body)
            and matches(world, match.service, service)
            and matches(world, match.identity, identity)
            and matches(world, match.direction, "outbound")
        ):
            return rule
    return None
