"""The console in a browser: how much it loads, and how soon it shows what has happened."""

import json
import shutil
import time
import urllib.request
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median

from tests.bench.servers import Server

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ANN, NUMBER = "+12025550199", "+12025550100"
TIMES = 20

NOTING = """() => {
    window.shown = {};
    new MutationObserver(() => {
        for (const each of document.querySelectorAll("[data-message] .text"))
            window.shown[each.textContent] ??= Date.now() / 1000;
    }).observe(document.body, { childList: true, subtree: true });
}"""
"""Notes when each message was first in the page."""


@dataclass
class Figures:
    """What the console takes.

    Attributes:
        bytes: of the page and all its files, before the first phone is shown.
        first_seconds: from the address to the first phone.
        shown_seconds: the median from the control API's answer to the message in the page.
    """

    bytes: int
    first_seconds: float
    shown_seconds: float


def measure(server: Server) -> Figures | None:
    """The figures for a running emulator; None where there is no browser."""
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if chromium is None or find_spec("playwright") is None:
        return None
    from playwright.sync_api import sync_playwright

    url = f"http://127.0.0.1:{server.port}"
    _call(url, "PUT", f"/handsets/{ANN}", {"label": "Ann"})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        page = browser.new_page()
        sizes: list[int] = []
        page.on("response", lambda got: sizes.append(int(got.headers.get("content-length", 0))))
        start = time.perf_counter()
        page.goto(f"{url}/#/handsets/{ANN}/threads/{NUMBER}")
        page.get_by_role("textbox", name="Message to").wait_for()
        first = time.perf_counter() - start
        page.evaluate(NOTING)
        waits = []
        for number in range(TIMES):
            _call(url, "POST", f"/handsets/{ANN}/messages", {"to": NUMBER, "body": f"no {number}."})
            answered = time.time()
            shown = page.locator("[data-message]").filter(has_text=f"no {number}.")
            shown.wait_for(state="attached")
            waits.append(page.evaluate("text => window.shown[text]", f"no {number}.") - answered)
        browser.close()
    return Figures(bytes=sum(sizes), first_seconds=first, shown_seconds=median(waits))


def _call(url: str, method: str, path: str, body: object) -> None:
    request = urllib.request.Request(
        f"{url}/_emulator/v1{path}", method=method, data=json.dumps(body).encode()
    )
    urllib.request.urlopen(request).close()
