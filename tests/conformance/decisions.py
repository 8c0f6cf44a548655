"""What is decided in Verify, Lookup, Sync, Conversations v2, Memory, Knowledge and Studio because
no source says it, read off the code: each statement that calls itself so, with the name of what it
stands at."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PACKAGE = Path(__file__).parents[2] / "emulator/twilio_emulator"

PLACES = (
    *(
        f"*/{wing}/**/*.py"
        for wing in (
            "verify",
            "lookup",
            "sync",
            "sync_product",
            "orchestrator",
            "memory",
            "knowledge",
            "studio",
        )
    ),
    "core/kernel/bad_requests.py",
    "core/kernel/long_runs.py",
    "wire/json_*.py",
    "wire/token_pages.py",
    "wire/twilio_hosts.py",
    "runtime/numbering.py",
)
"""Where decisions of these products stand."""

DECIDED = re.compile(r"\bdecided\b(?! (?:by|before)\b)", re.IGNORECASE)

_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_HEAD = re.compile(r"^(?:- |Raises: Refused: )")
_BEGINNING = re.compile(r"^decided:\s*", re.IGNORECASE)


class Decision(NamedTuple):
    """A statement.

    Attributes:
        file: where it stands, from the package on.
        name: of what it stands at; empty for a rule of the whole file.
        text: what is decided.
    """

    file: str
    name: str
    text: str


def decisions() -> list[Decision]:
    """All of them, by file."""
    files = sorted({file for place in PLACES for file in PACKAGE.glob(place)})
    return [decision for file in files for decision in _of_file(file)]


def of_source(source: str, file: str) -> list[Decision]:
    """Those of one file."""
    tree = ast.parse(source)
    found = [*_docstrings(tree, ""), *_comments(source, tree)]
    return [
        Decision(file, name, _BEGINNING.sub("", statement))
        for name, text in found
        for statement in _statements(text)
        if DECIDED.search(statement)
    ]


def _of_file(file: Path) -> list[Decision]:
    return of_source(file.read_text(), file.relative_to(PACKAGE).as_posix())


def _docstrings(node: ast.AST, name: str) -> Iterator[tuple[str, str]]:
    """Every text that stands as a statement, with the name of what it is about."""
    before = name
    for each in getattr(node, "body", ()):
        if isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant):
            if isinstance(each.value.value, str):
                yield before, each.value.value
        elif isinstance(each, _NAMED):
            inner = f"{name}.{each.name}" if name else each.name
            yield from _docstrings(each, inner)
        before = _assigned(each) or before


def _assigned(statement: ast.stmt) -> str:
    """The name that a statement gives a value."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement]
    target = targets[0].target if isinstance(targets[0], ast.AnnAssign) else targets[0]
    return target.id if isinstance(target, ast.Name) else ""


def _comments(source: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Comments, those that follow each other as one, with the name of what they stand in."""
    block: list[str] = []
    last = -1
    name = ""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line, words = token.start[0], token.string.lstrip("#: ")
        alone = token.line.lstrip().startswith("#")
        if block and not (alone and line == last + 1):
            yield name, " ".join(block)
            block = []
        if not block:
            name = _enclosing(tree, line)
        block.append(words)
        last = line if alone else -1
    if block:
        yield name, " ".join(block)


def _enclosing(tree: ast.Module, line: int) -> str:
    """What a line belongs to: a name of the file; the next one for a line between two."""
    for each in tree.body:
        name = each.name if isinstance(each, _NAMED) else _assigned(each)
        if name and line <= (each.end_lineno or each.lineno):
            return name
    return ""


def _statements(text: str) -> list[str]:
    """A docstring's paragraphs and points, each in a line."""
    points = re.split(r"\n\s*\n|\n\s*(?=- )|\n\s*(?=(?:Args|Attributes|Raises|Returns):\n)", text)
    return [_HEAD.sub("", " ".join(point.split())) for point in points]
