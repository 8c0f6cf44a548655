"""Media of conversations over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.inside import Inside, Said
from twilio_emulator.core.conversations.media import MediaTable
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.texts.media import Enclosure, TextMedia
from twilio_emulator.runtime.uploads import Files

ANN, NUMBER = "+12025550199", "+12025550100"
PNG = {"Content-Type": "image/png"}


def mcs(inside: Inside, path: str = "/Media") -> str:
    return f"https://mcs.us1.twilio.com/v1/Services/{inside.service_sid}{path}"


def upload(inside: Inside, query: Any = None) -> Said:
    return inside.made(mcs(inside), query=query, content=b"\x89PNG", headers=PNG)


def test_a_file_has_the_keys_that_clients_need(inside: Inside) -> None:
    made = upload(inside, {"Filename": "a b.png", "Category": "media"})
    url = f"{mcs(inside)}/{made['sid']}"
    assert (made.status, made.body) == (
        201,
        {
            "sid": made["sid"],
            "service_sid": inside.service_sid,
            "channel_sid": None,
            "message_sid": None,
            "date_created": "2026-01-05T09:00:00Z",
            "date_updated": "2026-01-05T09:00:00Z",
            "date_upload_updated": "2026-01-05T09:00:00Z",
            "size": 4,
            "content_type": "image/png",
            "filename": "a b.png",
            "category": "media",
            "author": None,
            "is_multipart_upstream": False,
            "url": url,
            "links": {
                "content": f"{url}/Content",
                "content_direct_temporary": made["links"]["content_direct_temporary"],
            },
        },
    )
    assert inside.seen(url).body == made.body
    assert inside.ask("GET", f"{mcs(inside)}/ME{'0' * 32}").status == 404


def test_its_bytes_come_back(inside: Inside) -> None:
    made = upload(inside)
    answer = inside.ask("GET", made["links"]["content"])
    assert (answer.status, answer.content) == (200, b"\x89PNG")
    assert answer.headers["content-type"] == "image/png"


def test_players_get_parts_of_a_file_wherever_it_is(inside: Inside) -> None:
    made = upload(inside)
    text = inside.perform(
        SendFromHandset(
            address=ANN,
            to=NUMBER,
            media=(
                Enclosure(
                    content_type="image/png", digest=inside.server.files.keep(b"\x89PNG"), size=4
                ),
            ),
        )
    )
    (file,) = inside.world[TextMedia]
    public = (
        f"https://api.twilio.com/2010-04-01/Accounts/{inside.account_sid}/Messages/{text.sid}"
        f"/Media/{file.sid}"
    )
    for url in (made["links"]["content"], made["links"]["content_direct_temporary"], public):
        whole = inside.ask("GET", url)
        assert whole.headers["accept-ranges"] == "bytes"
        part = inside.ask("GET", url, headers={"Range": "bytes=1-2"})
        assert (part.status, part.content) == (206, b"PN")
        assert part.headers["content-range"] == "bytes 1-2/4"
        assert part.headers["content-length"] == "2"
        assert part.headers["content-type"] == "image/png"
        assert "Content-Range" in part.headers["access-control-expose-headers"]
        beyond = inside.ask("GET", url, headers={"Range": "bytes=9-"})
        assert (beyond.status, beyond.headers["content-range"]) == (416, "bytes */4")
        tag = whole.headers["etag"]
        for condition, status in ((tag, 206), ('"other"', 200)):
            sent = {"Range": "bytes=1-2", "If-Range": condition}
            assert inside.ask("GET", url, headers=sent).status == status
        assert inside.ask("GET", url, headers={"If-None-Match": tag}).status == 304
        head = inside.ask("HEAD", url)
        assert (head.status, head.headers["content-length"]) == (200, "4")


def test_a_temporary_address_needs_no_password(inside: Inside) -> None:
    url = upload(inside)["links"]["content_direct_temporary"]
    answer = inside.ask("GET", url, auth=("nobody", "at all"))
    assert (answer.status, answer.content) == (200, b"\x89PNG")
    assert answer.headers["access-control-allow-origin"] == "*"
    for wrong in (
        url.replace("Signature=", "Signature=0"),
        url.replace("Expires=1", "Expires=2"),
        url.replace("/ME", "/ME0"),
        url.replace("Account=AC", "Account=XX"),
    ):
        assert inside.ask("GET", wrong).status == 403


def test_a_temporary_address_expires(inside: Inside) -> None:
    made = upload(inside)
    path = f"/Conversations/{inside.conversation()}/Messages"
    inside.made(path, {"MediaSid": made["sid"]})
    inside.advance(hours=4)
    assert inside.ask("GET", made["links"]["content_direct_temporary"]).status == 403
    anew = inside.seen(made["url"])["links"]["content_direct_temporary"]
    assert inside.ask("GET", anew).status == 200


def test_a_form_has_the_file_in_a_part(inside: Inside) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nhello\r\n--x--\r\n"
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    made = inside.made(mcs(inside), content=body, headers=headers)
    assert (made["filename"], made["content_type"], made["size"]) == ("a.txt", "text/plain", 5)
    assert inside.ask("GET", made["links"]["content"]).content == b"hello"


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"hello"),
        ("multipart/form-data; boundary=x", b"hello"),
        ("multipart/form-data; boundary=x", b"--x--\r\n"),
    ],
)
def test_a_form_without_a_file(inside: Inside, content_type: str, body: bytes) -> None:
    answer = inside.ask("POST", mcs(inside), content=body, headers={"Content-Type": content_type})
    assert (answer.status, answer.code) == (400, 20001)


def test_a_file_without_a_type(inside: Inside) -> None:
    made = inside.made(mcs(inside), content=b"?", headers={"Content-Type": ""})
    assert made["content_type"] == "application/octet-stream"


def test_several_at_once(inside: Inside) -> None:
    made, missing = upload(inside)["sid"], "ME" + "0" * 32

    def ask(said: object) -> Said:
        return inside.ask("POST", mcs(inside, "/MediaSet"), said=said)

    wanted = [{"media_sid": made}, {"media_sid": missing}]
    found, lost = ask({"command": "get", "list": wanted}).body
    assert (found["code"], found["media_record"]["sid"]) == (200, made)
    assert lost == {"code": 404, "media_record": {"sid": missing}}
    for wrong in ({"command": "delete", "list": []}, [], {"command": "get"}):
        assert ask(wrong).code == 20001


def test_files_of_texts_are_there_too(inside: Inside) -> None:
    conversation = inside.conversation()
    pair = {"MessagingBinding.Address": ANN, "MessagingBinding.ProxyAddress": NUMBER}
    inside.made(f"/Conversations/{conversation}/Participants", pair)
    digest = inside.server.files.keep(b"here")
    held = Enclosure(content_type="image/png", digest=digest, size=4)
    elsewhere = Enclosure(content_type="image/png", url="http://127.0.0.1:1/a.png")
    lost = Enclosure(content_type="image/png", digest="lost")
    inside.perform(SendFromHandset(address=ANN, to=NUMBER, media=(held, elsewhere, lost)))
    (message,) = inside.seen(f"/Conversations/{conversation}/Messages")["messages"]
    urls = [f"{mcs(inside)}/{each['sid']}" for each in message["media"]]
    answers = [inside.ask("GET", f"{url}/Content") for url in urls]
    assert [answer.status for answer in answers] == [200, 404, 404]
    addresses = [inside.seen(url)["links"]["content_direct_temporary"] for url in urls]
    answers = [inside.ask("GET", address) for address in addresses]
    assert [answer.status for answer in answers] == [200, 404, 404]


def test_what_clients_show_of_a_template_is_a_file(inside: Inside) -> None:
    types = {"twilio/quick-reply": {"body": "Hi", "actions": [{"title": "Yes", "id": "y"}]}}
    sid = inside.made(
        "https://content.twilio.com/v1/Content", said={"language": "en", "types": types}
    )["sid"]
    inside.made(f"/Conversations/{inside.conversation()}/Messages", {"ContentSid": sid})
    (file,) = inside.world[MediaTable]
    answer = inside.ask("GET", f"{mcs(inside)}/{file.sid}/Content")
    assert json.loads(answer.content) == {"data": types["twilio/quick-reply"]}


def test_files_outlive_the_process_in_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    files = Files(folder)
    digest = files.keep(b"hello")
    assert files.keep(b"hello") == digest
    assert Files(folder).read(digest) == b"hello"
    assert Files(folder).read("0" * 64) is None
    assert [path.name for path in folder.iterdir()] == [digest]
