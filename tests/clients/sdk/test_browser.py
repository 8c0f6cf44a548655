"""The SDK's build for browsers in Chromium, on a page that is served elsewhere."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.conftest import CLIENTS, absent
from tests.limits import BROWSER
from twilio_emulator import Emulator

BUILD = CLIENTS / "node_modules/@twilio/conversations/builds/twilio-conversations.min.js"
PAGE = b"<!doctype html><title>chat</title><script src=/sdk.js></script>"

OPEN = """async ({ token, options }) => {
  window.client = new Twilio.Conversations.Client(token, ...options);
  window.heard = [];
  client.on("messageAdded", (message) => heard.push(message));
  await new Promise((ready, failed) => {
    client.on("initialized", ready);
    client.on("initFailed", ({ error }) => failed(new Error(error.message)));
  });
  window.room = (await client.getSubscribedConversations()).items[0];
  return [client.user.identity, room.friendlyName];
}"""
SEND_FILES = """async () => {
  const file = new Blob(["a blob"], { type: "text/plain" });
  const form = new FormData();
  form.append("file", new File(["from a form"], "form.txt", { type: "text/plain" }));
  await room.sendMessage({ contentType: "text/plain", media: file, filename: "blob.txt" });
  await room.sendMessage(form);
}"""
HEARD = "(count) => heard.length >= count && heard.map((message) => message.body)"
READ_FILES = """async () => {
  const files = heard.flatMap((message) => message.attachedMedia);
  const urls = await Promise.all(files.map((file) => file.getContentTemporaryUrl()));
  const texts = await Promise.all(urls.map(async (url) => (await fetch(url)).text()));
  return files.map((file, at) => [file.filename, texts[at], new URL(urls[at]).origin]);
}"""


class Site(BaseHTTPRequestHandler):
    """Serves the page and the SDK."""

    def do_GET(self) -> None:
        body = BUILD.read_bytes() if self.path == "/sdk.js" else PAGE
        self.send_response(200)
        self.send_header(
            "content-type", "text/javascript" if self.path == "/sdk.js" else "text/html"
        )
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Not to our own output."""


@pytest.fixture(scope="module")
def site(node: str) -> Iterator[str]:
    """The URL of a page of another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        yield f"http://localhost:{server.server_address[1]}/"
        server.shutdown()
        serving.join(60)


@pytest.fixture
def emulator(sdk_emulator: tuple[str, Path]) -> Iterator[Emulator]:
    url, _ = sdk_emulator
    with Emulator(url=url) as emulator:
        yield emulator


@pytest.fixture
def open_page(chromium: str, site: str) -> Iterator[Callable[..., Page]]:
    """Opens the page in a browser that is started so, in somebody's home."""
    with sync_playwright() as playwright:
        browsers = []

        def open_page(*arguments: str, home: Path | None = None) -> Page:
            environment = os.environ | ({} if home is None else {"HOME": str(home)})
            browser = playwright.chromium.launch(
                executable_path=chromium,
                args=list(arguments),
                env=environment,
                timeout=BROWSER,
            )
            browsers.append(browser)
            page = browser.new_page()
            page.set_default_timeout(BROWSER)
            page.goto(site)
            return page

        yield open_page
        for browser in browsers:
            browser.close()


@pytest.fixture
def trusting_home(sdk_emulator: tuple[str, Path], tmp_path: Path) -> Path:
    """A home whose browser trusts the authority of the emulator."""
    certutil = shutil.which("certutil") or absent("certutil is not installed: libnss3-tools has it")
    _, authority = sdk_emulator
    store = tmp_path / ".pki/nssdb"
    store.mkdir(parents=True)
    added = ["-A", "-n", "twilio-emulator", "-t", "C,,", "-i", str(authority)]
    for wish in (["-N", "--empty-password"], added):
        subprocess.run([certutil, "-d", f"sql:{store}", *wish], check=True, timeout=60)
    return tmp_path


def chat(page: Page, emulator: Emulator, token: str, *options: dict[str, Any]) -> list[Any]:
    """Have the page talk with us; answers what it read of the files that it sent."""
    rest = emulator.client().conversations.v1
    room = rest.conversations.create(friendly_name="Room")
    room.participants.create(identity="alice")
    assert page.evaluate(OPEN, {"token": token, "options": list(options)}) == ["alice", "Room"]
    page.evaluate("room.sendMessage('from a page')")
    page.wait_for_function(HEARD, arg=1)
    room.messages.create(body="from REST")
    assert page.wait_for_function(HEARD, arg=2).json_value() == ["from a page", "from REST"]
    page.evaluate(SEND_FILES)
    page.wait_for_function(HEARD, arg=4)
    said = [message.body for message in room.messages.list()]
    assert said == ["from a page", "from REST", None, None]
    files: list[Any] = page.evaluate(READ_FILES)
    assert [file[:2] for file in files] == [["blob.txt", "a blob"], ["form.txt", "from a form"]]
    page.evaluate("client.shutdown()")
    return files


def test_a_page_that_names_the_emulator(open_page: Callable[..., Page], emulator: Emulator) -> None:
    uri = f"{emulator.url.replace('http', 'ws')}/v3/wsconnect"
    files = chat(open_page(), emulator, emulator.token("alice"), {"twilsock": {"uri": uri}})
    assert {origin for *_, origin in files} == {emulator.url}


@pytest.mark.parametrize("way", ["proxy", "resolver"])
def test_a_page_that_knows_twilio_only(
    open_page: Callable[..., Page], emulator: Emulator, trusting_home: Path, way: str
) -> None:
    parts = urlsplit(emulator.url)
    redirection = {
        "proxy": f"--proxy-server={emulator.url}",
        "resolver": f"--host-resolver-rules=MAP *.twilio.com {parts.netloc}",
    }[way]
    page = open_page(redirection, home=trusting_home)
    # The token comes as official front-ends fetch theirs, as text from an address.
    address = f"{emulator.url}/_emulator/v1/token?identity=alice&account={emulator.account_sid}"
    token = page.evaluate("async (url) => (await fetch(url)).text()", address)
    files = chat(page, emulator, token)
    assert {origin for *_, origin in files} == {"https://media.us1.twilio.com"}
