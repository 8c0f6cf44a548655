"""The full story of a message, and webhooks once more."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.control.asking import ANN, BOB, NUMBER, Control
from twilio_emulator.control import messages
from twilio_emulator.core.senders.resources import PhoneNumbers

pytestmark = pytest.mark.anyio

LOGIN = ("AC00000000000000000000000000000001", "00000000000000000000000000000001")
MESSAGES = f"/2010-04-01/Accounts/{LOGIN[0]}/Messages.json"
SERVICE = "MG00000000000000000000000000000001"
TOKEN = "I-Twilio-Idempotency-Token"


@pytest.fixture
async def app(anyio_backend: str) -> AsyncIterator[str]:
    """An app that says yes to everything; answers its URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(line for line in head.splitlines() if line.startswith("Content-Length"))
        await reader.readexactly(int(length.partition(":")[2]))
        said = b"<Response><Message>Thanks</Message></Response>"
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"
        writer.write(answer % len(said) + said)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/sms"
    server.close()
    await server.wait_closed()


async def texted(control: Control, **said: str) -> str:
    answer = await control.client.post(MESSAGES, data={"To": ANN, **said}, auth=LOGIN)
    sid: str = answer.json()["sid"]
    return sid


def names(story: dict[str, object]) -> list[str]:
    """What a story's journal tells, in a word each."""
    entries = story["journal"]
    assert isinstance(entries, list)
    return [
        entry.get("command") or entry.get("event") or f"{entry['method']} {entry['status']}"
        for entry in entries
    ]


async def test_the_story_of_a_text(control: Control) -> None:
    other = await texted(control, From=NUMBER, Body="another")
    sid = await texted(control, MessagingServiceSid=SERVICE, Body="Zoé ☀️")
    await control.ask("POST", "/clock", {"advance": 5})
    story = await control.ask("GET", f"/messages/{sid}")
    assert (story["kind"], story["status"], story["from"]) == ("text", "delivered", NUMBER)
    assert story["trace"][0].startswith("2 of the pool can send sms to US")
    assert story["segments"] == [{"n": 1, "text": "Zoé ☀️", "encoding": "UCS-2"}]
    assert names(story) == [
        "CreateText",
        "TextCreated",
        "POST 201",
        *["TextStatusChanged"] * 3,
        "HandsetReceived",
        "TextStatusChanged",
    ]
    assert other not in str(story)


async def test_the_story_of_a_message_in_a_conversation(control: Control) -> None:
    create = await control.client.post("/v1/Conversations", data={}, auth=LOGIN)
    url = f"/v1/Conversations/{create.json()['sid']}"
    binding = {"MessagingBinding.Address": ANN, "MessagingBinding.ProxyAddress": NUMBER}
    await control.client.post(f"{url}/Participants", data=binding, auth=LOGIN)
    posted = await control.client.post(f"{url}/Messages", data={"Body": "hello"}, auth=LOGIN)
    await control.ask("POST", "/clock", {"advance": 5})
    story = await control.ask("GET", f"/messages/{posted.json()['sid']}")
    assert (story["kind"], story["author"], story["body"]) == ("message", "system", "hello")
    (receipt,) = story["receipts"]
    assert (receipt["address"], receipt["status"]) == (ANN, "delivered")
    assert names(story)[:3] == ["PostMessage", "MessageAdded", "POST 201"]
    text = await control.ask("GET", f"/messages/{receipt['text_sid']}")
    assert text["message_sid"] == story["sid"]


async def test_there_is_no_story_of_nothing(control: Control) -> None:
    message = await control.mistake("GET", "/messages/SM1", status=404)
    assert message == "path message: there is no message SM1"


async def test_a_webhook_is_sent_once_more(control: Control, app: str) -> None:
    number = next(n for n in control.default.world[PhoneNumbers] if n.address == NUMBER)
    path = f"/2010-04-01/Accounts/{LOGIN[0]}/IncomingPhoneNumbers/{number.sid}.json"
    await control.client.post(path, data={"SmsUrl": app}, auth=LOGIN)
    said = {"to": NUMBER, "body": "hi & bye"}
    sent = await control.ask("POST", f"/handsets/{ANN}/messages", said, status=201, wait="webhook")
    (webhook,) = (await control.ask("GET", "/webhooks", event="inbound text"))["webhooks"]
    assert (webhook["subject"], webhook["status"]) == (sent["message_sid"], 200)
    story = await control.ask("GET", f"/messages/{sent['message_sid']}")
    decision, exchange, reply = (e for e in story["journal"] if e["kind"].startswith("webhook"))
    assert (decision["sent"], exchange) == (True, webhook)
    assert [(verb["verb"], verb["body"]) for verb in reply["verbs"]] == [("Message", "Thanks")]
    replied, answer = story["journal"][-2:]
    assert (replied["command"], answer["event"]) == ("ReplyToText", "TextCreated")
    assert answer["fields"]["text"]["body"] == "Thanks"

    again = await control.ask("POST", f"/webhooks/{webhook['seq']}/replay", status=201)
    (replayed,) = again["webhooks"]
    assert (replayed["body"], replayed["signed"]) == (webhook["body"], webhook["signed"])
    assert replayed["seq"] > webhook["seq"]
    once, twice = (dict(each["headers"])[TOKEN] for each in (webhook, replayed))
    assert once != twice
    found = await control.ask("GET", "/webhooks", subject=sent["message_sid"])
    assert [each["seq"] for each in found["webhooks"]] == [webhook["seq"], replayed["seq"]]
    found = await control.ask("GET", "/webhooks", after=webhook["seq"], limit=1)
    assert found["webhooks"] == [replayed]
    assert (await control.ask("GET", "/webhooks", event="onMessageAdded"))["webhooks"] == []


async def test_a_receiver_gets_a_name(control: Control, app: str) -> None:
    root = app.removesuffix("/sms")
    for number in (1, 2):
        named = await control.ask("POST", "/receivers", {"url": root}, status=201)
        assert named == {"url": f"http://scenario-{number}.twilio-emulator.test"}
    await control.ask("PATCH", f"/numbers/{NUMBER}", {"sms_url": f"{named['url']}/sms"})
    for said in ("hi", "ho"):
        message = {"to": NUMBER, "body": said}
        await control.ask("POST", f"/handsets/{ANN}/messages", message, status=201, wait="webhook")
    webhooks = (await control.ask("GET", "/webhooks", event="inbound text"))["webhooks"]
    assert [each["status"] for each in webhooks] == [200, 200]
    assert root.partition("://")[2] not in json.dumps(webhooks)
    once, twice = (dict(each["headers"]) for each in webhooks)
    assert once["Host"] == "scenario-2.twilio-emulator.test"
    assert once[TOKEN] != twice[TOKEN]


@pytest.mark.parametrize("url", ["app", "http://x/sms", "ftp://x", "http://x:99999", "http://a b"])
async def test_where_nobody_can_listen(control: Control, url: str) -> None:
    message = await control.mistake("POST", "/receivers", {"url": url})
    assert message == "body url: expected one without a path, such as http://127.0.0.1:3000"


async def test_webhooks_that_are_not_there(control: Control) -> None:
    message = await control.mistake("POST", "/webhooks/1/replay", status=404)
    assert message == "path webhook: there is no webhook 1"
    assert "limit: expected 1 or more" in await control.mistake("GET", "/webhooks", limit=0)


async def test_what_was_asked_and_answered_is_in_the_journal(control: Control) -> None:
    seq = control.default.gate.log.number
    await texted(control, From=NUMBER, Body="hi & bye")
    key = f"/2010-04-01/Accounts/{LOGIN[0]}/Keys.json"
    made = await control.client.post(key, data={"FriendlyName": "mine"}, auth=LOGIN)
    credential = {"Type": "fcm", "Secret": "hush", "FriendlyName": "push"}
    await control.client.post("/v1/Credentials", data=credential, auth=LOGIN)
    template = {"language": "en", "types": {"twilio/text": {"body": "x"}}}
    content = "/content.twilio.com/v1/Content"
    await control.client.post(content, json=template, auth=LOGIN)
    await control.client.post("/v1/Conversations", content=b"\xff\xfe", auth=LOGIN)
    entries = (await control.ask("GET", "/journal", after=seq))["entries"]
    sent, key_made, pushed, templated, unread = (e for e in entries if e["kind"] == "request")
    assert sent["form"] == [["To", ANN], ["From", NUMBER], ["Body", "hi & bye"]]
    assert (sent["answer"]["status"], sent["answer"]["body"]) == ("queued", "hi & bye")
    assert key_made["answer"]["sid"] == made.json()["sid"]
    assert key_made["answer"]["secret"] == "(not shown)"
    assert ["Secret", "(not shown)"] in pushed["form"]
    assert templated["form"] == template
    assert unread["form"] is None

    seq = control.default.gate.log.number
    await control.client.get("/v1/Conversations", auth=LOGIN)
    await control.client.post("/v1/Conversations", data={"Attributes": "x" * 20_000}, auth=LOGIN)
    read, long = (await control.ask("GET", "/journal", after=seq))["entries"][-2:]
    assert "answer" not in read
    assert "form" not in long
    assert long["answer"]["status"] == 400


async def test_the_newest_texts_are_listed_whole(control: Control) -> None:
    first = await texted(control, From=NUMBER, Body="a" * 200)
    second = await texted(control, From=NUMBER, Body="b")
    listed = await control.ask("GET", "/messages")
    assert [each["sid"] for each in listed["messages"]] == [second, first]
    assert (listed["messages"][1]["to"], listed["messages"][1]["body"]) == (ANN, "a" * 200)
    assert listed["total"] == 2
    assert "next" not in listed
    assert "limit" in await control.mistake("GET", "/messages", limit=0)


async def test_all_texts_are_reached_page_by_page(control: Control) -> None:
    sent = [control.text(f"number {n}") for n in range(7)]
    page = await control.ask("GET", "/messages", limit=3)
    assert await control.sids(page, "messages") == sent[::-1]
    assert len(page["messages"]) == 3
    said = await control.mistake("GET", "/messages", cursor="x")
    assert said == "query cursor: expected what `next` says, not 'x'"


async def test_texts_are_searched_however_many_there_are(
    control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    await control.ask("PUT", f"/handsets/{ANN}", {"label": "Ann Baker"})
    first = control.text("The Parcel is here")
    for n in range(9):
        control.text(f"noise {n}", to=BOB)

    async def found(**wish: Any) -> list[str]:
        page = await control.ask("GET", "/messages", **wish)
        return await control.sids(page, "messages")

    assert await found(contains="PARCEL here") == [first]
    assert await found(contains="baker") == [first]
    assert await found(contains=first.lower()) == [first]
    assert await found(to=ANN, channel="sms", direction="outbound-api") == [first]
    assert await found(to=ANN.replace("+", " "), channel="whatsapp") == []
    assert await found(**{"from": ANN}) == []
    assert await found(contains="parcel van") == []
    # Whoever finds little is not waited for: the next page goes on looking.
    monkeypatch.setattr(messages, "LOOKED_AT", 4)
    page = await control.ask("GET", "/messages", contains="parcel")
    assert page["messages"] == []
    assert await control.sids(page, "messages") == [first]
