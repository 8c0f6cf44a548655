"""A command beside us, in a process of its own since signals are about processes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs import started
from twilio_emulator.cli import child_process

RUN = """
import os, sys
from twilio_emulator.cli.child_process import run
sys.exit(run(sys.argv[1:], os.environ))
"""
TRAP = """
trap 'echo got {name}; exit 3' {name}
echo ready
while :; do sleep 0.01; done
"""


def test_the_exit_status_is_that_of_the_command() -> None:
    assert child_process.run(["sh", "-c", "exit 7"], os.environ) == 7
    assert child_process.run(["true"], os.environ) == 0


def test_a_command_that_a_signal_ended() -> None:
    assert child_process.run(["sh", "-c", "kill -9 $$"], os.environ) == 137


def test_the_environment_is_the_one_given(tmp_path: Path) -> None:
    file = tmp_path / "said"
    assert child_process.run(["/bin/sh", "-c", f"echo $SAID > {file}"], {"SAID": "hello"}) == 0
    assert file.read_text() == "hello\n"


def test_there_is_no_such_program() -> None:
    with pytest.raises(
        child_process.CannotRun, match="cannot run nosuch: there is no such"
    ) as error:
        child_process.run(["nosuch"], os.environ)
    assert error.value.status == 127


def test_what_cannot_be_run(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("not a program")
    with pytest.raises(child_process.CannotRun, match=r"text: Permission denied") as error:
        child_process.run([str(tmp_path / "text")], os.environ)
    assert error.value.status == 126


def test_handlers_are_as_they_were() -> None:
    before = signal.getsignal(signal.SIGTERM)
    child_process.run(["true"], os.environ)
    assert signal.getsignal(signal.SIGTERM) == before


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP", "USR1"])
def test_signals_are_passed_on(name: str) -> None:
    command = [sys.executable, "-c", RUN, "sh", "-c", TRAP.format(name=name)]
    with started(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.Signals[f"SIG{name}"])
        assert process.stdout.readline() == f"got {name}\n"
        assert process.wait(10) == 3


def test_a_signal_that_came_before_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    start = child_process._start

    def slow(*arguments: object) -> object:
        signal.raise_signal(signal.SIGTERM)
        return start(["sh", "-c", "sleep 60"], os.environ)

    monkeypatch.setattr(child_process, "_start", slow)
    assert child_process.run(["sh"], os.environ) == 128 + signal.SIGTERM


def test_nobody_leaves_the_command_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start, begun = child_process._start, []

    def interrupted(*arguments: object) -> object:
        begun.append(start(["sleep", "60"], os.environ))
        wait = begun[0].wait

        def once(timeout: float | None = None) -> int:
            begun[0].wait = wait
            raise KeyboardInterrupt

        begun[0].wait = once
        return begun[0]

    monkeypatch.setattr(child_process, "_start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        child_process.run(["sleep"], os.environ)
    assert begun[0].returncode == -signal.SIGKILL


@pytest.mark.parametrize("told", [True, False])
def test_ctrl_c_is_not_passed_on_when_the_terminal_tells_the_command_itself(
    monkeypatch: pytest.MonkeyPatch, told: bool
) -> None:
    monkeypatch.setattr(child_process, "_terminal_tells", lambda: told)
    start = child_process._start

    def slow(*arguments: object) -> object:
        signal.raise_signal(signal.SIGINT)
        return start(["sh", "-c", "sleep 0.05"], os.environ)

    monkeypatch.setattr(child_process, "_start", slow)
    assert child_process.run(["sh"], os.environ) == (0 if told else 128 + signal.SIGINT)


def test_without_a_terminal_nobody_else_tells() -> None:
    assert child_process._terminal_tells() is False


def test_in_the_foreground_of_a_terminal_it_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "tcgetpgrp", lambda number: os.getpgrp())
    with Path(os.devnull).open() as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        assert child_process._terminal_tells() is True
