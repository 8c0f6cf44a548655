"""Who may call the control API: every program, but a page only from our own origin.

The rules of this file:

- A browser tells a page's origin with every call that could change something; so a foreign one is
  refused, and so is `null`.
- A page whose own name was made to point at us (DNS rebinding) has our address and its own origin,
  but its name has a dot. Names without one, such as a container's, cannot be bought.
- One call may be read by pages of all local origins: the one that hands front-ends their token.
"""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address

from emulator.hosts import is_local_host, is_twilio_host

OF_DOCKER = "host.docker.internal"
OPEN_TO_LOCAL_PAGES = "/token"

Headers = Mapping[bytes, bytes]


class Access:
    """The rules, with what the user added to them.

    Args:
        hosts: further names that we are called by.
        origins: further origins whose pages may call, such as `http://app.test:3000`.
    """

    def __init__(self, hosts: Iterable[str] = (), origins: Iterable[str] = ()) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._origins = frozenset(origin.lower().rstrip("/") for origin in origins)

    def refusal(self, headers: Headers, path: str) -> str | None:
        """Why this call is refused, in one line; None when it is not."""
        host = _text(headers, b"host")
        if host and not self._is_known(host):
            return (
                f"Host {host}: expected a name without a dot, an address, or one of *.localhost, "
                f"{OF_DOCKER}, *.twilio.com; --allow-host adds others"
            )
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

    def _is_known(self, host: str) -> bool:
        name = _name(host)
        return (
            "." not in name
            or name.endswith(".localhost")
            or name == OF_DOCKER
            or name in self._hosts
            or is_twilio_host(name)
            or _is_address(name)
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
