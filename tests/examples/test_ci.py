"""`.ci/run` on a bare machine: it brings what the tests run, so that none is skipped there."""

import re

from tests.examples.snippets import ROOT

RUN = (ROOT / ".ci/run").read_text()


def test_every_program_that_a_test_looks_for_is_installed_first() -> None:
    wanted = set()
    for path in (ROOT / "tests").rglob("*.py"):
        if "node_modules" not in path.parts:
            wanted |= set(re.findall(r'which\("([\w.-]+)"\)', path.read_text(encoding="utf-8")))
    assert {"curl", "certutil", "node"} <= wanted
    before = RUN[: RUN.index('stage "make check"')]
    for program in wanted - {"google-chrome", "sh"}:
        assert re.search(rf"\b{program}\b", before), program


def test_it_says_that_it_is_ci() -> None:
    assert re.search(r"^export CI=true\b", RUN, re.M)


def test_only_the_newest_versions_may_fail() -> None:
    forgiven = re.findall(r"^(.*) \|\|$", RUN, re.M)
    assert [line.split()[:2] for line in forgiven if line.startswith("smoke")] == [
        ["smoke", "newest"]
    ]
    assert re.search(r"^smoke lowest .*locks/lowest\.txt$", RUN, re.M)
