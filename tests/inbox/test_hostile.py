"""What phones and apps say is shown as text, and never run."""

import json
import re
from base64 import b64encode
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.inbox.console import Console

ANN = "+12025550199"
RAN = "document.title = 'ran'; window.ran = true; fetch('/ran')"

TEXTS = [
    f"<script>{RAN}</script>",
    f'<img src=x onerror="{RAN}">',
    f'<svg onload="{RAN}"><animate onbegin="{RAN}" attributeName=x></svg>',
    f'"><iframe srcdoc="<script>parent.{RAN}</script>"></iframe>',
    f"javascript:{RAN}",
    f"[click](javascript:{RAN}) {{{{constructor.constructor('{RAN}')()}}}}",
    f'https://a.test/"onmouseover="{RAN}',
]


DANGEROUS = """[...document.querySelectorAll("main a, main img")].some((element) =>
    ["src", "href"].some((name) => /^\\s*javascript:/i.test(element[name] ?? "")))"""


def is_calm(page: Page) -> None:
    """Nothing of what was said has run."""
    assert page.evaluate("window.ran") is None
    assert page.title() != "ran"
    assert page.locator("main script, main iframe, main object, main embed").count() == 0
    assert not page.evaluate(DANGEROUS)


def test_texts_are_texts_wherever_they_are_shown(console: Console) -> None:
    emulator, page = console.emulator, console.page
    emulator.handset(ANN, label=TEXTS[0], profile_name=TEXTS[1])
    conversations = emulator.client().conversations.v1.conversations
    opened = conversations.create(friendly_name=TEXTS[1], attributes=json.dumps({"it": TEXTS[2]}))
    talk = conversations(opened.sid)
    talk.participants.create(
        messaging_binding_address=ANN, messaging_binding_proxy_address=emulator.number
    )
    for text in TEXTS:
        talk.messages.create(author=text, body=text, attributes=json.dumps(text))
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    shown = page.locator("[data-message] .text")
    expect(shown).to_have_text(TEXTS)
    is_calm(page)
    page.get_by_role("region", name="Phone").locator("[data-message]").last.hover()
    page.get_by_role("button", name="Inspect this message").last.click()
    for entry in console.inspector().locator(".entry summary").all():
        entry.click()
    is_calm(page)
    console.open(f"/conversations/{opened.sid}")
    expect(shown).to_have_text(TEXTS)
    is_calm(page)
    console.open("/journal")
    page.get_by_role("searchbox").fill("postmessage")
    page.get_by_role("button", name=re.compile("Post message")).first.click()
    expect(page.get_by_label("JSON")).to_contain_text("onmouseover")
    is_calm(page)


def test_characters_that_deceive_are_named(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann\u202egnp.exe")
    emulator.handset(ANN).send("invoice\u202efdp.exe \u200bzero")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    message = console.page.locator("[data-message] .text")
    expect(message).to_have_text("invoiceU+202Efdp.exe U+200Bzero")
    assert "\u202e" not in console.page.locator("main").inner_text()


def test_a_megabyte_is_shown_in_part(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    body = "0123456789abcde " * 65536
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    console.call(f"/handsets/{ANN}/messages", {"to": emulator.number, "body": body})
    phone = console.phone("Ann")
    more = phone.part.get_by_role("button", name="Show more")
    expect(more).to_have_text("Show more: 1,044,576 characters follow")
    shown = phone.messages().locator(".text")
    assert len(shown.inner_text()) < 5000
    more.click()
    expect(more).to_have_text("Show more: 1,024,576 characters follow")
    expect(shown).to_contain_text(body[:24000])
    phone.write("and so on")
    expect(phone.message("and so on")).to_be_visible()


FILES = [
    ("page.html", "text/html", f"<script>{RAN}</script>".encode()),
    (
        "drawing.svg",
        "image/svg+xml",
        f"<svg xmlns='http://www.w3.org/2000/svg'><script>{RAN}</script></svg>".encode(),
    ),
    ("script.png", "image/png", f"<script>{RAN}</script>".encode()),
    ("archive.png", "image/png", b"PK\x03\x04" + b"\0" * 60),
    (
        "page.xhtml",
        "application/xhtml+xml",
        f"<html xmlns='http://www.w3.org/1999/xhtml'><script>{RAN}</script></html>".encode(),
    ),
    ("code.js", "text/javascript", RAN.encode()),
]


@pytest.mark.parametrize(("name", "content_type", "content"), FILES)
def test_files_run_nowhere(
    console: Console,
    open_page: Callable[..., Page],
    name: str,
    content_type: str,
    content: bytes,
) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    file = {
        "base64": b64encode(content).decode(),
        "content_type": content_type,
        "filename": name,
    }
    console.call(f"/handsets/{ANN}/messages", {"to": emulator.number, "media": [file]})
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    saved = console.phone("Ann").part.get_by_role("link", name=f"Save {name}")
    expect(saved).to_be_visible()
    is_calm(console.page)

    # Opened by its address it is saved, or shown without an origin: it runs in no case.
    context: BrowserContext = console.page.context
    address = saved.evaluate("link => link.href")
    served = context.request.get(address)
    assert served.headers["content-security-policy"] == "sandbox"
    assert served.headers["x-content-type-options"] == "nosniff"
    if served.headers["content-disposition"].startswith("inline"):
        other = open_page()
        other.goto(address)
        assert other.evaluate("window.ran") is None


def test_media_addresses_of_twilio_cannot_script_the_console(console: Console) -> None:
    """Apps may ask for these on the console's own origin."""
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    file = {
        "base64": b64encode(f"<script>{RAN}</script>".encode()).decode(),
        "content_type": "text/html",
        "filename": "page.html",
    }
    console.call(f"/handsets/{ANN}/messages", {"to": emulator.number, "media": [file]})
    (item,) = emulator.handset(ANN).inbox
    media = emulator.client().messages(item.message_sid or "").media.list()[0]
    path = f"/2010-04-01/Accounts/{emulator.account_sid}/Messages/{item.message_sid}/Media"
    page = console.page
    served = page.request.get(f"{emulator.url}{path}/{media.sid}")
    assert served.headers["content-type"] == "text/html"
    assert served.headers["content-security-policy"] == "sandbox"
    page.goto(f"{emulator.url}{path}/{media.sid}")
    assert page.evaluate("window.ran") is None
