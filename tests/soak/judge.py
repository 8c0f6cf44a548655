"""What every answer must be, whatever was asked."""

import functools
from collections.abc import Iterator
from typing import Any

from tests.conformance.json_referee import JsonReferee
from tests.conformance.referee import Referee
from tests.conformance.test_json_operations import PRODUCTS
from tests.soak.requests import Got, Sent

ERROR = {"code", "message", "more_info", "status"}
OWN_ERROR = {"status", "message"}
CONVERSATIONS = "conversations.twilio.com"


def faults(referee: Referee, sent: Sent, got: Got) -> Iterator[str]:
    """What is wrong with an answer."""
    if got.status >= 500:
        yield f"status {got.status}"
    if got.headers.get("content-length") not in (None, str(len(got.content))):
        yield f"{len(got.content)} bytes, not {got.headers['content-length']}"
    if "media." in sent.host + sent.path[:10]:
        return  # temporary addresses: bytes, or a status alone
    if got.status == 307:
        if not got.headers.get("location"):
            yield "a redirect to nowhere"
    elif sent.host.startswith("localhost") and got.body and got.body.keys() == OWN_ERROR:
        return  # it is for no host of Twilio's, so it is the emulator itself who says so
    elif got.status >= 300:
        yield from _faults_of_error(got)
    elif got.status == 204:
        if got.content:
            yield "a body, with 204"
    elif sent.host == CONVERSATIONS:
        yield from _faults_of_answer(referee, sent, got)


def _faults_of_error(got: Got) -> Iterator[str]:
    body = got.body
    if not isinstance(body, dict) or body.keys() - {"detail"} != ERROR:
        yield f"an error without Twilio's four keys: {got.content[:300]!r}"
        return
    if "detail" in body and got.status != 401:
        yield "a detail, which only 401 has"
    if body["status"] != got.status:
        yield f"it says status {body['status']}, and has {got.status}"
    if not isinstance(body["code"], int) or not body["more_info"].endswith(f"/{body['code']}"):
        yield f"code {body['code']!r}, with more at {body['more_info']!r}"
    if not isinstance(body["message"], str) or "{" in body["message"].partition(" ")[0]:
        yield f"the text {body['message']!r}"


def _faults_of_answer(referee: Referee, sent: Sent, got: Got) -> Iterator[str]:
    # In process the body of a HEAD is still there; the server leaves it out.
    method = "GET" if sent.method == "HEAD" else sent.method
    try:
        if sent.path.startswith("/v2/"):
            second = _second()
            yield from second.faults(second.find(method, sent.path), got.status, got.body)
        else:
            described = referee.which(method, sent.path.removeprefix("/v1"))
            yield from referee.faults(described, got.status, got.body)
    except ValueError:
        yield "an answer to what Twilio's file does not describe"


@functools.cache
def _second() -> JsonReferee:
    """Of Conversations v2, which has the host of the first."""
    return JsonReferee("conversations_v2", PRODUCTS["conversations_v2"].more_shown)


def account_sids(said: Any) -> Iterator[str]:
    """The accounts that an answer says things belong to."""
    if isinstance(said, dict):
        for key, value in said.items():
            if key == "account_sid" and isinstance(value, str):
                yield value
            yield from account_sids(value)
    elif isinstance(said, list):
        for value in said:
            yield from account_sids(value)
