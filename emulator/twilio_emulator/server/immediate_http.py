"""HTTP for requests that need no waiting: answered the moment they are there, in one write.

Most calls only look something up or change the world, which never waits. uvicorn gives each
request a task, an event and two writes, which costs more than such a call itself. So a request
whose body is small is first shown to the application as it is. Whatever the application does not
answer at once goes on as ever, by uvicorn and ASGI, with what it has begun to do where it has.
"""

import asyncio
import logging
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.server import ServerState

from twilio_emulator.server.forward_proxy import Http
from twilio_emulator.wire.hosts import ProxyRules
from twilio_emulator.wire.immediate import AnswerNow, Later, Shown, WholeAnswer

logger = logging.getLogger(__name__)

OUR_FAULT: Final = WholeAnswer(
    500, b"content-type: text/plain; charset=utf-8\r\n", b"A fault of ours: our log says more.\n"
)
LARGEST_BODY: Final = 64 * 1024  # bytes; larger ones are read as they come


class Counter(Http):
    """HTTP that answers over the counter what can be answered there."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        loop: asyncio.AbstractEventLoop,
        rules: ProxyRules,
        answer_now: AnswerNow | None,
    ) -> None:
        super().__init__(config, server_state, app_state, loop, rules)
        self._answer_now = answer_now
        self._held: bytearray | None = None
        self._idle_since: float | None = None

    def on_message_begin(self) -> None:
        """Begin to collect a request; its scope is made when uvicorn is to have it."""
        self._idle_since = None
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        """Hold the request until its body is there, unless it is one for uvicorn."""
        self._look_at_head()
        if self._may_be_answered_now():
            self._held = bytearray()
        else:
            self._begin()

    def on_body(self, body: bytes) -> None:
        """Collect the body of a request that is held."""
        if self._held is None:
            super().on_body(body)
            return
        self._head = 0
        self._held += body
        if len(self._held) > LARGEST_BODY:
            self._hand_over()

    def on_message_complete(self) -> None:
        """Answer the request that is held."""
        if self._held is not None and self._answer_now is not None:
            path, _, query = self.url.partition(b"?")
            shown = Shown(
                self.parser.get_method().decode("ascii"),
                self.scheme or "http",
                path.decode("latin-1"),
                query,
                dict(self.headers),
                bytes(self._held),
            )
            try:
                answer = self._answer_now(shown)
            except Exception:
                logger.exception("%s %s failed", shown.method, shown.path)
                answer = OUR_FAULT
            if isinstance(answer, WholeAnswer):
                self._held = None
                self._write(answer)
                return
            self._hand_over(answer)
        super().on_message_complete()

    def _may_be_answered_now(self) -> bool:
        """Whether nothing else is under way, and the request is of the plainest kind."""
        return (
            self._answer_now is not None
            and self._is_free()
            and not self.pipeline
            and not self.flow.write_paused
            and not self.expect_100_continue
            and not self.parser.should_upgrade()
            and self.url.startswith(b"/")
            and b"#" not in self.url
        )

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
        super().on_headers_complete()

    def _write(self, answer: WholeAnswer) -> None:
        keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        self.transport.write(
            b"%b%b%bcontent-length: %d\r\n%b\r\n%b"
            % (
                STATUS_LINE[answer.status],
                _lines(self.server_state.default_headers),
                answer.lines,
                len(answer.body),
                b"" if keep_alive else b"connection: close\r\n",
                b"" if self.parser.get_method() == b"HEAD" else answer.body,
            )
        )
        if not keep_alive:
            self.transport.close()
        self.server_state.total_requests += 1
        if self.timeout_keep_alive_task is None and keep_alive:
            self._await_next()
        self._idle_since = self.loop.time()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request, when uvicorn has answered one."""
        super()._unset_keepalive_if_required()
        super().on_response_complete()
        self._idle_since = self.loop.time()

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

    def _unset_keepalive_if_required(self) -> None:
        # Something has come. A timer costs more than to look, when it fires, how long that is ago.
        self._idle_since = None

    def _await_next(self, seconds: float | None = None) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            self.timeout_keep_alive if seconds is None else seconds,
            self.timeout_keep_alive_handler,
        )


_rendered: tuple[object, bytes] = (None, b"")


def _lines(headers: list[tuple[bytes, bytes]]) -> bytes:
    """uvicorn's own headers, Date and Server, as lines; it makes a new list every second."""
    global _rendered
    if _rendered[0] is not headers:
        _rendered = (headers, b"".join(b"%b: %b\r\n" % header for header in headers))
    return _rendered[1]
