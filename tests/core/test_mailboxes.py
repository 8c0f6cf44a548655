from typing import Any

import pytest

from tests.core.conftest import Told
from tests.core.refused import code as refused
from twilio_emulator.core.kernel.records import command
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones import mailboxes
from twilio_emulator.core.phones.mailboxes import (
    ClearMailbox,
    Mail,
    MailboxCleared,
    Mailboxes,
    MailReceived,
    Mails,
)


@command
class Write:
    """Write to somebody."""

    to: str = "Ann@Example.com"
    subject: str = "{{code}} is your Shop verification code"
    text: str = "Your Shop 2024 code is: {{code}}\nGo to <https://example.com/in?a=1&b=2>."
    code: str | None = "0424"

    def apply(self, world: World) -> Mail:
        return mailboxes.deliver(
            world,
            to=self.to,
            sender="verify@example.com",
            subject=self.subject,
            text=self.text,
            one_time_code=self.code,
            substitutions=(("twilio_code", "{{code}}"), ("name", "Ann")),
        )


def test_mail_comes_into_its_mailbox(world: World, told: Told) -> None:
    mail = world.perform(Write())
    assert (mail.sid[:2], mail.mailbox, mail.to) == ("EM", "ann@example.com", "Ann@Example.com")
    assert mail.subject == "0424 is your Shop verification code"
    assert mail.text.startswith("Your Shop 2024 code is: 0424\n")
    assert mail.codes == ("0424",)
    assert mail.links == ("https://example.com/in?a=1&b=2",)
    assert mail.substitutions == {"twilio_code": "0424", "name": "Ann"}
    assert mail.html == (
        "<p>Your Shop 2024 code is: 0424</p><p>Go to &lt;"
        '<a href="https://example.com/in?a=1&amp;b=2">https://example.com/in?a=1&amp;b=2</a>&gt;.'
        "</p>"
    )
    assert told.of(MailReceived) == [MailReceived(mail=mail)]
    other = world.perform(Write(to="ann@example.com", code=None, text="Code 123456"))
    assert other.codes == ("123456",)
    assert [each.address for each in world[Mailboxes]] == ["ann@example.com"]
    assert other.seq > mail.seq


def test_mail_is_deleted(world: World, told: Told) -> None:
    mails = [world.perform(Write()) for _ in range(3)]
    bob = world.perform(Write(to="bob@example.com"))
    world.perform(ClearMailbox(address="ANN@example.com", mails=(mails[1].sid, bob.sid)))
    assert list(world[Mails]) == [mails[0], mails[2], bob]
    world.perform(ClearMailbox(address="ann@example.com"))
    assert list(world[Mails]) == [bob]
    assert told.of(MailboxCleared) == [MailboxCleared(mailbox="ann@example.com")] * 2
    assert refused(world, ClearMailbox(address="nobody@example.com")) == 20404


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        ("ann@example.com", True),
        ("ann.lee+shop@mail.example.co.uk", True),
        ("ärzte@bücher.example", True),
        ("ann", False),
        ("ann@example", False),
        ("@example.com", False),
        ("ann@@example.com", False),
        ("ann lee@example.com", False),
        ("Ann <ann@example.com>", False),
        ("ann@example..com", False),
        ("+12025550199", False),
        ("", False),
        (f"{'a' * 64}@{'b' * 190}.com", False),
    ],
)
def test_what_an_address_is(said: Any, is_one: bool) -> None:
    assert mailboxes.is_address(said) is is_one
