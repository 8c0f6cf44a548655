"""`make product NAME=...`: what it begins, in a copy of the tree."""

import os
import shutil
import subprocess
import sys
from itertools import chain
from pathlib import Path

import pytest

from tests.scaffold import product

ROOT = Path(__file__).parents[2]
SKIPPED = shutil.ignore_patterns("__pycache__", "node_modules", ".*", "build", "dist")
NAME = "zoo_keys"  # sorted behind what every file has


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree, as far as the scaffold and what it begins need it."""
    tree = tmp_path_factory.mktemp("tree")
    for folder in ("emulator", "tests"):
        shutil.copytree(ROOT / folder, tree / folder, ignore=SKIPPED)
    for file in ("ARCHITECTURE.md", "Makefile", "pyproject.toml"):
        shutil.copy(ROOT / file, tree / file)
    return tree


def run(tree: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    """A module of Python, in the copy, whose coverage is not counted."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COVERAGE")}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=tree,
        env={
            **environment,
            "PYTHONPATH": str(tree / "emulator"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        text=True,
        timeout=240,
    )


@pytest.fixture(scope="module")
def begun(tree: Path) -> dict[str, list[str]]:
    """The paths that `make product` says it has written and changed."""
    said = run(tree, "tests.scaffold", NAME)
    assert (said.returncode, said.stderr) == (0, "")
    paths: dict[str, list[str]] = {"written": [], "changed": []}
    for line in said.stdout.splitlines()[:-1]:
        what, path = line.split()
        paths[what].append(path)
    return paths


def test_a_product_is_its_own_files_and_four_others(
    tree: Path, begun: dict[str, list[str]]
) -> None:
    assert begun["changed"] == [
        "emulator/twilio_emulator/core/wings.py",
        "emulator/twilio_emulator/products.py",
        "pyproject.toml",
        "ARCHITECTURE.md",
    ]
    for path in begun["written"]:
        assert (tree / path).is_file()
        assert not (ROOT / path).exists()
    folders = [f"{product.PACKAGE}/core/{NAME}", f"{product.PACKAGE}/rest/{NAME}"]
    here = {f"{folder}/{path.name}" for folder in folders for path in (tree / folder).iterdir()}
    assert here | {f"tests/core/test_{NAME}.py", f"tests/rest/test_{NAME}.py"} == set(
        begun["written"]
    )


def test_what_it_began_passes_its_tests(tree: Path, begun: dict[str, list[str]]) -> None:
    tests = [path for path in begun["written"] if path.startswith("tests/")]
    ran = run(tree, "pytest", "-q", "-p", "no:cacheprovider", *tests)
    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout


def test_what_it_began_passes_the_checks(tree: Path, begun: dict[str, list[str]]) -> None:
    python = [path for path in chain(*begun.values()) if path.endswith(".py")]
    formatted = run(tree, "ruff", "format", "--no-cache", "--check", *python)
    assert formatted.returncode == 0, formatted.stdout + formatted.stderr
    checked = run(tree, "ruff", "check", "--no-cache", *python)
    assert checked.returncode == 0, checked.stdout
    packages = [f"twilio_emulator.{folder}.{NAME}" for folder in ("core", "rest")]
    packages = [word for package in packages for word in ("-p", package)]
    typed = run(tree, "mypy", "--cache-dir", os.devnull, *packages)
    assert typed.returncode == 0, typed.stdout + typed.stderr
    layered = run(tree, "importlinter.cli", "lint-imports", "--no-cache")
    assert layered.returncode == 0, layered.stdout + layered.stderr


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "NAME=: expected a name such as NAME=verify"),
        ("Verify", "NAME=Verify: expected a name such as NAME=verify"),
        ("2fa", "NAME=2fa: expected a name such as NAME=verify"),
        ("a__b", "NAME=a__b: expected a name such as NAME=verify"),
        ("../up", "NAME=../up: expected a name such as NAME=verify"),
        ("über", "NAME=über: expected a name such as NAME=verify"),
        ("lambda", "NAME=lambda: expected another name; this is a word of Python's"),
        ("v" * 25, f"NAME={'v' * 25}: expected a name such as NAME=verify"),
        (
            "conversations",
            "NAME=conversations: emulator/twilio_emulator/core/conversations is there already",
        ),
        ("api_2010", "NAME=api_2010: emulator/twilio_emulator/rest/api_2010 is there already"),
        ("wings", "NAME=wings: emulator/twilio_emulator/core/wings.py is there already"),
        ("cors", "NAME=cors: emulator/twilio_emulator/rest/cors.py is there already"),
        ("inbound", "NAME=inbound: tests/core/test_inbound.py is there already"),
        (
            "emulator",
            "NAME=emulator: emulator/twilio_emulator/products.py: EMULATOR is there already",
        ),
        ("apis", "NAME=apis: emulator/twilio_emulator/products.py: APIS is there already"),
    ],
)
def test_a_name_that_no_product_can_have(
    name: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("something is written")

    monkeypatch.setattr(Path, "write_text", never)
    monkeypatch.setattr(Path, "mkdir", never)
    with pytest.raises(product.Unsuitable) as refused:
        product.plan(ROOT, name)
    assert str(refused.value).startswith(why)
    assert "\n" not in str(refused.value)


def test_a_product_that_is_there_is_refused_in_one_line(
    tree: Path, begun: dict[str, list[str]]
) -> None:
    before = {path: (tree / path).read_bytes() for path in chain(*begun.values())}
    said = run(tree, "tests.scaffold", NAME)
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == (
        f"make product: NAME={NAME}: {product.PACKAGE}/core/{NAME} is there already\n"
    )
    assert before == {path: (tree / path).read_bytes() for path in before}


@pytest.mark.parametrize(
    ("file", "old", "new", "why"),
    [
        ("emulator/twilio_emulator/core/wings.py", "WINGS = (", "WINGS = [", "expected WINGS ="),
        ("emulator/twilio_emulator/core/wings.py", "from twilio", "from other", "expected imports"),
        ("pyproject.toml", '    "wings",\n', "", "expected the layers"),
        ("pyproject.toml", '    "twilio_emulator.rest', '    "rest', "expected the folders"),
        ("ARCHITECTURE.md", "core/", "rules/", "expected the picture"),
    ],
)
def test_a_tree_that_is_laid_out_otherwise(
    tree: Path, tmp_path: Path, file: str, old: str, new: str, why: str
) -> None:
    for path in (
        "emulator/twilio_emulator/core/wings.py",
        "emulator/twilio_emulator/products.py",
        "pyproject.toml",
        "ARCHITECTURE.md",
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / path).read_text()
        (tmp_path / path).write_text(text.replace(old, new) if path == file else text)
    with pytest.raises(product.Unsuitable, match=rf"^NAME=verify_it: {file}: {why}"):
        product.plan(tmp_path, "verify_it")
