from typing import Any

import pytest

from tests.control.asking import PREFIX, Control
from twilio_emulator.core.conversations.resources import Conversations

pytestmark = pytest.mark.anyio

STORY = """\
scenario: Ann texts
people:
  Ann: +12025550199
  Bob: chat:bob
conversations:
  Talk: [Ann, Bob]
story:
  - Ann texts: hello
  - Bob gets: {expected}
"""


async def play(control: Control, content: bytes, status: int = 200, **query: Any) -> Any:
    response = await control.client.post(f"{PREFIX}/scenarios", content=content, params=query)
    assert response.status_code == status
    return response.json()


async def test_a_text_is_played_in_the_account(control: Control) -> None:
    report = await play(control, STORY.format(expected="hello").encode())
    assert (report["scenario"], report["held"]) == ("Ann texts", True)
    assert report["account_sid"] == control.default.world.account_sid
    assert [line["what"] for line in report["lines"]] == ["hello", "hello"]
    assert len(control.default.world[Conversations]) == 1


async def test_in_another_account(control: Control) -> None:
    new = await control.ask("POST", "/accounts", {"clock": "frozen"}, status=201)
    sid = new["account_sid"]
    report = await play(control, STORY.format(expected="hello").encode(), account=sid)
    assert report["account_sid"] == sid
    assert len(control.default.world[Conversations]) == 0


async def test_what_did_not_hold_is_in_the_report(control: Control) -> None:
    report = await play(control, STORY.format(expected="bye").encode(), name="bye.yaml")
    assert report["held"] is False
    assert report["failure"]["place"] == "bye.yaml:9:5"
    assert '"bye"' in report["failure"]["expected"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff", "body: expected UTF-8"),
        (b"scenario: Wrong\nstory:\n  - Ann sings: hello\n", "body:3:"),
        (b"", "body:1:1: expected"),
    ],
)
async def test_what_is_wrong_with_a_text(control: Control, content: bytes, message: str) -> None:
    answer = await play(control, content, 400)
    assert answer["message"].startswith(message)


async def test_everything_that_is_wrong_is_told(control: Control) -> None:
    story = b"scenario: Wrong\nstory:\n  - Ann sings: hello\n  - Bob dances: too\n"
    answer = await play(control, story, 400)
    assert len(answer["problems"]) == 2
    assert answer["problems"][0] == answer["message"]
