"""Where text from outside becomes our text: nothing is made here that could not be written again.

The rules of this file:

- A text holds no half of a character (a lone surrogate), since no answer, file or frame can.
- Only charsets of texts are read. What Python calls encodings besides, such as `unicode_escape`,
  `utf-7`, `rot13` and `idna`, would make something else of an answer than its sender meant.
- JSON is bounded in depth, and its numbers are finite. A whole number that JavaScript would not
  keep either is taken as the fraction that is nearest, as JavaScript does.
"""

import codecs
import json
import re

from twilio_emulator.core.kernel.records import Plain

DEEPEST = 50
"""Levels of JSON that is taken apart. Twilio publishes no such limit; templates have six."""

EXACT = 18
"""Digits of a whole number that is kept as it is: it fits into 64 bits."""

_CHARSETS = re.compile(
    r"utf-?(?:8|16|32)(?:-?(?:le|be|sig))?|(?:us-)?ascii|latin-?[0-9]{1,2}"
    r"|iso-?8859-?[0-9]{1,2}|(?:windows|cp|ibm)-?[0-9]{3,4}|gb(?:2312|k|18030)|big5(?:-hkscs)?"
    r"|euc-(?:jp|kr)|shift-jis|sjis|iso-2022-(?:jp|kr)|koi8-[rut]|mac-?[a-z]{0,10}|tis-620"
)
"""Charsets of texts, in lower case with dashes."""

_HALF = re.compile("[\ud800-\udfff]")


class NotJson(ValueError):
    """A text is no JSON, or none that could be told again; why, in a few words."""


def charset(name: str) -> str | None:
    """What Python calls the charset of a text; None when it is none, or not known."""
    said = name.strip(" \t\"'").lower().replace("_", "-")
    if not _CHARSETS.fullmatch(said):
        return None
    try:
        return codecs.lookup(said).name
    except LookupError:
        return None


def text(content: bytes, known: str | None = None) -> str:
    """Bytes as a text, in a charset that `charset` knows, UTF-8 unless given.

    What does not belong there becomes U+FFFD.
    """
    return whole(content.decode(known or "utf-8", "replace"))


def whole(said: str) -> str:
    """The same text with U+FFFD for each half of a character."""
    return said if said.isascii() else _HALF.sub("\ufffd", said)


def is_whole(said: str) -> bool:
    """Whether there is no half of a character in a text."""
    return said.isascii() or _HALF.search(said) is None


def one_line(said: str, longest: int) -> str:
    """A text for one line of a log or an answer, cut off when it is longer."""
    kept = said if said.isprintable() else "".join(c if c.isprintable() else "?" for c in said)
    return kept if len(kept) <= longest else f"{kept[:longest]}..."


def json_value(said: str | bytes, deepest: int = DEEPEST) -> Plain:
    """What JSON says.

    Raises:
        NotJson: it is none, goes deeper than `deepest`, holds halves of characters or numbers
            beyond all bounds.
    """
    try:
        value: Plain = _read(said)
    except (ValueError, RecursionError) as error:
        raise NotJson(f"no JSON ({type(error).__name__})") from None
    if not can_be_told(value, deepest):
        raise NotJson(f"nested deeper than {deepest} levels, or with half a character in a text")
    return value


def can_be_told(said: Plain, levels: int = DEEPEST) -> bool:
    """Whether a value from outside can be written again, and is no deeper than so many levels."""
    if isinstance(said, str):
        return is_whole(said)
    if isinstance(said, dict):
        said = [*said, *said.values()]
    if isinstance(said, list):
        return levels > 0 and all(can_be_told(each, levels - 1) for each in said)
    return True


def _fraction(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number beyond all bounds")
    return number


def _whole_number(digits: str) -> int | float:
    return int(digits) if len(digits) <= EXACT else _fraction(digits)


def _no_constant(name: str) -> object:
    """JavaScript's NaN and Infinity are not JSON."""
    raise ValueError(name)


_decode = json.JSONDecoder(
    parse_float=_fraction, parse_int=_whole_number, parse_constant=_no_constant
).decode


def _read(said: str | bytes) -> Plain:
    """Raises:
    ValueError, RecursionError: it is no JSON.
    """
    if isinstance(said, bytes):
        said = said.decode(json.detect_encoding(said))
    read: Plain = _decode(said)
    return read
