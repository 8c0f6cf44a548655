"""A test that hangs fails, and says where it was; and none waits without a limit of its own."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.examples.snippets import ROOT

CONFTEST = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import tests.limits
tests.limits.SECONDS, tests.limits.AGAIN = 1.0, 0.1
pytest_plugins = ["tests.limits"]
"""

HANGS = """
import asyncio
import socket
import subprocess
import threading

import pytest
import uvloop

def wait_here():
    threading.Event().wait()

async def await_here():
    await asyncio.Event().wait()

@pytest.fixture
def never_begins():
    wait_here()

@pytest.fixture
def never_ends():
    yield
    wait_here()

def test_a_thread():
    thread = threading.Thread(target=wait_here, daemon=True, name="Waiter")
    thread.start()
    thread.join()

def test_a_task():
    async def both():
        await asyncio.gather(await_here(), await_here())
    asyncio.run(both())

def test_a_task_on_uvloop():
    async def both():
        await asyncio.gather(await_here(), await_here())
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(both())

def test_a_process():
    with subprocess.Popen(["sleep", "60"]) as process:
        try:
            process.communicate()
        finally:
            process.kill()

def test_a_socket():
    near, far = socket.socketpair()
    with near, far:
        near.recv(1)

def test_what_swallows_errors():
    try:
        wait_here()
    except BaseException:
        wait_here()

def test_a_set_up(never_begins):
    pass

def test_what_cleans_up(never_ends):
    pass

def test_nothing():
    pass
"""


def test_a_test_that_hangs_fails_and_says_where(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makeconftest(CONFTEST)
    pytester.makepyfile(test_hangs=HANGS)
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider", "-W", "ignore", timeout=120)
    done.assert_outcomes(passed=2, failed=6, errors=2)
    said = done.stdout.str()
    for what in ("it", "its set-up", "what cleans up after it"):
        assert f"TookTooLong: {what} took more than 1 s; just then" in said
    waiter = said.partition("thread Waiter")[2].partition("____")[0]
    assert re.search(r"test_hangs\.py:\d+ wait_here", waiter)
    tasks = said.partition("task Task-")[2].partition("____")[0]
    assert re.search(r"test_hangs\.py:\d+ await_here", tasks)


NEEDS = {
    "subprocess.run": 99,
    "subprocess.check_output": 99,
    "subprocess.check_call": 99,
    "subprocess.call": 99,
    "socket.create_connection": 2,
    "urllib.request.urlopen": 3,
    "urlopen": 3,
    "http.client.HTTPConnection": 3,
    "HTTPConnection": 3,
    ".communicate": 2,
    ".join": 1,
    ".result": 1,
}
"""What has to be given a limit: by the word `timeout`, or as the argument with this number."""


LAST = {name.rpartition(".")[2] for name in NEEDS}


def unlimited(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of each call that may wait for ever, of those that can be told by their name.

    What a task awaits has the limit of its test, and so has whatever cannot be told here.
    """
    tree = ast.parse(source)
    awaited = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Await)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in awaited:
            continue
        last = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
        is_told = any(each.arg == "timeout" for each in node.keywords)
        if not (is_told or last in LAST or last.endswith("Popen")):
            continue  # to write out the whole name takes long
        name = ast.unparse(node.func)
        method = f".{name.rpartition('.')[2]}" if "." in name else name
        number = NEEDS.get(name, NEEDS.get(method))
        given = {each.arg for each in node.keywords}
        if any(
            isinstance(each.value, ast.Constant) and each.value.value is None
            for each in node.keywords
            if each.arg == "timeout"
        ):
            yield node.lineno, f"{name}(timeout=None)"
        elif name.endswith("Popen"):
            yield node.lineno, f"{name}: take tests.programs.started"
        elif number is not None and "timeout" not in given and len(node.args) < number:
            yield node.lineno, name


KNOWN = {
    "tests/conformance/inside.py": "a client's own parameter; it never waits",
    "tests/programs.py": "it is what ends programs",
    "tests/smoke/smoke.py": "stands alone, and ends its program itself",
}


def test_nothing_waits_without_a_limit() -> None:
    found = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        name = str(path.relative_to(ROOT))
        if "node_modules" in path.parts or name.startswith("tests/bench/") or name in KNOWN:
            continue
        for line, what in unlimited(path.read_text(encoding="utf-8")):
            found[f"{name}:{line}"] = what
    assert found == {}


@pytest.mark.parametrize(
    ("call", "waits"),
    [
        ("subprocess.run(['a'])", True),
        ("subprocess.run(['a'], timeout=5)", False),
        ("subprocess.run(['a'], timeout=None)", True),
        ("subprocess.Popen(['a'])", True),
        ("thread.join()", True),
        ("thread.join(5)", False),
        ("', '.join(words)", False),
        ("socket.create_connection(address)", True),
        ("socket.create_connection(address, 5)", False),
        ("future.result()", True),
        ("process.communicate('a')", True),
    ],
)
def test_what_waits_without_a_limit(call: str, waits: bool) -> None:
    assert bool(list(unlimited(call))) is waits
