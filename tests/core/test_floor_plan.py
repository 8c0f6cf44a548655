"""The plan of the rules: no circle of imports, and wings that list all that is theirs."""

import ast
import graphlib
import importlib
import inspect
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

import twilio_emulator
from twilio_emulator.core.kernel.tables import Table
from twilio_emulator.core.kernel.wing import Wing
from twilio_emulator.core.wings import WINGS

ROOT = Path(twilio_emulator.__file__).parent
CORE = "twilio_emulator.core"
wing_by_wing = pytest.mark.parametrize("wing", WINGS, ids=lambda wing: wing.name)


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {name_of(path): ast.parse(path.read_text()) for path in (ROOT / "core").rglob("*.py")}


def imported(source: ast.Module) -> set[str]:
    """The modules of the core that a module names, wherever it does, for the type checker too."""
    named: set[str] = set()
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            named |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            assert node.module is not None
            inner = {f"{node.module}.{each.name}" for each in node.names} & SOURCES.keys()
            named |= inner or {node.module}
    return named & SOURCES.keys()


def find_circle(graph: dict[str, set[str]]) -> list[str]:
    """The modules of one circle; none when there is no circle."""
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as circle:
        found: list[str] = circle.args[1]
        return found
    return []


def decorated(wing: Wing, decorator: str) -> Iterator[type]:
    """The classes in a wing's folder that are decorated so."""
    for name, source in SOURCES.items():
        if name.startswith(f"{CORE}.{wing.name}."):
            for node in ast.walk(source):
                if isinstance(node, ast.ClassDef) and any(
                    isinstance(each, ast.Name) and each.id == decorator
                    for each in node.decorator_list
                ):
                    yield getattr(importlib.import_module(name), node.name)


def wing_of(thing: object) -> str:
    package, _, rest = getattr(thing, "__module__", "").partition(f"{CORE}.")
    assert package == "", thing
    return rest.partition(".")[0]


def test_a_circle_is_found() -> None:
    assert find_circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert set(find_circle({"a": {"b"}, "b": {"c"}, "c": {"b"}})) == {"b", "c"}


def test_imports_are_found_wherever_they_are() -> None:
    lines = (
        "from typing import TYPE_CHECKING",
        "from twilio_emulator.core.kernel import clock",
        "if TYPE_CHECKING:",
        "    from twilio_emulator.core.kernel.tables import Table",
        "def late(): import twilio_emulator.core.wings",
    )
    kernel = f"{CORE}.kernel"
    assert imported(ast.parse("\n".join(lines))) == {
        f"{kernel}.clock",
        f"{kernel}.tables",
        f"{CORE}.wings",
    }


def test_no_modules_of_the_rules_import_each_other_in_a_circle() -> None:
    graph = {name: imported(source) for name, source in SOURCES.items()}
    assert sum(map(len, graph.values())) > len(graph)
    assert find_circle(graph) == []


def test_every_folder_of_the_rules_is_a_wing() -> None:
    folders = {path.name for path in (ROOT / "core").iterdir() if (path / "__init__.py").exists()}
    assert folders == {wing.name for wing in WINGS}


@wing_by_wing
def test_a_wing_lists_its_commands(wing: Wing) -> None:
    listed = [command.__qualname__ for command in wing.commands]
    assert sorted(listed) == sorted(each.__qualname__ for each in decorated(wing, "command"))
    assert {wing_of(command) for command in wing.commands} <= {wing.name}


@wing_by_wing
def test_a_wing_lists_its_tables(wing: Wing) -> None:
    kept = {
        value
        for name in SOURCES
        if name.startswith(f"{CORE}.{wing.name}.")
        for value in vars(importlib.import_module(name)).values()
        if inspect.isclass(value) and issubclass(value, Table) and value.__module__ == name
    }
    assert set(wing.tables) == kept - {Table}
    assert len(set(wing.tables)) == len(wing.tables)


@wing_by_wing
def test_a_reaction_is_a_function_of_its_wing_to_an_event_of_one_below(wing: Wing) -> None:
    below = [each.name for each in WINGS[: WINGS.index(wing) + 1]]
    events = {event for each in WINGS for event in decorated(each, "event")}
    for event, react in wing.reactions:
        assert inspect.isfunction(react)
        assert wing_of(react) == wing.name
        assert event in events
        assert wing_of(event) in below
        _, said = inspect.signature(react).parameters.values()
        assert issubclass(event, typing.get_type_hints(react)[said.name])
    assert len(set(wing.reactions)) == len(wing.reactions)
