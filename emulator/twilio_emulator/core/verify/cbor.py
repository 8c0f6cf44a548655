"""CBOR, as far as authenticators write it.

The rules of this file (RFC 8949, in the canonical form of CTAP2,
https://fidoalliance.org/specs/fido-v2.1-ps-20210615/fido-client-to-authenticator-protocol-v2.1-ps-20210615.html#message-encoding):

- Lengths are said beforehand. There are whole numbers, bytes, texts, lists, maps, yes, no and
  nothing; a map's keys are numbers or texts, each of them once. Tags and fractions are not used.
- Nothing is nested deeper than four levels.
"""

Cbor = int | bytes | str | list["Cbor"] | dict[int | str, "Cbor"] | None
"""What can be read; yes and no are whole numbers to Python too."""

DEEPEST = 4

_NUMBER, _NEGATIVE, _BYTES, _TEXT, _LIST, _MAP, _SIMPLE = 0, 1, 2, 3, 4, 5, 7
_CONSTANTS = {20: False, 21: True, 22: None}
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}


class NotCbor(ValueError):
    """Bytes are no such CBOR."""


def read(said: bytes, at: int = 0) -> tuple[Cbor, int]:
    """What stands from `at` on, and where it ends.

    Raises:
        NotCbor: it is cut off, or not in the form of this file.
    """
    return _read(said, at, DEEPEST)


def write(value: Cbor) -> bytes:
    """The bytes of a value; a map's keys stay in their order."""
    if value is None or isinstance(value, bool):
        constant = next(code for code, each in _CONSTANTS.items() if each is value)
        return _head(_SIMPLE, constant)
    if isinstance(value, int):
        return _head(_NUMBER, value) if value >= 0 else _head(_NEGATIVE, -1 - value)
    if isinstance(value, bytes):
        return _head(_BYTES, len(value)) + value
    if isinstance(value, str):
        return _head(_TEXT, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(_LIST, len(value)) + b"".join(map(write, value))
    pairs = (write(key) + write(each) for key, each in value.items())
    return _head(_MAP, len(value)) + b"".join(pairs)


def _head(kind: int, number: int) -> bytes:
    if number < min(_WIDTHS):
        return bytes((kind << 5 | number,))
    code, width = next(each for each in _WIDTHS.items() if number < 1 << 8 * each[1])
    return bytes((kind << 5 | code,)) + number.to_bytes(width, "big")


def _read(said: bytes, at: int, levels: int) -> tuple[Cbor, int]:
    first, at = _taken(said, at, 1)
    kind, number = first[0] >> 5, first[0] & 31
    if kind == _SIMPLE:
        if number not in _CONSTANTS:
            raise NotCbor("a fraction, or a value of no known kind")
        return _CONSTANTS[number], at
    if number in _WIDTHS:
        digits, at = _taken(said, at, _WIDTHS[number])
        number = int.from_bytes(digits, "big")
    elif number > max(_WIDTHS):
        raise NotCbor("a length that is not said beforehand")
    if kind == _NUMBER:
        return number, at
    if kind == _NEGATIVE:
        return -1 - number, at
    if kind in (_BYTES, _TEXT):
        held, at = _taken(said, at, number)
        return (held if kind == _BYTES else _text(held)), at
    if kind not in (_LIST, _MAP) or not levels:
        raise NotCbor("a tag, or too many levels")
    if kind == _LIST:
        return _list(said, at, number, levels - 1)
    return _map(said, at, number, levels - 1)


def _list(said: bytes, at: int, count: int, levels: int) -> tuple[Cbor, int]:
    items: list[Cbor] = []
    for _ in range(count):
        item, at = _read(said, at, levels)
        items.append(item)
    return items, at


def _map(said: bytes, at: int, count: int, levels: int) -> tuple[Cbor, int]:
    held: dict[int | str, Cbor] = {}
    for _ in range(count):
        key, at = _read(said, at, 0)
        if not isinstance(key, int | str) or isinstance(key, bool) or key in held:
            raise NotCbor("a key that is there twice, or is neither number nor text")
        held[key], at = _read(said, at, levels)
    return held, at


def _taken(said: bytes, at: int, count: int) -> tuple[bytes, int]:
    end = at + count
    if end > len(said):
        raise NotCbor("cut off")
    return said[at:end], end


def _text(held: bytes) -> str:
    try:
        return held.decode()
    except UnicodeDecodeError:
        raise NotCbor("a text that is no UTF-8") from None
