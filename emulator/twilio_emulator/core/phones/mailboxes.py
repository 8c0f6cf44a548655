"""Mailboxes, and the e-mail that is in them.

The rules of this file:

- A mailbox comes into being with its first e-mail. Its address is the same in any case.
- E-mail stands in one order with all that phones show: `seq` is a number that only grows.
- What is written holds `{{code}}` where a code is shown, so that only who reads it sees it.
"""

import html
import re
from datetime import datetime

from twilio_emulator.core.kernel.indexes import Ordered
from twilio_emulator.core.kernel.records import command, event, record
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.inbox import find_codes, find_links
from twilio_emulator.core.senders import refusals

CODE = "{{code}}"

_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\\]{1,64}@[^\s@.,;:<>\"()]+(\.[^\s@.,;:<>\"()]+)+")

LONGEST_ADDRESS = 254
"""Characters (RFC 5321, 4.5.3.1.3, without the brackets around it)."""


@record
class Letterbox:
    """A mailbox, by its address in lower case."""

    address: str
    date_created: datetime
    serial: int

    @property
    def sid(self) -> str:
        return self.address


class Mailboxes(Table[Letterbox]):
    """Mailboxes by address, in the order in which they came."""

    def __init__(self) -> None:
        self.in_order: Ordered[Letterbox] = Ordered(lambda _: "", lambda it: it.serial)
        super().__init__(Letterbox, self.in_order)


@record
class Mail:
    """An e-mail (EM, which is ours: Twilio has no resource of it).

    Attributes:
        mailbox: whose it is.
        to: the address as it was written.
        subject: with `{{code}}` for the code, as the two that follow.
        one_time_code: the code in it.
        substitutions: what a template of the sender's would be filled with.
        about: sids of what it was sent for, by what they are called.
    """

    sid: str
    mailbox: str
    to: str
    sender: str
    sender_name: str | None = None
    written_subject: str
    written_text: str
    one_time_code: str | None = None
    template_id: str | None = None
    written_substitutions: tuple[tuple[str, str], ...] = ()
    about: tuple[tuple[str, str], ...] = ()
    received_at: datetime
    seq: int

    @property
    def subject(self) -> str:
        """What stands above it."""
        return self._shown(self.written_subject)

    @property
    def text(self) -> str:
        """What it says."""
        return self._shown(self.written_text)

    @property
    def html(self) -> str:
        """The same as a page, with its links."""
        return "".join(f"<p>{_linked(line)}</p>" for line in self.text.splitlines())

    @property
    def substitutions(self) -> dict[str, str]:
        """What a template of the sender's would be filled with."""
        return {name: self._shown(value) for name, value in self.written_substitutions}

    @property
    def codes(self) -> tuple[str, ...]:
        """One-time codes in it: the one that it was sent for, else what looks like one."""
        if self.one_time_code is not None:
            return (self.one_time_code,)
        return find_codes(self.text)

    @property
    def links(self) -> tuple[str, ...]:
        """Web addresses in it."""
        return find_links(self.text)

    def _shown(self, written: str) -> str:
        return written.replace(CODE, self.one_time_code or "")


class Mails(Table[Mail]):
    """E-mail by `seq`: of one mailbox, of all."""

    refers = (("mailbox", "mailboxes"),)

    def __init__(self) -> None:
        self.by_mailbox: Ordered[Mail] = Ordered(lambda it: it.mailbox, lambda it: it.seq)
        self.in_order: Ordered[Mail] = Ordered(lambda _: "", lambda it: it.seq)
        super().__init__(Mail, self.by_mailbox, self.in_order)


@event
class MailReceived:
    """An e-mail is in its mailbox."""

    mail: Mail


@event
class MailboxCleared:
    """E-mail was deleted."""

    mailbox: str


@command
class ClearMailbox:
    """Delete e-mail in a mailbox: that with these sids, or all.

    Raises:
        Refused: 20404 there is no such mailbox.
    """

    address: str
    mails: tuple[str, ...] | None = None

    def apply(self, world: World) -> None:
        mailbox = find(world, self.address)
        wanted = None if self.mails is None else frozenset(self.mails)
        for mail in world[Mails].all(world[Mails].by_mailbox, mailbox.address):
            if wanted is None or mail.sid in wanted:
                world[Mails].remove(mail.sid)
        world.tell(MailboxCleared(mailbox=mailbox.address))


def _linked(line: str) -> str:
    """A line with its links, as a part of a page."""
    shown, rest = "", line
    for link in find_links(line):
        before, _, rest = rest.partition(link)
        href = html.escape(link)
        shown += f'{html.escape(before)}<a href="{href}">{href}</a>'
    return shown + html.escape(rest)


def is_address(said: str) -> bool:
    """Whether that is how an e-mail address is written."""
    return len(said) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(said) is not None


def name_of(address: str) -> str:
    """The mailbox that an address means."""
    return address.strip().lower()


def find(world: World, address: str) -> Letterbox:
    """The mailbox with this address.

    Raises:
        Refused: 20404.
    """
    found = world[Mailboxes].get(name_of(address))
    if found is None:
        raise Refused(refusals.NO_SUCH_MAILBOX, mailbox=address)
    return found


def deliver(
    world: World,
    *,
    to: str,
    sender: str,
    subject: str,
    text: str,
    sender_name: str | None = None,
    one_time_code: str | None = None,
    template_id: str | None = None,
    substitutions: tuple[tuple[str, str], ...] = (),
    about: tuple[tuple[str, str], ...] = (),
) -> Mail:
    """Put an e-mail into its mailbox, as `Mail` explains it."""
    name = name_of(to)
    if name not in world[Mailboxes]:
        world[Mailboxes].put(Letterbox(address=name, date_created=world.now, serial=world.serial()))
    mail = world[Mails].put(
        Mail(
            sid=world.sids.new("EM"),
            mailbox=name,
            to=to,
            sender=sender,
            sender_name=sender_name,
            written_subject=subject,
            written_text=text,
            one_time_code=one_time_code,
            template_id=template_id,
            written_substitutions=substitutions,
            about=about,
            received_at=world.now,
            seq=world.serial(),
        )
    )
    world.tell(MailReceived(mail=mail))
    return mail
