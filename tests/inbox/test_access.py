"""For everybody: screen readers, narrow and wide windows, both themes; and small to load."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Response, expect

from tests.conftest import CLIENTS
from tests.inbox.console import Console
from twilio_emulator import Emulator

ANN, BEN = "+12025550199", "+12025550188"
AXE = CLIENTS / "node_modules" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.fixture
def places(emulator: Emulator, node: str) -> list[str]:
    """The address of every page, in an account where all that they show has happened."""
    client = emulator.client()
    ann = emulator.handset(ANN, label="Ann")
    sent = client.messages.create(to=ANN, from_=emulator.number, body="Your code is 424242. " * 9)
    opened = client.conversations.v1.conversations.create(
        friendly_name="Parcel", timers_inactive="PT10M"
    )
    talk = client.conversations.v1.conversations(opened.sid)
    talk.participants.create(identity="alice")
    talk.participants.create(
        messaging_binding_address=f"whatsapp:{ANN}",
        messaging_binding_proxy_address=emulator.whatsapp_number,
    )
    talk.messages.create(author="alice", body="Hello Ann")
    ann.wait(contains="Hello Ann")
    number = client.incoming_phone_numbers.list(phone_number=emulator.number)[0]
    number.update(sms_url="http://127.0.0.1:1/sms")
    ann.send("STOP")
    emulator.fail(30003, body="unlucky")
    webhook = emulator.webhooks[0]
    emulator.handset(BEN, network="airplane")
    client.messages.create(to=BEN, from_=emulator.number, body="Your gate is B 12.")
    verify = client.verify.v2.services.list()[0]
    verify.verifications.create(to="ann@example.com", channel="email")
    emulator.sync.document("cart").set({"total": 3})
    return [
        "/handsets",
        f"/handsets/{ANN}",
        f"/handsets/{ANN}/threads/{emulator.number}?inspect={sent.sid}",
        f"/handsets/{ANN}/threads/{emulator.whatsapp_number}",
        f"/handsets/{BEN}/threads/{emulator.number}",
        "/mailboxes/ann@example.com",
        "/verify",
        "/sync",
        "/agents",
        "/calls/add_fault",
        "/conversations",
        f"/conversations/{opened.sid}",
        f"/messages/{sent.sid}",
        "/journal",
        f"/webhooks/{webhook.seq}",
        "/alerts",
        "/faults",
        "/clock",
        "/templates",
        "/optouts",
        "/numbers",
        "/connections",
        "/accounts",
    ]


FILLED = ".message, .said, .log-link, .card, .handset-row, .thread-row, .entry, .empty, .welcome"
"""What pages hold once they have read what they show."""


def see(page: Page, emulator: Emulator, place: str) -> None:
    path, _, query = place.partition("?")
    account = f"account={emulator.account_sid}"
    page.goto(f"{emulator.url}/#{path}?{query}&{account}")
    name = path.split("/")[1]
    expect(page.locator(f"nav a[aria-current=page][href*='#/{name}']")).to_be_attached()
    expect(page.locator(f"main :is({FILLED}):visible").first).to_be_visible()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1600, "dark")])
def test_axe_finds_nothing(
    open_page: Callable[..., Page],
    emulator: Emulator,
    places: list[str],
    width: int,
    scheme: str,
) -> None:
    page = open_page(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        reduced_motion="reduce",  # a colour on its way to another has a contrast of its own
        bypass_csp=True,
    )
    found = []
    see(page, emulator, places[0])
    page.evaluate(AXE.read_text())
    for place in places:
        see(page, emulator, place)
        answer = page.evaluate("rules => axe.run(document, rules)", RULES)
        found += [
            (place, each["id"], [node["html"][:200] for node in each["nodes"]][:3])
            for each in answer["violations"]
        ]
        too_wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not too_wide, place
    assert found == []


def test_what_is_loaded_first_is_small(console: Console) -> None:
    loaded: list[Response] = []
    console.page.on("response", lambda response: loaded.append(response))
    console.open()
    expect(console.page.get_by_role("heading", name="No phone has rung yet")).to_be_visible()
    files = [each for each in loaded if "/console/" in each.url]
    assert sum(len(each.body()) for each in files) < 200_000
