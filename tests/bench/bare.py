"""What the emulator is measured against: Starlette routes that give the same answers, and keep
nothing.

    python -m tests.bench.bare PORT ANSWERS

`ANSWERS` is a JSON file of a list of `{"method", "path", "answer"}`. Each is a route as one writes
it: the path with its parameters, the form read, the answer put into JSON. Beside it, `/LENGTH`
reads the body and answers that many bytes made beforehand: the least that Starlette can do. The
server's settings are the emulator's.
"""

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


def bare(method: str, path: str, answer: dict[str, Any]) -> Route:
    """The route that reads a form and puts `answer` into JSON."""

    async def endpoint(request: Request) -> Response:
        if method == "POST":
            await request.form()
        return JSONResponse(answer, 201 if method == "POST" else 200)

    return Route(path, endpoint, methods=[method])


def constant(length: int) -> Route:
    """The route that answers `length` bytes, made before anybody asks."""
    answer = b'{"sid":"' + b"0" * (length - 10) + b'"}'

    async def endpoint(request: Request) -> Response:
        await request.body()
        return Response(answer, media_type="application/json")

    return Route(f"/{length}", endpoint, methods=["GET", "POST"])


if __name__ == "__main__":
    port, answers = int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    lengths = {each["length"] for each in answers}
    uvicorn.run(
        Starlette(
            routes=[
                *(bare(each["method"], each["path"], each["answer"]) for each in answers),
                *map(constant, sorted(lengths)),
            ]
        ),
        port=port,
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        proxy_headers=False,
        log_level="warning",
    )
