"""Faults: what goes wrong on purpose, where, and how often.

The rules of this file:

- Rules are tried in the order in which they were made. The first that matches a text is bound to it
  when it comes into being, and counts down; what it does is done when the text gets there. So it is
  with the connection of a client SDK.
- A pattern is exact, or ends in `*` for any ending; one that begins with `regex:` is searched for.
"""

from dataclasses import astuple
from datetime import datetime
from typing import TYPE_CHECKING

from emulator.core import fault_checks
from emulator.core.channels import channel_of
from emulator.core.choices import within
from emulator.core.messaging_refusals import INVALID_SETTING
from emulator.core.patterns import BadPattern, is_in
from emulator.core.plain import command, event, record, replace
from emulator.core.refusals import Refused
from emulator.core.tables import Ordered, Table

if TYPE_CHECKING:
    from emulator.core.texts import Text
    from emulator.core.world import World

REGEX = "regex:"


@record
class ApiError:
    """An answer of the API in place of the proper one."""

    status: int
    code: int
    message: str | None = None


@record
class Final:
    """How a text ends: a status, and Twilio's error code when it is a bad one."""

    status: str
    error_code: int | None = None


@record
class Delay:
    """Milliseconds more before a text leaves a status, which is called its stage."""

    stage: str
    ms: int


@record
class RefusedInit:
    """A client SDK is not let in: a status of Twilsock, and Twilio's error code.

    After 401 and 403 a client stays away until it has another token. After others it comes again,
    in `reconnect_min_ms` milliseconds at the earliest.
    """

    status: int
    code: int | None = None
    message: str | None = None
    reconnect_min_ms: int | None = None


@record
class SocketFault:
    """What goes wrong with a client SDK's connection.

    Attributes:
        refuse: it is not let in.
        drop_after: requests that are answered before the connection breaks; 0 breaks at the first.
        delay_ms: by how many milliseconds of the machine each answer is late.
        throttle: the first so many requests to Conversations are refused with 429.
    """

    refuse: RefusedInit | None = None
    drop_after: int | None = None
    delay_ms: int = 0
    throttle: int = 0


@record
class Fault:
    """What a rule does. Those about callbacks and webhooks are for whoever sends them.

    `segment_loss` is the number of the part that an SMS of several parts arrives without.
    """

    api_error: ApiError | None = None
    final: Final | None = None
    delay: Delay | None = None
    hold: bool = False
    drop_callback: bool = False
    duplicate_callback: bool = False
    reorder_callbacks: bool = False
    corrupt_signature: bool = False
    webhook_timeout: bool = False
    segment_loss: int | None = None
    socket: SocketFault | None = None


@record
class Match:
    """Which texts or connections a rule is for; what is not given matches all."""

    to: str | None = None
    sender: str | None = None
    channel: str | None = None
    body: str | None = None
    service: str | None = None
    direction: str | None = None
    identity: str | None = None


EVERYTHING = Match()


@record
class FaultRule:
    """A fault (FR) and what it is for; `times` is how often it will still happen, None always."""

    sid: str
    match: Match
    do: Fault
    times: int | None = None
    date_created: datetime
    serial: int


class FaultRules(Table[FaultRule]):
    """Rules, in the order in which they are tried."""

    def __init__(self) -> None:
        self.in_order: Ordered[FaultRule] = Ordered(lambda _: "", lambda rule: rule.serial)
        super().__init__(FaultRule, self.in_order)


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

    def apply(self, world: "World") -> FaultRule:
        for pattern in astuple(self.match):
            check_pattern(world, "match", pattern)
        fault_checks.check_match(self.match)
        fault_checks.check(self.do)
        within("times", self.times, 1, fault_checks.MOST)
        return world.fault_rules.put(
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

    def apply(self, world: "World") -> None:
        if self.rule is None:
            world.fault_rules.clear()
        elif self.rule in world.fault_rules:
            world.fault_rules.remove(self.rule)


@command
class SpendFault:
    """A rule took hold of a request, which was answered with its error; count it."""

    rule: str

    def apply(self, world: "World") -> None:
        spend(world, world.fault_rules[self.rule])


def check_pattern(world: "World", name: str, pattern: str | None) -> None:
    """Raises:
    Refused: 20001 it is to be a regular expression, and is none.
    """
    if pattern is not None and pattern.startswith(REGEX):
        try:
            world.compile_pattern(pattern[len(REGEX) :])
        except BadPattern as error:
            raise Refused(
                INVALID_SETTING, name=name, choices=f"a pattern ({error})", value=pattern
            ) from None


def spend(world: "World", rule: FaultRule) -> Fault:
    """Count down a rule that took hold; one that is used up is gone."""
    if rule.times is not None:
        rule = replace(rule, times=rule.times - 1)
        if rule.times:
            world.fault_rules.put(rule)
        else:
            world.fault_rules.remove(rule.sid)
    world.tell(FaultHappened(rule=rule))
    return rule.do


def for_text(world: "World", text: "Text") -> FaultRule | None:
    """The rule that takes hold of a text."""
    for rule in world.fault_rules.all(world.fault_rules.in_order, ""):
        if rule.do.api_error is None and rule.do.socket is None and is_for(world, rule.match, text):
            return rule
    return None


def for_connection(world: "World", *, identity: str, service: str) -> FaultRule | None:
    """The rule that takes hold of a client SDK's connection, from its init to its end."""
    for rule in world.fault_rules.all(world.fault_rules.in_order, ""):
        if (
            rule.do.socket is not None
            and _matches(world, rule.match.identity, identity)
            and _matches(world, rule.match.service, service)
        ):
            return rule
    return None


def is_for(world: "World", match: Match, text: "Text") -> bool:
    """Whether a text is one of those that are meant."""
    return (
        _matches(world, match.to, text.to)
        and _matches(world, match.sender, text.sender)
        and _matches(world, match.channel, text.channel)
        and _matches(world, match.body, text.body)
        and _matches(world, match.service, text.messaging_service_sid)
        and _matches(
            world, match.direction, "inbound" if text.direction == "inbound" else "outbound"
        )
    )


def for_request(
    world: "World",
    *,
    to: str | None,
    sender: str | None,
    body: str | None,
    service: str | None,
) -> FaultRule | None:
    """The rule whose error answers a request to send a text."""
    for rule in world.fault_rules.all(world.fault_rules.in_order, ""):
        match = rule.match
        if (
            rule.do.api_error is not None
            and _matches(world, match.to, to)
            and _matches(world, match.sender, sender)
            and _matches(world, match.channel, channel_of(to or ""))
            and _matches(world, match.body, body)
            and _matches(world, match.service, service)
            and _matches(world, match.direction, "outbound")
        ):
            return rule
    return None


def _matches(world: "World", pattern: str | None, value: str | None) -> bool:
    if pattern is None:
        return True
    if value is None:
        return False
    if pattern.startswith(REGEX):
        return is_in(world, pattern[len(REGEX) :], value)
    if pattern.endswith("*"):
        return value.startswith(pattern[:-1])
    return value == pattern
