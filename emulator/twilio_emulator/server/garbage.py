"""Keeps the search for garbage short, however much is kept, in a process that is ours alone.

Python looks for things that only refer to each other, and everybody waits meanwhile: 0.3 to 0.8 µs
for each thing that it looks at. Nothing that a world keeps does so, and what ends here lets go of
itself: `tests/soak/test_leaks.py` and `tests/server/test_garbage.py` hold both.

The rules of this file:

- What is new is looked at while it is little: ten times a second, and after so many new things.
- What has been looked at twice is not looked at again (`gc.freeze`). It is freed as ever, when
  nobody refers to it any more.
- A process that is somebody else's is left as it is. Why, and what it costs: docs/decisions.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from types import MethodType
from typing import Final

THRESHOLDS: Final = (10_000, 1, 1_000)
"""New things after which Python looks by itself; every third time at those of before, too."""

FEW: Final = 2_000
"""New things that are not worth a look yet."""

_is_ours = False


@contextmanager
def kept_short() -> Iterator[None]:
    """Have it so until the end of the `with` block."""
    global _is_ours
    before = gc.get_threshold()
    gc.set_threshold(*THRESHOLDS)
    gc.callbacks.append(_leave_out)
    gc.freeze()
    _is_ours = True
    try:
        yield
    finally:
        _is_ours = False
        gc.callbacks.remove(_leave_out)
        gc.unfreeze()
        gc.set_threshold(*before)


def look() -> None:
    """Look at what is new, if that is worth it.

    Python counts what is made less what is freed, which stays the same where everything new takes
    the place of something old.
    """
    if _is_ours and len(gc.get_objects(generation=0)) >= FEW:
        gc.collect(1 if gc.get_count()[1] else 0)


def let_go(transport: object) -> None:
    """Have a transport that has lost its connection refer to itself no more.

    asyncio's keep methods of their own in attributes, as what to call when something can be read;
    uvloop's do not.
    """
    held = getattr(transport, "__dict__", {})
    for name in [name for name, value in held.items() if type(value) is MethodType]:
        del held[name]


def _leave_out(phase: str, said: dict[str, int]) -> None:
    if phase == "stop" and said["generation"] > 0:
        gc.freeze()
