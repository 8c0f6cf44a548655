"""A webhook's request and answer: what it says, what goes on the wire, what came back."""

from dataclasses import dataclass

from twilio_emulator.core.simulation.resources import Fault
from twilio_emulator.webhooks.http import signatures
from twilio_emulator.webhooks.http.failures import Failure
from twilio_emulator.webhooks.http.manner import Manner
from twilio_emulator.webhooks.http.signatures import Parameters

BODY_SHOWN = 4 * 1024  # characters of an answer that an alert shows
BODY_READ = 1024 * 1024  # bytes of an answer; more is not looked at
HEAD_READ = 64 * 1024
"""Bytes of an answer's headers, trailers and interim answers; more is a failure. Ours: Twilio's
documentation names no such limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a webhook says, and to whom.

    Attributes:
        event: what it is about, such as `onMessageAdded`.
        subject: sid of the conversation or the message.
        account_sid: whose auth token signs it.
        manner: how it is sent.
        url: as configured.
        method: GET or POST.
        document: what is posted in place of a form with the parameters.
        fallback: URL and method to ask when this one fails.
        fault: what is to go wrong with it on purpose.
    """

    event: str
    subject: str
    account_sid: str
    manner: Manner
    url: str
    method: str = "POST"
    parameters: Parameters = ()
    document: str | None = None
    fallback: tuple[str, str] | None = None
    fault: Fault | None = None


class NotAnUrl(ValueError):
    """Nothing can be sent there."""


class BrokenAnswer(ValueError):
    """What came back is no HTTP, or not whole."""


class LongHead(BrokenAnswer):
    """What came back has more headers than anybody needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came back to one request, as it was sent but for its compression."""

    status: int
    headers: Parameters
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookResponse:
    """What came back. `url` is where it came from, after redirects."""

    url: str
    status: int | None = None
    headers: Parameters = ()
    body: bytes = b""
    failure: Failure | None = None

    def header(self, name: str) -> str:
        """The value of a header, its name in lower case; empty when it was not there."""
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request as it went out and what came of it, as the log keeps it.

    Attributes:
        product: whose webhook it is.
        attempt: 1 for the first, 2 for the first retry.
        connected_to: where else it was sent than its URL says.
        signed: what `X-Twilio-Signature` was computed from; empty where there is none.
        milliseconds: how long it took, in the machine's time.
        outcome: what came of it, in words.
        dropped: that not all of the answer's body is here; None when it is.
    """

    event: str
    subject: str
    account_sid: str
    product: str
    attempt: int
    method: str
    url: str
    connected_to: str | None
    headers: Parameters
    body: str
    signed: str
    status: int | None
    answer_headers: Parameters
    answer_body: str
    milliseconds: int
    outcome: str
    dropped: str | None = None


def shown(body: bytes, most: int = BODY_SHOWN) -> str:
    """The first characters of a body, as many as an alert shows unless given."""
    return body[: 4 * most].decode(errors="replace")[:most]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A request as it goes out.

    Attributes:
        url: with all parameters when it is a GET, with the body's digest when it is JSON.
        resource: the same without these, which relative URLs are relative to.
        signed: what `X-Twilio-Signature` was computed from; empty where there is none.
    """

    method: str
    url: str
    resource: str
    headers: Parameters
    body: bytes
    signed: str


def write(request: Request, *, auth_token: str, idempotency_token: str) -> Signed | None:
    """Sign a request, if it is signed, and write it out; None when its URL is invalid."""
    parts = signatures.split(request.url)
    if parts is None:
        return None
    url, body = parts.requested, b""
    content: Parameters = ()
    if request.method == "GET":
        url = signatures.with_query(url, request.parameters)
        signed = signatures.base_string(url)
    else:
        signed = signatures.base_string(url, request.parameters)
        document = request.document
        said = signatures.form(request.parameters) if document is None else document
        body = said.encode(errors="replace")
        if document is not None and request.manner.signs:
            signed = url = signatures.with_digest(url, body)
        content = (
            ("Content-Type", request.manner.content_type),
            ("Content-Length", str(len(body))),
        )
    signature: Parameters = ()
    if request.manner.signs:
        signature = (("X-Twilio-Signature", signatures.sign(auth_token, signed)),)
    headers = (
        ("Host", parts.host),
        ("User-Agent", "TwilioProxy/1.1"),
        *content,
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip"),
        *signature,
        ("I-Twilio-Idempotency-Token", idempotency_token),
        ("X-Home-Region", "us1"),
    )
    return Signed(
        method=request.method,
        url=url,
        resource=parts.requested,
        headers=headers,
        body=body,
        signed=signed if request.manner.signs else "",
    )
