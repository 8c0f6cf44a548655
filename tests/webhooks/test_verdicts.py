import json

import pytest

from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.messages import PostMessage, RemoveMessage
from twilio_emulator.core.conversations.participants import UpdateParticipant
from twilio_emulator.core.conversations.users import UpdateUser
from twilio_emulator.core.kernel.world import Command
from twilio_emulator.core.messaging.inbound import ReceiveText, SendFromHandset
from twilio_emulator.webhooks.conversations.pre_event_answers import judge
from twilio_emulator.webhooks.http import failures
from twilio_emulator.webhooks.http.exchange import WebhookResponse

POST = PostMessage(service="IS1", conversation="CH1", body="Hi")
TEXT = SendFromHandset(address="+12025550199", to="+12025550100", body="Hi")


def answer(body: str = "", status: int = 200) -> WebhookResponse:
    failure = None if status < 300 else failures.bad_status(status)
    return WebhookResponse(
        url="https://example.com/", status=status, body=body.encode(), failure=failure
    )


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_an_error_forbids(status: int) -> None:
    words = f"forbidden: answered {status}"

    assert judge(POST, "onMessageAdd", answer('{"body":"x"}', status)) == (None, words)
    assert judge(TEXT, "onMessageAdd", answer("", status)) == (
        SendFromHandset(address=TEXT.address, to=TEXT.to, body="Hi", dropped=True),
        words,
    )
    assert judge(ReceiveText(text="SM1"), "onConversationAdd", answer("", status)) == (
        ReceiveText(text="SM1", dropped=True),
        words,
    )


@pytest.mark.parametrize(
    ("got", "words"),
    [
        (answer(), "unchanged: empty answer"),
        (answer("", 204), "unchanged: empty answer"),
        (answer("{}"), "unchanged: the answer changes nothing"),
        (answer('{"friendly_name":"x","body":null}'), "unchanged: the answer changes nothing"),
        (answer("<Response/>"), "unchanged: the answer is not JSON"),
        (answer("[" * 100_000), "unchanged: the answer is not JSON"),
        (answer("[1]"), "unchanged: the answer is not a JSON object"),
        (answer('{"author":"x","body":{"a":1}}'), "unchanged: body is no string"),
        (answer('{"body":"\\ud83d"}'), "unchanged: body is no string"),
        (answer('{"body":"x"}', 300), "unchanged: answered 300, which is not followed"),
        (answer('{"body":"x"}', 302), "unchanged: answered 302, which is not followed"),
        (answer('{"body":"x"}', 399), "unchanged: answered 399, which is not followed"),
        (
            WebhookResponse(url="", failure=failures.no_answer(5)),
            "unchanged: no answer within 5 s",
        ),
    ],
)
def test_nothing_else_changes_it(got: WebhookResponse, words: str) -> None:
    assert judge(POST, "onMessageAdd", got) == (POST, words)


NAMES = ("friendly_name", "unique_name", "body", "author", "attributes", "role_sid")


@pytest.mark.parametrize(
    ("command", "event", "changed"),
    [
        (
            AddConversation(service="IS1"),
            "onConversationAdd",
            AddConversation(
                service="IS1", friendly_name="friendly_name!", attributes="attributes!"
            ),
        ),
        (
            POST,
            "onMessageAdd",
            PostMessage(
                service="IS1",
                conversation="CH1",
                body="body!",
                author="author!",
                attributes="attributes!",
            ),
        ),
        (
            UpdateParticipant(service="IS1", conversation="CH1", participant="MB1"),
            "onParticipantUpdate",
            UpdateParticipant(
                service="IS1", conversation="CH1", participant="MB1", attributes="attributes!"
            ),
        ),
        (
            TEXT,
            "onMessageAdd",
            SendFromHandset(
                address=TEXT.address,
                to=TEXT.to,
                body="Hi",
                rewritten_body="body!",
                rewritten_author="author!",
                rewritten_attributes="attributes!",
            ),
        ),
        (
            ReceiveText(text="SM1"),
            "onConversationAdd",
            ReceiveText(
                text="SM1",
                rewritten_friendly_name="friendly_name!",
                rewritten_conversation_attributes="attributes!",
            ),
        ),
    ],
)
def test_what_may_be_changed_and_nothing_more(
    command: Command, event: str, changed: Command
) -> None:
    body = json.dumps({name: f"{name}!" for name in NAMES})

    judged, words = judge(command, event, answer(body, 201))

    assert judged == changed
    assert words.startswith("changed: ")


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (RemoveMessage(service="IS1", conversation="CH1", message="IM1"), "onMessageRemove"),
        (UpdateUser(service="IS1", user="US1"), "onUserUpdate"),
    ],
)
def test_some_commands_can_only_be_forbidden(command: Command, event: str) -> None:
    body = json.dumps({name: f"{name}!" for name in NAMES})

    assert judge(command, event, answer(body))[0] == command


def test_an_empty_string_is_a_change() -> None:
    judged, words = judge(POST, "onMessageAdd", answer('{"body": ""}'))

    assert judged == PostMessage(service="IS1", conversation="CH1", body="")
    assert words == "changed: body"
