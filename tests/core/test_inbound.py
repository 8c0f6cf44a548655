from collections.abc import Callable

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.carrier.handset_commands import UpsertHandset
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import MessageAdded
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import Message, Participant, Participants
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import (
    Location,
    ReceiveText,
    ReplyToText,
    SendFromHandset,
    TextCaptured,
    TextReceived,
    TextTurnedAway,
    TwimlReply,
)
from twilio_emulator.core.phones.handsets import Handsets
from twilio_emulator.core.phones.inbox import HandsetSent, InboxItems, Side
from twilio_emulator.core.senders.resources import MessagingServices
from twilio_emulator.core.texts.media import Enclosure, TextMedia, of
from twilio_emulator.core.texts.text import Direction, Text, Texts

ANN = "+12025550199"
NUMBER = "+12025550100"
WHATSAPP = "whatsapp:+14155238886"
SERVICE = "IS00000000000000000000000000000001"
MESSAGING = "MG00000000000000000000000000000001"
Send = Callable[..., Text]
Advance = Callable[..., None]


@pytest.fixture
def participant(world: World) -> Participant:
    """Ann, in a conversation with the account's number."""
    conversation = world.perform(AddConversation(service=SERVICE))
    joined = world.perform(
        AddParticipant(
            service=SERVICE,
            conversation=conversation.sid,
            messaging_binding_address=ANN,
            messaging_binding_proxy_address=NUMBER,
        )
    )
    assert isinstance(joined, Participant)
    return joined


def captured(told: Told) -> list[Message]:
    return [event.message for event in told.of(MessageAdded)]


def code_of(act: Callable[[], object]) -> int:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_a_text_to_a_number_is_the_numbers_own(world: World, told: Told) -> None:
    text = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hello"))

    assert text.sid.startswith("SM")
    assert (text.sender, text.to, text.body, text.status) == (ANN, NUMBER, "Hello", "received")
    assert (text.direction, text.num_segments, text.date_sent) == (
        Direction.INBOUND,
        1,
        world.now,
    )
    assert text.messaging_service_sid == MESSAGING
    assert told.of(TextReceived) == [TextReceived(text=text)]
    (sent,) = told.of(HandsetSent)
    assert (sent.item.sid, sent.item.direction) == (text.sid, Side.FROM_HANDSET)
    assert (sent.item.handset, sent.item.peer) == (ANN, NUMBER)


def test_media_make_it_an_mms(world: World) -> None:
    picture = Enclosure(content_type="image/png", digest="d", size=3, filename="a.png")
    text = world.perform(SendFromHandset(address=ANN, to=NUMBER, media=(picture,)))
    assert text.sid.startswith("MM")
    assert (text.channel, text.num_media, text.num_segments) == ("mms", 1, 1)
    (media,) = world[TextMedia].all(world[TextMedia].by_text, text.sid)
    assert (media.content_type, media.digest, media.size) == ("image/png", "d", 3)


@pytest.mark.parametrize(
    ("address", "to", "channel"),
    [
        (ANN, WHATSAPP, None),
        (f"whatsapp:{ANN}", WHATSAPP, None),
        (ANN, "+14155238886", "whatsapp"),
    ],
)
def test_the_channel_is_on_both_sides(
    world: World, address: str, to: str, channel: str | None
) -> None:
    text = world.perform(SendFromHandset(address=address, to=to, body="Hi", channel=channel))
    assert (text.sender, text.to, text.channel) == (f"whatsapp:{ANN}", WHATSAPP, "whatsapp")
    assert [handset.address for handset in world[Handsets]] == [ANN]


def test_addresses_are_read_as_everywhere(world: World) -> None:
    wish = SendFromHandset(address=" 12025550199", to="+1 (202) 555-0100", body="Hello")
    text = world.perform(wish)
    assert (text.sender, text.to) == (ANN, NUMBER)
    assert code_of(lambda: world.perform(SendFromHandset(address=ANN, to=f"foo:{NUMBER}"))) == 20001


def test_only_numbers_of_the_account_can_be_written_to(world: World) -> None:
    before = world.snapshot()
    wish = SendFromHandset(address=ANN, to="+12025550123", body="Hi")
    assert code_of(lambda: world.perform(wish)) == 20404
    wish = SendFromHandset(address=ANN, to=NUMBER, body="Hi", channel="fax")
    assert code_of(lambda: world.perform(wish)) == 20001
    assert world.snapshot() == before


def test_an_sms_brings_nothing_besides(world: World) -> None:
    text = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))
    assert text.parameters == ()


def test_whatsapp_says_who_writes(world: World) -> None:
    world.perform(UpsertHandset(address=ANN, profile_name="Ann"))
    text = world.perform(SendFromHandset(address=ANN, to=WHATSAPP, body="Hi"))
    assert text.parameters == (
        ("ProfileName", "Ann"),
        ("WaId", "12025550199"),
        ("MessageType", "text"),
    )


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        ("image/png", "image"),
        ("video/mp4", "video"),
        ("audio/ogg", "audio"),
        ("application/pdf", "document"),
        (None, "document"),
    ],
)
def test_whatsapp_says_what_is_sent(world: World, content_type: str | None, kind: str) -> None:
    media = (Enclosure(content_type=content_type, url="https://example.com/a"),)
    text = world.perform(SendFromHandset(address=ANN, to=WHATSAPP, media=media))
    assert dict(text.parameters)["MessageType"] == kind


def test_places_quotes_and_forwards_are_told(world: World, send: Send, advance: Advance) -> None:
    asked = send(to=f"whatsapp:{ANN}", from_=WHATSAPP, body="Where are you?")
    advance(seconds=1)
    text = world.perform(
        SendFromHandset(
            address=ANN,
            to=WHATSAPP,
            forwarded=True,
            location=Location(latitude="52.5", longitude="13.4", label="Berlin"),
            reply_to=asked.sid,
            parameters=(("ReferralNumMedia", "0"),),
        )
    )
    assert text.parameters[2:] == (
        ("MessageType", "location"),
        ("Forwarded", "true"),
        ("Latitude", "52.5"),
        ("Longitude", "13.4"),
        ("Address", ""),
        ("Label", "Berlin"),
        ("OriginalRepliedMessageSender", WHATSAPP),
        ("OriginalRepliedMessageSid", asked.sid),
        ("ReferralNumMedia", "0"),
    )


def test_a_conversation_captures_the_text_of_its_pair(
    world: World, told: Told, participant: Participant
) -> None:
    picture = Enclosure(content_type="image/png", digest="d", size=3, filename="a.png")
    file = Enclosure(url="https://example.com/a")
    text = world.perform(
        SendFromHandset(address=ANN, to=NUMBER, body="Hello", media=(picture, file))
    )

    assert told.of(TextCaptured) == [TextCaptured(text=text)]
    assert told.of(TextReceived) == []
    assert text.conversation_sid == participant.conversation_sid
    (message,) = captured(told)
    assert (message.author, message.body, message.attributes) == (ANN, "Hello", "{}")
    assert message.participant_sid == participant.sid
    assert [(media.content_type, media.size) for media in message.media] == [
        ("image/png", 3),
        ("application/octet-stream", 0),
    ]


def test_other_phones_and_other_numbers_are_not_captured(
    world: World, told: Told, participant: Participant
) -> None:
    world.perform(SendFromHandset(address="+12025550198", to=NUMBER, body="Hello"))
    world.perform(SendFromHandset(address=ANN, to="+12025550101", body="Hello"))
    assert captured(told) == []
    assert len(told.of(TextReceived)) == 2


def test_a_conversation_captures_at_a_proxy_that_is_no_number_of_the_account(
    world: World, told: Told, participant: Participant
) -> None:
    world[Participants].put(replace(participant, proxy_address="+12025550123"))
    text = world.perform(SendFromHandset(address=ANN, to="+12025550123", body="Hello"))
    assert text.messaging_service_sid is None
    assert len(captured(told)) == 1


def test_a_webhook_may_rewrite_what_is_captured(
    world: World, told: Told, participant: Participant
) -> None:
    text = world.perform(
        SendFromHandset(
            address=ANN,
            to=NUMBER,
            body="darn",
            rewritten_body="d**n",
            rewritten_author="Ann",
            rewritten_attributes='{"tame":true}',
        )
    )
    (message,) = captured(told)
    assert (message.body, message.author, message.attributes) == (
        "d**n",
        "Ann",
        '{"tame":true}',
    )
    assert text.body == "darn"


def test_a_webhook_may_drop_a_text(world: World, told: Told, participant: Participant) -> None:
    text = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hello", dropped=True))
    assert captured(told) == told.of(TextReceived) == []
    assert world[Texts][text.sid].status == "received"


def test_a_service_with_inbound_off_lets_nothing_in(world: World, told: Told) -> None:
    service = world[MessagingServices][MESSAGING]
    world[MessagingServices].put(replace(service, use_inbound_webhook_on_number=False))
    media = (Enclosure(content_type="image/png"),)
    text = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hi", media=media))
    assert told.of(TextTurnedAway) == [TextTurnedAway(text=text)]
    assert told.of(TextReceived) == []
    assert len(world[Texts]) == len(world[TextMedia]) == 0

    world[MessagingServices].put(
        replace(
            service,
            use_inbound_webhook_on_number=False,
            inbound_request_url="https://example.com/in",
        )
    )
    world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))
    assert len(told.of(TextReceived)) == 1


def test_a_text_from_one_number_to_another_comes_in_there(
    world: World, told: Told, send: Send, advance: Advance
) -> None:
    sent = send(to="+12025550101", body="Hi")
    advance(seconds=1)
    text = world.perform(ReceiveText(text=sent.sid))
    assert (text.sender, text.to, text.body) == (NUMBER, "+12025550101", "Hi")
    assert text.direction is Direction.INBOUND
    assert told.of(TextReceived) == [TextReceived(text=text)]
    assert len(world[Handsets]) == 0

    world.perform(ReceiveText(text=sent.sid, dropped=True))
    assert len(told.of(TextReceived)) == 1


def test_its_media_come_with_it(world: World, send: Send) -> None:
    sent = send(to="+12025550101", media_url=("https://example.com/a.png",))
    text = world.perform(ReceiveText(text=sent.sid))
    (media,) = world[TextMedia].all(world[TextMedia].by_text, text.sid)
    assert (media.url, text.num_media) == ("https://example.com/a.png", 1)


def test_it_has_to_be_there_still(world: World, send: Send) -> None:
    assert code_of(lambda: world.perform(ReceiveText(text="SM" + "0" * 32))) == 20404
    unsent = send(from_=None, messaging_service_sid=MESSAGING)
    assert code_of(lambda: world.perform(ReceiveText(text=unsent.sid))) == 20404


def test_an_answer_goes_back_to_who_wrote(world: World, told: Told, advance: Advance) -> None:
    received = world.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hello"))
    replies = world.perform(
        ReplyToText(
            text=received.sid,
            messages=(
                TwimlReply(body="One", status_callback="https://example.com/status"),
                TwimlReply(body="Two", to="+12025550198", sender="+12025550101"),
            ),
        )
    )
    one, two = replies
    assert (one.sender, one.to, one.direction, one.status) == (
        NUMBER,
        ANN,
        Direction.OUTBOUND_REPLY,
        "queued",
    )
    assert one.status_callback == "https://example.com/status"
    assert (two.sender, two.to) == ("+12025550101", "+12025550198")
    advance(seconds=1)
    assert [item.body for item in world[InboxItems]] == ["Hello", "One", "Two"]


def test_an_answer_to_nothing_is_refused(world: World) -> None:
    wish = ReplyToText(text="SM" + "0" * 32, messages=(TwimlReply(body="Hi"),))
    assert code_of(lambda: world.perform(wish)) == 20404


@pytest.mark.parametrize(
    ("url", "content_type"),
    [
        ("https://example.com/a.PNG?b=c.pdf", "image/png"),
        ("https://example.com/a.mp3#t=1", "audio/mpeg"),
        ("https://example.com/a", None),
    ],
)
def test_what_a_phone_sends_has_the_type_that_its_address_shows(
    world: World, url: str, content_type: str | None
) -> None:
    text = world.perform(
        SendFromHandset(
            address=ANN, to=NUMBER, media=(Enclosure(url=url), Enclosure(content_type="a/b"))
        )
    )
    assert [media.content_type for media in of(world, text.sid)] == [content_type, "a/b"]
