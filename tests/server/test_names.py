"""Names in the package: a class name means one thing."""

import ast
from collections import defaultdict
from pathlib import Path

from twilio_emulator import settings

SOURCE = Path(settings.__file__).parent


def test_no_class_name_means_two_things() -> None:
    places = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(f"{path.relative_to(SOURCE)}:{node.lineno}")
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
