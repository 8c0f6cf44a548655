"""A browser on the console, and an account of its own for every test."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.inbox.console import Console
from tests.limits import BROWSER
from twilio_emulator import Emulator, Settings
from twilio_emulator.server.serving import Serving

NOTED = ("responded with a status of 400", "Blocked script execution in")
"""What Chromium notes of calls that the emulator refuses, and of files that may not run."""

expect.set_options(timeout=BROWSER)


@pytest.fixture(scope="package")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        playwright.selectors.set_test_id_attribute("data-test")
        browser = playwright.chromium.launch(executable_path=chromium, timeout=BROWSER)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def url() -> Iterator[str]:
    with Serving(Settings(port=0), os.environ) as serving:
        yield serving.local_url


@pytest.fixture
def emulator(url: str) -> Iterator[Emulator]:
    with Emulator(url=url) as emulator:
        yield emulator


@pytest.fixture
def open_page(browser: Browser, url: str, emulator: Emulator) -> Iterator[Callable[..., Page]]:
    """Opens pages that may load from the emulator alone, and on which nothing goes wrong.

    They are closed before the account, whose end would be something wrong.
    """
    wrong: list[str] = []
    contexts = []

    def open_page(**options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        context.set_default_timeout(BROWSER)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(f"error: {error}"))
        page.on(
            "console",
            lambda message: (
                wrong.append(f"console: {message.text}")
                if message.type == "error" and not any(each in message.text for each in NOTED)
                else None
            ),
        )
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((url, "blob:", "data:"))
                else wrong.append(f"request: {request.url}")
            ),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


@pytest.fixture
def console(open_page: Callable[..., Page], emulator: Emulator) -> Console:
    """The console on a wide screen, showing the test's own account."""
    return Console(open_page(viewport={"width": 1600, "height": 900}), emulator)
