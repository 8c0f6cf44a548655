"""HTTP through the socket: requests as clients send them, and what they are answered with.

The rules of this file:

- A path is percent-encoded and is decoded segment by segment, since an identity may hold a slash.
  Parameters come percent-encoded, too, and a plus sign is a plus sign.
- A reply has two statuses. Twilsock's own is 200 even when the request's is an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote

import msgspec

from twilio_emulator.core.conversations.permissions import Unauthorized
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.wire.twilsock_frames import JSON, OK, Frame, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelRequest:
    """An HTTP request that came through the socket. Answer with `reply`.

    Path and parameters are decoded: a segment may hold any character, a slash too. Names of headers
    are in lower case. The host is what the client calls the service, which says nothing.
    """

    id: str
    method: str
    segments: tuple[str, ...]
    params: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes
    host: str
    active_grant: str = ""

    @property
    def path(self) -> str:
        """The path for people to read."""
        return "/" + "/".join(self.segments)

    def param(self, name: str) -> str | None:
        """The last value of a parameter."""
        values = self.params.get(name)
        return values[-1] if values else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TunnelResponse:
    """What a request is answered with; the body is JSON, or nothing.

    Attributes:
        etag: the revision of what is answered, if it has one.
    """

    status: int
    body: bytes = b""
    etag: str | None = None


def refusal(refused: Refused) -> TunnelResponse:
    """A request is answered with one of Twilio's errors."""
    said: dict[str, object] = {
        "status": refused.status,
        "code": refused.code,
        "message": refused.message,
        "more_info": f"https://www.twilio.com/docs/errors/{refused.code}",
    }
    if isinstance(refused, Unauthorized):
        said["details"] = {"missing_permissions": refused.permissions}
    return TunnelResponse(status=refused.status, body=msgspec.json.encode(said))


class _HttpRequest(msgspec.Struct):
    method: str
    path: str
    host: str = ""
    params: dict[str, str | list[str]] | None = None
    headers: dict[str, str | list[str]] | None = None


class _Message(msgspec.Struct):
    http_request: _HttpRequest
    active_grant: str = ""


_message = msgspec.json.Decoder(_Message)


def tunnelled(frame: Frame) -> TunnelRequest:
    """The request that a frame brings.

    Raises:
        Malformed: naming the field and what was expected.
    """
    message = frame.header_as(_message)
    said = message.http_request
    return TunnelRequest(
        id=frame.id,
        method=said.method.upper(),
        segments=tuple(unquote(segment) for segment in said.path.strip("/").split("/")),
        params={
            unquote(name): [unquote(value) for value in _listed(values)]
            for name, values in (said.params or {}).items()
        },
        headers={
            name.lower(): ", ".join(_listed(values))
            for name, values in (said.headers or {}).items()
        },
        body=frame.payload,
        host=said.host,
        active_grant=message.active_grant,
    )


def _listed(values: str | list[str]) -> list[str]:
    """JavaScript sends a list only where there are several; Kotlin always."""
    return [values] if isinstance(values, str) else values


def reply(request: TunnelRequest, response: TunnelResponse) -> bytes:
    """The frame that answers a request."""
    headers = {"content-type": JSON}
    if response.etag is not None:
        headers["etag"] = f'"{response.etag}"'
    return encode(
        {
            "method": "reply",
            "id": request.id,
            "payload_type": JSON,
            "status": OK,
            "http_headers": headers,
            "http_status": {"code": response.status, "status": HTTPStatus(response.status).phrase},
        },
        response.body,
    )
