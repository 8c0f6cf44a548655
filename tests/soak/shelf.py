"""What answers have shown: paths, sids, names and credentials, to be asked for once more."""

import re
from collections import defaultdict, deque
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import urlsplit

from tests.soak.surface import Place

KEPT = 24
SID = re.compile(r"[A-Z]{2}[0-9a-f]{32}")
NAMES = ("unique_name", "identity", "friendly_name", "phone_number", "language")

Credentials = tuple[str, str]


class Shelf:
    """The last things of each kind; those that are gone meanwhile stay here."""

    def __init__(self, dice: Random, places: list[Place]) -> None:
        self._dice = dice
        self._places = places
        self._seen: set[str] = set()
        self._sids: dict[str, deque[str]] = defaultdict(lambda: deque(maxlen=KEPT))
        self._paths: dict[Place, deque[tuple[str, str]]] = defaultdict(lambda: deque(maxlen=KEPT))
        self.names: deque[str] = deque(maxlen=KEPT)
        self.pages: deque[str] = deque(maxlen=KEPT)
        self.credentials: deque[Credentials] = deque(maxlen=KEPT)

    def sid(self, prefix: str) -> str:
        """A sid that was seen, one of the latest most likely; any sid when none was."""
        known = self._sids.get(prefix)
        if known:
            return known[self._late(len(known))]
        return prefix + f"{self._dice.getrandbits(128):032x}"

    def any_sid(self) -> str:
        """A sid of whatever kind."""
        return self.sid(self._dice.choice(list(self._sids) or ["CH"]))

    def path(self, place: Place) -> tuple[str, str] | None:
        """A path to an operation that was seen in an answer, and who was answered."""
        known = self._paths.get(place)
        return known[self._late(len(known))] if known else None

    def log_in_anew(self, old: str, new: str) -> None:
        """Somebody's credentials have changed."""
        for known in self._paths.values():
            for at, (path, authorization) in enumerate(known):
                if authorization == old:
                    known[at] = path, new

    def _late(self, length: int) -> int:
        return min(int(self._dice.triangular(0, length, length)), length - 1)

    def learn(self, host: str, authorization: str, body: Any) -> None:
        """Look at an answer, and who got it."""
        for key, value, within in _texts(body):
            if value in self._seen:
                continue
            self._seen.add(value)
            if SID.fullmatch(value):
                self._sids[value[:2]].append(value)
                self._learn_credentials(value, within)
            elif key in NAMES:
                self.names.append(value)
            elif value.startswith(("https://", "/2010")):
                self._learn_path(host, authorization, value)

    def _learn_credentials(self, sid: str, within: dict[str, Any]) -> None:
        secret = within.get("auth_token") or within.get("secret")
        if within.get("sid") == sid and isinstance(secret, str):
            self.credentials.append((sid, secret))

    def _learn_path(self, host: str, authorization: str, url: str) -> None:
        parts = urlsplit(url)
        if "PageToken" in parts.query:
            self.pages.append(f"{parts.path}?{parts.query}")
        for place in self._places:
            if place.host == (parts.netloc or host) and place.fits(parts.path):
                self._paths[place].append((parts.path, authorization))


def _texts(
    said: Any, key: str = "", within: dict[str, Any] | None = None
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """The texts of an answer, with the key and the object that each stands in."""
    if isinstance(said, str):
        yield key, said, within or {}
    elif isinstance(said, dict):
        for name, value in said.items():
            yield from _texts(value, name, said)
    elif isinstance(said, list):
        for value in said[:3]:
            yield from _texts(value, key, within)
