"""The commands about scenarios: play, check, scenarios, schema, record."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from twilio_emulator.cli.options import (
    DEFAULT_URL,
    CommandError,
    SomePath,
    WrongUse,
    as_json,
    log,
    option,
    print_json,
    talking,
    tells,
)

if TYPE_CHECKING:
    from twilio_emulator.scenarios.language.scenario import Scenario
    from twilio_emulator.scenarios.player.narration import Narration
    from twilio_emulator.scenarios.player.report import Report


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@option("--url", metavar="URL", help="Play on the emulator that runs there.")
@option(
    "--junit",
    type=SomePath(dir_okay=False),
    metavar="FILE",
    help="Write a report for CI here.",
)
@option(
    "--set",
    "given",
    multiple=True,
    metavar="NAME=VALUE",
    help="A value for a parameter of the scenarios; may be repeated.",
)
@option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help="Play for people who watch: N times as fast as life.",
)
@talking("Say nothing but what did not hold.")
@as_json("the reports")
def play(
    files: tuple[str, ...],
    url: str | None,
    junit: Path | None,
    given: tuple[str, ...],
    speed: float | None,
    verbose: bool,
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
    from twilio_emulator.handle.calling import Calling, CannotCall
    from twilio_emulator.scenarios.player.junit import junit as written
    from twilio_emulator.scenarios.player.report import Unfulfilled

    if speed is not None and not isfinite(speed):
        raise WrongUse(f"Invalid value for '--speed': expected a number above 0, not {speed}")
    log(verbose, quiet)
    try:
        if url is not None:
            Calling(url)
    except CannotCall as error:
        raise CommandError(str(error)) from None
    scenarios = loaded(files, _values(given))
    narration = None if quiet or as_json else terminal_narration()
    try:
        reports = asyncio.run(rehearse(scenarios, url, narration, speed, access_log=verbose))
    except Unfulfilled as unfulfilled:
        message = f"expected {unfulfilled.expected}; {unfulfilled.nearest}"
        raise CommandError(message) from None
    if junit is not None:
        try:
            junit.write_text(written(reports), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{junit}: {error.strerror}") from None
    if as_json:
        print_json([report.plain() for report in reports])
    elif quiet:
        for report in reports:
            click.echo("".join(f"{line}\n" for line in _failure_of(report)), nl=False)
    sys.exit(not all(report.held for report in reports))


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@as_json("what is wrong")
@tells
def check(files: tuple[str, ...], as_json: bool) -> None:
    """Say what is wrong with scenario files, and where.

    Each mistake is a line: file:line:column, and what was expected.
    """
    if not as_json:
        loaded(files)
        return
    from twilio_emulator.play import library

    problems = [problem for file in files for problem in library.check(file)]
    print_json([problem.plain() for problem in problems])
    sys.exit(2 if problems else 0)


@click.command()
@as_json("them")
@tells
def scenarios(as_json: bool) -> None:
    """List the shipped scenarios, which `play` takes by name."""
    from twilio_emulator.play import library

    shipped = library.shipped()
    if as_json:
        print_json(shipped)
        return
    width = max(len(each["name"]) for each in shipped)
    for each in shipped:
        click.echo(f"{each['name']:<{width}}  {each['title']}")


@click.command()
@tells
def schema() -> None:
    """Print the JSON Schema of scenario files."""
    import json

    from twilio_emulator.play import library

    click.echo(json.dumps(library.schema(), indent=2, ensure_ascii=False))


@click.command()
@option("--url", default=DEFAULT_URL, metavar="URL", help=f"The emulator's; {DEFAULT_URL} else.")
@option("--account", metavar="AC...", help="Whose; the default account's else.")
@option(
    "--output",
    "-o",
    type=SomePath(dir_okay=False),
    metavar="FILE",
    help="Write it here, not to the terminal.",
)
@option(
    "--begin",
    is_flag=True,
    instead_of=("end",),
    help="Keep all that happens from now on, to be recorded later.",
)
@option("--end", is_flag=True, instead_of=("begin",), help="Keep only the last of it again.")
@tells
def record(url: str, account: str | None, output: Path | None, begin: bool, end: bool) -> None:
    """Make a scenario of what happened on a running emulator.

    It plays green on a fresh one. The emulator remembers the last 10,000
    commands of an account; longer stories need --begin first.
    """
    from twilio_emulator.handle.calling import Calling, CannotCall

    title = output.name.partition(".")[0] if output else "Recorded"
    whose = {"account": account} if account else {}
    if begin and end:
        raise WrongUse("expected one of --begin and --end")
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


def _values(given: Iterable[str]) -> dict[str, str]:
    """Values of parameters: `code=42` and others."""
    for each in given:
        if "=" not in each:
            raise WrongUse(f"--set: expected NAME=VALUE, not {each!r}")
    return dict(each.split("=", 1) for each in given)


def loaded(files: Iterable[str], given: Mapping[str, str] | None = None) -> "list[Scenario]":
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


def terminal_narration() -> "Narration":
    """Tells scenarios on the terminal, in colours where it has them."""
    from twilio_emulator.scenarios.player.narration import Narration

    def paint(text: str, colour: str) -> str:
        if colour in ("bold", "dim"):
            return click.style(text, bold=colour == "bold" or None, dim=colour == "dim" or None)
        return click.style(text, fg=colour)

    return Narration(click.echo, paint)


def _failure_of(report: "Report") -> "list[str]":
    """What a report says of what did not hold."""
    return [] if report.failure is None else report.failure.lines()
