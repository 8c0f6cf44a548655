"""`make screenshots`: the main pages in both themes and both widths, into docs/screenshots.

What they show is played first: a customer on SMS, a driver on WhatsApp, an agent, and an app that
answers. The clock stands still, so that a picture changes only when the page does.
"""

import http.server
import json
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import Page, sync_playwright

from twilio_emulator import Emulator, Settings

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
SIZES = {360: 740, 1600: 900}
THEMES = ("light", "dark")

ACCOUNT = {"clock": "frozen", "now": "2026-01-05T09:00:00Z"}

FILLED = ".message, .said, .log-link, .card, .handset-row, .entry"
"""What pages hold once they have read what they show."""

ANN, BEN, CARLA, DAVE, EVE = (f"+120255501{n}" for n in (23, 42, 57, 71, 88))
PEOPLE = {ANN: "Ann Baker", BEN: "Ben, van 7", CARLA: "Carla Diaz", DAVE: "Dave", EVE: "Eve Stone"}


class App(http.server.BaseHTTPRequestHandler):
    """A shop that answers texts."""

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        said = b""
        if "order" in form.get("Body", [""])[0]:
            said = (
                b"<Response><Message>Order 4711 left our warehouse this morning. "
                b"Ben brings it today between 12 and 14.</Message></Response>"
            )
        self.send_response(200 if said else 204)
        self.send_header("Content-Type", "text/xml")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def app() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 3000), App)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield "http://localhost:3000"
    finally:
        server.shutdown()
        thread.join(60)
        server.server_close()


@dataclass
class Played:
    """Where what was played can be looked at."""

    conversation: str
    question: str
    number: str
    whatsapp: str


def play(emulator: Emulator, shop: str) -> Played:
    """What the pictures show."""
    client = emulator.client()
    phones = {
        address: emulator.handset(address, label=name, profile_name=name)
        for address, name in PEOPLE.items()
    }
    number = client.incoming_phone_numbers.list(phone_number=emulator.number)[0]
    number.update(sms_url=f"{shop}/sms")
    callback = f"{shop}/status"

    def text(to: str, body: str, **more: Any) -> None:
        client.messages.create(
            to=to, from_=emulator.number, body=body, status_callback=callback, **more
        )
        emulator.clock.advance(40)

    text(EVE, "Your code is 424242. It is valid for ten minutes.")
    text(DAVE, "Your table for four is booked: tonight at 19:30.")
    text(CARLA, "Grüße aus Zürich! 🎉 Your voucher is waiting.")
    phones[CARLA].send("Danke! 😊")
    emulator.clock.advance(40)

    talk = client.conversations.v1.conversations.create(
        friendly_name="Parcel 4711", attributes=json.dumps({"order": 4711}), timers_inactive="PT2H"
    )
    sid = talk.sid or ""
    talk.participants.create(identity="alice")
    talk.participants.create(
        messaging_binding_address=f"whatsapp:{BEN}",
        messaging_binding_proxy_address=emulator.whatsapp_number,
    )
    talk.participants.create(
        messaging_binding_address=ANN, messaging_binding_proxy_address="+12025550101"
    )
    talk.messages.create(author="alice", body="Ann is not at home before noon. Can you come later?")
    emulator.clock.advance(50)
    phones[BEN].send("Sure, I start at the other end of town 🚚", to=emulator.whatsapp_number)
    emulator.clock.advance(45)
    phones[ANN].send("Perfect, thank you both!", to="+12025550101")
    emulator.clock.advance(45)
    template(emulator)

    question = phones[ANN].send("Where is my order?")
    emulator.clock.advance(30)
    phones[ANN].send("Great, I will be at home.")
    emulator.clock.advance(20)
    return Played(sid, question.sid, emulator.number, emulator.whatsapp_number)


def template(emulator: Emulator) -> None:
    """A question with buttons, to Ben."""
    client = emulator.client()
    action = {"type": "QUICK_REPLY"}
    types = {
        "twilio/quick-reply": {
            "body": "Hi {{1}}, can you take one more parcel today?",
            "actions": [
                {**action, "title": "Yes, I have room", "id": "yes"},
                {**action, "title": "Not today", "id": "no"},
            ],
        }
    }
    made = client.http_client.request(
        "POST",
        "https://content.twilio.com/v1/Content",
        headers={"Content-Type": "application/json"},
        data={
            "friendly_name": "one_more_parcel",
            "language": "en",
            "types": types,
            "variables": {"1": "Ben"},
        },
        auth=(emulator.account_sid, emulator.auth_token),
    )
    client.messages.create(
        to=f"whatsapp:{BEN}",
        from_=emulator.whatsapp_number,
        content_sid=json.loads(made.text)["sid"],
    )
    emulator.clock.advance(30)


def places(it: Played) -> dict[str, str]:
    """The main pages."""
    return {
        "phones": f"/handsets/{ANN}/threads/{it.number}?beside={BEN}~{it.whatsapp}",
        "list": "/handsets",
        "conversation": f"/conversations/{it.conversation}",
        "message": f"/messages/{it.question}",
        "journal": "/journal",
        "webhooks": "/webhooks",
        "templates": "/templates",
        "faults": "/faults",
        "clock": "/clock",
        "numbers": "/numbers",
        "accounts": "/accounts",
    }


def show(page: Page, emulator: Emulator, place: str) -> None:
    page.goto("about:blank")
    account = f"{'&' if '?' in place else '?'}account={emulator.account_sid}"
    page.goto(f"{emulator.url}/#{place}{account}")
    page.locator(".connection.live").wait_for(state="attached")
    page.locator(f"main :is({FILLED}):visible").first.wait_for()
    page.evaluate("document.fonts.ready")


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with (
        app() as shop,
        Emulator(Settings(port=0)) as server,
        Emulator(url=server.url, account=ACCOUNT) as emulator,
        sync_playwright() as playwright,
    ):
        played = play(emulator, shop)
        browser = playwright.chromium.launch(executable_path=chromium)
        for theme in THEMES:
            for width, height in SIZES.items():
                page = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=theme
                )
                for name, place in places(played).items():
                    show(page, emulator, place)
                    page.screenshot(path=FOLDER / f"{name}-{theme}-{width}.png")
                page.close()
        picture_of_all(browser.new_page(viewport={"width": 1760, "height": 900}), emulator, played)
        browser.close()


def picture_of_all(page: Page, emulator: Emulator, played: Played) -> None:
    """The one for the README: two phones, and what the app did about a text."""
    place = places(played)["phones"]
    show(page, emulator, f"{place}&inspect={played.question}")
    inspector = page.get_by_role("complementary", name="Inspector")
    inspector.locator(".entry-webhook > details > summary").first.click()
    inspector.get_by_text("Parameters", exact=True).click()
    inspector.locator(".inspector-content").evaluate("it => { it.scrollTop = 330; }")
    page.mouse.move(0, 0)
    page.screenshot(path=FOLDER / "console.png")


if __name__ == "__main__":
    main()
