"""Whether an installed emulator works at all: for any Python, and any versions of what it needs.

`PYTHON tests/smoke/smoke.py` tries the emulator that this Python has installed, through Twilio's
own library and the socket of its client SDKs. It needs nothing else, and ends within two minutes.
"""

import faulthandler
import json
import os
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from queue import Queue
from typing import Any
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator
from twilio.rest import Client
from websockets.sync.client import connect

from twilio_emulator import Emulator

SECONDS = 30.0
"""What any one step may take."""

ALL_SECONDS = 120.0

ANN = "+12025550199"
MAIN = Path(sysconfig.get_path("scripts")) / "twilio-emulator"
SHOWN = ("uvicorn", "uvloop", "websockets", "httptools", "httpx2", "starlette", "cryptography")


def say(line: str) -> None:
    """Tell whoever watches."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def served() -> Iterator[str]:
    """The URL of an emulator that `twilio-emulator serve` runs."""
    with subprocess.Popen(
        [str(MAIN), "serve", "--port", "0"], stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        late = threading.Timer(SECONDS, process.kill)
        late.start()
        try:
            lines = (line.split() for line in process.stdout)
            url = next((words[1] for words in lines if words[:1] == ["url"]), None)
            late.cancel()
            assert url is not None, "serve ended before it named its URL"
            yield url
            process.terminate()
            assert process.wait(SECONDS) == 0, f"serve ended with status {process.returncode}"
        finally:
            late.cancel()
            process.kill()


@contextmanager
def app(answer: str) -> Iterator[tuple[str, "Queue[tuple[str, dict[str, str], str]]"]]:
    """An app's webhook that answers everything with this TwiML: its URL, and what it was asked."""
    asked: Queue[tuple[str, dict[str, str], str]] = Queue()

    class Handler(BaseHTTPRequestHandler):
        timeout = SECONDS

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = dict(parse_qsl(body, keep_blank_values=True))
            asked.put((self.path, form, self.headers["X-Twilio-Signature"]))
            said = answer.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        serving.join(SECONDS)


def a_text_by_rest(emulator: Emulator, client: Client) -> None:
    """A text that Twilio's library sends is on the phone."""
    ann = emulator.handset(ANN)
    sent = client.messages.create(to=ANN, from_=emulator.number, body="Your code is 424242")
    assert ann.wait(timeout=SECONDS).codes == ["424242"]
    assert client.messages(sent.sid).fetch().status == "delivered"


def a_text_over_tls(emulator: Emulator, client: Client) -> None:
    """The same for an app that is redirected and names no URL."""
    ann = emulator.handset(ANN)
    with tempfile.TemporaryDirectory() as directory:
        changes = emulator.redirection(Path(directory))
        environment = {**os.environ, **changes}
        code = (
            "from twilio.rest import Client\n"
            f"Client().messages.create(to='{ANN}', from_='{emulator.number}', body='By TLS')"
        )
        subprocess.run(
            [sys.executable, "-c", code],
            env={name: value for name, value in environment.items() if value is not None},
            check=True,
            timeout=SECONDS,
        )
    assert ann.wait(timeout=SECONDS).body == "By TLS"


def a_webhook_with_a_reply(emulator: Emulator, client: Client) -> None:
    """A text to the number reaches the app, signed, and the phone gets its TwiML's answer."""
    ann = emulator.handset(ANN)
    reply = "<Response><Message>It is on the van.</Message></Response>"
    with app(reply) as (url, asked):
        (number,) = client.incoming_phone_numbers.list(phone_number=emulator.number)
        number.update(sms_url=f"{url}/texts")
        ann.send("Where is my parcel?")
        path, form, signature = asked.get(timeout=SECONDS)
        assert form["Body"] == "Where is my parcel?"
        validator = RequestValidator(emulator.auth_token)
        assert validator.validate(f"{url}{path}", form, signature)
        assert ann.wait(timeout=SECONDS).body == "It is on the van."


def a_client_sdk(emulator: Emulator, client: Client) -> None:
    """A client SDK's connection is taken on, asks something and is answered."""
    conversation = client.conversations.v1.conversations.create(friendly_name="Parcel 42")
    conversation.participants.create(identity="alice")
    url = emulator.url.replace("http", "ws", 1) + "/v3/wsconnect"
    with connect(url, open_timeout=SECONDS, close_timeout=SECONDS, proxy=None) as socket:

        def asked(header: dict[str, Any]) -> tuple[dict[str, Any], Any]:
            said = json.dumps({"payload_size": 0, **header}).encode()
            socket.send(b"TWILSOCK V3.0 %d\r\n%b\r\n" % (len(said), said))
            while True:
                message = socket.recv(timeout=SECONDS)
                assert isinstance(message, bytes)
                line, _, rest = message.partition(b"\r\n")
                size = int(line.split()[2])
                heading = json.loads(rest[:size])
                if heading["id"] == header["id"]:
                    payload = rest[size + 2 :]
                    return heading, json.loads(payload) if payload else None

        token = emulator.token("alice")
        opened, _ = asked(
            {"id": "TM1", "method": "init", "token": token, "capabilities": ["client_update"]}
        )
        assert opened["status"]["code"] == 200, opened
        http = {
            "host": "aim.us1.twilio.com",
            "path": f"/Client/v2/Services/{emulator.conversation_service_sid}/Users/alice",
            "method": "GET",
            "params": {},
            "headers": {},
        }
        answered, _ = asked({"id": "TM2", "method": "message", "http_request": http})
        assert answered["http_status"]["code"] == 200, answered


def a_scenario(emulator: Emulator, client: Client) -> None:
    """The shipped demo holds, here and by the command."""
    emulator.play("support-desk")
    subprocess.run(
        [str(MAIN), "play", "support-desk"],
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=SECONDS,
    )


STEPS: tuple[Callable[[Emulator, Client], None], ...] = (
    a_text_by_rest,
    a_text_over_tls,
    a_webhook_with_a_reply,
    a_client_sdk,
    a_scenario,
)


def main() -> None:
    """Take every step, and say which went well."""
    faulthandler.dump_traceback_later(ALL_SECONDS, exit=True)
    found = {}
    for name in SHOWN:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    say(f"Python {sys.version.split()[0]}; " + ", ".join(f"{k} {v}" for k, v in found.items()))
    with served() as url:
        for step in STEPS:
            with Emulator(url=url) as emulator:
                step(emulator, emulator.client())
            say(f"{step.__name__.replace('_', ' ')}: holds")
    faulthandler.cancel_dump_traceback_later()
    say(f"{len(STEPS)} passed, 0 failed")


if __name__ == "__main__":
    main()
