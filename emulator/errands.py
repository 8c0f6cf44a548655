"""What a world asks of the machine: to fetch media, and to bring texts from number to number.

The rules of this file:

- Hearing of an errand starts it and nothing else; what comes of it is a command through the gate.
- Media that is the emulator's own, by whichever address, is taken from where its bytes are kept: an
  app may well send on what it received.
- Limits are the machine's seconds. A clock that is moved on uses them up too.
- What a world still wants after a restart, or after it was put back, is fetched again.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from emulator.core.channels import Channel
from emulator.core.inbound import ReceiveText
from emulator.core.outbound import KeepMedia, LoseMedia, TextReachedNumber
from emulator.core.refusals import Refused
from emulator.core.restoring import WorldRestored
from emulator.core.text_media import LARGEST_IMAGE, MediaFile, MediaWanted
from emulator.core.texts import UNFINISHED, Text
from emulator.core.world import Happened, Origin, Source
from emulator.gate import Gate
from emulator.wire.files import Files

if TYPE_CHECKING:
    import httpx2

PATIENCE = 15.0
"""Seconds that a fetch may take."""

UNREACHABLE = 11200
WRONG_TYPE = 12300
TOO_LARGE = 30019

TYPES = re.compile(
    r"(image|audio|video)/.+|application/(pdf|vcard|rtf)"
    r"|text/(vcard|x-vcard|csv|rtf|richtext|calendar|directory)"
)
"""What Twilio takes (https://www.twilio.com/docs/messaging/guides/accepted-mime-types)."""

_OWN = re.compile(r"/(ME[0-9a-f]{32})(?=[/?.]|$)")

log = logging.getLogger("emulator")


class Fetcher:
    """Fetches media for all accounts, through one HTTP client."""

    def __init__(self) -> None:
        self._client: httpx2.AsyncClient | None = None

    async def fetch(self, url: str) -> tuple[str, bytes] | int:
        """Type and bytes of what is at `url`, or the code of what went wrong."""
        import httpx2

        try:
            async with self._open().stream("GET", url) as response:
                if response.status_code != 200:
                    return UNREACHABLE
                said = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                if not TYPES.fullmatch(said):
                    return WRONG_TYPE
                content = b""
                async for piece in response.aiter_bytes():
                    content += piece
                    if len(content) > LARGEST_IMAGE:
                        return TOO_LARGE
                return said, content
        except (httpx2.HTTPError, httpx2.InvalidURL, ExceptionGroup):
            # A redirect to a port that there cannot be fails in a group.
            return UNREACHABLE

    async def close(self) -> None:
        """Close the HTTP client."""
        if self._client is not None:
            await self._client.aclose()

    def _open(self) -> "httpx2.AsyncClient":
        if self._client is None:
            import httpx2

            self._client = httpx2.AsyncClient(
                trust_env=False,
                timeout=None,
                follow_redirects=True,
                headers={"User-Agent": "TwilioProxy/1.1"},
            )
        return self._client


class Errands:
    """The errands of one account.

    Args:
        gate: the door to its world.
        files: where bytes are kept.
        fetcher: fetches media.
    """

    def __init__(self, gate: Gate, files: Files, fetcher: Fetcher) -> None:
        self._gate = gate
        self._files = files
        self._fetcher = fetcher
        self._tasks: set[asyncio.Task[None]] = set()
        self._limits: set[asyncio.Timeout] = set()
        self._hearing: dict[type, Callable[[Any], Coroutine[Any, Any, None]]] = {
            MediaWanted: self._fetch,
            TextReachedNumber: self._bring,
        }
        files.follow(gate.world)
        gate.world.listeners.append(self._hear, (WorldRestored, *self._hearing))

    @property
    def busy(self) -> bool:
        """Whether an errand is under way."""
        return bool(self._tasks)

    async def settled(self) -> None:
        """Wait until no errand is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def advanced(self, seconds: float) -> None:
        """Virtual time has passed: fetches whose limit it exceeds end."""
        for limit in self._limits:
            limit.reschedule((limit.when() or 0.0) - seconds)

    async def close(self) -> None:
        """Break off what is under way, and hear no more."""
        self._gate.world.listeners.remove(self._hear)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def resume(self) -> None:
        """Fetch what texts still wait for. Needs a running loop."""
        world = self._gate.world
        for media in world.text_media:
            text = world.texts.get(media.text_sid)
            if media.content_type is None and text is not None and text.status in UNFINISHED:
                self._begin(self._fetch(MediaWanted(media=media)))

    def _hear(self, happened: Happened) -> None:
        if isinstance(happened.event, WorldRestored):
            self.resume()
        else:
            self._begin(self._hearing[type(happened.event)](happened.event))

    def _begin(self, errand: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._try(errand))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, errand: Coroutine[Any, Any, None]) -> None:
        try:
            await errand
        except Refused:
            return  # what it was for is gone meanwhile; the gate has noted it
        except Exception:
            log.exception("an errand failed")

    async def _fetch(self, wanted: MediaWanted) -> None:
        media = wanted.media
        outcome = self._own(media) or await self._fetched(media.url or "")
        if isinstance(outcome, int):
            await self._gate.perform(LoseMedia(media=media.sid, error_code=outcome))
        else:
            content_type, content = outcome
            with self._files.keeping() as keep:
                wish = KeepMedia(
                    media=media.sid,
                    content_type=content_type,
                    size=len(content),
                    digest=keep(content),
                )
                await self._gate.perform(wish)

    async def _fetched(self, url: str) -> tuple[str, bytes] | int:
        try:
            async with asyncio.timeout(PATIENCE) as limit:
                self._limits.add(limit)
                try:
                    return await self._fetcher.fetch(url)
                finally:
                    self._limits.discard(limit)
        except TimeoutError:
            return UNREACHABLE

    def _own(self, media: MediaFile) -> tuple[str, bytes] | None:
        """Media that is kept here already."""
        found = _OWN.search(media.url or "")
        if found is None:
            return None
        world = self._gate.world
        known = world.text_media.get(found[1]) or world.media.get(found[1])
        if known is None or known.digest is None or known.content_type is None:
            return None
        content = self._files.read(known.digest)
        return None if content is None else (known.content_type, content)

    async def _bring(self, reached: TextReachedNumber) -> None:
        text = reached.text
        await self._gate.perform(ReceiveText(text=text.sid), Origin(source=_source(text)))


def _source(text: Text) -> Source:
    return Source.WHATSAPP if text.channel is Channel.WHATSAPP else Source.SMS
