"""The commands that have an emulator in them: serve, run, mcp."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from twilio_emulator.cli.options import (
    CommandError,
    WrongUse,
    as_json,
    authority_errors,
    log,
    option,
    print_json,
    read_settings,
    settings_options,
    talking,
)
from twilio_emulator.cli.telling import loaded, terminal_narration

if TYPE_CHECKING:
    from twilio_emulator.server.serving import Serving
    from twilio_emulator.settings import Settings


@click.command()
@option("--port", type=int, metavar="N", help="Listen here; 8008 unless given, 0 takes any.")
@settings_options
@option(
    "--stop-with-stdin",
    is_flag=True,
    help="End when standard input does, as when the program that holds it is gone.",
)
@as_json("where it is and who may come in, on one line,")
def serve(verbose: bool, quiet: bool, stop_with_stdin: bool, as_json: bool, **options: Any) -> None:
    """Serve an emulator until it is interrupted."""
    from twilio_emulator.runtime import shortage
    from twilio_emulator.server import garbage

    log(verbose, quiet)
    if stop_with_stdin:
        _stop_with_stdin()
    shortage.prevent()
    with garbage.kept_short(), serving_errors():
        serving = serving_of(read_settings(options), verbose)
        silent = quiet or as_json or not serving.settings.scenarios
        narration = None if silent else terminal_narration()

        def listening() -> None:
            if as_json:
                print_json(
                    serving.default_account | {"url": serving.url, "console": f"{serving.url}/"}
                )
            elif not quiet:
                _greet(serving)

        serving.run(listening, narration)


def _stop_with_stdin() -> None:
    """Interrupt this process when its standard input ends, whichever way its parent ends."""
    import signal
    import threading

    def watch() -> None:
        with suppress(OSError):  # one that cannot be read has ended
            while os.read(0, 4096):
                pass
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=watch, name="standard input", daemon=True).start()


@click.command(context_settings={"allow_interspersed_args": False})
@option("--port", type=int, metavar="N", help="Listen here; any free port unless given.")
@settings_options
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(
    command: tuple[str, ...], port: int | None, verbose: bool, quiet: bool, **options: Any
) -> None:
    """Run a COMMAND, with its traffic to Twilio redirected.

    It goes to an emulator of its own, whose console's URL is said on stderr.
    The exit status is that of the command.
    """
    from tempfile import TemporaryDirectory

    from twilio_emulator.cli import child_process
    from twilio_emulator.redirection import variables
    from twilio_emulator.redirection.folder import written
    from twilio_emulator.server import garbage
    from twilio_emulator.settings import TWILIO_HOSTS

    if verbose or quiet:
        log(verbose, quiet)
    settings = read_settings({**options, "port": port or 0})
    if settings.public_url is None:
        settings = replace(settings, public_url=TWILIO_HOSTS)
    with (
        TemporaryDirectory(prefix="twilio-emulator-") as directory,
        garbage.kept_short(),
        authority_errors(),
        serving_errors(),
        serving_of(settings, verbose) as serving,
    ):
        if any(not report.held for report in serving.reports):
            raise CommandError("a scenario of the start did not hold: play it to see why")
        # It may start others under a user of their own, as php-fpm does.
        Path(directory).chmod(0o755)
        certificate, url = serving.authority.certificate, serving.local_url
        folder = written(Path(directory), url, certificate, os.environ)
        names = variables.credentials(serving.default_account, os.environ)
        changes = variables.changes(url, folder.as_posix(), names)
        environment = variables.apply(variables.settled(changes, os.environ), os.environ)

        def started() -> None:
            if not quiet:
                click.echo(f"twilio-emulator: console at {serving.url}/", err=True)

        try:
            status = child_process.run(command, environment, started)
        except child_process.CannotRun as error:
            CommandError(str(error)).show()
            status = error.status
    sys.exit(status)


@click.command()
@option(
    "--url",
    metavar="URL",
    instead_of=("port",),
    help="The emulator's; one of its own unless given.",
)
@option(
    "--port",
    type=int,
    metavar="N",
    instead_of=("url",),
    help="Of one of its own; any free port unless given.",
)
@talking()
def mcp(url: str | None, port: int | None, verbose: bool, quiet: bool) -> None:
    """Serve coding agents on standard input and output (MCP).

    Needs the extra: pip install "twilio-emulator[mcp]".
    An emulator that serves has the same at /_emulator/mcp.
    """
    import asyncio
    import signal

    from twilio_emulator.handle.calling import Calling, CannotCall
    from twilio_emulator.server import garbage
    from twilio_emulator.server.agents_door import NOT_INSTALLED

    try:
        from twilio_emulator.agents.protocol import serve_stdio
    except ImportError:
        raise CommandError(NOT_INSTALLED) from None

    def serve_at(called: str) -> None:
        try:
            document = Calling(called).get("/openapi.json")
        except CannotCall as error:
            raise CommandError(str(error)) from None
        # Whoever ends us does not wait for a line of input, as a reader of lines does.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        asyncio.run(serve_stdio(document, called.rstrip("/")))

    log(verbose, quiet)
    if url is not None:
        said = click.get_current_context().get_parameter_source("port")
        if said is ParameterSource.COMMANDLINE:
            raise WrongUse("expected one of --url and --port")
        serve_at(url)
        return
    settings = read_settings({"port": port or 0})
    with (
        garbage.kept_short(),
        authority_errors(),
        serving_errors(),
        serving_of(settings, verbose) as serving,
    ):
        serve_at(serving.local_url)


def serving_of(settings: "Settings", verbose: bool) -> "Serving":
    from twilio_emulator.core.kernel.refusals import Refused
    from twilio_emulator.server.serving import Serving
    from twilio_emulator.settings import InvalidSetting

    if settings.scenarios:
        loaded(settings.scenarios)
    settings = replace(settings, access_log=verbose)
    try:
        with serving_errors():
            return Serving(settings, os.environ)
    except InvalidSetting as wrong:
        raise WrongUse(str(wrong)) from None
    except Refused as refused:
        raise WrongUse(f"carrier: {refused.message}") from None


@contextmanager
def serving_errors() -> Iterator[None]:
    from twilio_emulator.server.serving import CannotServe

    try:
        yield
    except CannotServe as error:
        raise CommandError(str(error)) from None


def _greet(serving: "Serving") -> None:
    """Say where we are and who may come in."""
    from twilio_emulator.core.senders.resources import PhoneNumbers
    from twilio_emulator.settings import VERSION

    settings = serving.settings
    world = serving.server.worlds.default.world
    lines = {
        "url": serving.url,
        "console": f"{serving.url}/",
        "account sid": settings.account_sid,
        "auth token": settings.printable_auth_token or "as in the environment",
        "verify": settings.verify_service_sid,
        "sync": settings.sync_service_sid,
        "agents": settings.conversation_configuration_id,
        "memory": settings.memory_store_id,
        "oauth client": settings.oauth_client_id,
        "oauth secret": settings.printable_oauth_client_secret or "as in the environment",
        "numbers": ", ".join(number.address for number in world[PhoneNumbers]),
    }
    click.echo(f"twilio-emulator {VERSION}\n")
    for name, value in lines.items():
        click.echo(f"  {name:<13}{value}")
    click.echo('\nRedirect a shell: eval "$(twilio-emulator env)". Stop with Ctrl-C.')
    if settings.scenarios:
        click.echo()
    sys.stdout.flush()
