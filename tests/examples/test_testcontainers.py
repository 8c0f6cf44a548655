"""The examples for Testcontainers do what they say, on an emulator instead of a container.

No engine runs here: what they use of Testcontainers is replaced. The names are the real ones, of
https://java.testcontainers.org, https://node.testcontainers.org and testcontainers-python.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import absent
from tests.examples.snippets import ROOT
from twilio_emulator.handle.calling import Calling
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

EXAMPLES = ROOT / "examples/testcontainers"
STANDINS = Path(__file__).parent / "testcontainers"


@pytest.fixture
def url() -> Iterator[str]:
    with Serving(Settings(port=0), os.environ) as serving:
        yield serving.local_url


def run(*command: str, url: str, **environment: str) -> str:
    done = subprocess.run(
        command,
        env={**os.environ, "TWILIO_EMULATOR_URL": url, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def texts(url: str) -> list[str]:
    shown = Calling(url).get("/handsets/%2B12025550199/messages")["items"]
    return [each["body"] for each in shown]


def test_the_one_for_node(node: str, url: str) -> None:
    said = run(
        *(node, "--test", str(EXAMPLES / "node/code.test.js")),
        url=url,
        NODE_PATH=str(STANDINS / "node"),
    )
    assert "fail 0" in said
    assert texts(url) == ["Code 424242"]


def test_the_one_for_java(url: str, tmp_path: Path) -> None:
    javac, java = shutil.which("javac"), shutil.which("java")
    if javac is None or java is None:
        absent("there is no Java")
    run(
        *(javac, "-d", str(tmp_path), "-sourcepath", str(STANDINS / "java")),
        str(EXAMPLES / "java/CodeTest.java"),
        url=url,
    )
    run(java, "-cp", str(tmp_path), "CodeTest", url=url)
    assert texts(url) == ["Code 424242"]


def test_the_one_for_python(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pytester: pytest.Pytester
) -> None:
    standin = """
class DockerContainer:
    def __init__(self, image): pass
    def with_exposed_ports(self, *ports): return self
    def with_kwargs(self, **kwargs): return self
    def with_env(self, name, value): return self
    def waiting_for(self, strategy): return self
    def __enter__(self): return self
    def __exit__(self, *error): pass
    def get_container_host_ip(self): return "127.0.0.1"
    def get_exposed_port(self, port): return PORT
class HttpWaitStrategy:
    def __init__(self, port, path): pass
""".replace("PORT", url.rpartition(":")[2])
    core = tmp_path / "testcontainers/core"
    core.mkdir(parents=True)
    (core.parent / "__init__.py").touch()
    (core / "__init__.py").touch()
    (core / "container.py").write_text(standin)
    (core / "wait_strategies.py").write_text(standin)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    example = pytester.path / "test_app.py"
    example.write_text((EXAMPLES / "python/test_app.py").read_text())
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=1)
