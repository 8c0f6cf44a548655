import tomllib
from pathlib import Path

import pytest

import twilio_emulator
from twilio_emulator import settings as settings_module
from twilio_emulator.settings import (
    ACCOUNT_SID,
    InvalidSetting,
    Settings,
    clock_rate,
    from_environment,
)


def test_nothing_needs_to_be_said() -> None:
    assert from_environment({}) == Settings()
    assert Settings().port == 8008
    assert Settings().account_sid == ACCOUNT_SID


def test_a_stack_keeps_its_variables() -> None:
    settings = from_environment(
        {
            "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
            "TWILIO_AUTH_TOKEN": "token",
            "TWILIO_API_KEY": "SK1",
            "TWILIO_API_SECRET": "secret",
            "TWILIO_PHONE_NUMBER": "+12025550177",
        }
    )
    assert settings.account_sid == "AC0123456789abcdef0123456789abcdef"
    assert (settings.auth_token, settings.api_key, settings.api_secret) == (
        "token",
        "SK1",
        "secret",
    )
    assert settings.numbers == ("+12025550177",)


@pytest.mark.parametrize(
    ("environment", "client"),
    [
        ({"TWILIO_CLIENT_ID": "OQ1", "TWILIO_CLIENT_SECRET": "ours"}, ("OQ1", "ours")),
        ({"OAUTH_CLIENT_ID": "OQ2", "OAUTH_CLIENT_SECRET": "ours"}, ("OQ2", "ours")),
        ({"OAUTH_CLIENT_ID": "of-somebody-else", "OAUTH_CLIENT_SECRET": "theirs"}, None),
        (
            {
                "TWILIO_CLIENT_ID": "OQ1",
                "TWILIO_CLIENT_SECRET": "ours",
                "OAUTH_CLIENT_ID": "OQ2",
                "OAUTH_CLIENT_SECRET": "theirs",
            },
            ("OQ1", "ours"),
        ),
    ],
)
def test_the_oauth_client_of_the_environment(
    environment: dict[str, str], client: tuple[str, str] | None
) -> None:
    settings = from_environment(environment)
    assert (settings.oauth_client_id, settings.oauth_client_secret) == (
        client or (Settings().oauth_client_id, Settings().oauth_client_secret)
    )
    assert (settings.printable_oauth_client_secret is None) == (client is not None)


def test_an_empty_variable_says_nothing() -> None:
    empty = dict.fromkeys(("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_PHONE_NUMBER"), "")
    assert from_environment(empty) == Settings()


def test_secrets_from_outside_are_never_shown() -> None:
    settings = Settings(auth_token="a token", api_secret="a secret")
    assert settings.printable_auth_token is None
    assert settings.printable_api_secret is None
    assert "a token" not in repr(settings)
    assert "a secret" not in repr(settings)
    assert Settings().printable_auth_token == "00000000000000000000000000000001"
    assert Settings().printable_api_secret == "0000000000000000000000000000000a"


def test_a_loop_that_there_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSetting, match="loop: expected auto, asyncio or"):
        Settings(loop="trio")
    monkeypatch.setattr(settings_module, "find_spec", lambda _: None)
    with pytest.raises(InvalidSetting, match="where it is installed, uvloop, not 'uvloop'"):
        Settings(loop="uvloop")


@pytest.mark.parametrize(
    ("clock", "rate"), [("real", 1), ("frozen", 0), ("x60", 60), ("x0.5", 0.5), ("x1", 1)]
)
def test_how_fast_a_clock_runs(clock: str, rate: float) -> None:
    assert clock_rate(clock) == rate


@pytest.mark.parametrize("clock", ["", "slow", "x", "x-1", "60", "x1e9", "REAL", "xreal"])
def test_a_clock_that_is_none(clock: str) -> None:
    with pytest.raises(InvalidSetting, match="clock: expected real, frozen or xN, such as x60"):
        Settings(clock=clock)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"port": -1}, "port: expected a number from 0 to 65535, not -1"),
        ({"port": 65536}, "port: expected a number from 0 to 65535, not 65536"),
        ({"account_sid": "XX1"}, "account_sid: expected AC and 32 hexadecimal digits, not 'XX1'"),
        ({"public_url": "app.test"}, "public_url: expected an URL of scheme, host and port alone"),
        ({"public_url": "http://app.test/x"}, "public_url: expected an URL"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(given: dict[str, object], message: str) -> None:
    with pytest.raises(InvalidSetting) as wrong:
        Settings(**given)  # type: ignore[arg-type]
    assert str(wrong.value).startswith(message)


def test_an_url_that_we_are_called_by() -> None:
    assert Settings(public_url="https://app.test:8443/").public_url == "https://app.test:8443/"


def test_the_version_is_that_of_the_package() -> None:
    project = Path(__file__).parents[2] / "pyproject.toml"
    assert twilio_emulator.__version__ == tomllib.loads(project.read_text())["project"]["version"]
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = twilio_emulator.nothing


def test_webhooks_of_one_number_come_after_those_of_all() -> None:
    settings = Settings(
        sms_urls=("+12025550101=http://desk:3000/sms?a=b", "http://shop:8000/sms"),
        status_callbacks=("whatsapp:+14155238886=https://shop.test/status",),
    )
    assert settings.webhooks == [
        ("sms-url", None, "http://shop:8000/sms"),
        ("sms-url", "+12025550101", "http://desk:3000/sms?a=b"),
        ("status-callback", "whatsapp:+14155238886", "https://shop.test/status"),
    ]


@pytest.mark.parametrize(
    "value", ["", "shop:8000/sms", "ftp://shop/sms", "+12025550101=", "shop=http://shop/sms"]
)
@pytest.mark.parametrize("name", ["sms_urls", "sms_fallback_urls", "status_callbacks"])
def test_a_webhook_that_is_none_is_said_in_one_line(name: str, value: str) -> None:
    option = name.removesuffix("s").replace("_", "-")
    with pytest.raises(InvalidSetting, match=f"^{option}: expected an URL, or NUMBER=URL, not"):
        Settings(**{name: (value,)})


CONFIGURED = "TWILIO_CONVERSATION_CONFIGURATION_ID"
FIRST = "conv_configuration_00000000000000000000000001"
OTHER = "conv_configuration_01kzpzmjf3fj9rhtxsrkstfz3k"


@pytest.mark.parametrize(
    ("environment", "sid"),
    [({}, FIRST), ({CONFIGURED: OTHER}, OTHER), ({CONFIGURED: "conv_configuration_1"}, FIRST)],
)
def test_the_configuration_of_the_environment(environment: dict[str, str], sid: str) -> None:
    assert from_environment(environment).conversation_configuration_id == sid


FIRST_STORE = "mem_store_00000000000000000000000001"
OTHER_STORE = "mem_store_01kzpzmjf3fj9rhtxsrkstfz3k"


@pytest.mark.parametrize(
    ("environment", "sid"),
    [
        ({}, FIRST_STORE),
        ({"TWILIO_MEMORY_STORE_ID": OTHER_STORE}, OTHER_STORE),
        ({"TWILIO_MEMORY_STORE_ID": "one", "MEMORY_STORE_ID": OTHER_STORE}, OTHER_STORE),
        ({"MEMORY_STORE_ID": "mem_store_1"}, FIRST_STORE),
    ],
)
def test_the_memory_store_of_the_environment(environment: dict[str, str], sid: str) -> None:
    assert from_environment(environment).memory_store_id == sid


@pytest.mark.parametrize(
    ("environment", "sid"),
    [
        ({}, "VA00000000000000000000000000000001"),
        ({"TWILIO_VERIFY_SERVICE_SID": f"VA{'a' * 32}"}, f"VA{'a' * 32}"),
        ({"TWILIO_VERIFY_SERVICE": "shop", "VERIFY_SERVICE_SID": f"VA{'b' * 32}"}, f"VA{'b' * 32}"),
        ({"TWILIO_VERIFY_SERVICE": "shop"}, "VA00000000000000000000000000000001"),
    ],
)
def test_the_verify_service_of_the_environment(environment: dict[str, str], sid: str) -> None:
    assert from_environment(environment).verify_service_sid == sid


@pytest.mark.parametrize(
    ("environment", "sid"),
    [
        ({}, "IS00000000000000000000000000000002"),
        ({"TWILIO_SYNC_SERVICE_SID": f"IS{'a' * 32}"}, f"IS{'a' * 32}"),
        (
            {"TWILIO_SYNC_SERVICE_SID": "default", "SYNC_SERVICE_SID": f"IS{'b' * 32}"},
            f"IS{'b' * 32}",
        ),
        ({"TWILIO_SYNC_SERVICE": "default"}, "IS00000000000000000000000000000002"),
    ],
)
def test_the_sync_service_of_the_environment(environment: dict[str, str], sid: str) -> None:
    assert from_environment(environment).sync_service_sid == sid
