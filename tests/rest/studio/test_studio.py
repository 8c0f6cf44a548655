"""Studio by REST, as Twilio's own library sees it."""

from collections.abc import Callable
from typing import Any

from twilio_emulator.products import APIS
from twilio_emulator.rest.studio.v2 import api


def test_the_api_is_switched_on() -> None:
    assert api in APIS


def test_a_path_that_it_does_not_have_is_not_found(ask: Callable[..., tuple[int, Any]]) -> None:
    status, answer = ask("GET", "https://studio.twilio.com/v2/Nothing")
    assert (status, answer["code"]) == (404, 20404)
