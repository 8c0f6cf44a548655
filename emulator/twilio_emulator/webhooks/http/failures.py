"""Why no usable answer came, as entries of Twilio's error dictionary."""

import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

RETRIEVAL = 11200
CONNECTION = 11205
PROTOCOL = 11206
BAD_HOST = 11210
TOO_MANY_REDIRECTS = 11215
INVALID_REDIRECT = 11216
TLS = 11220
TLS_OTHER_NAME = 11235
TLS_EXPIRED = 11236
TLS_UNKNOWN_AUTHORITY = 11237
INVALID_URL = 11100

Kind = Literal["connect", "read", "answer", "url"]
"""Whether no connection came about, no answer came, a bad one came, or there was nobody to ask."""


@dataclass(frozen=True, slots=True)
class Failure:
    """One way in which a call failed.

    Attributes:
        code: Twilio's error.
        words: what happened, for people.
        kind: how far the call had come.
    """

    code: int
    words: str
    kind: Kind


def of_exception(error: Exception, *, connected: bool) -> Failure:
    """What an exception of the HTTP client, or one below it, stands for."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Failure(_certificate(cause), f"TLS: {cause.verify_message}", "connect")
        if isinstance(cause, ssl.SSLError):
            return Failure(TLS, f"TLS: {_words(cause)}", "connect")
        if isinstance(cause, socket.gaierror):
            return Failure(BAD_HOST, "no such host", "connect")
        if isinstance(cause, ConnectionRefusedError):
            return Failure(CONNECTION, "connection refused", "connect")
    if not connected:
        return Failure(CONNECTION, f"no connection: {_words(causes[-1])}", "connect")
    return Failure(PROTOCOL, f"broken answer: {_words(error)}", "answer")


def no_url() -> Failure:
    """There is nobody to ask."""
    return Failure(INVALID_URL, "not an URL", "url")


def no_connection(seconds: float) -> Failure:
    """The time for connecting was over."""
    return Failure(CONNECTION, f"no connection within {seconds:g} s", "connect")


def no_answer(seconds: float) -> Failure:
    """The time for answering was over."""
    return Failure(RETRIEVAL, f"no answer within {seconds:g} s", "read")


def bad_status(status: int) -> Failure:
    """The answer was not a success."""
    return Failure(RETRIEVAL, f"answered {status}", "answer")


def long_head(most: int) -> Failure:
    """The answer had more than `most` bytes of headers."""
    return Failure(RETRIEVAL, f"more than {most} bytes of headers", "answer")


def our_fault() -> Failure:
    """Something went wrong that is not the receiver's doing."""
    return Failure(RETRIEVAL, "not sent, by a fault of the emulator: its log says more", "url")


def bad_redirect(words: str, code: int = INVALID_REDIRECT) -> Failure:
    """The answer led nowhere."""
    return Failure(code, words, "answer")


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _certificate(error: ssl.SSLCertVerificationError) -> int:
    # OpenSSL: 10 has expired, 62 another host name, 64 another address; most else is the chain.
    return {10: TLS_EXPIRED, 62: TLS_OTHER_NAME, 64: TLS_OTHER_NAME}.get(
        error.verify_code, TLS_UNKNOWN_AUTHORITY
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, what caused it, and so on; of a group, its first."""
    following: BaseException | None = error
    while following is not None:
        yield following
        if isinstance(following, BaseExceptionGroup):
            following = following.exceptions[0]
        else:
            following = following.__cause__ or following.__context__
