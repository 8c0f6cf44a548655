"""Parameters, other files, and parts at the same time."""

from collections.abc import Callable
from pathlib import Path

import pytest

from twilio_emulator.play import library
from twilio_emulator.scenarios.language.problems import Faulty
from twilio_emulator.scenarios.player.report import Report

Story = Callable[..., Report]

PEOPLE = """\
scenario: Who is there
people:
  Ann: +12025550199
  Alice: chat:alice
conversations:
  Login: [Ann, Alice]
before:
  - Alice says: Welcome.
"""

SIGN_IN = """\
scenario: Signing in
parameters:
  code: "424242"
people:
  Ann: +12025550177
  Alice: chat:alice
conversations:
  Login: [Ann, Alice]
story:
  - Alice says: Your code is ${code}.
  - Ann gets: Your code is ${code}.
"""


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., Path]:
    """Write files; answers the first."""

    def write(**texts: str) -> Path:
        for name, text in texts.items():
            (tmp_path / f"{name}.yaml").write_text(text)
        return tmp_path / f"{next(iter(texts))}.yaml"

    return write


def problems(path: Path) -> list[str]:
    return [str(problem).removeprefix(f"{path.parent}/") for problem in library.check(path)]


def test_a_parameter_has_its_own_value_or_a_given_one(play: Story) -> None:
    assert play(SIGN_IN).lines[-1].what == "Your code is 424242."
    assert play(SIGN_IN, code="1717").lines[-1].what == "Your code is 1717."


def test_a_parameter_without_a_value_wants_one() -> None:
    with pytest.raises(Faulty, match=r"a:3:3: expected a value for code: --set code=\.\.\."):
        library.load_text("scenario: x\nparameters:\n  code:\nstory: []\n", "a")


def test_a_value_for_no_parameter() -> None:
    with pytest.raises(Faulty, match='expected a parameter of this file, not "cod"; did you mean'):
        library.load_text(SIGN_IN, "a", {"cod": "1"})


def test_a_parameter_can_be_a_number(play: Story) -> None:
    report = play(
        "scenario: x\nparameters: {n: 2, pause: 5 minutes}\npeople: {Ann: +12025550199}\n"
        "story: [wait: '${pause}', {Ann gets: {codes: {count: '${n}'}}}]\n"
    )
    assert report.failure is not None
    assert report.failure.expected == "codes: count: 2 within 1 minute"


def test_an_included_file_says_who_is_there_and_what_was_before(
    play: Story, files: Callable[..., Path]
) -> None:
    path = files(
        main="scenario: x\ninclude: people.yaml\nstory:\n  - Ann gets: Welcome.\n", people=PEOPLE
    )
    assert play(library.load(path)).held


def test_the_story_of_another_file_is_told_by_the_people_of_this_one(
    play: Story, files: Callable[..., Path]
) -> None:
    path = files(
        main="scenario: x\ninclude: people.yaml\nstory:\n"
        "  - play: sign_in.yaml\n"
        "  - play: {file: sign_in.yaml, with: {code: 99}}\n"
        "  - Ann texts: Thanks\n",
        people=PEOPLE,
        sign_in=SIGN_IN,
    )
    report = play(library.load(path))

    assert report.held
    assert [line.what for line in report.lines if line.who == "Ann"] == [
        "Your code is 424242.",
        "Your code is 99.",
        "Thanks",
    ]
    assert {person.address for person in report.scenario.people.values()} == {
        "+12025550199",
        "alice",
    }


def test_a_file_cannot_include_itself(files: Callable[..., Path]) -> None:
    path = files(
        main="scenario: x\ninclude: other.yaml\nstory: []\n",
        other="scenario: y\ninclude: main.yaml\n",
    )
    assert problems(path) == [
        "other.yaml:2:10: expected another file: main.yaml would include itself"
    ]


def test_files_that_include_each_other_many_times_end(files: Callable[..., Path]) -> None:
    doubling = {
        f"f{n}": f"scenario: x\ninclude: [f{n + 1}.yaml, f{n + 1}.yaml]\n" for n in range(9)
    }
    path = files(main="scenario: x\ninclude: f0.yaml\nstory: []\n", **doubling, f9="scenario: z\n")
    assert problems(path)[0].endswith("expected at most 50 files together")


def test_a_mistake_in_another_file_is_said_there(files: Callable[..., Path]) -> None:
    path = files(
        main="scenario: x\ninclude: other.yaml\nstory: []\n", other="scenario: y\nperson: {}\n"
    )
    assert problems(path)[0].startswith("other.yaml:2:1: expected a part of a scenario")


def test_another_file_that_is_not_there(files: Callable[..., Path]) -> None:
    path = files(main="scenario: x\ninclude: other.yaml\nstory: []\n")
    assert problems(path) == ["main.yaml:2:10: expected a file: No such file or directory"]


def test_a_text_without_a_folder_has_no_other_files() -> None:
    with pytest.raises(Faulty, match="a:2:10: expected no other files, since this text is in no"):
        library.load_text("scenario: x\ninclude: other.yaml\nstory: []\n", "a")


def test_parts_take_their_steps_in_turn(story: Story) -> None:
    report = story(
        """\
        - at the same time:
            - - Ann texts: One
              - Ann texts: Three
            - - Ben texts: Two
              - Ben texts: Four
        """
    )
    assert [line.what for line in report.lines] == ["One", "Two", "Three", "Four"]


def test_time_passes_when_all_parts_wait(story: Story) -> None:
    report = story(
        """\
        - at the same time:
            slow:
              - wait: 5 minutes
              - Ann texts: Five
            quick:
              - wait: 3 minutes
              - Ben texts: Three
              - Ben gets: Five
                within: 10 minutes
        - Ann gets: Three
        """
    )
    assert report.held, report.failure
    said = [(f"{line.at:%M}", line.what) for line in report.lines if line.mark == "→"]
    assert said == [("03", "Three"), ("05", "Five")]


def test_a_part_that_fails_ends_all(story: Story) -> None:
    report = story(
        """\
        - at the same time:
            - - Ann gets: Never
            - - wait: 1 day
              - Ben texts: Too late
        """
    )
    assert report.failure is not None
    assert report.failure.step == "Ann gets: Never"
    assert [line.what for line in report.lines] == []


def test_parts_within_parts(story: Story) -> None:
    report = story(
        """\
        - at the same time:
            - - at the same time:
                  - [Ann texts: One]
                  - [wait: 1 minute, Ann texts: Three]
            - - wait: 30 seconds
              - Ben texts: Two
        """
    )
    assert report.held, report.failure
    said = [line.what for line in report.lines if line.mark == "→"]
    assert said == ["One", "Two", "Three"]


def test_one_part_cannot_count_on_what_another_names() -> None:
    text = (
        "scenario: x\npeople: {Ann: +12025550199}\nstory:\n  - at the same time:\n"
        "      - [{Ann texts: x, as: y}]\n      - [Ann texts: '${y.body}']\n"
    )
    with pytest.raises(Faulty, match='a:6:21: expected a name, not "y"'):
        library.load_text(text, "a")
