"""What the fan-out is measured against: Starlette WebSockets, all told of what is posted.

    python -m tests.bench.broadcast PORT LENGTH...

For each POST every WebSocket gets one binary message of each of these lengths, the first of which
says the number of the post. The server's settings are the emulator's.
"""

import sys
from itertools import count

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from tests.sdk.reader import ID, INDEX
from twilio_emulator.sdk.twilsock.websocket import PATH


def application(lengths: list[int]) -> Starlette:
    """The WebSockets, and the route that tells them all."""
    sockets: set[WebSocket] = set()
    posts = count()

    async def listen(socket: WebSocket) -> None:
        await socket.accept()
        sockets.add(socket)
        async for _ in socket.iter_bytes():
            pass
        sockets.discard(socket)

    async def tell(request: Request) -> Response:
        await request.body()
        number = next(posts)
        said = [b'%bTM%032x",' % (ID, number)] * len(lengths)
        said[0] += b"%b%d," % (INDEX, number)
        for text, length in zip(said, lengths, strict=True):
            message = text.ljust(length, b"-")
            for socket in list(sockets):
                await socket.send_bytes(message)
        return Response(b'{"sid":"IM"}', media_type="application/json")

    return Starlette(routes=[WebSocketRoute(PATH, listen), Route("/", tell, methods=["POST"])])


if __name__ == "__main__":
    port, *lengths = map(int, sys.argv[1:])
    uvicorn.run(
        application(lengths),
        port=port,
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="off",
        access_log=False,
        proxy_headers=False,
        log_level="warning",
    )
