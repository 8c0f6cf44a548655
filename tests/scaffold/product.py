"""A product that is begun: an empty wing, an API without operations, their tests.

It is switched on at once: the wing stands in `core/wings.py`, in the layers of `pyproject.toml`
and in the picture of `ARCHITECTURE.md`, the API in `products.py`. Until it has operations, every
path of it is Twilio's 404.
"""

import keyword
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

PACKAGE = "emulator/twilio_emulator"
LINE = 100
LONGEST = 24
"""Letters of a name: with more, the lines of an import get too long."""

OWN = {
    f"{PACKAGE}/core/$name/__init__.py": '"""$Title: the rules."""\n',
    f"{PACKAGE}/core/$name/resources.py": '"""The records and tables of $title."""\n',
    f"{PACKAGE}/core/$name/wing.py": '''"""$Title, as a part of the rules."""

from twilio_emulator.core.kernel.wing import Wing

$NAME = Wing(name="$name")
''',
    f"{PACKAGE}/rest/$name/__init__.py": '"""$Title by REST."""\n',
    f"{PACKAGE}/rest/$name/look.py": '"""The keys that answers about $title have."""\n',
    f"{PACKAGE}/rest/$name/v1.py": '''"""https://$host/v1 as a table of operations."""

from twilio_emulator.wire.operations import Api

api = Api("$host", "v1")
''',
    "tests/core/test_$name.py": '''"""The rules of $title."""

from twilio_emulator.core import wings
from twilio_emulator.core.$name.wing import $NAME


def test_a_world_has_the_wing() -> None:
    assert $NAME in wings.WINGS
''',
    "tests/rest/test_$name.py": '''"""$Title by REST, as Twilio's own library sees it."""

from collections.abc import Callable
from typing import Any

from twilio_emulator.products import APIS
from twilio_emulator.rest.$name.v1 import api


def test_the_api_is_switched_on() -> None:
    assert api in APIS


def test_a_path_that_it_does_not_have_is_not_found(ask: Callable[..., tuple[int, Any]]) -> None:
    status, answer = ask("GET", "https://$host/v1/Nothing")
    assert (status, answer["code"]) == (404, 20404)
''',
}
"""Its own files: path and text, with names to fill in."""


class Unsuitable(Exception):
    """No product can be begun like this; the text is one line."""


@dataclass(frozen=True)
class Plan:
    """What is to be written, by path.

    Attributes:
        written: new files.
        changed: files that are there, with their new text.
    """

    written: Mapping[Path, str]
    changed: Mapping[Path, str]


def plan(root: Path, name: str) -> Plan:
    """A product of this name in the tree that begins at `root`.

    Raises:
        Unsuitable: the name cannot be one, something of the name is there already, or the tree is
            not as it is expected to be.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or len(name) > LONGEST:
        raise Unsuitable(
            f"NAME={name}: expected a name such as NAME=verify: small letters, digits, single "
            f"underscores between them, at most {LONGEST}"
        )
    if keyword.iskeyword(name):
        raise Unsuitable(f"NAME={name}: expected another name; this is a word of Python's")
    names = {
        "name": name,
        "NAME": name.upper(),
        "title": name.replace("_", " "),
        "Title": name.replace("_", " ").capitalize(),
        "host": f"{name.replace('_', '-')}.twilio.com",
    }
    written = {
        root / Template(path).substitute(names): Template(text).substitute(names)
        for path, text in OWN.items()
    }
    package = root / PACKAGE
    taken = [package / "core" / name, package / "core" / f"{name}.py", package / "rest" / name]
    for path in (*taken, package / "rest" / f"{name}.py", *written):
        if path.exists():
            raise Unsuitable(f"NAME={name}: {path.relative_to(root)} is there already")
    changes: dict[Path, Callable[[str], str]] = {
        package / "core/wings.py": lambda text: _in_wings(text, names),
        package / "products.py": lambda text: _in_products(text, names),
        root / "pyproject.toml": lambda text: _in_contracts(text, names),
        root / "ARCHITECTURE.md": lambda text: _in_picture(text, names),
    }
    changed = {}
    for path, change in changes.items():
        try:
            changed[path] = change(path.read_text(encoding="utf-8"))
        except (OSError, Unsuitable) as why:
            raise Unsuitable(f"NAME={name}: {path.relative_to(root)}: {why}") from None
    return Plan(written, changed)


def write(planned: Plan) -> None:
    """Write all of it."""
    for path, text in (*planned.written.items(), *planned.changed.items()):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def _in_wings(text: str, names: Mapping[str, str]) -> str:
    """The wing after all others, so that it may use what they have."""
    text = _import(text, f"core.{names['name']}.wing", names["NAME"])
    return _append(text, "WINGS", names["NAME"])


def _in_products(text: str, names: Mapping[str, str]) -> str:
    if re.search(rf"^{names['NAME']} = ", text, re.MULTILINE):
        raise Unsuitable(f"{names['NAME']} is there already")
    text = _import(text, f"rest.{names['name']}", f"v1 as {names['name']}_v1")
    product = f"{names['NAME']} = Product(apis=({names['name']}_v1.api,))\n\n"
    return _append(
        text.replace("\nPRODUCTS = (", f"\n{product}PRODUCTS = (", 1), "PRODUCTS", names["NAME"]
    )


def _in_contracts(text: str, names: Mapping[str, str]) -> str:
    """The wing beside the highest ones; the REST folder among those that do not know each other."""
    beside = re.compile(
        r'(containers = \["twilio_emulator\.core"\].*?layers = \[\n    "wings",\n    "[^"\n]*)',
        re.S,
    )
    text, once = beside.subn(rf"\1 | {names['name']}", text, count=1)
    if not once:
        raise Unsuitable("expected the layers of twilio_emulator.core, from wings down")
    listed = re.compile(r'(?<=modules = \[\n)(?:    "twilio_emulator\.rest\.\w+",\n)+(?=\])')
    found = listed.search(text)
    if not found:
        raise Unsuitable("expected the folders of twilio_emulator.rest that do not know each other")
    lines = sorted([*found[0].splitlines(), f'    "twilio_emulator.rest.{names["name"]}",'])
    return text[: found.start()] + "\n".join(lines) + "\n" + text[found.end() :]


def _in_picture(text: str, names: Mapping[str, str]) -> str:
    """The wing in the first line of the wings."""
    first = "\n```\ncore/"
    if first not in text:
        raise Unsuitable("expected the picture of the wings, each in a line that begins with core/")
    line = f"core/{names['name']}/".ljust(22) + f"{names['title']}: nothing yet"
    return text.replace(first, f"\n```\n{line}\ncore/", 1)


def _import(text: str, module: str, what: str) -> str:
    """With an import of the package's, in the order of the others."""
    line = f"from twilio_emulator.{module} import {what}\n"
    others = list(re.finditer(r"^from (twilio_emulator\.[\w.]+) import ", text, re.MULTILINE))
    if not others:
        raise Unsuitable("expected imports of twilio_emulator")
    later = (each.start() for each in others if each[1] > f"twilio_emulator.{module}")
    place = next(later, None) or text.index("\n\n", others[-1].start()) + 1
    return text[:place] + line + text[place:]


def _append(text: str, constant: str, value: str) -> str:
    """With one more value at the end of a tuple."""
    found = re.search(rf"^{constant} = \(([\w\s,]+)\)$", text, re.MULTILINE)
    if not found:
        raise Unsuitable(f"expected {constant} = (...), a tuple of names")
    values = [*(each.strip() for each in found[1].split(",") if each.strip()), value]
    line = f"{constant} = ({', '.join(values)})"
    if len(line) > LINE or ",\n)" in found[0]:
        line = "\n".join([f"{constant} = (", *(f"    {each}," for each in values), ")"])
    return text[: found.start()] + line + text[found.end() :]
