"""Snapshots read: what is none is refused in one line, and changes nothing."""

import copy
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.core.conftest import ANN, NUMBER
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.media import MediaTable, UploadMedia
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.resources import Conversations
from twilio_emulator.core.kernel.reviving import Unreadable
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset

SERVICE = "IS00000000000000000000000000000001"

Change = Callable[[dict[str, Any]], None]


@pytest.fixture
def lively(world: World) -> World:
    """A world with something in many tables, and a timer or two."""
    world.perform(AddConversation(service=SERVICE, unique_name="one", timers_closed="PT10M"))
    (conversation,) = world[Conversations]
    world.perform(PostMessage(service=SERVICE, conversation=conversation.sid, body="Hi"))
    world.perform(UploadMedia(service=SERVICE, content_type="a/b", size=1, digest="d"))
    world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hello"))
    return world


def setting(*path: str | int, to: object) -> Change:
    """A change: what is at `path` becomes something else."""

    def change(snapshot: dict[str, Any]) -> None:
        place: Any = snapshot
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return change


def without(*path: str | int) -> Change:
    """A change: what is at `path` goes."""

    def change(snapshot: dict[str, Any]) -> None:
        place: Any = snapshot
        for step in path[:-1]:
            place = place[step]
        del place[path[-1]]

    return change


def twice(*path: str | int, **differing: object) -> Change:
    """A change: the first of a list stands there again, with some fields changed."""

    def change(snapshot: dict[str, Any]) -> None:
        place: Any = snapshot
        for step in path:
            place = place[step]
        place.append({**place[0], **differing})

    return change


def test_what_a_world_made_is_read(lively: World) -> None:
    snapshot = lively.snapshot()
    as_it_was = copy.deepcopy(snapshot)
    lively.perform(PostMessage(service=SERVICE, conversation="one", body="More"))
    lively.restore(snapshot)
    assert lively.snapshot() == snapshot == as_it_was
    lively.catch_up(lively.now + timedelta(minutes=11))
    (conversation,) = lively[Conversations]
    assert conversation.state == "closed"
    assert not len(lively[MediaTable])


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        (without("serials"), "Snapshot lacks serials"),
        (setting("serials", to="x"), "serials: expected a whole number, not 'x'"),
        (setting("serials", to=-1), "serials: expected a count from 0 on, not -1"),
        (setting("dice", to=2**53), "dice: expected a count from 0 on, not 9007199254740992"),
        (setting("seed", to=1.5), "seed: expected a whole number, not 1.5"),
        (
            setting("now", to="0001-01-01T00:00:00+14:00"),
            "now: expected an instant such as 2026-01-05T09:00:00.000Z, not '0001-01-01",
        ),
        (setting("now", to="9999-01-01T00:00:00Z"), "now: expected from 1970 to 9799, not 9999"),
        (setting("more", to=1), "Snapshot has no more"),
        (without("tables"), "Snapshot lacks tables"),
        (setting("tables", to=[]), "tables: expected an object, not a list"),
        (setting("tables", "texts", to=None), "tables.texts: expected a list, not null"),
        (setting("tables", "telegrams", to=[]), "tables: unknown tables: telegrams"),
        (without("tables", "accounts"), "tables.accounts: expected the account AC000000000000"),
        (setting("tables", "accounts", to=[]), "tables.accounts: expected the account AC00000000"),
        (setting("tables", "messages", 0, to=7), "tables.messages[0]: expected an object, not 7"),
        (
            setting("tables", "messages", 0, "body", to=7),
            "tables.messages[0].body: expected a text, not 7",
        ),
        (
            setting("tables", "texts", 0, "status", to="lost"),
            "tables.texts[0].status: expected one of ",
        ),
        (
            setting("tables", "messages", 0, "conversation_sid", to="CH1"),
            "tables.messages[0].conversation_sid: expected one of the conversations, not 'CH1'",
        ),
        (
            setting("tables", "conversations", 0, "serial", to=2**40),
            "tables.conversations[0].serial: expected a number of at most serials, not 10995",
        ),
        (twice("tables", "texts"), "tables.texts[1]: SM"),
        (
            twice("tables", "conversations", sid="CH1"),
            "tables.conversations[1]: CH1 is there twice, or what it alone is",
        ),
        (setting("timers", 0, to=7), "timers[0]: expected an object, not 7"),
        (setting("timers", 0, "due", to="soon"), "timers[0].due: expected an instant such as "),
        (without("timers", 0, "key"), "timers[0].key: expected a text, not null"),
        (setting("timers", 0, "number", to=100), "timers[0].number: expected another number below"),
        (twice("timers", key="other"), "timers[2].number: expected another number below next_"),
        (twice("timers", number=-1), "timers[2].number: expected another number below next_timer"),
        (twice("timers", number=50), "timers[2].key: expected a key that no other has, not "),
        (setting("timers", 0, "command", to="Explode"), "timers[0]: no comma"),
        (setting("timers", 0, "media", to=7), "timers[0].media: expected a text, not 7"),
    ],
)
def test_what_is_none_changes_nothing(lively: World, change: Change, wrong: str) -> None:
    before = lively.snapshot()
    snapshot: dict[str, Any] = copy.deepcopy(before)
    snapshot["next_timer"] = 100
    change(snapshot)
    with pytest.raises(Unreadable) as caught:
        lively.restore(snapshot)
    assert str(caught.value).startswith(wrong)
    assert "\n" not in str(caught.value)
    assert lively.snapshot() == before
