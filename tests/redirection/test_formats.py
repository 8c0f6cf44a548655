"""Each format, read by who reads it: a value comes out as it went in."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import absent
from twilio_emulator.redirection.formats import FORMATS, CannotWriteValue

LANGUAGES = Path(__file__).parents[1] / "languages"

VALUES = {
    "PLAIN": "http://127.0.0.1:8008",
    "EMPTY": "",
    "SPACES": "  a b  ",
    "QUOTED": 'say "it"',
    "APOSTROPHE": "it's",
    "BOTH": """it's "it" """,
    "MONEY": "$HOME ${HOME} $(id) `id`",
    "BACKSLASH": r"C:\new\table\\ \n \'",
    "HASH": "a #b",
    "EQUALS": "-Da=b -Dc=d",
    "WILD": "* ? [a] ~ ! % & | ; < > ( )",
    "TYPOGRAPHIC": "\u2018a\u2019 \u201cb\u201d",
    "LINES": "one\ntwo\n\nEND\nEND_\nit's",
}
GONE = {"GONE": None}


def written(form: str, values: dict[str, str | None]) -> str:
    return "".join(f"{line}\n" for line in FORMATS[form](values))


def said_by(command: list[str], script: str, values: dict[str, str]) -> dict[str, str]:
    """What the environment has of these when a shell has read its lines."""
    done = subprocess.run(
        [*command, f"{script}\nenv -0"],
        env={"GONE": "still", "PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": "/nowhere"},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == b""
    pairs = (pair.partition("=") for pair in done.stdout.decode().split("\0"))
    return {name: value for name, _, value in pairs if name in {*values, *GONE}}


@pytest.mark.parametrize(("form", "shell"), [("sh", "sh"), ("sh", "bash"), ("fish", "fish")])
def test_a_shell(form: str, shell: str) -> None:
    path = shutil.which(shell)
    if path is None:
        absent(f"{shell} is not installed")
    assert said_by([path, "-c"], written(form, {**VALUES, **GONE}), VALUES) == VALUES


def test_powershell_as_it_is_written() -> None:
    """Nothing is special in its single quotes but single quotes, whose typographic kin it takes
    for the same (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about)."""
    for name, value in VALUES.items():
        said = re.fullmatch(r"\$Env:(\w+) = '(.*)'\n", written("powershell", {name: value}), re.S)
        assert said is not None
        quoted = re.sub(r"(['\u2018\u2019\u201a\u201b])\1", "@", said[2])
        assert not re.search(r"['\u2018\u2019\u201a\u201b]", quoted)
        assert re.sub(r"(['\u2018\u2019\u201a\u201b])\1", r"\1", said[2]) == value
    gone = "Remove-Item Env:GONE -ErrorAction SilentlyContinue\n"
    assert written("powershell", {"GONE": None}) == gone


@pytest.mark.parametrize("reader", ["require('util').parseEnv", "require('dotenv').parse"])
def test_dotenv_as_node_reads_it(node: str, tmp_path: Path, reader: str) -> None:
    """The second is what twilio-run has."""
    if not (LANGUAGES / "node_modules/dotenv").is_dir():
        absent("dotenv is not installed: `make test` does it")
    values = {name: value for name, value in VALUES.items() if "`" not in value or "'" not in value}
    file = tmp_path / ".env"
    file.write_text(written("dotenv", {**values, **GONE}))
    code = (
        f"console.log(JSON.stringify({reader}(fs.readFileSync({json.dumps(str(file))}, 'utf8'))))"
    )
    done = subprocess.run(
        [node, "-e", code], capture_output=True, text=True, check=True, timeout=60, cwd=LANGUAGES
    )
    assert json.loads(done.stdout) == values


def test_what_a_dotenv_file_cannot_say() -> None:
    with pytest.raises(CannotWriteValue, match="dotenv: cannot write ODD, whose value has both"):
        written("dotenv", {"ODD": "' and ` and $"})


def test_github_as_its_runner_reads_it() -> None:
    text = written("github", {**VALUES, **GONE, "NODE_OPTIONS": "--require x"})
    said, lines = {}, iter(text.splitlines())
    for line in lines:
        if (several := re.fullmatch(r"(\w+)<<(.+)", line)) is not None:
            value = []
            while (part := next(lines)) != several[2]:
                value.append(part)
            said[several[1]] = "\n".join(value)
        else:
            name, _, said_value = line.partition("=")
            said[name] = said_value
    assert said == {**VALUES, "GONE": ""}


def test_docker_as_it_reads_a_file() -> None:
    values = {name: value for name, value in VALUES.items() if "\n" not in value}
    lines = written("docker", {**values, **GONE}).splitlines()
    assert dict(line.split("=", 1) for line in lines) == {**values, "GONE": ""}
    with pytest.raises(CannotWriteValue, match=r"docker: cannot write LINES, .* a line break"):
        written("docker", {"LINES": VALUES["LINES"]})
