"""A whole app in one test, redirected from outside."""

import os
import threading
from collections.abc import Iterator

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from werkzeug.serving import make_server

from tests.plugin.desk import PICTURE, Desk
from twilio_emulator import Emulator


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The app, served on a free port."""
    desk = Desk()
    server = make_server("127.0.0.1", 0, desk.app, threaded=True)
    monkeypatch.setenv("DESK_URL", f"http://127.0.0.1:{server.port}")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield desk
    server.shutdown()
    thread.join(60)
    server.server_close()


def set_up() -> None:
    """What somebody does once in Twilio's console: say where texts are reported."""
    client = Client()
    for number in client.incoming_phone_numbers.list():
        number.update(sms_url=f"{os.environ['DESK_URL']}/sms")
    client.http_client.session.close()


def test_a_flask_app_answers_texts_with_media_and_stop(
    twilio_redirect: Emulator, desk: Desk
) -> None:
    set_up()
    ann = twilio_redirect.handset("+12025550199", label="Ann")

    ann.send("Hello")
    first = ann.wait(contains="You wrote")
    assert first.body == "You wrote 'Hello' and sent 0 files"
    assert first.peer == twilio_redirect.number

    url = f"{os.environ['DESK_URL']}/cat.png"
    ann.send("Look", media=[url, url])
    second = ann.wait(contains="sent 2 files")
    assert desk.files == [("image/png", PICTURE)] * 2
    (picture,) = second.media
    assert (picture["content_type"], second.channel) == ("image/png", "mms")

    sid = desk.notify(ann.address, "Your cat is ready")
    ann.wait(contains="ready")
    twilio_redirect.clock.advance(0)
    assert [status for message, status in desk.statuses if message == sid] == ["sent", "delivered"]
    of_reply = [status for message, status in desk.statuses if message == first.message_sid]
    assert of_reply == ["queued", "sent", "delivered"]

    ann.send("STOP")
    assert ann.wait(contains="unsubscribed").system
    twilio_redirect.clock.advance(0)
    assert desk.opted_out == [ann.address]
    with pytest.raises(TwilioRestException) as refused:
        desk.notify(ann.address, "Are you sure?")
    assert refused.value.code == 21610

    forged = requests.post(
        f"{os.environ['DESK_URL']}/sms", data={"Body": "Hi"}, timeout=10, proxies={"http": ""}
    )
    assert forged.status_code == 403
    assert {entry["status"] for entry in twilio_redirect.webhooks} == {200, 204}
