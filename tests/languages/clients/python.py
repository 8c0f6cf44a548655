"""Sends a text by one client: `python python.py aiohttp`, with `uvloop` behind it in that loop."""

import asyncio
import base64
import os
import sys
from urllib import request as urllib_request
from urllib.parse import urlencode

account, token = os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"]
URL = f"https://api.twilio.com/2010-04-01/Accounts/{account}/Messages.json"
TEXT = {"To": "+12025550199", "From": os.environ["TWILIO_PHONE_NUMBER"], "Body": "Hello"}
BODY = urlencode(TEXT).encode()
HEADERS = {
    "Authorization": "Basic " + base64.b64encode(f"{account}:{token}".encode()).decode(),
    "Content-Type": "application/x-www-form-urlencoded",
}


def twilio() -> int:
    from twilio.rest import Client

    sent = Client().messages.create(to=TEXT["To"], from_=TEXT["From"], body="Hello")
    return 201 if sent.sid else 0


async def twilio_async() -> int:
    from twilio.http.async_http_client import AsyncTwilioHttpClient
    from twilio.rest import Client

    http_client = AsyncTwilioHttpClient()
    client = Client(http_client=http_client)
    sent = await client.messages.create_async(to=TEXT["To"], from_=TEXT["From"], body="Hello")
    await http_client.close()
    return 201 if sent.sid else 0


def requests() -> int:
    import requests

    return requests.post(URL, data=BODY, headers=HEADERS, timeout=60).status_code


def urllib3() -> int:
    import urllib3

    with urllib3.PoolManager() as pool:
        return int(pool.request("POST", URL, body=BODY, headers=HEADERS).status)


def urllib() -> int:
    request = urllib_request.Request(URL, BODY, HEADERS)
    with urllib_request.urlopen(request, timeout=60) as answer:
        return int(answer.status)


async def aiohttp() -> int:
    import aiohttp

    async with (
        aiohttp.ClientSession() as session,
        session.post(URL, data=BODY, headers=HEADERS) as answer,
    ):
        return answer.status


def httpx2() -> int:
    import httpx2

    return httpx2.post(URL, content=BODY, headers=HEADERS).status_code


async def httpx2_async() -> int:
    import httpx2

    async with httpx2.AsyncClient(trust_env=False) as client:
        return (await client.post(URL, content=BODY, headers=HEADERS)).status_code


if "uvloop" in sys.argv:
    import uvloop

    asyncio.new_event_loop = uvloop.new_event_loop
    asyncio.events.new_event_loop = uvloop.new_event_loop
send = globals()[sys.argv[1]]
sys.stdout.write(f"{asyncio.run(send()) if asyncio.iscoroutinefunction(send) else send()}\n")
