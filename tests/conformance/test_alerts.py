"""What goes wrong between Twilio and an app is an alert, which `monitor.twilio.com` lists."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.inside import Inside
from tests.conformance.messaging_refusals import set_number
from tests.conformance.messaging_walk import ANN, NUMBER
from tests.webhooks.conftest import Received, http, twiml
from tests.webhooks.test_calls import certificate, secured
from twilio_emulator.core.kernel.records import replace
from twilio_emulator.core.messaging.inbound import SendFromHandset
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.senders.resources import PhoneNumbers, add_number
from twilio_emulator.core.simulation.settings import ChangeCarrier
from twilio_emulator.webhooks.http.secure import SecureHttp

ALERTS = "https://monitor.twilio.com/v1/Alerts"

NOT_RAISED = {
    11201: "an older code for 11205",
    11202: "an older code for 11205",
    11203: "an older code for 11200",
    11217: "an older code for 11200",
    11321: "an URL that is none is refused when it is set",
    11322: "a method that is none is refused when it is set",
    11770: "an empty answer is no reply, and nothing is wrong with that",
    12101: "parsers of our days do not stumble over attributes alone: 12100",
    12400: "it would be a fault of Twilio's own",
}
"""Codes that Twilio documents for webhooks and that nobody is alerted with here."""

DOCUMENTED = {
    *(11200, 11201, 11202, 11203, 11205, 11206, 11210, 11215, 11216, 11217, 11220, 11235, 11236),
    *(11237, 11243, 11321, 11322, 11770, 12100, 12101, 12102, 12200, 12300, 12400),
    *(14101, 14102, 14103, 14104, 14105, 14106, 14107, 14108),
}
"""What Twilio's error dictionary has for webhooks of messages and their TwiML."""

Answer = bytes | Callable[[Received], bytes]

ANSWERS: dict[int, tuple[str, Answer]] = {
    11200: ("error", http(status=500)),
    11206: ("error", b"nonsense\r\n\r\n"),
    11215: ("error", http(status=302, Location="/sms")),
    11216: ("error", http(status=302)),
    11750: ("error", http("x" * 70_000, content_type="text/xml")),
    12100: ("error", http("<Response", content_type="text/xml")),
    12102: ("error", http("<Answer/>", content_type="text/xml")),
    12200: ("warning", twiml("<Say>Hi</Say>")),
    12300: ("error", http("{}", content_type="application/json")),
    14101: ("warning", twiml('<Message to="5">Hi</Message>')),
    14102: ("warning", twiml('<Message from="+12025550123">Hi</Message>')),
    14103: ("warning", twiml("<Message/>")),
    14104: ("warning", twiml('<Message action="/status" method="PUT">Hi</Message>')),
    14105: ("warning", twiml('<Message statusCallback="mailto:a">Hi</Message>')),
    14106: ("warning", twiml("<Redirect>/sms</Redirect>")),
    14107: ("warning", twiml("<Message>Hi</Message><Message>Ho</Message>")),
    14108: ("warning", twiml('<Message from="+12025550110">Hi</Message>')),
    14109: ("warning", twiml("<Message>Hi</Message>" * 11)),
}
"""What an app may answer to an inbound text, and how bad it is."""

URLS = {
    11205: "http://127.0.0.1:1/sms",
    11210: "http://nobody.invalid/sms",
    11240: "{app}/sms#ct=1",
    11243: "{app}/sms#rp=6xx",
}
"""Where an app may say that it is."""


CERTIFICATES = {
    11235: ("127.0.0.2", 1, True),
    11236: ("127.0.0.1", -1, True),
    11237: ("127.0.0.1", 1, False),
}
"""Certificates of an app that are wrong: for whom, for how many days, and whether by somebody that
is trusted."""


def write(inside: Inside) -> str:
    """Ann writes to the number; answers the sid of her message."""
    return str(inside.perform(SendFromHandset(address=ANN, to=NUMBER, body="Hi")).sid)


def raised(inside: Inside, code: int) -> dict[str, Any]:
    """The alert with a code, whole."""
    found = [it for it in inside.seen(ALERTS)["alerts"] if it["error_code"] == str(code)]
    assert found, inside.seen(ALERTS)["alerts"]
    alert: dict[str, Any] = inside.seen(found[0]["url"]).body
    return alert


@pytest.mark.parametrize("code", list(ANSWERS))
def test_what_an_app_answers_amiss_is_told(inside: Inside, code: int) -> None:
    level, answer = ANSWERS[code]
    inside.app.answers["/sms"] = answer
    set_number(inside, sms_url=f"{inside.app.url}/sms")
    if code == 14107:
        inside.perform(ChangeCarrier(reply_limit=1))
    if code == 14108:
        number = add_number(inside.world, inside.account_sid, "+12025550110")
        inside.world[PhoneNumbers].put(replace(number, sms=False))
    sid = write(inside)
    alert = raised(inside, code)
    assert alert["log_level"] == level
    assert alert["alert_text"]
    assert alert["resource_sid"] == sid
    assert alert["request_url"].startswith(inside.app.url)
    assert f"MessageSid={sid}" in alert["request_variables"]
    assert alert["more_info"] == f"https://www.twilio.com/docs/errors/{code}"


@pytest.mark.parametrize("code", list(URLS))
def test_where_no_app_is_is_told(inside: Inside, code: int) -> None:
    set_number(inside, sms_url=URLS[code].format(app=inside.app.url))
    write(inside)
    alert = raised(inside, code)
    assert alert["log_level"] == ("warning" if code in (11240, 11243) else "error")
    assert alert["request_method"] == "POST"


@pytest.mark.parametrize("code", list(CERTIFICATES))
def test_certificates_that_are_wrong_are_told(
    inside: Inside, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, days, is_trusted = CERTIFICATES[code]
    url, trusting = inside.run(secured(inside.app, certificate(tmp_path, address, days)))
    client = SecureHttp(trusting if is_trusted else None)
    monkeypatch.setattr(inside.server.listening._caller, "_secure", client)
    set_number(inside, sms_url=f"{url}#rc=0")
    write(inside)
    assert raised(inside, code)["alert_text"].startswith("TLS: ")
    inside.run(client.close())
    inside.run(inside.app.close())


def test_an_app_without_tls_is_told(inside: Inside) -> None:
    async def serve(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(http(status=400))
        writer.close()

    listening = inside.run(asyncio.start_server(serve, "127.0.0.1", 0))
    inside.app.servers.append(listening)
    port = listening.sockets[0].getsockname()[1]
    set_number(inside, sms_url=f"https://127.0.0.1:{port}/#rc=0")
    write(inside)
    assert raised(inside, 11220)["alert_text"].startswith("TLS: ")
    inside.run(inside.app.close())


def test_the_fallback_is_told_what_was_wrong(inside: Inside) -> None:
    inside.app.answers["/sms"] = http(status=503)
    inside.app.answers["/fallback"] = twiml("<Message>Later</Message>")
    set_number(
        inside, sms_url=f"{inside.app.url}/sms?a=1", sms_fallback_url=f"{inside.app.url}/fallback"
    )
    write(inside)
    (request,) = inside.app["/fallback"]
    assert request.form["ErrorCode"] == "11200"
    assert request.form["ErrorUrl"] == f"{inside.app.url}/sms?a=1"
    inside.advance(seconds=1)
    assert [item.body for item in inside.world[InboxItems]] == ["Hi", "Later"]


def test_alerts_are_found_by_level_and_date(inside: Inside) -> None:
    inside.app.answers["/sms"] = http(status=500)
    set_number(inside, sms_url=f"{inside.app.url}/sms")
    write(inside)
    inside.advance(days=1)
    inside.app.answers["/sms"] = twiml("<Say>Hi</Say>")
    write(inside)

    def codes(**query: str) -> list[str]:
        return [alert["error_code"] for alert in inside.seen(ALERTS, query)["alerts"]]

    assert codes() == ["12200", "11200"]
    assert codes(LogLevel="error") == ["11200"]
    assert codes(StartDate="2026-01-06T00:00:00Z") == ["12200"]
    assert codes(EndDate="2026-01-05") == ["11200"]
    refused = inside.ask("GET", ALERTS, query={"StartDate": "then"})
    assert (refused.status, refused.code) == (400, 20001)
    unknown = inside.ask("GET", f"{ALERTS}/NO{'0' * 32}")
    assert unknown.status == 404
    listed = inside.library.monitor.v1.alerts.list(log_level="warning")
    assert [alert.error_code for alert in listed] == ["12200"]


def test_each_code_is_raised_or_not_for_a_reason() -> None:
    raised = ANSWERS.keys() | URLS.keys() | CERTIFICATES.keys() | {11220}
    assert not NOT_RAISED.keys() & raised
    assert raised | NOT_RAISED.keys() >= DOCUMENTED >= NOT_RAISED.keys()
