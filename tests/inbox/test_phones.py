"""Handsets as people hold them: read, write, attach, press, switch."""

import json
import re
import struct
import zlib
from base64 import b64encode
from collections.abc import Callable
from copy import deepcopy

import pytest
from playwright.sync_api import Page, expect
from twilio.base.exceptions import TwilioRestException

from tests.core.test_content_types import TYPES
from tests.inbox.console import Console
from twilio_emulator import Emulator

ANN = "+12025550199"
BEN = "+12025550123"


def png(width: int, height: int) -> bytes:
    """A picture in one colour."""

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = zlib.compress((b"\0" + b"\x55\x46\xd6" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


WAV = struct.pack(
    "<4sI4s4sIHHIIHH4sI", b"RIFF", 1036, b"WAVE", b"fmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", 1000
) + bytes([128] * 1000)
"""An eighth of a second of silence."""

SOUND = {"base64": b64encode(WAV).decode(), "content_type": "audio/wav", "filename": "memo.wav"}
FILM = {"base64": "", "content_type": "video/mp4", "filename": "empty.mp4"}


def test_a_text_is_read_and_answered_by_clicks(console: Console) -> None:
    emulator = console.emulator
    ann = emulator.handset(ANN, label="Ann")
    console.open()
    row = console.page.get_by_role("link", name="Ann")
    expect(row).to_be_visible()

    emulator.client().messages.create(to=ANN, from_=emulator.number, body="Your code is 424242")
    expect(row).to_contain_text("1 unread")
    expect(console.page.get_by_role("link", name=re.compile("Handsets 1"))).to_be_visible()

    row.click()
    phone = console.phone("Ann")
    phone.open(emulator.number)
    message = phone.message("Your code is 424242")
    expect(message).to_contain_text("delivered")
    expect(message).to_contain_text("1 segment GSM-7")
    expect(message.get_by_role("button", name="424242")).to_be_attached()

    phone.write("Thank you 🎉")
    expect(phone.message("Thank you 🎉")).to_contain_text("1 segment UCS-2")
    assert [(item.direction, item.body) for item in ann.inbox] == [
        ("to_handset", "Your code is 424242"),
        ("from_handset", "Thank you 🎉"),
    ]
    expect(row).not_to_contain_text("unread")


def test_a_click_counts_though_what_is_clicked_changes_meanwhile(console: Console) -> None:
    emulator = console.emulator
    ann = emulator.handset(ANN, label="Ann")
    emulator.client().messages.create(to=ANN, from_=emulator.number, body="Which one?")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    row = console.page.get_by_role("link", name="Ann")
    expect(row).to_contain_text("1 unread")
    message = console.phone("Ann").message("Which one?")
    message.hover()
    message.get_by_role("button", name="Reply to this message").hover()
    console.page.mouse.down()
    expect(row).not_to_contain_text("unread")  # who touches a phone has read what it shows
    assert [item.state for item in ann.inbox] == ["read"]
    console.page.mouse.up()
    expect(console.phone("Ann").part.get_by_text("Reply to", exact=True)).to_be_visible()
    expect(message).to_have_class(re.compile(r"\bread\b"))


def test_what_somebody_types_stays_while_messages_come(console: Console) -> None:
    emulator = console.emulator
    ann = emulator.handset(ANN, label="Ann")
    ann.send("first")
    console.open(f"/handsets/{ANN}")
    phone = console.phone("Ann")
    number = phone.part.get_by_label("Number to write to")
    number.fill("+1202555")
    ann.send("second")
    thread = phone.part.get_by_role("button", name="You: second")
    expect(thread).to_be_visible()
    expect(number).to_have_value("+1202555")
    thread.focus()
    ann.send("third")
    expect(phone.part.get_by_role("button", name="You: third")).to_be_focused()


def test_what_somebody_reads_on_whatsapp_is_reported(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}/threads/{emulator.whatsapp_number}")
    sent = emulator.client().messages.create(
        to=f"whatsapp:{ANN}", from_=emulator.whatsapp_number, body="Are you there?"
    )
    phone = console.phone("Ann")
    # A phone that nobody has touched shows the message, but nobody has read it.
    expect(phone.message("Are you there?")).to_contain_text("delivered")
    phone.part.get_by_role("textbox", name="Message to").focus()
    expect(phone.message("Are you there?")).to_contain_text("read")
    assert emulator.client().messages(sent.sid).fetch().status == "read"

    phone.press("Read receipts")
    expect(phone.part.get_by_role("button", name="Read receipts")).to_have_attribute(
        "aria-pressed", "false"
    )
    emulator.client().messages.create(
        to=f"whatsapp:{ANN}", from_=emulator.whatsapp_number, body="Hello?"
    )
    expect(phone.message("Hello?")).to_contain_text("delivered")
    expect(console.page.get_by_role("link", name="Ann")).not_to_contain_text("unread")
    expect(phone.message("Hello?")).not_to_contain_text("read")


def test_files_are_sent_and_looked_at(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    phone = console.phone("Ann")
    contact = (
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ben Mill\r\nTEL;TYPE=CELL:+12025550123\r\nEND:VCARD"
    )
    with console.page.expect_file_chooser() as choosing:
        phone.press("Attach files")
    choosing.value.set_files(
        [
            {"name": "box.png", "mimeType": "image/png", "buffer": png(40, 30)},
            {"name": "ben.vcf", "mimeType": "text/vcard", "buffer": contact},
            {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"not to be sent"},
        ]
    )
    phone.press("Leave out notes.txt")
    phone.write("See the box")
    message = phone.message("See the box")
    expect(message).to_contain_text("Ben Mill")
    expect(message).to_contain_text("+12025550123")
    picture = message.get_by_role("button", name="Picture box.png")
    assert picture.locator("img").evaluate("image => image.decode().then(() => image.naturalWidth)")
    picture.click()
    shown = console.page.get_by_role("dialog", name="box.png")
    expect(shown).to_be_visible()
    box = shown.bounding_box()
    assert box is not None
    assert (box["x"] * 2 + box["width"], box["y"] * 2 + box["height"]) == (1600, 900)
    assert box["width"] < 400
    console.page.keyboard.press("Escape")
    expect(console.page.get_by_role("dialog", name="box.png")).to_be_hidden()

    console.call(f"/handsets/{ANN}/messages", {"to": emulator.number, "media": [SOUND, FILM]})
    sound, film = phone.part.locator("audio"), phone.part.locator("video")
    expect(sound).to_be_visible()
    expect(film).to_be_visible()
    sound.evaluate("sound => sound.play()")
    expect(sound).to_have_js_property("duration", 0.125)


def test_a_place_is_shown_without_a_map_of_elsewhere(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}/threads/{emulator.whatsapp_number}")
    place = {"latitude": "37.79", "longitude": "-122.39", "label": "Ferry Building"}
    wish = {"to": emulator.whatsapp_number, "location": place}
    console.call(f"/handsets/{ANN}/messages", wish)
    shown = console.phone("Ann").message("Ferry Building")
    expect(shown).to_contain_text("37.79, -122.39")


def test_buttons_and_lists_are_pressed(console: Console) -> None:
    emulator = console.emulator
    ann = emulator.handset(ANN, label="Ann")
    client = emulator.client()
    console.open(f"/handsets/{ANN}/threads/{emulator.whatsapp_number}")
    phone = console.phone("Ann")
    templates = [
        {
            "twilio/quick-reply": {
                "body": "Shall we bring it?",
                "actions": [{"type": "QUICK_REPLY", "title": "Yes, please", "id": "yes"}],
            }
        },
        {
            "twilio/list-picker": {
                "body": "And when?",
                "button": "Times",
                "items": [{"item": "At noon", "id": "12", "description": "sharp"}],
            }
        },
    ]
    for types in templates:
        made = client.http_client.request(
            "POST",
            "https://content.twilio.com/v1/Content",
            headers={"Content-Type": "application/json"},
            data={"friendly_name": "ask", "language": "en", "types": types},
            auth=(emulator.account_sid, emulator.auth_token),
        )
        client.messages.create(
            to=f"whatsapp:{ANN}",
            from_=emulator.whatsapp_number,
            content_sid=json.loads(made.text)["sid"],
        )
    phone.message("Shall we bring it?").get_by_role("button", name="Yes, please").click()
    quoting = phone.messages().filter(has=console.page.locator(".quote"))
    expect(quoting).to_contain_text("Shall we bring it?")
    phone.message("And when?").get_by_text("Times").click()
    phone.message("And when?").get_by_role("button", name="At noon").click()
    expect(quoting).to_have_count(2)
    assert [item.body for item in ann.inbox if item.direction == "from_handset"] == [
        "Yes, please",
        "At noon",
    ]


def test_every_type_of_a_template_shows_its_words_and_buttons(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    client = emulator.client()
    console.open(f"/handsets/{ANN}/threads/{emulator.whatsapp_number}")
    phone = console.phone("Ann")
    auth = (emulator.account_sid, emulator.auth_token)

    def ask(path: str, said: dict[str, object]) -> dict[str, str]:
        url = f"https://content.twilio.com/v1/Content{path}"
        headers = {"Content-Type": "application/json"}
        answer = client.http_client.request("POST", url, headers=headers, data=said, auth=auth)
        return dict(json.loads(answer.text))

    for kind, (fields, words, titles) in deepcopy(TYPES).items():
        without_media = {name: fields[name] for name in fields if not name.startswith("media")}
        for card in without_media.get("cards", []):  # type: ignore[attr-defined]
            card.pop("media", None)
        made = ask("", {"language": "en", "types": {kind: without_media}})
        ask(f"/{made['sid']}/ApprovalRequests/whatsapp", {"name": "x", "category": "UTILITY"})
        sent = client.messages.create(
            to=f"whatsapp:{ANN}",
            from_=emulator.whatsapp_number,
            content_sid=made["sid"],
            content_variables='{"1":"7"}',
        )
        message = phone.part.locator(f"[data-message='{sent.sid}']")
        for line in (words or "").split("\n"):
            expect(message).to_contain_text(line)
        expect(message.locator(".action, .list-entry")).to_have_count(len(titles))
        expect(message.locator(".carousel-card")).to_have_count(2 if "cards" in fields else 0)
        expect(message.locator(".code")).to_have_count(1 if "authentication" in kind else 0)
        expect(message).not_to_contain_text(re.compile("None|undefined|null"))
    console.go("Templates")
    looks = console.page.locator(".look")
    expect(looks).to_have_count(len(TYPES))
    expect(looks.last).to_contain_text("is your verification code.")
    for look in looks.all():
        expect(look).not_to_contain_text(re.compile("None|undefined|null"))


def test_a_reply_quotes_and_keywords_are_a_click_away(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    emulator.client().messages.create(to=ANN, from_=emulator.number, body="Which one?")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    phone = console.phone("Ann")
    phone.do("Which one?", "Reply to this message")
    phone.press("Emoji")
    phone.press("thumbs up")
    expect(phone.part.get_by_role("textbox", name="Message to")).to_have_value("👍")
    phone.part.get_by_role("button", name="Send").click()
    expect(phone.message("👍").locator(".quote")).to_contain_text("Which one?")

    phone.press("STOP")
    expect(phone.message("You have successfully been unsubscribed")).to_contain_text("the network")
    with pytest.raises(TwilioRestException) as refused:
        emulator.client().messages.create(to=ANN, from_=emulator.number, body="Still there?")
    assert refused.value.code == 21610
    console.go("Opt-outs")
    console.page.get_by_role("button", name=f"Opt {ANN} in again").click()
    expect(console.page.get_by_text("Nobody has opted out.")).to_be_visible()
    emulator.client().messages.create(to=ANN, from_=emulator.number, body="Welcome back")


def test_a_phone_in_an_aeroplane_gets_its_messages_later(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    phone = console.phone("Ann")
    phone.press("Airplane mode")
    expect(phone.part.get_by_role("button", name="Airplane mode")).to_have_attribute(
        "aria-pressed", "true"
    )
    emulator.client().messages.create(to=ANN, from_=emulator.number, body="Boarding at B 12")
    expect(phone.message("Boarding at B 12")).to_contain_text("Not on the phone yet")
    expect(phone.message("Boarding at B 12")).to_contain_text("sent")
    phone.press("Airplane mode")
    expect(phone.message("Boarding at B 12")).to_contain_text("delivered")
    expect(phone.message("Boarding at B 12")).not_to_contain_text("Not on the phone yet")


def test_receipts_are_held_and_given_by_hand(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    phone = console.phone("Ann")
    phone.press("Hold delivery receipts")
    expect(phone.part.get_by_role("button", name="Hold delivery receipts")).to_have_attribute(
        "aria-pressed", "true"
    )
    for body in ("one", "two"):
        emulator.client().messages.create(to=ANN, from_=emulator.number, body=body)
        expect(phone.message(body)).to_contain_text("sent")
    phone.do("one", "Inspect this message")
    console.inspector().get_by_role("button", name="Deliver").click()
    expect(phone.message("one")).to_contain_text("delivered")
    phone.do("two", "Inspect this message")
    console.inspector().get_by_role("button", name="Fail 30003").click()
    expect(phone.message("two")).to_contain_text("undelivered 30003")


def test_the_next_message_fails(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    phone = console.phone("Ann")
    phone.part.get_by_label("Fail the next message with").select_option("30007")
    console.noted("will be undelivered: 30007")
    client = emulator.client()
    first = client.messages.create(to=ANN, from_=emulator.number, body="filtered")
    client.messages.create(to=ANN, from_=emulator.number, body="unhindered")
    expect(phone.message("unhindered")).to_contain_text("delivered")
    assert client.messages(first.sid).fetch().error_code == 30007


def test_all_settings_of_a_phone(console: Console) -> None:
    emulator = console.emulator
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}")
    console.phone("Ann").press("All settings of this phone")
    dialog = console.page.get_by_role("dialog")
    dialog.get_by_label("Label").fill("Anna")
    dialog.get_by_label("Power").select_option("off")
    dialog.get_by_label("Blocked senders, with commas").fill("+12025550100, +12025550101")
    dialog.get_by_role("button", name="Save").click()
    expect(console.phone("Anna").part).to_contain_text("Off")
    console.phone("Anna").press("All settings of this phone")
    expect(dialog.get_by_label("Blocked senders")).to_have_value("+12025550100, +12025550101")
    dialog.get_by_role("button", name="Remove the phone").click()
    expect(console.page.get_by_text("There is no such phone")).to_be_visible()


def test_a_phone_is_added_and_another_held_beside_it(console: Console) -> None:
    console.open()
    console.page.keyboard.press("n")
    dialog = console.page.get_by_role("dialog")
    dialog.get_by_label("Number").fill(ANN)
    dialog.get_by_label("Label").fill("Ann")
    dialog.get_by_role("button", name="Add").click()
    ann = console.phone("Ann")
    expect(ann.part).to_be_visible()

    console.emulator.handset(BEN, label="Ben")
    console.page.get_by_role("link", name="Ben").hover()
    console.page.get_by_role("button", name="Hold Ben beside the others").click()
    ben = console.phone("Ben")
    ben.open(console.emulator.whatsapp_number)
    expect(ann.part).to_be_visible()
    assert "beside=" in console.page.url
    console.page.reload()
    expect(ben.part.get_by_role("textbox", name="Message to")).to_be_visible()
    console.emulator.handset("+12025550145", label="Carla")
    console.page.get_by_role("link", name="Carla").hover()
    console.page.get_by_role("button", name="Hold Carla beside the others").click()
    expect(console.phone("Carla").part).to_be_in_viewport(ratio=1)
    expect(ann.part).to_be_in_viewport(ratio=1)
    ann.press("Put the phone away")
    expect(ann.part).to_be_hidden()
    expect(ben.part).to_be_visible()


def test_on_a_narrow_screen_one_phone_fills_it(
    open_page: Callable[..., Page], emulator: Emulator
) -> None:
    emulator.handset(ANN, label="Ann")
    emulator.handset(BEN, label="Ben")
    console = Console(open_page(viewport={"width": 360, "height": 740}), emulator)
    console.open(f"/handsets/{ANN}", beside=BEN)
    for name in ("Ann", "Ben"):
        box = console.phone(name).part.bounding_box()
        assert box is not None
        assert box["width"] == 360


@pytest.mark.parametrize("width", [360, 800, 1600])
def test_notes_never_cover_what_is_pressed_to_send(
    open_page: Callable[..., Page], emulator: Emulator, width: int
) -> None:
    page = open_page(viewport={"width": width, "height": 740})
    console = Console(page, emulator)
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    send, compose = page.get_by_test_id("send"), page.get_by_test_id("compose")
    refusal = {"message": "No " * 60}
    page.route("**/messages?**", lambda route: route.fulfill(status=400, json=refusal))
    for _ in range(3):
        compose.fill("Hello")
        send.click()
    expect(page.get_by_test_id("note")).to_have_count(3)
    box = page.get_by_test_id("notes").bounding_box()
    for each in (send.bounding_box(), compose.bounding_box()):
        assert box is not None
        assert each is not None
        apart = (
            box["x"] + box["width"] <= each["x"]
            or each["x"] + each["width"] <= box["x"]
            or box["y"] + box["height"] <= each["y"]
        )
        assert apart
    page.unroute("**/messages?**")
    send.click()
    expect(compose).to_have_value("")


def test_escape_closes_what_lies_over_the_thread_first(console: Console) -> None:
    emulator, page = console.emulator, console.page
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}/threads/{emulator.number}")
    address = page.url
    emoji = page.get_by_role("group", name="Emoji")
    page.get_by_test_id("emoji").click()
    expect(emoji).to_be_visible()
    page.keyboard.press("Escape")
    expect(emoji).to_be_hidden()
    expect(page.get_by_test_id("emoji")).to_be_focused()
    assert page.url == address
    # Wherever the focus is.
    page.get_by_test_id("emoji").click()
    page.evaluate("document.activeElement.blur()")
    expect(emoji).to_be_visible()
    page.keyboard.press("Escape")
    expect(emoji).to_be_hidden()
    assert page.url == address
    page.locator(".phone-name").click()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("compose")).to_have_count(0)
    assert page.url != address


def test_a_note_on_the_desktop_is_shown_on_wish(console: Console) -> None:
    emulator, page = console.emulator, console.page
    page.add_init_script(
        """window.shown = [];
        window.Notification = class {
            static permission = "default";
            static requestPermission = async () => (Notification.permission = "granted");
            constructor(title, { body }) { window.shown.push(`${title}: ${body}`); }
            close() {}
        };
        document.hasFocus = () => false;"""
    )
    emulator.handset(ANN, label="Ann")
    console.open()
    client = emulator.client()
    client.messages.create(to=ANN, from_=emulator.number, body="unheard")
    expect(page.get_by_test_id("handset")).to_contain_text("unheard")
    assert page.evaluate("shown") == []
    page.get_by_test_id("notify").click()
    expect(page.get_by_test_id("notify")).to_have_attribute("aria-pressed", "true")
    client.messages.create(to=ANN, from_=emulator.number, body="<b>heard</b>")
    expect(page.get_by_test_id("handset")).to_contain_text("<b>heard</b>")
    assert page.evaluate("shown") == [f"Ann from {emulator.number}: <b>heard</b>"]
    page.get_by_test_id("notify").click()
    expect(page.get_by_test_id("notify")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("localStorage.getItem('notify')") is None


def test_what_lookup_tells_is_set_with_the_phone(console: Console) -> None:
    emulator, page = console.emulator, console.page
    emulator.handset(ANN, label="Ann")
    console.open(f"/handsets/{ANN}")
    page.get_by_test_id("phone-settings").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("What Lookup tells").click()
    dialog.get_by_label("SIM swapped").fill("yesterday")
    dialog.get_by_label("Calls are forwarded").check()
    dialog.get_by_label("Line status").select_option("active")
    dialog.get_by_label("Owner: first name").fill("Ann")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    shown = emulator.call("GET", f"/handsets/{ANN}")
    assert (shown["call_forwarding"], shown["line_status"]) == (True, "active")
    assert (shown["person"], shown["caller_name"]) == ({"first_name": "Ann"}, None)
    assert shown["sim_swapped"]
    assert emulator.lookup(ANN)["packages"]["sim_swap"]["last_sim_swap"]["swapped_in_period"]
