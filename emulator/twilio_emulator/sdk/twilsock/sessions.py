"""What a connection has of a product, and what all clients of a product have together.

A connection is let in for the product that its client is for. For another one that its token opens,
too, it is let in when it first asks for something there: several clients may share a socket.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from twilio_emulator.core.simulation.resources import SocketFault
from twilio_emulator.sdk.sync.subscriptions import Watcher
from twilio_emulator.sdk.twilsock.outbox import Outbox
from twilio_emulator.sdk.twilsock.tunnel import TunnelRequest, TunnelResponse
from twilio_emulator.wire.access_tokens import Grant, GrantKind
from twilio_emulator.wire.twilio_hosts import Site

Answer = Callable[[TunnelResponse], None]
"""Answers a request, once."""


class ClientLine(Protocol):
    """A connection, as products see it."""

    site: Site
    outbox: Outbox

    def drop(self) -> None:
        """Hang up without a word, as a network does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrance:
    """Who comes in.

    Attributes:
        line: the connection.
        kind: the product; the grant opens it.
        endpoint_id: by which the client is known, as long as it keeps its continuation token.
        fault: what goes wrong with it on purpose.
    """

    line: ClientLine
    kind: GrantKind
    grant: Grant
    endpoint_id: str
    fault: SocketFault

    @property
    def service_sid(self) -> str:
        """Of the product's service."""
        return self.grant.services[self.kind]


class ProductSession(Protocol):
    """What a connection has of a product since it was let in."""

    watcher: Watcher

    def answer_at_once(self, request: TunnelRequest) -> TunnelResponse | None:
        """The answer to a request that nothing has to be waited for; None for any other."""

    async def answer(self, request: TunnelRequest, answer: Answer) -> None:
        """Answer a request that may have to wait."""

    def renew(self, grant: Grant) -> None:
        """The client has another token, which opens the same."""

    def leave(self, line: ClientLine) -> None:
        """The connection is gone. It holds its sessions, and none holds it: nothing would let go of
        both."""


class ProductClients(Protocol):
    """All clients of a product in an account."""

    def enter(self, entry: Entrance) -> ProductSession:
        """Let a connection in.

        Raises:
            Refused: its identity is not one that a client of this product may have.
        """
