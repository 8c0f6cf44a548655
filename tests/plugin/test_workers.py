"""Tests side by side, as pytest-xdist runs them."""

from pathlib import Path

import pytest

from tests.plugin.conftest import OTHERS
from twilio_emulator.server.serving import Serving
from twilio_emulator.settings import Settings

TESTS = """
import os
from pathlib import Path

def test_one(twilio_emulator):
    ann = twilio_emulator.handset("+12025550199")
    worker = os.environ["PYTEST_XDIST_WORKER"]
    ann.send(f"This is {worker}")
    assert [text.body for text in ann.inbox] == [f"This is {worker}"]
    Path(worker).write_text(f"{twilio_emulator.url} {twilio_emulator.account_sid}")
"""


def run_both(pytester: pytest.Pytester, *arguments: str) -> tuple[list[str], list[str]]:
    """Have each of two workers run a test; answers the emulators and the accounts that they had."""
    pytester.makepyfile(TESTS)
    without = [argument for name in OTHERS for argument in ("-p", f"no:{name}")]
    result = pytester.runpytest_subprocess("-n", "2", "--dist", "each", *without, *arguments)
    result.assert_outcomes(passed=2)
    noted = [Path(pytester.path, worker).read_text().split() for worker in ("gw0", "gw1")]
    return [url for url, _ in noted], [account for _, account in noted]


def test_every_worker_has_an_emulator_of_its_own(pytester: pytest.Pytester) -> None:
    urls, accounts = run_both(pytester)
    assert len(set(urls)) == 2
    assert len(set(accounts)) == 1  # from the same seed


def test_they_share_one_that_runs_and_no_account(pytester: pytest.Pytester, tmp_path: Path) -> None:
    with Serving(Settings(port=0, authority=tmp_path), {}) as serving:
        urls, accounts = run_both(pytester, "--twilio-emulator-url", serving.local_url)
    assert set(urls) == {serving.local_url}
    assert len(set(accounts)) == 2
