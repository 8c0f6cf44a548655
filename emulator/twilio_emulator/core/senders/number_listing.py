"""Phone numbers and short codes of an account: found, and listed by type.

`PhoneNumber` and `ShortCode` may be a part of a number, with `*` for any digit
(https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource).
"""

from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Rows
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.senders.resources import (
    CHANNEL_SENDERS,
    LOCAL,
    PHONES,
    SHORT_CODES,
    TOLL_FREE,
    PhoneNumber,
    PhoneNumbers,
    SenderKind,
)

BOUGHT = "twilio"
"""Where numbers are from: all were bought, none is hosted."""


def fetch_number(world: World, *, account: str, number: str) -> PhoneNumber:
    """The phone number of an account with this sid.

    Raises:
        Refused: 20404.
    """
    return _find(world, account, number, PHONES)


def fetch_short_code(world: World, *, account: str, number: str) -> PhoneNumber:
    """The short code of an account with this sid.

    Raises:
        Refused: 20404.
    """
    return _find(world, account, number, SHORT_CODES)


def fetch_channel_sender(world: World, *, account: str, number: str) -> PhoneNumber:
    """The WhatsApp sender of an account with this sid.

    Raises:
        Refused: 20404.
    """
    return _find(world, account, number, CHANNEL_SENDERS)


def list_numbers(
    world: World,
    *,
    account: str,
    phone_number: str | None = None,
    friendly_name: str | None = None,
    beta: bool | None = None,
    origin: str | None = None,
) -> Rows[PhoneNumber]:
    """The phone numbers of an account, newest first."""
    return _listed(world, account, PHONES, phone_number, friendly_name, beta, origin)


def list_local_numbers(
    world: World,
    *,
    account: str,
    phone_number: str | None = None,
    friendly_name: str | None = None,
    beta: bool | None = None,
    origin: str | None = None,
) -> Rows[PhoneNumber]:
    """Those that belong to a place."""
    return _listed(world, account, LOCAL, phone_number, friendly_name, beta, origin, mobile=False)


def list_mobile_numbers(
    world: World,
    *,
    account: str,
    phone_number: str | None = None,
    friendly_name: str | None = None,
    beta: bool | None = None,
    origin: str | None = None,
) -> Rows[PhoneNumber]:
    """Those that were bought as mobile ones."""
    return _listed(world, account, LOCAL, phone_number, friendly_name, beta, origin, mobile=True)


def list_toll_free_numbers(
    world: World,
    *,
    account: str,
    phone_number: str | None = None,
    friendly_name: str | None = None,
    beta: bool | None = None,
    origin: str | None = None,
) -> Rows[PhoneNumber]:
    """Those that cost the caller nothing."""
    return _listed(world, account, TOLL_FREE, phone_number, friendly_name, beta, origin)


def list_short_codes(
    world: World,
    *,
    account: str,
    short_code: str | None = None,
    friendly_name: str | None = None,
) -> Rows[PhoneNumber]:
    """The short codes of an account, newest first."""
    return _listed(world, account, SHORT_CODES, short_code, friendly_name)


def list_channel_senders(world: World, *, account: str, channel: str) -> Rows[PhoneNumber]:
    """The senders of an account on a channel, newest first."""
    kinds = frozenset(kind for kind in CHANNEL_SENDERS if kind == channel)
    return _listed(world, account, kinds, None, None)


def _find(world: World, account: str, sid: str, kinds: frozenset[SenderKind]) -> PhoneNumber:
    found = world[PhoneNumbers].get(sid)
    if found is None or found.account_sid != account or found.kind not in kinds:
        raise Refused(NOT_FOUND)
    return found


def _listed(
    world: World,
    account: str,
    kinds: frozenset[SenderKind],
    part: str | None,
    friendly_name: str | None,
    beta: bool | None = None,
    origin: str | None = None,
    *,
    mobile: bool | None = None,
) -> Rows[PhoneNumber]:
    part = spelled(part) if part else None
    table = world[PhoneNumbers]
    nothing = bool(beta) or (origin or BOUGHT) != BOUGHT

    def keep(number: PhoneNumber) -> bool:
        return (
            not nothing
            and number.kind in kinds
            and mobile in (None, number.mobile)
            and (not part or contains(number.address, part))
            and (not friendly_name or number.friendly_name == friendly_name)
        )

    return Rows(table, table.by_account, account, downward=True, keep=keep)


def contains(address: str, pattern: str) -> bool:
    """Whether the pattern fits somewhere; `*` stands for one digit."""
    return any(
        all(wanted in ("*", digit) for wanted, digit in zip(pattern, address[at:], strict=False))
        for at in range(len(address) - len(pattern) + 1)
    )
