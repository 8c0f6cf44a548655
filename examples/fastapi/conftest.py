"""The app in the loop of the tests, and the number whose texts it hears of."""

import asyncio
import socket
from collections.abc import AsyncIterator

import aiohttp
import pytest
import uvicorn
from app import NUMBER, app

from twilio_emulator import AsyncEmulator


@pytest.fixture
async def browser(
    twilio_redirect: object, async_twilio_emulator: AsyncEmulator
) -> AsyncIterator[aiohttp.ClientSession]:
    """Who visits the app, which is led to the emulator and served meanwhile."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        serving = asyncio.create_task(server.serve([listening]))

        twilio = async_twilio_emulator.async_client()
        (number,) = await twilio.incoming_phone_numbers.list_async(phone_number=NUMBER)
        await number.update_async(sms_url=f"{url}/sms")

        async with aiohttp.ClientSession(url) as session:
            yield session
        server.should_exit = True
        await serving
