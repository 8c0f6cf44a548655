"""Accounts put back to their start by the control API; and marks in what goes on there."""

from collections.abc import Callable
from typing import TypedDict

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls, Fields
from twilio_emulator.core.kernel.records import write_instant
from twilio_emulator.runtime.account_starts import NoStart
from twilio_emulator.runtime.accounts import Worlds


class Resetting(Fields):
    """Which accounts.

    Attributes:
        all: every account, rather than the one that the call is about.
    """

    all: bool = False


class ResetAccounts(TypedDict):
    """The accounts that are what they were.

    Attributes:
        accounts: their sids.
    """

    accounts: list[str]


class Mark(TypedDict):
    """How far an account has come: who looks behind it sees only what is new.

    Attributes:
        seq: of the newest entry of the journal: `after` of `GET /journal`.
        message: the greatest `seq` of messages on phones: `after` of a wait, `since` of an inbox.
        now: what its clock shows.
    """

    seq: int
    message: int
    now: str


def declare(controls: Controls, worlds: Worlds, forget: Callable[[], None]) -> None:
    """Declare the calls of this file; `forget` forgets credentials that have been looked up."""
    controls.group("reset", "An account as it was at its start.")
    controls.group("mark", "How far an account has come.")

    @controls.on(
        "POST",
        "/reset",
        "reset_account",
        "Makes an account what it was when it was opened, or after the scenarios of the start; "
        "client SDKs are cut off, and come again.",
        body=Resetting,
        gives=ResetAccounts,
        otherwise={409: "What it was is not known: its state file does not say it."},
        examples=({}, {"all": True}),
    )
    async def reset(control: Control) -> Reply:
        wish = control.body(Resetting)
        chosen = list(worlds) if wish.all else [control.whole()]
        try:
            for hosted in chosen:
                worlds.check_start(hosted)
            for hosted in chosen:
                worlds.reset(hosted)
        except NoStart as reason:
            raise Mistaken(str(reason), 409) from None
        forget()
        return json_reply({"accounts": [hosted.world.account_sid for hosted in chosen]})

    @controls.on(
        "GET",
        "/mark",
        "show_mark",
        "How far the account has come, for whoever wants to see only what comes from here on.",
        gives=Mark,
    )
    async def mark(control: Control) -> Reply:
        hosted = control.hosted
        shown: Mark = {
            "seq": hosted.gate.log.number,
            "message": hosted.world.serials,
            "now": write_instant(hosted.world.clock.now()),
        }
        return json_reply(shown)
