"""Short links, as a browser follows them: at their own host, or with it as first segment.

A link in place of media leads to the first of them, at the address that the request came by.
"""

from collections.abc import Callable, Iterable

from starlette.types import Scope, Send

from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.texts import media as text_media
from twilio_emulator.core.texts.short_links import ShortLink, ShortLinks


class ShortLinkFinder:
    """Leads on from short links.

    Args:
        worlds: gives the worlds of all accounts.
    """

    def __init__(self, worlds: Callable[[], Iterable[World]]) -> None:
        self._worlds = worlds

    def find(self, scope: Scope, host: str, path: str) -> str | None:
        """Where a request is led to; None when it follows no short link.

        Args:
            host: that it was sent to, with its port.
        """
        if scope["method"] not in ("GET", "HEAD"):
            return None
        found = self.find_at_its_host(scope, host, path)
        if found is not None:
            return found
        behind_ours = path[1:]
        for world in self._worlds():
            if (link := world[ShortLinks].get(behind_ours)) is not None:
                return _target(world, link, f"{scope['scheme']}://{host}/")
        return None

    def find_at_its_host(self, scope: Scope, host: str, path: str) -> str | None:
        """Where a request is led to that was sent to the host of a short link itself."""
        if scope["method"] not in ("GET", "HEAD"):
            return None
        at_its_host = f"{host.partition(':')[0].lower()}{path}"
        for world in self._worlds():
            if (link := world[ShortLinks].get(at_its_host)) is not None:
                return _target(world, link, "https://")
        return None


def _target(world: World, link: ShortLink, others: str) -> str | None:
    """Where a link leads; `others` is what stands before Twilio's hosts."""
    if link.target is not None:
        return link.target
    media = next(iter(text_media.of(world, link.text_sid or "")), None)
    if media is None:
        return None
    path = f"/2010-04-01/Accounts/{media.account_sid}/Messages/{media.text_sid}/Media/{media.sid}"
    return f"{others}api.twilio.com{path}"


async def lead_on(send: Send, target: str) -> None:
    """Answer with where it is."""
    headers = [(b"location", target.encode()), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 307, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
