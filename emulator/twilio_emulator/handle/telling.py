"""What went on in an account, in sentences: who sent what to whom, what was called and answered."""

import http
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

__tracebackhide__ = True

Details = Mapping[str, Any]

WIDTH = 100
"""Characters of one value that a line shows."""

NAMING = ("friendly_name", "unique_name", "identity", "address", "author", "body")
"""Fields by which people know what an event is about."""

NO_NEWS = ("HandsetSent", "ReceiptUpdated")
"""Events that only repeat what a text's own entries say."""

ENDS = ("undelivered", "failed", "canceled", "read")
"""What a text comes to that no other entry tells."""


def sentence(kind: str, details: Details) -> str:
    """An entry of the journal as a sentence."""
    return SENTENCES.get(kind, _other)(details)


def worth_telling(entries: Sequence[tuple[str, Details]]) -> Iterator[int]:
    """Which of some entries tell what happened; the others say the same once more."""
    for at, (kind, details) in enumerate(entries):
        if kind in ("command", "webhook-decision"):
            continue
        if kind == "refused":  # a request that ends with it says so
            said = (each for each in entries[at + 1 : at + 4] if each[0] == "request")
            if any(each.get("code") == details["code"] for _, each in said):
                continue
        if kind != "event" or _is_news(details):
            yield at


def _is_news(event: Details) -> bool:
    name: str = event["event"]
    if name == "TextStatusChanged":
        came_to: str = event["fields"]["text"]["status"]
        return came_to in ENDS
    return name not in NO_NEWS


def short(value: object) -> str:
    """A value in one line that is not too long."""
    text = repr(value)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."


def request(details: Details) -> str:
    """What was asked of Twilio's API, and what was answered."""
    form = details.get("form") or ()
    pairs = form.items() if isinstance(form, dict) else form
    said = ", ".join(f"{name}={short(value)}" for name, value in pairs)
    asked = f"{details['method']} {details['product']} {details['path']}"
    asked += f" with {said}" if said else ""
    if "code" not in details:
        return f"{asked} was answered {status(details['status'])}"
    hints = "".join(f"; {hint}" for hint in details.get("hints", ()))
    refused = f"{details['status']}: {details['code']} {details['message']}{hints}"
    return f"{asked} was refused with {refused}"


def webhook(details: Details) -> str:
    """Which webhook was called, and what it answered."""
    asked = f"the webhook {details['method']} {details['url']}"
    if details["status"] is None:
        return f"{asked} gave no answer: {details['outcome']}"
    words = f"{asked} answered {status(details['status'])}"
    if details["outcome"] != f"answered {details['status']}":
        words += f", {details['outcome']}"
    return f"{words}: {short(details['answer_body'])}" if details["answer_body"] else words


def status(code: int) -> str:
    """A status of HTTP with its name."""
    try:
        return f"{code} {http.HTTPStatus(code).phrase}"
    except ValueError:  # one without a name
        return str(code)


def text(details: Details) -> str:
    """Which text it is, in words."""
    return f"the text {short(details.get('body', ''))} from {details.get('sender')}"


def alert(details: Details) -> str:
    """What an alert says."""
    words = f"{details['error_code']} {details['alert_text']}"
    if details["request_url"]:
        where = urlsplit(details["request_url"])._replace(query="").geturl()
        words += f": {details['request_method']} {where}"
    body = details["response_body"]
    return f"{words} answered {short(body)}" if body else words


def _command(details: Details) -> str:
    return f"command {details['command']} {_fields(details['fields'])}"


def _refused(details: Details) -> str:
    return f"refused: {details['code']} {details['message']}"


def _hint(details: Details) -> str:
    return f"hint: {details['words']}"


def _event(details: Details) -> str:
    name, fields = details["event"], details["fields"]
    told = EVENTS.get(name)
    return told(fields) if told else _any_event(name, fields)


def _any_event(name: str, fields: Details) -> str:
    """An event of whatever kind: its name, what it is about, and how people know that."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    about = next((each for each in fields.values() if isinstance(each, dict)), fields)
    named = " ".join(f"{key}={short(about[key])}" for key in NAMING if about.get(key))
    said = " ".join(filter(None, (str(about.get("sid", "")), named)))
    return f"{words}: {said or _fields(about)}"


def _text_created(fields: Details) -> str:
    it = fields["text"]
    body = short(it.get("body", ""))
    return f"{it.get('sender')} sends {it['to']} by {it['channel']}: {body} ({it['sid']})"


def _text_received(fields: Details) -> str:
    it = fields["text"]
    return f"{it.get('sender')} wrote {it['to']} by {it['channel']}: {short(it.get('body', ''))}"


def _text_changed(fields: Details) -> str:
    it = fields["text"]
    code = f" with {it['error_code']}" if it.get("error_code") else ""
    return f"{text(it)} to {it['to']} is {it['status']}{code}"


def _handset_received(fields: Details) -> str:
    it = fields["item"]
    sender = it.get("author") or it["peer"]
    return f"{it['handset']} got by {it['channel']} from {sender}: {short(it.get('body', ''))}"


def _opt_out(fields: Details) -> str:
    it, how = fields["optout"], "out of" if fields["opted_out"] else "in to"
    return f"{it['recipient']} opted {how} {it['scope']}"


def _alert(fields: Details) -> str:
    return f"alert {alert(fields['alert'])}"


def _other(details: Details) -> str:
    return _fields(details)


def _fields(details: Details) -> str:
    return " ".join(f"{name}={short(value)}" for name, value in details.items())


SENTENCES: dict[str, Callable[[Details], str]] = {
    "request": request,
    "command": _command,
    "event": _event,
    "refused": _refused,
    "webhook": webhook,
    "hint": _hint,
}

EVENTS: dict[str, Callable[[Details], str]] = {
    "TextCreated": _text_created,
    "TextReceived": _text_received,
    "TextStatusChanged": _text_changed,
    "HandsetReceived": _handset_received,
    "OptOutChanged": _opt_out,
    "AlertRaised": _alert,
}
