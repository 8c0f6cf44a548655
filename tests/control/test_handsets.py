import pytest

from tests.control.asking import ANN, BOB, NUMBER, Control
from tests.server.conftest import Site
from twilio_emulator.core.carrier.opt_outs import OptOuts
from twilio_emulator.core.texts.text import Texts

pytestmark = pytest.mark.anyio


async def test_a_handset_is_had_changed_and_thrown_away(control: Control) -> None:
    assert (await control.ask("GET", "/handsets"))["handsets"] == []
    ann = await control.ask("PUT", f"/handsets/{ANN}", {"label": "Ann", "tags": ["vip"]})
    assert (ann["address"], ann["label"], ann["tags"], ann["unread"]) == (ANN, "Ann", ["vip"], 0)
    assert ann["wa_id"] == "12025550199"
    assert ann["channels"] == ["sms", "mms", "whatsapp", "rcs"]
    again = await control.ask("PUT", f"/handsets/{ANN}", {"profile_name": "Annie"})
    assert (again["label"], again["profile_name"]) == ("Ann", "Annie")
    changed = await control.ask("PATCH", f"/handsets/{ANN}", {"network": "airplane"})
    assert changed["network"] == "airplane"
    assert await control.ask("GET", f"/handsets/{ANN}") == changed
    assert (await control.ask("GET", "/handsets"))["handsets"] == [changed]
    await control.ask("DELETE", f"/handsets/{ANN}", status=204)
    assert (await control.ask("GET", "/handsets"))["handsets"] == []


async def test_an_escaped_address_is_the_same(control: Control) -> None:
    await control.ask("PUT", "/handsets/%2B12025550199", {"label": "Ann"})
    assert (await control.ask("GET", f"/handsets/{ANN}"))["label"] == "Ann"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "message"),
    [
        ("GET", f"/handsets/{ANN}", None, 404, f"There is no handset {ANN}"),
        ("PATCH", f"/handsets/{ANN}", {}, 404, f"There is no handset {ANN}"),
        ("DELETE", f"/handsets/{ANN}", None, 404, f"There is no handset {ANN}"),
        ("PUT", "/handsets/+12", {}, 400, "+12"),
        ("PUT", f"/handsets/{ANN}", {"power": "low"}, 400, "power is one of on, off, not low"),
        ("PUT", f"/handsets/{ANN}", {"power": 1}, 400, "body power: Expected str | null, got int"),
        ("PUT", f"/handsets/{ANN}", {"address": BOB}, 400, "body: expected no field address"),
        ("PUT", f"/handsets/{ANN}", {"colour": "red"}, 400, "body: expected no field colour"),
        ("PUT", f"/handsets/{ANN}", [], 400, "body: Expected object, got array"),
        ("POST", f"/handsets/{ANN}/messages", {}, 400, "missing required field to"),
        ("POST", f"/handsets/{ANN}/messages", {"to": BOB}, 404, f"{BOB} is not a number"),
        (
            "POST",
            f"/handsets/{ANN}/messages?wait=forever",
            {"to": NUMBER},
            400,
            "query wait: expected webhook, not 'forever'",
        ),
        (
            "POST",
            f"/handsets/{ANN}/messages",
            {"to": NUMBER, "channel": "smoke"},
            400,
            "body channel: expected one of sms, mms, whatsapp, rcs, messenger, not 'smoke'",
        ),
        ("GET", f"/handsets/{ANN}/messages?limit=0", None, 400, "query limit: expected 1 or more"),
        ("GET", f"/handsets/{ANN}/messages?regex=(", None, 400, "query regex: expected a regular"),
        (
            "GET",
            f"/handsets/{ANN}/messages?state=lost",
            None,
            400,
            "query state: expected one of pending, displayed, read, expired, not 'lost'",
        ),
    ],
)
async def test_what_is_wrong_is_said(
    control: Control, method: str, path: str, body: object, status: int, message: str
) -> None:
    said = await control.mistake(method, path, body, status=status)
    assert message in said


async def test_an_address_is_read_as_everywhere(control: Control) -> None:
    await control.ask("PUT", "/handsets/+1 202-555-0199", {"blocked_senders": [" 12025550100"]})
    shown = await control.ask("GET", "/handsets/whatsapp:+12025550199")
    assert (shown["address"], shown["blocked_senders"]) == (ANN, [NUMBER])
    wish = {"to": "+1 202 555 0100", "body": "hi"}
    await control.ask("POST", "/handsets/%2012025550199/messages", wish, status=201)
    for peer in ("+1 202 555 0100", " 12025550100"):
        inbox = await control.ask("GET", "/handsets/+1-202-555-0199/messages", peer=peer)
        assert [item["body"] for item in inbox["items"]] == ["hi"]
    pair = {"recipient": " 12025550199", "scope": "+1 202 555 0100"}
    said = await control.ask("PUT", "/optouts", pair)
    assert (said["recipient"], said["scope"]) == (ANN, NUMBER)
    await control.ask("DELETE", "/optouts", status=204, **pair)
    assert (await control.ask("PATCH", "/numbers/+1 202 555 0100", {}))["address"] == NUMBER
    window = f"/whatsapp/windows/{ANN}/+1 415 523 8886"
    assert (await control.ask("PATCH", window, {"open": True}))["open"]


async def test_texts_go_both_ways(control: Control) -> None:
    sid = control.text("Your code is 424-242, see https://app.test/x.")
    await control.ask("POST", "/clock", {"advance": 1})
    sent = await control.ask(
        "POST", f"/handsets/{ANN}/messages", {"to": NUMBER, "body": "thanks"}, status=201
    )
    assert sent["direction"] == "inbound"
    assert (sent["from"], sent["to"], sent["channel"]) == (ANN, NUMBER, "sms")
    inbox = await control.ask("GET", f"/handsets/{ANN}/messages")
    came, went = inbox["items"]
    assert inbox["next_seq"] == went["seq"] > came["seq"]
    assert came["id"] == came["message_sid"] == sid
    assert (came["direction"], came["thread"], came["state"]) == ("to_handset", NUMBER, "displayed")
    assert came["codes"] == ["424242"]
    assert came["links"] == ["https://app.test/x"]
    assert came["segments"] == [{"n": 1, "text": came["body"], "encoding": "GSM-7"}]
    assert (went["direction"], went["thread"], went["body"]) == ("from_handset", NUMBER, "thanks")
    assert (await control.ask("GET", f"/handsets/{ANN}"))["unread"] == 1


async def test_a_whatsapp_message_with_everything(control: Control, site: Site) -> None:
    picture = site.put("/a.jpg", b"picture", "image/jpeg")
    control.text("first", to=f"whatsapp:{ANN}", sender="whatsapp:+14155238886")
    await control.ask("POST", "/clock", {"advance": 1})
    first = (await control.ask("GET", f"/handsets/{ANN}/messages"))["items"][0]
    assert first["segments"] == []
    sent = await control.ask(
        "POST",
        f"/handsets/{ANN}/messages",
        {
            "to": "whatsapp:+14155238886",
            "body": "here",
            "media": [{"url": picture}],
            "reply_to": first["id"],
            "forwarded": True,
            "location": {"latitude": 1.5, "longitude": "2", "label": "Home"},
            "referral": {"headline": "Kettles", "source_type": "ad", "ctwa_clid": "c1"},
            "extra_params": {"ButtonPayload": "yes"},
        },
        status=201,
    )
    assert (sent["from"], sent["channel"]) == (f"whatsapp:{ANN}", "whatsapp")
    text = control.default.world[Texts][sent["message_sid"]]
    said = dict(text.parameters)
    assert {"OriginalRepliedMessageSid", "Latitude", "ButtonPayload"} <= said.keys()
    assert {name: value for name, value in said.items() if name.startswith("Referral")} == {
        "ReferralHeadline": "Kettles",
        "ReferralSourceType": "ad",
        "ReferralCtwaClid": "c1",
    }
    origin = control.default.gate.journal[-1].origin
    assert origin.source == "WHATSAPP"
    items = (await control.ask("GET", f"/handsets/{ANN}/messages"))["items"]
    (media,) = items[-1]["media"]
    assert (media["url"], media["content_type"], media["size"]) == (picture, "image/jpeg", 7)


async def test_sending_can_wait_for_the_webhooks(control: Control) -> None:
    waits: list[str] = []

    async def settle() -> None:
        waits.append("settled")

    control.default.pace.settle = settle
    path = f"/handsets/{ANN}/messages"
    await control.ask("POST", path, {"to": NUMBER, "body": "hi"}, status=201)
    assert waits == []
    await control.ask("POST", path, {"to": NUMBER, "body": "hi"}, status=201, wait="webhook")
    assert waits == ["settled"]


async def test_an_inbox_is_filtered(control: Control) -> None:
    control.text("Your code is 1111")
    control.text("Your parcel", sender="+12025550101")
    control.text("Your code is 2222", to=f"whatsapp:{ANN}", sender="whatsapp:+14155238886")
    control.text("for Bob", to=BOB)
    await control.ask("POST", "/clock", {"advance": 1})
    await control.ask(
        "POST", f"/handsets/{ANN}/messages", {"to": NUMBER, "body": "code?"}, status=201
    )

    async def bodies(**query: object) -> list[str]:
        inbox = await control.ask("GET", f"/handsets/{ANN}/messages", **query)
        return [item["body"] for item in inbox["items"]]

    one, parcel, two, asked = "Your code is 1111", "Your parcel", "Your code is 2222", "code?"
    assert sorted(await bodies()) == sorted([one, parcel, two, asked])
    assert sorted(await bodies(contains="code")) == sorted([one, two, asked])
    assert await bodies(regex=r"\d{4}", channel="sms") == [one]
    assert await bodies(peer=NUMBER, direction="to_handset") == [one]
    assert await bodies(peer="+12025550101") == [parcel]
    assert await bodies(peer="+14155238886") == [two]
    assert await bodies(**{"from": ANN}) == [asked]
    assert await bodies(**{"from": " 12025550101"}) == [parcel]
    assert await bodies(to="+12025550100") == [asked]
    assert await bodies(state="read") == []
    assert await bodies(limit=1) == [asked]
    newest = (await control.ask("GET", f"/handsets/{ANN}/messages"))["next_seq"]
    assert await bodies(since=newest) == []
    empty = await control.ask("GET", f"/handsets/{ANN}/messages", since=newest)
    assert empty == {"items": [], "next_seq": newest}


async def test_a_message_and_a_thread_are_read(control: Control) -> None:
    for body in ("one", "two"):
        control.text(body, to=f"whatsapp:{ANN}", sender="whatsapp:+14155238886")
    await control.ask("POST", "/clock", {"advance": 1})
    one, _ = (await control.ask("GET", f"/handsets/{ANN}/messages"))["items"]
    read = await control.ask("POST", f"/handsets/{ANN}/messages/{one['id']}/read")
    assert (read["id"], read["state"]) == (one["id"], "read")
    assert (await control.ask("GET", f"/handsets/{ANN}"))["unread"] == 1
    thread = "whatsapp:%2B14155238886"
    await control.ask("POST", f"/handsets/{ANN}/threads/{thread}/read", status=204)
    assert (await control.ask("GET", f"/handsets/{ANN}"))["unread"] == 0
    await control.mistake("POST", f"/handsets/{ANN}/messages/SM1/read", status=404)


async def test_opting_out_is_sending_a_keyword(control: Control) -> None:
    await control.ask("POST", f"/handsets/{ANN}/optout", {"to": NUMBER}, status=201)
    assert [optout.recipient for optout in control.default.world[OptOuts]] == [ANN]
    await control.ask(
        "POST", f"/handsets/{ANN}/optout", {"to": NUMBER, "keyword": "START"}, status=201
    )
    assert not len(control.default.world[OptOuts])


async def test_a_phone_is_cleared_and_all_are_thrown_away(control: Control) -> None:
    for phone, body in ((ANN, "one"), (ANN, "two"), (BOB, "three")):
        said = {"to": NUMBER, "body": body}
        await control.ask("POST", f"/handsets/{phone}/messages", said, status=201)

    async def bodies(phone: str) -> list[str]:
        answer = await control.ask("GET", f"/handsets/{phone}/messages")
        return [item["body"] for item in answer["items"]]

    path = f"/handsets/{ANN}/messages"
    await control.ask("DELETE", path, status=204, contains="one")
    assert await bodies(ANN) == ["two"]
    await control.ask("DELETE", path, status=204)
    assert (await bodies(ANN), await bodies(BOB)) == ([], ["three"])
    assert len((await control.ask("GET", "/messages"))["messages"]) == 3
    await control.mistake("DELETE", "/handsets/+12025550197/messages", status=404)
    await control.ask("DELETE", "/handsets", status=204)
    assert (await control.ask("GET", "/handsets"))["handsets"] == []


async def test_messages_are_cleared(control: Control) -> None:
    for body in ("one", "two", "three"):
        said = {"to": NUMBER, "body": body}
        await control.ask("POST", f"/handsets/{ANN}/messages", said, status=201)
    await control.ask("DELETE", "/messages", status=204, contains="TWO")
    shown = await control.ask("GET", "/messages")
    assert [each["body"] for each in shown["messages"]] == ["three", "one"]
    await control.ask("DELETE", "/messages", status=204)
    assert await control.ask("GET", "/messages") == {"messages": [], "total": 0}
    assert (await control.ask("GET", f"/handsets/{ANN}/messages"))["items"] == []
    assert [each["address"] for each in (await control.ask("GET", "/handsets"))["handsets"]] == [
        ANN
    ]
    said = await control.mistake("DELETE", "/messages", limit=1)
    assert said.startswith("query: Object contains unknown field limit, expected some of contains")
