"""What a world asks of the machine: to fetch media, and to bring texts from number to number.

The rules of this file:

- Hearing of an errand starts it and nothing else; what comes of it is a command through the gate.
- Media that is the emulator's own, by whichever address, is taken from where its bytes are kept: an
  app may well send on what it received.
- What goes with a text from a phone is fetched before the phone sends, so that whoever reads the
  text can have it; what cannot be had is not sent, and the phone's owner hears why.
- Limits are the machine's seconds. A clock that is moved on uses them up too.
- What a world still wants after a restart, or after it was put back, is fetched again, and so is
  what was put back without its bytes.
"""

import asyncio
import logging
import re
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from twilio_emulator.core.carrier.delivery import KeepMedia, LoseMedia, TextReachedNumber
from twilio_emulator.core.conversations.media import KeepFile, Media, MediaTable
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.restoring import WorldRestored
from twilio_emulator.core.kernel.world import Happened, Origin, Source
from twilio_emulator.core.messaging.inbound import ReceiveText
from twilio_emulator.core.senders.addresses import Channel
from twilio_emulator.core.texts.media import (
    LARGEST_FROM_WHATSAPP,
    LARGEST_IMAGE,
    TYPES_BY_ENDING,
    MediaFile,
    MediaWanted,
    TextMedia,
    ending,
)
from twilio_emulator.core.texts.text import UNFINISHED, Text, Texts
from twilio_emulator.runtime import background
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.runtime.uploads import UNREACHABLE, Fetched, Files, Lost

if TYPE_CHECKING:
    import httpx2

PATIENCE = 15.0
"""Seconds that a fetch may take."""

WRONG_TYPE = 12300
TOO_LARGE = 30019

TYPES = re.compile(
    r"(image|audio|video)/.+|application/(pdf|vcard|rtf)"
    r"|text/(vcard|x-vcard|csv|rtf|richtext|calendar|directory)"
)
"""What Twilio takes (https://www.twilio.com/docs/messaging/guides/accepted-mime-types)."""

FROM_PHONES = re.compile(
    TYPES.pattern + r"|application/(msword|vnd\.[a-z0-9.+-]+)|text/plain", re.IGNORECASE
)
"""What phones send; WhatsApp's documents besides
(https://www.twilio.com/docs/whatsapp/guidance-whatsapp-media-messages)."""

UNTYPED = frozenset({"", "application/octet-stream", "binary/octet-stream"})
"""What servers say of files that they do not know; their ending says more."""

_OWN = re.compile(r"/(ME[0-9a-f]{32})(?=[/?.]|$)")

log = logging.getLogger("twilio_emulator")


def type_for_twilio(said: str, url: str) -> str | None:
    """The type of a file that an app has sent, if Twilio takes it: as its server says."""
    return said if TYPES.fullmatch(said) else None


def type_for_phones(said: str, url: str) -> str | None:
    """The type of a file that a phone sends, if phones do; by its ending where its server does not
    know it."""
    if said in UNTYPED:
        return TYPES_BY_ENDING.get(ending(url))
    return said if FROM_PHONES.fullmatch(said) else None


class Fetcher:
    """Fetches media for all accounts, through one HTTP client."""

    def __init__(self) -> None:
        self._client: httpx2.AsyncClient | None = None

    async def fetch(
        self,
        url: str,
        type_of: Callable[[str, str], str | None] = type_for_twilio,
        most: int = LARGEST_IMAGE,
    ) -> Fetched | Lost:
        """What is at `url`.

        Args:
            type_of: the type of a file by what its server says and by its URL; None to refuse it.
            most: bytes that are taken.
        """
        import httpx2

        try:
            async with self._open().stream("GET", url) as response:
                if response.status_code != 200:
                    return Lost(UNREACHABLE, f"was answered with {response.status_code}")
                said = response.headers.get("content-type", "").partition(";")[0].strip().lower()
                content_type = type_of(said, url)
                if content_type is None:
                    return Lost(WRONG_TYPE, f"is {said or 'of no type'}, which is not taken")
                content = bytearray()
                async for piece in response.aiter_bytes():
                    content += piece
                    if len(content) > most:
                        return Lost(TOO_LARGE, f"is larger than {most} bytes")
                return Fetched(content_type, bytes(content))
        except (httpx2.HTTPError, httpx2.InvalidURL, ExceptionGroup) as error:
            # A redirect to a port that there cannot be fails in a group.
            return Lost(UNREACHABLE, f"cannot be reached ({type(error).__name__})")

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
                # Kept connections may have been closed over there just when they are used again.
                limits=httpx2.Limits(max_keepalive_connections=0),
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
            MediaWanted: self._fetch_wanted,
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
        self._hearing.clear()

    async def take(self, url: str, content_type: str | None, most: int) -> Fetched | Lost:
        """What is at `url`, for a phone to send.

        Args:
            content_type: what it is to be taken for, whatever its server says.
            most: bytes that are taken.
        """

        def type_of(said: str, url: str) -> str | None:
            return content_type or type_for_phones(said, url)

        return self._own(url) or await self._fetched(url, type_of, most)

    def resume(self) -> None:
        """Fetch what texts still wait for, and what has an address but no bytes any more. Needs a
        running loop."""
        world = self._gate.world
        for media in world[TextMedia]:
            text = world[Texts].get(media.text_sid)
            waits = media.content_type is None and text is not None and text.status in UNFINISHED
            if waits or self._is_lost(media):
                self._begin(self._fetch(media))
        for file in world[MediaTable]:
            if self._is_lost(file):
                self._begin(self._fetch(file))

    def _is_lost(self, media: MediaFile | Media) -> bool:
        return bool(media.url and media.digest) and not self._files.has(media.digest or "")

    def _hear(self, happened: Happened) -> None:
        if isinstance(happened.event, WorldRestored):
            self.resume()
        else:
            self._begin(self._hearing[type(happened.event)](happened.event))

    def _begin(self, errand: Coroutine[Any, Any, None]) -> None:
        task = background.begin(_try(errand), "an errand")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _fetch_wanted(self, wanted: MediaWanted) -> None:
        await self._fetch(wanted.media)

    async def _fetch(self, media: MediaFile | Media) -> None:
        try:
            outcome = await self._had(media)
            if isinstance(outcome, Fetched):
                await self._keep(media, outcome)
                return
            code = outcome.code
        except Refused:
            raise
        except Exception:  # or its text would wait for ever
            log.exception("media could not be fetched: %s", media.url)
            code = UNREACHABLE
        if isinstance(media, MediaFile):
            await self._gate.perform(LoseMedia(media=media.sid, error_code=code))

    async def _had(self, media: MediaFile | Media) -> Fetched | Lost:
        url = media.url or ""
        if media.digest is None:
            return self._own(url) or await self._fetched(url)
        # It was taken once.
        return await self.take(url, media.content_type, LARGEST_FROM_WHATSAPP)

    async def _keep(self, media: MediaFile | Media, fetched: Fetched) -> None:
        with self._files.keeping() as keep:
            kind = KeepMedia if isinstance(media, MediaFile) else KeepFile
            wish = kind(
                media=media.sid,
                content_type=fetched.content_type,
                size=len(fetched.content),
                digest=keep(fetched.content),
            )
            await self._gate.perform(wish)

    async def _fetched(
        self,
        url: str,
        type_of: Callable[[str, str], str | None] = type_for_twilio,
        most: int = LARGEST_IMAGE,
    ) -> Fetched | Lost:
        try:
            async with asyncio.timeout(PATIENCE) as limit:
                self._limits.add(limit)
                try:
                    return await self._fetcher.fetch(url, type_of, most)
                finally:
                    self._limits.discard(limit)
        except TimeoutError:
            return Lost(UNREACHABLE, f"did not answer in {PATIENCE:g} seconds")

    def _own(self, url: str) -> Fetched | None:
        """Media that is kept here already."""
        found = _OWN.search(url)
        if found is None:
            return None
        world = self._gate.world
        known = world[TextMedia].get(found[1]) or world[MediaTable].get(found[1])
        if known is None or known.digest is None or known.content_type is None:
            return None
        content = self._files.read(known.digest)
        return None if content is None else Fetched(known.content_type, content)

    async def _bring(self, reached: TextReachedNumber) -> None:
        text = reached.text
        await self._gate.perform(ReceiveText(text=text.sid), Origin(source=_source(text)))


async def _try(errand: Coroutine[Any, Any, None]) -> None:
    with suppress(Refused):  # what it was for is gone meanwhile; the gate has noted it
        await errand


def _source(text: Text) -> Source:
    return Source.WHATSAPP if text.channel is Channel.WHATSAPP else Source.SMS
