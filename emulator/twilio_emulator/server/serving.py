"""Serves an emulator on a port: in the foreground until a signal, or in a thread of its own."""

import logging
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from functools import cached_property
from ipaddress import ip_address
from types import TracebackType
from typing import TYPE_CHECKING, Self

from starlette.types import ASGIApp

from twilio_emulator.control import accounts
from twilio_emulator.control.exchange import Mistaken
from twilio_emulator.server.app import Server
from twilio_emulator.server.forward_proxy import Forwarding
from twilio_emulator.server.listener import Door
from twilio_emulator.server.tls_authority import Authority, AuthorityError, default_directory
from twilio_emulator.server.uvicorn_insides import BACKLOG, GRACE, Uvicorn
from twilio_emulator.settings import TWILIO_HOSTS, Settings
from twilio_emulator.wire.hosts import address_of

if TYPE_CHECKING:
    from twilio_emulator.scenarios.player.report import Narrator, Report

LAST_GRACE = 4 * GRACE
"""Seconds after which a thread that still serves is left behind, and the log says where it was."""

LOCALHOST = frozenset(("127.0.0.1", "::1", "0.0.0.0", "::"))

log = logging.getLogger("twilio_emulator")


class CannotServe(Exception):
    """There is no serving here. The text is one line, meant for the user."""


class Serving:
    """An emulator with its port, which is taken when this is made.

    Args:
        settings: how it runs.
        environment: says where the user's state directory is.

    Raises:
        CannotServe: the port is not to be had.
        InvalidSetting: a number of the default account is not a valid one.
        Faulty: a scenario of the start cannot be played.

    Attributes:
        reports: what became of the scenarios of the start.
    """

    def __init__(self, settings: Settings, environment: Mapping[str, str]) -> None:
        self.settings = settings
        self.authority = Authority(settings.authority or default_directory(environment))
        self.server = Server(settings, self._certificate)
        self._socket = _bound(settings.host, settings.port)
        self._address, self.port = self._socket.getsockname()[:2]
        self.server.listening.served = self.url
        self.server.kept = self.authority.directory / "trust"
        self.server.listening.everywhere = ip_address(self._address).is_unspecified
        self._thread: threading.Thread | None = None
        self._begun = threading.Event()
        self.reports: list[Report] = []

    @property
    def default_account(self) -> accounts.ShownAccount:
        """The default account as the control API shows it."""
        return accounts.look(self.server.worlds, self.server.worlds.default)

    @property
    def url(self) -> str:
        """The address for people: `http://localhost:8008`."""
        return f"http://{address_of(_shown(self.settings.host), self.port)}"

    @property
    def local_url(self) -> str:
        """The address for programs on this machine, which has no name to be looked up."""
        address = ip_address(self._address)
        if address.is_unspecified:
            address = ip_address("127.0.0.1" if address.version == 4 else "::1")
        return f"http://{address_of(str(address), self.port)}"

    @cached_property
    def _uvicorn(self) -> Uvicorn:
        own = self.settings.public_url
        app: ASGIApp = Forwarding(self.server)
        answer_now = self.server.answer_now
        if self.settings.access_log:
            from twilio_emulator.server.access_log import Logged  # most runs log nothing

            app = logged = Logged(app, answer_now)
            answer_now = logged.answer_now
        door = Door.configured(
            authority=self.authority,
            proxy_only_twilio=self.settings.proxy_only_twilio,
            own_addresses=() if own in (None, TWILIO_HOSTS) else (own.partition("://")[2],),
            answer_now=answer_now,
        )
        ends = self.server.end
        return Uvicorn(app, door, self.settings.loop, self._begin, ends, self.server.holds)

    def run(self, listening: Callable[[], None], narrator: "Narrator | None" = None) -> None:
        """Serve until SIGINT or SIGTERM.

        Args:
            listening: called when requests are answered.
            narrator: told of the scenarios that are played at the start.

        Raises:
            CannotServe: what happens at the start failed.
        """
        self._listening, self._narrator = listening, narrator
        if self.settings.authority is not None:
            self._publish()
        self._uvicorn.run(sockets=[self._socket])
        if self._uvicorn.gave_up:
            raise CannotServe("what happens at the start failed: the log says why")

    def _publish(self) -> None:
        """Have the certificate where the user has said, before anybody can find us in health."""
        try:
            self.authority.publish()
        except AuthorityError as error:
            log.warning("%s", error)

    def _certificate(self) -> bytes:
        try:
            return self.authority.certificate
        except AuthorityError as error:
            raise Mistaken(str(error), 500) from None

    async def _begin(self) -> None:
        self._listening()
        self.reports = await self.server.stories.begin(self._narrator)
        self._begun.set()

    def close(self) -> None:
        """Give the port back, when nothing is to be served after all."""
        self._socket.close()

    def __enter__(self) -> Self:
        """Serve in a thread, from when the scenarios of the start are over to the end of the `with`
        block.

        Whatever else ends the start, as Ctrl-C or `give_up` from another thread, ends the thread.

        Raises:
            CannotServe: the server ended before it began.
        """

        def serve() -> None:
            try:
                with suppress(CannotServe):
                    self.run(lambda: None)
            finally:
                self._begun.set()

        uvicorn = self._uvicorn  # made here: the thread and who ends it have the same one
        with ExitStack() as unless_it_begins:
            self._thread = threading.Thread(target=serve, name="twilio-emulator", daemon=True)
            self._thread.start()
            unless_it_begins.callback(self._end)
            self._begun.wait()
            if uvicorn.should_exit or not uvicorn.started:
                raise CannotServe("the server ended before it began: its log says why")
            unless_it_begins.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._end()

    def give_up(self) -> None:
        """Have a start in another thread fail soon, whatever its scenarios wait for."""
        self._uvicorn.should_exit = True

    def _end(self) -> None:
        assert self._thread is not None
        self._uvicorn.should_exit = True
        self._thread.join(LAST_GRACE)
        if self._thread.is_alive():
            log.error("The server does not end; it is %s", _whereabouts(self._thread))


def _whereabouts(thread: threading.Thread) -> str:
    """Where a thread is just now, in one line."""
    frame = sys._current_frames().get(thread.ident or 0)
    if frame is None:
        return "over"
    return f"in {frame.f_code.co_qualname}, {frame.f_code.co_filename}:{frame.f_lineno}"


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError as error:
        raise CannotServe(f"host: {host} is no address of this machine: {error.strerror}") from None
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)
    except OSError as error:
        bound.close()
        where = address_of(host, port)
        hint = "; --port takes another one, --port 0 any that is free"
        raise CannotServe(f"cannot listen on {where}: {error.strerror}{hint}") from None
    return bound


def _shown(host: str) -> str:
    """A host as people write it: what localhost reaches is called so."""
    return "localhost" if host in LOCALHOST else host
