import pytest

from twilio_emulator.redirection import variables
from twilio_emulator.redirection.variables import Beside, Exempt

ACCOUNT = {
    "account_sid": "AC1",
    "auth_token": None,
    "api_key": "SK1",
    "api_secret": "it's secret",
    "numbers": ["+12025550100"],
}
LOCAL = "localhost,127.0.0.1,::1"


def redirected(environment: dict[str, str], folder: str = "/trust") -> dict[str, str]:
    changes = variables.changes("http://127.0.0.1:8008", folder, {"TWILIO_ACCOUNT_SID": "AC1"}, ":")
    return variables.apply(variables.settled(changes, environment), environment)


def test_what_redirects_a_program() -> None:
    proxy = "http://127.0.0.1:8008"
    where = "-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=8008"
    trusting = "-Djavax.net.ssl.trustStore=/trust/authorities.p12"
    assert redirected({"ALL_PROXY": "theirs", "all_proxy": "theirs", "TWILIO_CA_BUNDLE": "x"}) == {
        "TWILIO_EMULATOR_URL": proxy,
        "HTTP_PROXY": proxy,
        "http_proxy": proxy,
        "HTTPS_PROXY": proxy,
        "https_proxy": proxy,
        "NO_PROXY": LOCAL,
        "no_proxy": LOCAL,
        "REQUESTS_CA_BUNDLE": "/trust/bundle.pem",
        "SSL_CERT_FILE": "/trust/bundle.pem",
        "CURL_CA_BUNDLE": "/trust/bundle.pem",
        "NODE_EXTRA_CA_CERTS": "/trust/authority.pem",
        "NODE_USE_ENV_PROXY": "1",
        "NODE_OPTIONS": "--require /trust/node.cjs",
        "BUN_OPTIONS": "--preload /trust/node.cjs",
        "DENO_CERT": "/trust/authority.pem",
        "PYTHONPATH": "/trust/python",
        "PHP_INI_SCAN_DIR": ":/trust/php",
        "JAVA_TOOL_OPTIONS": f"{where} {where.replace('http.', 'https.')} {trusting}"
        " -Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStorePassword=",
        "WGETRC": "/trust/wgetrc",
        "PERL_LWP_ENV_PROXY": "1",
        "PERL_LWP_SSL_CA_FILE": "/trust/bundle.pem",
        "ERL_AFLAGS": r"-eval catch(file:eval(\"/trust/erlang.config\"))",
        "TWILIO_ACCOUNT_SID": "AC1",
    }


def test_what_can_hold_more_than_ours_goes_on_holding_it() -> None:
    before = {
        "NODE_OPTIONS": "--max-old-space-size=512",
        "BUN_OPTIONS": "--smol",
        "PYTHONPATH": "src:lib",
        "PHP_INI_SCAN_DIR": "/etc/php",
        "JAVA_TOOL_OPTIONS": "-Xmx1g",
        "ERL_AFLAGS": "+P 5000",
        "NO_PROXY": "db,.corp.example",
        "HOME": "/home/ann",
    }
    after = redirected(before)
    assert after["PYTHONPATH"] == "/trust/python:src:lib"
    assert after["PHP_INI_SCAN_DIR"] == "/etc/php:/trust/php"
    assert after["NO_PROXY"] == f"{LOCAL},db,.corp.example"
    for name in ("NODE_OPTIONS", "BUN_OPTIONS", "JAVA_TOOL_OPTIONS", "ERL_AFLAGS"):
        assert after[name].startswith(f"{before[name]} -")
    assert after["HOME"] == "/home/ann"
    assert redirected(after) == after


def test_another_emulator_wins_over_the_first() -> None:
    after = redirected(redirected({}, "/first"), "/second")
    assert after["PYTHONPATH"] == "/second/python:/first/python"
    assert after["NODE_OPTIONS"] == "--require /first/node.cjs --require /second/node.cjs"
    assert redirected(after, "/second") == after


def test_a_variable_that_is_set_and_empty() -> None:
    """PHP then looks into no folder, instead of its own."""
    after = redirected({"PHP_INI_SCAN_DIR": "", "NODE_OPTIONS": "", "PYTHONPATH": ""})
    assert after["PHP_INI_SCAN_DIR"] == "/trust/php"
    assert after["NODE_OPTIONS"] == "--require /trust/node.cjs"
    assert after["PYTHONPATH"] == "/trust/python"


def test_a_value_that_only_looks_like_ours() -> None:
    ours = Beside(value="b", between=":")
    assert ours.added_to("a:b") == "a:b"
    assert ours.added_to("ab") == "ab:b"
    assert Beside(value="b", between=":", wins="first").added_to("ba") == "b:ba"


@pytest.mark.parametrize(
    "exempt",
    ["*", "twilio.com", ".twilio.com", "*.twilio.com", "API.Twilio.com", ".com", "com:443"],
)
def test_twilio_is_exempt_from_nothing(exempt: str) -> None:
    assert Exempt().added_to(f"db, {exempt},::1") == f"{LOCAL},db"


def test_a_folder_with_white_space_and_quotes_in_its_name() -> None:
    after = redirected({}, "/a b'c\\d")
    assert after["NODE_OPTIONS"] == r"""--require "/a b'c\\d/node.cjs" """.rstrip()
    assert after["BUN_OPTIONS"] == r"""--preload /a\ b\'c\\d/node.cjs"""
    assert '"-Djavax.net.ssl.trustStore=/a b\'c\\d/authorities.p12"' in after["JAVA_TOOL_OPTIONS"]
    assert after["ERL_AFLAGS"] == r"""-eval catch(file:eval(\"/a\ b\'c\\\\d/erlang.config\"))"""
    assert "'-Djavax.net.ssl.trustStore=/a\"b/" in redirected({}, '/a"b')["JAVA_TOOL_OPTIONS"]


@pytest.mark.parametrize(
    ("url", "proxy"),
    [
        ("http://twilio:8008/", "http://twilio:8008"),
        ("https://localhost", "http://localhost:443"),
        ("http://[::1]:8008", "http://[::1]:8008"),
        ("http://emulator.test", "http://emulator.test:80"),
    ],
)
def test_where_an_emulator_is(url: str, proxy: str) -> None:
    changes = variables.changes(url, "/trust", {})
    assert changes["HTTPS_PROXY"] == proxy
    assert changes["TWILIO_EMULATOR_URL"] == url.rstrip("/")


def test_a_secret_that_is_not_shown_is_left_as_it_is() -> None:
    assert variables.credentials(ACCOUNT, {"TWILIO_PHONE_NUMBER": "+12025550177"}) == {
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_API_KEY": "SK1",
        "TWILIO_API_SECRET": "it's secret",
        "TWILIO_PHONE_NUMBER": "+12025550100",
    }


def test_a_number_of_the_environment_stays_when_the_account_has_it() -> None:
    account = ACCOUNT | {"numbers": ["+12025550100", "+12025550177"]}
    for own, number in (("+12025550177", "+12025550177"), ("+12025550178", "+12025550100")):
        names = variables.credentials(account, {"TWILIO_PHONE_NUMBER": own})
        assert names["TWILIO_PHONE_NUMBER"] == number
