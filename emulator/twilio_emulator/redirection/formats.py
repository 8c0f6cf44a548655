"""How variables are written for those who read them: shells, files of variables, CI.

The rules of this file:

- A value comes out as it went in, whatever is in it; a format that has no way to write it says so.
- What is no shell cannot unset a variable: GitHub's and Docker's get an empty value, which clients
  take for none, and a `.env` file says nothing of it, since it starts with nothing.
"""

import re
import shlex
from collections.abc import Callable, Iterator
from typing import Final

from twilio_emulator.redirection.variables import Settled

PLAIN = re.compile(r"[\w@%+=:,./-]*", re.ASCII)
TAKEN_BY_GITHUB = "NODE_OPTIONS"


class CannotWriteValue(Exception):
    """A format has no way to write a value. The text is one line, meant for the user."""

    def __init__(self, form: str, name: str, what: str) -> None:
        super().__init__(f"{form}: cannot write {name}, whose value has {what} in it")


def sh(variables: Settled) -> Iterator[str]:
    """What a POSIX shell evaluates."""
    for name, value in variables.items():
        yield f"unset {name}" if value is None else f"export {name}={shlex.quote(value)}"


def fish(variables: Settled) -> Iterator[str]:
    """What fish evaluates (https://fishshell.com/docs/current/language.html#quotes)."""
    for name, value in variables.items():
        yield f"set -e {name}" if value is None else f"set -gx {name} {fish_quoted(value)}"


def powershell(variables: Settled) -> Iterator[str]:
    """What PowerShell evaluates."""
    for name, value in variables.items():
        if value is None:
            yield f"Remove-Item Env:{name} -ErrorAction SilentlyContinue"
        else:
            yield f"$Env:{name} = {powershell_quoted(value)}"


def dotenv(variables: Settled) -> Iterator[str]:
    """A `.env` file.

    Its readers agree that nothing is changed in single quotes. In double quotes they replace `\\n`,
    and some of them variables; what has single quotes in it is written so where that does no harm,
    else in the backticks that dotenv for Node.js knows (https://github.com/motdotla/dotenv#readme).

    Raises:
        CannotWriteValue: all three kinds of quotes are in a value.
    """
    for name, value in variables.items():
        if value is None:
            continue
        if PLAIN.fullmatch(value):
            yield f"{name}={value}"
        elif "'" not in value:
            yield f"{name}='{value}'"
        elif not any(character in value for character in '"\\$\n\r'):
            yield f'{name}="{value}"'
        elif "`" not in value:
            yield f"{name}=`{value}`"
        else:
            raise CannotWriteValue("dotenv", name, "both ' and `")


def github(variables: Settled) -> Iterator[str]:
    """What a step of GitHub Actions appends to `$GITHUB_ENV`.

    `NODE_OPTIONS` is left out, which runners do not take
    (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
    """
    for name, value in variables.items():
        if name == TAKEN_BY_GITHUB:
            continue
        if value is None or ("\n" not in value and "\r" not in value):
            yield f"{name}={value or ''}"
            continue
        end = "END"
        while end in value:
            end += "_"
        yield f"{name}<<{end}\n{value}\n{end}"


def docker(variables: Settled) -> Iterator[str]:
    """A file for `docker run --env-file`, which has no quotes and takes each line as it is.

    Raises:
        CannotWriteValue: a value has more than one line.
    """
    for name, value in variables.items():
        if value is not None and ("\n" in value or "\r" in value):
            raise CannotWriteValue("docker", name, "a line break")
        yield f"{name}={value or ''}"


FORMATS: Final[dict[str, Callable[[Settled], Iterator[str]]]] = {
    "sh": sh,
    "fish": fish,
    "powershell": powershell,
    "dotenv": dotenv,
    "github": github,
    "docker": docker,
}


def fish_quoted(value: str) -> str:
    """A value as fish takes it; in single quotes only they and backslashes are special."""
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def powershell_quoted(value: str) -> str:
    """A value as PowerShell takes it, for which typographic quotes are single ones too."""
    return "'" + re.sub("(['\u2018\u2019\u201a\u201b])", r"\1\1", value) + "'"
