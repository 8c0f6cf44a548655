"""The command line, whose commands are in the other files of this folder.

Nothing of ours is imported before a command needs it, so that `--help` answers at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from twilio_emulator.cli import leading, serving, telling
from twilio_emulator.cli.options import WrongUse


class OneLine(click.Group):
    """Commands whose wrong use is said in one line, which names the option and what it takes."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read what stands before the command."""
        with _usage_errors():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        """Read what stands behind it, and do it."""
        with _usage_errors():
            return super().invoke(ctx)


@contextmanager
def _usage_errors() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as wrong:
        raise WrongUse(" ".join(wrong.format_message().split())) from None


EPILOG = """\b
The shell completes commands and options once it is told to; in ~/.bashrc:
  eval "$(_TWILIO_EMULATOR_COMPLETE=bash_source twilio-emulator)"
zsh_source and fish_source are for the other shells.
"""


@click.group(
    cls=OneLine,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
    epilog=EPILOG,
)
@click.version_option(package_name="twilio-emulator", message="twilio-emulator %(version)s")
def main() -> None:
    """A local Twilio: SMS, WhatsApp, Conversations, Verify, Sync and agents; phones that answer."""


for command in (
    *(serving.serve, serving.run, serving.mcp),
    *(telling.play, telling.check, telling.scenarios, telling.schema, telling.record),
    *(leading.env, leading.hosts, leading.token),
):
    main.add_command(command)
