"""The control API as an OpenAPI 3.1 document, made from what is declared when somebody asks."""

from collections.abc import Iterator, Mapping
from typing import Any

from twilio_emulator.control.exchange import Mistake
from twilio_emulator.control.routes import ControlCall, Controls, Place
from twilio_emulator.control.schemas import Schema, Schemas, fields_of
from twilio_emulator.settings import VERSION

ABOUT = """\
What Twilio has no API for: phones, the clock, the carrier, faults, and everything that went on.

JSON both ways. Every call takes `account`; without it it is about the default account. A list that
holds more than it shows has `next`, the call that shows what follows.
"""

JSON = "application/json"

REFUSALS = {
    "400": "Something was said that is not known, or not what it should be; nothing has changed.",
    "404": "There is no such account, or no such thing in it.",
    "default": "It was refused for another reason, which is said.",
}


def document(controls: Controls) -> dict[str, Any]:
    """The document.

    Raises:
        TypeError: two different shapes have one name.
    """
    schemas = Schemas()
    mistake = schemas.of(Mistake)
    paths: dict[str, dict[str, Any]] = {}
    for call in controls.calls:
        paths.setdefault(call.path or "/", {})[call.method.lower()] = _operation(call, schemas)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "twilio-emulator's control API",
            "version": VERSION,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": controls.prefix, "description": "The emulator that answers this."}],
        "security": [],
        "tags": [
            {"name": tag(name), "description": words} for name, words in controls.about.items()
        ],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.components.items())),
            "parameters": {
                "account": {
                    "name": "account",
                    "in": "query",
                    "description": "The account's sid, or a subaccount's; the default account "
                    "unless given.",
                    "schema": {"type": "string"},
                }
            },
            "responses": {
                _response_name(status): {
                    "description": words,
                    "content": {JSON: {"schema": mistake}},
                }
                for status, words in REFUSALS.items()
            },
        },
    }


def tag(segment: str) -> str:
    """What a group of calls is called; that of the prefix itself has no segment."""
    return segment or "emulator"


def _operation(call: ControlCall, schemas: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": call.name,
        "summary": call.summary,
        "tags": [tag(call.path.strip("/").partition("/")[0])],
        "parameters": list(_parameters(call, schemas)),
    }
    if call.body:
        operation["requestBody"] = _request_body(call, schemas)
    operation["responses"] = dict(_responses(call, schemas))
    return operation


def _parameters(call: ControlCall, schemas: Schemas) -> Iterator[dict[str, Any]]:
    for name, place in call.places.items():
        yield _place(name, place)
    if call.query is not None:
        said = {} if call.body else _first(call.examples)
        for field in fields_of(call.query):
            schema = schemas.of(field.kind)
            if field.default is not None:
                schema["default"] = field.default
            shown: dict[str, Any] = {"name": field.name, "in": "query", "schema": schema}
            if field.words:
                shown["description"] = field.words
            if field.is_required:
                shown["required"] = True
            if field.name in said:
                shown["example"] = said[field.name]
            yield shown
    yield {"$ref": "#/components/parameters/account"}


def _first(examples: tuple[Any, ...]) -> dict[str, Any]:
    """What the examples say of each name, the first that says it."""
    return {name: value for each in reversed(examples) for name, value in each.items()}


def _place(name: str, place: Place) -> dict[str, Any]:
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": place.words,
        "schema": {"type": "string"},
        "example": place.example,
    }


def _request_body(call: ControlCall, schemas: Schemas) -> dict[str, Any]:
    if isinstance(call.body, str):
        content = {
            "schema": {"type": "string"},
            "examples": _examples(call.examples),
        }
        return {"required": True, "content": {call.body: content}}
    schema, is_needed = body_schema(call, schemas)
    shown: dict[str, Any] = {"content": {JSON: {"schema": schema}}}
    if call.examples:
        shown["content"][JSON]["examples"] = _examples(call.examples)
    if is_needed:
        shown["required"] = True
    return shown


def body_schema(call: ControlCall, schemas: Schemas) -> tuple[Schema, bool]:
    """What a body may say that is JSON, and whether there has to be one."""
    kinds = [
        schemas.of(kind, closed=True, choices=call.choices, without=call.without)
        for kind in call.body
    ]
    required = [
        kind is dict or any(f.is_required for f in fields_of(kind) if f.name not in call.without)
        for kind in call.body
    ]
    return (kinds[0] if len(kinds) == 1 else {"anyOf": kinds}), all(required)


def _examples(examples: tuple[Any, ...]) -> dict[str, Any]:
    return {f"example{number}": {"value": each} for number, each in enumerate(examples, 1)}


def _responses(call: ControlCall, schemas: Schemas) -> Iterator[tuple[str, Any]]:
    yield str(call.status), _response("", call.gives, schemas)
    for status, said in sorted(call.otherwise.items()):
        if isinstance(said, str):
            shape = Mistake if status >= 400 else call.gives if status != 204 else None
            yield str(status), _response(said, shape, schemas)
        else:
            yield str(status), _response("", said, schemas)
    for other in REFUSALS:
        yield other, {"$ref": f"#/components/responses/{_response_name(other)}"}


def _response(words: str, shape: Any, schemas: Schemas) -> dict[str, Any]:
    if shape is None:
        return {"description": words or "It is done."}
    if isinstance(shape, str):
        content: Mapping[str, Any] = {shape: {"schema": {"type": "string"}}}
        return {"description": words or "The text or the bytes.", "content": content}
    schema = schemas.of(shape)
    if not words and "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        words = schemas.components[name].get("description", "").partition("\n\n")[0]
    return {"description": words or "What was asked for.", "content": {JSON: {"schema": schema}}}


def _response_name(status: str) -> str:
    return {"400": "Mistake", "404": "NotThere", "default": "Refused"}[status]
