"""The files that clients are given, and what they would read but for them."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    pkcs12,
)
from cryptography.x509 import load_pem_x509_certificate

from twilio_emulator.redirection.folder import Address, CannotWrite, at, hidden_wgetrc, written
from twilio_emulator.redirection.trust import PEM, Trust, joined
from twilio_emulator.redirection.variables import changes, settled
from twilio_emulator.server.tls_authority import Authority

URL = "http://127.0.0.1:8008"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Of three authorities."""
    return [Authority(tmp_path_factory.mktemp("authority")).certificate for _ in range(3)]


def test_a_folder_is_written_once_for_what_is_in_it(
    tmp_path: Path, certificates: list[bytes]
) -> None:
    ours, other, _ = certificates
    directory = tmp_path / "trust"
    home = written(directory, URL, ours, {})
    before = {file: file.stat().st_mtime_ns for file in home.rglob("*")}
    assert written(directory, URL, ours, {}) == home
    assert {file: file.stat().st_mtime_ns for file in home.rglob("*")} == before
    others = {
        written(directory, URL, other, {}),
        written(directory, "http://127.0.0.1:8009", ours, {}),
    }
    assert set(directory.iterdir()) == {home, *others}
    assert len(others - {home}) == 2


def test_everybody_may_read_it(tmp_path: Path, certificates: list[bytes]) -> None:
    home = written(tmp_path, URL, certificates[0], {})
    for path in (home, *home.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o755 if path.is_dir() else 0o644)


def test_who_writes_it_meanwhile_is_first(
    tmp_path: Path, certificates: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    home = written(tmp_path / "one", URL, certificates[0], {})

    def slow(trust: Trust) -> bytes:
        home.rename(tmp_path / "two" / home.name)
        return b""

    (tmp_path / "two").mkdir()
    monkeypatch.setattr(Trust, "java_store", slow)
    assert written(tmp_path / "two", URL, certificates[0], {}).name == home.name
    assert [path.name for path in (tmp_path / "two").iterdir()] == [home.name]


def test_there_is_no_writing_here(tmp_path: Path, certificates: list[bytes]) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotWrite, match=r"file.*: cannot write what clients need: "):
        written(tmp_path / "file", URL, certificates[0], {})
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
def test_what_was_trusted_still_is(tmp_path: Path, certificates: list[bytes]) -> None:
    ours, corporate, addition = certificates
    (tmp_path / "corporate.pem").write_bytes(b"# of the company\n" + corporate)
    (tmp_path / "addition.pem").write_bytes(addition)
    environment = {
        "REQUESTS_CA_BUNDLE": str(tmp_path / "corporate.pem"),
        "NODE_EXTRA_CA_CERTS": str(tmp_path / "addition.pem"),
        "CURL_CA_BUNDLE": str(tmp_path / "missing.pem"),
        "DENO_CERT": str(tmp_path),
    }
    home = written(tmp_path / "trust", URL, ours, environment)
    whole = PEM.findall((home / "bundle.pem").read_bytes())
    assert [each + b"\n" for each in whole[-3:]] == [corporate, addition, ours]
    assert (home / "authority.pem").read_bytes() == addition + ours
    store = pkcs12.load_pkcs12((home / "authorities.p12").read_bytes(), None)
    assert len(store.additional_certs) == len(set(whole))

    again = {
        "REQUESTS_CA_BUNDLE": str(home / "bundle.pem"),
        "SSL_CERT_FILE": str(home / "bundle.pem"),
        "NODE_EXTRA_CA_CERTS": str(home / "authority.pem"),
    }
    assert written(tmp_path / "trust", URL, ours, again) == home


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@pytest.mark.parametrize("password", ["secret", "changeit", ""])
def test_what_java_trusted_it_still_does(
    tmp_path: Path, certificates: list[bytes], password: str
) -> None:
    ours, corporate, _ = certificates
    kept: BestAvailableEncryption | NoEncryption = NoEncryption()
    if password:
        kept = BestAvailableEncryption(password.encode())
    entry = pkcs12.PKCS12Certificate(load_pem_x509_certificate(corporate), b"corporate")
    (tmp_path / "a b.p12").write_bytes(pkcs12.serialize_java_truststore([entry], kept))
    options = f'-Xmx1g "-Djavax.net.ssl.trustStore={tmp_path}/a b.p12"'
    if password == "secret":
        options += " -Djavax.net.ssl.trustStorePassword=secret"
    stores = [f"-Djavax.net.ssl.trustStore={tmp_path / name}" for name in ("gone.p12", "x.jks")]
    (tmp_path / "x.jks").write_bytes(b"\xfe\xed\xfe\xed")
    environment = {"JAVA_TOOL_OPTIONS": " ".join((*stores, options))}
    if password == "":
        environment["JAVA_TOOL_OPTIONS"] = f"-Djavax.net.ssl.trustStore={tmp_path / 'b.p12'}"
        (tmp_path / "a b.p12").rename(tmp_path / "b.p12")
    home = written(tmp_path / "trust", URL, ours, environment)
    store = pkcs12.load_pkcs12((home / "authorities.p12").read_bytes(), None)
    trusted = [each.certificate.public_bytes(Encoding.PEM) for each in store.additional_certs]
    assert trusted[-2:] == [corporate, ours]

    assert written(tmp_path / "odd", URL, ours, {"JAVA_TOOL_OPTIONS": '"-Xmx'}).exists()
    again = settled(changes(URL, str(home), {}), environment)["JAVA_TOOL_OPTIONS"]
    assert written(tmp_path / "trust", URL, ours, {"JAVA_TOOL_OPTIONS": again or ""}) == home


def test_what_cannot_be_read_vouches_for_nobody(certificates: list[bytes]) -> None:
    broken = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    trust = Trust(certificates[0], joined([broken, certificates[0]]))
    (only,) = pkcs12.load_pkcs12(trust.java_store(), None).additional_certs
    assert only.friendly_name == b"authority-0"


def test_what_wget_would_read_is_still_read(tmp_path: Path, certificates: list[bytes]) -> None:
    (tmp_path / ".wgetrc").write_text("tries = 2\nhttps_proxy = http://corporate:3128\n")
    (tmp_path / "named").write_bytes(b"user_agent = \xff")
    home = written(tmp_path / "trust", URL, certificates[0], {"HOME": str(tmp_path)})
    lines = (home / "wgetrc").read_text().splitlines()
    assert lines[:2] == ["tries = 2", "https_proxy = http://corporate:3128"]
    assert lines[-1] == f"ca_certificate = {home}/bundle.pem"
    assert f"https_proxy = {URL}" in lines[2:]
    again = {"HOME": str(tmp_path), "WGETRC": str(home / "wgetrc")}
    assert written(tmp_path / "trust", URL, certificates[0], again) == home

    named = {"HOME": str(tmp_path), "WGETRC": str(tmp_path / "named")}
    home = written(tmp_path / "trust", URL, certificates[0], named)
    assert (home / "wgetrc").read_bytes().startswith(b"user_agent = \xff\n")
    assert hidden_wgetrc({"HOME": str(tmp_path / "nowhere")}) == hidden_wgetrc({}) == ""


def test_a_folder_of_any_name() -> None:
    files = at("/a'b \"c\\d", Address("::1", 8008), "")
    assert b"""curl.cainfo = "/a'b \\"c\\\\d/bundle.pem"\n""" in files["php/twilio-emulator.ini"]
    assert b"""cacerts_load("/a'b \\"c\\\\d/bundle.pem")""" in files["erlang.config"]
    assert b'{{"::1",8008},["localhost","127.0.0.1","::1"]}' in files["erlang.config"]
    assert b"https_proxy = http://[::1]:8008\n" in files["wgetrc"]
