"""Webhook receivers that the scenario itself serves."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import Callable

import pytest

from twilio_emulator.scenarios.player.receivers import ReceiverReply, Receivers, reply
from twilio_emulator.scenarios.player.report import Report

Story = Callable[..., Report]

HEAD = """\
    receivers:
      app: []
    """
WATCH = """\
    - configuration.webhooks.update:
        post_webhook_url: ${app}
        filters: [onMessageAdded]
        method: POST
    """


def test_what_a_webhook_tells(story: Story) -> None:
    report = story(
        f"""{WATCH}
    - Ann texts: Hello
    - app receives: {{EventType: onMessageAdded, Body: Hello, Author: "${{Ann}}", signature: valid}}
      as: told
    - app receives nothing
    - conversations.messages.fetch: {{conversation: Parcel, message: "${{told.MessageSid}}"}}
      expect: {{body: Hello}}
    """,
        HEAD,
    )
    assert report.held, report.failure


def test_a_webhook_that_never_comes(story: Story) -> None:
    report = story(f"{WATCH}\n    - Ann texts: Hello\n    - app receives: {{Body: Bye}}\n", HEAD)

    assert report.failure is not None
    assert report.failure.expected == 'Body: "Bye" within 1 minute'
    assert report.failure.nearest is not None
    assert report.failure.nearest.endswith('Author=+12025550199: Body is "Hello", not "Bye"')


def test_a_webhook_that_should_not_come(story: Story) -> None:
    report = story(f"{WATCH}\n    - Ann texts: Hello\n    - app receives nothing\n", HEAD)
    assert not report.held


def test_a_receiver_that_hangs_holds_nothing_up(story: Story) -> None:
    report = story(
        f"""{WATCH}
    - app answers: hangs
    - Ann texts: Hello
    - Ben gets: Hello
    - app receives: {{Body: Hello}}
    """,
        HEAD,
    )
    assert report.held, report.failure


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("<Response/>", ReceiverReply(200, "<Response/>", "text/xml; charset=utf-8")),
        ("Thanks", ReceiverReply(200, "Thanks", "text/plain; charset=utf-8")),
        (503, ReceiverReply(503)),
        ("hangs", ReceiverReply(hangs=True)),
        ({"body": {"body": "x"}}, ReceiverReply(200, '{"body": "x"}', "application/json")),
        ({"status": 403, "content_type": "a/b"}, ReceiverReply(403, "", "a/b")),
    ],
)
def test_what_a_receiver_is_told_to_answer(said: object, meant: ReceiverReply) -> None:
    assert reply(said) == meant


async def ask(url: str, request: bytes) -> bytes:
    host, port = url.split("/")[2].split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request)
    answer = await reader.read(1000)
    writer.close()
    await writer.wait_closed()
    return answer


def test_answers_one_after_another_and_the_last_one_stays() -> None:
    async def run() -> list[bytes]:
        receivers = Receivers("token")
        url = await receivers.listen()
        app = receivers.expect("http://x.test", {"my app": ["One", 500]})["my app"]
        assert app.url == "http://x.test/my-app"
        request = b"GET /my-app?A=1 HTTP/1.1\r\n\r\n"
        answers = [await ask(url, request) for _ in range(3)]
        answers += [
            await ask(url, b"GET /other HTTP/1.1\r\n\r\n"),
            await ask(url, b"x\r\n"),
        ]
        assert [(each["A"], each["signature"]) for each in app.unclaimed] == [("1", "missing")] * 3
        await receivers.close()
        return answers

    answers = asyncio.run(run())
    assert [answer[:13] for answer in answers] == [
        b"HTTP/1.1 200 ",
        b"HTTP/1.1 500 ",
        b"HTTP/1.1 500 ",
        b"HTTP/1.1 404 ",
        b"",
    ]
    assert answers[0].endswith(b"One")


def test_a_body_that_is_no_form_is_kept_whole_and_a_wrong_signature_noticed() -> None:
    async def run() -> dict[str, object]:
        receivers = Receivers("token")
        url = await receivers.listen()
        app = receivers.expect(url, {"app": []})["app"]
        head = b"POST /app HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        answer = await ask(url, head + b"X-Twilio-Signature: x\r\n\r\n{}")
        assert answer.startswith(b"HTTP/1.1 204 ")
        await receivers.close()
        return app.unclaimed[0]

    kept = asyncio.run(run())
    assert (kept["body"], kept["signature"]) == ("{}", "wrong")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('{"type": "verified", "sid": "VL1"}', {"type": "verified", "sid": "VL1"}),
        ("[1]", {}),
        ("{", {}),
        ('{"eventType": "X", "data": 1}', {"eventType": "X", "data": 1}),
        (
            '{"eventType": "COMMUNICATION_CREATED", "timestamp": "T", "data": {"id": "c"}}',
            {"event": "COMMUNICATION_CREATED", "id": "c", "timestamp": "T"},
        ),
    ],
)
def test_json_is_known_by_its_keys_and_signed_by_its_digest(
    body: str, told: dict[str, object]
) -> None:
    async def run() -> list[dict[str, object]]:
        receivers = Receivers("token")
        app = receivers.expect("http://x.test", {"app": []})["app"]
        for digest in (hashlib.sha256(body.encode()).hexdigest(), "0"):
            target = f"/app?bodySHA256={digest}"
            signed = f"http://x.test{target}".encode()
            signature = base64.b64encode(hmac.new(b"token", signed, hashlib.sha1).digest()).decode()
            headers = [("Content-Type", "application/json"), ("X-Twilio-Signature", signature)]
            await receivers.take("POST", target, headers, body.encode())
        await receivers.close()
        return app.unclaimed

    good, forged = asyncio.run(run())
    assert good.items() >= told.items()
    assert (good["body"], good["signature"], forged["signature"]) == (body, "valid", "wrong")


LISTENING = """\
    scenario: A receiver that hangs
    receivers:
      app: <Response/>
      standby: <Response><Message>Later.</Message></Response>
    numbers:
      shop: {number: +12025550100, sms_url: app, sms_fallback_url: standby}
    people:
      Ann: +12025550199
    story:
      - app answers: hangs
      - Ann texts: Hello
      - standby receives: {From: Ann, To: shop, ErrorCode: "11200"}
        within: 1 hour
      - Ann gets: Later.
      - Ann texts: Again
      - wait: 1 hour
      - Ann gets: {body: Later., from: shop}
        within: 1 ms
      - messages.list: {from: shop, to: Ann}
        expect: {messages: {at least: 2, contains: [{date_sent: /09:00:3/}]}}
    """


def test_a_receiver_that_hangs_costs_its_limit_and_not_the_whole_wait(
    play: Callable[..., Report],
) -> None:
    report = play(LISTENING)
    assert report.held, report.failure and report.failure.lines()
    at = next(line.at for line in report.lines if line.who == "standby" and line.mark == "←")
    assert (at.hour, at.minute, at.second) == (9, 0, 15)
