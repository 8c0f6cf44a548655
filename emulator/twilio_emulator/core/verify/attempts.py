"""Attempts: what became of each send of a code.

The rules of this file (https://www.twilio.com/docs/verify/api/list-verification-attempts):

- The attempt of a text follows what the carrier reports of it.
- A list has those between two instants, both excluded (decided), newest first.
- The rate of a summary is a percentage with at most nine decimals, cut and not rounded, as in
  Twilio's example (https://www.twilio.com/docs/verify/api/verification-attempts-summary).
- Twilio knows prices some time after. Here they are known when something has left.
"""

from collections.abc import Callable
from datetime import datetime

from twilio_emulator.core.kernel.indexes import Ranks
from twilio_emulator.core.kernel.parameters import instant
from twilio_emulator.core.kernel.records import record, replace
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.texts.text import Text, TextStatusChanged
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.channels import ATTEMPT_CHANNELS, VerifyChannel
from twilio_emulator.core.verify.resources import (
    Attempt,
    AttemptChanged,
    Verification,
    VerifyAttempts,
)

CODES = {63003: 63024}
"""Of recipients who have no WhatsApp, by what Messaging calls it
(https://www.twilio.com/docs/verify/automatic-channel-selection)."""


def changed(world: World, attempt: Attempt, **changes: object) -> Attempt:
    """Keep what is known of an attempt now, and tell it."""
    attempt = world[VerifyAttempts].put(replace(attempt, date_updated=world.now, **changes))
    world.tell(AttemptChanged(attempt=attempt))
    return attempt


def follow_text(world: World, moved: TextStatusChanged) -> None:
    """The text that carries a code took a step."""
    text = moved.text
    attempt = world[VerifyAttempts].get(text.verification_attempt_sid)
    if attempt is not None:
        changed(world, attempt, message_status=str(text.status), error_code=_code(text))


def _code(text: Text) -> int | None:
    """What Verify calls what became of a text; what a test says of it stays as it was said."""
    code = text.error_code
    return CODES.get(code, code) if code is not None and text.fault is None else code


def confirm(world: World, verification: Verification) -> None:
    """A verification is approved: its latest attempt is what did it. That it is that one alone is
    decided, as Twilio does not say."""
    latest = world[VerifyAttempts][verification.sends[-1].attempt_sid]
    changed(world, latest, converted=True, status="confirmed")


def expire(world: World, verification: Verification) -> None:
    """The codes of a verification are good no more."""
    for send in verification.sends:
        changed(world, world[VerifyAttempts][send.attempt_sid], status="expired")


PRICE = "0.005"
"""Decided: what any send costs, in dollars of the United States. It is that of Twilio's example;
real ones depend on the country and the carrier."""

WITHOUT_PRICE = frozenset({None, "accepted", "queued", "sending", "failed", "ringing", "canceled"})
"""Decided: while a text or a call is so far, it costs nothing."""

CHANNELS = frozenset(ATTEMPT_CHANNELS.get(each, str(each)) for each in VerifyChannel)
"""What attempts call their channels."""

CONVERSIONS = {"converted": True, "unconverted": False}

RATE_DECIMALS = 9


@record
class AttemptsSummary:
    """How many attempts there were, and how many of them led to an approved verification."""

    total: int
    converted: int

    @property
    def unconverted(self) -> int:
        return self.total - self.converted

    @property
    def percentage(self) -> str:
        """How many of a hundred were converted. That it is 0 of none is decided."""
        if not self.total:
            return "0"
        one = 10**RATE_DECIMALS
        whole, rest = divmod(self.converted * 100 * one // self.total, one)
        return f"{whole}.{rest:0{RATE_DECIMALS}}".rstrip("0").rstrip(".")


def price(it: Attempt) -> str | None:
    """What an attempt costs, in dollars of the United States; None while that is not known."""
    return None if (it.message_status or it.call_status) in WITHOUT_PRICE else PRICE


def fetch_attempt(world: World, *, account: str, attempt: str) -> Attempt:
    """An attempt of an account.

    Raises:
        Refused: 20404.
    """
    found = world[VerifyAttempts].get(attempt)
    if found is None or found.account_sid != account:
        raise Refused(NOT_FOUND)
    return found


def list_attempts(
    world: World,
    *,
    account: str,
    date_created_after: str | None = None,
    date_created_before: str | None = None,
    channel_data_to: str | None = None,
    country: str | None = None,
    channel: str | None = None,
    verify_service_sid: str | None = None,
    verification_sid: str | None = None,
    status: str | None = None,
) -> Rows[Attempt]:
    """The attempts of an account that are asked for, newest first.

    Raises:
        Refused: 60200 an instant, a channel or a status is none; the code is decided.
    """
    converted = None
    if status:
        converted = CONVERSIONS.get(status.lower())
        if converted is None:
            raise errors.invalid("Status")
    return _rows(
        world,
        account,
        after=_instant("DateCreatedAfter", date_created_after),
        before=_instant("DateCreatedBefore", date_created_before),
        to=spelled(channel_data_to or ""),
        country=country or "",
        channel=_channel(channel),
        service=verify_service_sid or "",
        verification=verification_sid or "",
        converted=converted,
    )


def summarize(
    world: World,
    *,
    account: str,
    verify_service_sid: str | None = None,
    date_created_after: str | None = None,
    date_created_before: str | None = None,
    country: str | None = None,
    channel: str | None = None,
    destination_prefix: str | None = None,
) -> AttemptsSummary:
    """How many attempts were made and converted, of those that are asked for.

    Raises:
        Refused: 60200 an instant or a channel is none; the code is decided.
    """
    rows = _rows(
        world,
        account,
        after=_instant("DateCreatedAfter", date_created_after),
        before=_instant("DateCreatedBefore", date_created_before),
        country=country or "",
        channel=_channel(channel),
        service=verify_service_sid or "",
        prefix=spelled(destination_prefix or ""),
    )
    total = converted = 0
    for each in rows:
        total += 1
        converted += each.converted
    return AttemptsSummary(total=total, converted=converted)


def _rows(
    world: World,
    account: str,
    *,
    after: datetime | None,
    before: datetime | None,
    country: str,
    channel: str,
    service: str,
    to: str = "",
    prefix: str = "",
    verification: str = "",
    converted: bool | None = None,
) -> Rows[Attempt]:
    """Attempts that are so, newest first; what is empty or None says nothing."""
    table = world[VerifyAttempts]
    order, group = table.by_account, account
    if service:
        order, group = table.by_service, service
    if to:
        order, group = table.by_recipient, to
    if verification:
        order, group = table.by_verification, verification
    country = country.upper()

    def keep(it: Attempt) -> bool:
        return (
            it.account_sid == account
            and (not service or it.service_sid == service)
            and (not to or it.to == to)
            and (not verification or it.verification_sid == verification)
            and (not country or it.country == country)
            and (not channel or it.channel == channel)
            and (not prefix or it.to.startswith(prefix))
            and (converted is None or it.converted is converted)
        )

    ranks = order.of(group)
    lowest = None if after is None else _rank(ranks, lambda sid: table[sid].date_created > after)
    highest = None
    if before is not None:
        highest = _rank(ranks, lambda sid: table[sid].date_created >= before) - 1
    return Rows(table, order, group, downward=True, keep=keep, lowest=lowest, highest=highest)


BEYOND = 2**63
"""A rank that nothing has."""


def _rank(ranks: Ranks, reached: Callable[[str], bool]) -> int:
    """The rank of the first attempt that was made so late."""
    found = ranks.first(reached)
    return BEYOND if found is None else found[0]


def _channel(said: str | None) -> str:
    channel = (said or "").lower()
    if channel and channel not in CHANNELS:
        raise errors.invalid("Channel")
    return channel


def _instant(parameter: str, said: str | None) -> datetime | None:
    try:
        return instant(said, errors.INVALID) if said else None
    except Refused:
        raise errors.invalid(parameter) from None
