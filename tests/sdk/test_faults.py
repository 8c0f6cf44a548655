"""Faults of ours while a client is connected: they are in our log, and nobody waits for ever."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.sdk.reader import Reader
from twilio_emulator import Emulator
from twilio_emulator.sdk.sync.service import Sync
from twilio_emulator.sdk.twilsock.outbox import Outbox
from twilio_emulator.sdk.version1.session import Sessions

SECONDS = 20.0

Play = Callable[[Reader], Awaitable[None]]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


def play(emulator: Emulator, what: Play) -> None:
    """Do something with a client that has come in."""

    async def connect() -> None:
        port = int(emulator.url.rpartition(":")[2])
        reader = await Reader.connected(port, lambda _: None)
        await reader.enter(emulator.token("alice"))
        async with asyncio.timeout(SECONDS):
            await what(reader)
        reader.close()

    asyncio.run(connect())


def broken(*_: object) -> None:
    raise LookupError("ours")


@pytest.mark.parametrize(
    ("owner", "name", "method", "path"),
    [(Sync, "handle", "GET", "/v3/Maps/x"), (Sessions, "answer", "POST", "/v3/Lists")],
)
def test_a_request_is_answered_with_500(
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    owner: type,
    name: str,
    method: str,
    path: str,
) -> None:
    async def ask(reader: Reader) -> None:
        monkeypatch.setattr(owner, name, broken)
        with pytest.raises(AssertionError, match="500"):
            await reader._http(method, path)
        monkeypatch.undo()
        await reader._http("GET", "/v3/Maps/alice.channels")  # the connection goes on

    play(emulator, ask)
    assert caplog.text.count("LookupError: ours") == 1
    assert f"{method} {path} failed" in caplog.text


@pytest.mark.parametrize("name", ["take_piece", "answer"])
def test_who_cannot_be_written_to_or_answered_is_cut_off(
    emulator: Emulator,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    name: str,
) -> None:
    async def ask(reader: Reader) -> None:
        monkeypatch.setattr(Outbox, name, broken)
        asking = asyncio.ensure_future(reader._http("POST", "/v3/Lists"))
        await reader.lost
        asking.cancel()

    play(emulator, ask)
    assert "LookupError: ours" in caplog.text
