"""One account with what keeps it going: its gate, its pace, and who waits for news of it."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from twilio_emulator.core.kernel.world import World
from twilio_emulator.runtime.account_starts import AccountStart
from twilio_emulator.runtime.clock_driver import Pace
from twilio_emulator.runtime.gate import Gate


class News:
    """Wakes the calls that wait for something to happen in one account."""

    def __init__(self) -> None:
        self._waiting: dict[asyncio.Future[None], None] = {}
        self.over = False

    def tell(self) -> None:
        """Something happened."""
        if self._waiting:
            waiting, self._waiting = self._waiting, {}
            for each in waiting:
                if not each.done():
                    each.set_result(None)

    def end(self) -> None:
        """Nothing more will happen: all waiting ends."""
        self.over = True
        self.tell()

    async def wait(self) -> None:
        """Until something happens, or the end."""
        if not self.over:
            turn = asyncio.get_running_loop().create_future()
            self._waiting[turn] = None
            try:
                await turn
            finally:
                self._waiting.pop(turn, None)


Replay = Callable[[Any], Awaitable[None]]
"""Makes a call once more. What it was is known to whoever made it."""

Take = Callable[[str, str | None, int], Awaitable[Any]]
"""Fetches what is at an URL, as of a type, and so many bytes at most. What comes of it is known to
whoever asks."""


class ReceiverNaming(Protocol):
    """Names for receivers of webhooks, instead of ports."""

    def give(self, send: Any) -> str:
        """A new name for what is sent to by `send`, as the beginning of an URL."""

    def lead(self, url: str) -> str:
        """A new name for what listens at `url`, as the beginning of an URL."""

    def take_back(self, url: str) -> None:
        """Have a name lead nowhere."""


@dataclass(slots=True, kw_only=True)
class Hosted:
    """One account with what keeps it going.

    Attributes:
        pace: moves its clock.
        news: tells who waits that there is something in its log.
        tokens: when the access tokens that we made ourselves expire, by `jti`.
        public_url: what it calls us where no request gives the form; the server's when None.
        replay: makes a call of a webhook once more, as the log holds it.
        resume: takes up what a restart has broken off.
        take: fetches what a phone sends.
        names: of receivers that scenarios serve.
        start: what it is put back to; None when a restart has brought it along without.
        closing: what has to be ended with it, or with the server.
        parting: what goes for good when it is closed.
    """

    gate: Gate
    pace: Pace
    news: News
    public_url: str | None = None
    replay: Replay | None = None
    resume: Callable[[], None] | None = None
    take: Take | None = None
    names: ReceiverNaming | None = None
    start: AccountStart | None = None
    tokens: dict[str, datetime] = field(default_factory=dict)
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    parting: list[Callable[[], None]] = field(default_factory=list)

    @property
    def world(self) -> World:
        return self.gate.world


def part(hosted: Hosted) -> None:
    """Let an account go for good, and undo what holds it together: else it would stay until Python
    looks for cycles, which it never does with what is old (see `server/garbage.py`)."""
    for let_go in hosted.parting:
        let_go()
    hosted.world.listeners.clear()
    hosted.gate.after = hosted.gate.log.added = hosted.gate.ask = None
    hosted.replay = hosted.resume = hosted.take = hosted.names = None
    hosted.closing.clear()
    hosted.parting.clear()
    hosted.pace.part()


async def end(hosted: Hosted) -> None:
    """Wake an account no more, and send home whoever waits for something to happen there."""
    hosted.pace.stop()
    hosted.news.end()
    for close in hosted.closing:
        await close()
