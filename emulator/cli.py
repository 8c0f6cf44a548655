"""The command line: serve, run, play, check, schema, record, token, env.

Nothing of ours is imported before a command needs it, so that `--help` answers at once.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from emulator.scenarios.narration import Narration
    from emulator.scenarios.scenario import Scenario
    from emulator.serving import Serving
    from emulator.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_URL = "http://localhost:8008"


class Failure(click.ClickException):
    """What went wrong, in one line.

    Args:
        message: the line.
        exit_code: of the command; 2 is a mistake of the user's.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click says ClassVar, and reads it so


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="twilio-emulator", message="twilio-emulator %(version)s")
def main() -> None:
    """A local Twilio: SMS, WhatsApp and Conversations, with phones that answer."""


def _option(name: str, *others: str, **attributes: Any) -> Callable[[F], F]:
    """An option with an environment variable of its name."""
    variable = "TWILIO_EMULATOR_" + name.removeprefix("--").replace("-", "_").upper()
    return click.option(name, *others, envvar=variable, show_envvar=True, **attributes)


SETTINGS = (
    _option(
        "--scenario",
        multiple=True,
        metavar="FILE",
        help="Play this at the start; a bare name is one of the shipped library. May be repeated.",
    ),
    _option("--host", metavar="ADDRESS", help="Listen here; 127.0.0.1 unless given."),
    _option("--seed", type=int, metavar="N", help="Of all sids and dice; 0 unless given."),
    _option(
        "--number",
        multiple=True,
        metavar="E164",
        help="A number that the default account has besides its own; may be repeated.",
    ),
    _option("--clock", metavar="real|frozen|xN", help="How time passes; real unless given."),
    _option("--carrier", metavar="PROFILE", help="ideal, realistic, flaky, strict-us or no-dlr."),
    _option("--public-url", metavar="URL", help="What we call ourselves in webhooks."),
    _option("--proxy-only-twilio", is_flag=True, default=None, help="Forward to no other hosts."),
    _option(
        "--allow-host",
        multiple=True,
        metavar="NAME",
        help="A further name, besides local ones, that we answer to; may be repeated.",
    ),
    _option(
        "--allow-origin",
        multiple=True,
        metavar="ORIGIN",
        help="A further origin whose pages may use the control API; may be repeated.",
    ),
    _option(
        "--authority",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Keep the certificate authority here, not in the state directory of the user.",
    ),
    _option(
        "--state",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="Keep everything here: what was acknowledged is there again after a restart.",
    ),
    _option("--loop", metavar="auto|asyncio|uvloop", help="The event loop; auto unless given."),
)


def _settings(command: F) -> F:
    """The options that say how an emulator runs."""
    for option in reversed(SETTINGS):
        command = option(command)
    return command


@main.command()
@_option("--port", type=int, metavar="N", help="Listen here; 8008 unless given, 0 takes any.")
@_settings
def serve(**options: Any) -> None:
    """Serve an emulator until it is interrupted."""
    import logging

    logging.basicConfig(format="%(levelname)s: %(message)s")
    serving = _serving(_read(options))
    narration = _narration() if serving.settings.scenarios else None
    with _serving_errors():
        serving.run(lambda: _greet(serving), narration)


@main.command(context_settings={"allow_interspersed_args": False})
@_option("--port", type=int, metavar="N", help="Listen here; any free port unless given.")
@_settings
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(command: tuple[str, ...], port: int | None, **options: Any) -> None:
    """Run a COMMAND beside an emulator of its own, with its traffic to Twilio redirected there.

    The exit status is that of the command.
    """
    from tempfile import TemporaryDirectory

    from emulator import child, redirect
    from emulator.settings import TWILIO_HOSTS

    settings = _read({**options, "port": port or 0})
    if settings.public_url is None:
        settings = replace(settings, public_url=TWILIO_HOSTS)
    with (
        TemporaryDirectory(prefix="twilio-emulator-") as directory,
        _authority_errors(),
        _serving_errors(),
        _serving(settings) as serving,
    ):
        if any(not report.held for report in serving.reports):
            raise Failure("a scenario of the start did not hold: play it to see why")
        trust = redirect.Trust.written(Path(directory), serving.authority.certificate)
        names = redirect.credentials(serving.default_account, os.environ)
        changes = redirect.changes(serving.local_url, trust, names)
        environment = redirect.apply(changes, os.environ)
        try:
            status = child.run(command, environment)
        except child.CannotRun as error:
            raise Failure(str(error), error.status) from None
    sys.exit(status)


@main.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@_option("--url", metavar="URL", help="Play on the emulator that runs there.")
@_option(
    "--junit",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a report for CI here.",
)
@_option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A value for a parameter of the scenarios; may be repeated.",
)
@_option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="Play for people who watch: N times as fast as life.",
)
def play(
    files: tuple[str, ...],
    url: str | None,
    junit: Path | None,
    given: tuple[str, ...],
    speed: float | None,
) -> None:
    """Play scenarios, each in a fresh account; a bare name is one of the shipped library.

    The exit status is 0 when all held, 1 when an expectation failed, 2 when a file is wrong.
    """
    import asyncio

    from emulator.rehearsal import rehearse
    from emulator.scenarios.junit import junit as written
    from emulator.scenarios.report import Unfulfilled

    scenarios = _loaded(files, _values(given))
    try:
        reports = asyncio.run(rehearse(scenarios, url, _narration(), speed))
    except Unfulfilled as unfulfilled:
        message = f"expected {unfulfilled.expected}; {unfulfilled.nearest}"
        raise Failure(message) from None
    if junit is not None:
        try:
            junit.write_text(written(reports), encoding="utf-8")
        except OSError as error:
            raise Failure(f"{junit}: {error.strerror}") from None
    sys.exit(not all(report.held for report in reports))


@main.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def check(files: tuple[str, ...]) -> None:
    """Say what is wrong with scenario files: file:line:column, and what was expected."""
    _loaded(files)


@main.command()
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    import json

    from emulator import playing

    click.echo(json.dumps(playing.schema(), indent=2, ensure_ascii=False))


@main.command()
@_option("--url", default=DEFAULT_URL, metavar="URL", help=f"The emulator's; {DEFAULT_URL} else.")
@_option("--account", metavar="AC...", help="Whose; the default account's else.")
@_option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it here, not to the terminal.",
)
def record(url: str, account: str | None, output: Path | None) -> None:
    """Make a scenario of what happened on a running emulator, that plays green on a fresh one."""
    from emulator.handle.calling import Calling, CannotCall

    title = output.name.partition(".")[0] if output else "Recorded"
    query = {"title": title} | ({"account": account} if account else {})
    try:
        text = Calling(url).fetch("/recording", "GET", None, query).decode()
    except CannotCall as error:
        raise Failure(str(error)) from None
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Failure(f"{output}: {error.strerror}") from None


@main.command()
@click.argument("identity")
@_option("--service", metavar="IS...", help="The Conversations service; the default one else.")
@_option("--ttl", type=click.IntRange(1), default=3600, metavar="S", help="Seconds it lives.")
def token(identity: str, service: str | None, ttl: int) -> None:
    """Print an access token of the default account for IDENTITY."""
    import secrets
    import time

    from emulator.settings import CONVERSATION_SERVICE_SID
    from emulator.wire.tokens import mint_token

    settings = _read({})
    click.echo(
        mint_token(
            account_sid=settings.account_sid,
            key_sid=settings.api_key,
            secret=settings.api_secret,
            identity=identity,
            service_sid=service or CONVERSATION_SERVICE_SID,
            ttl=ttl,
            now=time.time(),
            serial=secrets.token_hex(4),
        )
    )


@main.command()
@_option("--url", default=DEFAULT_URL, metavar="URL", help=f"The emulator's; {DEFAULT_URL} else.")
def env(url: str) -> None:
    """Print what redirects a shell to a running emulator: eval "$(twilio-emulator env)"."""
    from emulator import redirect
    from emulator.authority import default_directory
    from emulator.handle.calling import Calling, CannotCall

    try:
        calling = Calling(url)
        account = calling.get("/accounts")["accounts"][0]
        certificate = calling.fetch("/ca.pem")
    except CannotCall as error:
        raise Failure(str(error)) from None
    with _authority_errors():
        trust = redirect.Trust.written(default_directory(os.environ) / "trust", certificate)
    names = redirect.credentials(account, os.environ)
    for line in redirect.shell_lines(redirect.changes(url, trust, names)):
        click.echo(line)


def _read(options: Mapping[str, Any]) -> "Settings":
    """The settings: what the options say, else the environment, else the defaults."""
    from emulator.settings import InvalidSetting, from_environment

    names = {
        "number": "numbers",
        "scenario": "scenarios",
        "allow_host": "allow_hosts",
        "allow_origin": "allow_origins",
    }
    given = {
        names.get(name, name): value for name, value in options.items() if value not in (None, ())
    }
    try:
        settings = from_environment(os.environ)
        if "numbers" in given:
            given["numbers"] += settings.numbers
        return replace(settings, **given)
    except InvalidSetting as wrong:
        raise Failure(str(wrong), 2) from None


def _values(given: "Iterable[str]") -> dict[str, str]:
    """Values of parameters: `code=42` and others."""
    for each in given:
        if "=" not in each:
            raise Failure(f"--set: expected NAME=VALUE, not {each!r}", 2)
    return dict(each.split("=", 1) for each in given)


def _loaded(files: "Iterable[str]", given: Mapping[str, str] | None = None) -> "list[Scenario]":
    """The scenarios in these files; when one is wrong, all that is wrong is said."""
    from emulator import playing
    from emulator.scenarios.problems import Faulty

    scenarios, wrong = [], False
    for file in files:
        try:
            scenarios.append(playing.load(file, given))
        except Faulty as faulty:
            click.echo(str(faulty), err=True)
            wrong = True
    if wrong:
        sys.exit(2)
    return scenarios


def _narration() -> "Narration":
    """Tells scenarios on the terminal, in colours where it has them."""
    from emulator.scenarios.narration import Narration

    def paint(text: str, colour: str) -> str:
        if colour in ("bold", "dim"):
            return click.style(text, bold=colour == "bold" or None, dim=colour == "dim" or None)
        return click.style(text, fg=colour)

    return Narration(click.echo, paint)


def _serving(settings: "Settings") -> "Serving":
    from emulator.core.refusals import Refused
    from emulator.serving import Serving
    from emulator.settings import InvalidSetting

    if settings.scenarios:
        _loaded(settings.scenarios)
    try:
        with _serving_errors():
            return Serving(settings, os.environ)
    except InvalidSetting as wrong:
        raise Failure(str(wrong), 2) from None
    except Refused as refused:
        raise Failure(f"carrier: {refused.message}", 2) from None


@contextmanager
def _serving_errors() -> "Iterator[None]":
    from emulator.serving import CannotServe

    try:
        yield
    except CannotServe as error:
        raise Failure(str(error)) from None


@contextmanager
def _authority_errors() -> "Iterator[None]":
    from emulator.authority import AuthorityError

    try:
        yield
    except AuthorityError as error:
        raise Failure(str(error)) from None


def _greet(serving: "Serving") -> None:
    """Say where we are and who may come in."""
    from emulator.settings import VERSION

    settings = serving.settings
    world = serving.server.worlds.default.world
    lines = {
        "url": serving.url,
        "console": f"{serving.url}/",
        "account sid": settings.account_sid,
        "auth token": settings.printable_auth_token or "as in the environment",
        "oauth client": settings.oauth_client_id,
        "oauth secret": settings.printable_oauth_client_secret or "as in the environment",
        "numbers": ", ".join(number.address for number in world.phone_numbers),
    }
    click.echo(f"twilio-emulator {VERSION}\n")
    for name, value in lines.items():
        click.echo(f"  {name:<13}{value}")
    click.echo('\nRedirect a shell: eval "$(twilio-emulator env)". Stop with Ctrl-C.')
    if settings.scenarios:
        click.echo()
    sys.stdout.flush()
