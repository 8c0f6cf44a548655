"""Opt-outs by the control API: who does not want to hear from whom, and a service's own words."""

from typing import TypedDict

from msgspec import field

from twilio_emulator.control.exchange import NOTHING, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls, Fields, Place
from twilio_emulator.core.carrier.opt_outs import (
    AddOptOut,
    AdvancedOptOut,
    AdvancedOptOuts,
    ConfigureAdvancedOptOut,
    OptOut,
    OptOuts,
    RemoveOptOut,
    Wording,
)
from twilio_emulator.core.kernel.records import shown, write_instant


class Pair(Fields):
    """A recipient, and what it opted out of.

    Attributes:
        recipient: the phone's address.
        scope: a number of the account, or a messaging service (MG).
    """

    recipient: str
    scope: str


class Words(Fields):
    """The keywords of a country and what is answered to each; an empty answer is none.

    Attributes:
        stop: words that opt out.
        start: words that opt in again.
        stopped: the answer to `stop`.
        started: the answer to `start`.
        help: words that ask for help.
        helped: the answer to `help`.
    """

    stop: tuple[str, ...]
    start: tuple[str, ...]
    stopped: str
    started: str
    help: tuple[str, ...] = ()
    helped: str = ""


class Advanced(Fields):
    """A service's words.

    Attributes:
        wordings: by ISO code of the country; those of the empty one are for all others.
    """

    wordings: dict[str, Words] = field(default_factory=dict)


class ShownOptOut(TypedDict):
    """Somebody who does not want to hear from a number or a messaging service."""

    recipient: str
    scope: str
    date_created: str


class ServiceWords(TypedDict):
    """A messaging service's own keywords and answers.

    Attributes:
        service: its sid (MG).
        wordings: by ISO code of the country; those of the empty one are for all others.
    """

    service: str
    wordings: dict[str, Wording]


class OptOutList(TypedDict):
    """Who does not want to hear from whom, and services with words of their own."""

    optouts: list[ShownOptOut]
    advanced: list[ServiceWords]


PAIR = {"recipient": "+12025550199", "scope": "+12025550100"}


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("optouts", "Who does not want texts from whom.")
    controls.group("services", "Services of messaging and of conversations.")

    @controls.on(
        "GET",
        "/optouts",
        "list_optouts",
        "Who does not want to hear from whom, and services with words of their own.",
        gives=OptOutList,
    )
    async def list_optouts(control: Control) -> Reply:
        world = control.hosted.world
        held = world[OptOuts].all(world[OptOuts].in_order, "")
        advanced = sorted(world[AdvancedOptOuts], key=lambda each: each.sid)
        return json_reply(
            {"optouts": [_look(each) for each in held], "advanced": [_words(it) for it in advanced]}
        )

    @controls.on(
        "PUT",
        "/optouts",
        "add_optout",
        "Lets somebody have opted out.",
        body=Pair,
        gives=ShownOptOut,
        examples=(PAIR,),
    )
    async def add(control: Control) -> Reply:
        wish = control.body(Pair)
        command = AddOptOut(recipient=wish.recipient, scope=wish.scope)
        return json_reply(_look(await control.hosted.gate.perform(command)))

    @controls.on(
        "DELETE",
        "/optouts",
        "remove_optout",
        "Lets somebody be opted in again.",
        query=Pair,
        examples=(PAIR,),
    )
    async def remove(control: Control) -> Reply:
        wish = control.query(Pair)
        command = RemoveOptOut(recipient=wish.recipient, scope=wish.scope)
        await control.hosted.gate.perform(command)
        return NOTHING

    @controls.on(
        "PUT",
        "/services/{service}/advanced-optout",
        "change_advanced_optout",
        "Gives a messaging service keywords and answers of its own, as Advanced Opt-Out does.",
        places={"service": Place(words="The messaging service's sid (MG).", example=f"MG{1:032}")},
        body=Advanced,
        gives=ServiceWords,
        examples=(
            {
                "wordings": {
                    "": {
                        "stop": ["STOP", "ENOUGH"],
                        "start": ["START"],
                        "stopped": "You hear no more from us.",
                        "started": "Welcome back.",
                    }
                }
            },
        ),
    )
    async def configure(control: Control) -> Reply:
        wish = control.body(Advanced)
        wordings = {country: _wording(words) for country, words in wish.wordings.items()}
        command = ConfigureAdvancedOptOut(service=control.said["service"], wordings=wordings)
        return json_reply(_words(await control.hosted.gate.perform(command)))


def _look(it: OptOut) -> ShownOptOut:
    return {
        "recipient": it.recipient,
        "scope": it.scope,
        "date_created": write_instant(it.date_created),
    }


def _words(it: AdvancedOptOut) -> ServiceWords:
    wordings = {country: shown(wording) for country, wording in it.wordings.items()}
    return {"service": it.sid, "wordings": wordings}


def _wording(words: Words) -> Wording:
    """The same for the core, which knows keywords in upper case."""
    return Wording(
        stop=_upper(words.stop),
        start=_upper(words.start),
        help=_upper(words.help),
        stopped=words.stopped,
        started=words.started,
        helped=words.helped,
    )


def _upper(keywords: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(keyword.strip().upper() for keyword in keywords)
