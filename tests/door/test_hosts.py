"""Which hosts are Twilio's and ours, and whose traffic is forwarded."""

import pytest

from twilio_emulator.wire.hosts import (
    ProxyRules,
    address_of,
    is_local_host,
    is_near,
    is_twilio_host,
)

LISTENING = ("127.0.0.1", 8008)


@pytest.mark.parametrize(
    "host",
    [
        "api.twilio.com",
        "API.Twilio.com",
        "api.twilio.com.",
        "api.twilio.com:443",
        "conversations.dublin.ie1.twilio.com",
    ],
)
def test_twilio_hosts(host: str) -> None:
    assert is_twilio_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "twilio.com",
        ".twilio.com",
        "xtwilio.com",
        "api.twilio.com.example.com",
        "localhost",
        "",
        "[::1]:80",
    ],
)
def test_hosts_of_others(host: str) -> None:
    assert not is_twilio_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "Localhost.",
        "conversations.localhost",
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "0.0.0.0",
    ],
)
def test_local_hosts(host: str) -> None:
    assert is_local_host(host)


@pytest.mark.parametrize("host", ["localhost.com", "mylocalhost", "10.0.0.1", "example.com", ""])
def test_hosts_that_may_be_elsewhere(host: str) -> None:
    assert not is_local_host(host)


@pytest.mark.parametrize(
    "caller",
    [
        "127.0.0.1",
        "::1",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.1.1",
        "fd00::1",
        "fe80::1",
        "fe80::1%eth0",
        "::ffff:192.168.1.1",
    ],
)
def test_near_callers(caller: str) -> None:
    assert is_near(caller)
    assert ProxyRules().refusal((caller, 50000)) is None


@pytest.mark.parametrize(
    "caller",
    ["8.8.8.8", "172.32.0.1", "192.0.2.1", "2001:4860:4860::8888", "::ffff:8.8.8.8", "nonsense"],
)
def test_far_callers(caller: str) -> None:
    assert not is_near(caller)
    assert "private" in (ProxyRules().refusal((caller, 50000)) or "")


def test_a_caller_without_an_address_is_refused() -> None:
    assert ProxyRules().refusal(None) is not None


def test_nobody_is_forwarded_when_only_twilio_is() -> None:
    refusal = ProxyRules(only_twilio=True).refusal(("127.0.0.1", 50000))
    assert "--proxy-only-twilio" in (refusal or "")


@pytest.mark.parametrize(
    ("host", "port", "served"),
    [
        ("api.twilio.com", 443, True),
        ("localhost", 8008, True),
        ("localhost", 9000, False),
        ("::1", 8008, True),
        ("172.17.0.2", 8008, True),
        ("172.17.0.3", 8008, False),
        ("example.com", 8008, False),
        ("Emulator.test", 9000, True),
        ("emulator.test", 9001, False),
        ("bare.test", 443, True),
        ("Bare.test", 80, True),
        ("bare.test", 8080, False),
    ],
)
def test_what_is_served_here(host: str, port: int, served: bool) -> None:
    rules = ProxyRules(own_addresses=frozenset(("emulator.test:9000", "bare.test")))
    assert rules.serves(host, port, listening=("172.17.0.2", 8008)) is served


def test_names_are_ours_only_where_we_listen() -> None:
    assert ProxyRules().serves("api.twilio.com", 443, listening=None)
    assert not ProxyRules().serves("localhost", 8008, listening=None)
    assert not ProxyRules().serves("example.com", 8008, listening=("::", 8008))


def test_an_address_is_written_as_in_a_url() -> None:
    assert address_of("localhost", 8008) == "localhost:8008"
    assert address_of("::1", 8008) == "[::1]:8008"
