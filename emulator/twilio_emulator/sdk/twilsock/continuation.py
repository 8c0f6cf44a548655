"""Continuation tokens: how Twilsock knows a client again that was here before.

A token is what Twilio's look like: who the client is as JSON, then a signature. So nothing is kept
for it, and one that was made elsewhere is not ours. No client reads it.
"""

import hashlib
import hmac
from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from twilio_emulator.wire.access_tokens import GrantKind

_FORMAT = "rtd-ct-1"


class _Grants(msgspec.Struct, omit_defaults=True):
    identity: str
    chat: dict[str, str] | None = None
    ip_messaging: dict[str, str] | None = None
    data_sync: dict[str, str] | None = None


class _Client(msgspec.Struct, rename="camel"):
    format: str
    endpoint_id: str
    grants: _Grants


@dataclass(frozen=True, slots=True)
class Continuation:
    """The token that a client is to come back with, and why it is another than it came with.

    Attributes:
        endpoint_id: by which the client is known as long as it comes back with this token.
    """

    token: str
    endpoint_id: str
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
        run: tells ids of this run from those of another with the same key.
    """

    def __init__(self, key: bytes, run: str = "") -> None:
        self._key = key
        self._run = run.encode()
        self._issued = 0

    def renew(
        self, presented: str | None, identity: str, services: Mapping[GrantKind, str]
    ) -> Continuation:
        """Keep the token that a client presented, or issue another and say why."""
        grants = _grants(identity, services)
        if not presented:
            return self._issue(grants, "MISSING", "Continuation token is not provided")
        client = self._read(presented)
        # Twilio's words for this case are not public.
        if client is None:
            return self._issue(grants, "INVALID", "Continuation token is invalid")
        if client.grants != grants:
            return self._issue(grants, "DIFFERENT_IDENTITY", "Different identity")
        return Continuation(presented, client.endpoint_id)

    def _issue(self, grants: _Grants, reason: str, message: str) -> Continuation:
        self._issued += 1
        endpoint = self._signature(b"endpoint %b %d" % (self._run, self._issued)).hex()[:32]
        client = _Client(_FORMAT, f"twi1-{endpoint}", grants)
        said = urlsafe_b64encode(msgspec.json.encode(client)).rstrip(b"=")
        signature = b64encode(self._signature(said)).rstrip(b"=")
        token = f"{said.decode()}.{signature.decode()}"
        return Continuation(token, client.endpoint_id, reason, message)

    def _read(self, token: str) -> _Client | None:
        said, _, signature = token.encode(errors="replace").partition(b".")
        expected = b64encode(self._signature(said)).rstrip(b"=")
        if not hmac.compare_digest(signature, expected):
            return None
        return msgspec.json.decode(urlsafe_b64decode(said + b"=="), type=_Client)

    def _signature(self, said: bytes) -> bytes:
        return hmac.digest(self._key, said, hashlib.sha256)


def _grants(identity: str, services: Mapping[GrantKind, str]) -> _Grants:
    of_chat, of_sync = (
        None if (sid := services.get(kind)) is None else {"service_sid": sid} for kind in GrantKind
    )
    return _Grants(identity, of_chat, of_chat, of_sync)
