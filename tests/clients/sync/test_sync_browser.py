"""The build of Sync's SDK for browsers in Chromium, on a page that is served elsewhere."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Page
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import SyncGrant

from tests.clients.sdk import test_browser
from tests.conftest import CLIENTS
from twilio_emulator import Emulator

open_page, trusting_home = test_browser.open_page, test_browser.trusting_home

BUILDS = {"4.0.1": "twilio-sync", "3.3.10": "twilio-sync-3.3"}

OPEN = """async ({ token, options }) => {
  window.client = new Twilio.Sync.Client(token, ...options);
  window.heard = [];
  const cart = await client.document({ id: "cart", data: { items: 0 } });
  const [list, map] = [await client.list("list"), await client.map("map")];
  const stream = await client.stream("stream");
  cart.on("updated", ({ data, isLocal }) => heard.push(["updated", data, isLocal]));
  list.on("itemAdded", ({ item }) => heard.push(["itemAdded", item.data]));
  stream.on("messagePublished", ({ message }) => heard.push(["messagePublished", message.data]));
  Object.assign(window, { cart, list, map, stream });
  return cart.data;
}"""
WRITE = """async () => {
  await cart.set({ items: 1 });
  await list.push({ n: 1 });
  await map.set("é/?", { n: 2 });
  await stream.publishMessage({ n: 3 });
  return (await map.getItems()).items.map(({ key, data }) => [key, data]);
}"""
HEARD = "(what) => heard.some((each) => JSON.stringify(each) === JSON.stringify(what))"


class SyncSite(BaseHTTPRequestHandler):
    """Serves pages, each with a version of the SDK."""

    def do_GET(self) -> None:
        name = self.path.strip("/")
        if name.endswith(".js"):
            build = CLIENTS / f"node_modules/{BUILDS[name[:-3]]}/builds/twilio-sync.min.js"
            body, type = build.read_bytes(), "text/javascript"
        else:
            body = f"<!doctype html><title>sync</title><script src=/{name}.js></script>".encode()
            type = "text/html"
        self.send_response(200)
        self.send_header("content-type", type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Not to our own output."""


@pytest.fixture(scope="module")
def site(node: str) -> Iterator[str]:
    """The URL of pages of another origin."""
    with ThreadingHTTPServer(("127.0.0.1", 0), SyncSite) as server:
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


def wait_for_watcher(emulator: Emulator, sid: str) -> None:
    """Until some client hears of an object: SDKs open it first, and subscribe some turns later."""
    asked = {"account": emulator.account_sid, "types": "subscription", "after": "0"}
    url = f"{emulator.url}/_emulator/v1/events"
    with httpx2.stream("GET", url, params=asked, timeout=60) as told:
        assert told.status_code == 200
        assert any(sid in line and "watching" in line for line in told.iter_lines())


def share(page: Page, emulator: Emulator, *options: dict[str, Any]) -> None:
    """Have the page share objects with a back-end."""
    token = AccessToken(
        emulator.account_sid,
        emulator.api_key,
        emulator.api_secret,
        identity="alice",
        grants=[SyncGrant(service_sid="default")],
    )
    wish = {"token": token.to_jwt(), "options": list(options)}
    assert page.evaluate(OPEN, wish) == {"items": 0}
    assert page.evaluate(WRITE) == [["é/?", {"n": 2}]]
    service = emulator.client().sync.v1.services("default")
    assert service.documents("cart").fetch().data == {"items": 1}
    service.documents("cart").update(data={"items": 2})
    service.sync_lists("list").sync_list_items.create(data={"by": "REST"})
    stream = service.sync_streams("stream").fetch()
    wait_for_watcher(emulator, stream.sid)  # what is published before one comes is lost
    service.sync_streams("stream").stream_messages.create(data={"by": "REST"})
    for what in (
        ["updated", {"items": 1}, True],
        ["updated", {"items": 2}, False],
        ["itemAdded", {"by": "REST"}],
        ["messagePublished", {"by": "REST"}],
    ):
        page.wait_for_function(HEARD, arg=what)
    page.reload()
    assert page.evaluate(OPEN, wish) == {"items": 2}
    page.evaluate("client.shutdown()")


@pytest.mark.parametrize("version", BUILDS)
def test_a_page_of_sync_that_names_the_emulator(
    open_page: Callable[..., Page], site: str, emulator: Emulator, version: str
) -> None:
    page = open_page()
    page.goto(site + version)
    uri = f"{emulator.url.replace('http', 'ws')}/v3/wsconnect"
    share(page, emulator, {"Twilsock": {"uri": uri}})


@pytest.mark.parametrize("way", ["proxy", "resolver"])
def test_a_page_of_sync_that_knows_twilio_only(
    open_page: Callable[..., Page], site: str, emulator: Emulator, trusting_home: Path, way: str
) -> None:
    parts = urlsplit(emulator.url)
    redirection = {
        "proxy": f"--proxy-server={emulator.url}",
        "resolver": f"--host-resolver-rules=MAP *.twilio.com {parts.netloc}",
    }[way]
    page = open_page(redirection, home=trusting_home)
    page.goto(site + "4.0.1")
    share(page, emulator)
