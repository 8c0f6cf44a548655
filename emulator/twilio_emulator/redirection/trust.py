"""What makes clients trust an emulator's authority beside those that they trust already.

The rules of this file:

- Clients differ in what they read: one file with all authorities, an addition to their own, or a
  store of Java's. Each holds what it would hide, too: the system's authorities, and those of the
  files that the environment names.
- The same in gives the same bytes out, so what is made twice is there once.
"""

import importlib.util
import re
import shlex
import ssl
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

PEM = re.compile(rb"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")

WHOLE = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PERL_LWP_SSL_CA_FILE")
"""Variables that name a file with all authorities."""

ADDITIONAL = ("NODE_EXTRA_CA_CERTS", "DENO_CERT")
"""Variables that name a file with further ones."""


OUR_STORE = "authorities.p12"
JAVA_STORE = "-Djavax.net.ssl.trustStore="
JAVA_PASSWORD = "-Djavax.net.ssl.trustStorePassword="
USUAL_PASSWORD = b"changeit"
"""Of Java's own store."""


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
        all_others = [
            *system_authorities(),
            *_named(WHOLE, environment),
            *added,
            *_in_javas_stores(environment.get("JAVA_TOOL_OPTIONS", "")),
        ]
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
    last = blocks[-1:]
    others = dict.fromkeys(block for block in blocks if block not in last)
    return b"".join(block + b"\n" for block in (*others, *last))


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


def _in_javas_stores(options: str) -> list[bytes]:
    """What is in the stores that options of Java name, in PEM: ours would hide it.

    One that is ours, or that cannot be read with the password beside it, has nothing.
    """
    said = _options(options)
    stores = [Path(each.removeprefix(JAVA_STORE)) for each in said if each.startswith(JAVA_STORE)]
    theirs = [store for store in stores if store.name != OUR_STORE]
    if not theirs:
        return []
    from cryptography.hazmat.primitives.serialization import Encoding, pkcs12

    named = [each.removeprefix(JAVA_PASSWORD) for each in said if each.startswith(JAVA_PASSWORD)]
    passwords = [*(each.encode() for each in named if each), USUAL_PASSWORD, None]
    found = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for store in theirs:
            for password in passwords:
                try:
                    held = pkcs12.load_pkcs12(store.read_bytes(), password)
                except (OSError, ValueError):
                    continue
                found += [
                    each.certificate.public_bytes(Encoding.PEM) for each in held.additional_certs
                ]
                break
    return found


def _options(options: str) -> list[str]:
    """Options as Java parts them: quotes of either kind hold, and a backslash is one."""
    reader = shlex.shlex(options, posix=True)
    reader.whitespace_split, reader.escape, reader.commenters = True, "", ""
    try:
        return list(reader)
    except ValueError:  # a quote that does not close: Java refuses them all
        return []


def _named(variables: Iterable[str], environment: Mapping[str, str]) -> list[bytes]:
    """What is in the files that variables name; nothing of those that cannot be read, as of
    directories."""
    found = []
    for path in dict.fromkeys(environment[name] for name in variables if name in environment):
        try:
            found.append(Path(path).read_bytes())
        except (OSError, ValueError):
            continue
    return found
