"""The page on languages names every variable that is set or unset."""

import re
from pathlib import Path

from twilio_emulator.redirection import variables

PAGE = Path(__file__).parents[2] / "docs/languages.md"
ACCOUNT = {
    "account_sid": "AC1",
    "auth_token": "1",
    "api_key": "SK1",
    "api_secret": "1",
    "numbers": ["+12025550100"],
}


def test_every_variable_stands_there() -> None:
    names = variables.credentials(ACCOUNT, {})
    changes = variables.changes("http://localhost:8008", "/trust", names)
    said = set(re.findall(r"`(\w+)`", PAGE.read_text(encoding="utf-8")))
    assert sorted(changes.keys() - said) == []
