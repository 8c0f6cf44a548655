from base64 import b64encode

import pytest

from tests.control.asking import ANN, NUMBER, PREFIX, Control

pytestmark = pytest.mark.anyio

PAGE = b"<script>alert(document.domain)</script>"


async def sent(control: Control, content: bytes, content_type: str, filename: str = "it") -> str:
    """Send a file from a phone; answers its sid."""
    file = {
        "base64": b64encode(content).decode(),
        "content_type": content_type,
        "filename": filename,
    }
    await control.ask(
        "POST", f"/handsets/{ANN}/messages", {"to": NUMBER, "media": [file]}, status=201
    )
    inbox = await control.ask("GET", f"/handsets/{ANN}/messages")
    media = inbox["items"][-1]["media"][0]
    assert (media["content_type"], media["size"]) == (content_type, len(content))
    sid: str = media["sid"]
    return sid


@pytest.mark.parametrize("content_type", ["image/png", "audio/ogg", "video/mp4", "IMAGE/PNG; a=b"])
async def test_what_can_be_shown_is_shown_by_its_type(control: Control, content_type: str) -> None:
    sid = await sent(control, b"bytes", content_type, "a b.png")
    response = await control.client.get(f"{PREFIX}/media/{sid}")
    assert response.content == b"bytes"
    assert response.headers["content-type"] == content_type.partition(";")[0].lower()
    assert response.headers["content-disposition"] == "inline; filename*=UTF-8''a%20b.png"


@pytest.mark.parametrize(
    "content_type",
    ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "image/png\r\nx: y"],
)
async def test_what_could_run_is_bytes_to_be_saved(control: Control, content_type: str) -> None:
    sid = await sent(control, PAGE, content_type, 'a"\r\nb.html')
    response = await control.client.get(f"{PREFIX}/media/{sid}")
    assert response.content == PAGE
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["content-disposition"].startswith("attachment; filename*=UTF-8''a%22")
    assert response.headers["content-security-policy"] == "sandbox"
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("wanted", "status", "content", "said"),
    [
        ("bytes=0-3", 206, b"0123", "bytes 0-3/10"),
        ("bytes=8-", 206, b"89", "bytes 8-9/10"),
        ("bytes=-2", 206, b"89", "bytes 8-9/10"),
        ("bytes=4-400", 206, b"456789", "bytes 4-9/10"),
        ("bytes=-", 200, b"0123456789", None),
        ("bytes=20-", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
async def test_a_player_begins_in_the_middle(
    control: Control, wanted: str, status: int, content: bytes, said: str | None
) -> None:
    sid = await sent(control, b"0123456789", "video/mp4")
    response = await control.client.get(f"{PREFIX}/media/{sid}", headers={"range": wanted})
    assert (response.status_code, response.content) == (status, content)
    assert response.headers.get("content-range") == said


async def test_files_of_conversations_are_served_too(control: Control) -> None:
    login = ("AC00000000000000000000000000000001", "00000000000000000000000000000001")
    response = await control.client.post(
        "/mcs.us1.twilio.com/v1/Services/IS00000000000000000000000000000001/Media",
        content=b"GIF",
        headers={"content-type": "image/gif"},
        auth=login,
    )
    shown = await control.client.get(f"{PREFIX}/media/{response.json()['sid']}")
    assert (shown.content, shown.headers["content-type"]) == (b"GIF", "image/gif")


@pytest.mark.parametrize(
    ("media", "message"),
    [
        ({}, "either its url or its base64"),
        ({"url": "http://a.test/", "base64": ""}, "either its url or its base64"),
        ({"base64": "R0lG"}, "expected base64 with its content_type"),
        ({"base64": "R0lG!", "content_type": "image/gif"}, "expected base64, which this is not"),
    ],
)
async def test_a_file_is_given_whole_or_by_its_address(
    control: Control, media: dict[str, str], message: str
) -> None:
    path = f"/handsets/{ANN}/messages"
    assert message in await control.mistake("POST", path, {"to": NUMBER, "media": [media]})


async def test_bytes_that_are_not_here(control: Control) -> None:
    assert "there is no media ME1" in await control.mistake("GET", "/media/ME1", status=404)
    url, content_type = "http://app.test/a.png", "image/png"
    await control.ask(
        "POST",
        f"/handsets/{ANN}/messages",
        {"to": NUMBER, "media": [{"url": url, "content_type": content_type}]},
        status=201,
    )
    inbox = await control.ask("GET", f"/handsets/{ANN}/messages")
    sid = inbox["items"][-1]["media"][0]["sid"]
    assert f"they are at {url}" in await control.mistake("GET", f"/media/{sid}", status=404)
