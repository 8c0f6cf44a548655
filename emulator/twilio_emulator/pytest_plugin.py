"""The `twilio_emulator` fixture for pytest.

Every run of pytest in an environment that has this package loads this file, so it imports nothing
of ours before a test asks for it.
"""

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from _pytest._code.code import TerminalRepr

    from twilio_emulator.handle.emulator import AsyncEmulator, Emulator
    from twilio_emulator.handle.journal import Last
    from twilio_emulator.settings import Settings

__tracebackhide__ = True  # frames of fixtures tell nothing of what went wrong

SCENARIO = ".scenario.yaml"
MARKER = "twilio_emulator"
MARKED = ("scenario", "seed", "clock", "now", "carrier", "numbers", "record")
TOLD: pytest.StashKey[tuple[str, "Emulator | Last | str"]] = pytest.StashKey()
"""The account of a test, and its journal: as it was in the end when the account is gone."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--twilio-emulator-url` and `--twilio-emulator-account`."""
    group = parser.getgroup("twilio-emulator")
    group.addoption(
        "--twilio-emulator-url",
        metavar="URL",
        help="use the emulator that runs there instead of one of this session",
    )
    group.addoption(
        "--twilio-emulator-account",
        metavar="AC...",
        help="use this account there, as a stack does, instead of a fresh one for each test",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker.

    Raises:
        UsageError: there is an account, and no emulator that it is on.
    """
    if config.getoption("--twilio-emulator-account") and not config.getoption(
        "--twilio-emulator-url"
    ):
        raise pytest.UsageError(
            "--twilio-emulator-account: expected --twilio-emulator-url, where the account is"
        )
    config.addinivalue_line(
        "markers",
        f"{MARKER}({', '.join(f'{name}=...' for name in MARKED)}): "
        "what the account of this test has other than others",
    )


@pytest.fixture(scope="session")
def twilio_emulator_settings() -> "Settings":
    """How the emulator of the session is served; override it to change that."""
    from twilio_emulator.settings import Settings

    return Settings()


@pytest.fixture(scope="session")
def _twilio_emulator_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Where the emulator of the session is."""
    url = request.config.getoption("--twilio-emulator-url")
    if url is not None:
        yield url
        return
    import os
    from dataclasses import replace

    from twilio_emulator.server.serving import Serving

    settings = replace(request.getfixturevalue("twilio_emulator_settings"), port=0)
    with Serving(settings, os.environ) as serving:
        yield serving.local_url


@pytest.fixture
def twilio_emulator(
    request: pytest.FixtureRequest, _twilio_emulator_url: str
) -> Iterator["Emulator"]:
    """A fresh account on the emulator of the session, for this test alone; or the account that
    `--twilio-emulator-account` names, of which what came before this test does not count."""
    from twilio_emulator.handle.emulator import Emulator
    from twilio_emulator.settings import TWILIO_HOSTS

    account = _marked(request.node)
    scenario = account.pop("scenario", None)
    there = request.config.getoption("--twilio-emulator-account")
    if there and account:
        raise pytest.UsageError(
            f"{request.node.nodeid}: the marker {MARKER} takes scenario alone where "
            f"--twilio-emulator-account names an account, which has its {', '.join(account)}"
        )
    if there:
        chosen = Emulator.attach(_twilio_emulator_url, there)
    else:
        if "twilio_redirect" in request.fixturenames:
            account["public_url"] = TWILIO_HOSTS
        chosen = Emulator(url=_twilio_emulator_url, account=account)
    with chosen as emulator:
        request.node.stash[TOLD] = (emulator.account_sid, emulator)
        try:
            if scenario is not None:
                emulator.play(scenario)
            yield emulator
        finally:  # what fails meanwhile is reported when the account is gone
            request.node.stash[TOLD] = (emulator.account_sid, _end_of(emulator))


@pytest.fixture
def async_twilio_emulator(twilio_emulator: "Emulator") -> "AsyncEmulator":
    """The same account for async tests, with what asks the emulator to be awaited.

    It needs no plugin of its own, and goes with any that runs tests on asyncio.
    """
    from twilio_emulator.handle.emulator import AsyncEmulator

    return AsyncEmulator.of(twilio_emulator)


@pytest.fixture
def twilio_redirect(
    twilio_emulator: "Emulator",
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator["Emulator"]:
    """The same, with the test's environment redirected, and this process with it: code that makes
    its own client needs no change."""
    from twilio_emulator.redirection.folder import Address
    from twilio_emulator.redirection.python_lead import Lead

    directory = tmp_path_factory.getbasetemp() / "twilio-emulator"
    variables = twilio_emulator.redirection(directory)
    for name, value in variables.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    address = Address.of(twilio_emulator.url)
    authority = Path(str(variables["NODE_EXTRA_CA_CERTS"])).read_text(encoding="ascii")
    lead = Lead(address.host, address.port, authority)
    lead.begin()
    try:
        yield twilio_emulator
    finally:
        lead.end()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what went on in the account of a test that failed."""
    report = yield
    if report.failed and TOLD in item.stash:
        account_sid, told = item.stash[TOLD]
        report.sections.append((f"twilio-emulator, {account_sid}", _shown(told)))
    return report


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect scenarios: each `*.scenario.yaml` is a test."""
    if not file_path.name.endswith(SCENARIO):
        return None
    return ScenarioFile.from_parent(parent, path=file_path)


class ScenarioFile(pytest.File):
    """A file with a scenario."""

    def collect(self) -> Iterator["ScenarioItem"]:
        """The one test that it is."""
        yield ScenarioItem.from_parent(self, name=self._title())

    def _title(self) -> str:
        from twilio_emulator.play import library
        from twilio_emulator.scenarios.language.problems import Faulty

        try:
            return library.load(self.path).title
        except Faulty:  # it fails when it is run, as any test that is wrong
            return self.path.name.removesuffix(SCENARIO)


class ScenarioItem(pytest.Item):
    """A scenario, played in a fresh account."""

    def runtest(self) -> None:
        """Play it; it passes when everything that it expects happens."""
        import asyncio

        from twilio_emulator.handle.batch import rehearse
        from twilio_emulator.play import library

        url = self.config.getoption("--twilio-emulator-url")
        (report,) = asyncio.run(rehearse([library.load(self.path)], url))
        if report.failure is not None:
            raise ScenarioFailed("\n".join(report.failure.lines()))

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> "str | TerminalRepr":
        """The expectation that failed, or what is wrong with the file, without our frames."""
        from twilio_emulator.scenarios.language.problems import Faulty
        from twilio_emulator.scenarios.player.report import Unfulfilled

        error = excinfo.value
        if isinstance(error, Unfulfilled):
            return f"expected {error.expected}; {error.nearest}"
        if isinstance(error, ScenarioFailed | Faulty):
            return str(error)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where it stands and what it is called."""
        return self.path, None, self.name


class ScenarioFailed(Exception):
    """An expectation of a scenario did not hold."""


def _end_of(emulator: "Emulator") -> "Last | str":
    from twilio_emulator.handle.calling import CannotCall

    try:
        return emulator.journal.last()
    except CannotCall as error:
        return str(error)


def _shown(told: "Emulator | Last | str") -> str:
    from twilio_emulator.handle.emulator import Emulator

    return str(_end_of(told) if isinstance(told, Emulator) else told)


def _marked(node: pytest.Item) -> dict[str, Any]:
    """What the markers of a test say of its account; the nearest one wins."""
    said: dict[str, Any] = {}
    for marker in reversed(list(node.iter_markers(MARKER))):
        unknown = [name for name in marker.kwargs if name not in MARKED]
        if marker.args or unknown:
            raise pytest.UsageError(
                f"{node.nodeid}: the marker {MARKER} takes {', '.join(MARKED)}, by name"
            )
        said |= marker.kwargs
    return said
