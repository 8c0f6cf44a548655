"""An app in FastAPI on Twilio's asynchronous client, which its tests redirect and do not change."""

from importlib.util import find_spec

import pytest

from tests.conftest import absent

APP = """
from contextlib import asynccontextmanager

import aiohttp  # makes a TLS context at once, before anything is redirected
from fastapi import FastAPI, Form, Response
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

NUMBER = "+12025550100"


@asynccontextmanager
async def lifespan(app):
    app.state.http_client = AsyncTwilioHttpClient()
    app.state.twilio = Client(http_client=app.state.http_client)
    yield
    await app.state.http_client.close()


app = FastAPI(lifespan=lifespan)


@app.post("/welcome")
async def welcome(phone: str):
    sent = await app.state.twilio.messages.create_async(to=phone, from_=NUMBER, body="Welcome!")
    texts = await app.state.twilio.messages.list_async(to=phone)
    return {"sid": sent.sid, "texts": len(texts)}


@app.get("/elsewhere")
async def elsewhere(url: str):
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()
"""

TESTS = """
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from app import app
from fastapi.testclient import TestClient


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def client(request, twilio_redirect):
    with TestClient(app, backend_options={"use_uvloop": request.param}) as client:
        yield client


@pytest.mark.parametrize("again", [1, 2])
def test_welcome(client, twilio_redirect, again):
    ann = twilio_redirect.handset("+12025550199")
    answer = client.post("/welcome", params={"phone": ann.address}).json()
    assert answer["texts"] == 1
    assert ann.wait().body == "Welcome!"
    assert twilio_redirect.client().messages(answer["sid"]).fetch().to == ann.address


def test_others_are_left_alone(client):
    class Hello(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *words):
            pass

    with HTTPServer(("127.0.0.1", 0), Hello) as server:
        threading.Thread(target=server.handle_request).start()
        url = f"http://127.0.0.1:{server.server_port}/"
        assert client.get("/elsewhere", params={"url": url}).json() == "hello"


def test_it_is_over_when_a_test_is_not_redirected():
    import socket
    import ssl
    assert "connect" not in vars(socket.socket)
    assert ssl.SSLContext.wrap_bio.__qualname__ == "SSLContext.wrap_bio"
"""


def test_an_app_passes_its_tests(pytester: pytest.Pytester) -> None:
    if find_spec("fastapi") is None:
        absent("FastAPI is not installed: `make test` does it")
    pytester.makepyfile(app=APP, test_app=TESTS)
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=7)
