"""The console as a test uses it: by the names that people see and screen readers say."""

import json
import re
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Locator, Page, expect

from twilio_emulator import Emulator


class Console:
    """A page of the console that shows one account."""

    def __init__(self, page: Page, emulator: Emulator) -> None:
        self.page = page
        self.emulator = emulator

    def address(self, path: str, **query: str) -> str:
        """Where something is within the page."""
        query["account"] = self.emulator.account_sid
        said = "&".join(f"{name}={quote(value, safe='+:,~')}" for name, value in query.items())
        return f"{self.emulator.url}/#{path}?{said}"

    def open(self, path: str = "/handsets", **query: str) -> None:
        """Go to an address within the page, and wait until it is shown and live."""
        self.page.goto(self.address(path, **query))
        self.is_live()
        names = f"page-{path.split('/')[1]}", "no-page"
        shown = ", ".join(f'main > [data-test="{name}"]' for name in names)
        expect(self.page.locator(shown)).to_have_count(1)  # not the one before, which may linger

    def is_live(self) -> None:
        expect(self.page.locator(".connection")).to_have_class(re.compile(r"\blive\b"))

    def call(self, path: str, body: object, method: str = "POST") -> Any:
        """Call the control API of the account."""
        url = f"{self.emulator.url}/_emulator/v1{path}?account={self.emulator.account_sid}"
        response = self.page.request.fetch(url, method=method, data=json.dumps(body))
        assert response.ok, response.text()
        return response.json()

    def phone(self, name: str) -> "Phone":
        """A phone on the page, by what it is called."""
        return Phone(self.page.get_by_role("region", name=f"Phone {name}", exact=True))

    def inspector(self) -> Locator:
        return self.page.get_by_role("complementary", name="Inspector")

    def go(self, name: str) -> None:
        """Follow the navigation to a page."""
        link = self.page.get_by_role("navigation").get_by_role("link", name=name)
        link.click()
        expect(link).to_have_attribute("aria-current", "page")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()

    def noted(self, text: str) -> None:
        """Wait for a note at the edge of the page, and dismiss it."""
        note = self.page.locator(".toast").filter(has_text=text)
        note.get_by_role("button", name="Dismiss").click()


class Phone:
    """One phone on the page."""

    def __init__(self, part: Locator) -> None:
        self.part = part

    def messages(self) -> Locator:
        return self.part.locator("[data-message]")

    def message(self, text: str) -> Locator:
        """The message that says this."""
        return self.messages().filter(has_text=text)

    def open(self, peer: str) -> None:
        """Open the thread with a peer, of whatever channel."""
        number = peer.rpartition(":")[2]
        self.part.get_by_role("button", name=re.compile(re.escape(number))).first.click()
        expect(self.part.get_by_role("textbox", name="Message to")).to_be_visible()

    def write(self, text: str) -> None:
        """Type a message, and send it."""
        box = self.part.get_by_role("textbox", name="Message to")
        box.fill(text)
        box.press("Enter")
        expect(box).to_have_value("")

    def press(self, name: str) -> None:
        self.part.get_by_role("button", name=name, exact=True).click()

    def do(self, text: str, name: str) -> None:
        """Use one of the tools that appear on a message."""
        message = self.message(text)
        message.hover()
        message.get_by_role("button", name=name).click()
