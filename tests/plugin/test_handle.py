"""The handle on an emulator, as a test or a script holds it."""

import base64
import http.server
import itertools
import json
import os
import re
import sys
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from twilio.base.exceptions import TwilioRestException

from twilio_emulator import AsyncEmulator, Emulator, Settings
from twilio_emulator.handle.calling import Calling, CannotCall
from twilio_emulator.handle.emulator import DidNotHold
from twilio_emulator.handle.handset import HandsetMessage, NotReceived
from twilio_emulator.handle.rest import make_client
from twilio_emulator.server.serving import Serving

ANN = "+12025550199"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Serving(Settings(port=0), os.environ) as serving:
        yield serving.local_url


@pytest.fixture
def emulator(url: str) -> Iterator[Emulator]:
    with Emulator(url=url) as emulator:
        yield emulator


@pytest.fixture(params=["its own", "running"])
def either(request: pytest.FixtureRequest, url: str) -> Iterator[Emulator]:
    with Emulator(url=url if request.param == "running" else None) as emulator:
        yield emulator


def offered(emulator: Emulator, types: dict[str, object]) -> HandsetMessage:
    """What a phone shows of a template that it got on WhatsApp."""
    ann = emulator.handset(ANN)
    ann.send("hello", to=emulator.whatsapp_number)  # which opens a session
    content = f"{emulator.url}/content.twilio.com/v1/Content"
    key = base64.b64encode(f"{emulator.account_sid}:{emulator.auth_token}".encode()).decode()

    def post(path: str, wish: dict[str, object]) -> Any:
        headers = {"Authorization": f"Basic {key}", "Content-Type": "application/json"}
        request = urllib.request.Request(content + path, json.dumps(wish).encode(), headers)
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)

    sid = post("", {"friendly_name": "offer", "language": "en", "types": types})["sid"]
    post(f"/{sid}/ApprovalRequests/whatsapp", {"name": "offer", "category": "UTILITY"})
    emulator.clock.advance(hours=1)
    emulator.client().messages.create(
        to=f"whatsapp:{ANN}", from_=emulator.whatsapp_number, content_sid=sid
    )
    return ann.wait()


def test_an_emulator_of_its_own() -> None:
    with Emulator() as emulator:
        assert emulator.account_sid == "AC00000000000000000000000000000001"
        assert emulator.auth_token == "00000000000000000000000000000001"
        assert emulator.api_key == "SK00000000000000000000000000000001"
        assert emulator.number == "+12025550100"
        ann = emulator.handset(ANN)
        emulator.client().messages.create(
            to=ann.address, from_=emulator.number, body="Your code is 424242"
        )
        assert ann.wait(contains="code").codes == ["424242"]
        url = emulator.url
    with pytest.raises(CannotCall, match=f"no emulator answers at {re.escape(url)}"):
        Calling(url).get("/health")


def test_an_emulator_keeps_the_secrets_it_was_given() -> None:
    settings = Settings(port=0, account_sid="AC0123", auth_token="a secret", api_secret="another")
    with Emulator(settings) as emulator:
        assert emulator.auth_token == "a secret"
        assert emulator.api_secret == "another"
        assert emulator.client().conversations.v1.conversations.list() == []


def test_a_handle_on_a_running_emulator_is_an_account_of_its_own(url: str) -> None:
    with Emulator(url=url) as one, Emulator(url=f"{url}/", account={"seed": 1}) as other:
        assert one.url == other.url == url
        assert one.account_sid != other.account_sid
        assert one.conversation_service_sid != other.conversation_service_sid
        assert one.messaging_service_sid.startswith("MG")
        assert one.whatsapp_number == "whatsapp:+14155238886"
        sid = one.account_sid
    sids = [each["account_sid"] for each in Calling(url).get("/accounts")["accounts"]]
    assert sid not in sids


def test_two_tests_in_parallel_text_the_same_handset_and_one_freezes_its_clock(url: str) -> None:
    """Each on its own thread, turn by turn: steps of one lie between the steps of the other."""
    turns = threading.Barrier(2, timeout=30)
    seen: dict[str, list[str]] = {}
    shown: dict[str, list[datetime]] = {"frozen": [], "real": []}

    def test(name: str) -> None:
        with Emulator(url=url) as emulator:
            ann = emulator.handset(ANN)
            if name == "frozen":
                emulator.clock.freeze()
            turns.wait()
            for number in range(5):
                shown[name].append(emulator.clock.now)
                emulator.client().messages.create(
                    to=ANN, from_=emulator.number, body=f"{name} {number}"
                )
                turns.wait()
                if name == "frozen":
                    emulator.clock.advance(hours=25)
            ann.wait(count=5)
            turns.wait()
            seen[name] = sorted(item.body for item in ann.inbox)
            turns.wait()

    threads = [threading.Thread(target=test, args=(name,)) for name in ("frozen", "real")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert seen == {name: [f"{name} {number}" for number in range(5)] for name in shown}
    frozen, real = shown["frozen"], shown["real"]
    assert [later - now for now, later in itertools.pairwise(frozen)] == [timedelta(hours=25)] * 4
    assert real[-1] - real[0] < timedelta(hours=1)


def test_an_url_that_is_none() -> None:
    with pytest.raises(CannotCall, match="expected an URL such as"), Emulator(url="localhost:8008"):
        pass


def test_the_client_reaches_every_product_and_page(emulator: Emulator) -> None:
    client = emulator.client()
    for number in range(3):
        client.conversations.v1.conversations.create(friendly_name=f"Talk {number}")
        client.messages.create(to=ANN, from_=emulator.number, body=f"Text {number}")
    assert len(client.conversations.v1.conversations.list(page_size=1)) == 3
    assert len(client.messages.list(page_size=1)) == 3
    assert client.messaging.v1.services.list()[0].sid == emulator.messaging_service_sid
    url = client.conversations.v1.conversations.list(limit=1)[0].url
    assert url.startswith(f"{emulator.url}/conversations.twilio.com/v1/Conversations/CH")


def test_the_client_goes_by_no_region_of_the_environment(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert emulator.client().messages.list() == []


def test_a_client_for_strangers_is_refused(emulator: Emulator) -> None:
    client = make_client(emulator.url, emulator.account_sid, "wrong")
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=ANN, from_=emulator.number, body="hello")
    client.http_client.session.close()
    assert refused.value.code == 20003
    assert emulator.journal.of("request")[-1]["code"] == 20003


def test_without_twilios_package_there_is_no_client(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "twilio.rest", None)
    with pytest.raises(ModuleNotFoundError, match="pip install twilio"):
        emulator.client()


def test_a_token(emulator: Emulator) -> None:
    claims = jwt.decode(emulator.token("ann", ttl=60), emulator.api_secret, ["HS256"])
    assert claims["grants"] == {
        "identity": "ann",
        "chat": {"service_sid": emulator.conversation_service_sid},
    }
    assert claims["exp"] - claims["iat"] == 60


def test_a_wait_gives_what_no_earlier_wait_gave(emulator: Emulator) -> None:
    emulator.clock.freeze()
    client = emulator.client()
    client.messages.create(to=ANN, from_=emulator.number, body="before the handle was made")
    emulator.clock.advance(1)
    ann = emulator.handset(ANN)
    for body in ("hello", "code 1111", "code 2222"):
        client.messages.create(to=ANN, from_=emulator.number, body=body)
    assert ann.wait(contains="code").codes == ["1111"]
    assert ann.wait(regex=r"code \d+").codes == ["2222"]
    assert ann.wait().body == "hello"
    assert ann.inbox[0].body == "before the handle was made"
    with pytest.raises(
        NotReceived, match=r"(?s)^Nothing came to .*did not receive a message in 0 s\."
    ):
        ann.wait(timeout=0)


def test_a_wait_that_fails_shows_what_came_instead(emulator: Emulator) -> None:
    emulator.clock.freeze(datetime(2100, 1, 5, 9, tzinfo=UTC))
    ann = emulator.handset(ANN)
    for body in ("Your parcel is here", "code 1111"):
        emulator.client().messages.create(to=ANN, from_=emulator.number, body=body)
    with pytest.raises(NotReceived) as failed:
        ann.wait(contains="code", regex="[0-9]", count=2, timeout=0)
    assert str(failed.value).split("\n") == [
        "+12025550199 did not receive 2 messages with 'code' in it that matches '[0-9]' in 0 s.",
        "This much came:",
        "  09:00:00 sms from +12025550100: 'code 1111'",
        "This came instead:",
        "  09:00:00 sms from +12025550100: 'Your parcel is here'",
    ]


def test_what_is_wrong_with_a_wait_is_said(emulator: Emulator) -> None:
    with pytest.raises(CannotCall, match="query regex: expected a regular expression"):
        emulator.handset(ANN).wait(regex="(")


def test_expecting_something_of_a_block(emulator: Emulator) -> None:
    emulator.clock.freeze()
    ann = emulator.handset(ANN)
    client = emulator.client()
    client.messages.create(to=ANN, from_=emulator.number, body="code 1111")
    emulator.clock.advance(1)
    with ann.expect(contains="code", timeout=0) as got:
        client.messages.create(to=ANN, from_=emulator.number, body="code 2222")
        client.messages.create(to=ANN, from_=emulator.number, body="code 3333")
    assert got.one().codes == ["2222"]
    assert [item.codes for item in got.some(2)] == [["2222"], ["3333"]]
    with pytest.raises(NotReceived):
        got.some(3)
    with pytest.raises(AssertionError, match=r"should not have received\n.*'code 2222'\n"):
        got.none(within=1)
    with ann.expect(contains="code") as got:
        client.messages.create(to=ANN, from_=emulator.number, body="hello")
    before = emulator.clock.now
    got.none(within=60)
    assert emulator.clock.now - before == timedelta(seconds=60)


def test_a_handset_writes(emulator: Emulator) -> None:
    ann = emulator.handset(ANN, label="Ann")
    sent = ann.send("hello")
    assert emulator.client().messages(sent.sid).fetch().body == "hello"
    assert sent.conversation_sid is None
    picture = f"{emulator.url}/console/icon.svg"
    ann.send("by WhatsApp", to=emulator.whatsapp_number, media=[picture])
    bodies = [(item.body, item.channel, item.direction) for item in ann.inbox]
    assert bodies == [
        ("hello", "sms", "from_handset"),
        ("by WhatsApp", "whatsapp", "from_handset"),
    ]
    assert ann.inbox[1].media[0]["url"] == picture
    assert ann.inbox[1].media[0]["size"] > 0
    with pytest.raises(CannotCall, match=r"a\.jpg cannot be reached"):
        ann.send("dead", media=["http://127.0.0.1:1/a.jpg"])
    with pytest.raises(CannotCall, match="is not a number of this account"):
        ann.send("hello", to="+12025550166")
    assert repr(ann) == "<Handset +12025550199>"


def test_a_button_is_pressed(either: Emulator) -> None:
    actions = [{"title": "Yes", "id": "y"}, {"title": "No", "id": "n"}]
    item = offered(either, {"twilio/quick-reply": {"body": "Come?", "actions": actions}})
    assert [(each.title, each.id) for each in item.buttons] == [("Yes", "y"), ("No", "n")]
    ann = either.handset(ANN)
    for button in ("Yes", "n", 1):
        sent = ann.press(item, button)
        assert sent is not None
        body = either.client().messages(sent.sid).fetch().body
        assert (body, ann.inbox[-1].reply_to) == ("Yes" if button == "Yes" else "No", item.id)
    for button in ("Perhaps", 2, -1):
        with pytest.raises(CannotCall, match=f"has no button {button!r}: it has 'Yes', 'No'"):
            ann.press(item, button)


def test_a_button_that_sends_nothing_and_one_of_a_card(emulator: Emulator) -> None:
    open_page = {"type": "URL", "title": "Site", "url": "https://example.com"}
    item = offered(emulator, {"twilio/call-to-action": {"body": "Look", "actions": [open_page]}})
    ann = emulator.handset(ANN)
    assert item.buttons[0].url == "https://example.com"
    assert ann.press(item, 0) is None
    cards = [
        {"title": title, "body": "A dish", "actions": [{"type": "QUICK_REPLY", **action}]}
        for title, action in (
            ("Soup", {"title": "Take it", "id": "soup"}),
            ("Cake", {"title": "Take it", "id": "cake"}),
        )
    ]
    item = offered(emulator, {"twilio/carousel": {"body": "Today", "cards": cards}})
    assert ann.press(item, "Take it", card=1) is not None
    (payload,) = [
        value
        for entry in emulator.journal.of("command")
        if entry["command"] == "SendFromHandset"
        for name, value in entry["fields"].get("parameters", ())
        if name == "ButtonPayload"
    ]
    assert payload == "cake"
    with pytest.raises(CannotCall, match="it has none"):
        ann.press(item, "Take it", card=2)


def test_a_message_is_quoted(either: Emulator) -> None:
    ann = either.handset(ANN)
    ann.send("hello", to=either.whatsapp_number)
    either.client().messages.create(
        to=f"whatsapp:{ANN}", from_=either.whatsapp_number, body="At ten?"
    )
    question = ann.wait()
    ann.reply_to(question, "Yes")
    ann.send("Or at eleven", reply_to=question)
    said = [(item.body, item.channel, item.reply_to) for item in ann.inbox[-2:]]
    assert said == [
        ("Yes", "whatsapp", question.id),
        ("Or at eleven", "whatsapp", question.id),
    ]


def test_files_are_sent_from_the_disk(either: Emulator, tmp_path: Path) -> None:
    picture, card = tmp_path / "cat.PNG", tmp_path / "ann.vcf"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 16)
    card.write_text("BEGIN:VCARD\nEND:VCARD\n")
    ann = either.handset(ANN)
    ann.send("Look", files=[picture, str(card)])
    files = ann.inbox[-1].media
    assert [(each["content_type"], each["size"], each["filename"]) for each in files] == [
        ("image/png", 24, "cat.PNG"),
        ("text/vcard", 22, "ann.vcf"),
    ]
    assert Calling(either.url, either.account_sid).fetch(f"/media/{files[0]['sid']}") == (
        picture.read_bytes()
    )
    with pytest.raises(FileNotFoundError):
        ann.send("Look", files=[tmp_path / "none.png"])


def test_a_wait_for_a_channel_or_a_peer(either: Emulator) -> None:
    ann = either.handset(ANN)
    ann.send("hello", to=either.whatsapp_number)
    client = either.client()
    client.messages.create(to=ANN, from_=either.number, body="by SMS")
    client.messages.create(to=f"whatsapp:{ANN}", from_=either.whatsapp_number, body="by WhatsApp")
    assert ann.wait(channel="whatsapp").body == "by WhatsApp"
    assert ann.wait(peer=either.number).body == "by SMS"
    with pytest.raises(NotReceived, match=r"a message by rcs from \+12025550166 in 0 s"):
        ann.wait(channel="rcs", peer="+12025550166", timeout=0)
    with ann.expect(channel="sms", peer=either.number) as got:
        client.messages.create(to=ANN, from_=either.number, body="again")
    assert got.one().body == "again"


def test_a_handset_is_switched(emulator: Emulator) -> None:
    emulator.clock.freeze()
    ann = emulator.handset(ANN)
    ann.airplane()
    text = emulator.client().messages.create(to=ANN, from_=emulator.number, body="hello")
    emulator.clock.advance(minutes=5)
    assert text.fetch().status == "sent"
    assert ann.inbox == []
    ann.online()
    assert ann.wait().body == "hello"
    assert text.fetch().status == "delivered"


def test_what_waited_for_its_phone_in_vain_has_not_come(emulator: Emulator) -> None:
    emulator.clock.freeze()
    ann = emulator.handset(ANN)
    ann.airplane()
    text = emulator.client().messages.create(to=ANN, from_=emulator.number, body="hello")
    emulator.clock.advance(days=3)
    assert text.fetch().status == "undelivered"
    assert ann.inbox == []
    with pytest.raises(NotReceived, match="is undelivered with 30003"):
        ann.wait(timeout=0)
    ann.online()
    with pytest.raises(NotReceived):
        ann.wait(timeout=0)


def test_a_message_is_read_on_whatsapp(emulator: Emulator) -> None:
    emulator.clock.freeze()
    ann = emulator.handset(ANN)
    text = emulator.client().messages.create(
        to=f"whatsapp:{ANN}", from_=emulator.whatsapp_number, body="hello"
    )
    ann.read(ann.wait())
    assert text.fetch().status == "read"


def test_the_clock(emulator: Emulator) -> None:
    emulator.clock.freeze()
    before = emulator.clock.now
    assert emulator.clock.now == before
    after = emulator.clock.advance(30, minutes=1)
    assert after - before == timedelta(seconds=90)
    emulator.clock.freeze(at=before + timedelta(days=1))
    assert emulator.clock.now - before == timedelta(days=1)


def test_texts_fail_on_demand(emulator: Emulator) -> None:
    emulator.clock.freeze()
    client = emulator.client()
    emulator.fail(30003, to="+1202*", times=1)
    emulator.fail(30001, body="queue")
    emulator.fail(20429, http=429, from_=emulator.number, body="too many", times=1)

    def ended(body: str) -> tuple[str, int | None]:
        text = client.messages.create(to=ANN, from_=emulator.number, body=body)
        emulator.clock.advance(10)
        fetched = text.fetch()
        return fetched.status, fetched.error_code

    assert ended("hello") == ("undelivered", 30003)
    assert ended("hello") == ("delivered", None)
    assert ended("queue") == ("failed", 30001)
    with pytest.raises(TwilioRestException) as refused:
        ended("too many")
    assert (refused.value.status, refused.value.code) == (429, 20429)
    assert ended("too many") == ("delivered", None)


def test_lookup_says_what_a_test_says(emulator: Emulator) -> None:
    assert emulator.lookup(ANN)["line_type"] == "mobile"
    told = emulator.lookup(ANN, line_type="landline", error={"caller_name": 60608})
    assert told["packages"]["caller_name"]["error_code"] == 60608
    found = emulator.client().lookups.v2.phone_numbers(ANN).fetch(fields="line_type_intelligence")
    assert found.line_type_intelligence["type"] == "landline"
    with pytest.raises(CannotCall, match="expected one of landline"):
        emulator.lookup(ANN, line_type="phone")


def test_verify_knows_its_codes(emulator: Emulator) -> None:
    verify = emulator.verify
    shop = emulator.client().verify.v2.services(verify.service_sid)
    assert (verify.service_sid, str(verify)) == (emulator.verify_service_sid, repr(verify))
    made = shop.verifications.create(to=ANN, channel="sms")
    code = verify.code(ANN)
    assert emulator.handset(ANN).wait().codes == [code]
    assert verify.verification(str(made.sid))["status"] == "pending"
    for end, status in ((verify.approve, "approved"), (verify.cancel, "canceled")):
        assert end(ANN)["status"] == status
        shop.verifications.create(to=ANN, channel="sms")
    assert verify.expire(ANN)["status"] == "expired"
    assert len(verify.verifications(to=ANN)) == 3
    assert len(verify.verifications(status="expired")) == 1
    assert verify.change(fixed_code="424242")["fixed_code"] == "424242"
    with pytest.raises(CannotCall, match="is expired"):
        verify.code(ANN)
    with pytest.raises(CannotCall, match="there is no verification"):
        verify.verification("VE1")
    with pytest.raises(CannotCall, match="is expired"):
        verify.cancel(ANN)


def test_the_journal_tells_what_happened(emulator: Emulator) -> None:
    client = emulator.client()
    client.conversations.v1.conversations.create(friendly_name="Talk " + "x" * 200)
    with pytest.raises(TwilioRestException):
        client.messages.create(to="nobody", from_=emulator.number, body="hello")
    kinds = [entry.kind for entry in emulator.journal]
    assert kinds[-6:] == ["command", "event", "request", "command", "refused", "request"]
    shown = str(emulator.journal)
    assert re.search(r"conversation added: CH\w+ friendly_name='Talk xxx+\.\.\.\n", shown)
    assert re.search(
        r"POST conversations /v1/Conversations with .* was answered 201 Created", shown
    )
    assert "was refused with 400: 21211 Invalid 'To' Phone Number" in shown
    assert "command" not in shown
    (command,) = [e for e in emulator.journal.of("command") if e["command"] == "AddConversation"]
    assert "command AddConversation" in str(command)
    assert "21211" in str(emulator.journal.of("refused")[0])
    assert emulator.auth_token not in shown
    assert emulator.journal.of("event")[-1]["event"] == "ConversationAdded"
    assert emulator.webhooks == []


def test_a_scenario_is_played_in_the_account(emulator: Emulator, tmp_path: Path) -> None:
    report = emulator.play("support-desk")
    assert report["account_sid"] == emulator.account_sid
    assert len(emulator.client().conversations.v1.conversations.list()) == 1
    story = tmp_path / "wrong.scenario.yaml"
    story.write_text(
        "scenario: Nothing comes\npeople:\n  Ann: +12025550177\n  Bob: chat:bob\n"
        "conversations:\n  Talk: [Ann, Bob]\nstory:\n  - Ann gets: hello\n"
    )
    with pytest.raises(DidNotHold, match=r"wrong\.scenario\.yaml:8:") as failed:
        emulator.play(story)
    assert failed.value.report["held"] is False
    story.write_text("scenario: [")
    with pytest.raises(CannotCall, match=r"wrong\.scenario\.yaml:2:"):
        emulator.play(story)


def test_what_answers_may_be_no_emulator() -> None:
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Other) as server:
        threading.Thread(target=server.handle_request).start()
        url = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(CannotCall, match="is answered 404: it is no emulator's"):
            Calling(url).get("/health")


def test_what_the_emulator_refuses(url: str) -> None:
    calling = Calling(url)
    with pytest.raises(CannotCall, match="no such call") as refused:
        calling.get("/nothing")
    assert refused.value.status == 404
    with pytest.raises(CannotCall, match="there is no account AC9"):
        Calling(url, "AC9").get("/clock")


def test_what_agents_know_is_in_hand(emulator: Emulator) -> None:
    orchestrator, ann = emulator.orchestrator, emulator.handset(ANN)
    with pytest.raises(CannotCall, match="nobody is known as"):
        orchestrator.profile_of(ann)
    profile = orchestrator.remember(ann, "Likes tea.", source="a test")
    assert orchestrator.profile_of(ann) == orchestrator.profile_of(profile["id"]) == profile
    assert [each["content"] for each in profile["observations"]] == ["Likes tea."]
    base = orchestrator.teach("We are open until 6.", name="Hours", base="Shop")
    assert [each["name"] for each in base["knowledge"]] == ["Hours"]
    assert orchestrator.teach("And on Sunday until 4.", base=base["id"])["id"] == base["id"]

    flow = f"FW{'7' * 32}"
    studio = emulator.client().studio.v2.flows(flow)
    studio.executions.create(to=ANN, from_=emulator.number, parameters={"reason": "asked"})
    (handed,) = orchestrator.hand_overs
    assert (handed["to"], handed["parameters"]) == (ANN, {"reason": "asked"})


def test_conversations_across_channels_are_in_hand(emulator: Emulator) -> None:
    orchestrator = emulator.orchestrator
    assert orchestrator.configuration_id == emulator.conversation_configuration_id
    assert orchestrator.memory_store_id == emulator.memory_store_id
    assert str(orchestrator) == f"<Orchestrator {orchestrator.configuration_id}>"
    ann = emulator.handset(ANN)
    ann.send("Not for an agent")
    connected = orchestrator.connect("http://127.0.0.1:9/", channels=["SMS"])
    assert orchestrator.conversations == []

    ann.send("Are you open?")
    (begun,) = orchestrator.conversations
    assert orchestrator.conversation(ann) == orchestrator.conversation(begun["id"]) == begun
    assert [each["text"] for each in orchestrator.communications(ann)] == ["Are you open?"]
    assert orchestrator.close(ann)["status"] == "CLOSED"
    with pytest.raises(CannotCall, match="is closed"):
        orchestrator.close(ann)
    left = orchestrator.disconnect(connected["id"])
    assert (left["status_callbacks"], orchestrator.disconnect()["id"]) == ([], connected["id"])


def test_what_is_asked_of_an_emulator_that_was_not_entered() -> None:
    for name in ("number", "clock", "url"):
        with pytest.raises(AttributeError) as wrong:
            getattr(Emulator(), name)
        assert str(wrong.value) == (
            f"an emulator has no {name} before it is entered: with Emulator() as emulator"
        )
    with pytest.raises(AttributeError, match="has nothing before it is entered: async with Async"):
        AsyncEmulator().handset(ANN)
    assert not hasattr(Emulator(), "__wrapped__")


def test_what_an_emulator_does_not_have(emulator: Emulator) -> None:
    for name in ("nosuch", "_nosuch"):
        with pytest.raises(AttributeError, match=f"'Emulator' object has no attribute '{name}'"):
            getattr(emulator, name)


def test_a_method_of_a_call_in_small_letters(emulator: Emulator) -> None:
    assert emulator.call("get", "/health")["status"] == "ok"


def test_a_clock_is_told_how_far_as_people_write_it(emulator: Emulator) -> None:
    clock = emulator.clock
    clock.freeze("2031-01-05T09:00:00Z")
    assert clock.now == datetime(2031, 1, 5, 9, tzinfo=UTC)
    assert clock.advance("PT25H") == datetime(2031, 1, 6, 10, tzinfo=UTC)
    assert clock.advance(timedelta(days=1), hours=1) == datetime(2031, 1, 7, 11, tzinfo=UTC)
    assert clock.advance(seconds=5) == datetime(2031, 1, 7, 11, 0, 5, tzinfo=UTC)
    with pytest.raises(CannotCall, match="expected seconds or an ISO 8601 duration such as PT10M"):
        clock.advance("an hour")
    with pytest.raises(TypeError, match="expected 'PT1H' alone, or numbers by name"):
        clock.advance("PT1H", minutes=1)
    assert clock.now == datetime(2031, 1, 7, 11, 0, 5, tzinfo=UTC)
