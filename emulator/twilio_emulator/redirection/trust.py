"""What makes clients trust an emulator's authority beside those that they trust already.

The rules of this file:

- Clients differ in what they read: one file with all authorities, an addition to their own, or a
  store of Java's. Each holds what it would hide, too: the system's authorities, and those of the
  files that the environment names.
- The same in gives the same bytes out, so what is made twice is there once.
"""

import importlib.util
import re
import ssl
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PEM = re.compile(rb"-----BEGIN CERTIFICATE-----\s.*?\s-----END CERTIFICATE-----", re.DOTALL)

WHOLE = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PERL_LWP_SSL_CA_FILE")
"""Variables that name a file with all authorities."""

ADDITIONAL = ("NODE_EXTRA_CA_CERTS", "DENO_CERT")
"""Variables that name a file with further ones."""


@dataclass(frozen=True)
class Trust:
    """Certificates in PEM.

    Attributes:
        authority: the emulator's, after those that the environment adds to a client's own.
        bundle: the emulator's, after all that clients trust else.
    """

    authority: bytes
    bundle: bytes

    @classmethod
    def beside(cls, certificate: bytes, environment: Mapping[str, str]) -> "Trust":
        """Trust in this authority, in such an environment."""
        added = _named(ADDITIONAL, environment)
        all_others = [*system_authorities(), *_named(WHOLE, environment), *added]
        return cls(joined([*added, certificate]), joined([*all_others, certificate]))

    def java_store(self) -> bytes:
        """The bundle as a PKCS#12 store for Java. It has no password, since it holds no secret."""
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import NoEncryption
        from cryptography.hazmat.primitives.serialization.pkcs12 import (
            PKCS12Certificate,
            serialize_java_truststore,
        )

        certificates: list[PKCS12Certificate] = []
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old authorities keep few of today's rules
            for pem in PEM.findall(self.bundle):
                try:
                    certificate = x509.load_pem_x509_certificate(pem)
                except ValueError:  # what cannot be read vouches for nobody
                    continue
                name = b"authority-%d" % len(certificates)
                certificates.append(PKCS12Certificate(certificate, name))
        return serialize_java_truststore(certificates, NoEncryption())


def joined(pems: Iterable[bytes]) -> bytes:
    """Certificates in one file, each once, and the last one last."""
    blocks = [block for pem in pems for block in PEM.findall(pem)]
    last_first = dict.fromkeys(reversed(blocks[-1:] + blocks[:-1]))
    return b"".join(block + b"\n" for block in reversed(last_first))


def system_authorities() -> Iterable[bytes]:
    """What clients on this machine trust without us, in PEM.

    Raises:
        OSError: it cannot be read.
    """
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return [Path(paths.cafile).read_bytes()]
    hashed = Path(paths.capath).glob("????????.[0-9]") if paths.capath else ()
    found = [file.read_bytes() for file in sorted(hashed)]
    if found or importlib.util.find_spec("certifi") is None:
        return found
    import certifi

    return [Path(certifi.where()).read_bytes()]


def _named(variables: Iterable[str], environment: Mapping[str, str]) -> list[bytes]:
    """What is in the files that variables name; nothing of those that cannot be read, as of
    directories."""
    found = []
    for name in variables:
        try:
            found.append(Path(environment[name]).read_bytes())
        except (KeyError, OSError, ValueError):
            continue
    return found
