"""Text from outside: whatever comes, what is made of it can be written again."""

import json
from typing import Any

import msgspec
import pytest

from tests.core.conftest import ACCOUNT
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.resources import AccountConfigurations
from twilio_emulator.core.kernel import outside, parameters
from twilio_emulator.core.kernel.outside import NotJson
from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.core.kernel.world import World


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        (' "utf-8" ', "utf-8"),
        ("ISO-8859-1", "iso8859-1"),
        ("latin1", "iso8859-1"),
        ("windows-1252", "cp1252"),
        ("us-ascii", "ascii"),
        ("utf-16", "utf-16"),
        ("Shift_JIS", "shift_jis"),
        ("koi8-r", "koi8-r"),
        ("macintosh", "mac-roman"),
    ],
)
def test_charsets_of_texts_are_known(name: str, codec: str) -> None:
    assert outside.charset(name) == codec


@pytest.mark.parametrize(
    "name",
    [
        *("utf-7", "utf7", "unicode_escape", "raw_unicode_escape", "unicode-escape", "rot13"),
        *("rot_13", "idna", "punycode", "hex", "base64", "zip", "bz2", "uu", "quopri", "undefined"),
        *("charmap", "mbcs", "oem", "string_escape", "nonsense", "", "x" * 10_000, "a\x00b", "os"),
        *("windows-9999", "utf-8\nx", "../utf-8"),
    ],
)
def test_what_is_no_charset_of_texts_is_not(name: str) -> None:
    assert outside.charset(name) is None


@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-16-le", "utf-32", "iso2022_jp", None])
@pytest.mark.parametrize(
    "content",
    [
        b"\xed\xa0\x80",
        b"\xff\xfe\x00\xd8",
        b"\x00\xd8\x00\x00",
        b"+2AA-",
        b"\\ud800",
        bytes(range(256)),
    ],
)
def test_whatever_bytes_come_their_text_can_be_written(content: bytes, codec: str | None) -> None:
    assert outside.text(content, codec).encode()


def test_half_a_character_becomes_the_sign_for_it() -> None:
    assert outside.whole("a\ud800b") == "a\ufffdb"
    assert outside.whole("a😀é") == "a😀é"
    assert not outside.is_whole("\udfff")
    assert outside.is_whole("é")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ('{"a": [1, -2.5, null, true, "é"]}', {"a": [1, -2.5, None, True, "é"]}),
        (b'{"a": "\\ud83d\\ude00"}', {"a": "😀"}),
        ("9" * 18, int("9" * 18)),
        ("-" + "9" * 17, -int("9" * 17)),
        ("1" + "0" * 25, 1e25),
        ("9" * 300, 1e300),
        ("1e-999", 0.0),
        ("[" * 50 + "]" * 50, None),
        ('"a"'.encode("utf-16"), "a"),
    ],
)
def test_json_that_can_be_told_again(said: str | bytes, value: Any) -> None:
    read = outside.json_value(said)
    assert value is None or read == value
    assert json.dumps(read)
    assert msgspec.json.encode(read)


@pytest.mark.parametrize(
    "said",
    [
        *("", "{", "nul", "NaN", "Infinity", "-Infinity", '{"a": NaN}', "1e999", "-1e999"),
        *("9" * 5000, "[1, -" + "9" * 400 + "]", '"\\ud800"', '{"\\udfff": 1}', '["\\ud800"]'),
        *("[" * 51 + "]" * 51, '{"a":' * 500 + "1" + "}" * 500, "[" * 100_000),
        *(b"\xff", b"\xed\xa0\x80", b'"\xed\xa0\x80"', b"\x00"),
    ],
)
def test_what_could_not_be_told_again_is_not_taken(said: str | bytes) -> None:
    with pytest.raises(NotJson):
        outside.json_value(said)


@pytest.mark.parametrize("said", ["1e999", "[" * 51 + "]" * 51, '"\\ud800"', "9" * 5000, "NaN"])
def test_attributes_that_could_not_be_told_again_are_twilios_50304(world: World, said: str) -> None:
    before = world.snapshot()
    service = world[AccountConfigurations][ACCOUNT].default_chat_service_sid
    with pytest.raises(Refused) as refused:
        world.perform(AddConversation(service=service, attributes=said))
    assert refused.value.code == 50304
    assert world.snapshot() == before


def test_a_long_or_broken_text_becomes_one_line() -> None:
    assert outside.one_line("a\r\nb\u2028", 10) == "a??b?"
    assert outside.one_line("x" * 20, 10) == "x" * 10 + "..."
    assert outside.one_line("née", 10) == "née"


@pytest.mark.parametrize(
    ("said", "number"), [("0", 0), ("42", 42), ("9" * 18, int("9" * 18)), ("9" * 19, None)]
)
def test_counts(said: str, number: int | None) -> None:
    assert parameters.count(said) == number


@pytest.mark.parametrize("said", ["", "-1", "²", "٣", "1.0", " 1", "9" * 5000])
def test_what_is_no_count(said: str) -> None:
    assert parameters.count(said) is None
