"""Bodies that come compressed."""

import gzip
import json
import zlib
from types import SimpleNamespace
from typing import Any, cast

import pytest

from twilio_emulator.core.kernel.refusals import Refused
from twilio_emulator.rest.memory import packed
from twilio_emulator.wire.calls import Call

SAID = json.dumps({"query": "tea"}).encode()


def unpacked(body: bytes, encoding: str | None) -> bytes:
    headers = {} if encoding is None else {b"content-encoding": encoding.encode()}
    call: Any = SimpleNamespace(headers=headers, body=body)
    packed.unpack(cast(Call, call))
    return bytes(call.body)


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (SAID, None),
        (SAID, "identity"),
        (gzip.compress(SAID, mtime=0), "gzip"),
        (zlib.compress(SAID), " Deflate "),
    ],
)
def test_what_was_compressed_is_as_before(body: bytes, encoding: str | None) -> None:
    assert unpacked(body, encoding) == SAID


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [
        (SAID, "br", 415),
        (SAID, "compress", 415),
        (SAID, "gzip", 400),
        (gzip.compress(SAID, mtime=0)[:-9], "gzip", 400),
        (gzip.compress(bytes(packed.LARGEST_BODY + 1), mtime=0), "gzip", 413),
    ],
)
def test_what_cannot_be_read_is_refused(body: bytes, encoding: str, status: int) -> None:
    with pytest.raises(Refused) as why:
        unpacked(body, encoding)
    assert why.value.status == status
