"""Joins every surface to the worlds, and gives each request to the one that it is for.

The rules of this file:

- Here and nowhere else surfaces meet: what one needs of another it is handed as a function.
- A request is for the control API by its path, else for a Twilio host by its `Host`, its first
  segment or its path, else for a person who looks for the console.
"""

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.types import Receive, Scope, Send

from twilio_emulator import products
from twilio_emulator.console import files
from twilio_emulator.control.access import LONGEST_HOST, Access
from twilio_emulator.control.front import Front, refuse_socket, say
from twilio_emulator.control.routes import Controls
from twilio_emulator.core.kernel.world import World
from twilio_emulator.products import ServerParts
from twilio_emulator.rest import cors
from twilio_emulator.rest.conversations.media_v1 import TemporaryMedia
from twilio_emulator.rest.messaging import short_links
from twilio_emulator.rest.messaging.short_links import ShortLinkFinder
from twilio_emulator.rest.messaging.text_media import PublicMedia
from twilio_emulator.runtime import numbering
from twilio_emulator.runtime.accounts import Worlds
from twilio_emulator.runtime.holds import Holds
from twilio_emulator.runtime.hosted import Hosted, end
from twilio_emulator.runtime.uploads import Files
from twilio_emulator.sdk.twilsock.admission import Lobby
from twilio_emulator.server import startup_scenarios
from twilio_emulator.server.account_listeners import Listening
from twilio_emulator.server.agents_door import PATH as FOR_AGENTS
from twilio_emulator.server.agents_door import AgentsDoor
from twilio_emulator.server.logins import Logins
from twilio_emulator.server.own_requests import OwnRequests
from twilio_emulator.settings import Settings
from twilio_emulator.wire import requests, twilio_hosts
from twilio_emulator.wire.dispatch import Dispatch
from twilio_emulator.wire.immediate import Later, Shown, WholeAnswer

if TYPE_CHECKING:
    from twilio_emulator.runtime.state_file import StateFile

CONTROL = "/_emulator/v1"


class Server:
    """The emulator as an ASGI application.

    Args:
        settings: how it runs.
        certificate: gives the certificate authority's certificate, in PEM.

    Attributes:
        kept: where files are kept for clients that read ours.

    Raises:
        InvalidSetting: a number of the default account is none, or the state file is not to be had.
        Faulty: a scenario of the start cannot be played.
    """

    def __init__(self, settings: Settings, certificate: Callable[[], bytes]) -> None:
        self.settings = settings
        self.holds = Holds()
        self.kept = Path(tempfile.gettempdir(), "twilio-emulator")
        self.state = _state(settings)
        self.files = Files(None if self.state is None else self.state.files)
        self.dispatch = Dispatch(
            lambda user, password: self.logins.by_password(user, password),
            lambda user: self.logins.gate_of(user),
            [*products.APIS, *products.apis_with_files(self.files)],
            products.REHEARSALS,
            lambda token: self.lobby.log_in(token),
            lambda client_id, secret: self.logins.by_client(client_id, secret),
            lambda token: self.logins.by_bearer(token),
        )
        self.listening = Listening(
            settings, self.files, self.dispatch.forget_logins, products.WEBHOOKS
        )
        is_new = self.state is None or self.state.is_new
        start = startup_scenarios.load(settings.scenarios if is_new else ())
        self.worlds = Worlds(
            settings, numbering, self.listening.join, self.state, startup_scenarios.beginning(start)
        )
        self.logins = Logins(self.worlds)
        for hosted in self.worlds:
            if hosted.start is not None:
                self.files.hold(hosted.world, hosted.start.files)
        self.files.clean()
        self.lobby = Lobby(self.worlds)
        self.stories = startup_scenarios.Stories(self, self.worlds, start, self.files.pin)
        self._temporary_media = TemporaryMedia(self._find_world, self.files)
        self._public_media = PublicMedia(self._find_world, self.files)
        self._short_links = ShortLinkFinder(lambda: (each.world for each in self.worlds))
        self._access = Access(settings.allow_hosts, settings.allow_origins, self._public_urls)
        self._control = self._declare(certificate)

    def _declare(self, certificate: Callable[[], bytes]) -> Front:
        controls = Controls(CONTROL, self._find_hosted)
        parts = ServerParts(
            worlds=self.worlds,
            files=self.files,
            clients=self.lobby.clients,
            forget_logins=self.dispatch.forget_logins,
            certificate=certificate,
            served=lambda: self.listening.served,
            kept=lambda: self.kept,
            is_ready=lambda: self.stories.begun,
            holds=self.holds,
            play=self.stories.play,
            check=self.stories.check,
            record=self.stories.record,
            vocabulary=products.VOCABULARY,
            secrets_of_settings=products.SECRETS_OF_SETTINGS,
            ask=OwnRequests(self.dispatch),
        )
        products.declare_controls(controls, parts)
        front = Front(self._access, controls)

        def document() -> dict[str, Any]:
            from twilio_emulator.control import openapi  # late: few ask

            return openapi.document(controls)

        self._agents = AgentsDoor(self, front, document, lambda: self.listening.served)
        return front

    def _public_urls(self) -> Iterator[str | None]:
        yield self.listening.public_url or self.listening.served
        for hosted in self.worlds:
            yield hosted.public_url

    def _find_hosted(self, account_sid: str | None) -> Hosted | None:
        return self.worlds.default if account_sid is None else self.worlds.of(account_sid)

    def _find_world(self, account_sid: str) -> World | None:
        hosted = self.worlds.of(account_sid)
        return None if hosted is None else hosted.world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the server's life."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            scheme = "https" if scope["scheme"] == "wss" else "http"
            stranger = self._access.stranger(_host(scope))
            if stranger is not None:
                await refuse_socket(scope, receive, send, stranger)
                return
            found = _site(scheme, _host(scope), scope["raw_path"].decode("latin-1"))
            await self.lobby.answer(found, scope, receive, send)
        elif scope["type"] == "lifespan":
            with suppress(asyncio.CancelledError):  # a second Ctrl-C: the server waits for nobody
                await self._live(receive, send)

    async def end(self) -> None:
        """End every wait, so that the server can stop."""
        for hosted in self.worlds:
            await end(hosted)
        await self._agents.close()
        await self.listening.close()
        if self.state is not None:
            self.state.close()

    async def _live(self, receive: Receive, send: Send) -> None:
        while (message := await receive())["type"] != "lifespan.shutdown":
            if self.state is not None:
                self.state.follow()
            for hosted in self.worlds:
                hosted.pace.follow()
                if hosted.resume is not None:
                    hosted.resume()
            await send({"type": f"{message['type']}.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    def answer_now(self, shown: Shown) -> WholeAnswer | Later | None:
        """The answer to a request, or its rest, if it is one for Twilio's REST APIs."""
        method, scheme, path, query, headers, body = shown
        host = headers.get(b"host", b"localhost").decode("latin-1")
        if path.startswith("/_emulator/") or self._access.stranger(host) is not None:
            return None
        found = _site(scheme, host, path)
        if found is None:
            return None
        product, site, path = found
        if product in cors.PRODUCTS or (product == "api" and not path.endswith(".json")):
            return None  # it may be a file that anybody can have
        asked = requests.asked((product, site, path, method, query, headers))
        return self.dispatch.answer_now(asked, body)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["raw_path"].decode("latin-1")
        if path.startswith("/_emulator/"):
            if path == FOR_AGENTS:
                await self._agents.answer(scope, receive, send)
                return
            await self._control.answer(path.removeprefix(CONTROL), scope, receive, send)
            return
        host = _host(scope)
        stranger = self._access.stranger(host)
        if stranger is not None:
            target = self._short_links.find_at_its_host(scope, host, path)
            await (
                say(send, 403, stranger) if target is None else short_links.lead_on(send, target)
            )
            return
        found = _site(scope["scheme"], host, path)
        if found is None:
            file = files.find(scope, path, products.PAGES)
            if file is not None:
                await files.answer(file, scope, send)
                return
            target = self._short_links.find(scope, host, path)
            if target is not None:
                await short_links.lead_on(send, target)
                return
            await say(
                send,
                404,
                f"nothing is at {path}: this is twilio-emulator, whose control API is at {CONTROL} "
                "and which answers for Twilio at /2010-04-01, /v1 and /api.twilio.com",
            )
            return
        product, site, path = found
        if product in cors.PRODUCTS:
            if cors.is_preflight(scope):
                await cors.answer_preflight(scope, receive, send)
                return
            send = cors.open_to_all(send)
        if product == "media":
            await self._temporary_media.answer(path, scope, receive, send)
        elif product == "api" and self._public_media.is_for(scope, path):
            await self._public_media.answer(path, scope, send)
        else:
            await self.dispatch.answer(product, site, path, scope, receive, send)


def _state(settings: Settings) -> "StateFile | None":
    """The file that keeps the accounts, if there is to be one."""
    if settings.state is None:
        return None
    from twilio_emulator.runtime.state_file import StateFile  # most runs keep nothing

    return StateFile(settings.state, settings.seed)


def _site(scheme: str, host: str, path: str) -> tuple[str, twilio_hosts.Site, str] | None:
    """Product, site and the path at the product of a request; None for one not for Twilio."""
    found = twilio_hosts.by_host(scheme, host)
    if found is None:
        first, _, rest = path[1:].partition("/")
        tells = twilio_hosts.telling(first, rest)
        found = twilio_hosts.by_path(scheme, host, tells)  # most of what comes; no host is a path
        if found is None and len(first) <= LONGEST_HOST:
            found = twilio_hosts.by_first_segment(scheme, host, first)
            path = f"/{rest}"
    if found is None:
        return None
    product, site = found
    return product, site, path


def _host(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"host":
            return str(value.decode("latin-1"))
    return "localhost"
