"""Programs that send credentials only once they are asked for them, as they come: curl, wget,
Python's own urllib, Java."""

import shutil
import subprocess
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import absent
from twilio_emulator import Emulator

IN_TIME = 60  # seconds

Run = Callable[..., str]


@pytest.fixture
def run() -> Run:
    """What a program prints; it must be there, and succeed."""

    def run(name: str, *arguments: str) -> str:
        path = shutil.which(name) or absent(f"{name} is not installed")
        done = subprocess.run([path, *arguments], capture_output=True, text=True, timeout=IN_TIME)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def messages(twilio_emulator: Emulator) -> str:
    return f"{twilio_emulator.url}/2010-04-01/Accounts/{twilio_emulator.account_sid}/Messages.json"


def test_curl(run: Run, twilio_emulator: Emulator, messages: str) -> None:
    user = f"{twilio_emulator.account_sid}:{twilio_emulator.auth_token}"
    said = {"To": "+12025550199", "From": twilio_emulator.number, "Body": "Hi"}
    form = [piece for pair in said.items() for piece in ("--data-urlencode", "=".join(pair))]
    for more in ([], ["-I"], form):
        shown = run("curl", "-sS", "-i", "--fail", "--anyauth", "-u", user, *more, messages)
        assert 'www-authenticate: basic realm="twilio api"' in shown.lower()
        assert "HTTP/1.1 20" in shown


def test_wget(run: Run, twilio_emulator: Emulator, messages: str) -> None:
    user, password = twilio_emulator.account_sid, twilio_emulator.auth_token
    login = (f"--user={user}", f"--password={password}")
    assert '"messages":[]' in run("wget", "-q", "-O-", "--tries=1", *login, messages)
    run("wget", "-q", "--spider", "--tries=1", *login, messages)


def test_urllib(twilio_emulator: Emulator, messages: str) -> None:
    passwords = urllib.request.HTTPPasswordMgr()
    user, password = twilio_emulator.account_sid, twilio_emulator.auth_token
    passwords.add_password("Twilio API", twilio_emulator.url, user, password)
    opener = urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))
    with opener.open(messages, timeout=IN_TIME) as answer:
        assert answer.status == 200


JAVA = """
import java.net.*;
import java.net.http.*;

class Login {
    public static void main(String[] said) throws Exception {
        Authenticator login = new Authenticator() {
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(said[1], said[2].toCharArray());
            }
        };
        HttpClient client = HttpClient.newBuilder().authenticator(login).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(said[0])).build();
        System.out.println(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        Authenticator.setDefault(login);
        HttpURLConnection older = (HttpURLConnection) new URL(said[0]).openConnection();
        System.out.println(older.getResponseCode());
    }
}
"""


def test_both_clients_of_java(
    run: Run, twilio_emulator: Emulator, messages: str, tmp_path: Path
) -> None:
    program = tmp_path / "Login.java"
    program.write_text(JAVA)
    user, password = twilio_emulator.account_sid, twilio_emulator.auth_token
    assert run("java", str(program), messages, user, password).split() == ["200", "200"]
