"""Silent network authentication by the control API: addresses that phones open.

The rules of this file:

- What Twilio gives an app to open leads here. In real life a carrier answers, so that what works
  with this says nothing of a real phone's network.
- Decided: it is answered with 200 where the phone is the right one, and with 403 where not.
"""

import re
from typing import TypedDict
from urllib.parse import urlsplit

from twilio_emulator.control.exchange import Mistaken, Reply, json_reply
from twilio_emulator.control.phones.places import PHONE
from twilio_emulator.control.routes import Control, Controls, Fields, Place
from twilio_emulator.core.carrier import handset_commands
from twilio_emulator.core.verify.by_sna import OpenSnaLink, Over, SnaOutcome

_PATH = re.compile(r".*/_emulator/v1/sna/(?P<token>[0-9a-f]{32})")

NO_TOKEN = "0" * 32

TOKEN = {
    "token": Place(
        words="The end of the address that a verification has as `sna.url`.", example=NO_TOKEN
    )
}


class OpenedLink(TypedDict):
    """What became of an opening.

    Attributes:
        error_code: Twilio's, where it was not the right phone; else null.
        sna_client_token: what the check has to have, where the verification asks for it.
    """

    error_code: int | None
    sna_client_token: str | None


class OpeningLink(Fields):
    """Which address a phone opens, and over what.

    Attributes:
        url: the address, or `item`.
        item: the id of a message on the phone, whose first such link is opened.
        over: the network that the phone uses for it.
    """

    url: str | None = None
    item: str | None = None
    over: Over = Over.MOBILE


def declare(controls: Controls) -> None:
    """Declare the calls of this file."""
    controls.group("sna", "Addresses of silent network authentication.")

    for method, name in (("GET", "open_sna_link"), ("POST", "post_to_sna_link")):

        @controls.on(
            method,
            "/sna/{token}",
            name,
            "Opens an address of silent network authentication, as the right phone would.",
            places=TOKEN,
            gives=OpenedLink,
            otherwise={403: OpenedLink},
        )
        async def open_link(control: Control) -> Reply:
            wish = OpenSnaLink(token=control.said["token"])
            outcome = await control.hosted.gate.perform(wish)
            return json_reply(_look(outcome), 200 if outcome.error_code is None else 403)

    @controls.on(
        "POST",
        "/handsets/{address}/open-link",
        "open_link_on_handset",
        "Opens an address of silent network authentication on a phone.",
        places=PHONE,
        body=OpeningLink,
        gives=OpenedLink,
        examples=({"url": f"/_emulator/v1/sna/{NO_TOKEN}"},),
    )
    async def open_on_handset(control: Control) -> Reply:
        said, world = control.body(OpeningLink), control.hosted.world
        handset = handset_commands.find(world, control.said["address"])
        links: tuple[str, ...] = (said.url,) if said.url else ()
        if said.item:
            links = handset_commands.find_item(world, handset.address, said.item).links
        wish = OpenSnaLink(token=_token(links), handset=handset.address, over=said.over)
        return json_reply(_look(await control.hosted.gate.perform(wish)))


def _look(it: SnaOutcome) -> OpenedLink:
    return {"error_code": it.error_code, "sna_client_token": it.sna_client_token}


def _token(links: tuple[str, ...]) -> str:
    """The token of the first address of silent network authentication among links.

    Raises:
        Mistaken: there is none.
    """
    for link in links:
        found = _PATH.fullmatch(urlsplit(link).path)
        if found is not None:
            return found["token"]
    raise Mistaken("body url: expected what a verification has as sna.url")
