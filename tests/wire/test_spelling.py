from datetime import UTC, datetime, timedelta, timezone

import pytest

from twilio_emulator.wire import spelling

AT = datetime(2021, 8, 10, 18, 0, 58, 111_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("parameter", "field"),
    [
        ("To", "to"),
        ("From", "from_"),
        ("Bindings.Email.Address", "bindings_email_address"),
        ("Configuration.ReplayAfter", "configuration_replay_after"),
        ("FriendlyName", "friendly_name"),
        ("MessagingBinding.ProxyAddress", "messaging_binding_proxy_address"),
        ("Timers.Inactive", "timers_inactive"),
        ("NewMessage.WithMedia.Enabled", "new_message_with_media_enabled"),
        ("DateSent<", "date_sent_before"),
        ("DateSent>", "date_sent_after"),
        ("SendAsMms", "send_as_mms"),
    ],
)
def test_parameters_name_fields(parameter: str, field: str) -> None:
    assert spelling.snake(parameter) == field
    assert spelling.parameter(field) == parameter


def test_fields_name_parameters() -> None:
    assert spelling.pascal("phone_number_sid") == "PhoneNumberSid"
    assert spelling.camel("date_created") == "dateCreated"


@pytest.mark.parametrize("name", ["DateSent>", "date_sent_after", "dateSent>=", "Date.Sent>"])
def test_names_that_are_said_alike(name: str) -> None:
    assert spelling.loosely(name) == "datesentafter"


def test_dates() -> None:
    assert spelling.iso(AT) == "2021-08-10T18:00:58Z"
    assert spelling.iso_milliseconds(AT) == "2021-08-10T18:00:58.111Z"
    assert spelling.rfc2822(AT) == "Tue, 10 Aug 2021 18:00:58 +0000"
    east = AT.astimezone(timezone(timedelta(hours=9)))
    assert spelling.rfc2822(east) == "Tue, 10 Aug 2021 18:00:58 +0000"


def test_no_date_is_none() -> None:
    assert (spelling.iso(None), spelling.iso_milliseconds(None), spelling.rfc2822(None)) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (None, None),
        (59, "PT59S"),
        (60, "PT1M"),
        (600, "PT10M"),
        (3600, "PT1H"),
        (86_399, "PT23H59M59S"),
        (86_400, "P1D"),
        (90_061, "P1DT1H1M1S"),
    ],
)
def test_durations(seconds: int | None, written: str | None) -> None:
    assert spelling.iso_duration(seconds) == written
