"""Every symptom of docs/troubleshooting.md, brought about: what is said is what stands there."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx2
import pytest
from playwright.sync_api import Error, sync_playwright
from twilio.base.exceptions import TwilioException

from tests.conftest import CLIENTS
from tests.examples.snippets import ROOT
from tests.limits import BROWSER
from twilio_emulator import Emulator
from twilio_emulator.handle.handset import NotReceived

PAGE = ROOT / "docs/troubleshooting.md"
ANN = "+12025550199"
REFUSES = """
const { Client } = require("@twilio/conversations");
const [, , token, uri] = process.argv;
const client = new Client(token, { Twilsock: { uri } });
client.on("connectionError", ({ message }) => { console.log(message); process.exit(); });
"""
ROW = re.compile(r"^\| (?P<seen>.*?) \| (?P<then>.*) \|$", re.M)
SYMPTOMS = [
    code
    for row in ROW.finditer(PAGE.read_text(encoding="utf-8"))
    for code in re.findall(r"^`([^`]+)`$", row["seen"])
]
Trial = Callable[[pytest.FixtureRequest], str]
TRIED: dict[str, Trial] = {}


def fitting(shown: str) -> str:
    """What is on the page as a pattern: ports differ, and `…` is anything."""
    pattern = re.escape(shown).replace("…", ".+?")
    return re.sub(r"(?<=:)(8008|8009|3000)\b", r"\\d+", pattern)


def brings(symptom: str) -> Callable[[Trial], Trial]:
    """The function brings about the symptom that begins so."""

    def note(trial: Trial) -> Trial:
        (shown,) = (each for each in SYMPTOMS if each.startswith(symptom))
        TRIED[shown] = trial
        return trial

    return note


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_a_symptom(symptom: str, request: pytest.FixtureRequest) -> None:
    said = TRIED[symptom](request)
    assert re.search(fitting(symptom), said), said


def test_a_status_that_stays_queued(emulator: Emulator) -> None:
    client = emulator.client()
    emulator.clock.freeze()
    sent = client.messages.create(to=ANN, from_=emulator.number, body="Hello")
    assert sent.fetch().status == "queued"
    emulator.clock.advance(60)
    assert sent.fetch().status == "delivered"


def of(request: pytest.FixtureRequest) -> Emulator:
    emulator = request.getfixturevalue("emulator")
    assert isinstance(emulator, Emulator)
    return emulator


def command(*arguments: str, **environment: str) -> str:
    """What our command says when something is wrong."""
    done = subprocess.run(
        [sys.executable, "-m", "twilio_emulator", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    return done.stderr


@brings("cannot listen on")
def taken(request: pytest.FixtureRequest) -> str:
    return command("serve", "--port", of(request).url.rpartition(":")[2])


@brings("no emulator answers")
def nobody_there(request: pytest.FixtureRequest) -> str:
    return command("env", "--url", f"http://localhost:{unused_port()}")


def unused_port() -> int:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        return int(server.server_address[1])


@brings("fixture 'twilio_emulator' not found")
def not_installed(request: pytest.FixtureRequest) -> str:
    pytester: pytest.Pytester = request.getfixturevalue("pytester")
    pytester.makepyfile("def test_it(twilio_emulator): pass")
    done = pytester.runpytest_subprocess("-p", "no:twilio_emulator", "-p", "no:cacheprovider")
    return str(done.stdout)


@brings("certificate verify failed")
def only_a_proxy(request: pytest.FixtureRequest) -> str:
    with pytest.raises(httpx2.ConnectError) as failed:
        httpx2.get("https://api.twilio.com/", proxy=of(request).url, trust_env=False)
    return str(failed.value)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(TwilioException) as refused:
        act()
    return str(refused.value)


@brings("Authenticate")
def another_account(request: pytest.FixtureRequest) -> str:
    client = of(request).client()
    client.auth = (client.username, "another")
    return refusal(lambda: client.messages.list(limit=1))


@brings("The requested resource")
def not_emulated(request: pytest.FixtureRequest) -> str:
    calls = of(request).client().calls
    return refusal(lambda: calls.create(to=ANN, from_="+12025550100", url="http://localhost/"))


@brings("'From' +15005550006")
def foreign_number(request: pytest.FixtureRequest) -> str:
    messages = of(request).client().messages
    return refusal(lambda: messages.create(to=ANN, from_="+15005550006", body="Hello"))


@brings("Twilio could not find a Channel")
def no_sender(request: pytest.FixtureRequest) -> str:
    messages = of(request).client().messages
    sender = "whatsapp:+12025550100"
    return refusal(lambda: messages.create(to=f"whatsapp:{ANN}", from_=sender, body="Hello"))


@brings("Attempt to send")
def unsubscribed(request: pytest.FixtureRequest) -> str:
    emulator = of(request)
    emulator.handset(ANN).send("STOP")
    messages = emulator.client().messages
    return refusal(lambda: messages.create(to=ANN, from_=emulator.number, body="Hello"))


@brings("Host emulator.example.com")
def unknown_host(request: pytest.FixtureRequest) -> str:
    headers = {"Host": "emulator.example.com"}
    return httpx2.get(f"{of(request).url}/_emulator/v1/clock", headers=headers).text


@brings("Origin http://app.example.com")
def unknown_origin(request: pytest.FixtureRequest) -> str:
    headers = {"Origin": "http://app.example.com"}
    return httpx2.get(f"{of(request).url}/_emulator/v1/clock", headers=headers).text


@brings("nothing is at")
def no_version(request: pytest.FixtureRequest) -> str:
    return httpx2.get(f"{of(request).url}/Accounts").text


def nothing_after(emulator: Emulator, sms_url: str | None) -> str:
    """Why nothing comes to Ann, who has written to a number with this URL."""
    ann, client = emulator.handset(ANN), emulator.client()
    if sms_url is not None:
        (number,) = client.incoming_phone_numbers.list(phone_number=emulator.number)
        number.update(sms_url=sms_url)
    ann.send("Is anybody there?")
    with pytest.raises(NotReceived) as failed:
        ann.wait(timeout=2)
    return str(failed.value)


@brings("+12025550100 has no SmsUrl")
def nobody_told(request: pytest.FixtureRequest) -> str:
    return nothing_after(of(request), None)


@brings("the webhook POST http://localhost:3000/sms gave no answer")
def nobody_listens(request: pytest.FixtureRequest) -> str:
    return nothing_after(of(request), f"http://localhost:{unused_port()}/sms")


@brings("the webhook POST https://my-app.invalid/sms")
def no_such_host(request: pytest.FixtureRequest) -> str:
    return nothing_after(of(request), "https://my-app.invalid/sms")


class Refuses(BaseHTTPRequestHandler):
    """An app that takes the signature for wrong."""

    def do_POST(self) -> None:
        self.send_response(403)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Not to our own output."""


@brings("the webhook POST http://localhost:3000/sms answered 403")
def app_refuses(request: pytest.FixtureRequest) -> str:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refuses) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        try:
            said = nothing_after(of(request), f"http://localhost:{server.server_address[1]}/sms")
        finally:
            server.shutdown()
            serving.join(60)
    return said


@brings("is undelivered with 30003")
def phone_is_off(request: pytest.FixtureRequest) -> str:
    emulator = of(request)
    ann = emulator.handset(ANN)
    emulator.clock.freeze()
    ann.airplane()
    emulator.client().messages.create(to=ANN, from_=emulator.number, body="Hello")
    with pytest.raises(NotReceived) as failed:
        ann.wait(timeout=2)
    return str(failed.value)


@brings("is undelivered with 63016")
def window_is_closed(request: pytest.FixtureRequest) -> str:
    emulator = of(request)
    ann = emulator.handset(ANN)
    ann.send("Hello", to=emulator.whatsapp_number)
    emulator.clock.advance(hours=25)
    emulator.client().messages.create(
        to=f"whatsapp:{ANN}", from_=emulator.whatsapp_number, body="Hello"
    )
    emulator.clock.advance(60)
    with pytest.raises(NotReceived) as failed:
        ann.wait(timeout=2)
    return str(failed.value)


def front_end(request: pytest.FixtureRequest, token: str, url: str) -> str:
    """The first error that a front-end is told."""
    node: str = request.getfixturevalue("node")
    tmp_path: Path = request.getfixturevalue("tmp_path")
    (tmp_path / "node_modules").symlink_to(CLIENTS / "node_modules")
    (tmp_path / "app.cjs").write_text(REFUSES)
    uri = f"{url.replace('http', 'ws')}/v3/wsconnect"
    return subprocess.run(
        [node, "app.cjs", token, uri],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    ).stdout


@brings("Connection error: Invalid")
def no_token(request: pytest.FixtureRequest) -> str:
    return front_end(request, "a token", of(request).url)


@brings("Connection error: Access Token expired")
def old_token(request: pytest.FixtureRequest) -> str:
    emulator = of(request)
    token = emulator.token("alice")
    emulator.clock.advance(hours=25)
    return front_end(request, token, emulator.url)


@brings("Socket error")
def another_port(request: pytest.FixtureRequest) -> str:
    return front_end(request, of(request).token("alice"), f"http://127.0.0.1:{unused_port()}")


@brings("net::ERR_CERT_AUTHORITY_INVALID")
def not_trusted(request: pytest.FixtureRequest) -> str:
    chromium: str = request.getfixturevalue("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=[f"--proxy-server={of(request).url}"],
            timeout=BROWSER,
        )
        try:
            with pytest.raises(Error) as failed:
                browser.new_page().goto("https://api.twilio.com/")
            return failed.value.message
        finally:
            browser.close()
