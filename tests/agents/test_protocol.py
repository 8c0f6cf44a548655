"""`twilio-emulator mcp` and /_emulator/mcp, by the official package's own client."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner
from mcp import Client

from tests.agents.conftest import over_http, refused, stdio, use
from twilio_emulator.agents.tools import CHOSEN
from twilio_emulator.cli.commands import main
from twilio_emulator.server.agents_door import NOT_INSTALLED, PATH
from twilio_emulator.server.app import Server
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

pytestmark = pytest.mark.anyio

ANN = "+12025550199"
NUMBER = "+12025550100"
STORY = """\
scenario: A code
people:
  Ann: +12025550199
story:
  - messages.create: {to: Ann, from: +12025550100, body: Your code is 424242}
  - Ann gets: /424242/
"""


def text_a_code(serving: Serving) -> None:
    """What an app does when somebody signs up."""
    settings = serving.settings
    credentials = httpx2.BasicAuth(settings.account_sid, settings.auth_token)
    answer = httpx2.post(
        f"{serving.local_url}/2010-04-01/Accounts/{settings.account_sid}/Messages.json",
        data={"To": ANN, "From": NUMBER, "Body": "Your code is 424242"},
        auth=credentials,
        trust_env=False,
    )
    assert answer.status_code == 201


async def sign_up_and_look(client: Client, serving: Serving) -> None:
    """What an agent does: it reads a code, answers, and sees why the webhook failed."""
    listed = await client.list_tools()
    assert [each.name for each in listed.tools] == list(CHOSEN)
    await asyncio.to_thread(text_a_code, serving)
    came = await use(client, "wait_for_message", address=ANN, contains="code")
    assert came["items"][0]["codes"] == ["424242"]

    nobody = "http://127.0.0.1:9/sms"
    await use(client, "change_number", address=NUMBER, sms_url=nobody)
    sent = await use(client, "send_from_handset", address=ANN, to=NUMBER, body="424242")
    assert sent["body"] == "424242"
    webhooks = (await use(client, "list_webhooks"))["webhooks"]
    assert webhooks[-1]["url"] == nobody
    assert (await use(client, "list_alerts"))["alerts"][0]["error_code"] == 11205
    entries = (await use(client, "read_journal", newest=200))["entries"]
    assert {"request", "command", "event", "webhook"} <= {each["kind"] for each in entries}


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_over_http(serving: Serving, mode: str) -> None:
    async with over_http(serving, mode) as client:
        assert client.server_info.name == "twilio-emulator"
        assert client.instructions is not None
        assert serving.url in client.instructions
        await sign_up_and_look(client, serving)


@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_on_standard_input_and_output(serving: Serving, tmp_path: Path, mode: str) -> None:
    async with stdio(tmp_path, "--url", serving.local_url, mode=mode) as client:
        await sign_up_and_look(client, serving)


async def test_an_emulator_of_its_own_ends_with_it(tmp_path: Path) -> None:
    async with stdio(tmp_path) as client:
        assert client.instructions is not None
        url = client.instructions.partition("reach it at ")[2].partition(":` ")[0].split(": ")[0]
        accounts = await use(client, "list_accounts")
        assert accounts["accounts"][0]["numbers"][0] == NUMBER
        assert httpx2.get(f"{url}/_emulator/v1/health", trust_env=False).status_code == 200
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{url}/_emulator/v1/health", trust_env=False)


async def test_scenarios_faults_time_and_accounts(serving: Serving) -> None:
    async with over_http(serving) as client:
        account = (await use(client, "open_account", clock="frozen"))["account_sid"]
        assert (await use(client, "check_scenario", scenario=STORY)) == {"problems": []}
        wrong = await use(
            client, "check_scenario", scenario="scenario: A\nstory:\n- Ann sings: a\n"
        )
        assert wrong["problems"][0]["line"] == 3
        assert (await use(client, "play_scenario", scenario=STORY, account=account))["held"]
        late = {"delay": {"stage": "sent", "ms": 1000}}
        await use(client, "add_fault", account=account, do=late, times=1)
        assert await use(client, "remove_faults", account=account) == "It is done."
        now = await use(client, "change_clock", account=account, advance="PT1H")
        assert now["mode"] == "frozen"
        texts = await use(client, "list_messages", account=account)
        assert [each["body"] for each in texts["messages"]] == ["Your code is 424242"]
        assert (await use(client, "list_messages"))["messages"] == []


async def test_what_is_wrong_is_the_tools_error_in_a_line(serving: Serving) -> None:
    async with over_http(serving) as client:
        assert (await refused(client, "sing")).startswith("there is no tool sing, but list_acc")
        assert (await refused(client, "read_inbox")).startswith("address: expected one")
        said = await refused(client, "list_handsets", limit="many")
        assert said.startswith("query limit: ")
        assert "there is no account AC1" in await refused(client, "list_alerts", account="AC1")
        said = await refused(client, "wait_for_message", address=ANN, timeout=0)
        assert said == "0 of 1 came, and 0 that are something else"
        said = await refused(client, "play_scenario", scenario="scenario: [")
        assert said.startswith("body:2:1: expected ")
        said = await refused(client, "add_fault", do={"explode": True})
        assert said.startswith("body")


async def test_an_emulator_that_is_gone(tmp_path: Path) -> None:
    serving = Serving(Settings(port=0, authority=tmp_path), {})
    with serving:
        async with stdio(tmp_path, "--url", serving.local_url) as client:
            await use(client, "list_accounts")
            await asyncio.to_thread(serving.__exit__, None, None, None)
            said = await refused(client, "list_accounts")
            assert said.startswith(f"no emulator answers at {serving.local_url}")


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "twilio_emulator.agents.protocol", raising=False)
    monkeypatch.setitem(sys.modules, "mcp.server.lowlevel.server", None)


@pytest.mark.usefixtures("without_the_extra")
async def test_without_the_extra_http_says_what_to_install() -> None:
    server = Server(Settings(), lambda: b"")
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        for _ in range(2):
            answer = await client.post(PATH, json={})
            assert (answer.status_code, answer.json()["message"]) == (404, NOT_INSTALLED)
    await server.end()


@pytest.mark.usefixtures("without_the_extra")
def test_without_the_extra_the_command_says_what_to_install() -> None:
    result = CliRunner().invoke(main, ["mcp"])
    assert (result.exit_code, result.output) == (1, f"Error: {NOT_INSTALLED}\n")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--url", "http://127.0.0.1:9"], 1, "no emulator answers at http://127.0.0.1:9: "),
        (["--url", "localhost"], 1, "expected an URL such as http://localhost:8008"),
        (["--url", "http://localhost:1", "--port", "1"], 2, "expected one of --url and --port"),
        (["--port", "70000"], 2, "port: "),
    ],
)
def test_what_is_wrong_with_the_command_is_a_line(
    arguments: list[str], code: int, message: str
) -> None:
    result = CliRunner().invoke(main, ["mcp", *arguments])
    assert result.exit_code == code
    assert result.output.startswith(f"Error: {message}")
    assert result.output.count("\n") == 1


@pytest.mark.parametrize(
    ("method", "headers", "status", "message"),
    [
        ("POST", {"origin": "http://evil.example"}, 403, "Origin http://evil.example: "),
        ("POST", {"origin": "null"}, 403, "Origin null: "),
        ("POST", {"host": "evil.example"}, 403, "Host evil.example: "),
        ("GET", {}, 405, f"{PATH} knows POST, not GET"),
        ("DELETE", {}, 405, f"{PATH} knows POST, not DELETE"),
    ],
)
async def test_who_may_not_come_in(
    method: str, headers: dict[str, str], status: int, message: str
) -> None:
    server = Server(Settings(), lambda: b"")
    transport = httpx2.ASGITransport(app=server)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.request(method, PATH, headers=headers)
    assert answer.status_code == status
    assert answer.json()["message"].startswith(message)
    assert answer.headers.get("allow") == ("POST" if status == 405 else None)
    await server.end()


async def test_a_page_that_may_reads_the_answer() -> None:
    page = "http://app.test:3000"
    server = Server(Settings(allow_origins=(page,)), lambda: b"")
    transport = httpx2.ASGITransport(app=server)
    asked: dict[str, Any] = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        before = await client.options(PATH, headers={"origin": page})
        assert before.headers["access-control-allow-origin"] == page
        headers = {"origin": page, "accept": "application/json, text/event-stream"}
        answer = await client.post(PATH, json=asked, headers=headers)
    assert answer.headers["access-control-allow-origin"] == page
    assert len(answer.json()["result"]["tools"]) == len(CHOSEN)
    await server.end()


def test_nothing_of_it_is_loaded_before_somebody_asks(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from twilio_emulator.server.serving import Serving\n"
        "from twilio_emulator.settings import Settings\n"
        "with Serving(Settings(port=0), {}): pass\n"
        "print([name for name in sys.modules if name.startswith(('mcp', 'pydantic'))])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": os.pathsep.join(sys.path), "XDG_STATE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert json.loads(done.stdout) == []
