"""What the emulator is measured against: a Starlette route that reads the body and answers at once.

    python -m tests.bench.bare PORT ANSWERS LOOP

`ANSWERS` is a JSON file of a list of constant answers, by place: `/0` answers the first of them.
`LOOP` is the event loop: auto, asyncio or uvloop.
The server has the settings of the emulator.
"""

import json
import sys
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


def route(place: int, answer: dict[str, Any]) -> Route:
    """The route that gives this answer."""

    async def endpoint(request: Request) -> JSONResponse:
        await request.body()
        return JSONResponse(answer)

    return Route(f"/{place}", endpoint, methods=["GET", "POST"])


if __name__ == "__main__":
    port, answers = int(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())
    uvicorn.run(
        Starlette(routes=[route(place, answer) for place, answer in enumerate(answers)]),
        port=port,
        loop=sys.argv[3],
        http="httptools",
        ws="none",
        lifespan="off",
        access_log=False,
        proxy_headers=False,
        log_level="warning",
    )
