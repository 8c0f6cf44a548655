"""Writes docs/control-api.md, from the calls that the server declares, and the list of
scenarios/README.md, from the files beside it.

`python -m tests.conformance.coverage` writes both with its own; a test holds that they are as they
would be written.
"""

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from tests.control.declared import controls, openapi
from tests.control.lived_in import Made, lived_in
from tests.examples.snippets import ROOT
from twilio_emulator.control.routes import ControlCall
from twilio_emulator.play import library
from twilio_emulator.server.app import CONTROL
from twilio_emulator.settings import VERSION

PAGE = ROOT / "docs/control-api.md"
SCENARIOS = ROOT / "scenarios"

HEAD = """\
# The control API

What Twilio has no API for: phones, the clock, the carrier, faults, and everything that went on.
The console, the fixtures and scenarios have no other way to them.

- Calls are below `{control}`, JSON both ways. `GET {control}` lists them, and
  `GET {control}/openapi.json` says everything of each as OpenAPI 3.1, of which clients are made.
- Every call takes `?account=AC...`; without it it is about the default account.
- What is wrong with a call is said in one line: `{{"status": 400, "message": "..."}}`. A name or a
  value that is unknown is answered with those that are known; `code` is Twilio's, where a rule of
  Twilio's refuses.
- A list that holds more than it shows has `next`, the call that shows what follows.
- Any program that reaches the port may call; a page only from our own origin, and only by a `Host`
  that a stranger must not see.

The answers below are those of one account, and are shortened where it says `…`.

| | |
| --- | --- |
"""

LONGEST = 90
"""Characters of a text in an answer that is shown."""

LONGEST_BODY = 800
"""Characters of a body that is shown; of a longer one its outline is."""

MOST = 12
"""Fields of an object without a declared shape that are shown."""

MOST_LINES = 48
"""Lines of an answer that are shown."""

VOLATILE = (
    (re.compile(r"(trust/)[0-9a-f]{16}"), r"\g<1>0123456789abcdef"),
    (re.compile(r'("milliseconds": )\d+'), r"\g<1>2"),
    (re.compile(r'("seconds": )[0-9.]+'), r"\g<1>0.02"),
    (re.compile(r"eyJ[\w.-]+…?"), "eyJhbGciOiJIUzI1NiJ9…"),
    (re.compile(rf'("version": )"{re.escape(VERSION)}"'), r'\g<1>"…"'),
)
"""What is not the same each time in an answer, or not for long."""


def segment(call: ControlCall) -> str:
    """The first segment of a call's path."""
    return call.path.strip("/").partition("/")[0]


def page(section_of: Callable[[ControlCall], str]) -> str:
    """The page of the control API, with the section of each call."""
    groups = [
        (name, list(group))
        for name, group in groupby(sorted(controls().calls, key=segment), key=segment)
    ]
    lines = [HEAD.format(control=CONTROL).rstrip("\n")]
    for name, _ in groups:
        title = name or "emulator"
        anchor = title.replace(".", "")
        lines.append(f"| [{title}](#{anchor}) | {controls().about[name]} |")
    for name, group in groups:
        lines += ["", f"## {name or 'emulator'}", "", controls().about[name]]
        for call in group:
            lines += ["", section_of(call)]
    return "\n".join([*lines, *_shapes(), ""])


def section(call: ControlCall, examples: list[Made]) -> str:
    """What a call takes and answers, and its examples as they were made."""
    return "\n".join([*_described(call), *_shown(examples)])


def section_on(text: str, call: ControlCall) -> str:
    """The same, as a page shows it."""
    heading = re.escape(_heading(call))
    (found,) = re.findall(rf"^{heading}\n.*?(?=\n\n##)", text, re.DOTALL | re.MULTILINE)
    return str(found)


def _heading(call: ControlCall) -> str:
    return f"### `{call.method} {call.path or '/'}`"


async def make(call: ControlCall) -> list[Made]:
    """Make the examples of a call, each in an account of its own."""
    made = []
    for example in call.examples or (None,):
        async with lived_in() as house:
            made.append(await house.make(call, example))
    return made


def _described(call: ControlCall) -> Iterator[str]:
    operation = openapi()["paths"][call.path or "/"][call.method.lower()]
    yield from (_heading(call), "", call.summary, "")
    for each in operation["parameters"]:
        if "$ref" not in each:
            where = "in the path" if each["in"] == "path" else "in the query"
            yield _field(each["name"], each["schema"], each["description"], where)
    for schema in _bodies(operation):
        for name, field in schema["properties"].items():
            needed = name in schema.get("required", ())
            words = field.get("description", "")
            yield _field(name, field, words, "in the body" + (", needed" if needed else ""))
    answers = [
        f"{status}{_of(said)}"
        for status, said in operation["responses"].items()
        if "$ref" not in said
    ]
    yield f"- Answers {'; '.join(answers)}"


def _bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    for each in schema.get("anyOf", [schema]):
        if "$ref" in each:
            each = openapi()["components"]["schemas"][each["$ref"].rpartition("/")[2]]
        if "properties" in each:
            yield each


def _field(name: str, schema: dict[str, Any], words: str, where: str) -> str:
    default = schema.get("default")
    usually = "" if default in (None, "") else f"; {json.dumps(default)} unless given"
    return f"- `{name}` ({kind(schema)}, {where}{usually}): {words}"


def kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in schema:
        return f"`{schema['$ref'].rpartition('/')[2]}`"
    if "enum" in schema:
        shown = [f"`{each}`" for each in schema["enum"] if each is not None]
        return " or ".join(shown) + (" or null" if None in schema["enum"] else "")
    if "anyOf" in schema:
        return " or ".join(map(kind, schema["anyOf"]))
    if schema.get("type") == "array":
        return f"list of {kind(schema['items'])}" if "items" in schema else "pair"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"object of {kind(schema['additionalProperties'])}"
    types = schema.get("type", "anything")
    return " or ".join(types) if isinstance(types, list) else str(types)


def _of(response: dict[str, Any]) -> str:
    content = response.get("content", {})
    words = response["description"]
    for content_type, said in content.items():
        if content_type != "application/json":
            return f": `{content_type}`"
        if "$ref" in said["schema"] or "anyOf" in said["schema"]:
            shape = kind(said["schema"])
            return f": {words}" if shape == "`Mistake`" else f": {shape}"
    return f": {words}"


def _shown(examples: list[Made]) -> list[str]:
    lines: list[str] = []
    for number, made in enumerate(examples):
        lines += ["", "```", *_request(made)]
        if number == 0:
            lines += _answer(made)
        lines.append("```")
    return lines


def _request(made: Made) -> list[str]:
    lines = [f"{made.method} {CONTROL}{made.target}"]
    if isinstance(made.body, str):
        lines += made.body.rstrip("\n").split("\n")
    elif made.body is not None:
        line = json.dumps(shortened(made.body), ensure_ascii=False)
        if len(line) > LONGEST_BODY:
            outline = {
                name: "…" if isinstance(value, dict | list) else value
                for name, value in made.body.items()
            }
            line = json.dumps(outline, ensure_ascii=False)
        lines.append(_steady(line))
    return lines


def _answer(made: Made) -> list[str]:
    lines = ["", f"→ {made.status}"]
    if isinstance(made.answer, str):
        text = made.answer.rstrip("\n").split("\n")
        lines += [_steady(each[:LONGEST]) for each in text[:MOST]]
        return lines + (["…"] if len(text) > MOST else [])
    if made.answer is None:
        return lines
    whole = _steady(json.dumps(shortened(made.answer), indent=2, ensure_ascii=False)).split("\n")
    return [*lines, *whole[:MOST_LINES], *(["…"] if len(whole) > MOST_LINES else [])]


def _steady(text: str) -> str:
    for pattern, instead in VOLATILE:
        text = pattern.sub(instead, text)
    return text


def shortened(value: Any, depth: int = 0) -> Any:
    """An answer as it is shown: lists have one entry, and long texts an end."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if isinstance(value, list):
        return [shortened(each, depth + 1) for each in value[:1]] + ["…"] * (len(value) > 1)
    if isinstance(value, dict):
        most = MOST if depth > 2 else 40
        kept = list(value.items())[:most]
        rest = {"…": "…"} if len(value) > most else {}
        return {name: shortened(each, depth + 1) for name, each in kept} | rest
    return value


def _shapes() -> Iterator[str]:
    yield from ("", "## Shapes", "", "What is answered, and what bodies hold.")
    for name, schema in openapi()["components"]["schemas"].items():
        if "properties" not in schema:
            continue
        yield from ("", f"### `{name}`", "", schema["description"].replace("\n", " "), "")
        for each, field in schema["properties"].items():
            absent = "" if each in schema.get("required", ()) else ", may be absent"
            words = field.get("description", "")
            yield f"- `{each}` ({kind(field)}{absent})" + (f": {words}" if words else "")


def scenarios() -> str:
    """The page of the shipped scenarios, each with what the head of its file says."""
    head = (SCENARIOS / "README.md").read_text().partition("\n| ")[0].rstrip("\n")
    rows = ["", "| Name | What happens |", "| --- | --- |"]
    for path in sorted(SCENARIOS.glob(f"*{library.SUFFIX}")):
        name = path.name.removesuffix(library.SUFFIX)
        rows.append(f"| [{name}]({path.name}) | {purpose(path)} |")
    return "\n".join([head, *rows]) + "\n"


def purpose(path: Path) -> str:
    """What the comment on top of a scenario says."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)


def write() -> None:
    """Write both pages."""
    PAGE.write_text(page(lambda call: section(call, asyncio.run(make(call)))))
    (SCENARIOS / "README.md").write_text(scenarios())
