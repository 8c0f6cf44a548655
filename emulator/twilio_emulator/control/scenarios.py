"""Scenarios by the control API: played, with a report that comes back; and recorded."""

from collections.abc import Awaitable, Callable
from typing import Literal, TypedDict

from twilio_emulator.control.exchange import NOTHING, Mistaken, Reply, json_reply
from twilio_emulator.control.routes import Control, Controls, Fields
from twilio_emulator.runtime.hosted import Hosted

Play = Callable[[str, str, Hosted], Awaitable[dict[str, object]]]
"""From a scenario's text, what it is called and the account to play it in, to the report.

Raises `Mistaken` when the text is no scenario.
"""

Check = Callable[[str, str], list[dict[str, object]]]
"""From a scenario's text and what it is called to what is wrong with it."""

Record = Callable[[str, Hosted], str]
"""From a title and an account to the text of a scenario that does again what happened there.

Raises `Mistaken` when its beginning is not known any more.
"""


class Recorded(Fields):
    """What the recording is called.

    Attributes:
        title: its first line.
    """

    title: str = "Recorded"


class Title(Fields):
    """What stands for the file in the report and in what is said of mistakes.

    Attributes:
        name: of the file.
    """

    name: str = "body"


class ShownFailure(TypedDict):
    """The step that failed.

    Attributes:
        place: file, line and column.
        step: as it is written.
        expected: what was to happen.
        nearest: what came nearest to it.
        journal: what happened before that, a line each.
    """

    place: str
    step: str
    expected: str
    nearest: str | None
    journal: list[str]


class ShownLine(TypedDict):
    """Something that happened, as a person likes to read it.

    Attributes:
        at: the story's time.
        who: who did it, or whom it happened to.
        mark: which way it went: from them (`→`), to them (`←`), or neither.
        what: the words.
        detail: where to, by which channel, and the like.
    """

    at: str
    who: str
    mark: str
    what: str
    detail: str


class ShownReport(TypedDict):
    """What became of a scenario.

    Attributes:
        scenario: its title.
        file: what it was called.
        held: whether everything happened that it expects.
        steps: how many of them were played.
        seconds: of the machine's, that it took.
        failure: the first step that failed.
        lines: what happened.
    """

    scenario: str
    file: str
    held: bool
    account_sid: str
    steps: int
    seconds: float
    failure: ShownFailure | None
    lines: list[ShownLine]


class ShownProblem(TypedDict):
    """A mistake in a scenario.

    Attributes:
        file: what the scenario was called.
        line: where it is, from 1.
        column: where it is in the line, from 1.
        expected: what was expected there.
    """

    file: str
    line: int
    column: int
    expected: str


class Checked(TypedDict):
    """What is wrong with a scenario.

    Attributes:
        problems: in its order; none when it can be played.
    """

    problems: list[ShownProblem]


class ShownRecording(TypedDict):
    """What is kept for a recording.

    Attributes:
        since: the beginning of it: when the account was opened, or now.
    """

    recording: bool
    since: Literal["the opening", "now"]


EXAMPLE = """\
scenario: A code
people:
  Ann: +12025550199
story:
  - messages.create: {to: Ann, from: +12025550100, body: Your code is 424242}
  - Ann gets: /424242/
"""


def declare(controls: Controls, play: Play, check: Check, record: Record) -> None:
    """Declare the calls of this file."""
    controls.group("scenarios", "Stories that are played, and a report of each.")
    controls.group("recording", "What happened, as a scenario.")

    @controls.on(
        "GET",
        "/recording",
        "record_scenario",
        "What happened in the account, as a scenario that does it again and names what is secret.",
        query=Recorded,
        gives="application/yaml; charset=utf-8",
        otherwise={409: "Its beginning is not known any more."},
        examples=({"title": "As it was"},),
    )
    async def record_scenario(control: Control) -> Reply:
        text = record(control.query(Recorded).title, control.hosted)
        return Reply(body=text.encode(), content_type=b"application/yaml; charset=utf-8")

    @controls.on(
        "POST",
        "/recording",
        "begin_recording",
        "Keeps every command from now on; all since the account was opened, while none is missing.",
        gives=ShownRecording,
        status=201,
    )
    async def begin_recording(control: Control) -> Reply:
        control.hosted.gate.record()
        whole = control.hosted.gate.journal.base is None
        return json_reply({"recording": True, "since": "the opening" if whole else "now"}, 201)

    @controls.on(
        "DELETE",
        "/recording",
        "end_recording",
        "Keeps only the last commands again.",
    )
    async def end_recording(control: Control) -> Reply:
        control.hosted.gate.end_recording()
        return NOTHING

    @controls.on(
        "POST",
        "/scenarios",
        "play_scenario",
        "Plays the scenario in the body, which is YAML or JSON; answers what became of it.",
        query=Title,
        body="application/yaml",
        gives=ShownReport,
        examples=(EXAMPLE,),
    )
    async def play_scenario(control: Control) -> Reply:
        return json_reply(await play(*_said(control), control.whole()))

    @controls.on(
        "POST",
        "/scenarios/check",
        "check_scenario",
        "Says what is wrong with the scenario in the body, and where; nothing is played.",
        query=Title,
        body="application/yaml",
        gives=Checked,
        examples=(EXAMPLE,),
    )
    async def check_scenario(control: Control) -> Reply:
        return json_reply({"problems": check(*_said(control))})


def _said(control: Control) -> tuple[str, str]:
    """The text of a scenario, and what it is called."""
    try:
        return control.content.decode(), control.query(Title).name
    except UnicodeDecodeError:
        raise Mistaken("body: expected UTF-8") from None
