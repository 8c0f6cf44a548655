"""The command line: serve, run, play, check, scenarios, schema, record, token, env, hosts, mcp.

Nothing of ours is imported before a command needs it, so that `--help` answers at once.
"""

import os
import sys
from collections.abc import Callable, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from twilio_emulator.scenarios.language.scenario import Scenario
    from twilio_emulator.scenarios.player.narration import Narration
    from twilio_emulator.scenarios.player.report import Report
    from twilio_emulator.server.serving import Serving
    from twilio_emulator.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_URL = "http://localhost:8008"


class CommandError(click.ClickException):
    """What went wrong, in one line.

    Args:
        message: the line.
        exit_code: of the command; 2 is a mistake of the user's.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click says ClassVar, and reads it so


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
def _usage_errors() -> "Iterator[None]":
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as wrong:
        raise CommandError(" ".join(wrong.format_message().split()), 2) from None


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
    """A local Twilio: SMS, WhatsApp and Conversations, with phones that answer."""


def _option(name: str, *others: str, **attributes: Any) -> Callable[[F], F]:
    """An option with an environment variable of its name."""
    variable = "TWILIO_EMULATOR_" + name.removeprefix("--").replace("-", "_").upper()
    return click.option(name, *others, envvar=variable, show_envvar=True, **attributes)


def _as_json(what: str) -> Callable[[F], F]:
    return _option("--json", "as_json", is_flag=True, help=f"Print {what} as JSON, for scripts.")


TALKING = (
    _option("--verbose", "-v", is_flag=True, help="Log every request to stderr, a line each."),
    _option("--quiet", "-q", is_flag=True, help="Say nothing but what went wrong."),
)

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
    _option(
        "--sms-url",
        multiple=True,
        metavar="[NUMBER=]URL",
        help="Where texts to the default account's numbers, or to one, are reported from the "
        "start; may be repeated.",
    ),
    _option(
        "--sms-fallback-url",
        multiple=True,
        metavar="[NUMBER=]URL",
        help="Where, when that one fails; may be repeated.",
    ),
    _option(
        "--status-callback",
        multiple=True,
        metavar="[NUMBER=]URL",
        help="Where the status of their own texts is reported; may be repeated.",
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
    _option(
        "--keep",
        multiple=True,
        metavar="WHAT=MUCH",
        help="Of log, commands or alerts keep so many, or kB, MB or GB; bodies=16kB. May be "
        "repeated.",
    ),
    _option(
        "--record",
        is_flag=True,
        default=None,
        help="Keep all commands of every account, for recordings of any length.",
    ),
    _option("--loop", metavar="auto|asyncio|uvloop", help="The event loop; auto unless given."),
)


def _settings(command: F) -> F:
    """The options that say how an emulator runs."""
    for option in reversed((*SETTINGS, *TALKING)):
        command = option(command)
    return command


@main.command()
@_option("--port", type=int, metavar="N", help="Listen here; 8008 unless given, 0 takes any.")
@_settings
@_option(
    "--stop-with-stdin",
    is_flag=True,
    help="End when standard input does, as when the program that holds it is gone.",
)
@_as_json("where it is and who may come in, on one line,")
def serve(verbose: bool, quiet: bool, stop_with_stdin: bool, as_json: bool, **options: Any) -> None:
    """Serve an emulator until it is interrupted."""
    from twilio_emulator.runtime import shortage
    from twilio_emulator.server import garbage

    _log(verbose, quiet)
    if stop_with_stdin:
        _stop_with_stdin()
    shortage.prevent()
    with garbage.kept_short(), _serving_errors():
        serving = _serving(_read(options), verbose)
        silent = quiet or as_json or not serving.settings.scenarios
        narration = None if silent else _narration()

        def listening() -> None:
            if as_json:
                _print(serving.default_account | {"url": serving.url, "console": f"{serving.url}/"})
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


@main.command(context_settings={"allow_interspersed_args": False})
@_option("--port", type=int, metavar="N", help="Listen here; any free port unless given.")
@_settings
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
        _log(verbose, quiet)
    settings = _read({**options, "port": port or 0})
    if settings.public_url is None:
        settings = replace(settings, public_url=TWILIO_HOSTS)
    with (
        TemporaryDirectory(prefix="twilio-emulator-") as directory,
        garbage.kept_short(),
        _authority_errors(),
        _serving_errors(),
        _serving(settings, verbose) as serving,
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
            raise CommandError(str(error), error.status) from None
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
@_option("--quiet", "-q", is_flag=True, help="Say nothing but what did not hold.")
@_as_json("the reports")
def play(
    files: tuple[str, ...],
    url: str | None,
    junit: Path | None,
    given: tuple[str, ...],
    speed: float | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Play scenarios, each in a fresh account.

    A bare name is one of the shipped library.

    The exit status is 0 when all held, 1 when an expectation failed, 2 when a file is wrong.
    """
    import asyncio
    from math import isfinite

    from twilio_emulator.handle.batch import rehearse
    from twilio_emulator.scenarios.player.junit import junit as written
    from twilio_emulator.scenarios.player.report import Unfulfilled

    if speed is not None and not isfinite(speed):
        raise CommandError(
            f"Invalid value for '--speed': expected a number above 0, not {speed}", 2
        )
    scenarios = _loaded(files, _values(given))
    narration = None if quiet or as_json else _narration()
    try:
        reports = asyncio.run(rehearse(scenarios, url, narration, speed))
    except Unfulfilled as unfulfilled:
        message = f"expected {unfulfilled.expected}; {unfulfilled.nearest}"
        raise CommandError(message) from None
    if junit is not None:
        try:
            junit.write_text(written(reports), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{junit}: {error.strerror}") from None
    if as_json:
        _print([report.plain() for report in reports])
    elif quiet:
        for report in reports:
            click.echo("".join(f"{line}\n" for line in _failure_of(report)), nl=False)
    sys.exit(not all(report.held for report in reports))


@main.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@_as_json("what is wrong")
def check(files: tuple[str, ...], as_json: bool) -> None:
    """Say what is wrong with scenario files, and where.

    Each mistake is a line: file:line:column, and what was expected.
    """
    if not as_json:
        _loaded(files)
        return
    from twilio_emulator.play import library

    problems = [problem for file in files for problem in library.check(file)]
    _print([problem.plain() for problem in problems])
    sys.exit(2 if problems else 0)


@main.command()
@_as_json("them")
def scenarios(as_json: bool) -> None:
    """List the shipped scenarios, which `play` takes by name."""
    from twilio_emulator.play import library

    shipped = library.shipped()
    if as_json:
        _print(shipped)
        return
    width = max(len(each["name"]) for each in shipped)
    for each in shipped:
        click.echo(f"{each['name']:<{width}}  {each['title']}")


@main.command()
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    import json

    from twilio_emulator.play import library

    click.echo(json.dumps(library.schema(), indent=2, ensure_ascii=False))


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
@_option("--begin", is_flag=True, help="Keep all that happens from now on, to be recorded later.")
@_option("--end", is_flag=True, help="Keep only the last of it again.")
def record(url: str, account: str | None, output: Path | None, begin: bool, end: bool) -> None:
    """Make a scenario of what happened on a running emulator.

    It plays green on a fresh one. The emulator remembers the last 10,000
    commands of an account; longer stories need --begin first.
    """
    from twilio_emulator.handle.calling import Calling, CannotCall

    title = output.name.partition(".")[0] if output else "Recorded"
    whose = {"account": account} if account else {}
    if begin and end:
        raise CommandError("expected one of --begin and --end", 2)
    try:
        if begin:
            since = Calling(url).call("POST", "/recording", query=whose)["since"]
            click.echo(f"recording since {since}; to write it down: twilio-emulator record")
            return
        if end:
            Calling(url).call("DELETE", "/recording", query=whose)
            return
        text = Calling(url).fetch("/recording", "GET", None, {"title": title, **whose}).decode()
    except CannotCall as error:
        raise CommandError(str(error)) from None
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{output}: {error.strerror}") from None


@main.command()
@click.argument("identity")
@_option("--service", metavar="IS...", help="The Conversations service; the default one else.")
@_option("--ttl", type=click.IntRange(1), default=3600, metavar="S", help="Seconds it lives.")
@_as_json("it, with what it is for,")
def token(identity: str, service: str | None, ttl: int, as_json: bool) -> None:
    """Print an access token of the default account for IDENTITY."""
    import secrets
    import time

    from twilio_emulator.settings import CONVERSATION_SERVICE_SID
    from twilio_emulator.wire.access_tokens import mint_token

    settings = _read({})
    service_sid = service or CONVERSATION_SERVICE_SID
    minted = mint_token(
        account_sid=settings.account_sid,
        key_sid=settings.api_key,
        secret=settings.api_secret,
        identity=identity,
        service_sid=service_sid,
        ttl=ttl,
        now=time.time(),
        serial=secrets.token_hex(4),
    )
    if as_json:
        _print({"token": minted, "identity": identity, "service_sid": service_sid, "ttl": ttl})
    else:
        click.echo(minted)


@main.command()
@_option("--url", metavar="URL", help=f"The emulator's; {DEFAULT_URL} else.")
@_option(
    "--format",
    "form",
    metavar="FORMAT",
    help="sh, fish, powershell, dotenv, github or docker; sh unless given.",
)
@_option(
    "--directory",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep the files that they name here, not in the state directory of the user.",
)
@_as_json("the variables, null for those to be unset,")
def env(url: str | None, form: str | None, directory: Path | None, as_json: bool) -> None:
    """Print what redirects a shell to a running emulator.

    In a shell: eval "$(twilio-emulator env)".
    """
    from twilio_emulator.handle.calling import Calling, CannotCall
    from twilio_emulator.redirection import variables
    from twilio_emulator.redirection.folder import written
    from twilio_emulator.redirection.formats import FORMATS, CannotWriteValue
    from twilio_emulator.server.tls_authority import default_directory

    if as_json and form is not None:
        raise CommandError("expected one of --json and --format", 2)
    form = form or "sh"
    if form not in FORMATS:
        raise CommandError(f"--format: expected one of {', '.join(FORMATS)}, not {form!r}", 2)
    called = url or DEFAULT_URL
    try:
        calling = Calling(called)
        account = calling.get("/accounts")["accounts"][0]
        certificate = calling.fetch("/ca.pem")
    except CannotCall as error:
        raise CommandError(str(error)) from None
    # A container has an environment of its own, and this machine under another name.
    environment = {} if form == "docker" else os.environ
    said = _seen_from_a_container(called) if form == "docker" else called
    with _authority_errors():
        kept = directory or default_directory(os.environ) / "trust"
        folder = written(kept, said, certificate, environment)
    names = variables.credentials(account, os.environ)
    changes = variables.changes(said, folder.as_posix(), names)
    settled = variables.settled(changes, environment)
    if as_json:
        _print(dict(settled))
        return
    try:
        lines = list(FORMATS[form](settled))
    except CannotWriteValue as error:
        raise CommandError(str(error)) from None
    for line in lines:
        click.echo(line)


@main.command()
@_option("--url", metavar="URL", help="An emulator's, which has to answer there first.")
@_as_json("them")
def hosts(url: str | None, as_json: bool) -> None:
    """List the names to alias, for redirection by name and port 443.

    An emulator that is served on port 443 and has these names, as aliases in a
    network of containers or in a hosts file, needs no proxy.
    """
    from twilio_emulator.redirection.hosts import HOSTS

    if url is not None:
        from twilio_emulator.handle.calling import Calling, CannotCall

        try:
            Calling(url).get("/health")
        except CannotCall as error:
            raise CommandError(str(error)) from None
    if as_json:
        _print(list(HOSTS))
        return
    for host in HOSTS:
        click.echo(host)


def _seen_from_a_container(url: str) -> str:
    """The URL in a container, unless the user has said which it is to be there."""
    from click.core import ParameterSource

    from twilio_emulator.redirection.folder import Address
    from twilio_emulator.wire.hosts import is_local_host

    source = click.get_current_context().get_parameter_source("url")
    address = Address.of(url)
    if source is ParameterSource.COMMANDLINE or not is_local_host(address.host):
        return url
    return f"http://host.docker.internal:{address.port}"


@main.command()
@_option("--url", metavar="URL", help="The emulator's; one of its own unless given.")
@_option("--port", type=int, metavar="N", help="Of one of its own; any free port unless given.")
def mcp(url: str | None, port: int | None) -> None:
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

    _log(verbose=False, quiet=False)
    if url is not None:
        if port is not None:
            raise CommandError("expected one of --url and --port", 2)
        serve_at(url)
        return
    settings = _read({"port": port or 0})
    with (
        garbage.kept_short(),
        _authority_errors(),
        _serving_errors(),
        _serving(settings, verbose=False) as serving,
    ):
        serve_at(serving.local_url)


def _read(options: Mapping[str, Any]) -> "Settings":
    """The settings: what the options say, else the environment, else the defaults."""
    from twilio_emulator.settings import InvalidSetting, from_environment

    names = {
        "number": "numbers",
        "sms_url": "sms_urls",
        "sms_fallback_url": "sms_fallback_urls",
        "status_callback": "status_callbacks",
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
        raise CommandError(str(wrong), 2) from None


def _values(given: "Iterable[str]") -> dict[str, str]:
    """Values of parameters: `code=42` and others."""
    for each in given:
        if "=" not in each:
            raise CommandError(f"--set: expected NAME=VALUE, not {each!r}", 2)
    return dict(each.split("=", 1) for each in given)


def _loaded(files: "Iterable[str]", given: Mapping[str, str] | None = None) -> "list[Scenario]":
    """The scenarios in these files; when one is wrong, all that is wrong is said."""
    from twilio_emulator.play import library
    from twilio_emulator.scenarios.language.problems import Faulty

    scenarios, wrong = [], False
    for file in files:
        try:
            scenarios.append(library.load(file, given))
        except Faulty as faulty:
            click.echo(str(faulty), err=True)
            wrong = True
    if wrong:
        sys.exit(2)
    return scenarios


def _narration() -> "Narration":
    """Tells scenarios on the terminal, in colours where it has them."""
    from twilio_emulator.scenarios.player.narration import Narration

    def paint(text: str, colour: str) -> str:
        if colour in ("bold", "dim"):
            return click.style(text, bold=colour == "bold" or None, dim=colour == "dim" or None)
        return click.style(text, fg=colour)

    return Narration(click.echo, paint)


def _print(value: object) -> None:
    """Print JSON, on one line."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False))
    sys.stdout.flush()


def _failure_of(report: "Report") -> "list[str]":
    """What a report says of what did not hold."""
    return [] if report.failure is None else report.failure.lines()


def _log(verbose: bool, quiet: bool) -> None:
    """Have warnings on stderr; with `verbose` every request too, with `quiet` errors alone."""
    import logging

    if verbose and quiet:
        raise CommandError("expected one of --verbose and --quiet", 2)
    logging.basicConfig(format="%(levelname)s: %(message)s", level="ERROR" if quiet else "WARNING")
    if verbose:
        logging.getLogger("emulator.access").setLevel(logging.INFO)


def _serving(settings: "Settings", verbose: bool) -> "Serving":
    from twilio_emulator.core.kernel.refusals import Refused
    from twilio_emulator.server.serving import Serving
    from twilio_emulator.settings import InvalidSetting

    if settings.scenarios:
        _loaded(settings.scenarios)
    settings = replace(settings, access_log=verbose)
    try:
        with _serving_errors():
            return Serving(settings, os.environ)
    except InvalidSetting as wrong:
        raise CommandError(str(wrong), 2) from None
    except Refused as refused:
        raise CommandError(f"carrier: {refused.message}", 2) from None


@contextmanager
def _serving_errors() -> "Iterator[None]":
    from twilio_emulator.server.serving import CannotServe

    try:
        yield
    except CannotServe as error:
        raise CommandError(str(error)) from None


@contextmanager
def _authority_errors() -> "Iterator[None]":
    from twilio_emulator.redirection.folder import CannotWrite
    from twilio_emulator.server.tls_authority import AuthorityError

    try:
        yield
    except (AuthorityError, CannotWrite) as error:
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
