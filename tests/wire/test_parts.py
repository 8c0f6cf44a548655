import pytest

from twilio_emulator.wire.parts import part

CONTENT = b"0123456789"
TAG = dict(part(CONTENT, {}).headers)[b"etag"]


@pytest.mark.parametrize(
    ("wanted", "status", "content", "said"),
    [
        (None, 200, CONTENT, None),
        (b"bytes=0-3", 206, b"0123", b"bytes 0-3/10"),
        (b"bytes=0-0", 206, b"0", b"bytes 0-0/10"),
        (b"bytes= 2-4 ", 206, b"234", b"bytes 2-4/10"),
        (b"bytes=8-", 206, b"89", b"bytes 8-9/10"),
        (b"bytes=0-", 206, CONTENT, b"bytes 0-9/10"),
        (b"bytes=-2", 206, b"89", b"bytes 8-9/10"),
        (b"bytes=-20", 206, CONTENT, b"bytes 0-9/10"),
        (b"bytes=4-400", 206, b"456789", b"bytes 4-9/10"),
        (b"bytes=4-" + b"9" * 5000, 206, b"456789", b"bytes 4-9/10"),
        (b"bytes=10-", 416, b"", b"bytes */10"),
        (b"bytes=" + b"9" * 5000 + b"-", 416, b"", b"bytes */10"),
        (b"bytes=-0", 416, b"", b"bytes */10"),
        (b"bytes=4-2", 200, CONTENT, None),
        (b"bytes=-", 200, CONTENT, None),
        (b"bytes=a-b", 200, CONTENT, None),
        (b"bytes=0-1,4-5", 200, CONTENT, None),
        (b"lines=1-2", 200, CONTENT, None),
        (b"bytes=\xb2-", 200, CONTENT, None),
    ],
)
def test_a_part_is_what_is_asked_for(
    wanted: bytes | None, status: int, content: bytes, said: bytes | None
) -> None:
    asked = {} if wanted is None else {b"range": wanted}
    got = part(CONTENT, asked)
    assert (got.status, got.content) == (status, content)
    headers = dict(got.headers)
    assert headers.get(b"content-range") == said
    assert (headers[b"accept-ranges"], headers[b"etag"]) == (b"bytes", TAG)


@pytest.mark.parametrize(
    ("condition", "status"),
    [(TAG, 206), (b'"other"', 200), (b"W/" + TAG, 200), (b"Mon, 05 Jan 2026 09:00:00 GMT", 200)],
)
def test_a_part_is_of_the_very_file(condition: bytes, status: int) -> None:
    assert part(CONTENT, {b"range": b"bytes=0-3", b"if-range": condition}).status == status


@pytest.mark.parametrize("said", [TAG, b"W/" + TAG, b'"other", ' + TAG, b"*"])
def test_a_copy_may_still_be_good(said: bytes) -> None:
    assert part(CONTENT, {b"if-none-match": said}).status == 304
    assert part(CONTENT, {b"if-none-match": b'"other"'}).status == 200


def test_a_digest_that_is_known_is_the_tag() -> None:
    assert dict(part(b"", {}, "ab").headers)[b"etag"] == b'"ab"'
    assert part(b"", {b"range": b"bytes=0-"}).status == 200
