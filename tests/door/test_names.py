"""What the door uses of others that no page of theirs promises: each name, so that a release which
lacks one fails here and says which."""

import inspect
from asyncio import sslproto

import httptools
import pytest
from uvicorn.config import Config
from uvicorn.protocols.http import httptools_impl
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import Server, ServerState
from websockets.protocol import Protocol, State
from websockets.server import ServerProtocol


async def app(*_: object) -> None:
    """Never asked."""


def made(kind: type) -> object:
    config = Config(app, http=HttpToolsProtocol, ws=WebSocketsSansIOProtocol, log_config=None)
    config.load()

    class Loop:
        """Asked for nothing while it is made."""

    return kind(config, ServerState(), {}, Loop())


HTTP = (
    "_get_upgrade",
    "_should_upgrade",
    "_unset_keepalive_if_required",
    "_unsupported_upgrade_warning",
    "app",
    "app_state",
    "client",
    "connection_lost",
    "connections",
    "cycle",
    "data_received",
    "expect_100_continue",
    "flow",
    "handle_websocket_upgrade",
    "headers",
    "loop",
    "on_body",
    "on_header",
    "on_headers_complete",
    "on_message_begin",
    "on_message_complete",
    "on_response_complete",
    "on_url",
    "parser",
    "pipeline",
    "scheme",
    "scope",
    "send_400_response",
    "server",
    "server_state",
    "timeout_keep_alive",
    "timeout_keep_alive_handler",
    "timeout_keep_alive_task",
    "transport",
)
WEBSOCKET = (
    "conn",
    "connection_lost",
    "connections",
    "on_task_complete",
    "run_asgi",
    "send",
    "shutdown",
    "transport",
    "writable",
)


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (made(HttpToolsProtocol), HTTP),
        (made(WebSocketsSansIOProtocol), WEBSOCKET),
        (FlowControl, ("pause_reading", "resume_reading")),
        (ServerState(), ("connections", "default_headers", "tasks", "total_requests")),
        (Server, ("handle_exit", "main_loop", "on_tick", "shutdown", "startup")),
        (Protocol, ("data_to_send", "send_binary", "state")),
        (ServerProtocol, ("accept",)),
        (httptools_impl, ("STATUS_LINE",)),
        (
            httptools.HttpRequestParser,
            ("feed_data", "get_http_version", "get_method", "should_keep_alive", "should_upgrade"),
        ),
        (
            sslproto.SSLProtocol,
            (
                "_on_handshake_complete",
                "_process_outgoing",
                "buffer_updated",
                "get_buffer",
                "max_size",
            ),
        ),
    ],
    ids=lambda value: type(value).__name__ if not inspect.isclass(value) else value.__name__,
)
def test_what_the_door_uses_is_there(owner: object, names: tuple[str, ...]) -> None:
    assert [name for name in names if not hasattr(owner, name)] == []


def test_what_a_cycle_knows() -> None:
    given = inspect.signature(RequestResponseCycle).parameters
    assert {"default_headers", "keep_alive", "on_response", "flow"} <= set(given)
    source = inspect.getsource(RequestResponseCycle.__init__)
    assert "self.response_complete = False" in source
    assert "self.default_headers = default_headers" in source


def test_who_has_gone_is_an_error_of_the_system() -> None:
    """So that what writes to a client ends without a word."""
    assert issubclass(ClientDisconnected, OSError)
    assert State.OPEN in State
