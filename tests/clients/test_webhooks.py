"""Webhooks as an app gets them, judged by Twilio's own validator; its TwiML reaches the handset."""

import http.server
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import pytest
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

from twilio_emulator import Emulator, Settings
from twilio_emulator.server.serving import Serving

ANN = "+12025550199"


@dataclass
class App:
    """A web app that hears of webhooks and answers texts."""

    url: str = ""
    heard: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    answers: dict[str, tuple[int, str]] = field(default_factory=dict)

    def of(self, path: str) -> list[dict[str, str]]:
        """The parameters of what came to a path."""
        return [parameters for at, parameters, _ in self.heard if at == path]


@pytest.fixture
def app() -> Iterator[App]:
    app = App()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            parameters = dict(parse_qsl(body, keep_blank_values=True))
            app.heard.append((self.path, parameters, self.headers["X-Twilio-Signature"]))
            status, answer = app.answers.get(self.path, (204, ""))
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(answer.encode())))
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        app.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield app
        server.shutdown()
        thread.join(60)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Serving(Settings(port=0), os.environ) as serving:
        yield serving.local_url


@pytest.fixture
def emulator(url: str) -> Iterator[Emulator]:
    with Emulator(url=url, account={"clock": "frozen"}) as emulator:
        yield emulator


def test_callbacks_and_webhooks_are_signed_as_twilio_signs_them(
    emulator: Emulator, app: App
) -> None:
    client = emulator.client()
    client.conversations.v1.configuration.webhooks().update(
        post_webhook_url=f"{app.url}/conversations?tenant=7",
        filters=["onMessageAdded", "onDeliveryUpdated", "onParticipantAdded"],
        method="POST",
    )
    ann = emulator.handset(ANN)
    client.messages.create(
        to=ANN, from_=emulator.number, body="Hello", status_callback=f"{app.url}/status"
    )
    assert ann.wait().body == "Hello"
    emulator.clock.advance(1)
    conversation = client.conversations.v1.conversations.create()
    conversation.participants.create(
        messaging_binding_address=ANN,
        messaging_binding_proxy_address=emulator.number,
        x_twilio_webhook_enabled="true",
    )
    conversation.messages.create(
        author="alice", body="Grüße & 100 %", x_twilio_webhook_enabled="true"
    )
    assert ann.wait().body == "Grüße & 100 %"
    ann.send("Thank you!")
    emulator.clock.advance(1)

    assert [each["MessageStatus"] for each in app.of("/status")] == ["sent", "delivered"]
    told = app.of("/conversations?tenant=7")
    assert [each["EventType"] for each in told][:2] == ["onParticipantAdded", "onMessageAdded"]
    assert [each["Body"] for each in told if each["EventType"] == "onMessageAdded"] == [
        "Grüße & 100 %",
        "Thank you!",
    ]
    validator = RequestValidator(emulator.auth_token)
    for path, parameters, signature in app.heard:
        assert validator.validate(f"{app.url}{path}", parameters, signature)
        assert not validator.validate(f"{app.url}{path}x", parameters, signature)
    assert len(emulator.webhooks) == len(app.heard)
    assert {each["status"] for each in emulator.webhooks} == {204}


def test_the_reply_to_a_text_comes_back_to_the_handset(emulator: Emulator, app: App) -> None:
    response = MessagingResponse()
    response.message("First <things> first")
    response.message("Then the rest")
    app.answers["/sms"] = (200, str(response))
    client = emulator.client()
    (number,) = client.incoming_phone_numbers.list(phone_number=emulator.number)
    number.update(sms_url=f"{app.url}/sms")
    ann = emulator.handset(ANN)
    ann.send("Hello?")
    assert [item.body for item in ann.wait(count=2)] == ["First <things> first", "Then the rest"]
    (told,) = app.of("/sms")
    assert (told["From"], told["To"], told["Body"]) == (ANN, emulator.number, "Hello?")


@pytest.mark.parametrize(
    ("status", "answer", "code"),
    [(500, "", 11200), (200, "no TwiML at all", 12100)],
)
def test_an_app_that_answers_nonsense_breaks_nothing_and_the_journal_says_why(
    emulator: Emulator, app: App, status: int, answer: str, code: int
) -> None:
    app.answers["/sms"] = (status, answer)
    client = emulator.client()
    (number,) = client.incoming_phone_numbers.list(phone_number=emulator.number)
    number.update(sms_url=f"{app.url}/sms")
    ann = emulator.handset(ANN)
    ann.send("Hello?")
    emulator.clock.advance(1)
    assert [each["status"] for each in emulator.webhooks] == [status]
    (alert,) = [each for each in emulator.journal.of("event") if each["event"] == "AlertRaised"]
    assert alert["fields"]["alert"]["error_code"] == code
    assert client.messages.list()[0].body == "Hello?"
