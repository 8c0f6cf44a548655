import json
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from tests.conftest import CLIENTS
from twilio_emulator.webhooks.http import signatures

TOKEN = "12345"
CALL = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Caller", "+14158675309"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
]


def signed(url: str, parameters: list[tuple[str, str]]) -> str:
    return signatures.sign(TOKEN, signatures.base_string(url, parameters))


@pytest.mark.parametrize(
    ("url", "parameters", "signature"),
    [
        (
            "https://example.com/myapp.php?foo=1&bar=2",
            [(name, value.replace("309", "310")) for name, value in CALL],
            "L/OH5YylLD5NRKLltdqwSvS0BnU=",
        ),
        (
            "https://mycompany.com/myapp.php?foo=1&bar=2",
            CALL,
            "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
        ),
        (
            "https://mycompany.com/myapp.php?foo=1&bar=2",
            [
                ("Sid", "CA123"),
                ("SidAccount", "AC123"),
                ("Digits", "5678"),
                ("Digits", "1234"),
                ("Digits", "1234"),
            ],
            "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
        ),
        (
            "http://mycompany.com:1234/myapp.php?foo=1&bar=2",
            CALL,
            "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=",
        ),
    ],
)
def test_published_vectors(url: str, parameters: list[tuple[str, str]], signature: str) -> None:
    parts = signatures.split(url)

    assert parts is not None
    assert parts.requested == url
    assert signed(url, parameters) == signature


@pytest.mark.parametrize(
    ("configured", "requested"),
    [
        ("https://example.com/sms", "https://example.com/sms"),
        ("https://user:secret@example.com/sms", "https://example.com/sms"),
        ("https://user@example.com/sms", "https://example.com/sms"),
        ("https://u:p@ss@example.com/sms", "https://example.com/sms"),
        ("https://example.com/sms#rc=2&rp=5xx", "https://example.com/sms"),
        ("https://example.com#rc=2", "https://example.com/"),
        ("http://localhost:5000", "http://localhost:5000/"),
        ("http://localhost:5000?a=b", "http://localhost:5000/?a=b"),
        ("https://example.com/sms/", "https://example.com/sms/"),
        ("https://example.com/sms?", "https://example.com/sms"),
        ("https://example.com?", "https://example.com/"),
        ("https://example.com:443/sms", "https://example.com:443/sms"),
        ("http://example.com:80/sms", "http://example.com:80/sms"),
        ("https://Example.COM/Sms", "https://Example.COM/Sms"),
        ("https://example.com/a%20b?q='x'&p=%7e+", "https://example.com/a%20b?q='x'&p=%7e+"),
        ("https://example.com/a b?q=ü", "https://example.com/a%20b?q=%C3%BC"),
        ("http://[::1]:8080/sms", "http://[::1]:8080/sms"),
        (" https://example.com/sms ", "https://example.com/sms"),
        ("https://example.com/to@you?a=@", "https://example.com/to@you?a=@"),
    ],
)
def test_the_url_is_signed_as_it_is_requested(configured: str, requested: str) -> None:
    parts = signatures.split(configured)

    assert parts is not None
    assert parts.requested == requested


@pytest.mark.parametrize("url", ["", "example.com/sms", "/sms", "https://", "https://user@/sms"])
def test_what_is_no_url_has_no_parts(url: str) -> None:
    assert signatures.split(url) is None


def test_credentials_are_decoded() -> None:
    parts = signatures.split("https://us%65r:p%40ss:word@example.com/")

    assert parts is not None
    assert parts.credentials == ("user", "p@ss:word")


def test_a_get_carries_its_parameters_in_the_signed_url() -> None:
    url = signatures.with_query(
        "https://example.com/sms?a=1", [("Body", "Hi & bye"), ("Empty", "")]
    )

    assert url == "https://example.com/sms?a=1&Body=Hi+%26+bye&Empty="
    assert signatures.with_query("https://example.com/", [("To", "+1")]).endswith("/?To=%2B1")
    assert signatures.with_query("https://example.com/", []) == "https://example.com/"
    assert RequestValidator(TOKEN).validate(url, {}, signed(url, []))


def test_half_a_character_does_not_break_it() -> None:
    assert signatures.form([("Body", "\ud83d")]) == "Body=%3F"
    assert signed("https://example.com/", [("Body", "\ud83d")]) == signed(
        "https://example.com/", [("Body", "?")]
    )


hosts = st.sampled_from(
    ["example.com", "example.com:8080", "localhost:5000", "127.0.0.1:80", "a-b.example:443"]
)
paths = st.sampled_from(["", "/", "/sms", "/a%20b/", "/x;y=1", "/sms/'quoted'"])
queries = st.sampled_from(["", "?", "?a=1", "?b=2&a=1", "?q=%27x%27", "?flag", "?a=b=c"])
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(deadline=None)
@given(
    st.sampled_from(["http", "https"]),
    st.sampled_from(["", "user:secret@"]),
    hosts,
    paths,
    queries,
    st.sampled_from(["", "#rc=1"]),
    st.dictionaries(st.from_regex(r"[A-Za-z.]{1,12}", fullmatch=True), texts, max_size=6),
)
def test_the_official_python_validator_agrees(
    scheme: str,
    user: str,
    host: str,
    path: str,
    query: str,
    fragment: str,
    parameters: dict[str, str],
) -> None:
    parts = signatures.split(f"{scheme}://{user}{host}{path}{query}{fragment}")
    assert parts is not None

    signature = signed(parts.requested, list(parameters.items()))

    assert RequestValidator(TOKEN).validate(parts.requested, parameters, signature)
    assert not RequestValidator("54321").validate(parts.requested, parameters, signature)


CONFIGURED = (
    "http://user:secret@localhost:5000",
    "https://user:secret@example.com:8443/sms",
    "http://example.com:80/sms",
    "https://example.com:443/sms?a=1&q='x'#rc=2",
    "http://[::1]:8080/sms/?",
    "https://example.com/a b/ü?q=ü",
)
"""URLs with ports, userinfo, fragments and what has to be escaped."""

REPEATED = [
    ("Digits", "5678"),
    ("Digits", "1234"),
    ("Digits", "1234"),
    ("Body", "Grüße & 'quotes' 🎉"),
    ("From", "+12025550199"),
    ("Media", ""),
    ("MediaUrl10", "x"),
]
"""Parameters of which one is there several times."""


def requested(url: str) -> str:
    parts = signatures.split(url)
    assert parts is not None
    return parts.requested


@pytest.mark.parametrize("configured", CONFIGURED)
def test_frameworks_see_repeated_parameters(configured: str) -> None:
    url = requested(configured)
    signature = signed(url, REPEATED)
    validator = RequestValidator(TOKEN)
    assert validator.validate(url, MultiDict(REPEATED), signature)
    assert not validator.validate(url, MultiDict(REPEATED[1:]), signature)
    got = signatures.with_query(url, REPEATED)
    assert validator.validate(got, MultiDict(), signed(got, []))


VALIDATE = """
const { validateRequest } = require("twilio");
const cases = JSON.parse(require("fs").readFileSync(0, "utf8"));
const results = cases.map(({ url, parameters, signature }) =>
    validateRequest("12345", signature, url, parameters));
console.log(JSON.stringify(results));
"""


def test_the_official_node_validator_agrees(node: str) -> None:
    form = MultiDict(REPEATED).to_dict(flat=False)
    cases = []

    def case(url: str, parameters: object, signature: str) -> None:
        cases.append({"url": url, "parameters": parameters, "signature": signature})

    for configured in CONFIGURED:
        url = requested(configured)
        case(url, form, signed(url, REPEATED))
        got = signatures.with_query(url, REPEATED)
        case(got, {}, signed(got, []))
    good = len(cases)
    case(requested(CONFIGURED[0]), {"Digits": "1"}, signed(url, REPEATED))

    done = subprocess.run(
        [node, "-e", VALIDATE],
        input=json.dumps(cases),
        cwd=CLIENTS,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert json.loads(done.stdout) == [True] * good + [False]
