"""The console in a browser: how much it loads, how soon it shows what is and what happens, and how
smoothly it scrolls."""

import json
import shutil
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.servers import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ANN, NUMBER = "+12025550199", "+12025550100"
TIMES = 20  # messages
LOADS = 5  # of the page
LONG = 2000  # messages in one thread
MEGABYTE = "0123456789abcde " * 65536

FIRST = """() => {
    new MutationObserver(() => {
        if (document.querySelector("textarea[aria-label^='Message to']"))
            window.first ??= performance.now();
    }).observe(document, { childList: true, subtree: true });
}"""
"""Notes how long after the navigation began the phone was in the page."""

NOTING = """() => {
    window.shown = {};
    new MutationObserver(() => {
        for (const each of document.querySelectorAll("[data-message] .text"))
            window.shown[each.firstChild.data] ??= Date.now() / 1000;
    }).observe(document.body, { childList: true, subtree: true });
}"""
"""Notes when each message was first in the page."""

SCROLL = """async (thread) => {
    const frames = [await new Promise(requestAnimationFrame)];
    for (let n = 0; n < 300; n += 1) {
        thread.scrollTop -= 120;
        frames.push(await new Promise(requestAnimationFrame));
    }
    return frames;
}"""
"""Scrolls up as a wheel that is turned fast; answers when each frame began, in milliseconds."""


@dataclass
class Figures:
    """What the console takes.

    Attributes:
        bytes: of the page and all its files, before the first phone is shown.
        first_seconds: from the beginning of the navigation to the first phone, with nothing of the
            page known to the browser: the median.
        shown_seconds: the median from the control API's answer to the message in the page.
        frame_seconds: the median between two frames while a long thread is scrolled.
        slow_frame_seconds: what all but one in twenty of them keep to.
        megabyte_seconds: from the control API's call with a body of a megabyte to the message in
            the page.
    """

    bytes: int
    first_seconds: float
    shown_seconds: float
    frame_seconds: float
    slow_frame_seconds: float
    megabyte_seconds: float


def measure(server: Server) -> Figures | None:
    """The figures for a running emulator; None where there is no browser."""
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if chromium is None or find_spec("playwright") is None:
        return None
    from playwright.sync_api import sync_playwright

    _call(server, "PUT", f"/handsets/{ANN}", {"label": "Ann"})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium)
        _load(browser, server)  # the browser's own first page costs what is not ours
        loads = [_load(browser, server) for _ in range(LOADS)]
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.goto(_address(server))
        page.get_by_role("textbox", name="Message to").wait_for()
        page.evaluate(NOTING)
        waits = [_shown(page, server, f"no {n}.")[1] for n in range(TIMES)]
        megabyte, _ = _shown(page, server, MEGABYTE)
        frames = _scroll(page, server)
        browser.close()
    return Figures(
        bytes=loads[0][0],
        first_seconds=median(seconds for _, seconds in loads),
        shown_seconds=median(waits),
        frame_seconds=median(frames),
        slow_frame_seconds=sorted(frames)[len(frames) * 19 // 20],
        megabyte_seconds=megabyte,
    )


def _address(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}/#/handsets/{ANN}/threads/{NUMBER}"


def _load(browser: "Browser", server: Server) -> tuple[int, float]:
    """Bytes and seconds until a browser that knows nothing of the page shows the phone."""
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(f"({FIRST})()")
    sizes: list[int] = []
    page.on("response", lambda got: sizes.append(int(got.headers.get("content-length", 0))))
    page.goto(_address(server))
    page.get_by_role("textbox", name="Message to").wait_for()
    milliseconds: float = page.evaluate("window.first")
    context.close()
    return sum(sizes), milliseconds / 1000


def _shown(page: "Page", server: Server, body: str) -> tuple[float, float]:
    """Seconds until a message is in the page, from the call that sends it and from its answer."""
    asked = time.time()
    _call(server, "POST", f"/handsets/{ANN}/messages", {"to": NUMBER, "body": body})
    answered = time.time()
    start = body[:4000]  # as much as is shown of one
    page.wait_for_function("start => start in window.shown", arg=start)
    shown: float = page.evaluate("start => window.shown[start]", start)
    return shown - asked, shown - answered


def _scroll(page: "Page", server: Server) -> Sequence[float]:
    """Seconds of each frame while a thread of thousands is scrolled."""
    for n in range(LONG):
        body = f"long {n} " + "and more " * (n % 7 * 5)
        _call(server, "POST", f"/handsets/{ANN}/messages", {"to": NUMBER, "body": body})
    page.reload()
    page.locator("[data-message]").filter(has_text=f"long {LONG - 1} ").wait_for()
    frames = page.get_by_role("region", name="Thread with").evaluate(SCROLL)
    return [(after - before) / 1000 for before, after in pairwise(frames)]


def _call(server: Server, method: str, path: str, body: object) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}/_emulator/v1{path}",
        method=method,
        data=json.dumps(body).encode(),
    )
    urllib.request.urlopen(request).close()
