"""The tools of a coding agent: some calls of the control API, as its OpenAPI document says them.

The rules of this file:

- What a tool is called, does and takes is what the document says. Here stands which calls are
  tools, and what is taken as said where an agent says nothing.
- Path, query and body are one set of arguments; null is as good as nothing in a query.
- A call that the document does not know is no tool: it is another emulator's, of another version.
- An answer is as long as an agent can read, and says when it was longer.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from twilio_emulator.core.kernel import outside

Schema = dict[str, Any]

LONGEST = 24_000
"""Characters of an answer; it is read by something that pays for each."""

LONGEST_LINE = 1000
"""Characters of what is said of a mistake."""

TEXT = "scenario"
"""What a body is called that is not JSON."""

CHOSEN: Mapping[str, Mapping[str, object]] = {
    "list_accounts": {},
    "open_account": {},
    "list_numbers": {},
    "change_number": {},
    "list_handsets": {"limit": 50},
    "read_inbox": {"limit": 20},
    "wait_for_message": {"after": "0"},
    "send_from_handset": {"wait": "webhook"},
    "press_button": {"wait": "webhook"},
    "list_messages": {"limit": 20},
    "list_webhooks": {"limit": 10},
    "list_alerts": {"limit": 10},
    "read_journal": {"newest": 50, "limit": None},
    "add_fault": {},
    "remove_faults": {},
    "change_clock": {},
    "check_scenario": {},
    "play_scenario": {},
    "reset_account": {},
}
"""The calls that are tools, in the order in which they are needed, and what goes without saying.

None leaves an argument out.
"""

INSTRUCTIONS = """\
A local Twilio. Programs reach it at {url}: `eval "$(twilio-emulator env --url {url})"` leads a \
shell's there, unchanged. Everything is about the default account unless `account` says another.

To sign up with a code: have the app text a made-up number such as +12025550199, then \
wait_for_message on that number; `codes` and `links` are what stands in it. send_from_handset and \
press_button answer as the phone's owner.
To find out why a webhook failed: list_webhooks has what was sent and answered, list_alerts what \
Twilio's debugger would say, read_journal everything in order, with why a request was refused.
A carrier that fails, and time that passes: add_fault, change_clock.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolRequest:
    """A call of the control API.

    Attributes:
        path: below the prefix, percent-encoded.
    """

    method: str
    path: str
    query: dict[str, str]
    content: bytes
    content_type: str


class WrongArguments(Exception):
    """A tool cannot be used with these. The text is one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A call, as an agent sees it.

    Attributes:
        schema: of its arguments.
        places: those that stand in the path.
        query: those that stand in the query string.
        content_type: of the body; empty when there is none.
        usual: what is said where nothing is.
    """

    name: str
    description: str
    method: str
    path: str
    schema: Schema
    places: tuple[str, ...]
    query: tuple[str, ...]
    content_type: str
    usual: Mapping[str, object] = field(default_factory=dict)

    def request(self, arguments: Mapping[str, Any]) -> ToolRequest:
        """The call that these arguments make.

        Raises:
            WrongArguments: one is not known, or one that has to be there is not.
        """
        known = self.schema["properties"]
        for name in arguments:
            if name not in known:
                raise WrongArguments(f"expected no {name[:100]}, but some of {', '.join(known)}")
        for name in self.schema["required"]:
            if arguments.get(name) is None:
                raise WrongArguments(f"{name}: expected one, since {self.name} needs it")
        said = {**self.usual, **arguments}
        path = self.path
        for name in self.places:
            path = path.replace(f"{{{name}}}", _segment(said.pop(name)))
        query = {
            name: _word(value) for name in self.query if (value := said.pop(name, None)) is not None
        }
        return ToolRequest(
            method=self.method,
            path=path,
            query=query,
            content=self._content(said),
            content_type=self.content_type,
        )

    def _content(self, said: Mapping[str, Any]) -> bytes:
        if not self.content_type:
            return b""
        if self.content_type != "application/json":
            return str(said[TEXT]).encode(errors="replace")
        return json.dumps(said).encode()


def tools(document: Mapping[str, Any]) -> list[Tool]:
    """The tools that an emulator has, from its OpenAPI document.

    Raises:
        TypeError: two arguments of one call have the same name.
    """
    declared = {
        operation["operationId"]: (method.upper(), path, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    return [
        _tool(*declared[name], document["components"], usual)
        for name, usual in CHOSEN.items()
        if name in declared
    ]


def told(status: int, content: bytes) -> str:
    """What an answer of the control API says, for an agent; a refusal is one line."""
    text = content.decode(errors="replace")
    if status < 400:
        return _bounded(text or "It is done.")
    try:
        message = str(json.loads(text)["message"])
    except (ValueError, KeyError, TypeError):
        message = f"the emulator answered {status}, and not as one does: {text or 'nothing'}"
    return outside.one_line(" ".join(message.split()), LONGEST_LINE)


def _bounded(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    left = len(text) - LONGEST
    return f"{text[:LONGEST]}\n… and {left} characters more: ask for less, as with a lower limit"


def _tool(
    method: str,
    path: str,
    operation: Mapping[str, Any],
    components: Mapping[str, Any],
    usual: Mapping[str, object],
) -> Tool:
    properties: dict[str, Schema] = {}
    required: list[str] = []
    places: list[str] = []
    query: list[str] = []
    for parameter in operation["parameters"]:
        said = _resolved(parameter, components)
        (places if said["in"] == "path" else query).append(said["name"])
        if said.get("required"):
            required.append(said["name"])
        _add(properties, said["name"], _plain(said["schema"], components) | _about(said))
    content_type, examples = "", ""
    for kind, body in operation.get("requestBody", {}).get("content", {}).items():
        content_type = kind
        schema = _plain(body["schema"], components)
        if kind != "application/json":
            schema = {"properties": {TEXT: {"type": "string"}}, "required": [TEXT]}
        for name, each in schema["properties"].items():
            _add(properties, name, each)
        required += schema.get("required", ())
        examples = "".join(_examples(body.get("examples", {})))
    for name, value in usual.items():
        if value is None:
            del properties[name]
        else:
            properties[name]["default"] = value
    return Tool(
        name=operation["operationId"],
        description=operation["summary"] + examples,
        method=method,
        path="" if path == "/" else path,
        schema={
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        },
        places=tuple(places),
        query=tuple(query),
        content_type=content_type,
        usual=usual,
    )


def _add(properties: dict[str, Schema], name: str, schema: Schema) -> None:
    if name in properties:
        raise TypeError(f"two arguments are called {name}")
    properties[name] = schema


def _about(parameter: Mapping[str, Any]) -> Schema:
    return {name: parameter[name] for name in ("description",) if name in parameter}


def _examples(examples: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for each in examples.values():
        value = each["value"]
        yield f"\n\nFor example: {value if isinstance(value, str) else json.dumps(value)}"


def _plain(schema: Any, components: Mapping[str, Any], within: tuple[str, ...] = ()) -> Any:
    """A schema with all that it refers to in its place: not every client follows references."""
    if isinstance(schema, list):
        return [_plain(each, components, within) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"]
        if name in within:
            return {}  # it may hold itself, in whatever depth
        return _plain(_resolved(schema, components), components, (*within, name))
    return {key: _plain(value, components, within) for key, value in schema.items()}


def _resolved(schema: Mapping[str, Any], components: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    _, _, kind, name = schema["$ref"].split("/")
    found: Mapping[str, Any] = components[kind][name]
    return found


def _segment(value: object) -> str:
    """A text as one segment of a path, which no client takes for a step upwards."""
    return quote(str(value), safe="", errors="replace").replace(".", "%2E")


def _word(value: object) -> str:
    return json.dumps(value) if isinstance(value, bool) else str(value)
