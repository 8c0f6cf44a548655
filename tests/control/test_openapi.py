"""The document that describes the control API: valid and whole; that it is true of every example
is held by tests/conformance/test_control_page.py, which makes them."""

import re
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.control.asking import PREFIX, Control
from tests.control.declared import controls, openapi
from twilio_emulator.control.openapi import body_schema, document
from twilio_emulator.control.routes import ControlCall, Controls
from twilio_emulator.control.schemas import Schemas, fields_of

pytestmark = pytest.mark.anyio


async def test_it_is_valid_and_served(control: Control) -> None:
    served = await control.ask("GET", "/openapi.json")
    assert served == openapi()
    assert served["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(served).validate()
    assert await control.ask("GET", "/openapi.json") == served


def test_everything_is_said_of_every_call() -> None:
    calls = controls().calls
    assert len({call.name for call in calls}) == len(calls)
    for call in calls:
        said = f"{call.method} {call.path}"
        assert call.summary.endswith("."), said
        assert call.path.strip("/").partition("/")[0] in controls().about, said
        places = {part[1:-1] for part in call.path.split("/") if part.startswith("{")}
        assert places == set(call.places), said
        kinds: list[Any] = [*call.body] if isinstance(call.body, tuple) else []
        if call.query is not None:
            kinds.append(call.query)
        for kind in kinds:
            if kind is dict:
                continue
            silent = [
                field.name
                for field in fields_of(kind)
                if not field.words and field.name not in call.without
            ]
            assert not silent, f"{said} says nothing of {', '.join(silent)}"
        takes = bool(kinds) and kinds != [dict]
        assert bool(call.examples) == (takes or isinstance(call.body, str)), said


async def test_what_is_not_there_is_named(control: Control) -> None:
    for call in controls().calls:
        if not call.places or call.path.endswith("/wait"):  # which waits for what may come
            continue
        path = re.sub("{[^}]*}", "XX" + "9" * 32, call.path)
        body = call.examples[0] if call.body and call.examples else None
        answer = await control.client.request(call.method, f"{PREFIX}{path}", json=body)
        if answer.status_code == 404:
            assert "  " not in answer.json()["message"], call.path


def test_every_shape_says_what_it_is() -> None:
    for name, schema in openapi()["components"]["schemas"].items():
        assert schema["description"], name


@pytest.mark.parametrize("call", controls().calls, ids=lambda call: call.name)
async def test_unknown_names_are_refused_with_what_is_known(
    control: Control, call: ControlCall
) -> None:
    path = call.path
    for name, place in call.places.items():
        path = path.replace(f"{{{name}}}", place.example)
    said = await control.client.request(call.method, f"/_emulator/v1{path}?acount=AC1")
    assert said.status_code in (400, 404), said.text
    if said.status_code == 400:
        assert "acount" in said.json()["message"]
    if call.query is None:
        message = "query: expected no acount, but account alone (did you mean account?)"
        assert said.json()["message"] == message
    if not call.body:
        body = {"anything": 1}
        said = await control.client.request(call.method, f"/_emulator/v1{path}", json=body)
        message = f"body: expected none, since {call.method} {call.path} takes none"
        assert said.json()["message"] == message


def test_two_shapes_of_one_name_are_found() -> None:
    calls = Controls("/prefix", lambda _: None)
    for number in range(2):

        class Twin(dict[str, int]):
            """Something."""

            __required_keys__ = frozenset[str]()

        calls.on("GET", f"/{number}", f"show_{number}", "Shows.", gives=Twin)(_nothing)
    with pytest.raises(TypeError, match="two shapes are called Twin"):
        document(calls)


async def _nothing(_: object) -> Any:
    raise AssertionError


def test_a_body_is_needed_where_a_field_is() -> None:
    needed = {call.name for call in controls().calls if call.body and _is_needed(call)}
    assert {"make_token", "add_fault", "give_receipt", "put_snapshot_back"} <= needed
    assert not {"change_clock", "change_carrier", "release_receipts"} & needed


def _is_needed(call: ControlCall) -> bool:
    return isinstance(call.body, tuple) and body_schema(call, Schemas())[1]
