"""How operations of Memory are answered: what they refuse, and what moved elsewhere.

The rules of this file:

- A request that cannot be is 400 with that as its code, also where JSON or a page's size cannot be
  read (Memory's OpenAPI file).
- A profile that was merged is at another place now: 301 for who looks, 308 for who changes.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from twilio_emulator.core.kernel.refusals import INVALID_PARAMETER, MISSING_PARAMETER, Refused
from twilio_emulator.core.memory.errors import bad
from twilio_emulator.core.memory.profiles import Moved
from twilio_emulator.wire.calls import Answer, Call, Spell, Work
from twilio_emulator.wire.json_operations import JsonApi
from twilio_emulator.wire.operations import Prefix, ReadClient

CANONICAL = b"Canonical-Profile-Id"

MOVED = "This resource has moved."


class MemoryApi(JsonApi):
    """The operations of Memory, each of them refusing as Memory does."""

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
        super().add(method, path, taker, _answered(work, method), where, spell, client)


def restated(why: Refused) -> Refused:
    """What cannot be read, in the words of Memory."""
    if why.refusal is MISSING_PARAMETER or why.refusal is INVALID_PARAMETER:
        again = bad(why.message)
        again.reason = why.reason
        return again
    return why


def _answered(work: Work, method: str) -> Work:
    async def answer(call: Call) -> Answer:
        try:
            return await work(call)
        except Moved as moved:
            return _moved(call, moved, 301 if method == "GET" else 308)
        except Refused as why:
            raise restated(why) from None

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
