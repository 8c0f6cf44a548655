"""The exact versions of locks/: what pyproject asks for, with hashes, and everything installs from
them."""

import json
import re
import tomllib
from dataclasses import dataclass
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.examples.snippets import ROOT

LOCKS = sorted(path.stem for path in (ROOT / "locks").iterdir())
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
NEEDED: list[str] = PROJECT["project"]["dependencies"]
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
GROUPS: dict[str, list[str]] = PROJECT["dependency-groups"]

OF_NPM = [
    str(path.parent.relative_to(ROOT))
    for pattern in ("clients/*", "examples/*", "tests/*")
    for path in sorted(ROOT.glob(f"{pattern}/package-lock.json"))
]

ASKED = {
    "build": GROUPS["build"] + PROJECT["build-system"]["requires"],
    "dev": NEEDED + EXTRAS["fast"] + EXTRAS["mcp"] + EXTRAS["dev"] + GROUPS["build"],
    "lowest": NEEDED + EXTRAS["fast"] + EXTRAS["mcp"] + GROUPS["smoke"],
    "node": GROUPS["node"],
    "run": NEEDED + EXTRAS["fast"] + EXTRAS["mcp"],
}

_LINE = re.compile(
    r"(?P<name>[a-z0-9-]+)(?:\[(?P<extras>[a-z0-9,-]+)\])?"
    r"==(?P<version>[\w.]+)(?: ; (?P<marker>.+?))? \\"
    r"|    --hash=sha256:[0-9a-f]{64}(?: \\)?"
    r"|    # via(?: .+)?|    #   .+|# .+|#    make lock"
)


@dataclass(frozen=True)
class Locked:
    """One version of a package, for the machines that the marker is true of."""

    name: str
    extras: str | None
    version: str
    marker: str | None


def locked(lock: str) -> list[Locked]:
    found = []
    for line in (ROOT / "locks" / f"{lock}.txt").read_text().splitlines():
        read = _LINE.fullmatch(line)
        assert read is not None, f"{lock}: {line}"
        if read["name"] is not None:
            found.append(Locked(**read.groupdict()))
    return found


def test_there_is_no_other_lock() -> None:
    assert set(ASKED) == set(LOCKS)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_what_pyproject_asks_for(lock: str) -> None:
    versions = {(each.name, each.version) for each in locked(lock)}
    for line in ASKED[lock]:
        wish = Requirement(line)
        name = canonicalize_name(wish.name)
        found = [version for held, version in versions if held == name]
        assert found, f"{name}: make lock"
        assert all(version in wish.specifier for version in found), f"{name} {found}: make lock"


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_path(lock: str) -> None:
    text = (ROOT / "locks" / f"{lock}.txt").read_text()
    assert not re.search(r"https?:|file:|(^|\s)[./~][\w./]*/|--(?!hash=)", text, re.M)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_version_has_a_hash(lock: str) -> None:
    text = (ROOT / "locks" / f"{lock}.txt").read_text()
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert len(entries) == len(locked(lock)) > 0
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("lock", ["dev", "lowest", "run"])
def test_a_package_that_is_asked_for_with_extras_is_locked_with_them(lock: str) -> None:
    """Else pip looks for a newer one, which has no hash, and refuses it."""
    (pyjwt,) = [each for each in locked(lock) if each.name == "pyjwt"]
    assert pyjwt.extras == "crypto"


@pytest.mark.parametrize("lock", ["run", "build"])
def test_the_tests_have_the_versions_that_people_have(lock: str) -> None:
    in_tests = {(each.name, each.version) for each in locked("dev")}
    assert {(each.name, each.version) for each in locked(lock)} <= in_tests


def test_the_lowest_versions_are_the_bounds() -> None:
    """Or the first after a bound that there is: not every number became a release."""
    versions = {each.name: each.version for each in locked("lowest")}
    for line in ASKED["lowest"]:
        (bound,) = [each for each in Requirement(line).specifier if each.operator == ">="]
        version = versions[canonicalize_name(Requirement(line).name)]
        assert f"{version}.".startswith(f"{bound.version}."), line


def test_every_requirement_has_a_lower_bound() -> None:
    for line in {*NEEDED, *(line for lines in (EXTRAS | GROUPS).values() for line in lines)}:
        assert ">=" in line, line


def test_uvloop_is_asked_for_where_there_is_one() -> None:
    (uvloop,) = [each for each in locked("run") if each.name == "uvloop"]
    assert uvloop.marker is not None
    assert "sys_platform != 'win32'" in uvloop.marker


@pytest.mark.parametrize("page", ["Makefile", "Dockerfile", ".ci/run"])
def test_everything_is_installed_from_a_lock(page: str) -> None:
    text = (ROOT / page).read_text().replace("\\\n", " ")
    installs = re.findall(r"pip\"? (?:install|wheel)(.*)", text)
    assert installs
    known = ("--require-hashes", "--no-deps", "--upgrade uv", '"${@:2}"')
    for each in installs:
        assert any(word in each for word in known), each


def test_no_build_takes_its_tools_from_elsewhere() -> None:
    for page in ("Makefile", "Dockerfile", ".ci/run"):
        for line in (ROOT / page).read_text().splitlines():
            if "--editable" in line or "pip wheel" in line:
                assert "--no-build-isolation" in line


@pytest.mark.parametrize(("target", "lock"), [(".run", "build"), (".run", "run"), (".dev", "dev")])
def test_a_renewed_lock_is_installed(target: str, lock: str) -> None:
    makefile = (ROOT / "Makefile").read_text()
    (needed,) = re.findall(rf"^\$\(VENV\)/{re.escape(target)}: (.*)$", makefile, re.M)
    assert f"locks/{lock}.txt" in needed.split()


def test_make_installs_each_lock_of_npms() -> None:
    named = re.findall(r"^\w+ +:= (.+)/node_modules$", (ROOT / "Makefile").read_text(), re.M)
    assert sorted(named) == sorted(OF_NPM)


@pytest.mark.parametrize("folder", OF_NPM)
def test_npm_installs_what_the_lock_holds_from_wherever_npm_is_told_to(folder: str) -> None:
    wanted = json.loads((ROOT / folder / "package.json").read_text())
    packages = json.loads((ROOT / folder / "package-lock.json").read_text())["packages"]
    asked = packages.pop("")
    for kind in ("dependencies", "devDependencies"):
        assert asked.get(kind) == wanted.get(kind)
    for name, package in packages.items():
        if package.get("link") or name.startswith("../"):  # lies in this repository
            continue
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name
