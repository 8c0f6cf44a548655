"""The small faults that can be made in a module, each named by its place and what it changes."""

import ast
import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}

SHOWN = 90
"""Characters of code in the name of a change; a larger expression is named by its part only."""


@dataclass(frozen=True)
class Mutant:
    """One fault in one place."""

    path: Path
    function: str
    """Dotted, without the module; empty for what stands outside any function or class."""
    change: str
    line: int
    number: int
    """Its place among the faults of its module."""
    text: str
    """The source of the function or statement that holds it."""
    lines: tuple[int, int]
    """The lines of the changed part."""
    statement: tuple[int, int]
    names: tuple[str, ...]
    """What it is called by whoever uses it, where it runs at import and not in a test."""

    @property
    def key(self) -> str:
        """The same however the lines and folders around it move."""
        return f"{self.path.name} {self.function or '-'} {self.change}"

    def rank(self, seed: str) -> bytes:
        """Where it stands in the order of a seed: it stays in a sample when other code changes."""
        return hashlib.sha256(f"{seed} {self.key}".encode()).digest()


@dataclass
class _Place:
    function: str = ""
    names: tuple[str, ...] = ()
    top: ast.AST | None = None
    statement: ast.stmt | None = None
    inside: bool = False


class _Finder:
    """Walks a tree, and changes the part whose number is asked for."""

    def __init__(self, wanted: int | None = None) -> None:
        self.wanted = wanted
        self.found: list[tuple[ast.AST, str, _Place]] = []

    def offer(self, shown: ast.AST, before: str, after: str, place: _Place) -> bool:
        """Note a change; true where it is the one to make."""
        if len(before) > SHOWN:
            before, after = before[:SHOWN] + "…", after[:SHOWN] + "…"
        self.found.append((shown, f"{before} -> {after}", place))
        return len(self.found) - 1 == self.wanted

    def body(self, statements: list[ast.stmt], place: _Place) -> None:
        for index, statement in enumerate(statements):
            here = copy.copy(place)
            here.statement = statement
            if not place.inside:
                here.names = place.names + tuple(_assigned(statement))
                if here.top is None or not place.function:
                    here.top = statement
            self.statement(statements, index, here)

    def statement(self, statements: list[ast.stmt], index: int, place: _Place) -> None:
        statement = statements[index]
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.function(statement, place)
            case ast.ClassDef():
                inner = copy.copy(place)
                inner.function = f"{place.function}.{statement.name}".lstrip(".")
                inner.names = (statement.name,)
                self.body(statement.body, inner)
            case ast.If(test=ast.Name(id="TYPE_CHECKING")) | ast.Import() | ast.ImportFrom():
                return
            case ast.AnnAssign():
                if statement.value is not None:
                    self.expression(statement.value, statement, place)
            case ast.Expr(value=ast.Constant()):
                return
            case ast.Expr(value=ast.Call() | ast.Await(value=ast.Call())):
                before = ast.unparse(statement)
                if self.offer(statement, before, "dropped", place):
                    statements[index] = ast.copy_location(ast.Pass(), statement)
                    return
                self.children(statement, place)
            case ast.If() | ast.While():
                self.negate(statement, place)
                self.children(statement, place)
            case _:
                self.children(statement, place)

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, place: _Place) -> None:
        inner = copy.copy(place)
        inner.function = f"{place.function}.{node.name}".lstrip(".")
        if not place.inside:
            inner.top = node
            inner.names = (node.name,)
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.expression(default, node.args, inner)
        inner = copy.copy(inner)
        inner.inside = True
        self.body(node.body, inner)

    def negate(self, node: ast.If | ast.While | ast.IfExp, place: _Place) -> None:
        test = node.test
        if isinstance(test, ast.Constant) or _turning_negates(test):
            return
        word = {"If": "if", "While": "while"}.get(type(node).__name__, "… if")
        if self.offer_not(test, word, place):
            node.test = _not(test)

    def offer_not(self, test: ast.expr, word: str, place: _Place) -> bool:
        before = ast.unparse(test)
        return self.offer(test, f"{word} {before}", f"not ({before})", place)

    def children(self, node: ast.AST, place: _Place) -> None:
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list"):
                continue
            if isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    self.body(value, place)
                    continue
                for one in value:
                    if isinstance(one, ast.AST):
                        self.expression(one, node, place)
            elif isinstance(value, ast.AST):
                self.expression(value, node, place)

    def expression(self, node: ast.AST, parent: ast.AST, place: _Place) -> None:
        match node:
            case ast.Constant():
                self.constant(node, parent, place)
                return
            case ast.Compare():
                self.turn(node, place)
            case ast.IfExp():
                self.negate(node, place)
            case ast.comprehension():
                for index, test in enumerate(node.ifs):
                    if self.offer_not(test, "for … if", place):
                        node.ifs[index] = _not(test)
            case ast.match_case(guard=ast.expr() as guard):
                if self.offer_not(guard, "case … if", place):
                    node.guard = _not(guard)
            case ast.keyword(arg="strict"):
                return
        self.children(node, place)

    def turn(self, node: ast.Compare, place: _Place) -> None:
        before = ast.unparse(node)
        for index, operator in enumerate(node.ops):
            ops = list(node.ops)
            ops[index] = TURNED[type(operator)]()
            turned = ast.Compare(node.left, ops, node.comparators)
            if self.offer(node, before, ast.unparse(turned), place):
                node.ops = ops
                return

    def constant(self, node: ast.Constant, parent: ast.AST, place: _Place) -> None:
        if isinstance(parent, ast.JoinedStr):
            return
        value: object
        match node.value:
            case bool():
                value = not node.value
            case int() | float():
                value = node.value + 1
            case str() if len(node.value) == 1:
                value = chr(ord(node.value) + 1)
            case _:
                return
        before, old = _shown(parent, node), node.value
        node.value = value
        after = _shown(parent, node)
        if not self.offer(node, before, after, place):
            node.value = old


def _turning_negates(test: ast.expr) -> bool:
    ordering = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
    return (
        isinstance(test, ast.Compare)
        and len(test.ops) == 1
        and not isinstance(test.ops[0], ordering)
    )


def _not(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


def _shown(parent: ast.AST, node: ast.Constant) -> str:
    if isinstance(parent, ast.expr | ast.keyword | ast.stmt):
        shown = ast.unparse(parent)
        if len(shown) <= SHOWN and "\n" not in shown:
            return shown
    return ast.unparse(node)


def _assigned(statement: ast.stmt) -> Iterator[str]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                yield node.id


def _span(node: ast.AST) -> tuple[int, int]:
    first = getattr(node, "lineno", 1)
    return first, getattr(node, "end_lineno", None) or first


def mutants(path: Path) -> list[Mutant]:
    """Every fault that can be made in a module, in its order."""
    source = path.read_text()
    rows = source.splitlines()
    tree = ast.parse(source)
    finder = _Finder()
    finder.body(tree.body, _Place())
    found: list[Mutant] = []
    seen: dict[tuple[str, str], int] = {}
    for number, (node, change, place) in enumerate(finder.found):
        again = seen[place.function, change] = seen.get((place.function, change), 0) + 1
        assert place.statement is not None
        first, last = _span(place.top or place.statement)
        found.append(
            Mutant(
                path=path,
                function=place.function,
                change=change if again == 1 else f"{change} #{again}",
                line=getattr(node, "lineno", place.statement.lineno),
                number=number,
                text="\n".join(rows[first - 1 : last]),
                lines=_span(node),
                statement=_span(place.statement),
                names=() if place.inside else place.names,
            )
        )
    return found


def mutated(mutant: Mutant) -> ast.Module:
    """The module with that fault in it."""
    tree = ast.parse(mutant.path.read_text())
    _Finder(mutant.number).body(tree.body, _Place())
    return ast.fix_missing_locations(tree)
