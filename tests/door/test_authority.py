"""The authority: made once, for the user alone, and good for Twilio's names and local ones only."""

import concurrent.futures
import os
import shutil
import ssl
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.door.served import IN_TIME
from twilio_emulator.server.tls_authority import (
    DOMAINS,
    NETWORKS,
    Authority,
    AuthorityError,
    default_directory,
)
from twilio_emulator.server.tls_certificates import AUTHORITY_LASTS, Issuer, key_pem, new_key


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("environment", "directory"),
    [
        ({"HOME": "/home/ann"}, "/home/ann/.local/state/twilio-emulator"),
        ({"HOME": "/home/ann", "XDG_STATE_HOME": "/state"}, "/state/twilio-emulator"),
        (
            {"HOME": "/home/ann", "XDG_STATE_HOME": "state"},
            "/home/ann/.local/state/twilio-emulator",
        ),
        ({"USERPROFILE": "/users/ann"}, "/users/ann/.local/state/twilio-emulator"),
        ({}, "/.local/state/twilio-emulator"),
    ],
)
def test_where_it_is_kept(environment: dict[str, str], directory: str) -> None:
    assert default_directory(environment) == Path(directory)


def test_it_is_made_on_first_use(tmp_path: Path) -> None:
    directory = tmp_path / "state" / "twilio-emulator"
    authority = Authority(directory)
    assert not directory.exists()
    made = authority.certificate
    assert Authority(directory).certificate == made
    assert mode(directory) == mode(directory / "1") == 0o700
    assert mode(directory / "1" / "key.pem") == 0o600


def test_of_many_that_make_it_at_once_all_get_the_same(tmp_path: Path) -> None:
    ready = threading.Barrier(8)

    def start() -> bytes:
        ready.wait(IN_TIME)
        return Authority(tmp_path).certificate

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        made = [future.result(60) for future in [pool.submit(start) for _ in range(8)]]
    assert len(set(made)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["1"]


def test_the_slower_of_two_takes_what_the_faster_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def overtaken(draft: Path, home: Path) -> Path:
        shutil.copytree(faster / "1", home)
        return rename(draft, home)

    faster, shared = tmp_path / "faster", tmp_path / "shared"
    expected = Authority(faster).certificate
    monkeypatch.setattr(Path, "rename", overtaken)
    assert Authority(shared).certificate == expected
    assert [path.name for path in shared.iterdir()] == ["1"]


def write(home: Path, issuer: Issuer) -> None:
    home.mkdir(parents=True)
    key, certificate = issuer.pems()
    (home / "key.pem").write_bytes(key)
    (home / "certificate.pem").write_bytes(certificate)


@pytest.mark.parametrize(("days_left", "replaced"), [(31, False), (29, True), (-1, True)])
def test_one_about_to_expire_is_replaced(tmp_path: Path, days_left: int, replaced: bool) -> None:
    made = datetime.now(UTC) - AUTHORITY_LASTS + timedelta(days=days_left, minutes=5)
    old = Issuer.made(made, domains=DOMAINS, networks=NETWORKS)
    write(tmp_path / "1", old)
    now = Authority(tmp_path).certificate
    assert (now != old.pems()[1]) == replaced
    assert (tmp_path / "2").exists() == replaced
    assert Authority(tmp_path).certificate == now


def test_a_leaf_ends_no_later_than_its_authority() -> None:
    now = datetime.now(UTC)
    issuer = Issuer.made(
        now - AUTHORITY_LASTS + timedelta(days=40), domains=DOMAINS, networks=NETWORKS
    )
    leaf = x509.load_pem_x509_certificate(issuer.certify(new_key(), now, names=["localhost"]))
    assert leaf.not_valid_after_utc == issuer.certificate.not_valid_after_utc


def encrypted() -> bytes:
    return new_key().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
    )


def of_another_kind() -> bytes:
    key = Ed25519PrivateKey.generate()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("key.pem", b""),
        ("key.pem", key_pem(new_key())),
        ("key.pem", encrypted()),
        ("key.pem", of_another_kind()),
        ("key.pem", None),
        ("certificate.pem", b"-----BEGIN CERTIFICATE-----\n"),
        ("certificate.pem", None),
    ],
    ids=["empty", "of another", "encrypted", "no P-256", "no key", "cut off", "no certificate"],
)
def test_a_damaged_one_is_reported_in_one_line(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    Authority(tmp_path).certificate  # noqa: B018
    (tmp_path / "1" / name).unlink()
    if content is not None:
        (tmp_path / "1" / name).write_bytes(content)
    with pytest.raises(AuthorityError, match=r"damaged.*remove") as raised:
        Authority(tmp_path).certificate  # noqa: B018
    assert "\n" not in str(raised.value)
    assert str(tmp_path / "1") in str(raised.value)


@pytest.mark.parametrize("inside", ["", "under"])
def test_a_place_where_it_cannot_be_kept_is_reported_in_one_line(
    tmp_path: Path, inside: str
) -> None:
    (tmp_path / "file").touch()
    authority = Authority(tmp_path / "file" / inside)
    with pytest.raises(AuthorityError, match="cannot keep the certificate authority") as raised:
        authority.server_context()
    assert "\n" not in str(raised.value)


def test_a_draft_that_cannot_be_moved_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(draft: Path, home: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(AuthorityError, match="Permission denied"):
        Authority(tmp_path).certificate  # noqa: B018
    assert list(tmp_path.iterdir()) == []


def test_contexts_are_kept(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    assert authority.server_context("API.twilio.com.") is authority.server_context("api.twilio.com")
    assert authority.server_context("127.0.0.1") is authority.server_context()
    assert authority.server_context("10.0.0.1") is authority.server_context()
    assert authority.server_context("twilio") is authority.server_context()


def test_a_bundle_holds_the_systems_authorities_and_ours(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = tmp_path / "system.pem"
    system.write_bytes(Authority(tmp_path / "other").certificate.rstrip())  # ends without a newline
    monkeypatch.setenv("SSL_CERT_FILE", str(system))
    bundle = authority.write_bundle(tmp_path / "made" / "bundle.pem")
    assert bundle.read_bytes() == system.read_bytes() + b"\n" + authority.certificate
    assert mode(bundle) == 0o644
    assert len(ssl.create_default_context(cafile=bundle).get_ca_certs()) == 2
    authority.write_bundle(bundle)
    assert [path.name for path in bundle.parent.iterdir()] == ["bundle.pem"]


def paths(monkeypatch: pytest.MonkeyPatch, **given: str | None) -> None:
    found = SimpleNamespace(**{"cafile": None, "capath": None} | given)
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: found)


def test_a_bundle_of_a_directory(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Authority(tmp_path / "other").certificate
    (tmp_path / "0123abcd.0").write_bytes(other)
    (tmp_path / "README").write_bytes(b"not one")
    paths(monkeypatch, capath=str(tmp_path))
    bundle = authority.write_bundle(tmp_path / "bundle.pem")
    assert bundle.read_bytes() == other + authority.certificate


def test_a_bundle_where_the_system_has_none(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths(monkeypatch)
    bundle = authority.write_bundle(tmp_path / "bundle.pem")
    assert bundle.read_bytes().startswith(Path(certifi.where()).read_bytes().rstrip())
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    bundle = authority.write_bundle(tmp_path / "bundle.pem")
    assert bundle.read_bytes() == authority.certificate


def test_a_bundle_that_cannot_be_written_is_reported_in_one_line(
    tmp_path: Path, authority: Authority
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AuthorityError, match="cannot write the bundle") as raised:
        authority.write_bundle(tmp_path / "file" / "bundle.pem")
    assert "\n" not in str(raised.value)


def test_what_tls_needs_is_imported_when_it_is_needed() -> None:
    code = """
import sys
from twilio_emulator.server import listener, tls_authority
print(*sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    imported = set(done.stdout.split())
    assert "twilio_emulator.server.listener" in imported
    assert not {"cryptography", "httpx2"} & imported


def test_what_others_may_read_of_it(tmp_path: Path) -> None:
    directory = tmp_path / "volume" / "authority"
    old = os.umask(0o077)
    try:
        authority = Authority(directory)
        authority.publish()
    finally:
        os.umask(old)
    assert (directory / "ca.pem").read_bytes() == authority.certificate
    assert (directory / "bundle.pem").read_bytes().endswith(authority.certificate)
    assert mode(directory / "ca.pem") == mode(directory / "bundle.pem") == 0o644
    assert mode(directory) == 0o755
    assert mode(directory / "1") == 0o700
    assert mode(directory / "1" / "key.pem") == 0o600
    names = sorted(path.name for path in directory.iterdir())
    assert names == ["1", "bundle.pem", "ca.pem"]

    written = (directory / "ca.pem").stat().st_mtime_ns
    again = Authority(directory)
    again.publish()
    assert (directory / "ca.pem").stat().st_mtime_ns == written
    (directory / "ca.pem").chmod(0o600)
    again.publish()
    assert mode(directory / "ca.pem") == 0o644
    (directory / "ca.pem").write_text("of another one")
    again.publish()
    assert (directory / "ca.pem").read_bytes() == authority.certificate


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir(mode=0o700)
    Authority(tmp_path / "mine").publish()
    assert mode(tmp_path / "mine") == 0o700


def test_what_cannot_be_laid_out_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").mkdir()
    with pytest.raises(AuthorityError, match="cannot lay the certificate out here"):
        Authority(tmp_path).publish()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["1", "ca.pem"]
