"""What redirects clients here, asked for by HTTP."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.control.asking import PREFIX, Control
from twilio_emulator.handle.calling import Calling, CannotCall
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("authority")


@pytest.fixture(scope="module")
def calling(authority: Path) -> Iterator[Calling]:
    with Serving(Settings(port=0, authority=authority), os.environ) as serving:
        yield Calling(serving.local_url)


def said(calling: Calling, **query: str) -> dict[str, str]:
    text = calling.fetch("/env", "GET", None, query).decode()
    return dict(line.split("=", 1) for line in text.splitlines())


@pytest.mark.parametrize("form", ["dotenv", "github", "docker"])
def test_a_file_of_variables_names_files_of_ours(
    calling: Calling, authority: Path, form: str
) -> None:
    found = said(calling, format=form)
    assert found["HTTPS_PROXY"] == found["TWILIO_EMULATOR_URL"] == calling.url
    bundle = Path(found["SSL_CERT_FILE"])
    assert bundle.is_relative_to(authority / "trust")
    assert b"BEGIN CERTIFICATE" in bundle.read_bytes()
    assert ("NODE_OPTIONS" in found) == (form != "github")


def test_the_folder_that_is_asked_for(calling: Calling, tmp_path: Path) -> None:
    found = said(calling, format="docker", directory=str(tmp_path / "there"))
    assert Path(found["SSL_CERT_FILE"]).is_relative_to(tmp_path / "there")
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotCall, match="cannot write what clients need") as wrong:
        said(calling, format="docker", directory=str(tmp_path / "file"))
    assert wrong.value.status == 500


def test_the_account_that_is_asked_for(calling: Calling) -> None:
    account = calling.call("POST", "/accounts", {})
    found = said(calling, format="dotenv", account=account["account_sid"])
    assert found["TWILIO_ACCOUNT_SID"] == account["account_sid"]
    assert found["TWILIO_AUTH_TOKEN"] == account["auth_token"]
    calling.call("DELETE", f"/accounts/{account['account_sid']}")


def test_what_cannot_be_written(calling: Calling, tmp_path: Path) -> None:
    odd = str(tmp_path / "' and `")
    with pytest.raises(CannotCall, match="dotenv: cannot write NODE_OPTIONS") as wrong:
        said(calling, format="dotenv", directory=odd)
    assert wrong.value.status == 400


@pytest.mark.anyio
async def test_a_shell_is_led_to_where_it_asked(control: Control) -> None:
    for host, url in (
        ("twilio:8008", "http://twilio:8008"),
        ("localhost", "http://localhost"),
        ("api.twilio.com", "http://localhost"),
    ):
        answer = await control.client.get(f"{PREFIX}/env", headers={"Host": host})
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert f"\nexport TWILIO_EMULATOR_URL={url}\n" in answer.text


@pytest.mark.anyio
async def test_what_is_wrong_with_a_wish(control: Control) -> None:
    said = await control.mistake("GET", "/env?format=csh")
    assert "format" in said
    assert "csh" in said
    for directory in ("", "%2F", "a%0Ab"):
        said = await control.mistake("GET", f"/env?directory={directory}")
        assert said == "query directory: expected a folder in one line, such as /twilio"
