"""A server in a process of its own: `alone.py DIRECTORY LOOP` prints its port, and serves."""

import sys
from pathlib import Path

import uvicorn

from tests.door.served import App
from twilio_emulator.server.forward_proxy import Forwarding
from twilio_emulator.server.listener import Door
from twilio_emulator.server.tls_authority import Authority
from twilio_emulator.server.uvicorn_insides import WebSocket


class Announced(uvicorn.Server):
    """uvicorn, which says where it listens on its first line of output."""

    async def main_loop(self) -> None:
        sys.stdout.write(f"{self.servers[0].sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await super().main_loop()


door = Door.configured(authority=Authority(Path(sys.argv[1])))
door.patience = 3600  # so that nothing but a shutdown ends a connection
config = uvicorn.Config(
    Forwarding(App()),
    port=0,
    loop=sys.argv[2],
    http=door,
    ws=WebSocket,
    log_level="warning",
)
Announced(config).run()
