"""The app as it is, on the emulator: its codes are read from the phone."""

import aiohttp

from twilio_emulator import AsyncEmulator


async def test_a_sign_up(
    browser: aiohttp.ClientSession, async_twilio_emulator: AsyncEmulator
) -> None:
    ann = await async_twilio_emulator.handset("+12025550199")
    await browser.post("/codes", data={"phone": ann.address})
    (code,) = (await ann.wait(contains="code")).codes
    async with browser.post("/sign-up", data={"phone": ann.address, "code": code}) as answer:
        assert await answer.json() == {"known": True}


async def test_an_answer(
    browser: aiohttp.ClientSession, async_twilio_emulator: AsyncEmulator
) -> None:
    ann = await async_twilio_emulator.handset("+12025550199")
    await ann.send("Hello?")
    assert (await ann.wait()).body == "You said: Hello?"
    (webhook,) = await async_twilio_emulator.webhooks
    assert (webhook["event"], webhook["status"]) == ("inbound text", 200)


async def test_a_number_that_cannot_be_texted(
    browser: aiohttp.ClientSession, async_twilio_emulator: AsyncEmulator
) -> None:
    await async_twilio_emulator.fail(21211, http=400, to="+12025550123")
    async with browser.post("/codes", data={"phone": "+12025550123"}) as answer:
        assert answer.status == 422
        assert await answer.json() == {"detail": "cannot text +12025550123: 21211"}


async def test_what_does_not_come_from_twilio(browser: aiohttp.ClientSession) -> None:
    async with browser.post("/sms", data={"Body": "Hello?"}) as answer:
        assert answer.status == 403
