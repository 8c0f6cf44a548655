"""The fraud guard and the geo permissions: which numbers get no codes, because a test said so.

The rules of this file:

- How Twilio finds fraud is its secret. Here a number is fraudulent when a rule says so, and a rule
  says with which of Twilio's errors (https://www.twilio.com/docs/api/errors/60410).
- A block of 60410 lasts twelve hours of the account's clock, and twelve more with each code that is
  asked for meanwhile. Any other rule lasts until it is removed, unless it says how long.
- The safe list and `RiskCheck=disable` pass by both, for texts alone
  (https://www.twilio.com/docs/verify/api/safe-list).
- Geo permissions come before the fraud guard; of rules of one sort the oldest is the one.
- A request that is refused changes nothing. What it means for the rule is noted by a command of its
  own, as with faults.
"""

from datetime import datetime, timedelta

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.parameters import later
from twilio_emulator.core.kernel.records import command, event, record, replace
from twilio_emulator.core.kernel.refusals import Refusal, Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.refusals import INVALID_SETTING
from twilio_emulator.core.simulation.choices import choose, within
from twilio_emulator.core.simulation.fault_checks import MOST
from twilio_emulator.core.simulation.patterns import check_pattern, matches
from twilio_emulator.core.simulation.settings import settings
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.channels import VerifyChannel
from twilio_emulator.core.verify.safe_list import is_safe
from twilio_emulator.core.verify.wishes import SendWish

BLOCKED_FOR = timedelta(hours=12)
"""How long a number is blocked for fraud (the error dictionary of 2023 says so of 60410)."""

EXTENDED_BY_REQUESTS = True
"""Decided: whether a block is longer when somebody asks for codes while it lasts."""

FORBIDDEN_COUNTRIES_TOO = True
"""Decided: whether countries that the carrier is told to forbid for texts are switched off in the
geo permissions of Verify, where Twilio has a list of its own."""

REFUSALS = {
    60605: errors.GEO_BLOCKED,
    60410: errors.FRAUD_BLOCKED,
    60412: errors.FRAUDULENT_SIGN_UP,
    60238: errors.ATTEMPT_BLOCKED,
}
"""How a rule can refuse: by geo permissions first, then by the fraud guard."""

NO_COUNTRY = "The destination"
"""Decided: what is blocked where the number is of no country."""

NO_SUCH_RULE = Refusal(20404, 404, "There is no rule {rule}")

TEXTED = frozenset({VerifyChannel.SMS, VerifyChannel.AUTO})
"""Channels whose codes go out as texts, for which alone there are ways around all this. `auto` is
one: decided, since it is a text that the guard is afraid of."""


@record
class FraudRule:
    """Which numbers get no codes, on which channel and until when.

    Attributes:
        match: a number, or a pattern of numbers.
        error_code: with which it refuses.
        times: how often it still refuses; always when None.
        lasts: seconds from the last request on, for one that is extended.
    """

    sid: str
    match: str
    error_code: int
    channel: str | None = None
    until: datetime | None = None
    lasts: int | None = None
    times: int | None = None
    date_created: datetime
    serial: int


class FraudRules(Table[FraudRule]):
    """Rules, in the order in which they were made."""

    def __init__(self) -> None:
        self.in_order: Ordered[FraudRule] = Ordered(lambda _: "", lambda it: it.serial)
        super().__init__(FraudRule, self.in_order)


@event
class VerificationBlocked:
    """A rule has refused a code to somebody."""

    rule: FraudRule
    to: str


@event
class FraudRulesChanged:
    """There is another rule, or one less; None when there is none any more."""

    rule: FraudRule | None


class BlockedByRule(Refused):
    """A rule refuses a request; it wants to be told of it.

    Attributes:
        rule: its sid.
        to: whom the code was for.
    """

    rule: str
    to: str


@command
class AddFraudRule:
    """Let some numbers get no codes from now on.

    Attributes:
        match: a number; the beginning of numbers with `*` behind it; an expression behind `regex:`.
        error_code: Twilio's, which says whether it is fraud or the geo permissions.
        channel: that it is about; each unless given.
        lasts: how long, such as `PT12H`.
        times: how often; always unless given.

    Raises:
        Refused: 20001 one of these is not what it should be.
    """

    match: str
    error_code: int = 60410
    channel: str | None = None
    lasts: str | None = None
    times: int | None = None

    def apply(self, world: World) -> FraudRule:
        if not self.match:
            raise Refused(INVALID_SETTING, name="match", choices="patterns of numbers", value="")
        check_pattern(world, "match", self.match)
        choose("as", self.error_code, REFUSALS)
        if self.channel is not None:
            choose("channel", self.channel, VerifyChannel)
        within("times", self.times, 1, MOST)
        lasts = self._lasts()
        rule = world[FraudRules].put(
            FraudRule(
                sid=world.sids.new("FG"),
                match=self.match,
                error_code=self.error_code,
                channel=self.channel,
                until=None if lasts is None else later(world.now, lasts),
                lasts=int(lasts.total_seconds()) if lasts and self.error_code == 60410 else None,
                times=self.times,
                date_created=world.now,
                serial=world.serial(),
            )
        )
        world.tell(FraudRulesChanged(rule=rule))
        return rule

    def _lasts(self) -> timedelta | None:
        if self.lasts is None:
            return BLOCKED_FOR if self.error_code == 60410 else None
        try:
            return parameters.duration(self.lasts, INVALID_SETTING)
        except Refused:
            said = {"name": "for", "choices": "durations such as PT12H", "value": self.lasts}
            raise Refused(INVALID_SETTING, **said) from None


@command
class RemoveFraudRules:
    """Forget one rule, or all."""

    rule: str | None = None

    def apply(self, world: World) -> None:
        table = world[FraudRules]
        if self.rule is None:
            table.clear()
        elif self.rule in table:
            table.remove(self.rule)
        else:
            raise Refused(NO_SUCH_RULE, rule=self.rule)
        world.tell(FraudRulesChanged(rule=None))


@command
class NoteBlocked:
    """A rule has refused a request: count it, and let the block last longer."""

    rule: str
    to: str

    def apply(self, world: World) -> None:
        table = world[FraudRules]
        rule = table[self.rule]
        if EXTENDED_BY_REQUESTS and rule.lasts is not None:
            rule = replace(rule, until=later(world.now, timedelta(seconds=rule.lasts)))
        if rule.times is not None:
            rule = replace(rule, times=rule.times - 1)
        if rule.times == 0:
            table.remove(rule.sid)
        else:
            table.put(rule)
        world.tell(VerificationBlocked(rule=rule, to=self.to))


def check_geo_permissions(world: World, wish: SendWish) -> SendWish:
    """Codes may go to the country on this channel.

    Raises:
        Refused: 60605 they may not.
    """
    if not _is_guarded(world, wish) or wish.channel is VerifyChannel.EMAIL:
        return wish
    rule = _rule(world, wish, geo=True)
    if rule is not None:
        raise _blocked(rule, wish)
    forbidden = FORBIDDEN_COUNTRIES_TOO and wish.channel in TEXTED
    if forbidden and wish.country in settings(world).forbidden_countries:
        raise Refused(errors.GEO_BLOCKED, **_said(wish))
    return wish


def check_fraud(world: World, wish: SendWish) -> SendWish:
    """Nobody says that the recipient is up to no good.

    Raises:
        Refused: 60410, 60412 or 60238, as the rule has it.
    """
    rule = _rule(world, wish, geo=False) if _is_guarded(world, wish) else None
    if rule is not None:
        raise _blocked(rule, wish)
    return wish


def _is_guarded(world: World, wish: SendWish) -> bool:
    """Whether the guard looks at it: neither the safe list nor the request lets it by."""
    if wish.channel not in TEXTED:
        return True
    return wish.risk_check and not is_safe(world, wish.service.account_sid, wish.to)


def _rule(world: World, wish: SendWish, *, geo: bool) -> FraudRule | None:
    """The first rule that refuses."""
    rules = world[FraudRules]
    for _, sid in rules.in_order.of("").upward():
        rule = rules[sid]
        if (
            (rule.error_code == errors.GEO_BLOCKED.code) is geo
            and (rule.until is None or world.now < rule.until)
            and matches(world, rule.channel, wish.channel)
            and matches(world, rule.match, wish.to)
        ):
            return rule
    return None


def _blocked(rule: FraudRule, wish: SendWish) -> BlockedByRule:
    refused = BlockedByRule(REFUSALS[rule.error_code], **_said(wish))
    refused.rule, refused.to = rule.sid, wish.to
    return refused


def _said(wish: SendWish) -> dict[str, str]:
    """What a text about geo permissions names."""
    auto = wish.channel is VerifyChannel.AUTO
    return {
        "country": wish.country or NO_COUNTRY,
        "channel": VerifyChannel.SMS if auto else wish.channel,
    }
