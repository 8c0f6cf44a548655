"""docs/scenarios.md: every example is played, and every sentence is on it."""

import re
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import jsonschema
import pytest
import yaml
from click.testing import CliRunner

from twilio_emulator.cli.commands import main
from twilio_emulator.play import library
from twilio_emulator.scenarios.language.sentence import SENTENCES
from twilio_emulator.scenarios.player.report import Report
from twilio_emulator.scenarios.player.scene import BUILTIN


class Editor(yaml.SafeLoader):
    """YAML as editors read it: version 1.2, which knows no timestamps."""


Editor.add_constructor("tag:yaml.org,2002:timestamp", yaml.SafeLoader.construct_scalar)

PAGE = (Path(__file__).parents[2] / "docs/scenarios.md").read_text()
YAML = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
CONSOLE = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)

HEAD = """\
scenario: An example
people:
  Ann: +12025550199
  Ben: whatsapp:+12025550123
  Alice: chat:alice
conversations:
  Parcel: [Ann, Ben, Alice]
story:
"""


def whole(example: str) -> str:
    """An example with what it needs around it."""
    return example if "scenario:" in example else HEAD + indent(example, "  ")


@pytest.mark.parametrize("example", YAML, ids=range(len(YAML)))
def test_an_example_holds(example: str, play: Callable[..., Report]) -> None:
    report = play(library.load_text(whole(example)))
    assert report.held, report.failure and report.failure.lines()


@pytest.mark.parametrize("example", YAML, ids=range(len(YAML)))
def test_the_schema_knows_an_example(example: str) -> None:
    content = yaml.load(whole(example), Editor)
    jsonschema.Draft202012Validator(library.schema()).validate(content)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], str]:
    """Run a command of the page in a folder with its first example."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "code.scenario.yaml").write_text(YAML[0])

    def run(command: str) -> str:
        return CliRunner().invoke(main, command.split()[1:]).output

    return run


def shown(block: str) -> tuple[str, list[str]]:
    """A command of the page, and what it shows."""
    command, *lines = block.strip().split("\n")
    return command.removeprefix("$ "), lines


def test_the_first_example_plays_as_the_page_shows(shell: Callable[[str], str]) -> None:
    command, lines = shown(CONSOLE[0])
    seen = re.sub(r"in \d\.\d\d s", "in 0.01 s", shell(command))
    assert seen.strip().split("\n") == lines


def test_one_changed_word_fails_as_the_page_shows(
    shell: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "code.scenario.yaml").write_text(YAML[0].replace("/code is", "/pin is"))
    command, lines = shown(CONSOLE[1])
    seen = shell(command).strip().split("\n")
    assert [line[: len(cut)] for line, cut in zip(seen, map(_until_dots, lines), strict=False)] == [
        *map(_until_dots, lines)
    ]


def _until_dots(line: str) -> str:
    return line.removesuffix("...")


def test_a_mistake_is_said_as_the_page_shows(shell: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "code.scenario.yaml").write_text(YAML[0].replace("Ann texts", "Ann txts"))
    command, lines = shown(CONSOLE[2])
    assert shell(command).strip().split("\n") == lines


def test_every_sentence_is_on_the_page() -> None:
    for sentence in SENTENCES.values():
        assert f"| `{sentence.example}` | {sentence.about} |\n" in PAGE


def test_every_name_that_scenarios_know_is_on_the_page() -> None:
    for name in BUILTIN:
        assert f"`{name}`" in PAGE
