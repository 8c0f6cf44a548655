"""Writes docs/command-line.md, from the commands as they are declared.

`python -m tests.conformance.coverage` writes it with its own; a test holds that it is as it would
be written.
"""

from collections.abc import Iterator

import click

from tests.examples.snippets import ROOT
from twilio_emulator.cli.commands import main

PAGE = ROOT / "docs/command-line.md"

HEAD = """\
# The command line

`twilio-emulator`, or `python -m twilio_emulator`. Every option has an environment variable, which
the option wins over. Where a command takes several of one option, the variable has them with
spaces between.

What the app itself has in its environment counts, too: `TWILIO_ACCOUNT_SID`, `TWILIO_AUTH_TOKEN`,
`TWILIO_API_KEY` and `TWILIO_API_SECRET` rename the default account, `TWILIO_PHONE_NUMBER` gives it
the number that the app sends from, `TWILIO_VERIFY_SERVICE_SID`, `TWILIO_VERIFY_SERVICE` or
`VERIFY_SERVICE_SID` renames its Verify service, `TWILIO_SYNC_SERVICE_SID`, `TWILIO_SYNC_SERVICE`
or `SYNC_SERVICE_SID` its Sync service, `TWILIO_CONVERSATION_CONFIGURATION_ID` its configuration of
Conversations v2, `TWILIO_MEMORY_STORE_ID` or `MEMORY_STORE_ID` its memory store, and its OAuth
client is `TWILIO_CLIENT_ID` and `TWILIO_CLIENT_SECRET`, or `OAUTH_CLIENT_ID` and
`OAUTH_CLIENT_SECRET` if these are of Twilio's.
The certificate authority is kept in `XDG_STATE_HOME`, or `~/.local/state`. What `run` and `env`
set for others is on the page on [languages](languages.md).
"""


def page() -> str:
    """The page."""
    return HEAD + "".join(f"\n{part}\n" for part in _parts())


def _parts() -> Iterator[str]:
    for name, command in sorted(main.commands.items()):
        arguments = " ".join(
            _usage(each) for each in command.params if isinstance(each, click.Argument)
        )
        yield f"## `{' '.join(filter(None, ('twilio-emulator', name, '[OPTIONS]', arguments)))}`"
        yield "\n\n".join(" ".join(part.split()) for part in (command.help or "").split("\n\n"))
        options = [each for each in command.params if isinstance(each, click.Option)]
        if options:
            yield "\n".join(("| Option | Variable | |", "| --- | --- | --- |", *map(_row, options)))


def _usage(argument: click.Argument) -> str:
    shown = argument.make_metavar(click.Context(main))
    return f"-- {shown}" if argument.name == "command" else shown


def _row(option: click.Option) -> str:
    flags = ", ".join(f"`{flag}`" for flag in (*option.opts, *option.secondary_opts))
    if not option.is_flag:
        flags += f" `{option.make_metavar(click.Context(main))}`"
    cells = (flags, f"`{option.envvar}`", option.help or "")
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def write() -> None:
    """Write the page."""
    PAGE.write_text(page(), encoding="utf-8")
