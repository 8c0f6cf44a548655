"""Where a request was sent, so that every URL in its answer leads back the same way.

A request is for a Twilio host when its `Host` is one, when its first path segment is one, or when
the path alone tells: `/2010-04-01` is api, `/v1` conversations, `/v3/wsconnect` the client SDK's
socket; of `/v2` and of `/v1/Stores`, which is Memory's, what follows tells whose it is.
"""

import functools
from dataclasses import dataclass

TWILIO = ".twilio.com"


@dataclass(frozen=True, slots=True)
class Site:
    """A way to reach the emulator.

    Attributes:
        base: what comes before `/v1` in URLs of the product that was asked.
        others: what comes before the host name of another product.
    """

    base: str
    others: str

    def of(self, host: str) -> str:
        """The base of another product, such as `mcs.us1.twilio.com`."""
        return self.others + host


@functools.lru_cache(maxsize=1024)
def product(host: str) -> str | None:
    """`conversations.dublin.ie1.twilio.com` is `conversations`.

    None for a host that is not Twilio's.
    """
    name = host.lower().rstrip(".")
    if not name.endswith(TWILIO):
        return None
    return name[: -len(TWILIO)].split(".")[0] or None


@functools.lru_cache(maxsize=1024)
def by_host(scheme: str, host: str) -> tuple[str, Site] | None:
    """Product and site of a request whose `Host` (with its port) is Twilio's."""
    found = product(host.partition(":")[0])
    return (found, Site(f"{scheme}://{host}", "https://")) if found else None


@functools.lru_cache(maxsize=1024)
def by_first_segment(scheme: str, host: str, segment: str) -> tuple[str, Site] | None:
    """Product and site of a request whose first path segment is a Twilio host."""
    found = product(segment)
    return (found, Site(f"{scheme}://{host}/{segment}", f"{scheme}://{host}/")) if found else None


BY_PATH = {
    "2010-04-01": "api",
    "v1": "conversations",
    "v3": "tsock",
    **dict.fromkeys(
        ("v2/Services", "v2/Attempts", "v2/Templates", "v2/SafeList", "v2/Forms"), "verify"
    ),
    **dict.fromkeys(("v2/PhoneNumbers", "v2/batch", "v2/RateLimits"), "lookups"),
    **dict.fromkeys(("v2/Conversations", "v2/ControlPlane"), "conversations"),
    "v2/KnowledgeBases": "knowledge",
    "v2/Flows": "studio",
    "v1/Stores": "memory",
}
"""Products by the first segment of a path; by the first two where one does not tell. Decided:
`/v2/Services` is Verify's, though Twilio's Chat has it too, and `/v2/ControlPlane/Operations` that
of conversations, though Knowledge has it too."""

_OF_MEMORY = ("Stores/", "ControlPlane/")
"""How a path of Memory goes on after `/v1/`."""


def telling(first: str, rest: str) -> str:
    """What of a path tells whose it is, as `BY_PATH` has it: its first segment, or two."""
    if first == "v1":
        return "v1/Stores" if rest.startswith(_OF_MEMORY) else first
    if first != "v2":
        return first
    second, _, further = rest.partition("/")
    if second == "ControlPlane" and further.startswith("KnowledgeBases"):
        return "v2/KnowledgeBases"
    return f"v2/{second}"


@functools.lru_cache(maxsize=1024)
def by_path(scheme: str, host: str, segment: str) -> tuple[str, Site] | None:
    """Product and site of a request whose path alone tells: by its first segment, or by two."""
    found = BY_PATH.get(segment)
    return (found, Site(f"{scheme}://{host}", f"{scheme}://{host}/")) if found else None
