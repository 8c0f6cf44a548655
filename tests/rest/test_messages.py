"""Messages of the 2010 API, as Twilio's own library sees them."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from tests.rest.conftest import ACCOUNT, ANN, MESSAGING_SERVICE, NUMBER
from twilio_emulator.core.accounts.accounts import Accounts
from twilio_emulator.core.carrier.opt_outs import AddOptOut
from twilio_emulator.core.conversations.resources import AccountConfigurations
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.simulation.faults import AddFault
from twilio_emulator.core.simulation.resources import ApiError, Fault, Match
from twilio_emulator.core.texts.media import Enclosure
from twilio_emulator.core.texts.text import Texts
from twilio_emulator.runtime.gate import Gate

Advance = Callable[..., None]
Ask = Callable[..., tuple[int, Any]]
MESSAGES = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages"


def test_a_message_is_created_and_delivered(client: Client, advance: Advance) -> None:
    message = client.messages.create(to=ANN, from_=NUMBER, body="Your code is 424242")

    assert (message.status, message.direction) == ("queued", "outbound-api")
    assert (message.from_, message.to, message.body) == (NUMBER, ANN, "Your code is 424242")
    assert (message.num_segments, message.num_media, message.price) == ("1", "0", None)
    assert message.date_created == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert message.date_sent is None

    advance(seconds=1)
    message = message.fetch()
    assert (message.status, message.price, message.price_unit) == ("delivered", "-0.00790", "USD")
    assert message.date_sent == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert (message.error_code, message.error_message) == (None, None)


def test_the_answer_is_twilios_key_for_key(ask: Ask) -> None:
    status, answer = ask("POST", f"{MESSAGES}.json", To=ANN, From=NUMBER, Body="Hi")
    uri = f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{answer['sid']}"
    assert status == 201
    assert answer == {
        "body": "Hi",
        "num_segments": "1",
        "direction": "outbound-api",
        "from": NUMBER,
        "to": ANN,
        "date_updated": "Mon, 05 Jan 2026 09:00:00 +0000",
        "price": None,
        "error_message": None,
        "uri": f"{uri}.json",
        "account_sid": ACCOUNT,
        "num_media": "0",
        "status": "queued",
        "messaging_service_sid": None,
        "sid": answer["sid"],
        "date_sent": None,
        "date_created": "Mon, 05 Jan 2026 09:00:00 +0000",
        "error_code": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def test_tags_come_back(ask: Ask) -> None:
    _, answer = ask("POST", f"{MESSAGES}.json", To=ANN, From=NUMBER, Body="Hi", Tags='{"a":"b"}')
    assert answer["tags"] == '{"a":"b"}'


def test_a_message_of_a_service_has_no_sender_at_first(client: Client, advance: Advance) -> None:
    message = client.messages.create(to=ANN, messaging_service_sid=MESSAGING_SERVICE, body="Hi")
    assert (message.status, message.from_, message.num_segments) == ("accepted", None, "0")
    assert message.price_unit is None
    advance(seconds=1)
    message = message.fetch()
    assert (message.status, message.from_) == ("delivered", NUMBER)


def test_what_fails_later_says_why(client: Client, world: World, advance: Advance) -> None:
    world.perform(AddOptOut(recipient=ANN, scope=MESSAGING_SERVICE))
    message = client.messages.create(to=ANN, messaging_service_sid=MESSAGING_SERVICE, body="Hi")
    advance(seconds=1)
    message = message.fetch()
    assert (message.status, message.error_code, message.error_message) == (
        "failed",
        21610,
        "Attempt to send to unsubscribed recipient",
    )


@pytest.mark.parametrize(
    ("fields", "code", "status"),
    [
        ({"to": "+1555"}, 21211, 400),
        ({"from_": "+12025550123"}, 21659, 400),
        ({"body": ""}, 21602, 400),
        ({"smart_encoded": "perhaps"}, 20001, 400),
    ],
)
def test_what_is_refused(client: Client, fields: dict[str, Any], code: int, status: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(**{"to": ANN, "from_": NUMBER, "body": "Hi", **fields})
    assert (refused.value.code, refused.value.status) == (code, status)


def test_a_list_goes_on_over_pages_with_the_newest_first(client: Client) -> None:
    sent = [client.messages.create(to=ANN, from_=NUMBER, body=str(n)).sid for n in range(7)]
    listed = client.messages.list(page_size=3)
    assert [message.sid for message in listed] == sent[::-1]
    assert [m.sid for m in client.messages.list(to=ANN, limit=2, page_size=1)] == sent[:-3:-1]
    assert client.messages.list(to=NUMBER) == []


def test_a_page_says_where_it_stands(client: Client, ask: Ask) -> None:
    for number in range(3):
        client.messages.create(to=ANN, from_=NUMBER, body=str(number))
    path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"

    status, first = ask("GET", f"{MESSAGES}.json", PageSize=2, To=ANN)
    assert status == 200
    assert len(first.pop("messages")) == 2
    following = first["next_page_uri"]
    assert first == {
        "first_page_uri": f"{path}?To=%2B12025550199&PageSize=2&Page=0",
        "end": 1,
        "previous_page_uri": None,
        "uri": f"{path}?To=%2B12025550199&PageSize=2&Page=0",
        "page_size": 2,
        "start": 0,
        "next_page_uri": following,
        "page": 0,
    }
    _, second = ask("GET", f"https://api.twilio.com{following}")
    assert (second["start"], second["end"], second["page"], second["next_page_uri"]) == (
        2,
        2,
        1,
        None,
    )
    _, again = ask("GET", f"https://api.twilio.com{second['previous_page_uri']}")
    assert (again["start"], again["end"], again["page"]) == (0, 1, 0)

    _, empty = ask("GET", f"{MESSAGES}.json", To="+12025550198")
    assert (empty["start"], empty["end"], empty["messages"]) == (0, 0, [])


def test_a_page_token_has_to_be_one_of_ours(ask: Ask) -> None:
    status, answer = ask("GET", f"{MESSAGES}.json", PageToken="PAMM1")
    assert (status, answer["code"], answer["message"]) == (400, 21481, "Invalid PageToken")


def test_messages_are_found_by_the_day_they_were_sent(client: Client, advance: Advance) -> None:
    client.messages.create(to=ANN, from_=NUMBER, body="today")
    advance(days=1)
    client.messages.create(to=ANN, from_=NUMBER, body="tomorrow")
    advance(seconds=1)

    def bodies(**filters: Any) -> list[str | None]:
        return [message.body for message in client.messages.list(**filters)]

    assert bodies(date_sent=date(2026, 1, 5)) == ["today"]
    assert bodies(date_sent_after=date(2026, 1, 6)) == ["tomorrow"]
    assert bodies(date_sent_before=date(2026, 1, 7)) == ["tomorrow", "today"]
    assert bodies(from_=NUMBER, date_sent_before=date(2026, 1, 6)) == ["today"]


def test_a_message_is_redacted_canceled_and_deleted(client: Client, advance: Advance) -> None:
    message = client.messages.create(to=ANN, from_=NUMBER, body="secret")
    advance(seconds=1)
    assert message.update(body="").body == ""

    scheduled = client.messages.create(
        to=ANN,
        messaging_service_sid=MESSAGING_SERVICE,
        body="Later",
        schedule_type="fixed",
        send_at=datetime(2026, 1, 5, 10, tzinfo=UTC),
    )
    assert (scheduled.status, scheduled.from_) == ("scheduled", None)
    assert scheduled.update(status="canceled").status == "canceled"

    assert message.delete()
    with pytest.raises(TwilioRestException) as gone:
        message.fetch()
    assert (gone.value.code, gone.value.status) == (20404, 404)


def test_feedback_is_given(client: Client) -> None:
    message = client.messages.create(to=ANN, from_=NUMBER, body="Hi", provide_feedback=True)
    feedback = client.messages(message.sid).feedback.create(outcome="confirmed")
    assert (feedback.outcome, feedback.message_sid) == ("confirmed", message.sid)


def test_media_are_listed_fetched_and_deleted(client: Client, world: World) -> None:
    text = world.perform(
        SendFromHandset(
            address=ANN,
            to=NUMBER,
            media=(Enclosure(content_type="image/png"), Enclosure(content_type="audio/mp3")),
        )
    )
    (message,) = client.messages.list()
    assert (message.sid, message.direction, message.num_media) == (text.sid, "inbound", "2")
    assert message.price == "-0.02000"

    one, two = client.messages(message.sid).media.list()
    assert (one.content_type, one.parent_sid, one.account_sid) == (
        "image/png",
        message.sid,
        ACCOUNT,
    )
    assert client.messages(message.sid).media(two.sid).fetch().content_type == "audio/mp3"
    assert client.messages(message.sid).media(one.sid).delete()
    assert [media.sid for media in client.messages(message.sid).media.list()] == [two.sid]


def test_a_fault_may_answer_in_twilios_place(client: Client, world: World) -> None:
    error = ApiError(status=429, code=20429, message="Too Many Requests")
    world.perform(AddFault(match=Match(to=ANN), do=Fault(api_error=error), times=1))
    client.messages.create(to="+12025550198", from_=NUMBER, body="Hi")
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=ANN, from_=NUMBER, body="Hi")
    assert (refused.value.code, refused.value.status) == (20429, 429)
    assert client.messages.create(to=ANN, from_=NUMBER, body="Hi").status == "queued"
    assert len(world[Texts]) == 2


def test_an_account_sees_its_own_and_its_subaccounts_messages(ask: Ask, world: World) -> None:
    other = "AC00000000000000000000000000000002"
    url = f"https://api.twilio.com/2010-04-01/Accounts/{other}/Messages.json"
    status, answer = ask("GET", url)
    assert (status, answer["code"]) == (404, 20404)
    assert answer["message"] == (
        f"The requested resource /2010-04-01/Accounts/{other}/Messages.json was not found"
    )

    world[Accounts].put(replace(world[Accounts][ACCOUNT], sid=other))
    defaults = world[AccountConfigurations]
    defaults.put(replace(defaults[ACCOUNT], sid=other))
    assert ask("GET", url)[0] == 200
    assert ask("GET", f"{MESSAGES}.json", user=other)[0] == 404


def test_without_the_extension_nothing_is_found(ask: Ask) -> None:
    assert ask("GET", MESSAGES)[0] == 404
    assert ask("PUT", f"{MESSAGES}.json")[0] == 405


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"to": ANN, "from": NUMBER, "body": "Hi"}, 21604),
        ({"To": ANN, "From": NUMBER, "body": "Hi"}, 21619),
        ({"To": ANN, "From": NUMBER, "mediaUrl": "https://example.com/a.png"}, 21619),
        ({"To": ANN, "from_": NUMBER, "Body": "Hi"}, 21603),
    ],
)
def test_names_are_obeyed_to_the_letter(
    gate: Gate, ask: Ask, form: dict[str, str], code: int
) -> None:
    status, said = ask("POST", f"{MESSAGES}.json", **form)
    assert (status, said["code"]) == (400, code)
    hints = next(iter(gate.log.after(gate.log.number - 1))).content.hints
    assert len(hints) == sum(not name[0].isupper() or name[-1] == "_" for name in form)


def test_filters_are_obeyed_to_the_letter(ask: Ask) -> None:
    assert ask("POST", f"{MESSAGES}.json", To=ANN, From=NUMBER, Body="Hi")[0] == 201
    for name, found in (
        ("DateSent>", 0),  # `DateSent>=2027-01-01` in an URL is this name, too
        ("date_sent_after", 1),
        ("DateSentAfter", 1),
        ("datesent>", 1),
    ):
        status, said = ask("GET", f"{MESSAGES}.json", **{name: "2027-01-01"})
        assert (status, len(said["messages"])) == (200, found), name


OLD = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/SMS/Messages"


def test_the_resource_of_old_answers_as_of_old(ask: Ask, advance: Advance) -> None:
    status, sent = ask("POST", f"{OLD}.json", To=ANN, From=NUMBER, Body="Hi")
    assert status == 201
    assert sent == {
        "sid": sent["sid"],
        "date_created": "Mon, 05 Jan 2026 09:00:00 +0000",
        "date_updated": "Mon, 05 Jan 2026 09:00:00 +0000",
        "date_sent": None,
        "account_sid": ACCOUNT,
        "to": ANN,
        "from": NUMBER,
        "body": "Hi",
        "status": "queued",
        "direction": "outbound-api",
        "api_version": "2010-04-01",
        "price": None,
        "price_unit": "USD",
        "uri": f"/2010-04-01/Accounts/{ACCOUNT}/SMS/Messages/{sent['sid']}.json",
    }
    advance(seconds=1)
    status, fetched = ask("GET", f"{OLD}/{sent['sid']}.json")
    assert (status, fetched["status"], fetched["uri"]) == (200, "delivered", sent["uri"])
    status, listed = ask("GET", f"{OLD}.json", To=ANN, PageSize=1)
    assert (status, listed["sms_messages"]) == (200, [fetched])
    assert listed["uri"].startswith(f"/2010-04-01/Accounts/{ACCOUNT}/SMS/Messages.json?")
    assert ask("GET", f"{MESSAGES}/{sent['sid']}.json")[0] == 200


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"Body": "x" * 161}, 21605),
        ({"Body": ""}, 21602),
        ({"From": "+12025550123"}, 21659),
        ({"To": ""}, 21604),
        ({"MediaUrl": "https://example.com/a.png"}, None),
    ],
)
def test_the_resource_of_old_refuses(ask: Ask, form: dict[str, str], code: int | None) -> None:
    said = {"To": ANN, "From": NUMBER, "Body": "Hi"} | form
    status, answer = ask("POST", f"{OLD}.json", **said)
    assert answer.get("code") == code
    assert status == (201 if code is None else 400)
    assert answer.get("sid", "SM")[:2] == "SM"


def test_a_fault_answers_for_the_resource_of_old(world: World, ask: Ask) -> None:
    busy = Fault(api_error=ApiError(status=429, code=20429))
    world.perform(AddFault(match=Match(to=ANN), do=busy, times=1))
    assert ask("POST", f"{OLD}.json", To=ANN, From=NUMBER, Body="Hi")[0] == 429
    assert ask("POST", f"{OLD}.json", To=ANN, From=NUMBER, Body="Hi")[0] == 201
