"""The commands that lead an app here: env, hosts, token."""

import os
import re
from pathlib import Path

import click

from twilio_emulator.cli.options import (
    DEFAULT_URL,
    CommandError,
    SomePath,
    WrongUse,
    as_json,
    authority_errors,
    option,
    print_json,
    read_settings,
    tells,
)

_OF_SERVICE = re.compile(r"IS[0-9A-Za-z]+")


def _service(context: click.Context, option: click.Parameter, given: str | None) -> str | None:
    """The sid of a service, or for Sync `default`, which is what no value means."""
    is_sync = option.name == "sync"
    if given is None or (is_sync and given == "default") or _OF_SERVICE.fullmatch(given):
        return given
    hint = "; without a value it stands behind IDENTITY" if is_sync else ""
    expected = f"IS and 32 hexadecimal digits, not {given!r}"
    raise WrongUse(f"{option.opts[0]}: expected {expected}{hint}")


@click.command()
@click.argument("identity")
@option(
    "--service",
    metavar="IS...",
    callback=_service,
    help="The Conversations service; the default one else.",
)
@option(
    "--sync",
    metavar="[IS...]",
    is_flag=False,
    flag_value="default",
    callback=_service,
    help="It opens this Sync service too; the default one where none is named.",
)
@option("--ttl", type=click.IntRange(1), default=3600, metavar="S", help="Seconds it lives.")
@as_json("it, with what it is for,")
@tells
def token(identity: str, service: str | None, sync: str | None, ttl: int, as_json: bool) -> None:
    """Print an access token of the default account for IDENTITY."""
    import secrets
    import time

    from twilio_emulator.settings import CONVERSATION_SERVICE_SID
    from twilio_emulator.wire.access_tokens import LONGEST_ASKED, mint_token

    if not identity:
        raise WrongUse("IDENTITY: expected who the token is for")
    if ttl > LONGEST_ASKED:
        raise WrongUse(f"--ttl: expected at most {LONGEST_ASKED} seconds, not {ttl}")
    settings = read_settings({})
    service_sid = service or CONVERSATION_SERVICE_SID
    minted = mint_token(
        account_sid=settings.account_sid,
        key_sid=settings.api_key,
        secret=settings.api_secret,
        identity=identity,
        service_sid=service_sid,
        sync_service_sid=sync,
        ttl=ttl,
        now=time.time(),
        serial=secrets.token_hex(4),
    )
    if as_json:
        opens = {"service_sid": service_sid, **({"sync_service_sid": sync} if sync else {})}
        print_json({"token": minted, "identity": identity, **opens, "ttl": ttl})
    else:
        click.echo(minted)


@click.command()
@option("--url", metavar="URL", help=f"The emulator's; {DEFAULT_URL} else.")
@option(
    "--format",
    "form",
    metavar="FORMAT",
    instead_of=("as_json",),
    help="sh, fish, powershell, dotenv, github or docker; sh unless given.",
)
@option(
    "--directory",
    type=SomePath(file_okay=False),
    metavar="DIR",
    help="Keep the files that they name here, not in the state directory of the user.",
)
@as_json("the variables, null for those to be unset,", instead_of=("form",))
@tells
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
        raise WrongUse("expected one of --json and --format")
    form = form or "sh"
    if form not in FORMATS:
        raise WrongUse(f"--format: expected one of {', '.join(FORMATS)}, not {form!r}")
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
    with authority_errors():
        kept = directory or default_directory(os.environ) / "trust"
        folder = written(kept, said, certificate, environment)
    names = variables.credentials(account, os.environ)
    changes = variables.changes(said, folder.as_posix(), names)
    settled = variables.settled(changes, environment)
    if as_json:
        print_json(dict(settled))
        return
    try:
        lines = list(FORMATS[form](settled))
    except CannotWriteValue as error:
        raise CommandError(str(error)) from None
    for line in lines:
        click.echo(line)


@click.command()
@option("--url", metavar="URL", help="An emulator's, which has to answer there first.")
@as_json("them")
@tells
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
        print_json(list(HOSTS))
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
