"""What the emulator is measured against: a Starlette route that reads the body and answers at once.

    python -m tests.bench.bare PORT LENGTH...

`/LENGTH` answers JSON of so many bytes. The server's settings are the emulator's.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def route(length: int) -> Route:
    """The route that answers `length` bytes, made before anybody asks."""
    answer = b'{"sid":"' + b"0" * (length - 10) + b'"}'

    async def endpoint(request: Request) -> Response:
        await request.body()
        return Response(answer, media_type="application/json")

    return Route(f"/{length}", endpoint, methods=["GET", "POST"])


if __name__ == "__main__":
    port, *lengths = map(int, sys.argv[1:])
    uvicorn.run(
        Starlette(routes=[route(length) for length in lengths]),
        port=port,
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        proxy_headers=False,
        log_level="warning",
    )
