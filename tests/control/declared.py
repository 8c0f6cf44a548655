"""What the control API says of itself, to hold its answers against."""

import hashlib
import json
import re
from functools import cache
from typing import Any
from urllib.parse import unquote

from jsonschema import Draft202012Validator

from twilio_emulator.control.openapi import document
from twilio_emulator.control.routes import ControlCall, Controls
from twilio_emulator.server.app import Server
from twilio_emulator.settings import Settings


@cache
def controls() -> Controls:
    """Every call."""
    return Server(Settings(), lambda: b"")._control._controls


@cache
def openapi() -> dict[str, Any]:
    """The document, as whoever asks for it reads it."""
    read: dict[str, Any] = json.loads(json.dumps(document(controls())))
    return read


def call_of(method: str, path: str) -> ControlCall | None:
    """The call that a path below the prefix is, if there is such a one."""
    segments = path.partition("?")[0].rstrip("/").split("/")
    for call in controls().calls:
        if call.method == method and _fits(call.path.split("/"), segments):
            return call
    return None


MANY = 100
"""Things of a longer list that are held against the declaration besides one of each kind: half of
them its first, half its last."""


HELD: set[bytes] = set()
"""Answers that are as they are declared, by their digests: many tests furnish the same account."""


def check_answer(method: str, path: str, status: int, content: Any) -> None:
    """Fail unless an answer is what the call declares; for what is no call there is nothing to be.

    What is declared as open, since there may be more one day, is closed here.
    """
    call = call_of(method, unquote(path))
    if call is None:
        return
    responses = openapi()["paths"][call.path or "/"][method.lower()]["responses"]
    name = str(status) if str(status) in responses else "default"
    assert name != "default" or status >= 400, f"{method} {path} does not declare {status}"
    validator = _validator(method, call.path, name)
    if validator is None:
        assert content is None, f"{method} {path} answers more with {status} than it declares"
        return
    said = hashlib.blake2b(json.dumps([method, call.path, name, content]).encode()).digest()
    if said in HELD:
        return
    some = _all_kinds_of_things(content)
    mistakes = [f"{each.json_path}: {each.message}" for each in validator.iter_errors(some)]
    assert not mistakes, f"{method} {path} answers otherwise than it declares: {mistakes}"
    HELD.add(said)


def _all_kinds_of_things(content: Any) -> Any:
    """An answer whose long lists hold their ends, and one of each kind of what is between."""
    if not isinstance(content, dict):
        return content
    return {
        name: [
            *each[: MANY // 2],
            *{_kind(thing): thing for thing in each}.values(),
            *each[-MANY // 2 :],
        ]
        if isinstance(each, list) and len(each) > MANY
        else each
        for name, each in content.items()
    }


def _kind(thing: Any) -> Any:
    """What things declared alike have in common: names, types, and words without digits."""
    if isinstance(thing, dict):
        return frozenset((name, _kind(value)) for name, value in thing.items())
    if isinstance(thing, list):
        return (list, frozenset(map(_kind, thing)))
    if isinstance(thing, str) and not any(map(str.isdigit, thing)):
        return thing
    return type(thing)


@cache
def _validator(method: str, path: str, status: str) -> Draft202012Validator | None:
    response = openapi()["paths"][path or "/"][method.lower()]["responses"][status]
    if "$ref" in response:
        name = response["$ref"].rpartition("/")[2]
        response = openapi()["components"]["responses"][name]
    if "content" not in response:
        return None
    schema = response["content"]["application/json"]["schema"]
    return Draft202012Validator({**_closed(schema), "components": _closed_components()})


@cache
def _closed_components() -> Any:
    return _closed(openapi()["components"])


def _closed(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(each) for name, each in schema.items()}
    if isinstance(closed.get("properties"), dict) and closed.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed


def _fits(declared: list[str], segments: list[str]) -> bool:
    return len(declared) == len(segments) and all(
        re.fullmatch(r"\{\w+\}", name) is not None or name == segment
        for name, segment in zip(declared, segments, strict=True)
    )
