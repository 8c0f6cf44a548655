"""Where coding agents come in over HTTP: the Model Context Protocol at `/_emulator/mcp`.

Nothing of it is there before somebody asks: the protocol's package is large, and most runs have no
agent.
"""

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.types import ASGIApp, Receive, Scope, Send

from twilio_emulator.control.front import Front, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from twilio_emulator.agents.protocol import AgentSessions

PATH = "/_emulator/mcp"
NOT_INSTALLED = 'agents need the extra: pip install "twilio-emulator[mcp]"'


class NotInstalled(Exception):
    """The protocol's package is not there. The text is one line."""


class AgentsDoor:
    """The protocol over HTTP.

    Args:
        app: the emulator as an application, which the tools call.
        front: says who may call: those who may call the control API.
        document: makes its OpenAPI document.
        url: gives what programs reach us at.
    """

    def __init__(
        self,
        app: ASGIApp,
        front: Front,
        document: "Callable[[], Mapping[str, Any]]",
        url: "Callable[[], str]",
    ) -> None:
        self._app = app
        self._front = front
        self._document = document
        self._url = url
        self._starting: asyncio.Task[AgentSessions] | None = None

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or say why not."""
        admitted = await self._front.admit("/mcp", scope, send)
        if admitted is None:
            return
        if scope["method"] != "POST":
            # The protocol's word for: we have nothing to tell but answers, and no sessions.
            known = f"{PATH} knows POST, not {scope['method']}"
            await say(send, 405, known, (b"allow", b"POST"))
            return
        if self._starting is None:
            self._starting = asyncio.create_task(self._start())
        try:
            sessions = await asyncio.shield(self._starting)
        except NotInstalled as missing:
            self._starting = None
            await say(send, 404, str(missing))
            return

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message["headers"], *admitted]}
            await send(message)

        await sessions.answer(scope, receive, with_headers)

    async def _start(self) -> "AgentSessions":
        # In a thread, so that nobody waits for the import.
        kind = await asyncio.to_thread(_sessions)
        document = msgspec.json.decode(msgspec.json.encode(self._document()))
        sessions = kind(self._app, document, self._url())
        await sessions.start()
        return sessions

    async def close(self) -> None:
        """End what is still answered."""
        if self._starting is not None:
            await (await self._starting).close()


def _sessions() -> "type[AgentSessions]":
    try:
        from twilio_emulator.agents.protocol import AgentSessions
    except ImportError:
        raise NotInstalled(NOT_INSTALLED) from None
    return AgentSessions
