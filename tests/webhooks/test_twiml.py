import pytest
from twilio.twiml.messaging_response import MessagingResponse

from twilio_emulator.webhooks.http.exchange import WebhookResponse
from twilio_emulator.webhooks.http.failures import bad_status
from twilio_emulator.webhooks.messaging import twiml
from twilio_emulator.webhooks.messaging.twiml import (
    MessageVerb,
    RedirectVerb,
    TwimlDocument,
    TwimlError,
)

URL = "https://example.com/sms"


def answer(body: str | bytes, content_type: str = "text/xml") -> WebhookResponse:
    text = body if isinstance(body, bytes) else body.encode()
    return WebhookResponse(
        url=URL, status=200, headers=(("Content-Type", content_type),), body=text
    )


def read(body: str | bytes, content_type: str = "text/xml") -> TwimlDocument:
    return twiml.read(answer(body, content_type))


def code_of(body: str | bytes, content_type: str = "text/xml") -> int:
    with pytest.raises(TwimlError) as caught:
        read(body, content_type)
    return caught.value.code


def test_what_the_official_library_writes() -> None:
    response = MessagingResponse()
    reply = response.message(to="+12025550177", from_="+12025550101", action="/done", method="GET")
    reply.body("Grüße <&> 🎉")
    reply.media("/cat.jpg")
    reply.media("https://example.com/dog.jpg")
    response.message("plain", status_callback="https://example.com/status")
    response.redirect("/more", method="POST")

    assert read(str(response)) == TwimlDocument(
        URL,
        (
            MessageVerb(
                body="Grüße <&> 🎉",
                media=("/cat.jpg", "https://example.com/dog.jpg"),
                to="+12025550177",
                sender="+12025550101",
                action="/done",
                method="GET",
            ),
            MessageVerb(body="plain", status_callback="https://example.com/status"),
            RedirectVerb(url="/more", method="POST"),
        ),
    )


@pytest.mark.parametrize(
    "content_type", ["text/xml", "application/xml; charset=utf-8", "text/html", "TEXT/XML"]
)
def test_three_content_types_stand_for_xml(content_type: str) -> None:
    document = read("<Response><Message>Hi</Message></Response>", content_type)

    assert document.verbs == (MessageVerb(body="Hi"),)


def test_sms_is_the_old_name_of_message() -> None:
    document = read("<Response><Sms to='+12025550177'>Hi<Picture/></Sms></Response>")

    assert document.verbs == (MessageVerb(body="Hi", to="+12025550177"),)
    assert document.warnings == ((twiml.UNKNOWN_ELEMENT, "<Picture> is no part of <Sms>"),)


def test_a_plain_text_is_the_reply() -> None:
    assert read("OK\n", "text/plain; charset=utf-8").verbs == (MessageVerb(body="OK"),)
    assert read("Grüße".encode("latin-1"), "text/plain; charset=latin-1").verbs == (
        MessageVerb(body="Grüße"),
    )
    assert read("é", "text/plain; boundary=x; charset=nonsense").verbs == (MessageVerb(body="é"),)


def test_the_charset_of_the_content_type_counts() -> None:
    text = "<Response><Message>Grüße</Message></Response>"

    assert read(text.encode("latin-1"), "text/xml; charset=ISO-8859-1").verbs == (
        MessageVerb(body="Grüße"),
    )


@pytest.mark.parametrize("body", ["", " \n"])
def test_an_empty_answer_is_no_reply(body: str) -> None:
    assert read(body, "application/json").verbs == ()


def test_space_around_texts_is_left_out_and_bodies_are_joined() -> None:
    document = read(
        "<Response>\n<Message>\n  Hi\n  <Body> there </Body><Body>you</Body>\n</Message></Response>"
    )

    assert document.verbs == (MessageVerb(body="Hithereyou"),)


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        ("{}", "application/json", 12300),
        ("<Response/>", "", 11200),
        ("<Response>", "text/xml", 12100),
        (" <?xml version='1.0'?><Response/>", "text/xml", 12100),
        ("not found", "text/html", 12100),
        (b"<Response>\xff</Response>", "text/xml", 12100),
        ("<?xml version='1.0' encoding='x-odd'?><Response/>", "text/xml", 12100),
        ("<html><body>Hello</body></html>", "text/html", 12102),
        ("<!DOCTYPE html><html></html>", "text/html", 12102),
        ("<response/>", "text/xml", 12102),
        ("<Response>" + " " * 65536 + "</Response>", "text/xml", 11750),
    ],
)
def test_what_cannot_be_used(body: str | bytes, content_type: str, code: int) -> None:
    assert code_of(body, content_type) == code


def test_a_failure_is_passed_on() -> None:
    with pytest.raises(TwimlError, match="answered 500") as caught:
        twiml.read(
            WebhookResponse(url=URL, status=500, body=b"<Response/>", failure=bad_status(500))
        )

    assert caught.value.code == 11200


BOMB = """<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Response><Message>&b;</Message></Response>"""
OUTSIDE = """<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<Response><Message>&x;</Message></Response>"""
PARAMETER = """<!DOCTYPE r [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><Response/>"""


@pytest.mark.parametrize("body", [BOMB, OUTSIDE, PARAMETER])
def test_entities_cannot_be_declared(body: str) -> None:
    assert code_of(body) == 12100


def test_what_is_not_known_is_skipped_with_a_warning() -> None:
    document = read(
        '<Response version="1"><Say>Hello</Say>'
        '<Message color="red" from="+1">a<Emoji>b</Emoji><Body lang="en">c</Body></Message>'
        '<message>no</message><Redirect loop="1">/x</Redirect></Response>'
    )

    assert document.verbs == (MessageVerb(body="ac", sender="+1"), RedirectVerb(url="/x"))
    assert {code for code, _ in document.warnings} == {12200}
    assert [words for _, words in document.warnings] == [
        "<Response> has no attribute version",
        "<Say> is no verb of messaging",
        "<Message> has no attribute color",
        "<Emoji> is no part of <Message>",
        "<Body> has no attribute lang",
        "<message> is no verb of messaging",
        "<Redirect> has no attribute loop",
    ]


@pytest.mark.parametrize(
    "charset", ["utf-7", "unicode_escape", "rot13", "idna", "hex", "punycode", "x" * 5000]
)
@pytest.mark.parametrize("kind", ["text/plain", "text/xml"])
def test_what_is_no_charset_of_texts_is_read_as_utf_8(charset: str, kind: str) -> None:
    said = "+2AA- \\ud800 é"
    text = said if kind == "text/plain" else f"<Response><Message>{said}</Message></Response>"
    assert read(text, f"{kind}; charset={charset}").verbs == (MessageVerb(body=said),)


@pytest.mark.parametrize("encoding", ["utf-7", "unicode_escape", "rot13", "idna", "hex", "uu"])
def test_xml_that_says_such_an_encoding_itself_is_none(encoding: str) -> None:
    said = "<Response><Message>+2AA-</Message></Response>"
    text = f'<?xml version="1.0" encoding="{encoding}"?>{said}'
    with pytest.raises(TwimlError) as wrong:
        read(text, "text/xml")
    assert wrong.value.code == 12100
