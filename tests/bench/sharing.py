"""Sync beside bare routes and bare WebSockets: a document that is set and fetched by REST, and one
that a thousand clients have open.
"""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from statistics import median

from tests.bench.fanout import CLIENTS, MESSAGES, Room, Told, bare, rows, tell
from tests.bench.servers import Server, encode
from tests.bench.turns import Effort, Rates, Shot, Side, alternate, table
from tests.bench.work import Request
from twilio_emulator.wire.access_tokens import mint_token

SHARE = 0.6
"""How fast a document is to be set and fetched at least, beside the bare routes."""

SET, FETCHED = "set a document", "fetch a document"
NAMES = (SET, FETCHED)

CART = {"items": {"apple": 2, "pear": 1}, "state": "open", "total": 3.5}
DOCUMENTS = 50


class Shared:
    """An account of a server with some documents."""

    def __init__(self, server: Server) -> None:
        self.server = server
        account, _ = server.ask("POST", "/_emulator/v1/accounts", {})
        self.account = account
        self._credentials = (account["account_sid"], account["auth_token"])
        self._path = f"/sync.twilio.com/v1/Services/{account['sync_service_sid']}/Documents"
        for n in range(DOCUMENTS):
            form = {"UniqueName": f"cart-{n}", "Data": json.dumps(CART)}
            server.ask("POST", self._path, form, self._credentials)

    def requests(self, name: str) -> list[Request]:
        """What to send, over and over, to measure `name`."""
        form = {"Data": json.dumps(CART)} if name == SET else None
        method = "GET" if form is None else "POST"
        return [(method, f"{self._path}/cart-{n}", form) for n in range(DOCUMENTS)]

    def side(self) -> Side:
        """Windows that ask it."""
        return lambda name: Shot(
            server=self.server, requests=list(self._encoded(self.server, self.requests(name)))
        )

    def bare(self, server: Server) -> Side:
        """Windows that ask the bare routes of `samples` the same, but for the path."""

        def prepare(name: str) -> Shot:
            path = f"/{NAMES.index(name)}"
            changed = [(method, path, form) for method, _, form in self.requests(name)]
            return Shot(server=server, requests=list(self._encoded(server, changed)))

        return prepare

    def samples(self) -> list[dict[str, object]]:
        """What is answered, by name."""
        asked = (self.requests(name)[0] for name in NAMES)
        return [self.server.ask(*each, self._credentials)[0] for each in asked]

    def _encoded(self, server: Server, requests: list[Request]) -> Iterator[bytes]:
        return (
            encode(server, method, path, form, self._credentials) for method, path, form in requests
        )

    def room(self, clients: int) -> Room:
        """Its first document with so many clients, each with an access token."""
        mint = partial(
            mint_token,
            account_sid=self.account["account_sid"],
            key_sid=self.account["api_key"],
            secret=self.account["api_secret"],
            sync_service_sid=self.account["sync_service_sid"],
            ttl=3600,
            now=time.time(),
            serial="1",
        )
        identities = [f"reader-{number}" for number in range(clients)]
        return Room(
            server=self.server,
            clients=[(identity, mint(identity=identity)) for identity in identities],
            path=f"{self._path}/cart-0",
            document="cart-0",
            credentials=self._credentials,
        )


def beside_bare(shared: Shared, reference: Server, effort: Effort) -> dict[str, dict[str, Rates]]:
    """The emulator and the bare routes, in turns."""
    sides = {"bare": shared.bare(reference), "emulator": shared.side()}
    return {
        f"{name}, {connections}": alternate(sides, name, connections, effort)
        for name in NAMES
        for connections in (1, 16)
    }


def emulator(clients: int) -> Told:
    """A turn of an emulator that has just been started."""
    with Server("-m", "twilio_emulator", "serve", "--port", "PORT") as server:
        server.connect()
        return tell(Shared(server).room(clients))


def fan_out(turns: int) -> dict[str, object]:
    """How soon all clients have what a document is set to, printed and returned."""
    sides: dict[str, list[Told]] = {"bare": [], "emulator": []}
    for turn in range(turns):
        print(f"  fan-out of a document, {turn + 1} ...", file=sys.stderr, flush=True)
        ours = emulator(CLIENTS)
        sides["emulator"].append(ours)
        sides["bare"].append(bare(ours.frames[-1:]))
    pairs = zip(sides["emulator"], sides["bare"], strict=True)
    share = median(one.per_second / other.per_second for one, other in pairs)
    table(f"{MESSAGES} values of a document to {CLIENTS} clients", rows(sides, share))
    return {"to_bare": share} | {side: list(map(asdict, told)) for side, told in sides.items()}
