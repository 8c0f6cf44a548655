"""Conversations by the control API: looked into, and taken part in as an identity or by hand.

The rules of this file:

- A conversation is found by its sid alone, whatever its service.
- Who speaks as an identity that is in the conversation does what its client SDK would do; anybody
  else's words are posted as by REST, with webhooks.
"""

from collections.abc import Iterator
from itertools import product

from twilio_emulator.control.conversations import look
from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply, json_reply
from twilio_emulator.control.listing import More, Paged, check_limit, following, place_of, take
from twilio_emulator.control.phones.handset_messages import Attachment, content_of
from twilio_emulator.control.pieces import listed
from twilio_emulator.control.routes import Control, Controls, Fields, Place, Whole
from twilio_emulator.core.conversations import participants
from twilio_emulator.core.conversations.conversations import (
    AddConversation,
    RemoveConversation,
    UpdateConversation,
)
from twilio_emulator.core.conversations.media import UploadMedia
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import (
    AddParticipant,
    RemoveParticipant,
    UpdateParticipant,
)
from twilio_emulator.core.conversations.resources import (
    AccountConfigurations,
    Conversation,
    Conversations,
    Message,
    Messages,
    Services,
    State,
)
from twilio_emulator.core.kernel.indexes import Joined
from twilio_emulator.core.kernel.indexes import Place as Rank
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import LOUD, Origin, Source, World
from twilio_emulator.runtime.uploads import Files


class ConversationFields(Fields):
    """What a new conversation is called, and in which service it is.

    Attributes:
        friendly_name: for people.
        unique_name: for programs.
        service_sid: the conversation service (IS); the default one unless given.
    """

    friendly_name: str | None = None
    unique_name: str | None = None
    service_sid: str | None = None


class ParticipantFields(Fields):
    """Somebody to be added: an identity, or a phone and the number that it knows us by.

    Attributes:
        identity: of a chat client.
        address: of a phone, with its channel.
        proxy_address: the number of the account that the phone writes to.
        projected_address: of a group text: the number that an identity has there.
    """

    identity: str | None = None
    address: str | None = None
    proxy_address: str | None = None
    projected_address: str | None = None


class Saying(Fields):
    """What somebody says.

    Attributes:
        author: an identity that is in the conversation does what its client SDK would do; anybody
            else is quoted, as by REST.
        body: the words.
        attributes: JSON of the app's own.
        media: files that go with it, each with its `base64`.
    """

    author: str | None = None
    body: str | None = None
    attributes: str | None = None
    media: tuple[Attachment, ...] = ()


class MessagesByIndex(Fields):
    """Which messages.

    Attributes:
        after: those behind the one with this index.
        before: those before the one with this index.
        limit: the newest so many of these.
    """

    after: Whole = -1
    before: Whole | None = None
    limit: Whole | None = None


class ReadHorizon(Fields):
    """How far somebody has read.

    Attributes:
        index: of the last message; the newest unless given.
    """

    index: Whole | None = None


class ConversationList(More):
    """Conversations, the one that was in use last first."""

    conversations: list[look.ListedConversation]


class MessageList(More):
    """Messages of a conversation, oldest first."""

    messages: list[look.SaidMessage]


CONVERSATION = {
    "conversation": Place(words="The conversation's sid (CH).", example="CH" + "3" * 32)
}
PARTICIPANT = CONVERSATION | {
    "participant": Place(words="The participant's sid (MB), or an identity.", example="alice")
}


def declare(controls: Controls, files: Files) -> None:
    """Declare the calls of this file; `files` keeps what is attached."""
    controls.group("conversations", "Conversations as people look at them, whoever is in them.")

    @controls.on(
        "GET",
        "/conversations",
        "list_conversations",
        "Conversations of all services, the one that was in use last first.",
        query=Paged,
        gives=ConversationList,
        examples=({"limit": 10},),
    )
    async def list_conversations(control: Control) -> Reply:
        wish, world = control.query(Paged), control.hosted.world
        places = _by_activity(world, place_of(wish.cursor))
        held, more = take(control, places, world[Conversations].__getitem__, wish.limit)
        return listed("conversations", held, lambda each: look.in_list(world, each), more)

    @controls.on(
        "POST",
        "/conversations",
        "open_conversation",
        "Opens a conversation.",
        body=ConversationFields,
        gives=look.ShownConversation,
        status=201,
        examples=({"friendly_name": "Order 17"},),
    )
    async def open_conversation(control: Control) -> Reply:
        wish = control.body(ConversationFields)
        defaults = control.hosted.world[AccountConfigurations][control.account_sid]
        opened = await control.hosted.gate.perform(
            AddConversation(
                service=wish.service_sid or defaults.default_chat_service_sid,
                friendly_name=wish.friendly_name,
                unique_name=wish.unique_name,
            ),
            LOUD,
        )
        return json_reply(look.conversation(control.hosted.world, opened), 201)

    @controls.on(
        "GET",
        "/conversations/{conversation}",
        "show_conversation",
        "A conversation with its participants, its timers and its webhooks.",
        places=CONVERSATION,
        gives=look.ShownConversation,
    )
    async def show_conversation(control: Control) -> Reply:
        return json_reply(look.conversation(control.hosted.world, _find(control)))

    @controls.on(
        "PATCH",
        "/conversations/{conversation}",
        "change_conversation",
        "Changes what a conversation shows, its state, or its timers.",
        places=CONVERSATION,
        body=UpdateConversation,
        without=("service", "conversation"),
        choices={"state": tuple(State)},
        gives=look.ShownConversation,
        examples=({"state": "closed"}, {"timers_inactive": "PT1H"}),
    )
    async def change_conversation(control: Control) -> Reply:
        found = _find(control)
        command = control.command(
            UpdateConversation, service=found.service_sid, conversation=found.sid
        )
        changed = await control.hosted.gate.perform(command, LOUD)
        return json_reply(look.conversation(control.hosted.world, changed))

    @controls.on(
        "DELETE",
        "/conversations/{conversation}",
        "remove_conversation",
        "Removes a conversation, with all that is in it.",
        places=CONVERSATION,
    )
    async def remove_conversation(control: Control) -> Reply:
        found = _find(control)
        command = RemoveConversation(service=found.service_sid, conversation=found.sid)
        await control.hosted.gate.perform(command, LOUD)
        return NOTHING

    _declare_members(controls)
    _declare_messages(controls, files)


def _declare_members(controls: Controls) -> None:
    @controls.on(
        "POST",
        "/conversations/{conversation}/participants",
        "add_participant",
        "Adds somebody to a conversation: an identity, or a phone.",
        places=CONVERSATION,
        body=ParticipantFields,
        gives=look.ShownParticipant,
        status=201,
        examples=(
            {"identity": "dora"},
            {"address": "+12025550177", "proxy_address": "+12025550100"},
        ),
    )
    async def add(control: Control) -> Reply:
        found, wish = _find(control), control.body(ParticipantFields)
        added = await control.hosted.gate.perform(
            AddParticipant(
                service=found.service_sid,
                conversation=found.sid,
                identity=wish.identity,
                messaging_binding_address=wish.address,
                messaging_binding_proxy_address=wish.proxy_address,
                messaging_binding_projected_address=wish.projected_address,
            ),
            LOUD,
        )
        return json_reply(look.participant(control.hosted.world, added), 201)

    @controls.on(
        "DELETE",
        "/conversations/{conversation}/participants/{participant}",
        "remove_participant",
        "Takes somebody out of a conversation.",
        places=PARTICIPANT,
    )
    async def remove(control: Control) -> Reply:
        found = _find(control)
        command = RemoveParticipant(
            service=found.service_sid,
            conversation=found.sid,
            participant=control.said["participant"],
        )
        await control.hosted.gate.perform(command, LOUD)
        return NOTHING

    @controls.on(
        "POST",
        "/conversations/{conversation}/participants/{participant}/read",
        "read_conversation",
        "Lets somebody have read the messages of a conversation.",
        places=PARTICIPANT,
        body=ReadHorizon,
        gives=look.ShownParticipant,
        examples=({}, {"index": 0}),
    )
    async def read(control: Control) -> Reply:
        found, wish = _find(control), control.body(ReadHorizon)
        index = found.last_message_index if wish.index is None else wish.index
        reader = participants.find(control.hosted.world, found, control.said["participant"])
        command = UpdateParticipant(
            service=found.service_sid,
            conversation=found.sid,
            participant=reader.sid,
            last_read_message_index=str(index or 0),
        )
        changed = await control.hosted.gate.perform(command, LOUD)
        return json_reply(look.participant(control.hosted.world, changed))


def _declare_messages(controls: Controls, files: Files) -> None:
    @controls.on(
        "GET",
        "/conversations/{conversation}/messages",
        "list_conversation_messages",
        "The messages of a conversation, oldest first.",
        places=CONVERSATION,
        query=MessagesByIndex,
        gives=MessageList,
        examples=({"limit": 10},),
    )
    async def list_messages(control: Control) -> Reply:
        found, wish = _find(control), control.query(MessagesByIndex)
        check_limit(wish.limit)
        world, more = control.hosted.world, More()
        before = None if wish.before is None else (wish.before, "")
        shown: list[Message] = []
        for index, sid in world[Messages].by_conversation.of(found.sid).downward(before):
            if index <= wish.after:
                break
            if len(shown) == wish.limit:
                more = following(control, before=shown[-1].index)
                break
            shown.append(world[Messages][sid])
        shown.reverse()
        return listed("messages", shown, lambda each: look.message(world, each), more)

    @controls.on(
        "POST",
        "/conversations/{conversation}/messages",
        "say_in_conversation",
        "Says something in a conversation.",
        places=CONVERSATION,
        body=Saying,
        gives=look.SaidMessage,
        status=201,
        examples=({"author": "alice", "body": "How can I help?"},),
    )
    async def say(control: Control) -> Reply:
        found, wish = _find(control), control.body(Saying)
        world, gate = control.hosted.world, control.hosted.gate
        origin = _origin(world, found, wish.author)
        command = PostMessage(
            service=found.service_sid,
            conversation=found.sid,
            author=wish.author,
            body=wish.body,
            attributes=wish.attributes,
        )
        if wish.media:  # what cannot be said must not leave its files behind
            world.check(replace(command, body=wish.body or " "), origin)
        contents = [(file, *content_of(file)) for file in wish.media]
        uploaded = []
        with files.keeping() as keep:
            for file, content_type, content in contents:
                upload = UploadMedia(
                    service=found.service_sid,
                    content_type=content_type,
                    size=len(content),
                    digest=keep(content),
                    filename=file.filename,
                    author=wish.author,
                )
                uploaded.append((await gate.perform(upload, origin)).sid)
        said = await gate.perform(replace(command, media_sid=tuple(uploaded)), origin)
        return json_reply(look.message(world, said), 201)


def _by_activity(world: World, after: Rank | None) -> Iterator[Rank]:
    """The conversations of all services, the one that was in use last first."""
    order = world[Conversations].by_activity
    groups = product((service.sid for service in world[Services]), State)
    return Joined(map(order.of, groups)).downward(after)


def _find(control: Control) -> Conversation:
    """The conversation that a path names.

    Raises:
        Mistaken: there is no such conversation.
    """
    sid = control.said["conversation"]
    found = control.hosted.world[Conversations].get(sid)
    if found is None:
        raise Mistaken(f"path conversation: there is no conversation {sid}", 404)
    return found


def _origin(world: World, conversation: Conversation, author: str | None) -> Origin:
    """The author's origin: a client SDK, or a REST call for other authors."""
    speaker = participants.speaking_as(world, conversation, author or "")
    if speaker is not None and speaker.is_chat:
        return Origin(source=Source.SDK, identity=author)
    return LOUD
