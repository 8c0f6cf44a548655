"""The certificate authority behind https: made once, constrained to twilio.com and local names.

- It is kept in a directory: `1/key.pem`, readable by the user alone, and `1/certificate.pem`. One
  about to expire stays where it is, and `2` is made.
- A new one is written beside its place and moved there as a whole. A directory can't be moved onto
  one that holds files, so of two processes that start at once the first wins, and both use it.
- What it may vouch for is written into it (RFC 5280 section 4.2.1.10), so trusting it is safe: a
  certificate for any other name made with its key is refused by every client.
- Nothing is read, made or imported before TLS is needed.
- Where the user has said where it is kept, others read it there, as other containers do that have
  the volume: `ca.pem` beside the generations is the certificate in force, and `bundle.pem` has the
  system's authorities too. Everybody may read these two, and nobody else the key.
"""

from __future__ import annotations

import functools
import itertools
import logging
import os
import re
import shutil
import ssl
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

    from twilio_emulator.server.tls_certificates import Issuer

logger = logging.getLogger(__name__)

DOMAINS = ("twilio.com", "localhost")
NETWORKS = ("127.0.0.0/8", "::1/128")

# One who asks for an address sends no SNI (RFC 6066 section 3). OpenSSL wants every address in a
# certificate to be covered by the constraint.
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")

RENEWED_BEFORE = timedelta(days=30)
LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")


class AuthorityError(Exception):
    """The authority can't be read or made. The text is one line, meant for the user."""


def default_directory(environment: Mapping[str, str]) -> Path:
    """Where the authority is kept when nothing else is said: the user's state directory.

    Source: the XDG base directory specification, by which a relative `XDG_STATE_HOME` is ignored.
    """
    state = Path(environment.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():
        home = environment.get("HOME") or environment.get("USERPROFILE") or "/"
        state = Path(home, ".local", "state")
    return state / "twilio-emulator"


class Authority:
    """The authority kept in `directory`, and the TLS contexts with certificates of it.

    Making the object touches nothing. Its members read the authority, or make it, when they are
    first used; they raise `AuthorityError` when they can't.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._context = functools.lru_cache(maxsize=256)(self._make_context)

    @property
    def certificate(self) -> bytes:
        """The authority's certificate, in PEM."""
        return self._issuer.pems()[1]

    def server_context(self, name: str = "localhost") -> ssl.SSLContext:
        """A server's context, which answers a client with a certificate for the name it asks for.

        One that asks for none gets the certificate for `name`, or the local one where `name` is
        outside the constraint. One that asks for such a name is refused.
        """
        try:
            return self._context(_vouched_for(name) or "localhost")
        except OSError as error:
            raise AuthorityError(f"cannot make a certificate: {error}") from error

    def write_bundle(self, path: Path) -> Path:
        """Write the system's authorities and ours into one PEM file, and return its path.

        It is for clients that read one file only, as `REQUESTS_CA_BUNDLE` names it. Who reads it
        meanwhile sees the old file or the new one, never half of it.
        """
        from twilio_emulator.redirection.trust import system_authorities

        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            pems = (*system_authorities(), self.certificate)
            _lay_out(path, b"".join(pem.rstrip() + b"\n" for pem in pems))
        except OSError as error:
            raise AuthorityError(f"{path}: cannot write the bundle: {error}") from error
        return path

    def publish(self) -> None:
        """Lay out the certificate for other users and other containers, who may read nothing else.

        Raises:
            AuthorityError: it can't be made, or not be laid out.
        """
        from twilio_emulator.redirection.trust import system_authorities

        try:
            if not self.directory.exists():
                self.directory.mkdir(mode=0o755, parents=True)
                self.directory.chmod(0o755)
            ours = self.certificate
            pems = [pem.rstrip() + b"\n" for pem in (*system_authorities(), ours)]
            for name, text in (("ca.pem", ours), ("bundle.pem", b"".join(pems))):
                _lay_out(self.directory / name, text)
        except OSError as error:
            raise AuthorityError(
                f"{self.directory}: cannot lay the certificate out here: {error}"
            ) from error

    @functools.cached_property
    def _issuer(self) -> Issuer:
        needed_until = datetime.now(UTC) + RENEWED_BEFORE
        homes = (self.directory / str(generation) for generation in itertools.count(1))
        try:
            return next(issuer for issuer in map(_kept, homes) if issuer.lasts_until(needed_until))
        except OSError as error:
            raise AuthorityError(
                f"{self.directory}: cannot keep the certificate authority here: {error}"
            ) from error

    @functools.cached_property
    def _leaf_key(self) -> EllipticCurvePrivateKey:
        from twilio_emulator.server.tls_certificates import new_key

        return new_key()

    def _make_context(self, name: str) -> ssl.SSLContext:
        from twilio_emulator.server.tls_certificates import key_pem

        names = LOCAL_NAMES if name == "localhost" else (name,)
        leaf = self._issuer.certify(self._leaf_key, datetime.now(UTC), names=names)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        context.sni_callback = self._choose
        with tempfile.TemporaryDirectory() as directory:  # OpenSSL reads it from a file only
            chain = Path(directory, "chain.pem")
            chain.write_bytes(key_pem(self._leaf_key) + leaf)
            context.load_cert_chain(chain)
        return context

    def _choose(
        self, connection: ssl.SSLObject, asked: str | None, _: ssl.SSLContext
    ) -> int | None:
        """Swap in the context for the name asked for; a number is the TLS alert that refuses it."""
        if asked is None:
            return None
        name = _vouched_for(asked)
        if name is None:
            logger.warning("No certificate for %r: neither Twilio's nor a local name.", asked)
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        try:
            connection.context = self.server_context(name)
        except AuthorityError as error:
            logger.error("No certificate for %r: %s", asked, error)
            return ssl.ALERT_DESCRIPTION_INTERNAL_ERROR
        return None


def _lay_out(path: Path, text: bytes) -> None:
    """Write a file that everybody may read; who reads it meanwhile sees the old or the new."""
    with suppress(FileNotFoundError):
        if path.read_bytes() == text and path.stat().st_mode & 0o444 == 0o444:
            return
    handle, draft = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def _make(home: Path) -> None:
    """Make a new authority in `home`, unless another process was faster."""
    from twilio_emulator.server.tls_certificates import Issuer

    key, certificate = Issuer.made(datetime.now(UTC), domains=DOMAINS, networks=NETWORKS).pems()
    home.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".new-", dir=home.parent))  # for the user alone
    try:
        (draft / "key.pem").touch(mode=0o600)
        (draft / "key.pem").write_bytes(key)
        (draft / "certificate.pem").write_bytes(certificate)
        draft.rename(home)
    except OSError:
        shutil.rmtree(draft)
        if not home.exists():
            raise


def _kept(home: Path) -> Issuer:
    """The authority in `home`, made when there is none."""
    from twilio_emulator.server.tls_certificates import Issuer

    if not home.exists():
        _make(home)
    try:
        return Issuer.read((home / "key.pem").read_bytes(), (home / "certificate.pem").read_bytes())
    except (FileNotFoundError, NotADirectoryError, TypeError, ValueError) as error:
        raise AuthorityError(
            f"{home}: this certificate authority is damaged ({error}); remove it to have a new one "
            "made, which clients must be told to trust again"
        ) from error


def _vouched_for(name: str) -> str | None:
    """The name of the certificate for a host, None for a host outside the constraint."""
    name = name.lower().rstrip(".")
    try:
        return "localhost" if ip_address(name).is_loopback else None
    except ValueError:
        pass
    ours = any(name == domain or name.endswith(f".{domain}") for domain in DOMAINS)
    whole = len(name) <= 253 and all(map(LABEL.fullmatch, name.split(".")))
    return name if ours and whole else None
