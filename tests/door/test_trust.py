"""Whom the authority vouches for, and that clients hold it to that."""

import socket
import ssl
import subprocess
import tempfile
import threading
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Self

import pytest
from cryptography import x509

from tests.door.served import IN_TIME
from twilio_emulator.server.tls_authority import Authority
from twilio_emulator.server.tls_certificates import Issuer, key_pem, new_key


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str | None) -> ssl.SSLObject:
    """A handshake in memory; returns the client's end, or raises what either end met."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = (
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    )
    for _ in range(3):
        for end in ends:
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                pass
            except ssl.SSLError as error:
                if end is ends[0]:
                    raise
                refusal = error
    assert ends[0].version(), refusal
    return ends[0]


def strict(certificate: bytes) -> ssl.SSLContext:
    """A client's context that trusts this authority only, as strict as Python 3.13's is."""
    context = ssl.create_default_context(cadata=certificate.decode())
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


@pytest.mark.parametrize(
    "name",
    [
        "api.twilio.com",
        "conversations.dublin.ie1.twilio.com",
        "twilio.com",
        "localhost",
        "conversations.localhost",
        "127.0.0.1",
        "::1",
        "_x.twilio.com",
        f"{'x' * 63}.{'y' * 63}.{'z' * 63}.{'a' * 48}.twilio.com",  # 251 characters
    ],
)
def test_names_it_vouches_for(tmp_path: Path, name: str) -> None:
    authority = Authority(tmp_path)
    client = shake_hands(strict(authority.certificate), authority.server_context(), name)
    certificate = x509.load_der_x509_certificate(client.getpeercert(binary_form=True))
    assert certificate.not_valid_after_utc - datetime.now(UTC) < timedelta(days=398)


@pytest.mark.parametrize("name", ["example.com", "twilio.com.example.com", "xn--tda.com"])
def test_names_it_does_not_vouch_for(tmp_path: Path, name: str) -> None:
    authority = Authority(tmp_path)
    with pytest.raises(ssl.SSLError, match="UNRECOGNIZED_NAME"):
        shake_hands(strict(authority.certificate), authority.server_context(), name)


@pytest.mark.parametrize("name", ["-x.twilio.com", "x..twilio.com", "*.twilio.com", "10.0.0.1"])
def test_a_name_must_be_one(tmp_path: Path, name: str) -> None:
    authority = Authority(tmp_path)
    asked = SimpleNamespace(context=None)
    refusal = authority.server_context().sni_callback(asked, name, None)
    assert refusal == ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    assert asked.context is None


def test_a_certificate_that_cannot_be_made_is_an_alert(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    authority = Authority(tmp_path / "kept")
    context = authority.server_context()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(ssl.SSLError, match="INTERNAL_ERROR"):
        shake_hands(strict(authority.certificate), context, "api.twilio.com")
    (record,) = caplog.records
    assert record.getMessage().startswith("No certificate for 'api.twilio.com': ")
    assert "\n" not in record.getMessage()
    caplog.clear()


def test_what_it_may_vouch_for_must_be_understood(authority: Authority) -> None:
    extensions = x509.load_pem_x509_certificate(authority.certificate).extensions
    constraints = extensions.get_extension_for_class(x509.NameConstraints)
    basic = extensions.get_extension_for_class(x509.BasicConstraints)
    usage = extensions.get_extension_for_class(x509.KeyUsage)
    assert constraints.critical
    assert basic.critical
    assert usage.critical
    assert [str(name.value) for name in constraints.value.permitted_subtrees] == [
        "twilio.com",
        "localhost",
        "127.0.0.0/8",
        "::1/128",
    ]
    assert basic.value.path_length == 0  # no authority under it
    assert usage.value.key_cert_sign
    assert not usage.value.digital_signature


OUTSIDE = ["example.com", "xtwilio.com", "10.0.0.1", "::2"]


def signed(authority: Authority, directory: Path, name: str) -> ssl.SSLContext:
    """A server with a certificate that whoever has the authority's key can make."""
    home = authority.directory / "1"
    issuer = Issuer.read((home / "key.pem").read_bytes(), (home / "certificate.pem").read_bytes())
    key = new_key()
    chain = directory / "chain.pem"
    chain.write_bytes(key_pem(key) + issuer.certify(key, datetime.now(UTC), names=[name]))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return context


@pytest.mark.parametrize("name", OUTSIDE)
def test_python_refuses_what_its_key_could_sign(
    tmp_path: Path, authority: Authority, name: str
) -> None:
    server = signed(authority, tmp_path, name)
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shake_hands(strict(authority.certificate), server, name)


def test_python_accepts_a_name_of_twilio_signed_so(tmp_path: Path, authority: Authority) -> None:
    # The refusals above are for the name alone.
    server = signed(authority, tmp_path, "api.twilio.com")
    shake_hands(strict(authority.certificate), server, "api.twilio.com")


class Once:
    """A TLS server that meets one client, whatever becomes of it."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.context = context
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(IN_TIME)
        self.port = str(self.listener.getsockname()[1])

    def __enter__(self) -> Self:
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return self

    def serve(self) -> None:
        connection, _ = self.listener.accept()
        connection.settimeout(IN_TIME)
        with connection, suppress(OSError):
            tls = self.context.wrap_socket(connection, server_side=True)
            with tls:
                tls.recv(65536)
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ntrusted")

    def __exit__(self, *_: object) -> None:
        self.thread.join(IN_TIME)
        self.listener.close()


def run(*command: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, timeout=IN_TIME, check=False)


NODE = """
const [ca, port, servername] = process.argv.slice(1);
require("node:https")
  .get({ host: "127.0.0.1", port, servername, ca: require("node:fs").readFileSync(ca) })
  .on("response", (response) => response.pipe(process.stdout))
  .on("error", (error) => console.log(error.reason || error.message));
"""


@pytest.mark.parametrize(
    ("name", "said"),
    [("api.twilio.com", "trusted"), ("example.com", "permitted subtree violation\n")],
)
def test_node_agrees(node: str, tmp_path: Path, authority: Authority, name: str, said: str) -> None:
    certificate = authority.directory / "1" / "certificate.pem"
    with Once(signed(authority, tmp_path, name)) as server:
        done = run(node, "-e", NODE, certificate, server.port, name)
    assert done.stdout == said, done.stderr


@pytest.mark.parametrize(
    ("name", "said", "status"), [("api.twilio.com", "trusted", 0), ("example.com", "", 60)]
)
def test_curl_agrees(
    curl: str, tmp_path: Path, authority: Authority, name: str, said: str, status: int
) -> None:
    certificate = authority.directory / "1" / "certificate.pem"
    with Once(signed(authority, tmp_path, name)) as server:
        there = f"{name}:{server.port}"
        resolved = ("--noproxy", "*", "--resolve", f"{there}:127.0.0.1")
        done = run(curl, "--silent", *resolved, "--cacert", certificate, f"https://{there}/")
    assert (done.stdout, done.returncode) == (said, status), done.stderr
