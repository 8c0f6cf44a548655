"""One mutant on trial: a forked process imports the changed module and runs its tests."""

import ast
import contextlib
import importlib
import importlib.machinery
import importlib.util
import os
import signal
import sys
import time
import traceback
import types
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

# What most tests import and nobody mutates: imported here once, not in every child.
LIBRARIES = (
    "click",
    "faker",
    "cryptography.x509",
    "httptools",
    "httpx2",
    "hypothesis",
    "jwt",
    "msgspec.json",
    "phonenumbers",
    "python_multipart",
    "re2",
    "starlette.applications",
    "starlette.testclient",
    "uvicorn",
    "websockets",
    "yaml",
)

ENDED = 0.05
"""Seconds between two looks at a child that is on trial."""


def prepare() -> None:
    """Import what no child has to import again."""
    sys.dont_write_bytecode = False  # else every child would compile all tests anew
    for name in LIBRARIES:
        importlib.import_module(name)


def in_a_child(work: Callable[[], int], output: Path, limit: float) -> tuple[int | None, float]:
    """Work in a forked process: its exit status, `None` when out of time, and its seconds."""
    began = time.monotonic()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.setsid()
            opened = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
            os.dup2(opened, 1)
            os.dup2(opened, 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            code = work()
        finally:
            sys.stdout.flush()
            os._exit(code)
    status: int | None = None
    while status is None and time.monotonic() - began < limit:
        done, how = os.waitpid(child, os.WNOHANG)
        if done:
            status = os.waitstatus_to_exitcode(how)
        else:
            time.sleep(ENDED)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # with what the tests have left behind
    if status is None:
        os.waitpid(child, 0)
    return status, time.monotonic() - began


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads a module with a fault in it."""

    tree: ast.Module
    loaded = False

    def get_code(self, fullname: str) -> types.CodeType:
        type(self).loaded = True
        return compile(self.tree, self.path, "exec")


class _Finder:
    def __init__(self, name: str, loader: _Loader) -> None:
        self.name = name
        self.loader = loader

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(
            name,
            self.loader.path,
            loader=self.loader,
            submodule_search_locations=(
                [str(Path(self.loader.path).parent)]
                if self.loader.path.endswith("__init__.py")
                else None
            ),
        )


class _Chosen:
    """Runs these tests only, in this order."""

    def __init__(self, tests: Sequence[str]) -> None:
        self.order = {test: number for number, test in enumerate(tests)}
        self.failed = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        order = self.order
        whole = {item: order.get(item.nodeid.partition("::")[0]) for item in items}
        places = {item: order.get(item.nodeid, whole[item]) for item in items}
        kept = {item: place for item, place in places.items() if place is not None}
        items[:] = sorted(kept, key=lambda item: kept[item])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.failed = report.nodeid


SURVIVED, KILLED, NOT_LOADED = 0, 1, 3


def judge(tree: ast.Module, path: Path, name: str, tests: Sequence[str]) -> int:
    """Run tests on a module with a fault, in this process, which is good for nothing afterwards."""
    loader = _Loader(name, str(path.resolve()))
    loader.tree = tree
    sys.meta_path.insert(0, _Finder(name, loader))
    try:
        importlib.import_module(name)  # before pytest, whose plugins would load it their own way
    except Exception:
        traceback.print_exc()
        return KILLED
    if not loader.loaded:
        return NOT_LOADED
    chosen = _Chosen(tests)
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))
    code = pytest.main(
        [
            "-q",
            "-x",
            "--tb=line",
            "-p",
            "no:cacheprovider",
            "-W",
            "ignore::pytest.PytestAssertRewriteWarning",
            *files,
        ],
        plugins=[chosen],
    )
    print(f"failed: {chosen.failed or 'the collection'}" if code not in (0, 5) else "all passed")
    return SURVIVED if code in (0, 5) else KILLED
