"""What the control API takes where only some values are known, with all those values."""

import re
from functools import cache
from typing import TypedDict

from twilio_emulator.control.exchange import Reply, json_reply
from twilio_emulator.control.routes import Control, Controls
from twilio_emulator.core.carrier.handset_commands import CHOICES
from twilio_emulator.core.content.templates import ApprovalStatus
from twilio_emulator.core.conversations.webhook_configurations import POST_EVENTS, PRE_EVENTS
from twilio_emulator.core.kernel.refusals import AUTHENTICATE, Refusal
from twilio_emulator.core.senders import refusals
from twilio_emulator.core.senders.refusals import LATER, NEVER_LEFT
from twilio_emulator.core.simulation.fault_checks import STAGES, STATUSES
from twilio_emulator.core.simulation.settings import PROFILES

THROTTLED = Refusal(20429, 429, "Too Many Requests")
OF_MESSAGING = 21000
"""The first code of Twilio's messaging; lower ones are of all APIs."""

_VALUE = re.compile(r"\{\w+\}")


class ShownCode(TypedDict):
    """An error of Twilio's.

    Attributes:
        status: with which a text ends by it.
    """

    code: int
    status: str
    message: str


class KnownApiError(TypedDict):
    """An error that a request to send can be answered with.

    Attributes:
        status: of HTTP.
    """

    code: int
    status: int
    message: str


class Choices(TypedDict):
    """What is known where only some values are.

    Attributes:
        carrier_profiles: of `PATCH /carrier`.
        handset: by setting of a phone.
        final_statuses: how a fault can let texts end.
        stages: where a fault can delay them.
        error_codes: what texts end with.
        api_errors: what requests are answered with.
        approval_statuses: of a template, at WhatsApp.
        conversation_events: what `filters` of webhooks hold.
    """

    carrier_profiles: list[str]
    handset: dict[str, list[str]]
    final_statuses: list[str]
    stages: list[str]
    error_codes: list[ShownCode]
    api_errors: list[KnownApiError]
    approval_statuses: list[str]
    conversation_events: list[str]


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("choices", "What is known where only some values are.")

    @controls.on(
        "GET",
        "/choices",
        "list_choices",
        "Statuses, error codes, events and profiles, so that nobody has to guess.",
        gives=Choices,
    )
    async def show(control: Control) -> Reply:
        return json_reply(known())


@cache
def known() -> Choices:
    """Every list of values; a code says with which status a text ends by it, or a call."""
    return {
        "carrier_profiles": list(PROFILES),
        "handset": {name: list(kind) for name, kind in CHOICES.items()},
        "final_statuses": list(STATUSES),
        "stages": list(STAGES),
        "error_codes": [
            {
                "code": code,
                "status": "failed" if code in NEVER_LEFT else "undelivered",
                "message": LATER[code],
            }
            for code in sorted(LATER)
        ],
        "api_errors": _api_errors(),
        "approval_statuses": list(ApprovalStatus),
        "conversation_events": [*POST_EVENTS, *PRE_EVENTS],
    }


def _api_errors() -> list[KnownApiError]:
    """What a request to send can be answered with: codes of messaging, and a few of all APIs."""
    said = (each for each in vars(refusals).values() if isinstance(each, Refusal))
    found = {each.code: each for each in said if each.code >= OF_MESSAGING}
    for each in (AUTHENTICATE, THROTTLED):
        found[each.code] = each
    return [
        {"code": code, "status": found[code].status, "message": _VALUE.sub("…", found[code].text)}
        for code in sorted(found)
    ]
