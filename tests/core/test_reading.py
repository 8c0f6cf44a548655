import json
from datetime import UTC, datetime, timedelta

import pytest

from twilio_emulator.core.kernel import parameters
from twilio_emulator.core.kernel.refusals import CONFLICT, FRIENDLY_NAME_TOO_LONG, Refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05T09:00:00Z", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-01-05t09:00:00z", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-01-05T10:00:00.123456+01:00", datetime(2026, 1, 5, 9, 0, 0, 123000, tzinfo=UTC)),
        ("2026-01-05T09:00:00", datetime(2026, 1, 5, 9, tzinfo=UTC)),
        ("2026-01-05", datetime(2026, 1, 5, tzinfo=UTC)),
    ],
)
def test_instants(text: str, expected: datetime) -> None:
    assert parameters.instant(text, CONFLICT) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "2026-13-01",
        "20260105",
        "2026-01-05T25:00:00Z",
        "0001-01-01T00:00:00+12:00",
        "2026-W01-1",
    ],
)
def test_what_is_no_instant(text: str) -> None:
    with pytest.raises(Refused):
        parameters.instant(text, CONFLICT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT1M", timedelta(minutes=1)),
        ("pt10m", timedelta(minutes=10)),
        ("P1DT2H3M4.5S", timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("P2W", timedelta(weeks=2)),
        ("PT0S", timedelta()),
    ],
)
def test_durations(text: str, expected: timedelta) -> None:
    assert parameters.duration(text, CONFLICT) == expected


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "60", "1M", "P1Y", "P1M", "PT-1M", "P36501D", "P99999999999999999D"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(Refused):
        parameters.duration(text, CONFLICT)


def test_whole_numbers() -> None:
    assert parameters.whole_number("42", CONFLICT) == 42
    assert parameters.whole_number("-1", CONFLICT) == -1
    for text in ("", "-", "4.2", "four", "٤", "1" * 19, "1_000", " 1"):
        with pytest.raises(Refused):
            parameters.whole_number(text, CONFLICT)


def test_attributes_stay_byte_for_byte() -> None:
    for text in ('{ "a" : 1 }', "[]", "1", '"x"', "null", '{"ключ":"é"}'):
        assert parameters.attributes(text, 100) == text


@pytest.mark.parametrize("text", ["", "{bad", "{'a':1}", "NaN", "[Infinity]", "[" * 100_000])
def test_attributes_that_are_no_json(text: str) -> None:
    with pytest.raises(Refused, match="50304 Attributes not valid JSON"):
        parameters.attributes(text, 200_000)


def test_attributes_are_measured_in_bytes() -> None:
    assert parameters.attributes('"éé"', 6) == '"éé"'
    with pytest.raises(Refused, match="50303 Attributes too long"):
        parameters.attributes('"éé"', 5)


def test_names() -> None:
    assert parameters.name(None) is None
    assert parameters.name("") is None
    assert parameters.name("é" * 256) == "é" * 256
    with pytest.raises(Refused) as refused:
        parameters.name("x" * 257)
    assert refused.value.refusal is FRIENDLY_NAME_TOO_LONG


def test_sids() -> None:
    assert parameters.is_sid("CH" + "0aF" * 10 + "12", "CH")
    assert not parameters.is_sid("CH" + "0" * 31, "CH")
    assert not parameters.is_sid("IM" + "0" * 32, "CH")


def test_milliseconds_rank_instants() -> None:
    assert parameters.milliseconds(datetime(1970, 1, 1, 0, 0, 1, 5000, tzinfo=UTC)) == 1005


def test_nothing_is_later_than_the_last_instant() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert parameters.later(noon, timedelta(hours=1)) == datetime(2026, 1, 5, 13, tzinfo=UTC)
    last = datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)
    assert parameters.later(last - timedelta(hours=1), timedelta(days=1)) == last


@pytest.mark.parametrize(
    "text", ["{}", b'{"a":[1,"\\ud83d\\ude00"]}', '{"a":' * 49 + "{}" + "}" * 49]
)
def test_json_objects(text: str | bytes) -> None:
    assert parameters.json_object(text) == json.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        b"\xff",
        "[" * 100_000,
        '{"a":NaN}',
        '{"a":' + "9" * 5000 + "}",
        '{"a":["\\ud800"]}',
        '{"\\udfff":1}',
        '{"a":' * 51 + "{}" + "}" * 51,
    ],
)
def test_what_is_no_json_object_that_can_be_told_again(text: str | bytes) -> None:
    assert parameters.json_object(text) is None
