from collections.abc import Callable
from importlib import import_module

import pytest

OTHERS = ("hypothesispytest", "faker", "anyio", "asyncio", "cacheprovider")


@pytest.fixture(scope="session", autouse=True)
def loaded() -> None:
    """What inner runs of pytest need: each forgets what it has loaded itself."""
    for name in (
        "twilio_emulator.handle.emulator",
        "twilio_emulator.handle.batch",
        "cryptography.hazmat.primitives.serialization.pkcs12",
        "httpcore2",
        "twilio.rest",
    ):
        import_module(name)


@pytest.fixture
def run(pytester: pytest.Pytester) -> Callable[..., pytest.RunResult]:
    """Run pytest with our plugin alone."""

    def run(*arguments: str) -> pytest.RunResult:
        without = [argument for name in OTHERS for argument in ("-p", f"no:{name}")]
        return pytester.runpytest(*without, *arguments)

    return run
