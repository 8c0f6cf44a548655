"""What parameters say: instants, durations, whole numbers and JSON, read as Twilio reads them."""

import functools
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from twilio_emulator.core.kernel import outside
from twilio_emulator.core.kernel.clock import whole_milliseconds
from twilio_emulator.core.kernel.outside import NotJson
from twilio_emulator.core.kernel.records import Plain
from twilio_emulator.core.kernel.refusals import (
    ATTRIBUTES_NOT_JSON,
    ATTRIBUTES_TOO_LONG,
    FRIENDLY_NAME_TOO_LONG,
    Refusal,
    Refused,
)

_INSTANT = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?")
_DURATION = re.compile(
    r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE
)
_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_LAST = datetime.max.replace(tzinfo=UTC)
LONGEST = timedelta(days=36_500)


def instant(text: str, refusal: Refusal) -> datetime:
    """An ISO 8601 instant, or a date, which stands for its first moment in UTC.

    Raises:
        Refused: with `refusal`, when it is neither.
    """
    if not _INSTANT.fullmatch(text.upper()):
        raise Refused(refusal)
    try:
        read = datetime.fromisoformat(text.upper().replace(",", "."))
        return whole_milliseconds(read if read.tzinfo else read.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Refused(refusal) from None


def later(at: datetime, by: timedelta) -> datetime:
    """`by` after `at`, but never after the last instant that there is."""
    return at + by if at < _LAST - by else _LAST


def duration(text: str, refusal: Refusal) -> timedelta:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds, such as `PT10M`.

    Raises:
        Refused: with `refusal`, when it is none, or longer than a century.
    """
    found = _DURATION.fullmatch(text)
    if found is None or not any(found.groups()):
        raise Refused(refusal)
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    try:
        read = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        raise Refused(refusal) from None
    if read > LONGEST:
        raise Refused(refusal)
    return read


def whole_number(text: str, refusal: Refusal) -> int:
    """A decimal whole number of at most 18 digits.

    Raises:
        Refused: with `refusal`, when it is none.
    """
    digits = text[1:] if text.startswith("-") else text
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 18):
        raise Refused(refusal)
    return int(text)


def count(text: str) -> int | None:
    """A whole number of at most 18 digits that is not negative; None when it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def attributes(text: str, limit: int) -> str:
    """The text itself, byte for byte, once it is known to be JSON of at most `limit` bytes.

    Raises:
        Refused: 50303 too long, 50304 not JSON.
    """
    if len(text.encode()) > limit:
        raise Refused(ATTRIBUTES_TOO_LONG)
    if not is_json(text):
        raise Refused(ATTRIBUTES_NOT_JSON)
    return text


def is_json(text: str) -> bool:
    """Whether `text` is JSON that can be told again."""
    try:
        outside.json_value(text)
    except NotJson:
        return False
    return True


def json_object(text: str | bytes) -> dict[str, Plain] | None:
    """What a JSON object says.

    None when the text is none, is nested too deeply, or names halves of characters, which nobody
    could be told again.
    """
    try:
        said = outside.json_value(text)
    except NotJson:
        return None
    return said if isinstance(said, dict) else None


def name(
    text: str | None, limit: int = 256, refusal: Refusal = FRIENDLY_NAME_TOO_LONG
) -> str | None:
    """A name of at most `limit` characters; an empty one is none.

    Raises:
        Refused: with `refusal`, when it is longer.
    """
    if not text:
        return None
    if len(text) > limit:
        raise Refused(refusal)
    return text


def is_sid(text: str, prefix: str) -> bool:
    """Whether `text` has the form of a sid with `prefix`."""
    return text.startswith(prefix) and _SID.fullmatch(text) is not None


@functools.lru_cache(maxsize=1024)
def milliseconds(at: datetime) -> int:
    """Milliseconds since 1970, to rank records by."""
    return (at - _EPOCH) // _MILLISECOND


def is_url(text: str) -> bool:
    """Whether something can be fetched from there, or told there."""
    try:
        parts = urlsplit(text)
        possible = parts.port is None or parts.port > 0
        return possible and parts.scheme.lower() in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
