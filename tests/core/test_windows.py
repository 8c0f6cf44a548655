from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.carrier.delivery import KeepMedia
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.carrier.whatsapp_window import ChangeWindow, WindowChanged
from twilio_emulator.core.content.templates import AddContent, ChangeApproval, RequestApproval
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset, TextReceived
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.senders.resources import PhoneNumbers
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.core.texts.media import of
from twilio_emulator.core.texts.text import Text, Texts

ACCOUNT = "AC00000000000000000000000000000001"
ANN = "+12025550199"
SENDER = "whatsapp:+14155238886"
Send = Callable[..., Text]
Advance = Callable[..., None]
Outcome = Callable[..., tuple[str, int | None]]


@pytest.fixture
def outcome(world: World, send: Send, advance: Advance) -> Outcome:
    """What becomes of a WhatsApp message to Ann."""

    def outcome(**fields: object) -> tuple[str, int | None]:
        text = send(to=f"whatsapp:{ANN}", from_=SENDER, **fields)
        advance(seconds=1)
        ended = world[Texts][text.sid]
        return str(ended.status), ended.error_code

    return outcome


def test_a_first_message_arrives_and_a_day_later_none(outcome: Outcome, advance: Advance) -> None:
    assert outcome() == ("delivered", None)
    advance(hours=23)
    assert outcome() == ("delivered", None)
    advance(hours=1)
    assert outcome() == ("undelivered", 63016)


def test_an_answer_opens_the_window_for_another_day(
    world: World, outcome: Outcome, advance: Advance
) -> None:
    assert outcome() == ("delivered", None)
    advance(hours=30)
    world.perform(SendFromHandset(address=ANN, to=SENDER, body="Yes?"))
    assert outcome() == ("delivered", None)
    advance(hours=25)
    assert outcome() == ("undelivered", 63016)


def test_the_window_can_be_moved_by_hand(
    world: World, told: Told, outcome: Outcome, advance: Advance
) -> None:
    closed = datetime(2026, 1, 1, tzinfo=UTC)
    window = world.perform(ChangeWindow(handset=ANN, sender=SENDER, open_until=closed))
    assert told.of(WindowChanged) == [WindowChanged(window=window)]
    assert window.sid == f"{ANN}/{SENDER}"
    assert outcome() == ("undelivered", 63016)
    world.perform(
        ChangeWindow(
            handset=f"whatsapp:{ANN}", sender=SENDER, open_until=datetime(2026, 2, 1, tzinfo=UTC)
        )
    )
    advance(hours=100)
    assert outcome() == ("delivered", None)


def test_the_window_can_be_done_without(world: World, outcome: Outcome, advance: Advance) -> None:
    world.perform(ChangeCarrier(whatsapp_window=False))
    assert outcome() == ("delivered", None)
    advance(days=7)
    assert outcome() == ("delivered", None)


@pytest.fixture
def template(world: World) -> str:
    """A template that WhatsApp has not seen."""
    content = world.perform(
        AddContent(account=ACCOUNT, language="en", types='{"twilio/text": {"body": "Hi {{1}}"}}')
    )
    return str(content.sid)


def approve(world: World, template: str, status: str = "approved") -> None:
    world.perform(ChangeApproval(account=ACCOUNT, content=template, status=status))


@pytest.mark.parametrize("window", [True, False])
def test_an_approved_template_needs_no_window(
    world: World, outcome: Outcome, template: str, window: bool
) -> None:
    wish = {"content_sid": template, "content_variables": '{"1":"Ann"}', "body": None}
    if not window:
        world.perform(
            ChangeWindow(handset=ANN, sender=SENDER, open_until=datetime(2026, 1, 1, tzinfo=UTC))
        )
    assert outcome(**wish) == (("delivered", None) if window else ("undelivered", 63016))
    approve(world, template)
    assert outcome(**wish) == ("delivered", None)
    item = list(world[InboxItems])[-1]
    assert item.body == "Hi Ann"


@pytest.mark.parametrize(
    ("status", "code"), [("rejected", 63040), ("paused", 63041), ("disabled", 63042)]
)
def test_a_template_that_was_taken_back_is_refused_at_any_time(
    world: World, outcome: Outcome, template: str, status: str, code: int
) -> None:
    approve(world, template, status)
    assert outcome(content_sid=template, body=None) == ("undelivered", code)


def test_an_approved_template_wants_all_its_variables(world: World, outcome: Outcome) -> None:
    types = '{"twilio/text": {"body": "Hi {{1}}"}}'
    content = world.perform(AddContent(account=ACCOUNT, language="en", types=types))
    wish = {"content_sid": content.sid, "body": None}
    assert outcome(**wish) == ("delivered", None)
    assert list(world[InboxItems])[-1].body == "Hi {{1}}"
    approve(world, content.sid)
    assert outcome(**wish) == ("undelivered", 63028)
    assert outcome(**wish, content_variables='{"1":"Ann"}') == ("delivered", None)


def test_a_list_cannot_begin_a_conversation(world: World, outcome: Outcome) -> None:
    types = '{"twilio/list-picker": {"body": "Which?", "button": "All", "items": []}}'
    content = world.perform(AddContent(account=ACCOUNT, language="en", types=types))
    approve(world, content.sid)
    wish = {"content_sid": content.sid, "body": None}
    assert outcome(**wish) == ("delivered", None)
    world.perform(
        ChangeWindow(handset=ANN, sender=SENDER, open_until=datetime(2026, 1, 1, tzinfo=UTC))
    )
    assert outcome(**wish) == ("undelivered", 63016)


def test_who_is_not_on_whatsapp_or_blocks_the_sender_is_not_reached(
    world: World, outcome: Outcome
) -> None:
    world.perform(UpsertHandset(address=ANN, channels=("sms",)))
    assert outcome() == ("undelivered", 63003)
    world.perform(
        UpsertHandset(address=ANN, channels=("sms", "whatsapp"), blocked_senders=(SENDER,))
    )
    assert outcome() == ("undelivered", 63014)


@pytest.fixture
def sandbox(world: World) -> None:
    """The sender is a sandbox that has to be joined."""
    number = world[PhoneNumbers].at(SENDER)
    assert number is not None
    world[PhoneNumbers].put(replace(number, sandbox_code="brave-tiger"))


@pytest.mark.usefixtures("sandbox")
def test_a_sandbox_reaches_who_joined_it_for_three_days(
    world: World, told: Told, outcome: Outcome, advance: Advance
) -> None:
    assert outcome() == ("undelivered", 63015)

    world.perform(SendFromHandset(address=ANN, to=SENDER, body="Join Brave-Tiger"))
    assert outcome() == ("delivered", None)
    answer = next(item for item in world[InboxItems] if item.system)
    assert f"You are all set! The sandbox can now send/receive messages from whatsapp:{ANN}" in (
        answer.body
    )
    assert told.of(TextReceived) == []

    advance(days=3)
    assert outcome() == ("undelivered", 63015)


@pytest.mark.usefixtures("sandbox")
def test_a_sandbox_can_be_left(world: World, told: Told, outcome: Outcome) -> None:
    for body in ("join brave-tiger", "join lazy-dog", "stop"):
        world.perform(SendFromHandset(address=ANN, to=SENDER, body=body))
    assert outcome() == ("undelivered", 63015)
    assert [event.text.body for event in told.of(TextReceived)] == ["join lazy-dog"]


@pytest.mark.parametrize(("content_type", "body"), [("image/png", "Look"), ("video/mp4", "")])
def test_what_stands_beside_anything_but_a_picture_is_dropped(
    world: World, send: Send, advance: Advance, content_type: str, body: str
) -> None:
    url = ("https://example.com/a",)
    text = send(to=f"whatsapp:{ANN}", from_=SENDER, body="Look", media_url=url)
    (media,) = of(world, text.sid)
    world.perform(KeepMedia(media=media.sid, content_type=content_type, size=1, digest="d"))
    advance(seconds=1)
    assert world[InboxItems][text.sid].body == body
    assert world[Texts][text.sid].body == "Look"


@pytest.mark.parametrize(
    ("mode", "status"), [("auto", "approved"), ("manual", "pending"), ("reject", "rejected")]
)
def test_what_becomes_of_templates_can_be_said_beforehand(
    world: World, template: str, mode: str, status: str
) -> None:
    world.perform(ChangeCarrier(approval_mode=mode))
    wish = RequestApproval(account=ACCOUNT, content=template, name="hi", category="utility")
    approval = world.perform(wish).approval
    assert (approval.status, bool(approval.rejection_reason)) == (status, mode == "reject")
