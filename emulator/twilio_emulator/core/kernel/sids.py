"""Sids and randomness, from one seed.

Every draw is a keyed hash of a counter. So the state of a stream is one number, two streams never
disturb each other, and the same seed and account give the same sids on every machine and Python.
"""

import hashlib
import random


def stable_sid(prefix: str, said: str) -> str:
    """A sid that follows from what was said, since nothing may be drawn for what is not kept."""
    return prefix + hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


class Stream(random.Random):
    """A stream of random numbers whose whole state is `drawn`.

    It has every method of `random.Random`; only where the bits come from differs.

    Args:
        seed: the run's seed.
        names: what the stream is for, such as an account sid and `sids`.
    """

    drawn: int

    def __init__(self, seed: int, *names: str) -> None:
        self._keyed = hashlib.blake2b("/".join(names).encode(), key=b"%d" % seed, digest_size=16)
        self.drawn = 0
        super().__init__(0)

    def seed(self, *_: object, **__: object) -> None:
        """A stream keeps the seed that it was made with."""

    def hex(self) -> str:
        """32 lower-case hexadecimal digits."""
        hashed = self._keyed.copy()
        hashed.update(b"%d" % self.drawn)
        self.drawn += 1
        return hashed.hexdigest()

    def random(self) -> float:
        """A number in [0, 1)."""
        return self.getrandbits(53) / (1 << 53)

    def getrandbits(self, k: int, /) -> int:
        """A whole number of `k` bits."""
        bits = 0
        for _ in range(0, k, 128):
            bits = bits << 128 | int(self.hex(), 16)
        return bits >> (-k % 128)


class Sids(Stream):
    """Where new sids come from."""

    def new(self, prefix: str) -> str:
        """A sid that was never given before: two letters and 32 hexadecimal digits."""
        return prefix + self.hex()
