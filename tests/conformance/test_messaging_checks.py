"""The statements about messaging that catch most mistakes, through the official library."""

import json
from typing import Any

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from tests.conformance.inside import Inside
from tests.conformance.messaging_refusals import set_number
from tests.conformance.messaging_walk import ANN, API, NUMBER
from tests.webhooks.conftest import http
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.texts.media import Enclosure


def send(inside: Inside, **fields: Any) -> Any:
    wish = {"to": ANN, "from_": NUMBER, "body": "Hello", **fields}
    return inside.library.messages.create(**wish)


def by_service(inside: Inside, **fields: Any) -> Any:
    service = inside.messaging_service_sid
    return send(inside, **{"from_": None, "messaging_service_sid": service, **fields})


def test_lists_over_three_pages_end_and_show_each_once(inside: Inside) -> None:
    sids = [send(inside, body=str(number)).sid for number in range(7)]
    assert [it.sid for it in inside.library.messages.list(page_size=3)] == sids[::-1]
    url = f"{API}/Accounts/{inside.account_sid}/Messages.json"
    page = inside.seen(url, {"PageSize": "3"}).body
    seen = [it["sid"] for it in page["messages"]]
    while page["next_page_uri"]:
        assert page["next_page_uri"].startswith("/2010-04-01/")
        page = inside.seen(f"https://api.twilio.com{page['next_page_uri']}").body
        seen += [it["sid"] for it in page["messages"]]
    assert seen == sids[::-1]
    services = inside.library.messaging.v1.services
    made = [services.create(friendly_name=str(number)).sid for number in range(5)]
    listed = [it.sid for it in services.list(page_size=2)]
    assert listed == [*made[::-1], inside.messaging_service_sid]
    first = inside.seen("https://messaging.twilio.com/v1/Services", {"PageSize": "2"})
    assert first["meta"]["next_page_url"].startswith("https://messaging.twilio.com/v1/Services?")


def test_pages_lead_back_to_where_they_were_asked_for(inside: Inside) -> None:
    base = "http://localhost:8008/messaging.twilio.com/v1/Services"
    inside.library.messaging.v1.services.create(friendly_name="Another")
    answer = inside.seen(base, {"PageSize": "1"})
    assert answer["meta"]["next_page_url"].startswith(f"{base}?")
    assert answer["services"][0]["url"].startswith(f"{base}/MG")


def test_what_looks_like_a_number_is_a_text(inside: Inside) -> None:
    text = inside.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))
    url = f"{API}/Accounts/{inside.account_sid}/Messages/{text.sid}.json"
    shown = inside.seen(url)
    assert (shown["num_segments"], shown["num_media"], shown["price"]) == ("1", "0", "-0.00790")
    failed = send(inside, to="+12025550101", body="x")
    assert failed.error_code is None
    inside.made(
        f"{API}/Accounts/{inside.account_sid}/Messages/{text.sid}/Feedback.json",
        {"Outcome": "confirmed"},
    )


def test_an_error_code_is_a_number(inside: Inside) -> None:
    inside.perform(SendFromHandset(address=ANN, to=NUMBER, body="STOP"))
    message = by_service(inside)
    inside.advance(seconds=1)
    assert message.fetch().error_code == 21610


def test_a_message_that_is_accepted_has_no_sender_yet(inside: Inside) -> None:
    message = by_service(inside)
    assert (message.status, message.from_, message.num_segments, message.date_sent) == (
        "accepted",
        None,
        "0",
        None,
    )


def test_callbacks_in_order_and_none_for_the_first_status(inside: Inside) -> None:
    own, service = f"{inside.app.url}/own", f"{inside.app.url}/service"
    inside.library.messaging.v1.services(inside.messaging_service_sid).update(
        status_callback=service
    )
    send(inside, status_callback=own)
    by_service(inside)
    assert inside.app.received == []
    inside.advance(seconds=1)
    assert [it.form["MessageStatus"] for it in inside.app["/own"]] == ["sent", "delivered"]
    assert [it.form["MessageStatus"] for it in inside.app["/service"]] == [
        "queued",
        "sent",
        "delivered",
    ]


def test_what_a_callback_says_in_its_order(inside: Inside) -> None:
    message = by_service(inside, status_callback=f"{inside.app.url}/status")
    inside.advance(seconds=1)
    *_, delivered = inside.app["/status"]
    assert list(delivered.form.items()) == [
        ("SmsSid", message.sid),
        ("SmsStatus", "delivered"),
        ("MessageStatus", "delivered"),
        ("To", ANN),
        ("MessagingServiceSid", inside.messaging_service_sid),
        ("MessageSid", message.sid),
        ("AccountSid", inside.account_sid),
        ("From", message.fetch().from_),
        ("ApiVersion", "2010-04-01"),
        ("RawDlrDoneDate", "2601050900"),
    ]


def test_two_media_come_in_and_can_be_fetched(inside: Inside) -> None:
    set_number(inside, sms_url=f"{inside.app.url}/sms")
    files = inside.server.files
    media = tuple(
        Enclosure(content_type=kind, digest=files.keep(content), size=len(content))
        for kind, content in (("image/png", b"one"), ("audio/mpeg", b"two"))
    )
    inside.perform(SendFromHandset(address=ANN, to=NUMBER, media=media))
    (request,) = inside.app["/sms"]
    assert request.form["NumMedia"] == "2"
    for index, enclosure in enumerate(media):
        url = request.form[f"MediaUrl{index}"]
        assert not url.endswith(".json")
        answer = inside.ask("GET", url, auth=("", ""))
        assert answer.status == 200
        assert answer.headers["content-type"] == enclosure.content_type
        assert answer.content == (b"one", b"two")[index]
        assert request.form[f"MediaContentType{index}"] == enclosure.content_type


def test_a_bare_text_answers_and_json_leads_to_the_fallback(inside: Inside) -> None:
    set_number(
        inside, sms_url=f"{inside.app.url}/sms", sms_fallback_url=f"{inside.app.url}/fallback"
    )
    inside.app.answers["/sms"] = http("OK", content_type="text/plain")
    inside.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))
    inside.advance(seconds=1)
    assert [(it.body, it.direction) for it in inside.library.messages.list()] == [
        ("OK", "outbound-reply"),
        ("Hi", "inbound"),
    ]
    assert inside.app["/fallback"] == []
    inside.app.answers["/sms"] = http("{}", content_type="application/json")
    inside.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hi"))
    (request,) = inside.app["/fallback"]
    assert request.form["ErrorCode"] == "12300"
    assert [it.error_code for it in inside.library.monitor.v1.alerts.list()] == ["12300"]


def test_stop_and_start(inside: Inside) -> None:
    set_number(inside, sms_url=f"{inside.app.url}/sms")

    def write(body: str) -> list[str]:
        known = len(inside.world[InboxItems])
        inside.perform(SendFromHandset(address=ANN, to=NUMBER, body=body))
        shown = list(inside.world[InboxItems])[known:]
        return [item.body for item in shown if item.system]

    (answer,) = write(" stop ")
    assert answer.startswith("You have successfully been unsubscribed.")
    assert [it.form["Body"] for it in inside.app["/sms"]] == [" stop "]
    assert "OptOutType" not in inside.app.received[0].form
    with pytest.raises(TwilioRestException) as refused:
        send(inside)
    assert (refused.value.status, refused.value.code) == (400, 21610)
    message = by_service(inside)
    assert message.status == "accepted"
    inside.advance(seconds=1)
    message = message.fetch()
    assert (message.status, message.error_code) == ("failed", 21610)
    assert write("HELP") == []
    assert write("STOP PLEASE") == []
    (answer,) = write("Start")
    assert answer.startswith("You have successfully been re-subscribed")
    assert write("HELP") == ["Reply STOP to unsubscribe. Msg&Data Rates May Apply."]
    assert send(inside).status == "queued"
    assert {it.direction for it in inside.library.messages.list()} == {"inbound", "outbound-api"}


def test_the_url_of_a_callback_keeps_its_query_and_loses_its_fragment(inside: Inside) -> None:
    send(inside, status_callback=f"{inside.app.url}/status?tag=a%20b&x=#rc=2")
    inside.advance(seconds=1)
    assert {it.target for it in inside.app.received} == {"/status?tag=a%20b&x="}
    for request in inside.app.received:
        assert RequestValidator(inside.auth_token).validate(
            inside.app.url + request.target, request.form, request.headers["x-twilio-signature"]
        )


def test_keys_work_at_once(inside: Inside) -> None:
    key = inside.library.new_keys.create(friendly_name="One")
    messages = f"{API}/Accounts/{inside.account_sid}/Messages.json"
    auth = (str(key.sid), str(key.secret))
    assert inside.ask("GET", messages, auth=auth).status == 200
    token = inside.ask("GET", f"{API}/Accounts/{inside.account_sid}.json", auth=auth)
    assert (token.status, token.code) == (401, 20003)
    for path in ("Keys", "SigningKeys"):
        refused = inside.ask("GET", f"{API}/Accounts/{inside.account_sid}/{path}.json", auth=auth)
        assert refused.status == 401
    assert inside.library.keys(str(key.sid)).delete()
    assert inside.ask("GET", messages, auth=auth).status == 401


def test_subaccounts_act_for_themselves_and_their_owner_for_them(inside: Inside) -> None:
    sub = inside.library.api.v2010.accounts.create(friendly_name="Branch")
    own = (str(sub.sid), str(sub.auth_token))
    numbers = f"{API}/Accounts/{sub.sid}/IncomingPhoneNumbers.json"
    bought = inside.ask("POST", numbers, {"PhoneNumber": "+12025550110"}, auth=own)
    assert (bought.status, bought["account_sid"]) == (201, sub.sid)
    assert len(inside.seen(numbers)["incoming_phone_numbers"]) == 1
    mine = f"{API}/Accounts/{inside.account_sid}/IncomingPhoneNumbers.json"
    assert len(inside.seen(mine)["incoming_phone_numbers"]) == 2
    assert inside.ask("GET", mine, auth=own).status == 404
    sub.update(status="suspended")
    refused = inside.ask("GET", numbers, auth=own)
    assert (refused.status, refused.code) == (403, 20005)
    assert len(inside.seen(numbers)["incoming_phone_numbers"]) == 1
    sub.update(status="active")
    assert inside.ask("GET", numbers, auth=own).status == 200


def test_tokens_are_rotated(inside: Inside) -> None:
    old = inside.auth_token
    new = inside.library.accounts.v1.secondary_auth_token().create().secondary_auth_token
    messages = f"{API}/Accounts/{inside.account_sid}/Messages.json"
    for token in (old, new):
        assert inside.ask("GET", messages, auth=(inside.account_sid, str(token))).status == 200
    send(inside, status_callback=f"{inside.app.url}/status")
    inside.advance(seconds=1)
    request = inside.app.received[-1]
    signature, url = request.headers["x-twilio-signature"], f"{inside.app.url}/status"
    assert RequestValidator(old).validate(url, request.form, signature)
    inside.library.accounts.v1.auth_token_promotion().update()
    assert inside.ask("GET", messages, auth=(inside.account_sid, old)).status == 401
    inside.auth_token = str(new)
    inside.ask("POST", messages, {"To": ANN, "From": NUMBER, "Body": "a", "StatusCallback": url})
    inside.advance(seconds=1)
    request = inside.app.received[-1]
    assert RequestValidator(str(new)).validate(
        url, request.form, request.headers["x-twilio-signature"]
    )


def test_interactive_bodies_are_kept_as_they_are(inside: Inside) -> None:
    content = inside.made(
        "https://content.twilio.com/v1/Content",
        said={"language": "en", "types": {"twilio/text": {"body": "Hi {{name}}"}}},
    )
    message = send(
        inside,
        body=None,
        content_sid=content["sid"],
        content_variables=json.dumps({"name": "Grüße"}),
    )
    assert message.body == "Hi Grüße"
