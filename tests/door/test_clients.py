"""Real clients, redirected by nothing but their environment."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from twilio.rest import Client

from tests.conftest import CLIENTS
from tests.door.served import IN_TIME, Served

URL = "https://api.twilio.com/2010-04-01/Accounts.json"


@pytest.fixture
def bundle(served: Served, tmp_path: Path) -> Path:
    return served.authority.write_bundle(tmp_path / "bundle.pem")


@pytest.fixture
def redirected(served: Served, bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "NO_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", served.url)
    monkeypatch.setenv("HTTPS_PROXY", served.url)
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"):
        monkeypatch.setenv(name, str(bundle))


pytestmark = pytest.mark.usefixtures("redirected")


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session


def test_requests(session: requests.Session) -> None:
    told = session.get(URL, timeout=IN_TIME).json()
    assert (told["scheme"], told["host"]) == ("https", "api.twilio.com")


def test_requests_to_twilio_in_clear(session: requests.Session) -> None:
    told = session.get("http://api.twilio.com/", timeout=IN_TIME).json()
    assert (told["scheme"], told["host"]) == ("http", "api.twilio.com")


def test_requests_to_another_host(session: requests.Session, elsewhere: Served) -> None:
    answer = session.post(f"{elsewhere.url}/hook", data={"a": "b"}, timeout=IN_TIME)
    assert answer.json()["host"] == f"127.0.0.1:{elsewhere.port}"
    assert answer.json()["body"] == "a=b"


def test_requests_to_another_host_over_tls(
    session: requests.Session, elsewhere: Served, tmp_path: Path
) -> None:
    bundle = elsewhere.authority.write_bundle(tmp_path / "theirs.pem")
    url = f"https://localhost:{elsewhere.port}/"
    assert session.get(url, timeout=IN_TIME, verify=str(bundle)).status_code == 200
    with pytest.raises(requests.exceptions.SSLError):
        session.get(url, timeout=IN_TIME)


def test_twilio_for_python() -> None:
    client = Client("AC00000000000000000000000000000001", "0" * 32)
    answer = client.request("POST", URL, data={"FriendlyName": "Ann"})
    client.http_client.session.close()
    told = json.loads(answer.text)
    assert (told["method"], told["host"]) == ("POST", "api.twilio.com")
    assert told["body"] == "FriendlyName=Ann"


def run(command: list[str]) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=IN_TIME, check=False, cwd=CLIENTS
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_twilio_for_node(node: str) -> None:
    code = f"""
        const client = require("twilio")("AC00000000000000000000000000000001", "{"0" * 32}");
        client.request({{ method: "get", uri: "{URL}" }})
          .then((response) => console.log(JSON.stringify(response.body)));
    """
    told = json.loads(run([node, "-e", code]))
    assert (told["scheme"], told["host"]) == ("https", "api.twilio.com")


def test_node_through_a_connect(node: str, served: Served) -> None:
    code = f"""
        const name = "tsock.us1.twilio.com";
        const http = require("node:http");
        http.request({{ port: {served.port}, method: "CONNECT", path: name + ":443" }})
          .on("connect", (_, socket) => {{
            const secure = require("node:tls").connect({{ socket, servername: name }});
            http.get({{ createConnection: () => secure, headers: {{ host: name }} }}, (answer) => {{
              answer.pipe(process.stdout);
              answer.on("end", () => socket.destroy());
            }});
          }})
          .end();
    """
    told = json.loads(run([node, "-e", code]))
    assert (told["scheme"], told["host"]) == ("https", "tsock.us1.twilio.com")


def test_curl(curl: str) -> None:
    told = json.loads(run([curl, "--silent", URL]))
    assert (told["scheme"], told["host"]) == ("https", "api.twilio.com")
