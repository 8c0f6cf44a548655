"""The command line, in this process where that is enough, else in one of its own."""

import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import jwt
import pytest
from click.testing import CliRunner, Result

from tests.programs import started
from twilio_emulator.cli.commands import main
from twilio_emulator.core.simulation.settings import PROFILES
from twilio_emulator.handle.calling import Calling
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

BASE = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("TWILIO_") and not name.upper().endswith("_PROXY")
}
SECRET = "a secret of its own, which is long enough"
AS_JSON = {"TWILIO_EMULATOR_JSON": "1"}
STORY = """\
scenario: Ann texts
people:
  Ann: +12025550199
  Bob: chat:bob
conversations:
  Talk: [Ann, Bob]
story:
  - Ann texts: hello
  - Bob gets: {expected}
"""


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state directory of this test's own."""
    for name in set(os.environ) - set(BASE):
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def stories(tmp_path: Path) -> Path:
    (tmp_path / "holds.yaml").write_text(STORY.format(expected="hello"))
    (tmp_path / "fails.yaml").write_text(STORY.format(expected="bye"))
    (tmp_path / "wrong.yaml").write_text("scenario: Wrong\nstory:\n  - Ann sings: hello\n")
    return tmp_path


def invoke(*arguments: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), env=environment)


@contextmanager
def served(*arguments: str, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """An emulator of its own process, up to the line that says where it is."""
    command = [sys.executable, "-m", "twilio_emulator", "serve", *arguments]
    with started(
        command, env={**BASE, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        yield process


def banner(process: "subprocess.Popen[str]") -> dict[str, str]:
    """What `serve` says of itself."""
    assert process.stdout is not None
    said = {}
    for line in process.stdout:
        if line.startswith("Redirect"):
            return said
        if found := re.fullmatch(r"  (\S.*?)  +(\S.*)\n", line):
            said[found[1]] = found[2]
    raise AssertionError(process.stderr and process.stderr.read())


def test_help_lists_every_command() -> None:
    shown = invoke("--help").output
    for command in ("serve", "run", "play", "check", "schema", "token", "env"):
        assert f"\n  {command} " in shown
    assert "TWILIO_EMULATOR_PORT" in invoke("serve", "-h").output


def test_help_names_every_profile_of_the_carrier() -> None:
    *some, last = PROFILES
    assert f"{', '.join(some)} or {last}." in " ".join(invoke("serve", "--help").output.split())


def test_what_each_command_does_fits_the_terminal() -> None:
    shown = invoke("--help").output
    assert "..." not in shown.replace("[ARGS]...", "")
    for command in main.commands:
        assert all(len(line) <= 80 for line in invoke(command, "--help").output.splitlines())
    assert "_TWILIO_EMULATOR_COMPLETE=bash_source" in shown


def test_the_shell_completes_commands() -> None:
    completed = subprocess.run(
        [Path(sys.executable).parent / "twilio-emulator"],
        env={
            **BASE,
            "_TWILIO_EMULATOR_COMPLETE": "bash_complete",
            "COMP_WORDS": "twilio-emulator sc",
            "COMP_CWORD": "1",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert completed.stdout == "plain,scenarios\nplain,schema\n"


def test_the_shipped_scenarios() -> None:
    lines = invoke("scenarios").output.splitlines()
    assert "support-desk           Support desk" in lines
    assert all(len(line) <= 80 for line in lines)
    listed = json.loads(invoke("scenarios", "--json").output)
    assert [each["name"] for each in listed] == [line.split()[0] for line in lines]
    assert all(each["about"] and Path(each["file"]).is_file() for each in listed)
    assert invoke("check", *(each["name"] for each in listed)).exit_code == 0


def test_what_a_script_reads(stories: Path, state: Path) -> None:
    token = json.loads(invoke("token", "ann", "--json", "--ttl", "60").output)
    assert (token["identity"], token["ttl"]) == ("ann", 60)
    assert jwt.decode(token["token"], options={"verify_signature": False})["iss"].startswith("SK")
    assert json.loads(invoke("check", "--json", stories / "holds.yaml").output) == []
    checked = invoke("check", "--json", stories / "wrong.yaml")
    assert checked.exit_code == 2
    (problem,) = json.loads(checked.output)
    assert (problem["line"], problem["column"]) == (3, 5)
    played = invoke("play", "--json", stories / "holds.yaml", stories / "fails.yaml")
    assert played.exit_code == 1
    assert [report["held"] for report in json.loads(played.output)] == [True, False]
    with Serving(Settings(port=0), os.environ) as serving:
        shown = json.loads(invoke("env", "--json", "--url", serving.local_url).output)
    assert shown["HTTPS_PROXY"] == serving.local_url


def test_play_says_little_when_asked_to(stories: Path) -> None:
    assert invoke("play", "-q", stories / "holds.yaml").output == ""
    said = invoke("play", "-q", stories / "fails.yaml").output
    assert said.startswith(f"{stories / 'fails.yaml'}:9:5: Bob gets: bye\n")


def test_serve_for_a_script_with_every_request_logged() -> None:
    with served("--port", "0", "--json", "-v") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said = json.loads(process.stdout.readline())
        assert said["account_sid"] == "AC00000000000000000000000000000001"
        assert Calling(said["url"]).get("/health")["status"] == "ok"
        line = process.stderr.readline()
        where = said["url"].partition("://")[2]
        assert re.fullmatch(rf"INFO: GET {where}/_emulator/v1/health 200 [0-9.]+ ms\n", line)


def test_serve_ends_with_its_standard_input() -> None:
    command = [sys.executable, "-m", "twilio_emulator", "serve", "--port", "0", "--json"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with started([*command, "--stop-with-stdin"], env=BASE, **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert Calling(json.loads(process.stdout.readline())["url"]).get("/health")
        process.stdin.write("what is written there is not minded\n")
        process.stdin.close()
        assert process.wait(60) == 0


def test_run_says_where_the_console_is(state: Path) -> None:
    said = invoke("run", "--", "true")
    assert re.fullmatch(r"twilio-emulator: console at http://localhost:\d+/\n", said.stderr)
    assert said.stdout == ""
    assert invoke("run", "-q", "--", "true").output == ""


def test_every_option_has_an_environment_variable_of_its_name() -> None:
    parameters = [each for command in main.commands.values() for each in command.params]
    options = [each for each in parameters if isinstance(each, click.Option)]
    assert len(options) > 20
    for option in options:
        name = option.opts[0].removeprefix("--").replace("-", "_").upper()
        assert option.envvar == f"TWILIO_EMULATOR_{name}"


def test_the_version() -> None:
    assert invoke("--version").output == "twilio-emulator 0.1.0\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_serve_until_a_signal(number: signal.Signals) -> None:
    with served("--port", "0") as process:
        said = banner(process)
        assert said["account sid"] == "AC00000000000000000000000000000001"
        assert said["auth token"] == "00000000000000000000000000000001"
        assert said["numbers"] == "+12025550100, +12025550101, whatsapp:+14155238886"
        assert said["console"] == f"{said['url']}/"
        assert Calling(said["url"]).get("/health")["status"] == "ok"
        process.send_signal(number)
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_serve_what_the_environment_says() -> None:
    environment = {
        "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
        "TWILIO_AUTH_TOKEN": "not-to-be-shown",
        "TWILIO_PHONE_NUMBER": "+12025550177",
        "TWILIO_EMULATOR_PORT": "0",
        "TWILIO_EMULATOR_CLOCK": "frozen",
        "TWILIO_EMULATOR_NUMBER": "+12025550188 +12025550189",
        "TWILIO_EMULATOR_ALLOW_HOST": "emulator.test",
    }
    with served(**environment) as process:
        said = banner(process)
        assert said["account sid"] == environment["TWILIO_ACCOUNT_SID"]
        assert said["auth token"] == "as in the environment"
        assert said["numbers"].endswith("+12025550188, +12025550189, +12025550177")
        calling = Calling(said["url"])
        (account,) = calling.get("/accounts")["accounts"]
        assert account["auth_token"] is None
        assert calling.get("/clock")["mode"] == "frozen"
        process.terminate()
        assert process.stdout is not None
        assert "not-to-be-shown" not in process.stdout.read()


def test_an_option_wins_over_the_environment() -> None:
    with served("--clock", "x2", "--port", "0", TWILIO_EMULATOR_CLOCK="frozen") as process:
        assert Calling(banner(process)["url"]).get("/clock")["mode"] == "x2"


def test_serve_with_a_scenario_tells_it() -> None:
    with served("--port", "0", "--scenario", "support-desk") as process:
        banner(process)
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        assert lines[:2] == ["\n", "Support desk\n"]
        assert lines[2].endswith("Hello, where is my parcel?  to +12025550100\n")


def test_an_account_by_its_own_settings_ends_with_half_a_request_open() -> None:
    with served("--port", "0") as process:
        port = int(banner(process)["url"].rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(b"POST /v1/Conversations HTTP/1.1\r\nHost: localhost\r\nContent-")
            process.terminate()
            assert process.wait(10) == 0


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["serve", "--clock", "slow"], 2, "Error: clock: expected real, frozen or xN"),
        (["serve", "--port", "70000"], 2, "Error: port: expected a number from 0 to 65535"),
        (["serve", "--number", "nobody"], 2, "Error: number: expected a phone number"),
        (["serve", "--carrier", "pigeon"], 2, "Error: carrier: profile is one of ideal, "),
        (["serve", "--public-url", "x"], 2, "Error: public_url: expected an URL"),
        (["serve", "--public-url", "http://x:99999"], 2, "Error: public_url: expected an URL"),
        (["serve", "--public-url", "http://[::1"], 2, "Error: public_url: expected an URL"),
        (["serve", "--scenario", "nosuch"], 2, "nosuch.scenario.yaml:1:1: expected a file"),
        (["play", "opt-uot"], 2, " by a bare name (did you mean opt-out?)"),
        (["serve", "--authority", ""], 2, "Error: Invalid value for '--authority'"),
        (["serve", "--state", ""], 2, "Error: Invalid value for '--state'"),
        (["env", "--directory", ""], 2, "Error: Invalid value for '--directory'"),
        (["serve", "--allow-host", "http://foo"], 2, "Error: allow-host: expected a name or an"),
        (["serve", "--allow-host", "a:80"], 2, "Error: allow-host: expected a name or an"),
        (["serve", "--allow-origin", "foo"], 2, "Error: allow-origin: expected a scheme, a host"),
        (["serve", "--allow-origin", "http://a/b"], 2, "Error: allow-origin: expected a scheme"),
        (["serve", "--allow-origin", "http://a:65536"], 2, "Error: allow-origin: expected a sch"),
        (["serve", "--port", "x"], 2, "Error: Invalid value for '--port'"),
        (["serve", "--seed", "x"], 2, "Error: Invalid value for '--seed'"),
        (["serve", "--nosuch"], 2, "Error: No such option '--nosuch'"),
        (["serve", "--loop", "x"], 2, "Error: loop: expected auto, asyncio or"),
        (["serve", "-v", "-q"], 2, "Error: expected one of --verbose and --quiet"),
        (["sreve"], 2, "Error: No such command 'sreve'"),
        (["--nosuch"], 2, "Error: No such option '--nosuch'"),
        (["play"], 2, "Error: Missing argument 'FILE...'"),
        (["play", "--speed", "nan", "support-desk"], 2, "Error: Invalid value for '--speed'"),
        (["play", "--speed", "0", "support-desk"], 2, "Error: Invalid value for '--speed'"),
        (["play", "--set", "x", "support-desk"], 2, "Error: --set: expected NAME=VALUE"),
        (["token", "ann", "--ttl", "0"], 2, "Error: Invalid value for '--ttl'"),
        (["token", "ann", "--ttl", "999999999"], 2, "Error: --ttl: expected at most 864000 seco"),
        (["token", ""], 2, "Error: IDENTITY: expected who the token is for"),
        (["token", "ann", "--service", "zz"], 2, "Error: --service: expected IS and 32 hexadecim"),
        (["token", "--sync", "ann"], 2, "'ann'; without a value it stands behind IDENTITY"),
        (["run", "--clock", "slow", "true"], 2, "Error: clock: expected real"),
        (["run", "--", "nosuch"], 127, "Error: cannot run nosuch: there is no such program"),
        (["env", "--url", "x"], 1, "Error: expected an URL such as http://localhost:8008, not x"),
        (["env", "--url", "http://[::1"], 1, "Error: expected an URL such as http://localhost:80"),
        (["env", "--url", "http://a:b@localhost"], 1, "Error: expected an URL such as http://loc"),
        (["env", "--url", "http://localhost?x"], 1, "Error: expected an URL such as http://loca"),
        (["record", "--url", "http://localhost:x"], 1, "Error: expected an URL such as http://lo"),
        (["mcp", "--url", "http://localhost:70000"], 1, "Error: expected an URL such as http://l"),
        (["mcp", "--url", "http://localhost:1", "--port", "2"], 2, "Error: expected one of --url"),
        (["play", "--url", "http://localhost:x", "opt-out"], 1, "Error: expected an URL such as"),
        (
            ["env", "--format", "csh"],
            2,
            "Error: --format: expected one of sh, fish, powershell, dotenv, github, docker, not",
        ),
        (["env", "--format", "sh", "--json"], 2, "Error: expected one of --json and --format"),
        (["env", "--url", "http://127.0.0.1:1"], 1, "Error: no emulator answers at http://127"),
        (["play", "--url", "http://127.0.0.1:1", "support-desk"], 1, "Error: expected an emulator"),
        (["check", "nosuch.yaml"], 2, "nosuch.yaml:1:1: expected a file"),
    ],
)
def test_what_is_wrong_is_one_line_and_a_status(
    state: Path, arguments: list[str], status: int, message: str
) -> None:
    result = invoke(*arguments)
    assert result.exit_code == status
    assert message in result.output
    assert "Traceback" not in result.output
    assert len(result.stderr.strip().split("\n")) == 1


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_can_be_told_how_much_to_tell(command: str) -> None:
    shown = invoke(command, "--help").output
    assert "-v, --verbose" in shown
    assert "-q, --quiet" in shown


def test_the_command_line_wins_over_the_environment(state: Path, tmp_path: Path) -> None:
    """What it excludes does not count, wherever a variable names that."""
    with Serving(Settings(port=0, authority=tmp_path), {}) as serving:
        said = invoke("env", "--json", TWILIO_EMULATOR_URL=serving.url, TWILIO_EMULATOR_FORMAT="sh")
        assert json.loads(said.output)["TWILIO_EMULATOR_URL"] == serving.url
        said = invoke("env", "--format", "dotenv", TWILIO_EMULATOR_URL=serving.url, **AS_JSON)
        assert said.output.startswith("TWILIO_EMULATOR_URL=")
        said = invoke(
            "env", TWILIO_EMULATOR_URL=serving.url, TWILIO_EMULATOR_FORMAT="sh", **AS_JSON
        )
        assert said.output == "Error: expected one of --json and --format\n"
        for variables in (
            {"TWILIO_EMULATOR_VERBOSE": "1"},
            {"TWILIO_EMULATOR_URL": "http://localhost:1"},
        ):
            said = invoke("hosts", "-q", "--url", serving.url, **variables)
            assert (said.exit_code, said.stderr) == (0, "")
        for named in (["--url", serving.url], []):
            said = invoke(
                *("mcp", *named), TWILIO_EMULATOR_PORT="8008", TWILIO_EMULATOR_URL=serving.url
            )
            assert (said.exit_code, said.output) == (0, "")
    gone = invoke("mcp", "--port", "0", TWILIO_EMULATOR_URL=serving.url)
    assert (gone.exit_code, gone.output) == (0, "")


def test_what_kubernetes_says_of_a_service_of_our_name_is_no_port(state: Path) -> None:
    said = invoke("run", "-q", "--", "true", TWILIO_EMULATOR_PORT="tcp://10.96.0.12:8008")
    assert (said.exit_code, said.output) == (0, "")


def test_requests_of_commands_are_told(state: Path, tmp_path: Path) -> None:
    with Serving(Settings(port=0, authority=tmp_path), {}) as serving:
        asked = ["hosts", "-v", "--url", serving.url]
        command = [sys.executable, "-m", "twilio_emulator"]
        told = subprocess.run(
            [*command, *asked], env=BASE, capture_output=True, text=True, timeout=60, check=True
        )
        assert told.stderr == f"INFO: GET {serving.url}/_emulator/v1/health 200\n"
        for where in ([], ["--url", serving.url]):
            asked = ["play", "-v", *where, "opt-out"]
            told = subprocess.run(
                [*command, *asked], env=BASE, capture_output=True, text=True, timeout=60, check=True
            )
            assert "/Messages.json" in told.stderr
            assert "  held " in told.stdout


def test_a_port_that_is_taken(state: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        result = invoke("serve", "--port", str(other.getsockname()[1]))
    assert result.exit_code == 1
    assert "Address already in use; --port takes another one" in result.output


def test_a_wrong_account_in_the_environment(state: Path) -> None:
    result = invoke("serve", TWILIO_ACCOUNT_SID="SK1")
    assert result.exit_code == 2
    assert result.output.startswith("Error: account_sid: expected AC and 32 hexadecimal digits")


def test_an_authority_that_cannot_be_kept(state: Path) -> None:
    (state / "file").write_text("")
    result = invoke("run", "--authority", state / "file", "true")
    assert result.exit_code == 1
    assert result.output.startswith(f"Error: {state / 'file'}")


def test_run_gives_the_command_an_emulator_and_its_status(state: Path) -> None:
    file = state / "said"
    script = (
        f'echo "$TWILIO_ACCOUNT_SID $TWILIO_PHONE_NUMBER $HTTP_PROXY $HTTPS_PROXY" > {file};'
        f' head -1 "$NODE_EXTRA_CA_CERTS" >> {file}; exit 3'
    )
    given = ("--number", "+12025550177", "--public-url", "http://app.test")
    result = invoke("run", *given, "--", "sh", "-c", script)
    assert result.exit_code == 3, result.output
    first, second = file.read_text().splitlines()
    account, number, proxy, same = first.split(" ")
    assert account == "AC00000000000000000000000000000001"
    assert number == "+12025550100"
    assert proxy == same
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", proxy)
    assert second == "-----BEGIN CERTIFICATE-----"


def test_run_keeps_the_number_that_the_app_sends_from(state: Path) -> None:
    script = f'echo "$TWILIO_PHONE_NUMBER" > {state / "said"}'
    result = invoke("run", "--", "sh", "-c", script, TWILIO_PHONE_NUMBER="+12025550177")
    assert result.exit_code == 0, result.output
    assert (state / "said").read_text() == "+12025550177\n"


def test_run_stops_when_the_scenario_of_its_start_does_not_hold(stories: Path, state: Path) -> None:
    result = invoke("run", "--scenario", stories / "fails.yaml", "true")
    assert result.exit_code == 1
    assert "a scenario of the start did not hold" in result.output


def test_play_tells_the_story(stories: Path) -> None:
    result = invoke("play", stories / "holds.yaml")
    assert result.exit_code == 0
    assert "Ann texts\n" in result.output
    assert "Bob ← hello" in result.output


def test_play_says_which_expectation_failed_and_writes_a_report(stories: Path) -> None:
    report = stories / "report.xml"
    result = invoke("play", stories / "holds.yaml", stories / "fails.yaml", "--junit", report)
    assert result.exit_code == 1
    assert f"{stories / 'fails.yaml'}:9:5: Bob gets: bye" in result.output
    assert 'tests="2" failures="1"' in report.read_text()
    result = invoke("play", stories / "holds.yaml", "--junit", stories / "no" / "report.xml")
    assert result.exit_code == 1
    assert result.output.endswith("report.xml: No such file or directory\n")


def test_play_says_what_is_wrong_with_a_file(stories: Path) -> None:
    result = invoke("play", stories / "holds.yaml", stories / "wrong.yaml")
    assert result.exit_code == 2
    assert re.match(rf"{re.escape(str(stories))}/wrong\.yaml:3:\d+: expected ", result.output)


def test_play_on_a_running_emulator(stories: Path) -> None:
    with Serving(Settings(port=0), os.environ) as serving:
        result = invoke("play", "--url", serving.local_url, stories / "holds.yaml")
        assert len(Calling(serving.local_url).get("/accounts")["accounts"]) == 2
    assert result.exit_code == 0


def test_check_says_nothing_of_a_good_file(stories: Path) -> None:
    result = invoke("check", stories / "holds.yaml", "support-desk")
    assert (result.exit_code, result.output) == (0, "")
    result = invoke("check", stories / "wrong.yaml", stories / "holds.yaml", "nosuch.yaml")
    assert result.exit_code == 2
    assert len(result.output.strip().split("\n")) == 2


def test_the_schema() -> None:
    assert "properties" in json.loads(invoke("schema").output)


def test_a_token_for_the_default_account(state: Path) -> None:
    result = invoke("token", "ann", "--ttl", "60")
    claims = jwt.decode(result.output.strip(), "0000000000000000000000000000000a", ["HS256"])
    assert claims["sub"] == "AC00000000000000000000000000000001"
    assert claims["exp"] - claims["iat"] == 60
    assert claims["grants"] == {
        "identity": "ann",
        "chat": {"service_sid": "IS00000000000000000000000000000001"},
    }
    for said, sid in (("--sync",), "default"), (("--sync", "IS8"), "IS8"):
        told = json.loads(invoke("token", "ann", *said, "--json").output)
        grants = jwt.decode(told["token"], options={"verify_signature": False})["grants"]
        assert (
            grants["data_sync"] == {"service_sid": sid} == {"service_sid": told["sync_service_sid"]}
        )
    own = {"TWILIO_API_KEY": "SK7", "TWILIO_API_SECRET": SECRET}
    result = invoke("token", "ann", TWILIO_EMULATOR_SERVICE="IS7", **own)
    claims = jwt.decode(result.output.strip(), SECRET, ["HS256"])
    assert (claims["iss"], claims["grants"]["chat"]) == ("SK7", {"service_sid": "IS7"})


def test_a_shell_is_redirected(state: Path) -> None:
    with Serving(Settings(port=0, auth_token="not-to-be-shown"), os.environ) as serving:
        result = invoke("env", "--url", serving.local_url)
        assert result.exit_code == 0, result.output
        script = f'{result.output}\necho "$HTTPS_PROXY $TWILIO_ACCOUNT_SID $REQUESTS_CA_BUNDLE"'
        said = subprocess.run(
            ["sh", "-c", script], capture_output=True, text=True, check=True, timeout=60
        )
    proxy, account, bundle = said.stdout.split()
    assert proxy == serving.local_url
    assert account == "AC00000000000000000000000000000001"
    assert Path(bundle).is_relative_to(state / "twilio-emulator")
    assert b"BEGIN CERTIFICATE" in Path(bundle).read_bytes()
    assert "TWILIO_AUTH_TOKEN" not in result.output
    assert "not-to-be-shown" not in result.output


def test_a_shell_that_is_redirected_twice(state: Path, tmp_path: Path) -> None:
    with Serving(Settings(port=0), os.environ) as serving:
        command = f"{sys.executable} -m twilio_emulator env --url {serving.local_url}"
        directory = tmp_path / "it's a folder"
        once = f'eval "$({command} --directory {shlex.quote(str(directory))})"\nenv\n'
        done = subprocess.run(
            ["sh", "-c", f"{once}echo AGAIN\n{once}"],
            env={**BASE, "PYTHONPATH": "/mine", "NODE_OPTIONS": "--max-old-space-size=99"},
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    first, second = done.stdout.split("AGAIN\n")
    assert sorted(first.splitlines()) == sorted(second.splitlines())
    said = dict(line.partition("=")[::2] for line in first.splitlines())
    assert said["TWILIO_EMULATOR_URL"] == serving.local_url
    assert said["PYTHONPATH"].endswith("/python:/mine")
    assert said["NODE_OPTIONS"].startswith("--max-old-space-size=99 --require ")
    (folder,) = directory.iterdir()
    assert said["WGETRC"] == f"{folder}/wgetrc"


def test_what_is_no_shell(state: Path) -> None:
    with Serving(Settings(port=0), os.environ) as serving:
        url = serving.local_url
        as_json = json.loads(invoke("env", "--url", url, "--json", PYTHONPATH="/mine").output)
        for form in ("dotenv", "github"):
            lines = invoke("env", "--url", url, "--format", form, PYTHONPATH="/mine").output
            assert f"\nHTTPS_PROXY={url}\n" in lines
            assert f"\nPYTHONPATH={as_json['PYTHONPATH']}\n" in lines
        # A container has an environment of its own.
        lines = invoke("env", "--url", url, "--format", "docker", PYTHONPATH="/mine").output
        assert re.search(r"^PYTHONPATH=/.*/python$", lines, re.M)
        assert (
            "$Env:HTTPS_PROXY = 'http"
            in invoke("env", "--url", url, "--format", "powershell").output
        )
        lines = invoke("env", "--format", "docker", TWILIO_EMULATOR_URL=url).output
        seen = f"http://host.docker.internal:{serving.port}"
        assert f"\nHTTPS_PROXY={seen}\n" in lines
        assert f"TWILIO_EMULATOR_URL={seen}\n" in lines
        odd = invoke("env", "--url", url, "--format", "docker", "--directory", state / "a\nb")
    assert (odd.exit_code, odd.stdout) == (1, "")
    assert odd.stderr.startswith("Error: docker: cannot write REQUESTS_CA_BUNDLE, whose value has")


def test_a_shell_that_cannot_keep_what_it_trusts(state: Path) -> None:
    with Serving(Settings(port=0), os.environ) as serving:
        (state / "twilio-emulator").mkdir(exist_ok=True)
        (state / "twilio-emulator" / "trust").write_text("")
        result = invoke("env", "--url", serving.local_url)
    assert result.exit_code == 1
    assert "cannot write what clients need" in result.output


def test_the_names_to_alias(state: Path) -> None:
    lines = invoke("hosts").output.splitlines()
    assert {"api.twilio.com", "conversations.twilio.com", "tsock.us1.twilio.com"} <= set(lines)
    assert json.loads(invoke("hosts", "--json").output) == lines
    assert len(set(lines)) == len(lines)
    with Serving(Settings(port=0), os.environ) as serving:
        assert invoke("hosts", "--url", serving.local_url).output.splitlines() == lines
    refused = invoke("hosts", "--url", "http://127.0.0.1:9")
    assert (refused.exit_code, len(refused.output.splitlines())) == (1, 1)


def test_webhooks_by_option_and_environment(state: Path) -> None:
    environment = {"TWILIO_EMULATOR_SMS_URL": "http://shop:8000/sms +12025550101=http://desk:3/sms"}
    callback = "http://shop:8000/status"
    with served("--port", "0", "--status-callback", callback, **environment) as process:
        calling = Calling(banner(process)["url"])
        numbers = {each["address"]: each for each in calling.get("/numbers")["numbers"]}
    assert numbers["+12025550100"]["sms_url"] == "http://shop:8000/sms"
    assert numbers["+12025550101"]["sms_url"] == "http://desk:3/sms"
    assert {each["status_callback"] for each in numbers.values()} == {callback}
    wrong = invoke("serve", "--sms-url", "shop")
    assert wrong.exit_code == 2
    assert wrong.output.strip() == "Error: sms-url: expected an URL, or NUMBER=URL, not 'shop'"
