"""X-Twilio-Signature: which URL is requested and signed, and how.

The rules of this file (https://www.twilio.com/docs/usage/security#validating-requests):

- What is signed is the URL as it is requested: without user and password, without fragment, with
  `/` for an empty path and without a bare `?`. Nothing else of it is touched: port, case, order
  and escapes stay as they were configured.
- A form's parameters follow the URL, name and value, by name and then by value, each pair once.
- A JSON body is not signed itself: the URL gets its SHA-256, and no parameters follow.
"""

import base64
import functools
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, quote_plus, unquote

Parameters = tuple[tuple[str, str], ...]

_PARTS = re.compile(r"\A([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^#]*)", re.DOTALL)
_PORT = re.compile(r":([0-9]+)$")
_PRINTABLE = "".join(map(chr, range(0x21, 0x7F)))


@dataclass(frozen=True, slots=True)
class Parts:
    """An URL, cut where a request needs it.

    Attributes:
        credentials: user and password, decoded.
        host: with its port, as configured.
        target: path and query, never empty.
    """

    scheme: str
    credentials: tuple[str, str] | None
    host: str
    target: str

    @property
    def requested(self) -> str:
        """The URL that is requested and signed."""
        return f"{self.scheme}://{self.host}{self.target}"


@functools.lru_cache(maxsize=256)
def split(url: str) -> Parts | None:
    """The parts of an absolute URL; None when it is none, or names a port that there cannot be.

    What a request line cannot hold is escaped as browsers do it, so that both ends sign the same.
    """
    found = _PARTS.match(url.strip())
    if found is None:
        return None
    scheme, authority, target = found.groups()
    user, at, host = authority.rpartition("@")
    port = _PORT.search(host)
    if not host or (port and (len(port[1]) > 9 or int(port[1]) > 65535)):
        return None
    name, _, password = user.partition(":")
    if not target.startswith("/"):
        target = f"/{target}"
    return Parts(
        scheme=scheme,
        credentials=(unquote(name), unquote(password)) if at else None,
        host=host,
        target=quote(target.removesuffix("?"), safe=_PRINTABLE, errors="replace"),
    )


def shown(url: str) -> str:
    """`url` as it is requested, without its secrets."""
    parts = split(url)
    return url if parts is None else parts.requested


def with_query(url: str, parameters: Iterable[tuple[str, str]]) -> str:
    """`url` with parameters added to its query, as for a GET."""
    query = form(parameters)
    return f"{url}{'&' if '?' in url else '?'}{query}" if query else url


def with_digest(url: str, body: bytes) -> str:
    """`url` with the SHA-256 of a JSON body in its query, unless it has it from before."""
    named = ("bodySHA256", hashlib.sha256(body).hexdigest())
    return url if url.endswith("=".join(named)) else with_query(url, (named,))


def form(parameters: Iterable[tuple[str, str]]) -> str:
    """Parameters as a form's body."""
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in parameters)


def _quoted(text: str) -> str:
    """As in a form; most names and sids have nothing to quote."""
    if text.isascii() and text.isalnum():
        return text
    return quote_plus(text, errors="replace")


def base_string(url: str, parameters: Iterable[tuple[str, str]] = ()) -> str:
    """What is signed: the URL, then the parameters of a form."""
    return url + "".join(name + value for name, value in sorted(set(parameters)))


def sign(auth_token: str, base: str) -> str:
    """The value of `X-Twilio-Signature`."""
    digest = hmac.digest(auth_token.encode(), base.encode(errors="replace"), "sha1")
    return base64.b64encode(digest).decode()
