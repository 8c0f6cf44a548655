import json
from collections.abc import Callable

import pytest

from tests.core.conftest import Told
from twilio_emulator.core.content.templates import AddContent, ChangeApproval
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.buttons import MessageButton, buttons, press
from twilio_emulator.core.messaging.inbound import TextReceived
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.texts.media import TextMedia
from twilio_emulator.core.texts.text import Text, Texts

ACCOUNT = "AC00000000000000000000000000000001"
SERVICE = "IS00000000000000000000000000000001"
ANN = "+12025550199"
NUMBER = "+12025550100"
SENDER = "whatsapp:+14155238886"
Send = Callable[..., Text]
Advance = Callable[..., None]
Make = Callable[..., str]

QUESTION = {
    "twilio/quick-reply": {
        "body": "Order {{1}} is ready",
        "actions": [
            {"type": "QUICK_REPLY", "title": "Pick up", "id": "pickup"},
            {"title": "Later"},
        ],
    },
    "twilio/text": {"body": "Order {{1}} is ready, answer 1 or 2"},
}
PICTURE = {"twilio/media": {"body": "Look", "media": ["https://example.com/{{1}}.png"]}}
LIST = {
    "twilio/list-picker": {
        "body": "Which?",
        "button": "All",
        "items": [{"id": "a", "item": "Apple", "description": "red"}, {"id": "b", "item": "Pear"}],
    }
}
LINKS = {
    "twilio/call-to-action": {
        "body": "See",
        "actions": [{"type": "URL", "title": "Open", "url": "https://example.com"}],
    }
}


@pytest.fixture
def make(world: World) -> Make:
    """Make a template; answers its sid."""

    def make(types: dict[str, object], **fields: str) -> str:
        wish = AddContent(account=ACCOUNT, language="en", types=json.dumps(types), **fields)
        return str(world.perform(wish).sid)

    return make


@pytest.fixture
def whatsapp(world: World, send: Send, advance: Advance) -> Callable[..., Text]:
    """Send Ann a template by WhatsApp, and let it arrive."""

    def whatsapp(sid: str, **fields: object) -> Text:
        text = send(to=f"whatsapp:{ANN}", from_=SENDER, body=None, content_sid=sid, **fields)
        advance(seconds=1)
        return world[Texts][text.sid]

    return whatsapp


def test_sms_shows_the_text_of_a_template(make: Make, send: Send) -> None:
    text = send(
        body="not this",
        media_url=("https://example.com/nor-this.png",),
        content_sid=make(QUESTION),
        content_variables='{"1":"7"}',
    )
    assert (text.body, text.channel, text.num_media) == (
        "Order 7 is ready, answer 1 or 2",
        "sms",
        0,
    )
    assert text.content is not None
    assert text.content.type == "twilio/text"


def test_sms_takes_the_media_of_the_media_type(world: World, make: Make, send: Send) -> None:
    text = send(body=None, content_sid=make(PICTURE), content_variables='{"1":"a"}')
    assert (text.sid[:2], text.channel, text.body, text.num_media) == ("MM", "mms", "Look", 1)
    (media,) = world[TextMedia]
    assert media.url == "https://example.com/a.png"


def test_what_a_template_says_itself_fills_in(make: Make, send: Send) -> None:
    text = send(body=None, content_sid=make(QUESTION, variables='{"1":"0"}'))
    assert text.body == "Order 0 is ready, answer 1 or 2"


@pytest.mark.parametrize(
    "variables",
    [
        "",
        "null",
        "{",
        "[]",
        "'1'",
        "{'1': '7'}",
        '{"1":2}',
        '{"1":null}',
        '{"1":["7"]}',
        '{"1":{"2":"7"}}',
        '{"1":""}',
        '{"1":"7","unused":""}',
        '{"1":"a\\nb"}',
        '{"1":"a\\tb"}',
        '{"1":"a     b"}',
    ],
)
@pytest.mark.parametrize("channel", ["", "whatsapp:"])
def test_variables_have_to_be_texts(make: Make, send: Send, variables: str, channel: str) -> None:
    """Every cause that https://www.twilio.com/docs/api/errors/21656 lists."""
    by = {"to": channel + ANN, "from_": SENDER if channel else NUMBER}
    with pytest.raises(Refused) as refused:
        send(body=None, content_sid=make(QUESTION), content_variables=variables, **by)
    assert refused.value.code == 21656


@pytest.mark.parametrize("body", ["Hi {{name}", "Hi {{name", "Hi {{}}", "Hi {{ }}"])
@pytest.mark.parametrize("variables", [None, '{"1":"7"}'])
def test_placeholders_have_to_be_well_formed(
    make: Make, send: Send, body: str, variables: str | None
) -> None:
    sid = make({"twilio/text": {"body": body}, "twilio/media": {"media": []}})
    with pytest.raises(Refused) as refused:
        send(body=None, content_sid=sid, content_variables=variables)
    assert refused.value.code == 21656


def test_an_empty_value_of_the_templates_own_is_none(make: Make, send: Send) -> None:
    with pytest.raises(Refused) as refused:
        send(body=None, content_sid=make(QUESTION, variables='{"1":""}'))
    assert refused.value.code == 21656
    unused = make(QUESTION, variables='{"1":"0","2":""}')
    assert send(body=None, content_sid=unused).body.startswith("Order 0")


def test_what_is_not_in_a_body_may_have_new_lines(make: Make, send: Send) -> None:
    types = {"twilio/text": {"body": "Hi"}, "twilio/card": {"title": "{{1}}"}}
    assert send(body=None, content_sid=make(types), content_variables='{"1":"a\\nb"}').body == "Hi"
    spaced = send(body=None, content_sid=make(QUESTION), content_variables='{"1":"a    b"}')
    assert spaced.body.startswith("Order a    b")


def test_a_template_is_its_accounts_own(world: World, make: Make, send: Send) -> None:
    with pytest.raises(Refused) as refused:
        send(body=None, content_sid="HX" + "0" * 32)
    assert refused.value.code == 21655


def test_whatsapp_shows_buttons(world: World, make: Make, whatsapp: Callable[..., Text]) -> None:
    text = whatsapp(make(QUESTION), content_variables='{"1":"7"}')
    item = world[InboxItems][text.sid]
    assert item.body == "Order 7 is ready, answer 1 or 2"
    assert buttons(item) == (
        MessageButton(id="pickup", title="Pick up", kind="QUICK_REPLY"),
        MessageButton(id="Later", title="Later", kind="QUICK_REPLY"),
    )


@pytest.mark.parametrize(("approved", "kind"), [(False, "interactive"), (True, "button")])
def test_pressing_a_button_says_its_title(
    world: World,
    told: Told,
    make: Make,
    whatsapp: Callable[..., Text],
    approved: bool,
    kind: str,
) -> None:
    sid = make(QUESTION)
    if approved:
        world.perform(ChangeApproval(account=ACCOUNT, content=sid, status="approved"))
    text = whatsapp(sid, content_variables='{"1":"7"}')
    wish = press(world, ANN, text.sid, "pickup")
    assert wish is not None
    assert press(world, ANN, text.sid, "Pick up") == wish
    reply = world.perform(wish)
    assert (reply.body, reply.sender, reply.to) == ("Pick up", f"whatsapp:{ANN}", SENDER)
    assert told.of(TextReceived) == [TextReceived(text=reply)]
    parameters = dict(reply.parameters)
    assert parameters["MessageType"] == kind
    assert parameters["ButtonText"] == "Pick up"
    assert parameters["ButtonPayload"] == "pickup"
    assert parameters["ButtonType"] == "REPLY"
    assert parameters["OriginalRepliedMessageSid"] == text.sid


def test_choosing_from_a_list_says_what_was_chosen(
    world: World, make: Make, whatsapp: Callable[..., Text]
) -> None:
    text = whatsapp(make(LIST))
    for choice, listed in (("a", ("a", "Apple", "red")), ("Pear", ("b", "Pear", ""))):
        wish = press(world, ANN, text.sid, choice)
        assert wish is not None
        said = dict(world.perform(wish).parameters)
        assert said["MessageType"] == "interactive"
        assert (said["ListId"], said["ListTitle"], said["ListDescription"]) == listed


def test_a_button_that_opens_a_page_says_nothing(
    world: World, make: Make, whatsapp: Callable[..., Text]
) -> None:
    text = whatsapp(make(LINKS))
    assert press(world, ANN, text.sid, "Open") is None


@pytest.mark.parametrize("actions", ["none", ["odd"], None])
def test_a_template_that_makes_no_sense_has_no_buttons(
    world: World, make: Make, whatsapp: Callable[..., Text], actions: object
) -> None:
    text = whatsapp(make({"twilio/quick-reply": {"body": "Hm", "actions": actions}}))
    assert buttons(world[InboxItems][text.sid]) == ()


def test_only_what_is_there_can_be_pressed(
    world: World, send: Send, advance: Advance, make: Make, whatsapp: Callable[..., Text]
) -> None:
    plain = send()
    advance(seconds=1)
    assert buttons(world[InboxItems][plain.sid]) == ()
    text = whatsapp(make(QUESTION))
    for item, button in ((plain.sid, "Pick up"), (text.sid, "Never"), ("SM1", "Pick up")):
        with pytest.raises(Refused) as refused:
            press(world, ANN, item, button)
        assert refused.value.status == 404


def test_a_template_in_a_conversation_shows_its_buttons_on_the_phone(
    world: World, make: Make, advance: Advance
) -> None:
    conversation = world.perform(AddConversation(service=SERVICE))
    world.perform(
        AddParticipant(
            service=SERVICE,
            conversation=conversation.sid,
            messaging_binding_address=f"whatsapp:{ANN}",
            messaging_binding_proxy_address=SENDER,
        )
    )
    world.perform(
        PostMessage(service=SERVICE, conversation=conversation.sid, content_sid=make(QUESTION))
    )
    advance(seconds=1)
    (item,) = world[InboxItems]
    assert [button.title for button in buttons(item)] == ["Pick up", "Later"]


def test_what_is_shown_survives_a_snapshot(
    world: World, make: Make, whatsapp: Callable[..., Text]
) -> None:
    text = whatsapp(make(QUESTION))
    snapshot = world.snapshot()
    world.restore(snapshot)
    assert world[Texts][text.sid] == text
