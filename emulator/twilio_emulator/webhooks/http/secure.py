"""HTTPS: the HTTP client of others, told to send what was signed and nothing else.

It keeps no connections, since a receiver that is restarted between two webhooks must not miss the
second; and no cookies, which belong to one pair of phone and number.
"""

import ssl
from collections.abc import Callable
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

from twilio_emulator.webhooks.http.exchange import (
    BODY_READ,
    HEAD_READ,
    BrokenAnswer,
    Came,
    LongHead,
    NotAnUrl,
)
from twilio_emulator.webhooks.http.signatures import Parameters, Parts

if TYPE_CHECKING:
    import httpx2


class SecureHttp:
    """Sends requests to `https:` URLs.

    Args:
        tls: which certificates are trusted; those that the system trusts, unless given.
    """

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        self._client: httpx2.AsyncClient | None = None

    def prepare(self) -> "httpx2.AsyncClient":
        """Make the HTTP client, which takes a while, unless that was done."""
        if self._client is None:
            import httpx2

            self._client = httpx2.AsyncClient(
                trust_env=False,
                timeout=None,
                limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                verify=self._tls or True,
            )
        return self._client

    async def send(
        self,
        method: str,
        parts: Parts,
        headers: Parameters,
        body: bytes,
        begun: Callable[[], None],
    ) -> Came:
        """Send a request, and read its answer.

        Args:
            begun: called when there is a connection.

        Raises:
            NotAnUrl: nothing can be sent there.
            OSError: no connection came about, or it broke.
            BrokenAnswer: it broke, or what came back is no HTTP.
        """
        import httpx2

        async def trace(event: str, _: Any) -> None:
            if event.endswith("send_request_headers.started"):
                begun()

        try:
            request = httpx2.Request(
                method,
                parts.requested,
                headers=list(headers),
                content=body or None,
                extensions={"trace": trace, "target": parts.target.encode()},
            )
            response = await self.prepare().send(request, stream=True)
            try:
                read = await _read(response)
            finally:
                await response.aclose()
        except (httpx2.InvalidURL, httpx2.UnsupportedProtocol) as error:
            raise NotAnUrl(parts.requested) from error
        except httpx2.HTTPError as error:
            if _is_too_long(error):
                raise LongHead from error
            raise BrokenAnswer(str(error)) from error
        raw = response.headers.raw
        if sum(len(name) + len(value) for name, value in raw) > HEAD_READ:
            raise LongHead
        said = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in raw)
        return Came(status=response.status_code, headers=said, body=read)

    async def close(self) -> None:
        """Close the HTTP client."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _is_too_long(error: BaseException | None) -> bool:
    """Whether h11, far below, has had enough of headers that do not end."""
    while error is not None:
        if getattr(error, "error_status_hint", None) == 431:
            return True
        error = error.__cause__ or error.__context__
    return False


async def _read(response: "httpx2.Response") -> bytes:
    """The body, as far as it is looked at."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) >= BODY_READ:
            break
    return bytes(body[:BODY_READ])
