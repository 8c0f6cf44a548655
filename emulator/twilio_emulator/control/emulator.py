"""The emulator itself by the control API: whether it lives, what it can do, whom to trust."""

from collections.abc import Callable

from twilio_emulator.control.routes import Control, Controls, Mistaken, Reply, json_reply
from twilio_emulator.settings import VERSION


def declare(
    controls: Controls, certificate: Callable[[], bytes], is_ready: Callable[[], bool]
) -> None:
    """Declare the calls of this file.

    Args:
        certificate: gives the certificate authority's certificate, in PEM; it raises an exception
            with one line for the user when there is none to be had.
        is_ready: whether the scenarios that are played at start are over.
    """

    @controls.on("GET", "")
    async def list_calls(control: Control) -> Reply:
        return json_reply({"calls": controls.calls})

    @controls.on("GET", "/health")
    async def health(control: Control) -> Reply:
        return json_reply({"status": "ok", "version": VERSION})

    @controls.on("GET", "/ready")
    async def ready(control: Control) -> Reply:
        if not is_ready():
            raise Mistaken("the scenarios of the start are still playing", 503)
        return json_reply({"status": "ready"})

    @controls.on("GET", "/ca.pem")
    async def show_authority(control: Control) -> Reply:
        return Reply(body=certificate(), content_type=b"application/x-pem-file")
