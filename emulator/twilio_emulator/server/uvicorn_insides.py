"""What leans on the insides of uvicorn: the one file that uses names which no page of its promises.

The rules of this file:

- No other file of the package imports uvicorn. `tests/door/test_names.py` lists every name of its
  that is used here, and says which one a release lacks.
- What can be said without uvicorn stands elsewhere: how much of a request is read, what absolute
  form means, how an answer is written.
- What cannot be read is refused with one line and the end of the connection, after the answers
  that are under way. A fault of ours is never somebody's bad HTTP: it is a 500, and in our log.
"""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Coroutine, Sequence
from types import FrameType
from typing import Any, cast

import httptools
import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.utils import ClientDisconnected, get_local_addr, get_remote_addr
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.protocol import OPEN

from twilio_emulator.runtime import background, shortage
from twilio_emulator.runtime.holds import Holds
from twilio_emulator.sdk.twilsock.websocket import CUT, SEND_ALL
from twilio_emulator.server import garbage, immediate_http, request_bounds
from twilio_emulator.server.forward_proxy import FORWARD, AbsoluteForm, read_absolute_form
from twilio_emulator.server.immediate_http import LARGEST_BODY
from twilio_emulator.server.request_bounds import (
    LARGEST_HEAD,
    UnreadableRequest,
    check_head,
    long_head,
    not_http,
)
from twilio_emulator.wire.hosts import ProxyRules
from twilio_emulator.wire.immediate import AnswerNow, Later, WholeAnswer, shown

GRACE = 3
"""Seconds that requests under way have to end after a signal."""

BACKLOG = 2048
"""Connections that may wait for us, as many as uvicorn lets wait."""

AT_A_TIME = 16
"""Connections that asyncio accepts in one go; without a descriptor it tries, and complains, as
often as that."""

OF_UPGRADES = frozenset((b"upgrade", b"http2-settings"))
"""Headers without which a request does not ask to upgrade."""

OF_BODIES = frozenset((b"content-length", b"transfer-encoding"))
"""Headers of a request that has a body."""

log = logging.getLogger("twilio_emulator")
logger = logging.getLogger(__name__)

Work = Callable[[], Coroutine[None, None, None]]


class NewConnection(asyncio.Protocol):
    """What uvicorn makes for every connection, as its `http=` says.

    Attributes:
        connections: what uvicorn waits for when it shuts down; each has a `shutdown()`.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        self.loop = _loop or asyncio.get_running_loop()
        self.connections: set[Any] = server_state.connections
        self._given = config, server_state, app_state

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast(asyncio.Transport, transport)

    @property
    def listening(self) -> tuple[str, int | None] | None:
        """The address that the connection came to."""
        return get_local_addr(self.transport)

    @property
    def caller(self) -> tuple[str, int] | None:
        """The address that it came from."""
        return get_remote_addr(self.transport)

    def http(self, rules: ProxyRules, answer_now: AnswerNow | None) -> "Http":
        """The HTTP that a connection can be given to."""
        return Http(*self._given, self.loop, rules, answer_now)


class Http(HttpToolsProtocol):
    """uvicorn's HTTP, with bounds, which answers at once where it can, and takes a target in
    absolute form.

    Host and scheme are then those of the target (RFC 9112 section 3.2.2). Where it is neither
    Twilio's nor ours, `scope["extensions"][FORWARD]` holds its `origin`, and a `refusal` or None.
    """

    elsewhere = False

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop,
        rules: ProxyRules,
        answer_now: AnswerNow | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, loop)
        self._rules = rules
        self._answer_now = answer_now
        self._held: bytearray | None = None
        self._is_plain = False  # a request to upgrade to what we do not speak
        self._head = 0  # bytes since the last head or piece of a body
        self._idle_since: float | None = None
        self._last_words: bytes | None = None

    def data_received(self, data: bytes) -> None:
        """Read what came."""
        if self._last_words is not None:
            return  # nothing is read any more
        self._idle_since = None
        self._head += len(data)
        rest: bytes | None = data
        while rest is not None:
            rest = self._feed(rest)

    def _feed(self, data: bytes) -> bytes | None:
        """Read what came, or its beginning; the rest is what has to be read then."""
        try:
            self.parser.feed_data(data)
            if self._head > LARGEST_HEAD:
                raise long_head()
        except httptools.HttpParserUpgrade as stopped:
            if self._is_plain:
                return self._without_upgrade(data[stopped.args[0] :])
            self.handle_websocket_upgrade()
        except httptools.HttpParserCallbackError as error:
            self._refuse(error.__context__ or error)  # raised below
        except httptools.HttpParserError:
            self._refuse(not_http())
        except UnreadableRequest as error:
            self._refuse(error)
        return None

    def _without_upgrade(self, rest: bytes) -> bytes:
        """A request as if it did not ask to upgrade, and what came behind its head.

        The parser ends such a request where its head ends. Java's client asks so for HTTP/2 in
        clear, with a body behind it (RFC 9113 section 3.1 has done away with that). What is given
        back has one head less that asks, so this comes to an end.
        """
        method, version = self.parser.get_method(), self.parser.get_http_version()
        lines = [b"%s %s HTTP/%s" % (method, self.url, version.encode())]
        lines += [b"%s: %s" % header for header in self.headers if header[0] not in OF_UPGRADES]
        self._is_plain = False
        # A parser makes nothing of what is behind the last request, which this was to the old one.
        self.parser = httptools.HttpRequestParser(self)
        self.parser.set_dangerous_leniencies(lenient_data_after_close=True)
        return b"\r\n".join((*lines, b"", b"")) + rest

    def on_message_begin(self) -> None:
        """Begin to collect a request; its scope is made when uvicorn is to have it."""
        if self._last_words is not None:
            raise UnreadableRequest(400, "A request before it was to be the last.")
        self._idle_since = None
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        """Hold the request until its body is there, unless it is one for uvicorn."""
        size, self._head = self._head, 0
        check_head(self.url, self.headers, size)
        if self.parser.should_upgrade():
            self._meet_upgrade()
        elif self._may_be_answered_now():
            self._held = bytearray()
        else:
            self._begin()

    def _meet_upgrade(self) -> None:
        """Begin a WebSocket; any other request goes on as if it did not ask to upgrade (RFC 9110
        section 7.8), though the parser takes it to end here."""
        if self.parser.get_method() == b"CONNECT":  # to the parser it is one, too
            raise UnreadableRequest(400, "CONNECT has to be the first request of a connection.")
        self._is_plain = not self._is_for_websocket()
        if not self._is_plain:
            self._begin()

    def _is_for_websocket(self) -> bool:
        """Whether a WebSocket is asked for as RFC 6455 section 4.1 says, of us, and with no answer
        under way, which it would break into."""
        return (
            super()._should_upgrade()
            and self.parser.get_method() == b"GET"
            and self.parser.get_http_version() == "1.1"
            and not any(name in OF_BODIES for name, _ in self.headers)
            and self._is_free()
            and (self.url.startswith(b"/") or self._is_ours(read_absolute_form(self.url)))
        )

    def _is_ours(self, target: AbsoluteForm) -> bool:
        return self._rules.serves(target.host, target.port, listening=self.server)

    def on_body(self, body: bytes) -> None:
        """Collect the body of a request that is held; let uvicorn have any other."""
        self._head = 0
        if self._held is None:
            super().on_body(body)
            return
        self._held += body
        if len(self._held) > LARGEST_BODY:
            self._hand_over()

    def on_message_complete(self) -> None:
        """Answer the request that is held."""
        if self._is_plain:
            return
        if self._held is not None and self._answer_now is not None:
            path, _, query = self.url.partition(b"?")
            request = shown(
                (
                    self.parser.get_method().decode("ascii"),
                    self.scheme or "http",
                    path.decode("latin-1"),
                    query,
                    dict(self.headers),
                    bytes(self._held),
                )
            )
            answer = immediate_http.answer(self._answer_now, request)
            if isinstance(answer, WholeAnswer):
                self._held = None
                self._write(answer)
                return
            self._hand_over(answer)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, when uvicorn has answered one; or say, after the last
        answer, why nothing more is read."""
        super()._unset_keepalive_if_required()
        is_last = not self.pipeline
        super().on_response_complete()
        self._idle_since = self.loop.time()
        if self._last_words is not None and is_last:
            self._hang_up(self._last_words)

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection, if nothing has come for as long as that."""
        self.timeout_keep_alive_task = None
        if self._idle_since is None or self.transport.is_closing():
            return
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if left > 0:
            self._await_next(left)
        else:
            super().timeout_keep_alive_handler()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        super()._unset_keepalive_if_required()
        super().connection_lost(exc)
        garbage.let_go(self.transport)

    def _unset_keepalive_if_required(self) -> None:
        # Something has come. A timer costs more than to look, when it fires, how long that is ago.
        self._idle_since = None

    def _await_next(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )

    def _may_be_answered_now(self) -> bool:
        """Whether nothing else is under way, and the request is of the plainest kind."""
        cycle: RequestResponseCycle | None = self.cycle
        return (
            self._answer_now is not None
            and (cycle is None or cycle.response_complete)
            and not self.flow.write_paused
            and not self.expect_100_continue
            and self.url.startswith(b"/")
            and b"#" not in self.url
        )

    def _is_free(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle  # it is None before the first request
        return cycle is None or cycle.response_complete

    def _write(self, answer: WholeAnswer) -> None:
        keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        self.transport.write(
            immediate_http.written(
                answer,
                self.server_state.default_headers,
                keep_alive=keep_alive,
                is_head=self.parser.get_method() == b"HEAD",
            )
        )
        if not keep_alive:
            self._last_words = b""
            self.transport.close()
        self.server_state.total_requests += 1
        if self.timeout_keep_alive_task is None and keep_alive:
            self._await_next(self.timeout_keep_alive)
        self._idle_since = self.loop.time()

    def _hand_over(self, app: Later | None = None) -> None:
        """Let uvicorn have the request, with what came of its body, for `app` to answer."""
        body, self._held = self._held, None
        usual = self.app
        if app is not None:
            self.app = app  # uvicorn gives it to the task that it makes now
        try:
            self._begin()
        finally:
            self.app = usual
        if body:
            super().on_body(bytes(body))

    def _begin(self) -> None:
        """Let uvicorn begin the request whose headers are there."""
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        self.elsewhere = False
        if not url.startswith((b"/", b"*")):
            self._read_absolute_form()
        try:
            super().on_headers_complete()
        except httptools.HttpParserInvalidURLError:
            raise not_http() from None
        if self.elsewhere:
            self.cycle.default_headers = []  # whoever answers says Date and Server

    def _read_absolute_form(self) -> None:
        target = read_absolute_form(self.url)
        self.url = target.resource
        self.headers[:] = [
            (b"host", target.authority.encode()),
            *(header for header in self.headers if header[0] != b"host"),
        ]
        self.scope["scheme"] = target.scheme
        if not self._is_ours(target):
            self.elsewhere = True
            refusal = self._rules.refusal(self.client)
            forward: dict[object, object] = {"origin": target.origin, "refusal": refusal}
            self.scope["extensions"] = {FORWARD: forward}

    def _refuse(self, error: BaseException) -> None:
        """Answer a request that cannot be read, after those before it, and end the connection."""
        if not isinstance(error, UnreadableRequest):
            logger.error("a request could not be dealt with", exc_info=error)
            error = UnreadableRequest(500, "A fault of ours: our log says more.")
        else:
            logger.warning("not read: %s", error)
        words = request_bounds.last_words(error.status, str(error))
        is_waited_for = not self._is_free()
        if is_waited_for and self.cycle.more_body:  # it is this one's body
            if self.pipeline:
                self.pipeline.popleft()
            else:
                is_waited_for = False
                words = b"" if self.cycle.response_started else words
        if is_waited_for:
            self._last_words = words
        else:
            self._hang_up(words)

    def _hang_up(self, words: bytes) -> None:
        self._last_words = words
        transport = self.transport
        if transport.is_closing():
            return
        transport.write(words)
        if not transport.can_write_eof():  # as inside TLS
            transport.close()
            return
        # Who is still sending would have the words taken away by a reset.
        transport.write_eof()
        self.flow.resume_reading()
        self.loop.call_later(request_bounds.LINGERS, transport.abort)


class WebSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket, which a shutdown may find about to close, which can be cut off, and
    which sends several messages in one piece.

    A client that has stopped reading could else keep what is unsent, and its socket, for ever.
    """

    lost = False

    # Releases of uvicorn before 0.53 do none of these three.

    def pause_writing(self) -> None:
        """Let nobody send: the client reads more slowly than that."""
        self.writable.clear()

    def resume_writing(self) -> None:
        """Let everybody send again."""
        self.writable.set()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go whoever waits for room to send: there will be none."""
        self.lost = True
        super().connection_lost(exc)
        self.writable.set()
        garbage.let_go(self.transport)

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Cut off a client whose application has failed in a way that uvicorn did not see."""
        super().on_task_complete(task)
        if background.has_failed(task, "a WebSocket"):
            self.transport.abort()

    async def run_asgi(self) -> None:
        """Run the application, which finds in its scope what else it can do with a connection."""
        extensions = cast(dict[str, Any], self.scope["extensions"])
        extensions[CUT] = self.transport.abort
        extensions[SEND_ALL] = self.send_all
        await super().run_asgi()

    async def send(self, message: Any) -> None:
        """Send a message, once there is room for it.

        Raises:
            ClientDisconnected: the client has gone; some releases say so in other ways.
        """
        await self.writable.wait()
        if self.lost:
            raise ClientDisconnected
        await super().send(message)

    async def send_all(self, messages: Sequence[bytes]) -> None:
        """Send binary messages in one piece, once there is room for it.

        Raises:
            ClientDisconnected: the client has gone.
        """
        await self.writable.wait()
        if self.lost or self.conn.state is not OPEN:
            raise ClientDisconnected
        for message in messages:
            self.conn.send_binary(message)
        self.transport.write(b"".join(self.conn.data_to_send()))

    def shutdown(self) -> None:
        """Say goodbye, unless the client did."""
        # uvicorn's own raises InvalidState then, which would end the server's shutdown halfway.
        if not self.transport.is_closing():
            super().shutdown()


class Uvicorn(uvicorn.Server):
    """uvicorn's server, with something to begin with, and which lets long polls end when it stops.

    Args:
        app: answers.
        door: meets every connection.
        loop: which event loop.
        begin: what to do as soon as requests are answered.
        end: what to do when no more are.
        holds: is told how late this wakes.
    """

    def __init__(
        self,
        app: ASGIApp,
        door: type[NewConnection],
        loop: str,
        begin: Work,
        end: Work,
        holds: Holds,
    ) -> None:
        config = Config(
            app,
            http=door,
            ws=WebSocket,
            # Frames are small and stay near: to compress them would only cost.
            ws_per_message_deflate=False,
            lifespan="on",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            loop=loop,
            workers=1,
            backlog=AT_A_TIME,
            timeout_graceful_shutdown=GRACE,
        )
        super().__init__(config)
        self._begin = begin
        self._end = end
        self._holds = holds
        self.gave_up = False
        """Whether it ended because it could not begin."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer requests."""
        asyncio.get_running_loop().set_exception_handler(self._note)
        await super().startup(sockets)
        for each in sockets or ():
            each.listen(BACKLOG)
        self._beginning = background.begin(self._begin(), "the start", self._give_up)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to end."""
        time = asyncio.get_running_loop().time
        woke = time()
        self._holds.woke(woke)
        garbage.look()
        if counter % 10 == 0:
            shortage.look()
        ends = await super().on_tick(counter)
        self._holds.sleeps(time(), woke)
        return ends

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what was asked, and no more; nobody who does not go home keeps it from ending."""
        self._beginning.cancel()
        try:
            await asyncio.wait_for(self._end(), GRACE)
        except TimeoutError:
            log.error("Not everything had ended %d s after it was told to", GRACE)
        await super().shutdown(sockets)

    def _note(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Tell what went wrong in the loop, as ever but for descriptors that it could not have:
        asyncio tries again every second, and even when it listens no more."""
        if shortage.is_one(context.get("exception")):
            shortage.say()
        elif not (self.should_exit and "_start_serving" in context["message"]):
            loop.default_exception_handler(context)

    def _give_up(self) -> None:
        self.gave_up = self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End at a signal. It is not raised again: whoever sent it got what they wanted."""
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        self.should_exit = True
