"""Every regular expression of our own, on long texts made to have it go back: none takes longer
than in proportion to the text."""

import ast
import re
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random

import pytest

import twilio_emulator

pytestmark = pytest.mark.soak

LENGTH = 20_000
SECONDS = 2  # of the processor; what goes back needs minutes, and what does not some milliseconds
SEARCHES = {"search", "sub", "subn", "findall", "finditer", "split"}


def modules() -> Iterator[tuple[str, ast.AST]]:
    (folder,) = twilio_emulator.__path__
    for module in sorted(Path(folder).rglob("*.py")):
        yield module.name, ast.parse(module.read_text())


def own() -> Iterator[tuple[str, str, bool]]:
    """The patterns in our modules, by where they stand, and whether they are looked for in a text,
    which may then begin anywhere."""
    searched = {
        name
        for _, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr in SEARCHES
        for name in (getattr(node.value, "id", None), getattr(node.value, "attr", None))
    }
    for name, module in modules():
        called = {
            id(node.value): target.id
            for node in ast.walk(module)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(module):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "re"
                and call.func.attr in {"compile", "match", "fullmatch", *SEARCHES}
                and isinstance(call.args[0], ast.Constant)
            ):
                said = call.args[0].value
                method = call.func.attr
                is_searched = method in SEARCHES or called.get(id(call), "") in searched
                where = f"{name}:{call.lineno}"
                yield where, said if isinstance(said, str) else str(said, "latin-1"), is_searched


def texts(pattern: str, dice: Random) -> Iterator[str]:
    """Long texts of what the pattern is about: a beginning, a piece many times, an end."""
    words = re.findall(r"[A-Za-z]+", pattern)
    pieces = [" ", "a", "1", "-", ".", "/", ":", "{", "}", "$", "#", "\n", "\t", "é", "\\", "é "]
    pieces += [*words, *re.findall(r"[^\w\s]", pattern)]
    pieces += ["a1", "1.", "a ", " a", "1 ", " texts: ", "{{", "${", "http://", "a.", ": ", " #"]
    begins = ["", *words, "- ", "{{", "${", "/", "http://", "1", "+", '"', "P", "- Ann texts: a"]
    ends = ["", "!", "\x00", "}", "\n", "x"]
    every = list(product(begins, pieces, ends))
    for begin, piece, end in dice.sample(every, min(60, len(every))):
        yield begin + piece * (LENGTH // len(piece)) + end


def test_none_goes_back() -> None:
    dice = Random(1)
    slow = []
    found = list(own())
    assert len(found) > 50
    assert any(searched for _, _, searched in found)
    for where, said, is_searched in found:
        pattern = re.compile(said, re.DOTALL)
        for text in texts(said, dice):
            begun = time.process_time()
            pattern.fullmatch(text)
            if is_searched:
                pattern.search(text)
            if time.process_time() - begun > SECONDS:
                slow.append((where, text[:20], text[-3:]))
                break
    assert not slow
