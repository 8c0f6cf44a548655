"""One port: http, https, ws, wss and CONNECT, told apart by the first bytes.

The door reads until it knows, then gives the transport to the protocol that is meant, for good:

    0x16            TLS (a handshake record, RFC 8446 section 5.1), with HTTP inside
    "CONNECT "      to a Twilio host or ourselves: 200, and the next first bytes tell again;
                    to another host: a tunnel
    anything else   HTTP, and from there WebSocket; garbage too, which is answered with 400

A client may send its first bytes one at a time, or a CONNECT and what follows it in one piece.
What is not given away yet is in `server_state.connections`: uvicorn waits for these when it shuts
down, from Python 3.12 on even for those it has never heard of.
"""

import asyncio
import logging
import os
import re
import socket
from asyncio.sslproto import SSLProtocol
from collections.abc import Iterable
from typing import Final

from twilio_emulator.runtime import background
from twilio_emulator.server import garbage
from twilio_emulator.server.connect_tunnel import ESTABLISHED, FarEnd
from twilio_emulator.server.request_bounds import last_words
from twilio_emulator.server.tls_authority import Authority, AuthorityError
from twilio_emulator.server.uvicorn_insides import NewConnection
from twilio_emulator.wire.hosts import ProxyRules, address_of
from twilio_emulator.wire.immediate import AnswerNow

logger = logging.getLogger(__name__)

TLS_HANDSHAKE: Final = 0x16
CONNECT: Final = b"CONNECT "
TARGET = re.compile(
    rb"CONNECT (?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+)):(?P<port>[0-9]{1,5})"
    rb" HTTP/1\.[01]"
)
LONGEST_HEAD: Final = 16 * 1024  # bytes
TLS_CLOSES_WITHIN: Final = 0.5  # seconds; Python's own 30 would hold up a shutdown


class Door(NewConnection):
    """What a new connection meets first. Hand the class that `configured` returns to uvicorn."""

    authority: Authority
    rules: ProxyRules
    answer_now: tuple[AnswerNow | None]  # in a tuple, or it would become a method
    patience = 10  # seconds for the first bytes, for a handshake, and for a host asked for

    received = b""
    asked: str | None = None  # the host of a CONNECT that ends here
    dialling: asyncio.Task[None] | None = None

    @staticmethod
    def configured(
        *,
        authority: Authority,
        proxy_only_twilio: bool = False,
        own_addresses: Iterable[str] = (),
        answer_now: AnswerNow | None = None,
    ) -> "type[Door]":
        """A door with its settings, for uvicorn's `http=`.

        For `answer_now` see `immediate_http.py`. `own_addresses` are hosts and ports that callers
        know us by, as they stand in URLs. Local names and addresses with the port that a connection
        came in by are known without being told.
        """

        class ConfiguredDoor(Door):
            pass

        ConfiguredDoor.authority = authority
        ConfiguredDoor.answer_now = (answer_now,)
        ConfiguredDoor.rules = ProxyRules(
            proxy_only_twilio, frozenset(address.lower() for address in own_addresses)
        )
        return ConfiguredDoor

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for the first bytes, but not for ever."""
        super().connection_made(transport)
        self.connections.add(self)
        self.limit = self.loop.call_later(self.patience, self.transport.abort)

    def data_received(self, data: bytes) -> None:
        """Look at the first bytes, as far as they have come."""
        received = self.received = self.received + data
        if received[0] == TLS_HANDSHAKE:
            self._start_tls(received)
        elif self.asked is None and received.startswith(CONNECT):
            self._answer_connect(received)
        elif self.asked is not None or not CONNECT.startswith(received):
            self._start_http(received)

    def connection_lost(self, error: Exception | None) -> None:
        """Forget a connection that ended before it could be given away."""
        self._let_go()
        garbage.let_go(self.transport)
        if self.dialling is not None:
            self.dialling.cancel()

    def shutdown(self) -> None:
        """End at once: no request has been read that could be finished."""
        self.transport.abort()

    def _let_go(self) -> None:
        self.limit.cancel()
        self.connections.discard(self)

    def _start_http(self, received: bytes) -> None:
        self._let_go()
        http = self.http(self.rules, self.answer_now[0])
        self.transport.set_protocol(http)
        http.connection_made(self.transport)
        http.data_received(received)

    def _start_tls(self, received: bytes) -> None:
        try:
            context = self.authority.server_context(self.asked or "localhost")
        except AuthorityError as error:
            logger.error("https is not to be had: %s", error)
            self.transport.abort()
            return
        self.limit.cancel()
        shaken: asyncio.Future[None] = self.loop.create_future()
        shaken.add_done_callback(self._handshake_over)
        tls = Tls(
            self.loop,
            self.http(self.rules, self.answer_now[0]),
            context,
            shaken,
            server_side=True,
            ssl_handshake_timeout=self.patience,
            ssl_shutdown_timeout=TLS_CLOSES_WITHIN,
        )
        self.transport.set_protocol(tls)
        tls.connection_made(self.transport)
        for start in range(0, len(received), tls.max_size):
            piece = received[start : start + tls.max_size]
            tls.get_buffer(len(piece))[: len(piece)] = piece
            tls.buffer_updated(len(piece))

    def _handshake_over(self, shaken: "asyncio.Future[None]") -> None:
        self._let_go()
        shaken.exception()  # seen: a client that went away, or knows no certificate of ours

    def _answer_connect(self, received: bytes) -> None:
        head, ended, early = received.partition(b"\r\n\r\n")
        if not ended:
            if len(received) > LONGEST_HEAD:
                self._refuse(431, f"A CONNECT longer than {LONGEST_HEAD} bytes is not read.")
            return
        target = TARGET.fullmatch(head.partition(b"\r\n")[0])
        if target is None or not 0 < int(target["port"]) < 65536:
            self._refuse(400, "CONNECT needs a host and a port, as in CONNECT api.twilio.com:443.")
            return
        host, port = (target["address"] or target["name"]).decode(), int(target["port"])
        if self.rules.serves(host, port, listening=self.listening):
            self._serve(host, early)
        elif refusal := self.rules.refusal(self.caller):
            self._refuse(403, refusal)
        else:
            self.limit.cancel()
            self.transport.pause_reading()
            self.dialling = background.begin(
                self._dial(host, port, early),
                f"a tunnel to {address_of(host, port)}",
                lambda: self._refuse(500, "A fault of ours: our log says more."),
            )

    def _serve(self, host: str, early: bytes) -> None:
        """Let the caller say to us what it has to say to this host."""
        self.asked = host
        self.received = b""
        self.limit.cancel()
        self.limit = self.loop.call_later(self.patience, self.transport.abort)
        self.transport.write(ESTABLISHED)
        if early:
            self.data_received(early)

    async def _dial(self, host: str, port: int, early: bytes) -> None:
        """Open the connection that becomes the other end of a tunnel."""
        where = address_of(host, port)
        try:
            async with asyncio.timeout(self.patience):
                await self.loop.create_connection(
                    lambda: FarEnd(self.transport, early, self.connections), host, port
                )
        except TimeoutError:
            self._refuse(502, f"Cannot reach {where}: no answer in {self.patience} s.")
        except (OSError, UnicodeError) as error:
            self._refuse(502, f"Cannot reach {where}: {_reason(error)}.")
        else:
            self._let_go()

    def _refuse(self, status: int, reason: str) -> None:
        self.transport.write(last_words(status, reason))
        self.transport.close()


def _reason(error: OSError | UnicodeError) -> str:
    """Why a host could not be reached, in the system's words."""
    number = getattr(error, "errno", None)
    # Numbers of the resolver are not the system's; its errors carry their own words.
    if number is None or isinstance(error, socket.gaierror):
        return getattr(error, "strerror", None) or str(error)
    return os.strerror(number)


class Tls(SSLProtocol):
    """TLS as asyncio speaks it, which tells the client why before it hangs up on a handshake."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what carries it."""
        self._carrier = transport
        super().connection_made(transport)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Let go of what carried it."""
        super().connection_lost(exc)
        garbage.let_go(self._carrier)

    def _on_handshake_complete(self, error: BaseException | None) -> None:
        if error is not None:
            self._process_outgoing()  # type: ignore[attr-defined]  # typeshed leaves it out
        super()._on_handshake_complete(error)
