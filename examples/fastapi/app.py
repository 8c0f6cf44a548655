"""An app in FastAPI that texts codes and answers texts, on Twilio's asynchronous client.

It knows nothing of tests, nor of the emulator.
"""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import FastAPI, Form, HTTPException, Request, Response
from twilio.base.exceptions import TwilioRestException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

NUMBER = "+12025550100"


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with AsyncTwilioHttpClient() as http_client:
        app.state.twilio = Client(http_client=http_client)
        app.state.codes = {}
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/codes", status_code=201)
async def send_code(phone: Annotated[str, Form()]) -> dict[str, str]:
    """Text a code to who signs up."""
    code = f"{secrets.randbelow(10**6):06}"
    try:
        message = await app.state.twilio.messages.create_async(
            to=phone, from_=NUMBER, body=f"Your code is {code}"
        )
    except TwilioRestException as error:
        raise HTTPException(422, f"cannot text {phone}: {error.code}") from None
    app.state.codes[phone] = code
    return {"message": message.sid}


@app.post("/sign-up")
async def sign_up(phone: Annotated[str, Form()], code: Annotated[str, Form()]) -> dict[str, bool]:
    """Believe who knows the code."""
    return {"known": app.state.codes.get(phone) == code}


@app.post("/sms")
async def answer(request: Request) -> Response:
    """Answer a text, if it is Twilio that tells of it."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
    signature = request.headers.get("X-Twilio-Signature", "")
    if not validator.validate(str(request.url), form, signature):
        raise HTTPException(403)
    reply = MessagingResponse()
    reply.message(f"You said: {form['Body']}")
    return Response(str(reply), media_type="text/xml")
