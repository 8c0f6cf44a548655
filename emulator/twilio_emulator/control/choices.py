"""What the control API takes where only some values are known, so that nobody has to guess."""

import re
from functools import cache

from twilio_emulator.control.routes import Control, Controls, Reply, json_reply
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


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/choices")
    async def show(control: Control) -> Reply:
        return json_reply(known())


@cache
def known() -> dict[str, object]:
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


def _api_errors() -> list[dict[str, object]]:
    """What a request to send can be answered with: codes of messaging, and a few of all APIs."""
    said = (each for each in vars(refusals).values() if isinstance(each, Refusal))
    found = {each.code: each for each in said if each.code >= OF_MESSAGING}
    for each in (AUTHENTICATE, THROTTLED):
        found[each.code] = each
    return [
        {"code": code, "status": found[code].status, "message": _VALUE.sub("…", found[code].text)}
        for code in sorted(found)
    ]
