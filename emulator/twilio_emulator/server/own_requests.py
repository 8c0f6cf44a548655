"""Requests of the emulator's own devices to its own REST API, as any other client's."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from twilio_emulator.control.verify.device_requests import Answered
from twilio_emulator.wire import twilio_hosts
from twilio_emulator.wire.dispatch import Dispatch


class OwnRequests:
    """Asks Twilio's REST APIs without a socket.

    Args:
        dispatch: answers for them.
    """

    def __init__(self, dispatch: Dispatch) -> None:
        self._dispatch = dispatch

    async def __call__(
        self, method: str, url: str, form: Mapping[str, str], user: tuple[str, str]
    ) -> Answered:
        """What is answered.

        Args:
            url: at a host of Twilio's.
            user: name and password of Basic credentials.
        """
        parts = urlsplit(url)
        found = twilio_hosts.by_host(parts.scheme, parts.netloc)
        assert found is not None
        product, site = found
        sent: list[Mapping[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": urlencode(form).encode()}

        async def send(message: Mapping[str, Any]) -> None:
            sent.append(message)

        authorization = b"Basic " + b64encode(":".join(user).encode())
        scope = {
            "method": method,
            "query_string": parts.query.encode(),
            "headers": [(b"authorization", authorization)],
        }
        await self._dispatch.answer(product, site, parts.path, scope, receive, send)
        start, content = sent
        headers = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
        body = content["body"]
        return Answered(
            status=start["status"], headers=headers, body=json.loads(body) if body else None
        )
