import asyncio

import pytest

from twilio_emulator.runtime import background

pytestmark = pytest.mark.anyio


async def test_what_fails_is_in_the_log_and_ends_what_depends_on_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    cut = asyncio.Event()

    async def work() -> None:
        raise LookupError("nowhere")

    background.begin(work(), "some work", cut.set)
    async with asyncio.timeout(20):
        await cut.wait()
    (record,) = caplog.records
    assert record.message == "some work failed"
    assert "LookupError: nowhere" in caplog.text


async def test_nobody_has_to_depend_on_it(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        raise LookupError

    await asyncio.wait([background.begin(work(), "some work")])
    await asyncio.sleep(0)
    assert "some work failed" in caplog.text


async def test_what_ends_or_is_cancelled_has_not_failed(caplog: pytest.LogCaptureFixture) -> None:
    failed: list[str] = []

    async def work(event: asyncio.Event) -> None:
        await event.wait()

    done, never = asyncio.Event(), asyncio.Event()
    done.set()
    tasks = [
        background.begin(work(event), "some work", lambda: failed.append("cut"))
        for event in (done, never)
    ]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    tasks[1].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.sleep(0)
    assert (failed, caplog.text) == ([], "")
