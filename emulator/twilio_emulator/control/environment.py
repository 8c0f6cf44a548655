"""What redirects clients to us, for machines without Python: `GET /env`."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from twilio_emulator.control import accounts
from twilio_emulator.control.exchange import Mistaken, Reply
from twilio_emulator.control.routes import Control, Controls, Fields
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.wire.hosts import is_twilio_host


class EnvironmentWish(Fields):
    """For whom it is written.

    Attributes:
        format: a shell, which gets a script that writes the files that clients need too; or a file
            of variables, which name files that we have written on our machine.
        directory: where the files are; a folder of the user's state directory unless given, or of
            the one that keeps our authority.
    """

    format: Literal["sh", "fish", "powershell", "dotenv", "github", "docker"] = "sh"
    directory: str | None = None


def declare(
    controls: Controls,
    worlds: Worlds,
    certificate: Callable[[], bytes],
    served: Callable[[], str],
    kept: Callable[[], Path],
) -> None:
    """Declare the calls of this file.

    Args:
        certificate: gives the certificate authority's certificate, in PEM; it raises an exception
            with one line for the user when there is none to be had.
        served: gives the URL that is served, for callers who have come by a name of Twilio's.
        kept: says where files are kept for clients that read ours.
    """

    controls.group("env", "What redirects clients here, for machines without Python.")

    @controls.on(
        "GET",
        "/env",
        "show_environment",
        'What `twilio-emulator env` prints: `eval "$(curl -s http://localhost:8008/_emulator/v1/env)"`'
        " redirects a shell to where it was asked from.",
        query=EnvironmentWish,
        gives="text/plain; charset=utf-8",
        otherwise={500: "The files cannot be written."},
        examples=({"format": "sh"},),
    )
    async def show_environment(control: Control) -> Reply:
        from twilio_emulator.redirection import folder, variables  # late: few ask
        from twilio_emulator.redirection.formats import FORMATS, CannotWriteValue
        from twilio_emulator.redirection.scripts import SCRIPTS

        wish = control.query(EnvironmentWish)
        url, pem = _asked(control, served()), certificate()
        directory = wish.directory
        if directory is not None and (not directory.strip("/") or not directory.isprintable()):
            raise Mistaken("query directory: expected a folder in one line, such as /twilio")
        names = variables.credentials(accounts.look(worlds, control.whole()), {})

        def script() -> str:
            return SCRIPTS[wish.format](url, pem, names, directory).text()

        def lines() -> str:
            home = folder.written(kept() if directory is None else Path(directory), url, pem, {})
            changes = variables.changes(url, home.as_posix(), names)
            settled = variables.settled(changes, {})
            return "".join(f"{line}\n" for line in FORMATS[wish.format](settled))

        try:
            text = await asyncio.to_thread(script if wish.format in SCRIPTS else lines)
        except CannotWriteValue as error:
            raise Mistaken(str(error)) from None
        except (folder.CannotWrite, OSError) as error:
            raise Mistaken(str(error), 500) from None
        return Reply(body=text.encode(), content_type=b"text/plain; charset=utf-8")


def _asked(control: Control, served: str) -> str:
    """The URL that the caller knows us by; the one served where that is a name of Twilio's."""
    host = control.headers.get(b"host", b"").decode("latin-1")
    if not host or is_twilio_host(host):
        return served
    return f"http://{host}"
