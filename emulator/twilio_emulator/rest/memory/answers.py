"""How Memory answers for a profile that was merged: it is at another place now, which is 301 for
who looks and 308 for who changes."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from twilio_emulator.core.memory.profiles import Moved
from twilio_emulator.rest.memory.packed import TAKEN, unpack
from twilio_emulator.wire.bare_errors import BareErrorApi
from twilio_emulator.wire.calls import Answer, Call, Spell, Work
from twilio_emulator.wire.operations import Prefix, ReadClient

CANONICAL = b"Canonical-Profile-Id"

MOVED = "This resource has moved."


class MemoryApi(BareErrorApi):
    """The operations of Memory."""

    def add(
        self,
        method: str,
        path: str,
        taker: Callable[..., Any] | None,
        work: Work,
        where: Prefix,
        spell: Spell | None = None,
        client: ReadClient | None = None,
    ) -> None:
        """Put one operation at its place."""
        if method == "POST" and path.endswith(TAKEN):
            work = _unpacking(work)
        super().add(method, path, taker, _leading(work, method), where, spell, client)


def _unpacking(work: Work) -> Work:
    async def answer(call: Call) -> Answer:
        unpack(call)
        return await work(call)

    return answer


def _leading(work: Work, method: str) -> Work:
    async def answer(call: Call) -> Answer:
        try:
            return await work(call)
        except Moved as moved:
            return _moved(call, moved, 301 if method == "GET" else 308)

    return answer


def _moved(call: Call, moved: Moved, status: int) -> Answer:
    named, now = quote(call.path["profile"]), moved.canonical
    path = call.resource.replace(f"/Profiles/{named}", f"/Profiles/{now}", 1)
    uri = f"{call.site.base}{path}"
    return Answer(
        status,
        {"message": MOVED, "uri": uri},
        headers=((CANONICAL, now.encode()), (b"Location", uri.encode())),
    )
