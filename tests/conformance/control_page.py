"""Writes docs/control-api.md, from the calls that the server declares, and the list of
scenarios/README.md, from the files beside it.

`python -m tests.conformance.coverage` writes both with its own; a test holds that they are as they
would be written.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from tests.examples.snippets import ROOT
from twilio_emulator.play import library
from twilio_emulator.server.app import CONTROL, Server
from twilio_emulator.settings import Settings

PAGE = ROOT / "docs/control-api.md"
SCENARIOS = ROOT / "scenarios"

HEAD = """\
# The control API

What Twilio has no API for: phones, the clock, the carrier, faults, and everything that went on.
The console, the fixtures and scenarios have no other way to them.

- Calls are below `{control}`, JSON both ways; `GET {control}` lists them.
- Every call takes `?account=AC...`; without it it is about the default account.
- What is wrong with a call is said in one line: `{{"status": 400, "message": "..."}}`. A name that
  is unknown in a body is answered with those that are known.
- A list that holds more than it shows has `next`, the call that shows what follows.
- Any program that reaches the port may call; a page only from our own origin, and only by a `Host`
  that is none of a stranger's.
"""

ABOUT = {
    "": "Every call there is.",
    "accounts": "Worlds of their own, each with its clock, numbers, phones and journal.",
    "address-rules": "Which countries take which senders, and what becomes of a text there.",
    "alerts": "What Twilio's debugger would show.",
    "ca.pem": "The authority whose certificates a client has to trust.",
    "carrier": "The telephone network: how fast it is, and what it loses and refuses.",
    "choices": "What is known where only some values are: statuses, error codes, events, profiles.",
    "clock": "What time it is for an account: real, frozen, faster, or moved on.",
    "connections": "Client SDKs on the socket; they can be cut off.",
    "content": "Content templates, and whether WhatsApp has approved them.",
    "conversation-webhooks": "Whom the account's webhooks of conversations call, and for what.",
    "conversations": "Conversations as people look at them, whoever is in them.",
    "events": "What happens, as it happens: server-sent events, resumable by `Last-Event-ID`.",
    "faults": "What goes wrong on purpose: with which texts, how often, how.",
    "handsets": "Phones: what is on them, and what somebody does with them.",
    "health": "Whether it lives.",
    "journal": "Every request, command, event and webhook in order, and why a call was refused.",
    "media": "The bytes of a picture or another file.",
    "messages": "Texts of every direction, and what becomes of them.",
    "numbers": "The account's numbers and senders, and their webhooks.",
    "optouts": "Who does not want texts from whom.",
    "ready": "Whether the scenarios of the start are over.",
    "receipts": "Receipts that the carrier holds back.",
    "receivers": "A name for who takes webhooks, which the journal shows instead of a port.",
    "recording": "What happened, as a scenario.",
    "scenarios": "Plays the scenario in the body; the report comes back.",
    "services": "Services of messaging and of conversations, with their webhooks.",
    "snapshot": "A whole account, to be taken away and put back.",
    "token": "An access token for a client SDK, as bare text.",
    "tokens": "An access token for a client SDK.",
    "wait": "Waits until something has arrived on any phone.",
    "webhooks": "Webhooks that were sent, with what came back; one can be sent again.",
    "whatsapp": "WhatsApp's windows, in which a business may write freely.",
}
"""What the calls with this first segment are about; one with no words here fails a test."""


def calls() -> list[str]:
    """Every call of the control API, as in `GET /clock`, below its prefix."""
    server = Server(Settings(), lambda: b"")
    return [call.replace(CONTROL, "") for call in server._control._controls.calls]


def segment(call: str) -> str:
    """The first segment of a call's path."""
    return re.split(r"[ /]+", call)[1]


def page() -> str:
    """The page of the control API."""
    return "\n".join([HEAD.format(control=CONTROL), *_groups()]) + "\n"


def _groups() -> Iterator[str]:
    yield "| Calls | |"
    yield "| --- | --- |"
    for name, group in groupby(sorted(calls(), key=segment), key=segment):
        shown = "<br>".join(f"`{call.strip()}`" for call in group)
        yield f"| {shown if name else f'`GET {CONTROL}`'} | {ABOUT[name]} |"


def scenarios() -> str:
    """The page of the shipped scenarios, each with what the head of its file says."""
    head = (SCENARIOS / "README.md").read_text().partition("\n| ")[0].rstrip("\n")
    rows = ["", "| Name | What happens |", "| --- | --- |"]
    for path in sorted(SCENARIOS.glob(f"*{library.SUFFIX}")):
        name = path.name.removesuffix(library.SUFFIX)
        rows.append(f"| [{name}]({path.name}) | {purpose(path)} |")
    return "\n".join([head, *rows]) + "\n"


def purpose(path: Path) -> str:
    """What the comment on top of a scenario says."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)


def write() -> None:
    """Write both pages."""
    PAGE.write_text(page())
    (SCENARIOS / "README.md").write_text(scenarios())
