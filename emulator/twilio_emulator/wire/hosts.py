"""Hosts and callers: which hosts are Twilio's, which are ourselves, and for whom we act as a proxy.

Pure rules: nothing here resolves a name or opens a connection.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# Written out, since what `is_private` means differs between releases of Python.
NEAR = tuple(
    ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
    )
)


def is_twilio_host(host: str) -> bool:
    """Whether a host, with or without a port as in a `Host` header, is one of `*.twilio.com`."""
    name = host.partition(":")[0].rstrip(".").lower()
    return name.endswith(".twilio.com") and not name.startswith(".")


def is_local_host(host: str) -> bool:
    """Whether a host, without a port, can only mean the machine that we run on."""
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = _address(name)
    return address is not None and (address.is_loopback or address.is_unspecified)


def is_near(caller: str) -> bool:
    """Whether a caller's address is a loopback or private one."""
    address = _address(caller)
    return address is not None and any(address in network for network in NEAR)


def address_of(host: str, port: int) -> str:
    """A host and port as one text, as in `localhost:8008` and `[::1]:8008`."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    # A socket that listens on IPv6 shows its IPv4 callers as ::ffff:127.0.0.1.
    return getattr(address, "ipv4_mapped", None) or address


@dataclass(frozen=True)
class ProxyRules:
    """What we do for those who use us as a proxy.

    `own_addresses` are texts in lower case as in URLs, `emulator.test` or `emulator.test:9000`, by
    which callers reach us besides local names with the port that we listen on: behind a published
    port, for one.
    """

    only_twilio: bool = False
    own_addresses: frozenset[str] = frozenset()

    def serves(self, host: str, port: int, *, listening: tuple[str, int | None] | None) -> bool:
        """Whether we answer for this host ourselves; `listening` is the connection's own end."""
        own = {address_of(host, port).lower(), *([host.lower()] if port in (80, 443) else ())}
        if is_twilio_host(host) or own & self.own_addresses:
            return True
        if listening is None or port != listening[1]:
            return False
        return is_local_host(host) or _address(host) == _address(listening[0])

    def refusal(self, caller: tuple[str, int] | None) -> str | None:
        """Why this caller's traffic to other hosts is refused, None when it is forwarded."""
        if self.only_twilio:
            return "Only *.twilio.com is served here: --proxy-only-twilio is set."
        if caller is None or not is_near(caller[0]):
            return "Other hosts are forwarded for callers on loopback or private addresses only."
        return None
