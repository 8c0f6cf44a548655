"""An app as people write it with Flask and Twilio's library: it names no URL of an emulator."""

import os
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from typing import Any

import requests
from flask import Flask, Response, abort, request, send_file
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

PICTURE = b"\x89PNG\r\n\x1a\n" + b"a picture of a cat"

View = Callable[[], Any]


class Desk:
    """A help desk that answers texts.

    Attributes:
        statuses: what became of what it sent, as it was called back.
        opted_out: who wants to hear no more.
        files: what people sent, with its type.
    """

    def __init__(self) -> None:
        self.app = Flask("desk")
        self.statuses: list[tuple[str, str]] = []
        self.opted_out: list[str] = []
        self.files: list[tuple[str, bytes]] = []
        self.app.post("/sms")(signed(self.answer))
        self.app.post("/status")(signed(self.note_status))
        self.app.get("/cat.png")(self.picture)

    def answer(self) -> Response:
        """Somebody wrote."""
        said = request.form
        answer = MessagingResponse()
        if said["Body"].strip().upper() == "STOP":
            self.opted_out.append(said["From"])
            return xml(answer)
        for index in range(int(said["NumMedia"])):
            file = requests.get(said[f"MediaUrl{index}"], timeout=10)
            self.files.append((said[f"MediaContentType{index}"], file.content))
        reply = answer.message(action="/status")
        reply.body(f"You wrote {said['Body']!r} and sent {said['NumMedia']} files")
        if self.files:
            reply.media("/cat.png")
        return xml(answer)

    def note_status(self) -> Response:
        """Something became of a message."""
        self.statuses.append((request.form["MessageSid"], request.form["MessageStatus"]))
        return Response(status=204)

    def picture(self) -> Response:
        """A cat."""
        return send_file(BytesIO(PICTURE), mimetype="image/png")

    def notify(self, to: str, body: str) -> str:
        """Send a text; answers its sid."""
        client = Client()
        message = client.messages.create(
            to=to,
            from_=os.environ["TWILIO_PHONE_NUMBER"],
            body=body,
            status_callback=f"{os.environ['DESK_URL']}/status",
        )
        client.http_client.session.close()
        return str(message.sid)


def signed(view: View) -> View:
    """A view for Twilio alone."""

    @wraps(view)
    def checked() -> Any:
        validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(request.url, request.form, signature):
            abort(403)
        return view()

    return checked


def xml(answer: MessagingResponse) -> Response:
    return Response(str(answer), mimetype="text/xml")
