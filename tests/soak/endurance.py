"""A very long run in little time: mixed requests on one account that leave nothing behind, accounts
that are opened and closed, snapshots that are put back; and how much memory there is meanwhile.

`python -m tests.soak.endurance` does two million requests and 20,000 accounts, and shows the curve;
`make soak` does fewer (`test_endurance.py`).
"""

import argparse
import asyncio
import gc
import sys
import time
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.soak.requests import Sent, ask
from twilio_emulator.server.app import Server
from twilio_emulator.settings import ACCOUNT_SID, AUTH_TOKEN, Settings

FORM = ("content-type", "application/x-www-form-urlencoded")
CONVERSATIONS = "conversations.twilio.com"
API = "api.twilio.com"

REQUESTS = 20
"""Of `Visitor.mixed`, each time."""

Note = Callable[[int, int], None]
"""Told how much was done, and how many bytes there were then."""


def resident() -> int:
    """Bytes of memory that this process has; without what Python had only not collected yet."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


class Visitor:
    """Somebody who uses one account, and clears up behind themselves."""

    def __init__(self, server: Server, account: str = ACCOUNT_SID, token: str = AUTH_TOKEN) -> None:
        self.server = server
        self.account = account
        login = b64encode(f"{account}:{token}".encode()).decode()
        self._headers = (("authorization", f"Basic {login}"), FORM)
        self._talk = ""
        self._turn = 0

    async def rest(self, method: str, host: str, path: str, status: int, **form: str) -> Any:
        """One request that is answered so."""
        body = urlencode(form).encode()
        sent = Sent(method=method, host=host, path=path, headers=self._headers, body=body)
        got = await ask(self.server, sent, at_once=True)
        assert got.status == status, got.content[:1000]
        return got.body if got.content else None

    async def control(self, method: str, path: str, status: int, body: bytes = b"") -> Any:
        """One call of the control API that is answered so."""
        path, _, query = path.partition("?")
        query = f"account={self.account}&{query}"
        path = f"/_emulator/v1{path}"
        sent = Sent(method=method, host="localhost", path=path, query=query, body=body)
        got = await ask(self.server, sent, at_once=False)
        assert got.status == status, got.content[:1000]
        return got.body if got.content else None

    async def host(self) -> None:
        """Open an account, use it a little, and close it."""
        made = await self.control("POST", "/accounts", 201)
        sid = made["account_sid"]
        guest = Visitor(self.server, sid, made["auth_token"])
        await guest.rest("POST", CONVERSATIONS, "/v1/Conversations", 201, FriendlyName="x")
        text = {"To": "+12025550188", "From": "+12025550100", "Body": "x"}
        await guest.rest("POST", API, f"/2010-04-01/Accounts/{sid}/Messages.json", 201, **text)
        await self.control("POST", "/tokens", 201, b'{"identity": "ann"}')
        await self.control("DELETE", f"/accounts/{sid}", 204)

    async def snapshot(self) -> bytes:
        """The account as it is."""
        path, query = "/_emulator/v1/snapshot", f"account={self.account}"
        sent = Sent(method="GET", host="localhost", path=path, query=query)
        return (await ask(self.server, sent, at_once=False)).content

    async def restore(self, snapshot: bytes) -> None:
        """Use the account, then put a snapshot back, after which nothing of that is there."""
        await self.mixed()
        await self.control("PUT", "/snapshot", 200, snapshot)
        self._talk = ""

    async def mixed(self) -> None:
        """Twenty requests of ten kinds, of which nothing is left."""
        self._turn += 1
        word = f"{self._turn:08d}"
        messages = f"/2010-04-01/Accounts/{self.account}/Messages"
        if not self._talk:
            made = await self.rest("POST", CONVERSATIONS, "/v1/Conversations", 201)
            self._talk = f"/v1/Conversations/{made['sid']}"
        talk = self._talk
        for _ in range(2):
            said = await self.rest("POST", CONVERSATIONS, f"{talk}/Messages", 201, Body=f"I {word}")
            await self.rest("GET", CONVERSATIONS, f"{talk}/Messages", 200)
            await self.rest("POST", CONVERSATIONS, talk, 200, FriendlyName=word)
            await self.rest("DELETE", CONVERSATIONS, f"{talk}/Messages/{said['sid']}", 204)
            await self.rest("POST", API, f"{messages}.json", 400, To="+12025550188", Body=word)
            await self.rest("GET", CONVERSATIONS, talk, 200)
        made = await self.rest("POST", CONVERSATIONS, "/v1/Conversations", 201, UniqueName=word)
        other = f"/v1/Conversations/{made['sid']}"
        await self.rest("POST", CONVERSATIONS, f"{other}/Participants", 201, Identity="ann")
        await self.rest("POST", CONVERSATIONS, f"{other}/Messages", 201, Body=word)
        await self.rest("DELETE", CONVERSATIONS, other, 204)
        await self.rest("GET", CONVERSATIONS, other, 404)
        text = {"To": "+12025550188", "From": "+12025550100", "Body": word}
        sent = await self.rest("POST", API, f"{messages}.json", 201, **text)
        await self.rest("GET", API, f"{messages}/{sent['sid']}.json", 200)
        await self.control("DELETE", "/messages", 204)


async def requests(visitor: Visitor, many: int, every: int, note: Note) -> None:
    """So many mixed requests, with a look at memory after `every` of them."""
    for done in range(0, many, REQUESTS):
        if done % every == 0:
            note(done, resident())
        await visitor.mixed()
        if done % 200 == 0:
            await asyncio.sleep(0)
    note(many, resident())


async def accounts(visitor: Visitor, many: int, every: int, note: Note) -> None:
    """So many accounts, each used a little and closed."""
    for done in range(many):
        if done % every == 0:
            note(done, resident())
        await visitor.host()
        await asyncio.sleep(0)
    note(many, resident())


async def restores(visitor: Visitor, many: int, every: int, note: Note) -> None:
    """A snapshot that is put back so many times, as before each test."""
    snapshot = await visitor.snapshot()
    for done in range(many):
        if done % every == 0:
            note(done, resident())
        await visitor.restore(snapshot)
    note(many, resident())


def main() -> None:
    """Run it whole, or as much of it as is said."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak.endurance", description=__doc__)
    parser.add_argument("--requests", type=int, default=2_000_000, metavar="N")
    parser.add_argument("--accounts", type=int, default=20_000, metavar="N")
    parser.add_argument("--restores", type=int, default=1_500, metavar="N")
    wanted = parser.parse_args()
    began = time.monotonic()

    def telling(what: str) -> Note:
        def note(done: int, held: int) -> None:
            line = f"{time.monotonic() - began:7.0f} s  {done:>9,} {what:<9} {held / 1e6:7.1f} MB"
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()

        return note

    async def run() -> None:
        server = Server(Settings(), lambda: b"")
        visitor = Visitor(server)
        await requests(
            visitor,
            wanted.requests,
            max(wanted.requests // 20 // REQUESTS * REQUESTS, REQUESTS),
            telling("requests"),
        )
        await accounts(visitor, wanted.accounts, max(wanted.accounts // 10, 1), telling("accounts"))
        await restores(visitor, wanted.restores, max(wanted.restores // 5, 1), telling("restores"))
        await server.end()

    asyncio.run(run())


if __name__ == "__main__":
    main()
