"""The emulator itself by the control API: whether it lives, what it can do, whom to trust."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypedDict

import msgspec

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls
from twilio_emulator.runtime.holds import Holds
from twilio_emulator.settings import VERSION


class ShownCall(TypedDict):
    """One call.

    Attributes:
        path: whole, with `{places}`.
        summary: what it does.
    """

    method: str
    path: str
    name: str
    summary: str


class CallList(TypedDict):
    """Every call there is.

    Attributes:
        openapi: where the document is that says everything of each.
    """

    openapi: str
    calls: list[ShownCall]


class LongestHold(TypedDict):
    """How many milliseconds everybody had to wait while one thing was done, at the most that was
    seen: ten times a second it is looked how late something is that was due.

    Attributes:
        last_minute: of the last minute or two.
        since_start: of all.
    """

    last_minute: float
    since_start: float


class Health(TypedDict):
    """That it lives, and which version it is."""

    status: str
    version: str
    longest_hold_ms: LongestHold


class Ready(TypedDict):
    """That the start is over."""

    status: str


def declare(
    controls: Controls, certificate: Callable[[], bytes], is_ready: Callable[[], bool], holds: Holds
) -> None:
    """Declare the calls of this file.

    Args:
        certificate: gives the certificate authority's certificate, in PEM; it raises an exception
            with one line for the user when there is none to be had.
        is_ready: whether the scenarios that are played at start are over.
        holds: how long everybody had to wait for others.
    """

    controls.group("", "What there is.")
    controls.group("openapi.json", "The same for programs.")
    controls.group("health", "Whether it lives.")
    controls.group("ready", "Whether the scenarios of the start are over.")
    controls.group("ca.pem", "The authority whose certificates a client has to trust.")

    @controls.on("GET", "", "list_calls", "Every call there is, in a line each.", gives=CallList)
    async def list_calls(control: Control) -> Reply:
        return json_reply(calls(controls))

    @controls.on(
        "GET",
        "/openapi.json",
        "describe_calls",
        "Every call with its parameters, shapes, errors and examples, as OpenAPI 3.1.",
        gives=dict[str, Any],
    )
    async def describe(control: Control) -> Reply:
        return Reply(body=document())

    @cache
    def document() -> bytes:
        from twilio_emulator.control import openapi  # late: few ask

        return msgspec.json.encode(openapi.document(controls))

    @controls.on("GET", "/health", "show_health", "Whether it lives.", gives=Health)
    async def health(control: Control) -> Reply:
        shown: LongestHold = {
            "last_minute": round(holds.lately * 1000, 1),
            "since_start": round(holds.longest * 1000, 1),
        }
        return json_reply({"status": "ok", "version": VERSION, "longest_hold_ms": shown})

    @controls.on(
        "GET",
        "/ready",
        "show_ready",
        "Whether the scenarios of the start are over.",
        gives=Ready,
        otherwise={503: "They are still playing."},
    )
    async def ready(control: Control) -> Reply:
        if not is_ready():
            raise Mistaken("the scenarios of the start are still playing", 503)
        return json_reply({"status": "ready"})

    @controls.on(
        "GET",
        "/ca.pem",
        "show_authority",
        "The certificate of the authority whose certificates a client has to trust, in PEM.",
        gives="application/x-pem-file",
    )
    async def show_authority(control: Control) -> Reply:
        return Reply(body=certificate(), content_type=b"application/x-pem-file")


def calls(controls: Controls) -> CallList:
    """Every call in a line."""
    return {
        "openapi": f"{controls.prefix}/openapi.json",
        "calls": [
            {
                "method": call.method,
                "path": f"{controls.prefix}{call.path}",
                "name": call.name,
                "summary": call.summary,
            }
            for call in controls.calls
        ],
    }
