"""Signatures of ECDSA with P-256 and SHA-256, which the standard library does not know: whoever
makes a world hands in who does."""

from typing import Protocol


class Signatures(Protocol):
    """What the world has to know of signatures."""

    def is_key(self, public_key: bytes) -> bool:
        """Whether this is a public key of P-256, in DER (SubjectPublicKeyInfo)."""

    def is_signed(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Whether the owner of a key has signed a message; the signature is in DER."""


class _NoSignatures:
    """In place of who knows them, for a world in which nobody signs."""

    def is_key(self, public_key: bytes) -> bool:
        """No key is known."""
        return False

    def is_signed(self, public_key: bytes, message: bytes, signature: bytes) -> bool:
        """Nothing is signed."""
        return False


NO_SIGNATURES = _NoSignatures()
