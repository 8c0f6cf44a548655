"""Ten minutes for all of soak, on slow and busy machines too: what is long does less there."""

import time

ENOUGH = 300.0
"""Seconds after which long loops end as soon as they have done the least that tells something."""

_BEGAN = time.monotonic()

cut_short: list[int] = []
"""How much each loop had done that ended early; what a run did not try is said at its end."""


def goes_on(done: int, least: int) -> bool:
    """Whether a loop that has done so much goes on; on a machine of its own it always does.

    Args:
        least: what it does however late it is.
    """
    if done < least or time.monotonic() < _BEGAN + ENOUGH:
        return True
    cut_short.append(done)
    return False
