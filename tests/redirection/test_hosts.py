"""The names to alias: whatever Twilio's libraries call, and whatever is emulated."""

import re
from pathlib import Path

import twilio.rest

from twilio_emulator import products
from twilio_emulator.redirection.hosts import HOSTS
from twilio_emulator.rest.conversations import media_v1


def test_every_host_of_twilios_library_is_in_it() -> None:
    found = set()
    for base in Path(twilio.rest.__file__).parent.glob("*/*Base.py"):
        found |= set(re.findall(r'"https://([\w.-]+\.twilio\.com)"', base.read_text()))
    assert len(found) > 30
    assert found <= set(HOSTS)


def test_everything_that_is_emulated_is_in_it() -> None:
    emulated = {api.host for api in products.APIS}
    assert emulated <= set(HOSTS)
    assert {media_v1.HOST, media_v1.TEMPORARY_HOST} <= set(HOSTS)
