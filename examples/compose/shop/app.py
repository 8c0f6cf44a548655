"""A shop that answers customers. What it does not know it asks the desk, by text, as anybody would.

Nothing in it knows of the emulator.
"""

import os
import sys
from http import HTTPStatus

import requests
from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.serving import make_server

NUMBER = os.environ["TWILIO_PHONE_NUMBER"]
DESK = os.environ["DESK_PHONE_NUMBER"]
URL = os.environ["SHOP_URL"]

app = Flask("shop")
client = Client()
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
pictures: dict[str, tuple[bytes, str]] = {}


@app.get("/health")
def health() -> str:
    return "ok"


@app.get("/pictures/<name>")
def picture(name: str) -> Response:
    """What the desk sent, for the customer's phone."""
    content, kind = pictures[name]
    return Response(content, content_type=kind)


@app.before_request
def believe_what_is_signed() -> None:
    """Twilio calls by POST, and signs what it says."""
    signature = request.headers.get("X-Twilio-Signature", "")
    if request.method == "POST" and not validator.validate(request.url, request.form, signature):
        abort(HTTPStatus.FORBIDDEN)


@app.post("/sms")
def text() -> Response:
    """A customer asks, or the desk answers."""
    reply = MessagingResponse()
    if request.form["From"] == DESK:
        customer, _, answer = request.form["Body"].partition(" ")
        client.messages.create(
            to=customer,
            from_=NUMBER,
            body=answer,
            media_url=[f"{URL}/pictures/{kept(int(each))}" for each in media_of(request.form)],
            status_callback=f"{URL}/status",
        )
    else:
        client.messages.create(
            to=DESK, from_=NUMBER, body=f"{request.form['From']} {request.form['Body']}"
        )
        reply.message("One moment, please.")
    return Response(str(reply), content_type="text/xml")


@app.post("/status")
def status() -> Response:
    return Response(status=HTTPStatus.NO_CONTENT)


def media_of(form: dict[str, str]) -> range:
    """The numbers of the files of a text."""
    return range(int(form["NumMedia"]))


def kept(number: int) -> str:
    """Fetch a file of a text, as Twilio lets only those who have the account's token."""
    account = (os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"])
    url = request.form[f"MediaUrl{number}"]
    fetched = requests.get(url, auth=account, timeout=10)
    fetched.raise_for_status()
    name = url.rpartition("/")[2]
    pictures[name] = (fetched.content, request.form[f"MediaContentType{number}"])
    return name


if __name__ == "__main__":
    server = make_server("0.0.0.0", 8000, app, threaded=True)
    sys.stdout.write("the shop is open\n")
    sys.stdout.flush()
    server.serve_forever()
