"""Opt-outs by the control API: who does not want to hear from whom, and a service's own words."""

from msgspec import field

from twilio_emulator.control.routes import NOTHING, Control, Controls, Fields, Reply, json_reply
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
from twilio_emulator.core.kernel.records import plain, write_instant


class Pair(Fields):
    """A recipient, and the number or the messaging service that it opted out of."""

    recipient: str
    scope: str


class Words(Fields):
    """The keywords of a country and what is answered to each; an empty answer is none."""

    stop: tuple[str, ...]
    start: tuple[str, ...]
    stopped: str
    started: str
    help: tuple[str, ...] = ()
    helped: str = ""


class Advanced(Fields):
    """A service's words, by country; those of the empty country are for all others."""

    wordings: dict[str, Words] = field(default_factory=dict)


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""

    @controls.on("GET", "/optouts")
    async def list_optouts(control: Control) -> Reply:
        world = control.hosted.world
        held = world[OptOuts].all(world[OptOuts].in_order, "")
        advanced = sorted(world[AdvancedOptOuts], key=lambda each: each.sid)
        return json_reply(
            {"optouts": [_look(each) for each in held], "advanced": [_words(it) for it in advanced]}
        )

    @controls.on("PUT", "/optouts")
    async def add(control: Control) -> Reply:
        wish = control.body(Pair)
        command = AddOptOut(recipient=wish.recipient, scope=wish.scope)
        return json_reply(_look(await control.hosted.gate.perform(command)))

    @controls.on("DELETE", "/optouts")
    async def remove(control: Control) -> Reply:
        wish = control.query(Pair)
        command = RemoveOptOut(recipient=wish.recipient, scope=wish.scope)
        await control.hosted.gate.perform(command)
        return NOTHING

    @controls.on("PUT", "/services/{service}/advanced-optout")
    async def configure(control: Control) -> Reply:
        wish = control.body(Advanced)
        wordings = {country: _wording(words) for country, words in wish.wordings.items()}
        command = ConfigureAdvancedOptOut(service=control.said["service"], wordings=wordings)
        return json_reply(_words(await control.hosted.gate.perform(command)))


def _look(it: OptOut) -> dict[str, object]:
    return {
        "recipient": it.recipient,
        "scope": it.scope,
        "date_created": write_instant(it.date_created),
    }


def _words(it: AdvancedOptOut) -> dict[str, object]:
    return {"service": it.sid, "wordings": plain(it.wordings)}


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
