"""The small ways in which a module can be broken: one change to its code each, at one place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

Change = Callable[[ast.AST], ast.AST | None]
"""The changed node for a node, or None where this change does not apply."""

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_OTHER: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}


@dataclass(frozen=True, slots=True)
class Site:
    """A place where a module may be changed, and how. `place` counts the nodes that do something."""

    path: Path
    place: int
    change: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """A module with one change. `line` and `what` tell where and how, `source` is all of it."""

    path: Path
    line: int
    what: str
    source: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}"


def sites(root: Path, path: Path) -> Iterator[Site]:
    """Every site of a file. Annotations, decorators and docstrings are none: they do nothing at run time."""
    for place, node in enumerate(_working(_parsed(root, path))):
        for name, change in CHANGES.items():
            if change(deepcopy(node)) is not None:
                yield Site(path, place, name)


def mutant(root: Path, site: Site) -> Mutant:
    """The module with the change of a site."""
    tree = _parsed(root, site.path)
    node = list(_working(tree))[site.place]
    before, changed = _short(node), CHANGES[site.change](deepcopy(node))
    assert changed is not None, "a site is a place where the change applies"
    source = ast.unparse(ast.fix_missing_locations(_Put(node, changed).visit(tree)))
    return Mutant(site.path, node.lineno, f"{site.change}: {before} → {_short(changed)}", source)


def _parsed(root: Path, path: Path) -> ast.Module:
    return ast.parse((root / path).read_text(encoding="utf-8"))


def _compare(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.Compare) or type(node.ops[0]) not in _TURNED:
        return None
    node.ops[0] = _TURNED[type(node.ops[0])]()
    return node


def _join(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.BoolOp):
        return None
    node.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
    return node


def _without_not(node: ast.AST) -> ast.AST | None:
    return node.operand if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) else None


def _turned_condition(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.If | ast.IfExp) or isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
        return None
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return node


def _number(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.Constant) or type(node.value) not in (int, float):
        return None
    return ast.copy_location(ast.Constant(node.value + 1), node)


def _truth(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, bool):
        return None
    return ast.copy_location(ast.Constant(not node.value), node)


def _arithmetic(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.BinOp) or type(node.op) not in _OTHER:
        return None
    node.op = _OTHER[type(node.op)]()
    return node


def _nothing_returned(node: ast.AST) -> ast.AST | None:
    if not isinstance(node, ast.Return) or node.value is None or isinstance(node.value, ast.Constant):
        return None
    return ast.copy_location(ast.Return(ast.Constant(None)), node)


def _left_out(node: ast.AST) -> ast.AST | None:
    """A call or an assignment to something else's part that is not done."""
    call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    assigns = isinstance(node, ast.Assign | ast.AugAssign) and isinstance(
        node.targets[0] if isinstance(node, ast.Assign) else node.target, ast.Attribute | ast.Subscript
    )
    return ast.copy_location(ast.Pass(), node) if call or assigns else None


CHANGES: dict[str, Change] = {
    "compares otherwise": _compare,
    "and for or": _join,
    "no not": _without_not,
    "the other branch": _turned_condition,
    "one more": _number,
    "true for false": _truth,
    "calculates otherwise": _arithmetic,
    "returns nothing": _nothing_returned,
    "does not do it": _left_out,
}


def _working(tree: ast.AST) -> Iterator[ast.expr | ast.stmt]:
    """The nodes of a tree that do something, in an order that is the same for a copy of it."""
    for name, value in ast.iter_fields(tree):
        if name in ("annotation", "returns", "decorator_list", "type_comment"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.expr | ast.stmt):
                yield child
            if isinstance(child, ast.AST):
                yield from _working(child)


class _Put(ast.NodeTransformer):
    """Puts one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self._new if node is self._old else super().generic_visit(node)


def _short(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 60 else f"{text[:59]}…"
