"""Calls of an emulator's control API, one connection each: any thread may make them."""

import http.client
import json
import logging
import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

__tracebackhide__ = True  # pytest shows where a test called us, and not how we went about it

CONTROL = "/_emulator/v1"
PATIENCE = 60.0
"""Seconds that an answer may take longer than it was asked to wait."""


_URL = re.compile(r"https?://[^/\s?#@]+/*", re.IGNORECASE)
"""An URL of scheme, host and port: there is nothing of ours below a path, nor for a password."""

log = logging.getLogger("emulator.access")


class CannotCall(Exception):
    """The emulator did not answer, or refused. The text is one line.

    Attributes:
        status: of the answer; None when there was none.
        answer: what it said.
    """

    def __init__(self, message: str, status: int | None = None, answer: Any = None) -> None:
        super().__init__(message)
        self.status = status
        self.answer = answer


class Calling:
    """The control API of a running emulator.

    Args:
        url: the emulator's.
        account: which account the calls are about; the default one when None.

    Raises:
        CannotCall: that is no URL of an emulator.
    """

    def __init__(self, url: str, account: str | None = None) -> None:
        found = _URL.fullmatch(url)
        self.url = url.rstrip("/")
        self.account = account
        try:
            split = urlsplit(self.url)
            host, port = split.hostname, split.port
        except ValueError:  # brackets that do not close, a port that is none
            host = port = None
        if found is None or host is None:
            raise CannotCall(f"expected an URL such as http://localhost:8008, not {url}")
        self.secure = split.scheme == "https"
        self.host = host
        self.port = port or (443 if self.secure else 80)
        self._netloc = split.netloc

    def get(self, path: str, query: Mapping[str, object] | None = None, wait: float = 0.0) -> Any:
        """What a GET answers, which may take `wait` seconds; raises `CannotCall`."""
        return self.call("GET", path, query=query, wait=wait)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        query: Mapping[str, object] | None = None,
        wait: float = 0.0,
    ) -> Any:
        """What a call answers, read from JSON; None when it answers nothing.

        Raises:
            CannotCall: there was no answer, or one that says no.
        """
        content = None if body is None else json.dumps(body).encode()
        answer = self.fetch(path, method, content, query, wait)
        return json.loads(answer) if answer else None

    def fetch(
        self,
        path: str,
        method: str = "GET",
        content: bytes | None = None,
        query: Mapping[str, object] | None = None,
        wait: float = 0.0,
    ) -> bytes:
        """The bytes that a call answers.

        Raises:
            CannotCall: there was no answer, or one that says no.
        """
        kind = http.client.HTTPSConnection if self.secure else http.client.HTTPConnection
        connection = kind(self.host, self.port, timeout=wait + PATIENCE)
        try:
            connection.request(method, self._target(path, query), content)
            response = connection.getresponse()
            answer = response.read()
            log.info("%s %s %d", method, self.shown(path), response.status)
        except (OSError, http.client.HTTPException) as error:
            raise self.unanswered(error) from None
        finally:
            connection.close()
        return read(response.status, answer, f"{method} {self.shown(path)}")

    def shown(self, path: str) -> str:
        """A call's whole URL, as people are told it."""
        return f"{self.url}{CONTROL}{path}"

    def request(
        self,
        path: str,
        method: str = "GET",
        content: bytes | None = None,
        query: Mapping[str, object] | None = None,
    ) -> bytes:
        """A call as it goes over a connection of its own."""
        head = f"{method} {self._target(path, query)} HTTP/1.1\r\nHost: {self._netloc}\r\n"
        if content is not None:
            head += f"Content-Length: {len(content)}\r\n"
        return f"{head}Connection: close\r\n\r\n".encode("latin-1") + (content or b"")

    def unanswered(self, error: Exception) -> CannotCall:
        """What is said of a call that did not come to an answer."""
        if isinstance(error, ConnectionError) and error.errno is not None:
            reason = os.strerror(error.errno)  # asyncio says something of its own there
        else:
            reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return CannotCall(f"no emulator answers at {self.url}: {reason}")

    def _target(self, path: str, query: Mapping[str, object] | None) -> str:
        given = {name: value for name, value in (query or {}).items() if value is not None}
        if self.account is not None:
            given["account"] = self.account
        return f"{CONTROL}{path}?{urlencode(given)}" if given else f"{CONTROL}{path}"


def segment(text: str) -> str:
    """A text as one segment of a path."""
    return quote(text, safe="")


def read(status: int, answer: bytes, call: str) -> bytes:
    """The bytes of an answer; raises `CannotCall` for one that says no to a call."""
    if status >= 300:
        raise _refused(status, answer, call)
    return answer


def _refused(status: int, answer: bytes, call: str) -> CannotCall:
    try:
        said = json.loads(answer)
        message = said["message"]
    except (ValueError, KeyError, TypeError):
        return CannotCall(f"{call} is answered {status}: it is no emulator's", status)
    return CannotCall(message, status, said)
