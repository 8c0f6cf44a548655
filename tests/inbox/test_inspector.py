"""What is behind a message: its story, its webhooks, and making it again."""

import http.server
import re
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from tests.inbox.console import Console

ANN = "+12025550199"


class App(http.server.BaseHTTPRequestHandler):
    """An app that thanks for what it got, and breaks when it is asked to."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        broken = form.get("Body") == ["break"]
        said = b"broken" if broken else b"<Response><Message>Thanks</Message></Response>"
        self.send_response(500 if broken else 200)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def app() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), App)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(60)
    server.server_close()


def test_an_inbound_text_its_webhook_and_the_reply(console: Console, app: str) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    console.open("/numbers")
    url = console.page.get_by_label(f"Webhook of {emulator.number}")
    url.fill(f"{app}/sms")
    url.press("Enter")
    expect(url).not_to_be_focused()

    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    phone = console.phone("Ann")
    phone.write("Is it open?")
    expect(phone.message("Thanks")).to_contain_text("delivered")
    phone.do("Is it open?", "Inspect this message")

    inspector = console.inspector()
    fires = inspector.locator("summary").filter(has_text="Webhook fires: inbound text")
    expect(fires).to_contain_text(f"sms_url of {emulator.number}")
    inspector.locator("summary").filter(has_text="Webhook 200: inbound text").click()
    parameters = inspector.get_by_role("table", name="Parameters")
    expect(parameters.get_by_role("row", name=f"From {ANN}")).to_be_visible()
    inspector.get_by_text("Signature base string", exact=True).click()
    expect(inspector.get_by_label("Signature base string")).to_contain_text(
        f"{app}/smsAccountSid{emulator.account_sid}"
    )
    inspector.get_by_text("Request headers").click()
    expect(inspector.get_by_role("row", name="X-Twilio-Signature")).to_be_visible()
    expect(inspector.get_by_label("Response", exact=True)).to_contain_text("<Message>Thanks")
    twiml = inspector.locator("summary").filter(has_text="TwiML")
    expect(twiml).to_contain_text("<Message> Thanks")
    twiml.click()
    expect(inspector.get_by_role("table", name="TwiML verb Message")).to_contain_text("Thanks")
    inspector.get_by_role("button", name="Replay").click()
    console.noted("Sent once more: answered 200")
    expect(inspector.locator("summary").filter(has_text="Webhook 200")).to_have_count(2)


def test_what_was_not_sent_and_why(console: Console) -> None:
    emulator = console.emulator
    client = emulator.client()
    client.conversations.v1.configuration.webhooks().update(
        post_webhook_url="http://127.0.0.1:1/", filters=["onMessageAdded"]
    )
    opened = client.conversations.v1.conversations.create()
    said = client.conversations.v1.conversations(opened.sid).messages.create(body="quiet")
    console.open(f"/conversations/{opened.sid}/messages/{said.sid}")
    entry = console.inspector().locator("summary").filter(has_text="Webhook not sent")
    expect(entry).to_contain_text("onMessageAdded")
    expect(entry).to_contain_text("X-Twilio-Webhook-Enabled")


def test_how_a_sender_was_chosen(console: Console) -> None:
    emulator = console.emulator
    sent = emulator.client().messages.create(
        to=ANN, messaging_service_sid=emulator.messaging_service_sid, body="Zoé ☀️ " * 20
    )
    console.open(f"/messages/{sent.sid}")
    inspector = console.inspector()
    expect(inspector).to_contain_text("Why this sender")
    expect(inspector.get_by_text("2 of the pool can send sms to US")).to_be_visible()
    expect(inspector.get_by_role("heading", name="3 × UCS-2")).to_be_visible()
    expect(inspector.locator("summary").filter(has_text="Text delivered")).to_be_visible()
    inspector.locator("summary").filter(has_text="POST 201").click()
    asked = inspector.get_by_role("table", name="Parameters")
    expect(asked.get_by_role("row", name=f"To {ANN}")).to_be_visible()
    expect(inspector.get_by_label("JSON")).to_contain_text('"status": "accepted"')
    inspector.get_by_role("link", name=ANN).click()
    expect(console.phone(ANN).message("Zoé")).to_be_visible()


def test_it_is_copied_to_be_made_again(console: Console) -> None:
    emulator, page = console.emulator, console.page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    sent = emulator.client().messages.create(to=ANN, from_=emulator.number, body="It's 5 o'clock")
    emulator.handset(ANN).send('Say "hi"')
    console.open(f"/messages/{sent.sid}")

    def copied(name: str) -> str:
        console.inspector().get_by_role("button", name=name, exact=True).click()
        console.noted("copied")
        text: str = page.evaluate("navigator.clipboard.readText()")
        return text

    curl = copied("curl")
    assert f"curl -X POST '{emulator.url}/2010-04-01/Accounts/{emulator.account_sid}" in curl
    assert "--data-urlencode 'Body=It'\\''s 5 o'\\''clock'" in curl
    assert copied("Python") == (
        f'client.messages.create(to="{ANN}", from_="{emulator.number}", body="It\'s 5 o\'clock")'
    )
    assert copied("scenario step") == (
        f'- messages.create: {{to: "{ANN}", from: "{emulator.number}", body: "It\'s 5 o\'clock"}}'
    )

    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    console.phone(ANN).do('Say "hi"', "Inspect this message")
    expect(console.inspector().get_by_role("heading", name="SMS from a phone")).to_be_visible()
    assert copied("Python") == (
        f'twilio_emulator.handset("{ANN}").send("Say \\"hi\\"", to="{emulator.number}")'
    )
    assert copied("scenario step") == f'- {ANN} texts: "Say \\"hi\\""'


def test_a_webhook_that_fails_raises_an_alert(console: Console, app: str) -> None:
    emulator = console.emulator
    number = emulator.client().incoming_phone_numbers.list(phone_number=emulator.number)[0]
    number.update(sms_url=f"{app}/sms")
    console.open("/alerts")
    expect(console.page.get_by_text("No alerts.")).to_be_visible()
    emulator.handset(ANN, label="Ann").send("break")
    alert = console.page.locator("summary").filter(has_text="error 11200")
    alert.click()
    expect(console.page.get_by_role("row", name="Body break")).to_be_visible()
    expect(console.page.get_by_label("Response", exact=True)).to_have_text("broken")
    emulator.handset(ANN).send("break")
    expect(console.page.locator("summary").filter(has_text="error 11200")).to_have_count(2)
    expect(console.page.get_by_role("row", name="Body break")).to_be_visible()  # still unfolded
    console.page.get_by_role("link", name=re.compile("^SM")).click()
    expect(console.inspector().locator("summary").filter(has_text="Webhook 500")).to_be_visible()

    console.go("Webhooks")
    failed = console.page.get_by_role("button", name=re.compile("Webhook 500: inbound text")).last
    failed.click()
    detail = console.page.get_by_role("complementary", name="Entry")
    expect(detail.get_by_role("button", name="Replay")).to_be_visible()
    console.page.get_by_role("button", name="Failed", exact=True).click()
    expect(failed).to_be_hidden()


def test_messages_are_listed_found_and_inspected(console: Console) -> None:
    emulator, page = console.emulator, console.page
    emulator.handset(ANN, label="Ann")
    console.open("/messages")
    expect(page.get_by_text("No message yet.")).to_be_visible()
    client = emulator.client()
    emulator.fail(30007, body="unlucky")
    lost = client.messages.create(to=ANN, from_=emulator.number, body="unlucky")
    client.messages.create(to=f"whatsapp:{ANN}", from_=emulator.whatsapp_number, body="lucky too")
    emulator.handset(ANN).send("Hello")
    rows = page.locator(".message-link")
    expect(rows).to_have_text(
        [
            re.compile(f"Ann to {re.escape(emulator.number)}Hello.*received"),
            re.compile("Ann WhatsApp from .*lucky too.*(sent|delivered)"),
            re.compile("Ann from .*unlucky.*undelivered 30007"),
        ]
    )
    search = page.get_by_role("searchbox")
    search.fill("ann 30007")
    expect(rows).to_have_count(1)
    expect(page.get_by_text("1 of 3 messages")).to_be_visible()
    search.press("Enter")
    expect(console.inspector()).to_contain_text("error 30007")
    assert lost.sid is not None
    assert lost.sid in page.url
    search.fill("")
    search.press("Escape")
    page.keyboard.press("k")
    expect(console.inspector()).to_contain_text("WhatsApp to a phone")
    page.keyboard.press("Escape")
    expect(console.inspector()).to_be_hidden()
    search.fill(lost.sid)
    search.press("Enter")
    expect(console.inspector()).to_contain_text("error 30007")


def test_a_megabyte_is_inspected_in_part(console: Console) -> None:
    emulator, page = console.emulator, console.page
    emulator.handset(ANN, label="Ann")
    body = {"to": emulator.number, "body": "0123456789abcde " * 65536}
    sent = console.call(f"/handsets/{ANN}/messages", body)
    console.open(f"/messages/{sent['message_sid']}")
    inspector = console.inspector()
    expect(inspector.get_by_role("heading", name="6,854 × GSM-7")).to_be_visible()
    expect(inspector.get_by_text("and 6,804 more")).to_be_visible()
    inspector.get_by_text("As JSON", exact=True).click()
    expect(inspector.get_by_label("JSON").get_by_role("button", name="Show more")).to_be_visible()
    assert page.locator("main").evaluate("main => main.textContent.length") < 200_000
