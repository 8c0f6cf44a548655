import json
from collections.abc import Callable

import pytest

from tests.core.conftest import ACCOUNT, ANN, NUMBER, Told
from tests.core.refused import code
from twilio_emulator.core.content.templates import AddContent, Content
from twilio_emulator.core.conversations import media
from twilio_emulator.core.conversations.conversations import AddConversation, RemoveConversation
from twilio_emulator.core.conversations.media import (
    KeepFile,
    Media,
    MediaDiscarded,
    MediaTable,
    MediaUploaded,
    UploadMedia,
)
from twilio_emulator.core.conversations.messages import PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import Conversation, Message, Messages, Receipts
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import Origin, Source, World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.texts.media import Enclosure, TextMedia
from twilio_emulator.core.texts.text import Text, Texts

SERVICE = "IS00000000000000000000000000000001"
WHATSAPP = "whatsapp:+14155238886"
Advance = Callable[..., None]


@pytest.fixture
def conversation(world: World) -> Conversation:
    made = world.perform(AddConversation(service=SERVICE))
    assert isinstance(made, Conversation)
    return made


def upload(world: World, content_type: str = "image/png", size: int = 3, **asked: str) -> Media:
    wish = UploadMedia(service=SERVICE, content_type=content_type, size=size, digest="d", **asked)
    made = world.perform(wish)
    assert isinstance(made, Media)
    return made


def posting(conversation: Conversation, **asked: object) -> PostMessage:
    return PostMessage(
        service=SERVICE,
        conversation=conversation.sid,
        **asked,  # type: ignore[arg-type]
    )


def post(world: World, conversation: Conversation, **asked: object) -> Message:
    made = world.perform(posting(conversation, **asked))
    assert isinstance(made, Message)
    return made


def add_phone(world: World, conversation: Conversation, whatsapp: bool = False) -> None:
    world.perform(
        AddParticipant(
            service=SERVICE,
            conversation=conversation.sid,
            messaging_binding_address=f"whatsapp:{ANN}" if whatsapp else ANN,
            messaging_binding_proxy_address=WHATSAPP if whatsapp else NUMBER,
        )
    )


def sent(world: World) -> tuple[Text, list[str | None]]:
    """The one text that went out, and the types of its files."""
    (text,) = world[Texts]
    files = world[TextMedia].all(world[TextMedia].by_text, text.sid)
    return text, [file.content_type for file in files]


def test_a_file_is_uploaded_and_sent(
    world: World, conversation: Conversation, told: Told, advance: Advance
) -> None:
    file = upload(world, filename="car.png", author="alice")
    assert (file.filename, file.author, file.category) == ("car.png", "alice", "media")
    assert told == [MediaUploaded(media=file)]
    said = post(world, conversation, media_sid=(file.sid, file.sid))
    assert said.body is None
    assert [each.sid for each in said.media] == [file.sid]
    kept = media.find(world, SERVICE, file.sid)
    assert (kept.conversation_sid, kept.message_sid) == (conversation.sid, said.sid)
    advance(minutes=6)
    assert told.of(MediaDiscarded) == []


def test_what_nobody_sends_is_discarded(world: World, told: Told, advance: Advance) -> None:
    file = upload(world)
    advance(minutes=5)
    assert told.of(MediaDiscarded) == [MediaDiscarded(media=file)]
    with pytest.raises(Refused, match="20404"):
        media.find(world, SERVICE, file.sid)


def test_who_uploads(world: World) -> None:
    wish = UploadMedia(service=SERVICE, content_type="a/b", size=1, digest="d", category="Body")
    file = world.perform(wish, Origin(source=Source.SDK, identity="alice"))
    assert (file.author, file.category) == ("alice", "body")


@pytest.mark.parametrize(
    ("asked", "expected"), [({"category": "x"}, 20001), ({"service": "IS" + "9" * 32}, 20404)]
)
def test_what_cannot_be_uploaded(world: World, asked: dict[str, str], expected: int) -> None:
    given = {"service": SERVICE, "content_type": "a/b", "size": 1, "digest": "d"} | asked
    assert code(world, UploadMedia(**given)) == expected  # type: ignore[arg-type]


def test_what_cannot_be_sent(world: World, conversation: Conversation) -> None:
    for sid, expected in (("", 50506), ("ME1", 50510), ("ME" + "9" * 32, 50507)):
        assert code(world, posting(conversation, media_sid=(sid,))) == expected
    typeless = upload(world, "png")
    assert code(world, posting(conversation, media_sid=(typeless.sid,))) == 50511
    large = [upload(world, size=100 * 1024 * 1024).sid for _ in range(2)]
    assert code(world, posting(conversation, media_sid=tuple(large))) == 50512
    post(world, conversation, media_sid=(large[0],))
    assert code(world, posting(conversation, media_sid=(large[0],))) == 50508


@pytest.mark.parametrize(
    ("content_type", "size", "whatsapp", "carried"),
    [
        ("image/png", 5 * 1024 * 1024 - 1, False, True),
        ("image/png", 5 * 1024 * 1024, False, False),
        ("application/pdf", 3, False, True),
        ("text/plain", 3, False, False),
        ("text/plain", 16 * 1024 * 1024, True, True),
        ("text/plain", 16 * 1024 * 1024 + 1, True, False),
    ],
)
def test_a_phone_gets_what_its_channel_carries(
    world: World,
    conversation: Conversation,
    content_type: str,
    size: int,
    whatsapp: bool,
    carried: bool,
) -> None:
    add_phone(world, conversation, whatsapp)
    post(world, conversation, media_sid=(upload(world, content_type, size).sid,))
    if carried:
        text, files = sent(world)
        assert (text.body, files) == ("", [content_type])
        assert text.channel == ("whatsapp" if whatsapp else "mms")
        (receipt,) = world[Receipts]
        assert receipt.text_sid == text.sid
    else:
        assert not len(world[Texts])
        assert not len(world[Receipts])


def test_a_file_that_cannot_go_leaves_the_text(world: World, conversation: Conversation) -> None:
    add_phone(world, conversation)
    post(world, conversation, body="Look", media_sid=(upload(world, "text/plain").sid,))
    text, files = sent(world)
    assert (text.body, text.channel, files) == ("Look", "sms", [])


def test_of_several_files_the_first_that_can_goes_alone(
    world: World, conversation: Conversation
) -> None:
    add_phone(world, conversation)
    sids = tuple(upload(world, each).sid for each in ("text/plain", "image/png", "image/jpeg"))
    said = post(world, conversation, body="Look", media_sid=sids)
    assert (said.body, len(said.media)) == ("Look", 3)
    text, files = sent(world)
    assert (text.body, files) == ("", ["image/png"])


def test_files_of_a_text_come_with_it(world: World, conversation: Conversation) -> None:
    add_phone(world, conversation)
    enclosures = (
        Enclosure(content_type="image/png", digest="d", size=3, filename="a.png"),
        Enclosure(url="https://example.com/b"),
    )
    world.perform(SendFromHandset(address=ANN, to=NUMBER, media=enclosures))
    (said,) = world[Messages]
    first, second = (media.find(world, SERVICE, each.sid) for each in said.media)
    assert (first.digest, first.filename, first.message_sid) == ("d", "a.png", said.sid)
    assert (second.url, second.content_type) == (
        "https://example.com/b",
        "application/octet-stream",
    )
    assert (first.author, first.conversation_sid) == (ANN, conversation.sid)


def test_files_go_with_their_message(world: World, conversation: Conversation) -> None:
    said = post(world, conversation, media_sid=(upload(world).sid,))
    world.perform(RemoveMessage(service=SERVICE, conversation=conversation.sid, message=said.sid))
    assert not len(world[MediaTable])
    post(world, conversation, media_sid=(upload(world).sid,))
    world.perform(RemoveConversation(service=SERVICE, conversation=conversation.sid))
    assert not len(world[MediaTable])


class TestTemplates:
    """Messages made from a content template."""

    def add(self, world: World, **types: object) -> Content:
        named = {f"twilio/{name.replace('_', '-')}": value for name, value in types.items()}
        made = world.perform(
            AddContent(
                account=ACCOUNT,
                language="en",
                types=json.dumps(named),
                variables='{"1": "you", "name": "Bob"}',
            )
        )
        assert isinstance(made, Content)
        return made

    def test_the_body_is_the_template_filled_in(
        self, world: World, conversation: Conversation
    ) -> None:
        content = self.add(world, text={"body": "Hi {{1}}, {{ name }} and {{2}}"})
        said = post(
            world,
            conversation,
            content_sid=content.sid,
            content_variables='{"1":"Ann"}',
            body="ignored",
            media_sid=("ignored",),
        )
        assert (said.body, said.content_sid) == ("Hi Ann, Bob and {{2}}", content.sid)

    def test_clients_get_the_richest_type_as_a_file(
        self, world: World, conversation: Conversation
    ) -> None:
        actions = [{"title": "To {{1}}", "id": "a"}]
        content = self.add(
            world,
            text={"body": "Hi"},
            quick_reply={"body": "Hi {{1}}", "actions": actions},
        )
        said = post(world, conversation, content_sid=content.sid)
        (shown,) = said.media
        assert shown.category == "body"
        assert shown.content_type == "application/x-vnd.com.twilio.rich.twilio.quick-reply"
        kept = media.find(world, SERVICE, shown.sid).content
        assert kept is not None
        assert json.loads(kept)["data"]["actions"] == [{"title": "To you", "id": "a"}]

    def test_phones_get_the_text_and_the_media(
        self, world: World, conversation: Conversation
    ) -> None:
        add_phone(world, conversation)
        url = "https://example.com/{{1}}.png"
        content = self.add(world, media={"body": "Look", "media": [url]})
        post(world, conversation, content_sid=content.sid)
        (text,) = world[Texts]
        assert (text.body, text.content_sid) == ("Look", content.sid)
        (file,) = world[TextMedia]
        assert file.url == "https://example.com/you.png"

    def test_a_place_has_its_name_for_a_text(
        self, world: World, conversation: Conversation
    ) -> None:
        content = self.add(world, location={"latitude": 1.5, "longitude": 2, "label": "Here"})
        assert post(world, conversation, content_sid=content.sid).body == "Here"
        nameless = self.add(world, location={"latitude": 1.5, "longitude": 2})
        assert post(world, conversation, content_sid=nameless.sid).body is None

    def test_what_cannot_be_made_from_a_template(
        self, world: World, conversation: Conversation
    ) -> None:
        content = self.add(world, text={"body": "Hi"})
        flows = self.add(world, flows={"body": "Hi"})
        many = json.dumps({str(number): "x" for number in range(101)})
        for asked, expected in (
            ({"content_sid": "HX1"}, 50526),
            ({"content_sid": "HX" + "9" * 32}, 50526),
            ({"content_sid": flows.sid}, 50542),
            ({"content_variables": "{}"}, 50528),
            ({"content_sid": content.sid, "content_variables": "{"}, 50527),
            ({"content_sid": content.sid, "content_variables": "[]"}, 50527),
            ({"content_sid": content.sid, "content_variables": '{"1": 1}'}, 50527),
            ({"content_sid": content.sid, "content_variables": many}, 50529),
            ({"content_sid": content.sid, "content_variables": " " * 32_769}, 50529),
            ({"content_sid": content.sid, "content_variables": f'{{"{"x" * 17}":""}}'}, 50540),
            ({"content_sid": content.sid, "content_variables": f'{{"1":"{"x" * 257}"}}'}, 50541),
        ):
            assert code(world, posting(conversation, **asked)) == expected


def test_a_file_whose_bytes_were_lost_is_fetched_again(world: World) -> None:
    file = upload(world, filename="cat.png")
    again = KeepFile(media=file.sid, content_type="image/png", size=7, digest="again")
    kept = world.perform(again)
    assert (kept.filename, kept.size, kept.digest) == ("cat.png", 7, "again")
    world.perform(again)
    assert code(world, KeepFile(media="ME0", content_type="x", size=1, digest="d")) == 20404
