"""Scenarios for everybody: checked, read, played, with the REST operations that we have."""

import importlib
import itertools
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from twilio_emulator.core.simulation.choices import meant
from twilio_emulator.products import APIS, SENTENCES, declared_bodies
from twilio_emulator.runtime.gate import Gate
from twilio_emulator.scenarios.language import control_calls, reader
from twilio_emulator.scenarios.language.problems import Faulty, FilePosition, Problem
from twilio_emulator.scenarios.language.scenario import Scenario
from twilio_emulator.scenarios.language.schema import schema as schema_of
from twilio_emulator.scenarios.operations import NamedOperation, name_operations
from twilio_emulator.scenarios.player import player
from twilio_emulator.scenarios.player.report import Narrator, Report
from twilio_emulator.scenarios.player.stage import Stage
from twilio_emulator.scenarios.recorder import recorder

for _name in SENTENCES:
    importlib.import_module(f"twilio_emulator.scenarios.sentences.{_name}")

control_calls.hand_over(declared_bodies)

SUFFIX = ".scenario.yaml"

NOT_SHIPPED = (
    "expected a file: No such file or directory; `twilio-emulator scenarios` lists those that are "
    "known by a bare name"
)


@cache
def operations() -> dict[str, NamedOperation]:
    """Every REST operation that a scenario can call, by name."""
    return name_operations(APIS)


def find(name: str) -> Path:
    """The file that is meant: a path, or a name of the shipped library."""
    if "/" in name or "\\" in name or Path(name).suffix:
        return Path(name)
    return _library() / f"{name}{SUFFIX}"


def _library() -> Path:
    """The folder of the shipped scenarios."""
    package = Path(__file__).parents[1]
    shipped = package / "library" / "scenarios"  # in a wheel; in a checkout they lie at the top
    return shipped if shipped.is_dir() else package.parents[1] / "scenarios"


def shipped() -> list[dict[str, str]]:
    """The scenarios of the shipped library: name, title, what happens, and file."""
    return [_shown(path) for path in sorted(_library().glob(f"*{SUFFIX}"))]


def _shown(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    remarks = itertools.takewhile(lambda line: line.startswith("#"), lines)
    about = " ".join(line.lstrip("# ") for line in remarks)
    title = next(line for line in lines if line.startswith("scenario:"))
    return {
        "name": path.name.removesuffix(SUFFIX),
        "title": title.removeprefix("scenario:").strip(),
        "about": about,
        "file": str(path),
    }


def load(path: Path | str, given: Mapping[str, str] | None = None) -> Scenario:
    """The scenario in a file, or of a name of the shipped library.

    Args:
        given: values for its parameters.

    Raises:
        Faulty: something in it is wrong; its problems say what and where.
    """
    file = find(path) if isinstance(path, str) else path
    if isinstance(path, str) and file.parent == _library() and not file.exists():
        known = [each.name.removesuffix(SUFFIX) for each in _library().glob(f"*{SUFFIX}")]
        raise Faulty([Problem(FilePosition(str(file), 1, 1), NOT_SHIPPED + meant(path, known))])
    return reader.read(file, operations(), given)


def load_text(
    text: str, name: str = "scenario", given: Mapping[str, str] | None = None
) -> Scenario:
    """The scenario in a text, YAML or JSON; `name` stands for the file in problems.

    Raises:
        Faulty: something in it is wrong.
    """
    return reader.read_text(text, name, operations(), given)


def check(path: Path | str) -> list[Problem]:
    """What is wrong with a file, in its order; nothing when it can be played."""
    try:
        load(path)
    except Faulty as faulty:
        return faulty.problems
    return []


def check_text(text: str, name: str = "scenario") -> list[Problem]:
    """What is wrong with a text, in its order; nothing when it can be played."""
    try:
        load_text(text, name)
    except Faulty as faulty:
        return faulty.problems
    return []


def schema() -> dict[str, Any]:
    """The JSON Schema of scenario files."""
    return schema_of(operations())


def record(gate: Gate, title: str = "Recorded") -> str:
    """The text of a scenario that does again what happened in an account.

    Raises:
        NotRecorded: its beginning is not known any more.
    """
    by_length = sorted(operations().items(), key=lambda known: len(known[0]))
    return recorder.record(gate, by_length, title)


async def play(
    scenario: Scenario,
    stage: Stage,
    narrator: Narrator | None = None,
    speed: float | None = None,
) -> Report:
    """Play a scenario; a step that fails is in the report, it does not raise.

    Args:
        narrator: told what happens while it happens.
        speed: how many times as fast as life, for people who watch; as fast as can be when None.
    """
    return await player.play(scenario, stage, operations(), narrator, speed)
