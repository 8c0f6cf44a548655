"""What redirects a machine without Python: a script for its shell, which it asks a server for."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.conftest import absent
from twilio_emulator.handle.calling import Calling
from twilio_emulator.redirection import variables
from twilio_emulator.redirection.scripts import PowerShell
from twilio_emulator.redirection.trust import PEM
from twilio_emulator.server.serving import Serving
from twilio_emulator.server.tls_authority import Authority
from twilio_emulator.settings import Settings

SHELLS = {
    "sh": ("sh", 'eval "$(curl --noproxy "*" -s $URL/_emulator/v1/env)"'),
    "bash": ("bash", 'eval "$(curl --noproxy "*" -s $URL/_emulator/v1/env)"'),
    "fish": ("fish", 'curl --noproxy "*" -s "$URL/_emulator/v1/env?format=fish" | source'),
}
NAMES = {"TWILIO_ACCOUNT_SID": "AC1"}


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    directory = tmp_path_factory.mktemp("authority")
    with Serving(Settings(port=0, authority=directory), os.environ) as serving:
        yield serving


def evaluate(serving: Serving, shell: str, home: Path, after: str, **environment: str) -> str:
    """What a shell says that has been redirected, and then does something."""
    shell, *options = shell.split()
    path = shutil.which(SHELLS[shell][0])
    curl = shutil.which("curl")
    if path is None or curl is None:
        absent(f"{shell} or curl is not installed")
    done = subprocess.run(
        [path, *options, "-c", f"{SHELLS[shell][1]}\n{after}"],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(home), "URL": serving.local_url}
        | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.stderr + done.stdout


def variables_in(said: str) -> dict[str, str]:
    return dict(line.partition("=")[::2] for line in said.splitlines())


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_sets_what_python_would(serving: Serving, shell: str, tmp_path: Path) -> None:
    before = {
        "NODE_OPTIONS": "--max-old-space-size=99",
        "PYTHONPATH": "/mine:/yours",
        "NO_PROXY": "db, *,api.twilio.com,.corp.example,::1",
        "PHP_INI_SCAN_DIR": "",
        "ERL_AFLAGS": "+P 5000",
        "ALL_PROXY": "http://corporate:3128",
        "HTTPS_PROXY": "http://corporate:3128",
    }
    said = variables_in(evaluate(serving, shell, tmp_path, "env", **before))
    (home,) = (tmp_path / ".local/state/twilio-emulator/trust").iterdir()
    account = Calling(serving.local_url).get("/accounts")["accounts"][0]
    changes = variables.changes(
        serving.local_url, str(home), variables.credentials(account, {}), ":"
    )
    expected = {
        name: value
        for name, value in variables.settled(changes, before).items()
        if value is not None
    }
    assert {name: said.get(name) for name in expected} == expected
    assert not {"ALL_PROXY", "all_proxy", "TWILIO_CA_BUNDLE"} & said.keys()
    assert not any(name.startswith("_te") for name in said)


@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_is_redirected_twice(serving: Serving, shell: str, tmp_path: Path) -> None:
    (tmp_path / ".wgetrc").write_text("tries = 2\n")
    theirs = Authority(tmp_path / "theirs").certificate
    (tmp_path / "corporate.pem").write_bytes(theirs.rstrip())
    find = f"find {tmp_path}/.local -type f | sort | xargs cksum"
    look = f"env | sort | grep -v ^_=\n{find}\n"
    after = f"{look}echo AGAIN\n{SHELLS[shell][1]}\n{look}"
    said = evaluate(
        serving, shell, tmp_path, after, NODE_EXTRA_CA_CERTS=str(tmp_path / "corporate.pem")
    )
    first, second = said.split("AGAIN\n")
    assert first == second
    (home,) = (tmp_path / ".local/state/twilio-emulator/trust").iterdir()
    lines = (home / "wgetrc").read_text().splitlines()
    assert (lines[0], lines[-1]) == ("tries = 2", f"ca_certificate = {home}/bundle.pem")
    ours = serving.authority.certificate
    assert PEM.findall((home / "authority.pem").read_bytes()) == [theirs.rstrip(), ours.rstrip()]
    assert {theirs.rstrip(), ours.rstrip()} <= set(PEM.findall((home / "bundle.pem").read_bytes()))
    assert not (home / "new").exists()


@pytest.mark.filterwarnings("ignore::cryptography.utils.CryptographyDeprecationWarning")
@pytest.mark.parametrize("shell", SHELLS)
def test_a_shell_reaches_us(serving: Serving, shell: str, tmp_path: Path) -> None:
    url = "https://api.twilio.com/2010-04-01/Accounts.json"
    said = evaluate(serving, shell, tmp_path, f"curl -s -o /dev/null -w '%{{http_code}}' {url}")
    assert said == "401"
    (home,) = (tmp_path / ".local/state/twilio-emulator/trust").iterdir()
    store = pkcs12.load_pkcs12((home / "authorities.p12").read_bytes(), None)
    assert len(store.additional_certs) > 0


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_a_shell_that_ends_at_the_first_failure(
    serving: Serving, shell: str, tmp_path: Path
) -> None:
    """As the shell of a step in CI does: there is no `.wgetrc`, and nothing else."""
    again = SHELLS[shell][1]
    said = evaluate(serving, f"{shell} -euC", tmp_path, f"{again}\necho $HTTPS_PROXY")
    assert said == f"{serving.local_url}\n"
    said = evaluate(serving, f"{shell} -euC", tmp_path, f"{again}\necho $HTTPS_PROXY")
    assert said == f"{serving.local_url}\n"


@pytest.mark.parametrize("state", ["a b", "file"])
def test_a_shell_that_is_not_redirected_does_not_go_on_to_twilio(
    serving: Serving, state: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    where = str(tmp_path / state)
    for shell, after in ("sh -eu", "echo went on"), ("sh", "echo $?"):
        said = evaluate(serving, shell, tmp_path, after, XDG_STATE_HOME=where)
        assert said.startswith("twilio-emulator: ") or "mkdir" in said
        assert "went on" not in said
        assert shell != "sh" or said.endswith("\n1\n")


@pytest.mark.parametrize("shell", ["sh", "fish"])
@pytest.mark.parametrize(
    ("state", "message"),
    [
        ("a b", "expected a folder without white space or quotes in its name, not"),
        ("it's", "expected a folder without white space or quotes in its name, not"),
        ("file", "cannot write"),
    ],
)
def test_a_folder_that_cannot_be(
    serving: Serving, shell: str, state: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    where = str(tmp_path / state)
    said = evaluate(serving, shell, tmp_path, 'echo "[$HTTPS_PROXY]"', XDG_STATE_HOME=where)
    assert f"twilio-emulator: {message} {where}/twilio-emulator" in said
    assert said.endswith("[]\n")
    assert not list(tmp_path.rglob("trust"))


@pytest.mark.parametrize("shell", ["sh", "fish"])
def test_a_folder_that_is_named(serving: Serving, shell: str, tmp_path: Path) -> None:
    there = f"directory={tmp_path}/there"
    asked = {"sh": f"env?{there}", "fish": f"env?format=fish&{there}"}[shell]
    how = {"sh": 'eval "$(curl -s "{}")"', "fish": 'curl -s "{}" | source'}[shell]
    url = f"{serving.local_url}/_emulator/v1/{asked}"
    said = evaluate(serving, shell, tmp_path, f"{how.format(url)}\necho $SSL_CERT_FILE")
    assert re.fullmatch(rf"{tmp_path}/there/[0-9a-f]{{16}}/bundle\.pem\n", said)


def test_powershell_as_it_is_written(serving: Serving) -> None:
    """No PowerShell is to be had here: that its quotes and brackets close is all that is shown."""
    ours = serving.authority.certificate
    for directory, first in ((None, '"$HOME/.local/state"'), ("/it's/", "'/it''s'")):
        text = PowerShell("http://twilio:8008", ours, NAMES, directory).text()
        assert f"$_te = {first}\n" in text
        assert "$Env:HTTPS_PROXY = ('http://twilio:8008')\n" in text
        assert "$Env:SSL_CERT_FILE = ('' + $_te + '/bundle.pem')\n" in text
        assert "$Env:TWILIO_ACCOUNT_SID = ('AC1')\n" in text
        assert "Remove-Item Env:ALL_PROXY -ErrorAction SilentlyContinue\n" in text
        bare = re.sub(r"""'(?:[^']|'')*'|"[^"]*"|#[^\n]*""", "", text)
        assert "'" not in bare
        assert '"' not in bare
        for opening, closing in ("()", "{}", "[]"):
            assert bare.count(opening) == bare.count(closing)
