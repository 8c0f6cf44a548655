"""Which tests reach which lines, from one run of each folder of tests under coverage."""

import ast
import hashlib
import json
import os
import time
from collections.abc import Generator, Iterable, Iterator
from functools import cache, cached_property, partial
from pathlib import Path

import coverage
import pytest
from coverage.sqldata import CoverageData

from tests.mutants.changes import Mutant
from tests.mutants.trial import in_a_child

FURTHEST = 3
"""How many constants stand between one and a test that it may be found by."""


class Reach:
    """The tests of some folders, and the lines of a package that each of them runs."""

    def __init__(self, package: Path, tests: Iterable[Path], kept: Path) -> None:
        self.package = package
        self.folders = list(tests)
        self.kept = kept
        self._said: dict[str, dict[str, set[str]]] = {}
        self._by_line: dict[tuple[int, str], dict[int, set[str]]] = {}
        self._known: list[tuple[CoverageData, dict[str, float], dict[str, str]]] = []

    def measure(self, *, anew: bool) -> None:
        """Run each folder that never ran; `anew`: or whose tests, or the package, changed since."""
        self.kept.mkdir(parents=True, exist_ok=True)
        sources = digest(sorted(self.package.rglob("*.py")))
        for folder in self.folders:
            data, notes = self._files(folder)
            now = sources + digest(sorted(folder.rglob("*.py")))
            if notes.exists() and (not anew or json.loads(notes.read_text())["of"] == now):
                continue
            print(f"finding what {folder} reaches", flush=True)
            data.unlink(missing_ok=True)
            code, seconds = in_a_child(
                partial(self._run, folder, now), self.kept / "reach.out", 3600
            )
            if code != 0 or not notes.exists():
                raise SystemExit(f"{folder} did not pass: see {self.kept / 'reach.out'}")
            print(f"  {seconds:.0f} s", flush=True)
        for folder in self.folders:
            data, notes = self._files(folder)
            read = CoverageData(str(data))
            read.read()
            known = json.loads(notes.read_text())
            self._known.append((read, known["seconds"], known["files"]))

    def _files(self, folder: Path) -> tuple[Path, Path]:
        name = "-".join(folder.parts)
        return self.kept / f"{name}.coverage", self.kept / f"{name}.json"

    def _run(self, folder: Path, now: str) -> int:
        data, notes = self._files(folder)
        files = sorted(self.package.rglob("*.py")) + sorted(folder.rglob("*.py"))
        digests = {str(file): digest([file]) for file in files}
        measured = coverage.Coverage(
            data_file=str(data), source=[str(self.package)], branch=False, config_file=False
        )
        clock = _Clock(measured)
        measured.start()
        code = pytest.main(
            [
                "-q",
                "-p",
                "no:cacheprovider",
                "-m",
                "not soak and not node and not browser",
                "-W",
                "ignore::pytest.PytestAssertRewriteWarning",
                str(folder),
            ],
            plugins=[clock],
        )
        measured.stop()
        measured.save()
        notes.write_text(json.dumps({"of": now, "seconds": clock.seconds, "files": digests}))
        return int(code)

    def of(self, mutant: Mutant) -> list[tuple[str, float]]:
        """The tests that run the changed lines, nearest and quickest first, with their seconds."""
        own = str(mutant.path)
        lines = set(range(mutant.lines[0], mutant.lines[1] + 1))
        found = self._tests(own, lines)
        if not found:
            found = self._tests(own, set(range(mutant.statement[0], mutant.statement[1] + 1)))
        if mutant.names:
            found |= self._users(mutant.names, FURTHEST)
            found |= {
                test
                for _, tests, _ in self._known
                for test in tests
                if _is_of(test, mutant) or not self._mentioned(test).isdisjoint(mutant.names)
            }
        if not found:
            found = self._tests(own, None)
        seconds = {test: taken for _, each, _ in self._known for test, taken in each.items()}
        changed = [
            (file, 1.0)
            for file in self._changed
            if _is_of(file, mutant) or any(test.startswith(f"{file}::") for test in found)
        ]
        order = sorted(found, key=lambda test: (self._distance(test, mutant), seconds[test]))
        return changed + [(test, seconds[test]) for test in order]

    @cached_property
    def _changed(self) -> list[str]:
        """Files of tests that are not as they were measured: they are run whole."""
        measured = {file: was for _, _, files in self._known for file, was in files.items()}
        files = [str(file) for folder in self.folders for file in sorted(folder.rglob("test_*.py"))]
        return [file for file in files if measured.get(file) != _digest_now(file)]

    def _distance(self, test: str, mutant: Mutant) -> int:
        file = Path(test.partition("::")[0])
        if file.stem == f"test_{mutant.path.stem}":
            return 0
        parts = mutant.path.relative_to(self.package).parts
        return 1 if file.parts[1] == parts[0] else 2

    def _tests(self, file: str, lines: set[int] | None) -> set[str]:
        found: set[str] = set()
        for number, (_, _, files) in enumerate(self._known):
            whole = lines is None or files.get(file) != _digest_now(file)
            for line, tests in self._contexts(number, file).items():
                if whole or (lines is not None and line in lines):
                    found |= tests
        return found

    def _contexts(self, number: int, file: str) -> dict[int, set[str]]:
        if (number, file) not in self._by_line:
            self._by_line[number, file] = self._read(number, file)
        return self._by_line[number, file]

    def _read(self, number: int, file: str) -> dict[int, set[str]]:
        data, seconds, _ = self._known[number]
        by_line = data.contexts_by_lineno(str(Path(file).resolve()))
        return {
            line: {each for each in tests if each in seconds} for line, tests in by_line.items()
        }

    def _users(self, names: Iterable[str], far: int) -> set[str]:
        found: set[str] = set()
        for name in names:
            for file, line, inside, around in self._uses.get(name, ()):
                if inside:
                    found |= self._tests(file, {line})
                elif far > 1 and around:
                    found |= self._users(around, far - 1)
        return found

    def _mentioned(self, test: str) -> set[str]:
        file, _, inside = test.partition("::")
        function = inside.rpartition("::")[2].partition("[")[0]
        if file not in self._said:
            self._said[file] = _names_by_function(ast.parse(Path(file).read_text()))
        return self._said[file].get(function, set())

    @cached_property
    def _uses(self) -> dict[str, list[tuple[str, int, bool, tuple[str, ...]]]]:
        uses: dict[str, list[tuple[str, int, bool, tuple[str, ...]]]] = {}
        for path in sorted(self.package.rglob("*.py")):
            for name, line, inside, around in _named(ast.parse(path.read_text())):
                uses.setdefault(name, []).append((str(path), line, inside, around))
        return uses


class _Clock:
    """Notes what each test took, and has coverage ascribe lines to it."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        began = time.process_time()
        self.measured.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            self.measured.switch_context("")
            self.seconds[item.nodeid] = time.process_time() - began


def _is_of(test: str, mutant: Mutant) -> bool:
    """Whether it stands in a file that is named for the module."""
    return Path(test.partition("::")[0]).stem.removeprefix("test_") in mutant.path.stem


def digest(files: Iterable[Path]) -> str:
    """Of what stands in files."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(os.fsencode(file) + b"\0" + file.read_bytes())
    return whole.hexdigest()[:16]


@cache
def _digest_now(file: str) -> str:
    return digest([Path(file)])


def _names_by_function(tree: ast.Module) -> dict[str, set[str]]:
    functions = (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
    return {function.name: {name for name, *_ in _named(function)} for function in functions}


def _named(tree: ast.AST) -> Iterator[tuple[str, int, bool, tuple[str, ...]]]:
    def walk(
        node: ast.AST, inside: bool, around: tuple[str, ...]
    ) -> Iterator[tuple[str, int, bool, tuple[str, ...]]]:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside = True
        elif not inside and isinstance(node, ast.ClassDef):
            around = (node.name,)
        elif not inside and isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            around += tuple(each.id for each in targets if isinstance(each, ast.Name))
        if isinstance(node, ast.Name):
            yield node.id, node.lineno, inside, around
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno, inside, around
        elif isinstance(node, ast.keyword) and node.arg:
            yield node.arg, node.lineno, inside, around
        for child in ast.iter_child_nodes(node):
            yield from walk(child, inside, around)

    return walk(tree, False, ())
