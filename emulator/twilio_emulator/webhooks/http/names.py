"""Receivers that are reached by a name instead of a port: those that a scenario serves.

The rules of this file:

- A name follows from how many the account gave before, and never from the machine. So what a
  scenario leaves behind, in the state as in the journal, is the same on every machine.
- A name that leads nowhere any more is a refused connection, as the port of a program that has
  ended would be. It is never looked up: `.test` is no domain (RFC 6761).
"""

import re
from collections.abc import Callable
from dataclasses import replace

from twilio_emulator.webhooks.http import signatures
from twilio_emulator.webhooks.http.client import Send
from twilio_emulator.webhooks.http.exchange import Came, Signed
from twilio_emulator.webhooks.http.signatures import Parameters, Parts

NAMES_KEPT = 1000
"""Names of one account that lead somewhere: the last ones. Who plays from afar may go without a
word."""

_NAME = re.compile(r"scenario-[0-9]+\.twilio-emulator\.test")


class ReceiverNames:
    """The names of one account.

    Args:
        send: sends over the network.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._given = 0
        self._leading: dict[str, Send] = {}

    def give(self, send: Send) -> str:
        """A new name for `send`, as the beginning of an URL."""
        self._given += 1
        name = f"scenario-{self._given}.twilio-emulator.test"
        self._leading[name] = send
        if len(self._leading) > NAMES_KEPT:
            del self._leading[next(iter(self._leading))]
        return f"http://{name}"

    def lead(self, url: str) -> str:
        """A new name for what listens at `url`, which has a host and no path, as the beginning of
        an URL."""
        to = signatures.split(url)
        assert to is not None

        async def send(
            parts: Parts, signed: Signed, headers: Parameters, begun: Callable[[], None]
        ) -> Came:
            there = replace(parts, scheme=to.scheme, host=to.host)
            return await self._send(there, signed, headers, begun)

        return self.give(send)

    def take_back(self, url: str) -> None:
        """Have a name lead nowhere."""
        self._leading.pop(url.removeprefix("http://"), None)

    def find(self, parts: Parts) -> Send | None:
        """What sends to the host of an URL; None when that is no name of this kind."""
        if not _NAME.fullmatch(parts.host):
            return None
        return self._leading.get(parts.host, _refuse)


async def _refuse(_: Parts, __: Signed, ___: Parameters, ____: Callable[[], None]) -> Came:
    raise ConnectionRefusedError("no scenario serves this any more")
