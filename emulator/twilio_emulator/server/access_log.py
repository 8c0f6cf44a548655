"""A log of requests, for who asks for it: what was asked, what was answered, how long that took.

Queries are left out, since they may hold secrets. The journal holds everything else.
"""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from twilio_emulator.wire.immediate import AnswerNow, Later, Shown, WholeAnswer

log = logging.getLogger("emulator.access")


class Logged:
    """An application whose requests are logged, a line each.

    Args:
        app: the application.
        answer_now: the same for requests that need no waiting.
    """

    def __init__(self, app: ASGIApp, answer_now: AnswerNow) -> None:
        self._app = app
        self._answer_now = answer_now

    def answer_now(self, shown: Shown) -> WholeAnswer | Later | None:
        """The answer to a request that needs no waiting, or the rest of another."""
        begun = time.perf_counter()
        answer = self._answer_now(shown)
        if answer is None:
            return None
        if not isinstance(answer, WholeAnswer):
            return Logged(answer, self._answer_now)
        host = shown.headers.get(b"host", b"")
        _write(shown.method, host, shown.path, str(answer.status), begun)
        return answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        said = "no answer"

        async def listen(message: Message) -> None:
            nonlocal said
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                said = str(message["status"])
            elif message["type"] == "websocket.accept":
                said = "connected"
            await send(message)

        try:
            await self._app(scope, receive, listen)
        finally:
            host = next((value for name, value in scope["headers"] if name == b"host"), b"")
            path = scope["raw_path"].decode("latin-1")
            _write(scope.get("method", "WebSocket"), host, path, said, begun)


def _write(method: str, host: bytes, path: str, said: str, begun: float) -> None:
    milliseconds = (time.perf_counter() - begun) * 1000
    where = f"{host.decode('latin-1')}{path}"
    shown = "".join(each if each.isprintable() else "?" for each in where)
    log.info("%s %s %s %.1f ms", method, shown, said, milliseconds)
