"""A file becomes a scenario, or the list of what is wrong with it."""

from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from twilio_emulator.core.simulation.settings import PROFILES
from twilio_emulator.scenarios.language.cast import PEOPLE, NumberShape, TalkShape
from twilio_emulator.scenarios.language.problems import Faulty, FilePosition, Problem, nearest
from twilio_emulator.scenarios.language.scenario import Scenario
from twilio_emulator.scenarios.language.sentence import Step
from twilio_emulator.scenarios.language.shapes import (
    INSTANTS,
    Duration,
    Instant,
    ListOf,
    Named,
    Reading,
    Schema,
    Shape,
    TextShape,
    WholeNumber,
    Word,
    expected_here,
)
from twilio_emulator.scenarios.language.source import LARGEST, Mapping, Node, Scalar, parse
from twilio_emulator.scenarios.language.steps import Steps
from twilio_emulator.scenarios.operations import NamedOperation
from twilio_emulator.scenarios.player.scene import BUILTIN
from twilio_emulator.scenarios.player.stage import STORY_BEGINS
from twilio_emulator.scenarios.sentences.receiving import ANSWERS

Operations = dict[str, NamedOperation]

MOST_FILES = 50


def read(
    path: Path, operations: Operations, given: MappingType[str, str] | None = None
) -> Scenario:
    """The scenario in a file.

    Args:
        operations: what REST operations there are, by name.
        given: values for its parameters.

    Raises:
        Faulty: the file cannot be read, or something in it is wrong.
    """
    name = str(path)
    return _Reader(operations).scenario(
        parse(_text(path, FilePosition(name, 1, 1)), name), path, given
    )


def read_text(
    text: str, name: str, operations: Operations, given: MappingType[str, str] | None = None
) -> Scenario:
    """The scenario in a text; `name` is how places name it.

    Raises:
        Faulty: something in it is wrong.
    """
    return _Reader(operations).scenario(parse(text, name), None, given)


@dataclass(slots=True)
class Cast:
    """Who and what there is, of all files together."""

    said: dict[str, dict[str, Any]] = field(default_factory=dict)
    before: list[Step] = field(default_factory=list)

    def of(self, section: str) -> dict[str, Any]:
        """What a section of names holds so far."""
        return self.said.setdefault(section, {})


class Sections:
    """The sections of a file, each with its shape."""

    def __init__(self, operations: Operations) -> None:
        steps = Steps(operations)
        self.head: dict[str, Shape] = {
            "scenario": TextShape("what the scenario is about"),
            "clock": ClockSetting(),
            "seed": WholeNumber(),
            "carrier": Word(tuple(PROFILES)),
            "patience": Duration(
                "how long the machine waits for an app outside, such as 2 seconds"
            ),
        }
        self.parameters = ScenarioParameters()
        self.include = ListOf(TextShape("a scenario file, as seen from this one"))
        self.cast: dict[str, Shape] = {
            "receivers": Named("receiver", ANSWERS, "names with what they answer"),
            "numbers": Named("number", NumberShape(operations), "names with their numbers"),
            "people": PEOPLE,
            "conversations": Named(
                "conversation", TalkShape(operations), "names with who takes part"
            ),
        }
        self.steps: dict[str, Shape] = {"before": steps, "story": steps}

    @property
    def all(self) -> dict[str, Shape]:
        """Every section, in the order in which a file reads best."""
        head = {**self.head, "parameters": self.parameters, "include": self.include}
        return {**head, **self.cast, **self.steps}

    def schema(self) -> Schema:
        """JSON Schema of a file, but for its head."""
        return {
            "type": "object",
            "properties": {name: shape.schema() for name, shape in self.all.items()},
            "required": ["scenario"],
            "additionalProperties": False,
        }


class _Reader:
    """Reads a file and those that it names.

    Args:
        operations: what REST operations there are, by name.
    """

    def __init__(self, operations: Operations) -> None:
        self._sections = Sections(operations)
        self._steps = self._sections.steps["story"]
        self._reading = Reading(self._steps, self._tell)
        self._cast = Cast()
        self._open: list[Path] = []
        self._files = 0

    def scenario(
        self, node: Node, path: Path | None, given: MappingType[str, str] | None
    ) -> Scenario:
        """The scenario in a tree.

        Raises:
            Faulty: something in it is wrong.
        """
        reading = self._reading
        reading.kinds = dict.fromkeys(BUILTIN, "answer")
        if path is not None:
            self._open.append(path.resolve())
        said = self._file(node, given or {}, is_main=True)
        if reading.problems:
            raise Faulty(reading.problems)
        cast = self._cast
        return Scenario(
            file=node.place.file,
            title=str(said["scenario"]),
            now=said.get("clock", STORY_BEGINS),
            clock=_place_of(node, "clock"),
            relative=reading.relative,
            seed=said.get("seed"),
            carrier=said.get("carrier"),
            patience=said.get("patience", timedelta(0)),
            people=cast.of("people"),
            numbers=cast.of("numbers"),
            receivers=cast.of("receivers"),
            talks=cast.of("conversations"),
            before=tuple(cast.before),
            story=said["story"],
        )

    def _file(self, node: Node, given: MappingType[str, str], *, is_main: bool) -> dict[str, Any]:
        """Read a file into the cast; answers its head, and its story when there is one."""
        reading = self._reading
        if not isinstance(node, Mapping):
            expected_here(
                node, reading, "a scenario, which begins with `scenario: what it is about`"
            )
            return {}
        known = self._sections.all
        unknown = [key for key, _ in node.pairs if key.text not in known]
        for key in unknown:
            hint = nearest(key.text, known)
            reading.expect(key.place, f'expected a part of a scenario, not "{key.text}"{hint}')
        reading.parameters = self._parameters(node, given)
        said: dict[str, Any] = {}
        for section, shape in self._sections.head.items():
            if (value := node.get(section)) is not None:
                said[section] = shape.read(value, reading)
        self._include(node)
        for section, shape in self._sections.cast.items():
            if (value := node.get(section)) is not None:
                declared = shape.read(value, reading) or {}
                held = self._cast.of(section)
                held |= declared if is_main else declared | held
        before = node.get("before")
        steps = self._steps.read(before, reading) if before is not None else ()
        self._cast.before += steps
        if (value := node.get("story")) is not None:
            said["story"] = self._steps.read(value, reading)
        for section in ("scenario", "story") if is_main else ():
            if section not in said and not unknown:
                reading.expect(node.place, f'expected "{section}:" in the file')
        return said

    def _parameters(self, node: Mapping, given: MappingType[str, str]) -> dict[str, str]:
        """The values of a file's parameters."""
        reading = self._reading
        declared = node.get("parameters")
        reading.parameters = {}
        defaults = self._sections.parameters.read(declared, reading) if declared else {}
        for name in given.keys() - defaults.keys():
            hint = nearest(name, defaults)
            reading.expect(node.place, f'expected a parameter of this file, not "{name}"{hint}')
        for name, default in defaults.items():
            if default is None and name not in given:
                place = declared.place if declared else node.place
                reading.expect(place, f"expected a value for {name}: --set {name}=...")
        return {name: given.get(name, default or "") for name, default in defaults.items()}

    def _include(self, node: Mapping) -> None:
        """Take over the cast of other files, and what they say happened before."""
        value = node.get("include")
        if value is None:
            return
        names = value.items if not isinstance(value, Scalar | Mapping) else (value,)
        self._sections.include.read(value, self._reading)
        for name in names:
            if isinstance(name, Scalar) and not name.is_empty:
                self._another(name, {})

    def _tell(
        self, name: Scalar, given: MappingType[str, str], reading: Reading
    ) -> tuple[Step, ...]:
        """The steps of another file, what it says happened before first."""
        before = self._cast.before
        self._cast.before = []
        said = self._another(name, given)
        steps = (*self._cast.before, *said.get("story", ()))
        self._cast.before = before
        return steps

    def _another(self, name: Scalar, given: MappingType[str, str]) -> dict[str, Any]:
        """Read another file, with parameters of its own; nothing when it cannot be."""
        reading = self._reading
        text = reading.scalar(name).text
        self._files += 1
        if not self._open:
            reading.expect(name.place, "expected no other files, since this text is in no folder")
            return {}
        path = (self._open[-1].parent / text).resolve()
        if path in self._open:
            expected = f"expected another file: {text} would include itself"
            reading.expect(name.place, expected)
            return {}
        if self._files > MOST_FILES:
            reading.expect(name.place, f"expected at most {MOST_FILES} files together")
            return {}
        outer, self._reading.parameters = reading.parameters, {}
        self._open.append(path)
        try:
            shown = str(Path(name.place.file).parent / text)
            return self._file(parse(_text(path, name.place), shown), given, is_main=False)
        except Faulty as faulty:
            reading.problems += faulty.problems
            return {}
        finally:
            self._open.pop()
            reading.parameters = outer


class ClockSetting:
    """`now`, or when the story begins."""

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, Scalar) and reading.scalar(node).text == "now":
            return None
        return Instant("now, or an instant such as 2026-01-05T09:00:00Z").read(node, reading)

    def schema(self) -> Schema:
        about = "when the story begins; the clock stands still until time passes in it. Or `now`"
        return {"type": "string", "description": about, "examples": ["now", *INSTANTS]}


class ScenarioParameters:
    """Names with the values that they have unless others are given; none has to be given."""

    def read(self, node: Node, reading: Reading) -> dict[str, str | None]:
        if not isinstance(node, Mapping):
            expected_here(node, reading, "names with their values, such as `code: 424242`")
            return {}
        values: dict[str, str | None] = {}
        for key, value in node.pairs:
            if not isinstance(value, Scalar):
                expected_here(value, reading, "a value")
            else:
                values[key.text] = None if value.is_empty else value.text
        return values

    def schema(self) -> Schema:
        value = {"type": ["string", "number", "boolean", "null"]}
        return {"type": "object", "additionalProperties": value}


def _place_of(node: Node, section: str) -> FilePosition | None:
    """Where a section of a file is."""
    found = node.get(section) if isinstance(node, Mapping) else None
    return None if found is None else found.place


def _text(path: Path, wanted: FilePosition) -> str:
    """What is in a file.

    Args:
        wanted: where it is asked for.

    Raises:
        Faulty: nothing that could be a scenario.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise Faulty([Problem(wanted, f"expected a file of at most {LARGEST >> 20} MiB")])
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Faulty([Problem(wanted, f"expected a file: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise Faulty([Problem(wanted, "expected a file of text in UTF-8")]) from None
