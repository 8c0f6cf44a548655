"""What commands have in common: options with their environment variables, and how mistakes and
answers are said."""

import functools
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

if TYPE_CHECKING:
    from twilio_emulator.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

DEFAULT_URL = "http://localhost:8008"


class CommandError(click.ClickException):
    """What went wrong, in one line."""


class WrongUse(CommandError):
    """A mistake of the user's, in one line."""

    exit_code = 2


class Variable(click.Option):
    """An option with an environment variable, which the command line wins over.

    Args:
        instead_of: parameters that exclude it. One on the command line has what is in the
            environment not count.
    """

    def __init__(self, *names: Any, instead_of: tuple[str, ...] = (), **attributes: Any) -> None:
        super().__init__(*names, **attributes)
        self._instead_of = instead_of

    def consume_value(
        self, ctx: click.Context, opts: Mapping[str, Any]
    ) -> tuple[Any, ParameterSource]:
        """What it is, and who has said so."""
        value, source = super().consume_value(ctx, opts)
        if source is ParameterSource.ENVIRONMENT and not opts.keys().isdisjoint(self._instead_of):
            return self.get_default(ctx), ParameterSource.DEFAULT
        return value, source

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """What its variable holds, unless that comes from Kubernetes."""
        value = super().resolve_envvar_value(ctx)
        return None if value is not None and _OF_KUBERNETES.match(value) else value


_OF_KUBERNETES = re.compile(r"(tcp|udp|sctp)://")
"""What `TWILIO_EMULATOR_PORT` holds in every pod where a service is called twilio-emulator
(https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables)."""


class SomePath(click.Path):
    """A path; an empty one, which would be the folder where we are, is a mistake."""

    def __init__(self, *, file_okay: bool = True, dir_okay: bool = True) -> None:
        super().__init__(file_okay=file_okay, dir_okay=dir_okay, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path that is named."""
        if value == "":
            self.fail("expected a path, not ''", param, ctx)
        return Path(os.fsdecode(super().convert(value, param, ctx)))


def option(name: str, *others: str, **attributes: Any) -> Callable[[F], F]:
    """An option with an environment variable of its name."""
    variable = "TWILIO_EMULATOR_" + name.removeprefix("--").replace("-", "_").upper()
    return click.option(
        name, *others, cls=Variable, envvar=variable, show_envvar=True, **attributes
    )


def as_json(what: str, instead_of: tuple[str, ...] = ()) -> Callable[[F], F]:
    text = f"Print {what} as JSON, for scripts."
    return option("--json", "as_json", is_flag=True, instead_of=instead_of, help=text)


def talking(quiet: str = "Say nothing but what went wrong.") -> Callable[[F], F]:
    """The options that say how much is told.

    Args:
        quiet: what the second one does, in words.
    """
    every = option(
        "--verbose",
        "-v",
        is_flag=True,
        instead_of=("quiet",),
        help="Log every request to stderr, a line each.",
    )
    few = option("--quiet", "-q", is_flag=True, instead_of=("verbose",), help=quiet)
    return lambda command: every(few(command))


def tells(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that says nothing but its answer the options that say how much is told."""

    @functools.wraps(command)
    def told(*arguments: Any, verbose: bool, quiet: bool, **options: Any) -> Any:
        log(verbose, quiet)
        return command(*arguments, **options)

    return talking("Say nothing but the answer, and what went wrong.")(told)


SETTINGS = (
    option(
        "--scenario",
        multiple=True,
        metavar="FILE",
        help="Play this at the start; a bare name is one of the shipped library. May be repeated.",
    ),
    option("--host", metavar="ADDRESS", help="Listen here; 127.0.0.1 unless given."),
    option("--seed", type=int, metavar="N", help="Of all sids and dice; 0 unless given."),
    option(
        "--number",
        multiple=True,
        metavar="E164",
        help="A number, or short code, that the default account has besides its own; may be "
        "repeated.",
    ),
    option(
        "--sms-url",
        multiple=True,
        metavar="[NUMBER=]URL",
        help="Where texts to the default account's numbers, or to one, are reported from the "
        "start; may be repeated.",
    ),
    option(
        "--sms-fallback-url",
        multiple=True,
        metavar="[NUMBER=]URL",
        help="Where, when that one fails; may be repeated.",
    ),
    option(
        "--status-callback",
        multiple=True,
        metavar="[NUMBER=]URL",
        help="Where the status of their own texts is reported; may be repeated.",
    ),
    option("--clock", metavar="real|frozen|xN", help="How time passes; real unless given."),
    option("--carrier", metavar="PROFILE", help="ideal, realistic, flaky, strict-us or no-dlr."),
    option("--public-url", metavar="URL", help="What we call ourselves in webhooks."),
    option("--proxy-only-twilio", is_flag=True, default=None, help="Forward to no other hosts."),
    option(
        "--allow-host",
        multiple=True,
        metavar="NAME",
        help="A further name, besides local ones, that we answer to; may be repeated.",
    ),
    option(
        "--allow-origin",
        multiple=True,
        metavar="ORIGIN",
        help="A further origin whose pages may use the control API; may be repeated.",
    ),
    option(
        "--authority",
        type=SomePath(),
        metavar="DIR",
        help="Keep the certificate authority here, not in the state directory of the user.",
    ),
    option(
        "--state",
        type=SomePath(),
        metavar="FILE",
        help="Keep everything here: what was acknowledged is there again after a restart.",
    ),
    option(
        "--keep",
        multiple=True,
        metavar="WHAT=MUCH",
        help="Of log, commands or alerts keep so many, or kB, MB or GB; bodies=16kB. May be "
        "repeated.",
    ),
    option(
        "--record",
        is_flag=True,
        default=None,
        help="Keep all commands of every account, for recordings of any length.",
    ),
    option("--loop", metavar="auto|asyncio|uvloop", help="The event loop; auto unless given."),
)


def settings_options(command: F) -> F:
    """The options that say how an emulator runs."""
    for option in reversed((*SETTINGS, talking())):
        command = option(command)
    return command


def read_settings(options: Mapping[str, Any]) -> "Settings":
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
        raise WrongUse(str(wrong)) from None


def print_json(value: object) -> None:
    """Print JSON, on one line."""
    import json

    click.echo(json.dumps(value, ensure_ascii=False))
    sys.stdout.flush()


def log(verbose: bool, quiet: bool) -> None:
    """Have warnings on stderr; with `verbose` every request too, with `quiet` errors alone."""
    import logging

    if verbose and quiet:
        raise WrongUse("expected one of --verbose and --quiet")
    logging.basicConfig(format="%(levelname)s: %(message)s", level="ERROR" if quiet else "WARNING")
    if verbose:
        for requests in ("emulator.access", "httpx2"):
            logging.getLogger(requests).setLevel(logging.INFO)


@contextmanager
def authority_errors() -> Iterator[None]:
    from twilio_emulator.redirection.folder import CannotWrite
    from twilio_emulator.server.tls_authority import AuthorityError

    try:
        yield
    except (AuthorityError, CannotWrite) as error:
        raise CommandError(str(error)) from None
