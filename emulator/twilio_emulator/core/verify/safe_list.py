"""The safe list: numbers that neither the fraud guard nor geo permissions keep from getting codes.

The rules of this file (https://www.twilio.com/docs/verify/api/safe-list):

- It is the account's, whatever the service. An entry is a number or the beginning of numbers.
- It counts for texts. Rate limits, and the number of sends, count for everybody.
"""

import re

from twilio_emulator.core.kernel.indexes import Unique
from twilio_emulator.core.kernel.records import command, event, record
from twilio_emulator.core.kernel.refusals import NOT_FOUND, Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.senders.addresses import spelled
from twilio_emulator.core.verify import errors
from twilio_emulator.core.verify.errors import required

_NUMBER = re.compile(r"\+[1-9][0-9]{0,14}")
"""E.164, or how it begins."""


@record
class SafeListEntry:
    """A number, or the beginning of numbers, that always gets codes (GN)."""

    sid: str
    account_sid: str
    phone_number: str
    serial: int


class SafeListEntries(Table[SafeListEntry]):
    """Entries, by account and number."""

    refers = (("account_sid", "accounts"),)

    def __init__(self) -> None:
        self.by_number: Unique[SafeListEntry] = Unique(lambda it: (it.account_sid, it.phone_number))
        super().__init__(SafeListEntry, self.by_number)


@event
class SafeListChanged:
    """A number has come onto the safe list, or has left it."""

    account_sid: str
    phone_number: str
    listed: bool


@command
class AddToSafeList:
    """Let a number, or all that begin so, always get codes.

    Raises:
        Refused: 60200 it is no number, 60411 it is there already.
    """

    account: str
    phone_number: str

    def apply(self, world: World) -> SafeListEntry:
        number = spelled(required("PhoneNumber", self.phone_number))
        if not _NUMBER.fullmatch(number):
            raise errors.invalid("PhoneNumber")
        table = world[SafeListEntries]
        if table.by_number.find((self.account, number)) is not None:
            raise Refused(errors.ON_SAFE_LIST)
        entry = table.put(
            SafeListEntry(
                sid=world.sids.new("GN"),
                account_sid=self.account,
                phone_number=number,
                serial=world.serial(),
            )
        )
        world.tell(SafeListChanged(account_sid=self.account, phone_number=number, listed=True))
        return entry


@command
class RemoveFromSafeList:
    """Let a number be one like others."""

    account: str
    phone_number: str

    def apply(self, world: World) -> None:
        entry = fetch_entry(world, account=self.account, phone_number=self.phone_number)
        world[SafeListEntries].remove(entry.sid)
        world.tell(
            SafeListChanged(account_sid=self.account, phone_number=entry.phone_number, listed=False)
        )


def fetch_entry(world: World, *, account: str, phone_number: str) -> SafeListEntry:
    """The entry of an account that says just this.

    Raises:
        Refused: 20404.
    """
    table = world[SafeListEntries]
    found = table.found(table.by_number, (account, spelled(phone_number)))
    if found is None:
        raise Refused(NOT_FOUND)
    return found


def is_safe(world: World, account: str, number: str) -> bool:
    """Whether a number, in E.164 form, is on an account's safe list."""
    table = world[SafeListEntries]
    if not len(table):
        return False
    beginnings = (number[:end] for end in range(len(number), 1, -1))
    return any(table.by_number.find((account, each)) is not None for each in beginnings)
