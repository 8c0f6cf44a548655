"""A web app that knows nothing of the emulator. It answers texts, believes what Twilio has signed,
and tells it line by line. It closes when somebody has said goodbye and has got everything."""

import json
import os
import sys
import threading
from http import HTTPStatus

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse
from werkzeug.serving import make_server

CUSTOMER = "+12025550199"
SUPPORT = "+12025550101"

app = Flask("shop")
client = Client()
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
delivered, goodbye = threading.Event(), threading.Event()


def tell(*said: str) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


@app.before_request
def believe_what_is_signed() -> None:
    signature = request.headers.get("X-Twilio-Signature", "")
    if not validator.validate(request.url, request.form, signature):
        abort(HTTPStatus.FORBIDDEN)


@app.post("/texts")
def answer() -> Response:
    tell("text", request.form["From"], request.form["Body"])
    client.messages.create(
        to=request.form["From"],
        from_=request.form["To"],
        body="Grüße & 100 % ☕",
        status_callback=f"{request.host_url}status?shop=7",
    )
    reply = MessagingResponse()
    reply.message(f"You said: {request.form['Body']}")
    return Response(str(reply), content_type="text/xml")


@app.post("/status")
def status() -> Response:
    tell("status", request.form["MessageStatus"])
    return done(delivered if request.form["MessageStatus"] == "delivered" else None)


@app.post("/conversations")
def conversation() -> Response:
    tell(request.form["EventType"], request.form["Author"], request.form["Body"])
    return done(goodbye if request.form["Body"] == "Goodbye" else None)


def done(event: threading.Event | None) -> Response:
    response = Response(status=HTTPStatus.NO_CONTENT)
    if event is not None:
        response.call_on_close(event.set)
    return response


def main() -> None:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.port}"
    (number,) = client.incoming_phone_numbers.list(phone_number=os.environ["TWILIO_PHONE_NUMBER"])
    number.update(sms_url=f"{url}/texts?shop=7&street=High%20Street")
    client.conversations.v1.configuration.webhooks().update(
        post_webhook_url=f"{url}/conversations?shop=7", filters=["onMessageAdded"], method="POST"
    )
    talk = client.conversations.v1.conversations.create()
    talk.participants.create(
        messaging_binding_address=CUSTOMER, messaging_binding_proxy_address=SUPPORT
    )
    tell("open")
    if not (goodbye.wait(60) and delivered.wait(60)):
        sys.exit("nobody said goodbye")


if __name__ == "__main__":
    main()
