"""Who may call: every program, but a page only from our own origin.

The rules of this file:

- By a name that a stranger can have pointed at us nothing of ours is answered, neither the control
  API nor Twilio's by path, media or the console. What follows on origins is for the control API.

- A browser tells a page's origin with every call that could change something; so a foreign one is
  refused, and so is `null`.
- A page whose own name was made to point at us (DNS rebinding) has our address and its own origin,
  but its name has a dot. Names without one, such as a container's, cannot be bought.
- One call may be read by pages of all local origins: the one that hands front-ends their token.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address

from twilio_emulator.wire.hosts import is_local_host, is_twilio_host

OF_DOCKER = "host.docker.internal"
OPEN_TO_LOCAL_PAGES = "/token"
LONGEST_HOST = 300
"""Characters; a name has 253 at most (RFC 1035)."""

Headers = Mapping[bytes, bytes]


def _nobody() -> Iterable[str | None]:
    return ()


class Access:
    """The rules, with what the user added to them.

    Args:
        hosts: further names that we are called by.
        origins: further origins whose pages may call, such as `http://app.test:3000`.
        public_urls: gives the URLs that apps are told to find media and Twilio's API at.
    """

    def __init__(
        self,
        hosts: Iterable[str] = (),
        origins: Iterable[str] = (),
        public_urls: Callable[[], Iterable[str | None]] = _nobody,
    ) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._origins = frozenset(origin.lower().rstrip("/") for origin in origins)
        self._public_urls = public_urls
        self._is_known = functools.lru_cache(1024)(self._is_one_of_ours)

    def stranger(self, host: str) -> str | None:
        """Why nothing is answered by this `Host`, in one line; None when something is.

        The control API is more particular: see `refusal`.
        """
        if not host:
            return None
        if len(host) <= LONGEST_HOST and (self._is_known(host) or self._is_public(host)):
            return None
        return _unknown(host)

    def refusal(self, headers: Headers, path: str) -> str | None:
        """Why this call is refused, in one line; None when it is not."""
        host = _text(headers, b"host")
        if host and (len(host) > LONGEST_HOST or not self._is_known(host)):
            return _unknown(host)
        origin = _text(headers, b"origin")
        if origin and not (_is_at(origin, host) or self.reader(headers, path)):
            return f"Origin {origin}: expected our own or none; --allow-origin adds others"
        return None

    def reader(self, headers: Headers, path: str) -> bytes | None:
        """The foreign origin whose page may read the answer, when it is one."""
        origin = _text(headers, b"origin")
        if origin in self._origins or (
            path == OPEN_TO_LOCAL_PAGES and is_local_host(_name(origin.partition("://")[2]))
        ):
            return headers[b"origin"]
        return None

    def _is_public(self, host: str) -> bool:
        name = _name(host.lower())
        return any(
            url is not None and _name(url.lower().partition("://")[2].rstrip("/")) == name
            for url in self._public_urls()
        )

    def _is_one_of_ours(self, host: str) -> bool:
        name = _name(host.lower())
        return (
            "." not in name
            or name.endswith(".localhost")
            or name == OF_DOCKER
            or name in self._hosts
            or is_twilio_host(name)
            or _is_address(name)
        )


def _unknown(host: str) -> str:
    return (
        f"Host {host[:LONGEST_HOST]}: expected a name without a dot, an address, or one of "
        f"*.localhost, {OF_DOCKER}, *.twilio.com; --allow-host adds others"
    )


def _is_at(origin: str, host: str) -> bool:
    """Whether a page of this origin came from this host itself."""
    scheme, _, at = origin.partition("://")
    return scheme in ("http", "https") and at == host


def _name(host: str) -> str:
    """A host without its port, and without the dot at the end that changes nothing."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _text(headers: Headers, name: bytes) -> str:
    return headers.get(name, b"").decode("latin-1").lower()
