"""What the door uses of others that no page of theirs promises: each name, so that a release which
lacks one fails here and says which."""

import ast
import asyncio
import inspect
from asyncio import sslproto
from typing import cast

import httptools
import pytest
from uvicorn.config import Config
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import Server, ServerState
from websockets.protocol import Protocol, State
from websockets.server import ServerProtocol

from twilio_emulator.server import uvicorn_insides


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


SERVER = (
    "force_exit",
    "handle_exit",
    "main_loop",
    "on_tick",
    "run",
    "should_exit",
    "shutdown",
    "started",
    "startup",
)
FLOW = ("pause_reading", "resume_reading", "write_paused")
STATE = ("connections", "default_headers", "tasks", "total_requests")
CONN = ("data_to_send", "send_binary", "state")
PARSER = (
    "feed_data",
    "get_http_version",
    "get_method",
    "set_dangerous_leniencies",
    "should_keep_alive",
    "should_upgrade",
)
CYCLE = ("default_headers", "more_body", "response_complete", "response_started")


@pytest.mark.parametrize(
    ("owner", "names"),
    [
        (made(HttpToolsProtocol), HTTP),
        (made(WebSocketsSansIOProtocol), WEBSOCKET),
        (FlowControl(cast(asyncio.Transport, None)), FLOW),
        (ServerState(), STATE),
        (Server(Config(app)), SERVER),
        (Protocol, CONN),
        (ServerProtocol, ("accept",)),
        (httptools.HttpRequestParser, PARSER),
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
    assert [name for name in CYCLE if f"self.{name} = " not in source] == []


def used(owner: str) -> dict[str, set[str]]:
    """The names that a class of ours defines, or uses of itself, and those that it uses of each."""
    tree = ast.parse(inspect.getsource(uvicorn_insides))
    (found,) = [each for each in tree.body if isinstance(each, ast.ClassDef) and each.name == owner]
    names: dict[str, set[str]] = {"self": set()}
    for node in ast.walk(found):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names["self"].add(node.name)
        elif isinstance(node, ast.Attribute):
            of = ast.unparse(node.value)
            of = "self" if of == "super()" else of.removeprefix("self.")
            names.setdefault(of, set()).add(node.attr)
    return names


@pytest.mark.parametrize(
    ("ours", "theirs", "listed"),
    [
        ("Http", made(HttpToolsProtocol), HTTP),
        ("WebSocket", made(WebSocketsSansIOProtocol), WEBSOCKET),
        ("Uvicorn", Server(Config(app)), SERVER),
    ],
    ids=["Http", "WebSocket", "Uvicorn"],
)
def test_every_name_that_is_used_is_listed(
    ours: str, theirs: object, listed: tuple[str, ...]
) -> None:
    names = used(ours)
    plain = set(dir(asyncio.Protocol)) | {"connection_made"}
    of_theirs = {name for name in names["self"] - plain if hasattr(theirs, name)}
    assert of_theirs - set(listed) == set()
    parts = {"cycle": CYCLE, "flow": FLOW, "parser": PARSER, "server_state": STATE, "conn": CONN}
    for part, known in parts.items():
        assert names.get(part, set()) - set(known) == set(), part
    if ours == "Http":  # the test sees what it looks for
        assert {"on_headers_complete", "pipeline"} <= of_theirs
        assert {"more_body", "response_started"} <= names["cycle"]


def test_who_has_gone_is_an_error_of_the_system() -> None:
    """So that what writes to a client ends without a word."""
    assert issubclass(ClientDisconnected, OSError)
    assert State.OPEN in State
