"""An authenticator made of the library of a maker of authenticators, with a browser around it."""

import json
import os
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import sha256, websafe_decode, websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

UP, UV, AT = (
    AuthenticatorData.FLAG.USER_PRESENT,
    AuthenticatorData.FLAG.USER_VERIFIED,
    AuthenticatorData.FLAG.ATTESTED,
)


class SoftAuthenticator:
    """Holds one passkey.

    Args:
        origin: where the page is from that asks for it.

    Attributes:
        counter: how often it was used; it may be set back, as in a copy.
        flags: what it says of its user.
    """

    def __init__(self, origin: str = "https://example.com") -> None:
        self.origin = origin
        self.counter = 0
        self.flags = UP | UV
        self.id = os.urandom(32)
        self.user = b""
        self._key = ec.generate_private_key(ec.SECP256R1())

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.create` gives for these options."""
        asked = options["publicKey"]
        self.user = websafe_decode(asked["user"]["id"])
        key = ES256.from_cryptography_key(self._key.public_key())
        credential = AttestedCredentialData.create(bytes(16), self.id, key)
        data = AuthenticatorData.create(
            sha256(asked["rp"]["id"].encode()), self.flags | AT, self.counter, credential
        )
        return self._said(
            {
                "clientDataJSON": self._client("webauthn.create", asked["challenge"]),
                "attestationObject": AttestationObject.create("none", data, {}),
                "transports": ["internal"],
            }
        )

    def get(self, options: dict[str, Any]) -> dict[str, Any]:
        """What `navigator.credentials.get` gives for these options."""
        asked = options["publicKey"]
        self.counter += 1
        data = AuthenticatorData.create(sha256(asked["rpId"].encode()), self.flags, self.counter)
        client = self._client("webauthn.get", asked["challenge"])
        signature = self._key.sign(data + sha256(client), ec.ECDSA(hashes.SHA256()))
        return self._said(
            {
                "clientDataJSON": client,
                "authenticatorData": data,
                "signature": signature,
                "userHandle": self.user,
            }
        )

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _said(self, response: dict[str, Any]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        told = {k: websafe_encode(v) if isinstance(v, bytes) else v for k, v in response.items()}
        return {
            "id": name,
            "rawId": name,
            "authenticatorAttachment": "platform",
            "type": "public-key",
            "response": told,
        }
