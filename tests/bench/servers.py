"""Servers in processes of their own, and what can be seen of them from outside."""

import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

PATIENCE = 30.0  # seconds until a server that does not answer counts as broken


class Server:
    """A program that serves HTTP on a port of its own, from `with` to its end."""

    def __init__(self, *arguments: str) -> None:
        """`arguments` are Python's; the word PORT among them stands for the port."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.command = [sys.executable, *arguments]
        self.command[self.command.index("PORT")] = str(self.port)

    def __enter__(self) -> "Server":
        # The world is the one of the defaults, whatever the shell says of Twilio.
        environment = {k: v for k, v in os.environ.items() if not k.startswith("TWILIO_")}
        self.said = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            self.command, env=environment, stdout=self.said, stderr=subprocess.STDOUT
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.said.seek(0)
        if error is not None:
            sys.stderr.buffer.write(self.said.read()[-2000:])
        self.said.close()

    def connect(self, patience: float = PATIENCE) -> None:
        """Wait until the server listens. Raises TimeoutError, or ConnectionError if it ended."""
        limit = time.monotonic() + patience
        while time.monotonic() < limit:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except ConnectionRefusedError:
                if self.process.poll() is not None:
                    raise ConnectionError(f"{self.command} ended before it listened") from None
                time.sleep(0.002)
        raise TimeoutError(f"{self.command} does not listen")

    def ask(
        self,
        method: str,
        path: str,
        form: Mapping[str, str] | None = None,
        credentials: tuple[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> tuple[Any, int]:
        """One request on a connection of its own: the JSON answered, and its length in bytes.

        Raises OSError when the server refuses.
        """
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=patience)
        connection.request(method, path, _body(form), _headers(form, credentials))
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if response.status >= 300:
            raise OSError(f"{method} {path}: {response.status} {answer.decode()}")
        return json.loads(answer or b"null"), len(answer)

    def cpu_seconds(self) -> float | None:
        """The processor time the server has used, where /proc tells."""
        try:
            fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int | None:
        """The memory the server occupies, in bytes, where /proc tells."""
        try:
            pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        except OSError:
            return None
        return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _body(form: Mapping[str, str] | None) -> bytes:
    return urlencode(form).encode() if form else b""


def _headers(form: Mapping[str, str] | None, credentials: tuple[str, str] | None) -> dict[str, str]:
    # As the official Python package sends them.
    headers = {
        "User-Agent": "twilio-python/9.13.0 (Linux x86_64) Python/3.13.0",
        "Accept-Encoding": "gzip, deflate",
        "Accept": "application/json",
        "Connection": "keep-alive",
    }
    if credentials:
        headers["Authorization"] = "Basic " + b64encode(":".join(credentials).encode()).decode()
    if form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return headers


def encode(
    server: Server,
    method: str,
    path: str,
    form: Mapping[str, str] | None,
    credentials: tuple[str, str] | None,
) -> bytes:
    """The request's bytes, for the load client."""
    body = _body(form)
    headers = {"Host": f"127.0.0.1:{server.port}", **_headers(form, credentials)}
    if method != "GET":
        headers["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
