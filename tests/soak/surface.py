"""What can be asked of the emulator: its tables' operations, as Twilio's files describe them."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conformance.referee import shape
from twilio_emulator.wire.operations import Api, Operation

PLACEHOLDER = re.compile(r"\{(\w+)\}")
UNSAID = {
    "Addresses": "IG",
    "ChatServiceSid": "IS",
    "ConversationSid": "CH",
    "Conversations": "CH",
    "Participants": "MB",
    "UserSid": "US",
    "Users": "US",
    "media": "ME",
    "service": "IS",
}
"""The sid that stands in a path where the file names no pattern, since a name may stand there too:
by the placeholder, or by what comes before it."""

JSON_ALONE = ("/Channels/Senders", "/MediaSet")
"""Operations that no file describes, by what is in their path, whose body is JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One parameter of a query or a form.

    Attributes:
        kind: the type that the file names: `string`, `boolean`, `integer`, `array` ...
        form: its format, such as `uri`.
        choices: the values that it may have, if they are few.
        prefix: what its value begins with, if that is a sid.
    """

    name: str
    kind: str = "string"
    form: str = ""
    choices: tuple[str, ...] = ()
    prefix: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One operation: where it is, and what it takes.

    Attributes:
        prefixes: of the sids that stand in its path, in order; empty where it is no sid.
        kind: of the body: `form`, `json` or `file`.
    """

    host: str
    method: str
    path: str
    prefixes: tuple[str, ...]
    query: tuple[Field, ...] = ()
    form: tuple[Field, ...] = ()
    kind: str = "form"

    @property
    def segments(self) -> list[str]:
        return self.path.strip("/").split("/")

    def fits(self, path: str) -> bool:
        """Whether a path leads here; `path` has no query."""
        segments = path.strip("/").split("/")
        return len(segments) == len(self.segments) and all(
            mine == given or "{" in mine
            for mine, given in zip(self.segments, segments, strict=True)
        )


def surface(folder: Path, apis: Iterable[Api]) -> list[Place]:
    """Every operation of these tables.

    Args:
        folder: where Twilio's files are.
    """
    return [place for api in apis for place in _places(folder, api)]


def _places(folder: Path, api: Api) -> Iterator[Place]:
    version = "v2010" if api.version.startswith("2010") else api.version
    file = folder / f"twilio_{api.host.partition('.')[0]}_{version}.json"
    specification = json.loads(file.read_text()) if file.is_file() else {"paths": {}}
    described = {
        (method.upper(), shape(path)): (path, said)
        for path, item in specification["paths"].items()
        for method, said in item.items()
        if method in ("get", "post", "put", "delete")
    }
    for operation in api.operations:
        found = described.get((operation.method, shape(operation.path)))
        if found is None:
            yield _undescribed(api, operation)
        else:
            yield _place(specification, api.host, operation.method, *found)


def _undescribed(api: Api, operation: Operation) -> Place:
    fields = tuple(Field(name=name) for name in operation.wire)
    reads = operation.method == "GET"
    kind = "json" if any(part in operation.path for part in JSON_ALONE) else "form"
    return Place(
        host=api.host,
        method=operation.method,
        path=operation.path,
        prefixes=_prefixes(operation.path, {}),
        query=fields if reads else (),
        form=() if reads else fields,
        kind="file" if operation.path.endswith("/Media") else kind,
    )


def _place(
    specification: dict[str, Any], host: str, method: str, path: str, said: dict[str, Any]
) -> Place:
    content = said.get("requestBody", {}).get("content", {})
    form = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
    required = form.get("required", ())
    given = {
        where: [
            _field(specification, each["name"], each["schema"], each.get("required", False))
            for each in said.get("parameters", ())
            if each.get("in") == where
        ]
        for where in ("path", "query")
    }
    return Place(
        host=host,
        method=method,
        path=path,
        prefixes=_prefixes(path, {field.name: field.prefix for field in given["path"]}),
        query=tuple(given["query"]),
        form=tuple(
            _field(specification, name, schema, name in required)
            for name, schema in form.get("properties", {}).items()
        ),
        kind="json" if "application/json" in content else "form",
    )


def _field(specification: dict[str, Any], name: str, schema: Any, required: bool) -> Field:
    described = schema.get("items", schema)
    if "$ref" in described:
        named = described["$ref"].rpartition("/")[2]
        described = specification["components"]["schemas"][named]
    prefix = re.match(r"\^([A-Z]{2})\[0-9a-fA-F\]", described.get("pattern", ""))
    return Field(
        name=name,
        kind=schema.get("type", "string"),
        form=described.get("format", ""),
        choices=tuple(map(str, described.get("enum", ()))),
        prefix=prefix[1] if prefix else "",
        required=required,
    )


def _prefixes(path: str, said: dict[str, str]) -> tuple[str, ...]:
    return tuple(
        said.get(found[1])
        or UNSAID.get(found[1])
        or UNSAID.get(path[: found.start()].split("/")[-2], "")
        for found in PLACEHOLDER.finditer(path)
    )
