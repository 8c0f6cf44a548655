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

import emulator

pytestmark = pytest.mark.soak

LENGTH = 20_000
SECONDS = 2  # of the processor; what goes back needs minutes, and what does not some milliseconds
CALLS = {"compile", "match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split"}


def own() -> Iterator[tuple[str, str]]:
    """The patterns in our modules, by where they stand."""
    (folder,) = emulator.__path__
    for module in sorted(Path(folder).rglob("*.py")):
        for call in ast.walk(ast.parse(module.read_text())):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "re"
                and call.func.attr in CALLS
                and isinstance(call.args[0], ast.Constant)
            ):
                said = call.args[0].value
                where = f"{module.name}:{call.lineno}"
                yield where, said if isinstance(said, str) else str(said, "latin-1")


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
    for where, said in found:
        pattern = re.compile(said, re.DOTALL)
        for text in texts(said, dice):
            begun = time.process_time()
            pattern.fullmatch(text)
            pattern.search(text)
            if time.process_time() - begun > SECONDS:
                slow.append((where, text[:20], text[-3:]))
                break
    assert not slow
