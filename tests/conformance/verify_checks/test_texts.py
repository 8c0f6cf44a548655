"""Checks 32 and 33: what texts say, and in which language."""

import pytest

from tests.conformance.inside import Inside
from tests.conformance.verify_checks.verify_desk import ANN, Desk


def test_32_the_english_text_is_twilios(inside: Inside) -> None:
    desk = Desk(inside)
    desk.send()
    (text,) = desk.texts()
    (code,) = text["codes"]
    assert text["body"] == f"Your Shop verification code is: {code}"


@pytest.mark.parametrize(
    ("to", "locale", "begins"),
    [
        ("+4915112345678", None, "Ihr Shop-Bestätigungscode lautet: "),
        ("+4915112345678", "en", "Your Shop verification code is: "),
        ("+447400123456", None, "Your Shop verification code is: "),
        (ANN, "pt_br", "Seu código de verificação Shop é: "),
    ],
)
def test_33_the_country_says_the_language_unless_the_request_does(
    inside: Inside, to: str, locale: str | None, begins: str
) -> None:
    desk = Desk(inside)
    said = {} if locale is None else {"locale": locale}
    desk.send(to, **said)
    (text,) = desk.texts(to)
    assert text["body"] == begins + text["codes"][0]
