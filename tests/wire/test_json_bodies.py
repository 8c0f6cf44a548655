import msgspec
import pytest

from twilio_emulator.wire import json_bodies


class Order(msgspec.Struct):
    """A body of these tests."""

    dish: str
    sides: list[str] = []


def refused(said: bytes) -> msgspec.DecodeError | UnicodeDecodeError | RecursionError:
    with pytest.raises(json_bodies.UNREADABLE) as caught:
        msgspec.json.decode(said, type=Order)
    return caught.value


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (rb'{"dish": "\ud83d"}', r"\ud83d at byte 10 is half of a character"),
        (rb'{"dish": "\ud83dx"}', r"\ud83d at byte 10 is half of a character"),
        (rb'{"dish": "\uD83D\uDE00\uDE00"}', r"\uDE00 at byte 22 is half of a character"),
        (rb'{"dish": "\\ud83d', "it is not well-formed"),
        (b'{"dish": "\xf0\x9f\x98"}', "byte 10 is no UTF-8"),
        (b"{", "it is not well-formed"),
        (b"", "it is not well-formed"),
        (b'{"sides":' + b"[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_is_no_json_is_refused_in_twilios_words(said: bytes, why: str) -> None:
    error = RecursionError() if len(said) > 1000 else refused(said)
    refusal = json_bodies.refusal(said, error)
    assert (refusal.code, refusal.status) == (20001, 400)
    assert refusal.message == "Invalid JSON body."
    assert refusal.reason == f"the body is no JSON: {why}"


@pytest.mark.parametrize(
    ("said", "message", "reason"),
    [
        (b'{"dish": 7}', "Invalid dish.", "Expected str, got int"),
        (b'{"dish": "x", "sides": ["y", 7]}', "Invalid sides[1].", "Expected str, got int"),
        (b"[]", "Invalid JSON body.", "Expected object, got array"),
        (b"{}", "Missing required parameter dish in the post body", None),
    ],
)
def test_what_is_another_json_is_named(said: bytes, message: str, reason: str | None) -> None:
    refusal = json_bodies.refusal(said, refused(said))
    assert (refusal.code, refusal.message, refusal.reason) == (20001, message, reason)


def test_what_is_missing_within_is_named_with_its_place() -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(b"[{}]", type=list[Order])
    refusal = json_bodies.refusal(b"[{}]", caught.value)
    assert refusal.message == "Missing required parameter [0].dish in the post body"
