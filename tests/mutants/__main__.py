"""Do the tests notice? A sample of small faults, each put before the tests that reach it."""

import argparse
import json
import os
import sys
import tomllib
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from tests.mutants import changes, trial
from tests.mutants.changes import Mutant
from tests.mutants.reach import Reach, digest

KEPT = Path("build/mutants")
UNCHANGED = Path(__file__).with_name("unchanged.toml")
FOLDERS = ("core", "wire", "webhooks")
TESTS = ("core", "wire", "webhooks", "rest", "sdk", "control", "state")

LONGEST = 20.0
"""Processor seconds of tests per mutant, counted as coverage saw them; the nearest come first."""

PATIENCE = 30.0
"""Seconds that tests may take besides: a mutant that waits for ever is killed, too."""


def main() -> int:
    """Try a sample, and say how many of it the tests killed."""
    asked = _arguments()
    package = asked.package or _package()
    found = [
        mutant
        for folder in asked.folders
        for path in sorted((package / folder).rglob("*.py"))
        for mutant in changes.mutants(path)
    ]
    unchanged = {
        _key(each): each["reason"] for each in tomllib.loads(UNCHANGED.read_text())["same"]
    }
    if asked.only:
        sample = [each for each in found if asked.only in f"{each.path}:{each.line} {each.key}"]
    else:
        sample = sorted(found, key=lambda each: each.rank(asked.seed))[: asked.count]
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str((KEPT / "hypothesis").resolve())
    os.environ["COVERAGE_CORE"] = "ctrace"
    trial.prepare()
    reach = Reach(package, [Path("tests", each) for each in asked.tests], KEPT)
    reach.measure(anew=not asked.keep_reach)
    results = Results(KEPT / "results.jsonl", digest(sorted(Path("tests").rglob("test_*.py"))))
    killed, alive, same = 0, [], 0
    for number, mutant in enumerate(sample, 1):
        if mutant.key in unchanged:
            same += 1
            continue
        verdict = results.known(mutant)
        if verdict is None or (asked.again and verdict == "survived"):
            verdict = _try(mutant, package, reach)
            results.note(mutant, verdict)
            print(f"{number:4} {verdict:9} {_place(mutant)}", flush=True)
        if verdict == "killed":
            killed += 1
        else:
            alive.append(mutant)
    for key in unchanged.keys() - {each.key for each in found}:
        print(f"{UNCHANGED.name} names what is not there: {key}")
    for mutant in alive:
        print(f"survived: {_place(mutant)}")
    counted = killed + len(alive)
    share = 100 * killed / counted if counted else 100.0
    print(f"{same} more are known to change nothing")
    print(f"{counted} mutants, {killed} killed ({share:.1f} %)")
    return 0 if share >= asked.at_least else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=400, help="how many mutants (400)")
    parser.add_argument("--seed", default="1", help="which of them (1)")
    parser.add_argument("--package", type=Path, help="the package's folder (found)")
    parser.add_argument("--folders", nargs="+", default=FOLDERS, help="of the package")
    parser.add_argument("--tests", nargs="+", default=TESTS, help="folders of tests")
    parser.add_argument("--only", help="all mutants whose file:line, function or change has this")
    parser.add_argument("--again", action="store_true", help="try survivors once more")
    parser.add_argument(
        "--keep-reach",
        action="store_true",
        help="take what tests reached before, though files changed",
    )
    parser.add_argument("--at-least", type=float, default=95.0, help="percent, else it fails (95)")
    return parser.parse_args()


def _package() -> Path:
    """The folder that holds the core, wherever under the source root the package lies."""
    return min(Path("emulator").rglob("core")).parent


def _key(same: dict[str, str]) -> str:
    return f"{same['file']} {same['function']} {same['change']}"


def _place(mutant: Mutant) -> str:
    return f"{mutant.path}:{mutant.line} {mutant.function or '-'} | {mutant.change}"


def _try(mutant: Mutant, package: Path, reach: Reach) -> str:
    tests = _affordable(reach.of(mutant))
    if not tests:
        return "survived"
    parts = mutant.path.relative_to(package.parent).with_suffix("").parts
    name = ".".join(parts).removesuffix(".__init__")
    for some in _in_turns(tests):
        code, _ = trial.in_a_child(
            partial(trial.judge, changes.mutated(mutant), mutant.path, name, [*some]),
            KEPT / "last.out",
            PATIENCE + 8 * sum(some.values()),
        )
        if code == trial.NOT_LOADED:
            raise SystemExit(f"{name} was not loaded with its fault: see {KEPT / 'last.out'}")
        if code != trial.SURVIVED:
            return "killed"
    return "survived"


def _affordable(tests: Sequence[tuple[str, float]]) -> dict[str, float]:
    taken: dict[str, float] = {}
    left = LONGEST
    for test, seconds in tests:
        if not taken or seconds <= left:
            left -= seconds
            taken[test] = seconds
    return taken


def _in_turns(tests: dict[str, float]) -> Iterator[dict[str, float]]:
    """Those of the nearest file first: reading a file of tests often takes longer than they do."""
    nearest = next(iter(tests)).partition("::")[0]
    near = {test: taken for test, taken in tests.items() if test.partition("::")[0] == nearest}
    yield near
    if rest := {test: taken for test, taken in tests.items() if test not in near}:
        yield rest


class Results:
    """What runs before found: a kill holds while the code does, survival while the tests do too."""

    def __init__(self, file: Path, tests: str) -> None:
        self.file = file
        self.tests = tests
        self.lines: dict[str, dict[str, str]] = {}
        if file.exists():
            for line in file.read_text().splitlines():
                noted = json.loads(line)
                self.lines[noted["key"]] = noted

    def known(self, mutant: Mutant) -> str | None:
        noted = self.lines.get(mutant.key)
        if noted is None or noted["text"] != mutant.text:
            return None
        if noted["verdict"] == "survived" and noted["tests"] != self.tests:
            return None
        return noted["verdict"]

    def note(self, mutant: Mutant, verdict: str) -> None:
        noted = {"key": mutant.key, "verdict": verdict, "text": mutant.text, "tests": self.tests}
        self.lines[mutant.key] = noted
        with self.file.open("a") as file:
            file.write(json.dumps(noted) + "\n")


if __name__ == "__main__":
    sys.exit(main())
