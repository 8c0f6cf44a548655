import asyncio
from contextlib import suppress

import pytest

from twilio_emulator.webhooks.http import signatures
from twilio_emulator.webhooks.http.exchange import HEAD_READ, LongHead
from twilio_emulator.webhooks.http.secure import SecureHttp

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("bytes_too_many", [1, 100_000], ids=["for us", "for h11"])
async def test_headers_without_bound(bytes_too_many: int) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nA: " + b"b" * (HEAD_READ + bytes_too_many - 1))
        writer.write(b"\r\n\r\n")
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    # TLS is not what this is about.
    parts = signatures.split(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/a")
    assert parts is not None
    http = SecureHttp(None)
    async with server, asyncio.timeout(20):
        with pytest.raises(LongHead):
            await http.send("GET", parts, (("Host", parts.host),), b"", lambda: None)
        await http.close()
