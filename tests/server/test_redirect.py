import shlex
import subprocess
from pathlib import Path

from twilio_emulator.handle import redirection
from twilio_emulator.handle.redirection import Trust
from twilio_emulator.server.tls_authority import Authority

ACCOUNT = {
    "account_sid": "AC1",
    "auth_token": None,
    "api_key": "SK1",
    "api_secret": "it's secret",
    "numbers": ["+12025550100"],
}


def test_what_redirects_a_program(tmp_path: Path) -> None:
    trust = Trust(tmp_path / "ca.pem", tmp_path / "bundle.pem")
    changes = redirection.changes("http://127.0.0.1:8008", trust, {"TWILIO_ACCOUNT_SID": "AC1"})
    proxy = "http://127.0.0.1:8008"
    bundle = str(tmp_path / "bundle.pem")
    local = "localhost,127.0.0.1,::1"
    assert changes == {
        "HTTP_PROXY": proxy,
        "http_proxy": proxy,
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "NO_PROXY": local,
        "no_proxy": local,
        "REQUESTS_CA_BUNDLE": bundle,
        "SSL_CERT_FILE": bundle,
        "CURL_CA_BUNDLE": bundle,
        "NODE_EXTRA_CA_CERTS": str(tmp_path / "ca.pem"),
        "TWILIO_ACCOUNT_SID": "AC1",
        "ALL_PROXY": None,
        "all_proxy": None,
        "TWILIO_CA_BUNDLE": None,
    }


def test_what_was_set_is_replaced() -> None:
    changed = redirection.apply(
        {"HTTP_PROXY": "ours", "ALL_PROXY": None},
        {"HTTP_PROXY": "theirs", "ALL_PROXY": "theirs", "HOME": "/home/ann"},
    )
    assert changed == {"HTTP_PROXY": "ours", "HOME": "/home/ann"}


def test_a_secret_that_is_not_shown_is_left_as_it_is() -> None:
    assert redirection.credentials(ACCOUNT, {"TWILIO_PHONE_NUMBER": "+12025550177"}) == {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_API_KEY": "SK1",
        "TWILIO_API_SECRET": "it's secret",
        "TWILIO_PHONE_NUMBER": "+12025550100",
    }


def test_a_number_of_the_environment_stays_when_the_account_has_it() -> None:
    account = ACCOUNT | {"numbers": ["+12025550100", "+12025550177"]}
    for own, number in (("+12025550177", "+12025550177"), ("+12025550178", "+12025550100")):
        names = redirection.credentials(account, {"TWILIO_PHONE_NUMBER": own})
        assert names["TWILIO_PHONE_NUMBER"] == number


def test_a_shell_understands_the_lines() -> None:
    lines = redirection.shell_lines({"SECRET": "it's $HOME", "GONE": None})
    script = "GONE=1\n" + "\n".join(lines) + '\nprintf "%s %s" "$SECRET" "${GONE-unset}"'
    said = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    assert said == "it's $HOME unset"
    assert shlex.split(next(redirection.shell_lines({"A": "b c"}))) == ["export", "A=b c"]


def test_trust_is_written_once_for_each_authority(tmp_path: Path) -> None:
    one = Authority(tmp_path / "one").certificate
    other = Authority(tmp_path / "other").certificate
    trusts = [Trust.written(tmp_path / "trust", each) for each in (one, one, other)]
    assert trusts[0] == trusts[1] != trusts[2]
    assert trusts[0].authority.read_bytes() == one
    assert trusts[0].bundle.read_bytes().endswith(one.rstrip() + b"\n")
    assert trusts[2].authority.read_bytes() == other
    assert len(list((tmp_path / "trust").iterdir())) == 4
