"""Mailboxes by the control API: read, waited for and emptied."""

from collections.abc import Callable, Iterator
from typing import TypedDict

from msgspec import field

from twilio_emulator.control.exchange import NOTHING, Mistake, Mistaken, Reply, json_reply
from twilio_emulator.control.listing import More, Paged, downward, newest, place_of, take
from twilio_emulator.control.phones.places import MAIL, MAILBOX
from twilio_emulator.control.phones.waiting import Wait, check, cursor
from twilio_emulator.control.routes import Control, Controls, Fields, Whole
from twilio_emulator.core.kernel.patterns import BadPattern
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import mailboxes
from twilio_emulator.core.phones.mailboxes import ClearMailbox, Letterbox, Mail, Mailboxes, Mails
from twilio_emulator.runtime.patterns import compile_pattern


class MailFilter(Fields):
    """What an e-mail has to be; what is not given does not matter.

    Attributes:
        sender: the address that it is from.
        subject: a part of what stands above it.
        contains: a part of its subject or of its text.
        regex: an expression that is found in its subject or in its text.
    """

    sender: str | None = field(name="from", default=None)
    subject: str | None = None
    contains: str | None = None
    regex: str | None = None


class MailRange(MailFilter):
    """Which e-mail in a mailbox.

    Attributes:
        since: the `seq` behind which it begins.
        before: the `seq` before which it ends.
    """

    since: Whole = 0
    before: Whole | None = None


class NewestMail(MailRange):
    """Which of it is to be shown.

    Attributes:
        limit: the newest so many.
    """

    limit: Whole | None = None


class WaitingForMail(MailFilter):
    """What is waited for, and from where on it counts.

    Attributes:
        after: a `seq`: what came behind it counts; `0` for everything, or `now`.
        count: how many are waited for.
        timeout: seconds of the machine's; a frozen clock first performs all that is due.
        without: ids of e-mail that does not count, with commas: that of earlier waits.
    """

    after: str | None = None
    count: Whole = 1
    timeout: float = 10.0
    without: str = ""


_MailEnds = TypedDict("_MailEnds", {"id": str, "mailbox": str, "to": str, "from": str})


class ShownMail(_MailEnds):
    """An e-mail.

    Attributes:
        mailbox: whose it is, in lower case.
        to: the address as it was written.
        from: the address of the sender.
        from_name: what the sender is called.
        subject: what stands above it.
        body: its text, as messages on phones have it.
        text: the same.
        html: the same as a page.
        template_id: of the sender's template that it would be made with.
        substitutions: what that would be filled with.
        about: sids of what it was sent for.
        seq: a number that only grows: a wait begins behind one.
        codes: one-time codes in it.
        links: web addresses in it.
    """

    from_name: str | None
    subject: str
    body: str
    text: str
    html: str
    template_id: str | None
    substitutions: dict[str, str]
    about: dict[str, str]
    received_at: str
    seq: int
    codes: list[str]
    links: list[str]


class ShownMailbox(TypedDict):
    """A mailbox.

    Attributes:
        address: in lower case.
        count: how much e-mail is in it.
        subject: of the newest.
    """

    address: str
    count: int
    subject: str | None
    received_at: str | None
    date_created: str


class MailboxList(More):
    """Mailboxes, in the order in which they came."""

    mailboxes: list[ShownMailbox]


class MailboxContent(More):
    """What is in a mailbox, oldest first.

    Attributes:
        next_seq: the `seq` of the last of these: `since` for what comes then.
    """

    items: list[ShownMail]
    next_seq: int


class ShownMails(TypedDict):
    """What came.

    Attributes:
        next_seq: the `seq` of the last of these: `after` for the next wait.
    """

    items: list[ShownMail]
    next_seq: int


class NoMail(Mistake):
    """So many did not come in time.

    Attributes:
        items: those that did.
        others: what came that is something else.
        next_seq: where to go on.
    """

    items: list[ShownMail]
    others: list[ShownMail]
    next_seq: int


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("mailboxes", "E-mail, such as codes that Verify sent.")
    _declare_mailboxes(controls)
    _declare_mail(controls)


def _declare_mailboxes(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/mailboxes",
        "list_mailboxes",
        "Every mailbox, in the order in which they came.",
        query=Paged,
        gives=MailboxList,
        examples=({}, {"limit": 10}),
    )
    async def list_mailboxes(control: Control) -> Reply:
        wish, world = control.query(Paged), control.hosted.world
        places = world[Mailboxes].in_order.of("").upward(place_of(wish.cursor))
        held, more = take(control, places, world[Mailboxes].__getitem__, wish.limit)
        return json_reply({"mailboxes": [_mailbox(world, each) for each in held], **more})

    @controls.on(
        "GET",
        "/mailboxes/{mailbox}/messages",
        "read_mailbox",
        "The e-mail in a mailbox, oldest first; none in one that nothing came to yet.",
        places=MAILBOX,
        query=NewestMail,
        gives=MailboxContent,
        examples=({"limit": 1}, {"contains": "code"}),
    )
    async def read_mailbox(control: Control) -> Reply:
        wish = control.query(NewestMail)
        shown, below = newest(control, _held(control, wish), wish.limit, wish.since)
        return json_reply({"items": list(map(look, shown)), **below})

    @controls.on(
        "DELETE",
        "/mailboxes/{mailbox}/messages",
        "clear_mailbox",
        "Deletes e-mail in a mailbox: all, or what fits.",
        places=MAILBOX,
        query=MailRange,
        examples=({}, {"contains": "code"}),
    )
    async def clear_mailbox(control: Control) -> Reply:
        wish, sids = control.query(MailRange), None
        if control.parameters:
            sids = tuple(each.sid for each in _held(control, wish))
        wanted = ClearMailbox(address=control.said["mailbox"], mails=sids)
        await control.hosted.gate.perform(wanted)
        return NOTHING


def _declare_mail(controls: Controls) -> None:
    @controls.on(
        "GET",
        "/mailboxes/{mailbox}/messages/wait",
        "wait_for_mail",
        "Waits until an e-mail has arrived in a mailbox.",
        places=MAILBOX,
        query=WaitingForMail,
        gives=ShownMails,
        otherwise={408: NoMail},
        examples=({"after": "0", "contains": "code"},),
    )
    async def wait_for_mail(control: Control) -> Reply:
        return await _wait(control)

    @controls.on(
        "GET",
        "/mailboxes/{mailbox}/messages/{mail}",
        "show_mail",
        "One e-mail.",
        places=MAILBOX | MAIL,
        gives=ShownMail,
    )
    async def show_mail(control: Control) -> Reply:
        world = control.hosted.world
        mailbox = mailboxes.find(world, control.said["mailbox"])
        mail = world[Mails].get(control.said["mail"])
        if mail is None or mail.mailbox != mailbox.address:
            raise Mistaken(f"path mail: {mailbox.address} has no {control.said['mail']}", 404)
        return json_reply(look(mail))


def look(it: Mail) -> ShownMail:
    """An e-mail as it is shown."""
    return {
        "id": it.sid,
        "mailbox": it.mailbox,
        "to": it.to,
        "from": it.sender,
        "from_name": it.sender_name,
        "subject": it.subject,
        "body": it.text,
        "text": it.text,
        "html": it.html,
        "template_id": it.template_id,
        "substitutions": it.substitutions,
        "about": dict(it.about),
        "received_at": write_instant(it.received_at),
        "seq": it.seq,
        "codes": list(it.codes),
        "links": list(it.links),
    }


def _mailbox(world: World, it: Letterbox) -> ShownMailbox:
    held = world[Mails].by_mailbox.of(it.address)
    newest = next(held.downward(), None)
    last = None if newest is None else world[Mails][newest[1]]
    return {
        "address": it.address,
        "count": len(held),
        "subject": None if last is None else last.subject,
        "received_at": None if last is None else write_instant(last.received_at),
        "date_created": write_instant(it.date_created),
    }


def _matcher(wish: MailFilter) -> Callable[[Mail], bool]:
    """Whether an e-mail is what is asked for.

    Raises:
        Mistaken: `regex` is not a regular expression.
    """
    try:
        regex = None if wish.regex is None else compile_pattern(wish.regex)
    except BadPattern as error:
        raise Mistaken(f"query regex: expected a regular expression: {error}") from None

    def fits(it: Mail) -> bool:
        words = (it.subject, it.text)
        return (
            (wish.sender is None or it.sender.lower() == wish.sender.lower())
            and (wish.subject is None or wish.subject in it.subject)
            and (wish.contains is None or any(wish.contains in each for each in words))
            and (regex is None or any(regex.search(each) for each in words))
        )

    return fits


def _held(control: Control, wish: MailRange) -> Iterator[Mail]:
    """What is asked for of what is in a mailbox, newest first."""
    fits, mails = _matcher(wish), control.hosted.world[Mails]
    ranks = mails.by_mailbox.of(mailboxes.name_of(control.said["mailbox"]))
    yield from filter(fits, downward(ranks, mails.__getitem__, wish.since, wish.before))


async def _wait(control: Control) -> Reply:
    wish = control.query(WaitingForMail)
    world = control.hosted.world
    after = cursor(wish.after, world.serials)
    check(wish.count, wish.timeout)
    fits = _matcher(wish)
    mailbox = mailboxes.name_of(control.said["mailbox"])
    answered = frozenset(wish.without.split(","))

    def is_here(mail: Mail) -> bool:
        return mail.mailbox == mailbox and mail.sid not in answered

    wait = Wait(
        control.hosted,
        world[Mails],
        wanted=lambda mail: is_here(mail) and fits(mail),
        nearby=is_here,
        after=after,
        count=wish.count,
    )
    outcome = await wait.outcome(wish.timeout)
    items = list(map(look, outcome.found))
    if len(items) == wish.count:
        return json_reply({"items": items, "next_seq": outcome.found[-1].seq})
    others = list(map(look, outcome.others))
    raise Mistaken(
        f"{len(items)} of {wish.count} came, and {len(others)} that are something else",
        408,
        {"items": items, "others": others, "next_seq": world.serials},
    )
