"""A tunnel between two connections: what one end reads, the other writes, until both are done.

An end that is written to faster than it can send stops the other's reading, and the end of one
direction (half-close) is passed on while the other direction goes on.
"""

import asyncio
from typing import Any, cast

# twilio-php tells this head from the answer behind it by exactly these words, in this spelling and
# without a header (https://github.com/twilio/twilio-php/blob/main/src/Twilio/Http/CurlClient.php).
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class TunnelEnd(asyncio.Protocol):
    """One end. It is in `connections` while it lasts, where a server's shutdown finds it."""

    other: "TunnelEnd"
    transport: asyncio.Transport

    def __init__(self, connections: set[Any]) -> None:
        self.connections = connections
        self.ended = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join the tunnel."""
        self.transport = cast(asyncio.Transport, transport)
        self.connections.add(self)

    def data_received(self, data: bytes) -> None:
        """Pass on what came."""
        self.other.transport.write(data)

    def eof_received(self) -> bool:
        """Pass on that no more comes; True keeps the other direction open."""
        self.ended = True
        if self.other.ended:
            self.transport.close()
            self.other.transport.close()
        elif not self.other.transport.is_closing():
            self.other.transport.write_eof()
        return True

    def pause_writing(self) -> None:
        """Stop the other end's reading: ours is full."""
        self.other.transport.pause_reading()

    def resume_writing(self) -> None:
        """Let the other end read again."""
        self.other.transport.resume_reading()

    def connection_lost(self, error: Exception | None) -> None:
        """Close the other end, at once after an error, else when it has sent all."""
        self.connections.discard(self)
        if error is None:
            self.other.transport.close()
        else:
            self.other.transport.abort()

    def shutdown(self) -> None:
        """End at once: what is inside is not ours, so nobody can be asked to finish."""
        self.transport.abort()


class FarEnd(TunnelEnd):
    """The end at the host asked for, whose connection makes the tunnel.

    The caller is answered and joined from here, before anything that the host sends can be read.
    """

    def __init__(self, caller: asyncio.Transport, early: bytes, connections: set[Any]) -> None:
        super().__init__(connections)
        self.other = TunnelEnd(connections)
        self.other.other = self
        self.other.transport = caller
        self.early = early  # what the caller sent without waiting for the answer

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Join both ends, unless the caller has left meanwhile."""
        super().connection_made(transport)
        caller = self.other.transport
        if caller.is_closing():
            self.transport.abort()
            return
        self.other.connection_made(caller)
        caller.set_protocol(self.other)
        caller.write(ESTABLISHED)
        self.transport.write(self.early)
        caller.resume_reading()
