"""Continuation tokens: how Twilsock knows a client again that was here before.

A token is what Twilio's look like: who the client is as JSON, then a signature. So nothing is kept
for it, and one that was made elsewhere is not ours. No client reads it.
"""

import hashlib
import hmac
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

import msgspec

_FORMAT = "rtd-ct-1"


class _Grants(msgspec.Struct):
    identity: str
    chat: dict[str, str]
    ip_messaging: dict[str, str]


class _Client(msgspec.Struct, rename="camel"):
    format: str
    endpoint_id: str
    grants: _Grants


@dataclass(frozen=True, slots=True)
class Continuation:
    """The token that a client is to come back with, and why it is another than it came with."""

    token: str
    reissue_reason: str | None = None
    reissue_message: str | None = None

    def status(self) -> dict[str, object]:
        """`continuation_token_status` of an init reply."""
        if self.reissue_reason is None:
            return {"reissued": False}
        return {
            "reissued": True,
            "reissue_reason": self.reissue_reason,
            "reissue_message": self.reissue_message,
        }


class ContinuationTokens:
    """Issues continuation tokens and knows them again.

    Args:
        key: signs them; with the same key they outlive a restart.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._issued = 0

    def renew(self, presented: str | None, identity: str, service_sid: str) -> Continuation:
        """Keep the token that a client presented, or issue another and say why."""
        if not presented:
            return self._issue(
                identity, service_sid, "MISSING", "Continuation token is not provided"
            )
        client = self._read(presented)
        # Twilio's words for this case are not public.
        if client is None:
            return self._issue(identity, service_sid, "INVALID", "Continuation token is invalid")
        if client.grants != _grants(identity, service_sid):
            return self._issue(identity, service_sid, "DIFFERENT_IDENTITY", "Different identity")
        return Continuation(presented)

    def _issue(self, identity: str, service_sid: str, reason: str, message: str) -> Continuation:
        self._issued += 1
        endpoint = self._signature(b"endpoint %d" % self._issued).hex()[:32]
        client = _Client(_FORMAT, f"twi1-{endpoint}", _grants(identity, service_sid))
        said = urlsafe_b64encode(msgspec.json.encode(client)).rstrip(b"=")
        signature = b64encode(self._signature(said)).rstrip(b"=")
        return Continuation(f"{said.decode()}.{signature.decode()}", reason, message)

    def _read(self, token: str) -> _Client | None:
        said, _, signature = token.encode(errors="replace").partition(b".")
        expected = b64encode(self._signature(said)).rstrip(b"=")
        if not hmac.compare_digest(signature, expected):
            return None
        return msgspec.json.decode(urlsafe_b64decode(said + b"=="), type=_Client)

    def _signature(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, hashlib.sha256)


def _grants(identity: str, service_sid: str) -> _Grants:
    service = {"service_sid": service_sid}
    return _Grants(identity=identity, chat=service, ip_messaging=service)
