"""The codes themselves: which one is sent next.

The rules of this file:

- A code is decimal digits, as many as the service says; it may begin with zeros.
- It comes from the world's dice, unless somebody said on the side of the emulator which one it is.
"""

from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.verify.resources import VerifyService, VerifyServices

SHORTEST = 4
LONGEST = 10
"""Characters of a code (https://www.twilio.com/docs/verify/api/service)."""


def next_code(world: World, service: VerifyService) -> str:
    """A code for a new verification. One of those that were said is used up."""
    if service.next_codes:
        first, *others = service.next_codes
        world[VerifyServices].put(replace(service, next_codes=tuple(others)))
        return first
    if service.fixed_code is not None:
        return service.fixed_code
    length = service.code_length
    return f"{world.dice.randrange(10**length):0{length}d}"


def is_possible(code: str) -> bool:
    """Whether something could be a code, as the API takes one. Decided: none begins or ends with a
    blank, since what is typed around a code is no part of it."""
    return SHORTEST <= len(code) <= LONGEST and code == code.strip()
