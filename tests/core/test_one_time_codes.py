"""One-time codes on WhatsApp, whose words nobody writes."""

import json
from collections.abc import Callable

import pytest

from tests.core.conftest import ACCOUNT, ANN, START
from twilio_emulator.core.carrier.whatsapp_window import ChangeWindow
from twilio_emulator.core.content import one_time_codes
from twilio_emulator.core.content.templates import AddContent, ChangeApproval
from twilio_emulator.core.kernel.world import World
from twilio_emulator.core.phones.inbox import InboxItems
from twilio_emulator.core.texts.text import Text, Texts

SENDER = "whatsapp:+14155238886"
Make = Callable[..., str]
Arrive = Callable[..., Text]


@pytest.fixture
def make(world: World) -> Make:
    """Make a template of one-time codes; answers its sid."""

    def make(language: str = "en", status: str = "approved", **fields: object) -> str:
        button = {"type": "COPY_CODE", "copy_code_text": "Copy the code"}
        types = json.dumps({one_time_codes.TYPE: {"actions": [button], **fields}})
        made = world.perform(AddContent(account=ACCOUNT, language=language, types=types))
        world.perform(ChangeApproval(account=ACCOUNT, content=made.sid, status=status))
        return str(made.sid)

    return make


@pytest.fixture
def arrive(world: World, send: Callable[..., Text], advance: Callable[..., None]) -> Arrive:
    """Send Ann a code, and see what becomes of it."""

    def arrive(sid: str, variables: str | None = '{"1":"424242"}') -> Text:
        text = send(
            to=f"whatsapp:{ANN}",
            from_=SENDER,
            body=None,
            content_sid=sid,
            content_variables=variables,
        )
        advance(seconds=1)
        return world[Texts][text.sid]

    return arrive


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ({}, "*424242* is your verification code. For your security, do not share this code."),
        ({"add_security_recommendation": False}, "*424242* is your verification code."),
        (
            {"add_security_recommendation": False, "code_expiration_minutes": 5},
            "*424242* is your verification code.\nThis code expires in 5 minutes.",
        ),
        (
            {"add_security_recommendation": False, "code_expiration_minutes": True},
            "*424242* is your verification code.",
        ),
    ],
)
def test_the_words_are_whatsapps(
    world: World, make: Make, arrive: Arrive, fields: dict[str, object], body: str
) -> None:
    text = arrive(make(**fields))
    item = world[InboxItems][text.sid]
    assert (text.status, text.body, item.body) == ("delivered", body, body)
    assert item.codes == ("424242",)


@pytest.mark.parametrize(
    ("language", "begins"),
    [
        ("es_MX", "*424242* es tu código de verificación. Por tu seguridad"),
        ("pt_BR", "*424242* é seu código"),
        ("pt-PT", "*424242* é o teu código"),
        ("fr", "*424242* est votre code"),
        ("xx", "*424242* is your verification code."),
    ],
)
def test_the_words_are_in_the_templates_language(
    make: Make, arrive: Arrive, language: str, begins: str
) -> None:
    assert arrive(make(language)).body.startswith(begins)


@pytest.mark.parametrize("language", one_time_codes.WORDS)
def test_every_language_has_the_code_and_its_time(language: str) -> None:
    fields = one_time_codes.spelled_out({"code_expiration_minutes": 12}, language, {"otp": "9-Z"})
    assert "*9-Z*" in str(fields["body"])
    assert "12" in str(fields["footer"])


def test_the_name_of_the_variable_does_not_matter(make: Make, arrive: Arrive) -> None:
    assert arrive(make(), '{"otp":"A1B2"}').body.startswith("*A1B2*")


@pytest.mark.parametrize(
    ("variables", "status", "code"),
    [
        (None, "undelivered", 63028),
        ("{}", "undelivered", 63028),
        ('{"1":"1","2":"2"}', "undelivered", 63028),
        (json.dumps({"1": "1" * 16}), "failed", 63021),
        (json.dumps({"1": "1" * 15}), "delivered", None),
    ],
)
def test_there_has_to_be_one_code_that_is_not_too_long(
    make: Make, arrive: Arrive, variables: str | None, status: str, code: int | None
) -> None:
    text = arrive(make(), variables)
    assert (text.status, text.error_code) == (status, code)


@pytest.mark.parametrize(
    ("status", "code"),
    [("unsubmitted", 63027), ("pending", 63027), ("rejected", 63040), ("paused", 63041)],
)
def test_the_template_has_to_be_approved(
    world: World, make: Make, arrive: Arrive, status: str, code: int
) -> None:
    text = arrive(make(status=status))
    assert (text.status, text.error_code) == ("undelivered", code)
    world.perform(ChangeWindow(handset=ANN, sender=SENDER, open_until=START))
    late = arrive(make(status="pending"))
    assert (late.status, late.error_code) == ("undelivered", 63016)


def test_a_code_without_a_button_that_copies_it_has_its_words(
    world: World, make: Make, arrive: Arrive
) -> None:
    text = arrive(make(actions=["odd"], add_security_recommendation=False))
    item = world[InboxItems][text.sid]
    assert (item.body, item.codes) == ("*424242* is your verification code.", ())
    assert one_time_codes.spelled_out({}, "en", {}).get("actions") is None
    assert one_time_codes.code_in({}) is None
