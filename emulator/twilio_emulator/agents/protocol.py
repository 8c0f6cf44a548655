"""The tools by the Model Context Protocol, as the official package `mcp` speaks it.

Only this file knows that package, which comes with the extra `mcp`.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import httpx2
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp_types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    TextContent,
    ToolAnnotations,
)
from mcp_types import Tool as ShownTool
from starlette.types import ASGIApp, Receive, Scope, Send

from twilio_emulator.agents.tools import INSTRUCTIONS, Tool, WrongArguments, told, tools
from twilio_emulator.settings import VERSION

CONTROL = "/_emulator/v1"
PATIENCE = httpx2.Timeout(700.0, connect=10.0)
"""Seconds; no call of the control API waits longer than ten minutes."""


def server(document: Mapping[str, Any], client: httpx2.AsyncClient, url: str) -> Server[Any]:
    """A server of the protocol.

    Args:
        document: the OpenAPI document of the emulator that the client calls.
        url: what programs reach it at.
    """
    known = {tool.name: tool for tool in tools(document)}
    shown = [_shown(tool) for tool in known.values()]

    async def list_tools(context: object, parameters: object) -> ListToolsResult:
        return ListToolsResult(tools=shown)

    async def call_tool(context: object, parameters: CallToolRequestParams) -> CallToolResult:
        tool = known.get(parameters.name)
        if tool is None:
            said = f"there is no tool {parameters.name[:100]}, but {', '.join(known)}"
            return _result(said, is_error=True)
        return await _called(tool, parameters.arguments or {}, client)

    return Server(
        "twilio-emulator",
        version=VERSION,
        instructions=INSTRUCTIONS.format(url=url),
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def _called(
    tool: Tool, arguments: Mapping[str, Any], client: httpx2.AsyncClient
) -> CallToolResult:
    try:
        request = tool.request(arguments)
        answer = await client.request(
            request.method,
            f"{CONTROL}{request.path}",
            params=request.query,
            content=request.content,
            headers={"content-type": request.content_type} if request.content_type else {},
        )
    except WrongArguments as wrong:
        return _result(str(wrong), is_error=True)
    except httpx2.TransportError as error:
        reason = str(error) or type(error).__name__
        return _result(f"no emulator answers at {client.base_url}: {reason}", is_error=True)
    is_error = answer.status_code >= 400
    return _result(told(answer.status_code, answer.content), is_error=is_error)


def _result(text: str, *, is_error: bool = False) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=text)], is_error=is_error)


def _shown(tool: Tool) -> ShownTool:
    return ShownTool(
        name=tool.name,
        description=tool.description,
        input_schema=tool.schema,
        annotations=ToolAnnotations(
            read_only_hint=tool.method == "GET",
            destructive_hint=tool.method == "DELETE" or tool.name == "reset_account",
            open_world_hint=False,
        ),
    )


async def serve_stdio(document: Mapping[str, Any], url: str) -> None:
    """Serve on standard input and output, until the input ends.

    Args:
        document: the OpenAPI document of the emulator at `url`.
    """
    async with (
        httpx2.AsyncClient(base_url=url, timeout=PATIENCE, trust_env=False) as client,
        stdio_server() as (reading, writing),
    ):
        own = server(document, client, url)
        await own.run(reading, writing, own.create_initialization_options())


class AgentSessions:
    """Serves over HTTP, each request for itself: nothing is kept between them.

    Args:
        app: the emulator as an application.
        document: its OpenAPI document.
        url: what programs reach it at.
    """

    def __init__(self, app: ASGIApp, document: Mapping[str, Any], url: str) -> None:
        transport = httpx2.ASGITransport(app)
        self._client = httpx2.AsyncClient(
            transport=transport, base_url="http://localhost", timeout=PATIENCE
        )
        self._manager = StreamableHTTPSessionManager(
            server(document, self._client, url), json_response=True, stateless=True
        )
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Have the task in which requests are answered."""
        started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._serving = asyncio.create_task(self._serve(lambda: started.set_result(None)))
        await started

    async def _serve(self, started: Callable[[], None]) -> None:
        async with self._client, self._manager.run():
            started()
            await asyncio.Event().wait()

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self._manager.handle_request(scope, receive, send)

    async def close(self) -> None:
        """End what is still answered."""
        if self._serving is not None:
            self._serving.cancel()
            with suppress(asyncio.CancelledError):
                await self._serving
