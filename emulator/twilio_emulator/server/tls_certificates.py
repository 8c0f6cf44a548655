"""X.509 as the authority needs it: a constrained root, and certificates under it.

Every extension is there for a client that asks for it. Python 3.13 verifies strictly, so that key
identifiers, key usage and critical basic constraints are needed; OpenSSL, NSS and Node agree.
Importing `cryptography` takes long: import this module only when TLS is needed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY_LASTS = timedelta(days=3650)
LEAF_LASTS = timedelta(days=397)  # Apple's clients refuse more than 825
BACKDATED = timedelta(days=1)  # clocks of containers and virtual machines lag

ORGANIZATION = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "twilio-emulator")


@dataclass(frozen=True)
class Issuer:
    """An authority's key and certificate."""

    key: EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def made(cls, now: datetime, *, domains: Iterable[str], networks: Iterable[str]) -> Self:
        """A new authority that can vouch for these domains, what is under them, and networks."""
        key = new_key()
        serial = x509.random_serial_number()
        # A person should be able to tell two machines' authorities apart in one trust store.
        number = x509.NameAttribute(NameOID.COMMON_NAME, f"twilio-emulator {serial:x}"[:32])
        name = x509.Name([ORGANIZATION, number])
        permitted: list[x509.GeneralName] = [x509.DNSName(domain) for domain in domains]
        permitted += [x509.IPAddress(ip_network(network)) for network in networks]
        constraints = x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None)
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), serial)
            .not_valid_before(now - BACKDATED)
            .not_valid_after(now + AUTHORITY_LASTS)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
            .add_extension(constraints, critical=True)
            .add_extension(identifier, critical=False)
            .add_extension(_issued_by(identifier), critical=False)
            .sign(key, hashes.SHA256())
        )
        return cls(key, certificate)

    @classmethod
    def read(cls, key_pem: bytes, certificate_pem: bytes) -> Self:
        """The authority that was written down so. Raises `ValueError` when it was not."""
        key = load_pem_private_key(key_pem, password=None)
        certificate = x509.load_pem_x509_certificate(certificate_pem)
        if not isinstance(key, EllipticCurvePrivateKey):
            raise ValueError("not an elliptic curve key")
        if key.public_key() != certificate.public_key():
            raise ValueError("key and certificate are not of one pair")
        return cls(key, certificate)

    def lasts_until(self, moment: datetime) -> bool:
        """Whether the authority is still valid at this moment."""
        return self.certificate.not_valid_after_utc > moment

    def certify(
        self, key: EllipticCurvePrivateKey, now: datetime, *, names: Iterable[str]
    ) -> bytes:
        """A server's certificate for these names and addresses, in PEM."""
        identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
        ours = self.certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        certificate = (
            # No common name: it holds 64 characters at most, and clients read only the names.
            x509.CertificateBuilder(self.certificate.subject, x509.Name([ORGANIZATION]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - BACKDATED)
            .not_valid_after(min(now + LEAF_LASTS, self.certificate.not_valid_after_utc))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(server, critical=False)
            .add_extension(x509.SubjectAlternativeName(map(_general, names)), critical=False)
            .add_extension(identifier, critical=False)
            .add_extension(_issued_by(ours.value), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return certificate.public_bytes(Encoding.PEM)

    def pems(self) -> tuple[bytes, bytes]:
        """Key and certificate in PEM, as `read` takes them."""
        return key_pem(self.key), self.certificate.public_bytes(Encoding.PEM)


def new_key() -> EllipticCurvePrivateKey:
    """A new key on P-256, which every client knows."""
    return generate_private_key(SECP256R1())


def key_pem(key: EllipticCurvePrivateKey) -> bytes:
    """A key in PEM, in clear."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _general(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _issued_by(identifier: x509.SubjectKeyIdentifier) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
