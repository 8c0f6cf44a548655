"""Communications: written down, said anew, found."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, START, Told
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.orchestrator.communications import (
    CommunicationContentSaid,
    CommunicationEndSaid,
    RecordCommunication,
    TranscriptionSaid,
    fetch_communication,
    list_communications,
)
from twilio_emulator.core.orchestrator.conversations import (
    RemoveOrchestratedConversation,
    SetOrchestratedConversation,
    fetch_conversation,
    list_conversations,
)
from twilio_emulator.core.orchestrator.participants import participants_of
from twilio_emulator.core.orchestrator.resources import (
    Communication,
    CommunicationCreated,
    Communications,
    CommunicationUpdated,
    ContentType,
    OrchestratedConversation,
    OrchestratedConversationUpdated,
    OrchestratedStatus,
    OrchestratorChannel,
)

SMS, VOICE = OrchestratorChannel.SMS, OrchestratorChannel.VOICE
FROM_ANN = CommunicationEndSaid(address=ANN, channel=SMS)
TO_SHOP = CommunicationEndSaid(address=NUMBER, channel=SMS)
HELLO = CommunicationContentSaid(type=ContentType.TEXT, text="Hello")

Begin = Callable[..., OrchestratedConversation]


def refusal(world: World, act: Callable[[], object]) -> Refused:
    before = world.snapshot()
    with pytest.raises(Refused) as refused:
        act()
    assert world.snapshot() == before
    return refused.value


def say(world: World, it: OrchestratedConversation, **said: Any) -> Communication:
    fields = {"author": FROM_ANN, "content": HELLO, "recipients": (TO_SHOP,), **said}
    return world.perform(RecordCommunication(account=ACCOUNT, conversation=it.sid, **fields))


def be(world: World, it: OrchestratedConversation, status: OrchestratedStatus) -> None:
    world.perform(SetOrchestratedConversation(account=ACCOUNT, conversation=it.sid, status=status))


def test_what_was_said_is_written_down(world: World, begin: Begin, told: Told) -> None:
    begun = begin()
    said = say(world, begun)
    ann, robo = participants_of(world, begun.sid)
    assert (said.author.participant_id, said.recipients[0].participant_id) == (ann.sid, robo.sid)
    assert (said.content, said.occurred_at) == (HELLO.content, START)
    assert told.of(CommunicationCreated)[0].communication == said
    now = fetch_conversation(world, account=ACCOUNT, conversation=begun.sid)
    assert (now.last_communication_at, now.status) == (START, OrchestratedStatus.ACTIVE)
    found = fetch_communication(
        world, account=ACCOUNT, conversation=begun.sid, communication=said.sid
    )
    assert found == said


def test_who_is_nobody_here_has_no_id(world: World, begin: Begin) -> None:
    ben = CommunicationEndSaid(address="+12025550111", channel=SMS)
    assert say(world, begin(), author=ben).author == ben.party


def test_who_is_named_is_whom_it_names(world: World, begin: Begin) -> None:
    begun = begin()
    ann, _ = participants_of(world, begun.sid)
    by_voice = CommunicationEndSaid(address=ANN, channel=VOICE, participant_id=ann.sid)
    assert say(world, begun, author=by_voice).author == by_voice.party


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"recipients": ()}, "Invalid recipients."),
        ({"author": CommunicationEndSaid(address="", channel=SMS)}, "Invalid author.address."),
        (
            {"recipients": (TO_SHOP, CommunicationEndSaid(address="", channel=SMS))},
            "Invalid recipients[1].address.",
        ),
        (
            {"author": CommunicationEndSaid(address=ANN, channel=SMS, participant_id="x")},
            "Invalid author.participantId.",
        ),
        (
            {
                "content": CommunicationContentSaid(
                    type=ContentType.TEXT, text="x", transcription=TranscriptionSaid()
                )
            },
            "Invalid content.transcription.",
        ),
        (
            {
                "content": CommunicationContentSaid(
                    type=ContentType.TRANSCRIPTION,
                    text="x",
                    transcription=TranscriptionSaid(confidence=1.1),
                )
            },
            "Invalid content.transcription.confidence.",
        ),
    ],
)
def test_what_cannot_be_written_down(
    world: World, begin: Begin, said: dict[str, Any], message: str
) -> None:
    begun = begin()
    refused = refusal(world, lambda: say(world, begun, **said))
    assert (refused.code, refused.message) == (20001, message)


def test_who_is_in_another_conversation_says_nothing_here(world: World, begin: Begin) -> None:
    begun, other = begin(), begin(participants=())
    ann, _ = participants_of(world, begun.sid)
    author = CommunicationEndSaid(address=ANN, channel=SMS, participant_id=ann.sid)
    assert refusal(world, lambda: say(world, other, author=author)).code == 20001


def test_what_is_known_by_its_resource_is_said_anew(world: World, begin: Begin, told: Told) -> None:
    begun = begin()
    details = TranscriptionSaid(channel=0, confidence=0.5)
    first = CommunicationContentSaid(
        type=ContentType.TRANSCRIPTION, text="Hel", transcription=details
    )
    before = say(world, begun, content=first, resource_id="GT1-0", channel_id="CA1")
    now = say(world, begun, resource_id="GT1-0")
    assert (now.sid, now.content, now.channel_id) == (before.sid, HELLO.content, "CA1")
    (updated,) = told.of(CommunicationUpdated)
    assert (updated.before, updated.communication) == (before, now)
    assert say(world, begun, resource_id="GT1-0") == now
    assert len(told.of(CommunicationUpdated)) == 1
    assert len(world[Communications]) == 1
    other = begin(participants=())
    assert say(world, other, resource_id="GT1-0").sid != now.sid
    earlier = START - timedelta(minutes=1)
    moved = say(world, begun, resource_id="GT1-0", channel_id="CA2", occurred_at=earlier)
    assert (moved.channel_id, moved.occurred_at) == ("CA2", earlier)


def test_what_has_an_empty_resource_has_none(world: World, begin: Begin) -> None:
    begun = begin()
    one = say(world, begun, resource_id="", channel_id="")
    assert (one.resource_id, one.channel_id) == (None, None)
    assert say(world, begun, resource_id="").sid != one.sid


def test_something_said_makes_a_conversation_active(world: World, begin: Begin, told: Told) -> None:
    begun = begin()
    be(world, begun, OrchestratedStatus.INACTIVE)
    say(world, begun)
    assert [type(each) for each in told[-2:]] == [
        OrchestratedConversationUpdated,
        CommunicationCreated,
    ]
    now = fetch_conversation(world, account=ACCOUNT, conversation=begun.sid)
    assert now.status is OrchestratedStatus.ACTIVE


def test_nothing_is_said_in_a_closed_one(world: World, begin: Begin) -> None:
    begun = begin()
    be(world, begun, OrchestratedStatus.CLOSED)
    refused = refusal(world, lambda: say(world, begun))
    assert (refused.code, refused.status) == (20409, 409)


def test_they_are_listed_oldest_first_and_by_channel(world: World, begin: Begin) -> None:
    begun = begin()
    one, two = say(world, begun, channel_id="CA1"), say(world, begun, resource_id="SM1")
    listed = list(list_communications(world, account=ACCOUNT, conversation=begun.sid))
    assert listed == [one, two]
    of_call = list_communications(world, account=ACCOUNT, conversation=begun.sid, channel_id="CA1")
    assert list(of_call) == [one]
    for known in ("CA1", "SM1"):
        found, _ = list_conversations(world, account=ACCOUNT, channel_id=known).after(None, 9)
        assert [each.sid for each in found] == [begun.sid]


def test_what_is_not_there_is_not_found(world: World, begin: Begin) -> None:
    begun, other = begin(), begin(participants=())
    said = say(world, other)
    for communication in (said.sid, "x"):
        with pytest.raises(Refused, match="20404"):
            fetch_communication(
                world, account=ACCOUNT, conversation=begun.sid, communication=communication
            )


def test_they_go_with_their_conversation(world: World, begin: Begin) -> None:
    begun = begin()
    say(world, begun, channel_id="CA1")
    snapshot = world.snapshot()
    world.restore(snapshot)
    assert world.snapshot() == snapshot
    world.perform(RemoveOrchestratedConversation(account=ACCOUNT, conversation=begun.sid))
    assert len(world[Communications]) == 0
