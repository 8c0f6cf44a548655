"""Webhook receivers: what your app would be, played by the scenario itself.

The rules of this file:

- All receivers of a scenario have one name, which the account gives them; each has a path of its
  own. Where the account is in another process, they share a port of this machine besides, which
  nobody sees.
- A receiver answers with what it was told to, one answer after another; the last one stays. One
  that hangs never answers, until the caller has had enough or the scenario is over.
- What a form says is known by its parameters, what JSON says by its keys. An event of Conversations
  v2 is known by the keys of what it is about, and `event` is what happened.
"""

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

import httptools

from twilio_emulator.scenarios.player.unclaimed import Unclaimed

log = logging.getLogger("twilio_emulator")

HANGS = "hangs"
TWIML = "text/xml; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
DIGEST = "bodySHA256"
"""The parameter of an URL that says the digest of a body that is no form
(https://www.twilio.com/docs/usage/webhooks/webhooks-security)."""


@dataclass(frozen=True, slots=True)
class ReceiverReply:
    """What a receiver answers."""

    status: int = 200
    body: str = ""
    content_type: str = TEXT
    hangs: bool = False


SILENCE = ReceiverReply(status=204)


def reply(said: Any) -> ReceiverReply:
    """The answer that is meant by TwiML, a text, a status, `hangs`, or keys."""
    if isinstance(said, dict):
        body = said.get("body", "")
        is_json = not isinstance(body, str)
        text = json.dumps(body, ensure_ascii=False) if is_json else body
        kind = "application/json" if is_json else _type_of(text)
        status = said.get("status", 200)
        return ReceiverReply(status, text, said.get("content_type", kind))
    if said == HANGS:
        return ReceiverReply(hangs=True)
    if isinstance(said, int):
        return ReceiverReply(status=said)
    return ReceiverReply(body=str(said), content_type=_type_of(str(said)))


def _type_of(text: str) -> str:
    return TWIML if text.lstrip().startswith("<") else TEXT


def _json_told(text: str) -> dict[str, Any]:
    """What a body in JSON says key by key; nothing when it is no object."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(said, dict):
        return {}
    about = said.get("data")
    if "eventType" in said and isinstance(about, dict):
        return {**about, **said, "event": said["eventType"]}
    return said


@dataclass(slots=True, eq=False)
class Receiver(Unclaimed):
    """One of them, with the requests that came.

    Attributes:
        replies: what it answers, the next one first.
    """

    name: str
    url: str
    replies: list[ReceiverReply]

    def next_reply(self) -> ReceiverReply:
        """The answer for the request that just came."""
        if not self.replies:
            return SILENCE
        return self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]

    async def look(self) -> list[dict[str, Any]]:
        """What has come."""
        return self.unclaimed


class Receivers:
    """The receivers of a scenario.

    Args:
        auth_token: what requests should be signed with.

    Attributes:
        stuck: set while a request hangs.
        free: set since none does any more.
    """

    def __init__(self, auth_token: str) -> None:
        self._auth_token = auth_token
        self._by_path: dict[str, Receiver] = {}
        self._server: asyncio.Server | None = None
        self._connections: set[_Connection] = set()
        self._waiting: set[asyncio.Future[None]] = set()
        self.stuck = asyncio.Event()
        self.free = asyncio.Event()

    def expect(self, root: str, replies: Mapping[str, Sequence[Any]]) -> dict[str, Receiver]:
        """Answer as told; answers the receivers by name.

        Args:
            root: how their URLs begin, without a slash at its end.
        """
        for name, said in replies.items():
            path = "/" + re.sub(r"\W+", "-", name.lower())
            self._by_path[path] = Receiver(name, root + path, [reply(each) for each in said])
        return {receiver.name: receiver for receiver in self._by_path.values()}

    async def listen(self) -> str:
        """Take requests over the network, from this machine; answers where."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Connection(self), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def take(
        self, method: str, target: str, headers: Iterable[tuple[str, str]], body: bytes
    ) -> ReceiverReply:
        """Take a request from this process, and answer it; one that hangs waits until its caller
        gives up.

        Raises:
            ConnectionResetError: the scenario was over first.
        """
        request = {
            "method": method,
            "path": target,
            "headers": {name.lower(): value for name, value in headers},
        }
        said = self.answer(request, target, body)
        if not said.hangs:
            return said
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.add(waiting)
        try:
            await waiting
        finally:
            self._waiting.discard(waiting)
            self._look_who_hangs()
        raise ConnectionResetError("the scenario is over")

    async def close(self) -> None:
        """Listen no more; what hangs is dropped."""
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        if self._server is not None:
            self._server.close()
            for connection in list(self._connections):
                connection.drop()
            await self._server.wait_closed()

    async def let_go(self, seconds: float) -> bool:
        """Whether, within that time, no request hangs any more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.free.wait()
        return self.free.is_set()

    def came(self, connection: "_Connection") -> None:
        """A caller is there."""
        self._connections.add(connection)

    def gone(self, connection: "_Connection") -> None:
        """A caller is there no more."""
        self._connections.discard(connection)
        self._look_who_hangs()

    def _look_who_hangs(self) -> None:
        if not self._waiting and not any(each.hangs for each in self._connections):
            self.stuck.clear()
            self.free.set()

    def answer(self, request: dict[str, Any], raw: str, body: bytes) -> ReceiverReply:
        """Keep a request, and say what to answer."""
        receiver = self._by_path.get(urlsplit(raw).path)
        if receiver is None:
            return ReceiverReply(status=404)
        parameters = dict(parse_qsl(urlsplit(raw).query, keep_blank_values=True))
        is_form = request["headers"].get("content-type", "").startswith("application/x-www-form")
        text = body.decode("utf-8", "replace")
        pairs = parse_qsl(text, keep_blank_values=True) if is_form else []
        root = receiver.url.removesuffix(urlsplit(receiver.url).path)
        request["signature"] = self._signature(request["headers"], root + raw, pairs)
        digest = parameters.get(DIGEST)
        if digest is not None and digest != hashlib.sha256(body).hexdigest():
            request["signature"] = "wrong"
        told: dict[str, Any] = dict(pairs)
        if not is_form and body:
            request["body"] = text
            told = _json_told(text)
        receiver.unclaimed.append({**parameters, **told, **request})
        said = receiver.next_reply()
        if said.hangs:
            self.stuck.set()
            self.free.clear()
        return said

    def _signature(self, headers: dict[str, str], url: str, pairs: list[tuple[str, str]]) -> str:
        given = headers.get("x-twilio-signature")
        if given is None:
            return "missing"
        signed = url + "".join(name + value for name, value in sorted(set(pairs)))
        digest = hmac.new(self._auth_token.encode(), signed.encode(), hashlib.sha1).digest()
        return "valid" if given == base64.b64encode(digest).decode() else "wrong"


class _Connection(asyncio.Protocol):
    """One caller; HTTP/1.1 as far as webhooks need it."""

    def __init__(self, receivers: Receivers) -> None:
        self._receivers = receivers
        self._transport: asyncio.WriteTransport | None = None
        self.hangs = False
        self._begin()

    def _begin(self) -> None:
        self._parser = httptools.HttpRequestParser(self)
        self._url = b""
        self._headers: dict[str, str] = {}
        self._body = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._receivers.came(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.hangs = False
        self._receivers.gone(self)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            if isinstance(error, httptools.HttpParserCallbackError):
                log.error("a receiver failed", exc_info=error)
            self.drop()

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        raw = self._url.decode("latin-1")
        request = {
            "method": self._parser.get_method().decode(),
            "path": raw,
            "headers": self._headers,
        }
        said = self._receivers.answer(request, raw, bytes(self._body))
        self.hangs = said.hangs
        if said.hangs or self._transport is None:
            return
        body = said.body.encode()
        head = (
            f"HTTP/1.1 {said.status} -\r\ncontent-type: {said.content_type}\r\n"
            f"content-length: {len(body)}\r\n\r\n"
        )
        self._transport.write(head.encode() + body)
        self._begin()

    def drop(self) -> None:
        """End the connection."""
        if self._transport is not None:
            with suppress(RuntimeError):
                self._transport.abort()
