"""The faults that `make mutants` makes."""

import ast
from pathlib import Path

import pytest

from tests.mutants.changes import mutants, mutated

SOURCE = '''"""Shops."""

OPEN = range(9, 18)

class Shop:
    """One shop."""

    closed: bool = False

    def sells(self, hour, *, least=1):
        """Whether it does."""
        if OPEN[0] <= hour < OPEN[-1] and not self.closed:
            self.note("sold", hour)
        return hour == 9 if least > 1 else f"{hour:2}"
'''


WHEN = "OPEN[0] <= hour < OPEN[-1] and (not self.closed)"


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_text(SOURCE)
    return path


def test_what_can_be_wrong_in_a_module(module: Path) -> None:
    assert [(each.function, each.change) for each in mutants(module)] == [
        ("", "range(9, 18) -> range(10, 18)"),
        ("", "range(9, 18) -> range(9, 19)"),
        ("Shop", "closed: bool = False -> closed: bool = True"),
        ("Shop.sells", "1 -> 2"),
        (
            "Shop.sells",
            f"if {WHEN} -> not ({WHEN})",
        ),
        ("Shop.sells", "OPEN[0] <= hour < OPEN[-1] -> OPEN[0] < hour < OPEN[-1]"),
        ("Shop.sells", "OPEN[0] <= hour < OPEN[-1] -> OPEN[0] <= hour <= OPEN[-1]"),
        ("Shop.sells", "OPEN[0] -> OPEN[1]"),
        ("Shop.sells", "-1 -> -2"),
        ("Shop.sells", "self.note('sold', hour) -> dropped"),
        ("Shop.sells", "… if least > 1 -> not (least > 1)"),
        ("Shop.sells", "least > 1 -> least >= 1"),
        ("Shop.sells", "least > 1 -> least > 2"),
        ("Shop.sells", "hour == 9 -> hour != 9"),
        ("Shop.sells", "hour == 9 -> hour == 10"),
    ]


def test_each_is_another_module(module: Path) -> None:
    found = [ast.unparse(mutated(each)) for each in mutants(module)]
    assert len({ast.unparse(ast.parse(SOURCE)), *found}) == len(found) + 1


def test_a_sample_stays_where_the_code_does(module: Path) -> None:
    before = {each.key: each.rank("1") for each in mutants(module)}
    module.write_text(SOURCE.replace('"""Shops."""\n', '"""Shops."""\n\nCLOSED = 0\n'))
    after = {each.key: each.rank("1") for each in mutants(module)}
    assert after == {**after, **before}
    assert len(after) == len(before) + 1
