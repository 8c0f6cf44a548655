import json
import re

import pytest

from tests.conformance import decisions
from tests.conformance.coverage import PAGE, README, TITLES, page, readme
from tests.conformance.referee import FOLDER, Referee


def test_the_page_is_up_to_date(referee: Referee) -> None:
    assert PAGE.read_text() == page(), "run `make docs`"
    assert README.read_text() == readme(), "run `make docs`"


def test_it_says_that_all_of_conversations_is_there() -> None:
    assert "`https://conversations.twilio.com`: all 103 operations." in PAGE.read_text()


@pytest.mark.parametrize(
    "name", ["api_v2010", "messaging_v1", "messaging_v2", "content_v1", "content_v2"]
)
def test_each_operation_of_a_file_is_said_to_be_there_or_not(referee: Referee, name: str) -> None:
    file = json.loads((FOLDER / f"twilio_{name}.json").read_text())
    described = [
        item[method]["operationId"]
        for item in file["paths"].values()
        for method in ("get", "post", "put", "delete")
        if method in item
    ]
    _, _, section = PAGE.read_text().partition(f"\n## {TITLES[name]}\n")
    here, _, missing = section.partition("\n## ")[0].partition("\nNot supported ")
    lines = [line for line in here.splitlines() if line.startswith("| ") and "` | | " not in line]
    rows = [line.split(" | ") for line in lines]
    supported = [row[2] for row in rows if row[2] != "Operation" and "---" not in row[2]]
    rows = [line.split(" | ") for line in missing.splitlines() if line.startswith("| `")]
    lacking = [operation for row in rows for operation in row[1].split(", ")]
    assert not set(supported) & set(lacking)
    assert sorted(supported + lacking) == sorted(described)
    said = re.match(r"\((\d+)\)", missing)
    assert len(lacking) == (int(said[1]) if said else 0)


def test_what_is_decided_is_read_off_the_code() -> None:
    source = '''"""A file.

- A rule that is known.
- Decided: a rule
  of two lines.
"""

ONE = 1
"""Decided: its value."""

TWO = 2  # decided: this, too


def three() -> None:
    """Do it.

    Decided: how.

    Raises:
        Refused: 20001, once it is decided by somebody.
    """
    # Decided: a step,
    # and another.
    four()
'''
    assert decisions.of_source(source, "it.py") == [
        ("it.py", "", "a rule of two lines."),
        ("it.py", "ONE", "its value."),
        ("it.py", "three", "how."),
        ("it.py", "TWO", "this, too"),
        ("it.py", "three", "a step, and another."),
    ]
    listed = {(each.file, each.name) for each in decisions.decisions()}
    assert ("core/lookup/batch.py", "MOST_NUMBERS") in listed
