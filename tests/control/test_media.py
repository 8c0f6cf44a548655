import asyncio
from base64 import b64encode

import pytest

from tests.control.asking import ANN, NUMBER, PREFIX, Control
from tests.server.conftest import Site
from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.conversations.conversations import AddConversation
from twilio_emulator.core.conversations.media import MediaTable
from twilio_emulator.core.conversations.participants import AddParticipant
from twilio_emulator.core.conversations.resources import AccountConfigurations, Messages
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.texts.media import Enclosure, TextMedia, of

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
        ("bytes=20-", 416, b"", "bytes */10"),
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
    lost = Enclosure(content_type="image/png", digest="lost")
    text = control.default.gate.perform_now(SendFromHandset(address=ANN, to=NUMBER, media=(lost,)))
    (media,) = of(control.default.world, text.sid)
    said = await control.mistake("GET", f"/media/{media.sid}", status=404)
    assert said.endswith(f"the bytes of {media.sid} are not kept here")


@pytest.mark.parametrize("to", [NUMBER, "whatsapp:+14155238886"])
async def test_what_a_phone_sends_by_url_is_fetched(control: Control, site: Site, to: str) -> None:
    files = [
        {"url": site.put("/a", b"picture", "image/png")},
        {"url": site.put("/b.jpg?c=1", b"photo", "application/octet-stream")},
        {"url": site.put("/c", b"<x>", "text/html"), "content_type": "application/zip"},
        {"base64": b64encode(b"sound").decode(), "content_type": "audio/ogg"},
    ]
    path = f"/handsets/{ANN}/messages"
    sent = await control.ask("POST", path, {"to": to, "media": files}, status=201)
    shown = (await control.ask("GET", path))["items"][0]["media"]
    assert [(each["content_type"], each["size"]) for each in shown] == [
        ("image/png", 7),
        ("image/jpeg", 5),
        ("application/zip", 3),
        ("audio/ogg", 5),
    ]
    assert [each["url"] for each in shown] == [each.get("url") for each in files]
    content = await control.client.get(f"{PREFIX}/media/{shown[0]['sid']}")
    assert content.content == b"picture"
    account = control.default.world.account_sid
    public = f"/2010-04-01/Accounts/{account}/Messages/{sent['message_sid']}/Media"
    assert (await control.client.get(f"{public}/{shown[1]['sid']}")).content == b"photo"


@pytest.mark.parametrize(
    ("content_type", "status", "length", "to", "code", "words"),
    [
        ("image/png", 404, 1, NUMBER, 11200, "was answered with 404"),
        ("text/html", 200, 1, NUMBER, 12300, "is text/html, which is not taken"),
        ("application/octet-stream", 200, 1, NUMBER, 12300, "is application/octet-stream"),
        ("image/png", 200, 5 * 1024 * 1024 + 1, NUMBER, 30019, "is larger than 5242880 bytes"),
        ("video/mp4", 200, 5 * 1024 * 1024 + 1, "whatsapp:+14155238886", None, ""),
    ],
)
async def test_what_cannot_be_had_is_not_sent(
    control: Control,
    site: Site,
    content_type: str,
    status: int,
    length: int,
    to: str,
    code: int | None,
    words: str,
) -> None:
    url = site.put("/a", b"x" * length, content_type, status)
    wish = {"to": to, "media": [{"base64": "", "content_type": "image/png"}, {"url": url}]}
    path = f"/handsets/{ANN}/messages"
    answer = await control.ask("POST", path, wish, status=400 if code else 201)
    if code:
        assert answer["code"] == code
        assert answer["message"].startswith(f"body media[1].url: {url} {words}")
        assert (await control.ask("GET", path))["items"] == []
        assert len(control.default.world[TextMedia]) == 0


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1/a.png", "cannot be reached (ConnectError)"),
        ("file:///etc/passwd", "is no URL of http or https"),
        ("", "is no URL of http or https"),
    ],
)
async def test_nobody_is_there(control: Control, url: str, words: str) -> None:
    wish = {"to": NUMBER, "media": [{"url": url}]}
    said = await control.mistake("POST", f"/handsets/{ANN}/messages", wish)
    assert said == f"body media[0].url: {url} {words}"


async def test_a_site_that_hangs_is_given_up(control: Control, site: Site) -> None:
    asked, never = asyncio.Event(), asyncio.Event()

    async def hang() -> bytes:
        asked.set()
        await never.wait()
        return b""

    site.files["/a.png"] = hang
    wish = {"to": NUMBER, "media": [{"url": f"{site.url}/a.png"}]}
    sending = asyncio.ensure_future(control.mistake("POST", f"/handsets/{ANN}/messages", wish))
    async with asyncio.timeout(10):
        await asked.wait()
        await control.ask("POST", "/clock", {"advance": 20, "settle": False})
        assert (await sending).endswith("did not answer in 15 seconds")
    never.set()


async def test_a_file_by_url_is_in_the_conversation_too(control: Control, site: Site) -> None:
    hosted = control.default
    world = hosted.world
    service = world[AccountConfigurations][world.account_sid].default_chat_service_sid
    made = hosted.gate.perform_now(AddConversation(service=service))
    hosted.gate.perform_now(
        AddParticipant(
            service=service,
            conversation=made.sid,
            messaging_binding_address=ANN,
            messaging_binding_proxy_address=NUMBER,
        )
    )
    url = site.put("/a.png", b"picture", "image/png")
    path = f"/handsets/{ANN}/messages"
    await control.ask("POST", path, {"to": NUMBER, "media": [{"url": url}]}, status=201)
    (file,) = world[MediaTable]
    assert (file.size, file.content_type) == (7, "image/png")
    (message,) = world[Messages]
    assert message.media[0].size == 7
    login = (world.account_sid, world[Accounts][world.account_sid].auth_token)
    base = f"/mcs.us1.twilio.com/v1/Services/{service}/Media/{file.sid}"
    content = await control.client.get(f"{base}/Content", auth=login)
    assert content.content == b"picture"
    temporary = (await control.client.get(base, auth=login)).json()["links"]
    shown = await control.client.get(temporary["content_direct_temporary"])
    assert shown.content == b"picture"
    assert shown.headers["access-control-allow-origin"] == "*"
