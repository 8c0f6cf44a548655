"""Prints which packages `--help`, or the first answer of `serve`, has loaded.

Of ours these are the parts of the layout, of others the top-level names; of Python's own, which
differ from release to release, those that are known to cost something.
"""

import socket
import sys

COSTLY = frozenset(("asyncio", "difflib", "email", "inspect", "logging", "ssl", "unittest", "xml"))


def show_help() -> None:
    """What `twilio-emulator --help` does."""
    from twilio_emulator.cli.commands import main

    main(["--help"], standalone_mode=False)


def answer_once() -> None:
    """What `twilio-emulator serve` does, up to its first answer."""
    from twilio_emulator.server.serving import Serving
    from twilio_emulator.settings import Settings

    with (
        Serving(Settings(port=0), {}) as serving,
        socket.create_connection(("127.0.0.1", serving.port), timeout=60) as connection,
    ):
        connection.sendall(b"GET /v1/Conversations HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert connection.recv(1024).startswith(b"HTTP/1.1 401")


def part(module: str) -> str | None:
    """What a module belongs to; None when it does not matter."""
    top, _, below = module.partition(".")
    if top.startswith("_") or top == "cython_runtime":  # what compiled modules bring along
        return None
    if top in sys.stdlib_module_names:
        return top if top in COSTLY else None
    return f"{top}.{below.partition('.')[0]}" if top == "twilio_emulator" and below else top


before = set(sys.modules)
{"help": show_help, "answer": answer_once}[sys.argv[1]]()
found = {part(module) for module in set(sys.modules) - before}
sys.stderr.write("".join(f"{name}\n" for name in sorted(filter(None, found))))
