import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.control.declared import openapi
from twilio_emulator.agents import tools as agents_tools
from twilio_emulator.agents.tools import CHOSEN, LONGEST, Tool, WrongArguments, told, tools


def tool(name: str) -> Tool:
    return next(each for each in tools(openapi()) if each.name == name)


def document(operation: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    said = {"operationId": "add_fault", "summary": "Does it.", "parameters": [], **operation}
    return {"paths": {"/it": {"post": said}}, "components": {"schemas": schemas}}


def body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"content": {"application/json": {"schema": schema}}}}


def test_every_call_that_is_chosen_is_declared() -> None:
    assert [each.name for each in tools(openapi())] == list(CHOSEN)


@pytest.mark.parametrize("name", CHOSEN)
def test_a_tool_is_what_the_control_api_says(name: str) -> None:
    shown = tool(name)
    declared = openapi()["paths"][shown.path][shown.method.lower()]
    assert shown.description.startswith(declared["summary"])
    Draft202012Validator.check_schema(shown.schema)
    assert "$ref" not in json.dumps(shown.schema)
    assert set(shown.schema["required"]) <= set(shown.schema["properties"])
    assert "account" in shown.schema["properties"]
    assert shown.schema["additionalProperties"] is False


def test_all_of_them_are_not_too_much_to_read() -> None:
    shown = [(each.name, each.description, each.schema) for each in tools(openapi())]
    assert len(json.dumps(shown)) < 40_000


def test_arguments_are_path_and_query_and_body() -> None:
    said = {"address": "+1 2/..", "to": "+12025550100", "body": "Hi", "account": "AC1"}
    request = tool("send_from_handset").request(said)
    assert request.method == "POST"
    assert request.path == "/handsets/%2B1%202%2F%2E%2E/messages"
    assert request.query == {"wait": "webhook", "account": "AC1"}
    assert json.loads(request.content) == {"to": "+12025550100", "body": "Hi"}
    assert request.content_type == "application/json"


def test_what_goes_without_saying_can_be_said_otherwise() -> None:
    assert tool("read_inbox").request({"address": "1", "limit": 3}).query == {"limit": "3"}
    assert tool("read_inbox").request({"address": "1", "limit": None}).query == {}
    assert tool("read_inbox").schema["properties"]["limit"]["default"] == 20
    assert "limit" not in tool("read_journal").schema["properties"]


def test_a_scenario_is_sent_as_it_is() -> None:
    request = tool("check_scenario").request({"scenario": "scenario: A\n", "name": "a.yaml"})
    assert request.content == b"scenario: A\n"
    assert request.content_type == "application/yaml"
    assert request.query == {"name": "a.yaml"}


def test_true_is_said_as_json_says_it() -> None:
    parameter = {"name": "loud", "in": "query", "schema": {"type": "boolean"}}
    (found,) = tools(document({"parameters": [parameter]}))
    assert found.request({"loud": True}).query == {"loud": "true"}
    assert found.request({}).content == b""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "address: expected one, since read_inbox needs it"),
        ({"address": None}, "address: expected one, since read_inbox needs it"),
        ({"number": "1"}, "expected no number, but some of address, to, from, "),
        ({"address": "1", "n" * 500: 1}, f"expected no {'n' * 100}, but some of "),
    ],
)
def test_wrong_arguments_are_said_in_a_line(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongArguments) as wrong:
        tool("read_inbox").request(arguments)
    assert str(wrong.value).startswith(message)
    assert "\n" not in str(wrong.value)


def test_a_call_of_another_version_is_no_tool() -> None:
    assert [each.name for each in tools(document({}))] == ["add_fault"]


def test_two_arguments_of_one_name_are_a_mistake_of_ours() -> None:
    parameter = {"name": "to", "in": "query", "schema": {}}
    both = {"parameters": [parameter], **body({"properties": {"to": {}}})}
    with pytest.raises(TypeError, match="two arguments are called to"):
        tools(document(both))


def test_what_holds_itself_is_anything_inside() -> None:
    part = {"$ref": "#/components/schemas/Part"}
    held = {"properties": {"parts": {"type": "array", "items": part}}}
    (found,) = tools(document(body(part), Part=held))
    assert found.schema["properties"] == {"parts": {"type": "array", "items": {}}}


def test_a_long_answer_is_cut_and_says_so() -> None:
    text = told(200, b"x" * (LONGEST + 7))
    assert text == "x" * LONGEST + "\n… and 7 characters more: ask for less, as with a lower limit"
    assert told(200, b"x" * LONGEST) == "x" * LONGEST


@pytest.mark.parametrize(
    ("status", "content", "text"),
    [
        (204, b"", "It is done."),
        (400, b'{"status": 400, "message": "query x:\\nexpected y"}', "query x: expected y"),
        (502, b"Bad\ngateway", "the emulator answered 502, and not as one does: Bad gateway"),
        (500, b"[]", "the emulator answered 500, and not as one does: []"),
        (500, b"", "the emulator answered 500, and not as one does: nothing"),
    ],
)
def test_what_an_answer_says(status: int, content: bytes, text: str) -> None:
    assert told(status, content) == text


def test_the_way_to_sign_up_names_tools_that_there_are() -> None:
    for name in ("wait_for_message", "send_from_handset", "press_button", "list_webhooks"):
        assert name in agents_tools.INSTRUCTIONS
        assert name in CHOSEN
