"""Whether a condition can hold: it is tried, as the engine would, on every value that can make a difference to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from math import prod
from typing import Any

from jinja2 import nodes

from voyaltis_flow.script.models import Flow, Point
from voyaltis_flow.script.templates import condition

MOST_TRIALS = 2_000
"""Combinations of values that are tried. A condition with more of them is taken on trust."""

_TELLING_FILTERS = frozenset(
    {"length", "count", "default", "d", "lower", "upper", "trim", "int", "float", "abs", "round"}
)
"""What these make of a value, the values below bring out."""
_RECKONING = (nodes.Add, nodes.Sub, nodes.Neg, nodes.Concat)
_LONGEST = 200
_MOST_NAMED = 3
"""Products whose numbers are told apart; a condition that names more is taken on trust."""
_FILLER = "…"
_BY_PRODUCT = ("quantities", "amounts")
_ABSENT: Any = object()


class Trial:
    """A condition of a point, and the values that can make a difference."""

    def __init__(self, flow: Flow, point: Point, tree: nodes.Expr) -> None:
        self._flow, self._point, self._tree = flow, point, tree

    def can_hold(self) -> bool:
        """False only where it is sure that it can't."""
        if isinstance(self._tree, nodes.Name):
            return self._tree.name != self._point.id
        names = list(named_points(self._flow, self._tree))
        choices = [self._values(name) for name in names]
        spent = self._budgets() if "budget" in self._names else [{}]
        if not self._is_plain or prod(map(len, choices)) * len(spent) > MOST_TRIALS:
            return True
        tried = condition(self._point.when or "")
        combined = (dict(zip(names, values, strict=True)) for values in product(*choices))
        known = ({name: value for name, value in values.items() if value is not _ABSENT} for values in combined)
        return any(tried.holds({**values, **budget}) for values in known for budget in spent)

    @cached_property
    def _nodes(self) -> list[nodes.Node]:
        return [self._tree, *self._tree.find_all(nodes.Node)]

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(node.name for node in self._nodes if isinstance(node, nodes.Name))

    @cached_property
    def _points(self) -> list[Point]:
        return [point for name in named_points(self._flow, self._tree) if (point := self._flow.point(name))]

    @property
    def _is_plain(self) -> bool:
        """Whether it does nothing that the values below may not bring out."""
        filters = {node.name for node in self._nodes if isinstance(node, nodes.Filter)}
        reckons = any(isinstance(node, _RECKONING) for node in self._nodes)
        counts = any(isinstance(node, nodes.Getitem) and _is_number(node.arg) for node in self._nodes)
        taken = {id(node.node) for node in self._nodes if isinstance(node, nodes.Getattr | nodes.Getitem)}
        wholly = any(getattr(node, "name", None) == "points" and id(node) not in taken for node in self._nodes)
        described = any(point.type == "schema" for point in self._points)
        large = any(number >= _LONGEST for number in self._numbers) and bool({"length", "count"} & filters)
        many = len(self._texts) > _MOST_NAMED and any(point.type in _BY_PRODUCT for point in self._points)
        return not (large or many) and filters <= _TELLING_FILTERS and not (reckons or counts or wholly or described)

    # --- what is compared with

    @cached_property
    def _numbers(self) -> list[float]:
        """Those that are written, and those that bound the points."""
        written = [node.value for node in self._nodes if _is_number(node)]  # type: ignore[attr-defined]
        bounds = [bound for point in self._points for bound in (point.minimum, point.maximum, point.max_items)]
        return [*written, *(bound for bound in bounds if bound is not None)]

    @cached_property
    def _texts(self) -> list[str]:
        """Those that are written, as texts or as names of parts, and those that the points choose from."""
        parts = [node.attr for node in self._nodes if isinstance(node, nodes.Getattr)]
        written = [node.value for node in self._nodes if isinstance(node, nodes.Const) and isinstance(node.value, str)]
        options = [option.id for point in self._points for option in point.options]
        return list(dict.fromkeys([*written, *parts, *options]))

    @cached_property
    def _lengths(self) -> list[int]:
        """Lengths on both sides of each number."""
        near = {1, 2, *(int(number) + step for number in self._numbers for step in (-1, 0, 1))}
        return sorted(length for length in near if 1 <= length <= _LONGEST)

    # --- what a point may hold

    def _values(self, name: str) -> list[Any]:
        point = self._flow.point(name)
        if point is None or point is self._point:
            return [_ABSENT]
        return [*_VALUES[point.type](self, point), _ABSENT]

    def _numbers_near(self, point: Point) -> list[float]:
        low = float("-inf") if point.minimum is None else point.minimum
        high = float("inf") if point.maximum is None else point.maximum
        near = {0, 1, 2, *(number + step for number in self._numbers for step in (-1, -0.5, 0, 0.5, 1))}
        return sorted(number for number in near if low <= number <= high)

    def _strings(self, point: Point) -> list[str]:
        lengths = [text + _FILLER * (length - len(text)) for text in ("", *self._texts) for length in self._lengths]
        figures = [f"{number + step:g}" for number in self._numbers for step in (-1, 0, 1)]
        return [*self._texts, *lengths, *figures, "0001-01-01", "9999-12-31"]

    def _lists(self, point: Point) -> list[list[str]]:
        lengths = [length for length in self._lengths if point.max_items is None or length <= point.max_items]
        return [
            [*texts, *[_FILLER] * (length - len(texts))] for length in lengths for texts in self._beginnings(length)
        ]

    def _beginnings(self, length: int) -> Iterator[list[str]]:
        yield []
        yield from ([text] for text in self._texts)
        if 1 < len(self._texts) <= length:
            yield self._texts

    def _by_product(self, point: Point) -> list[dict[str, float]]:
        """Each of the products that are named with each number, or without, and up to so many others beside."""
        numbers = [_ABSENT, *self._numbers_near(point)]
        named = [
            {text: number for text, number in zip(self._texts, told, strict=True) if number is not _ABSENT}
            for told in product(numbers, repeat=len(self._texts))
        ]
        others = [{f"{_FILLER}{n}": 1.0 for n in range(length)} for length in (0, *self._lengths)]
        return [{**some, **beside} for some in named for beside in others if some or beside]

    # --- what is spent

    def _budgets(self) -> list[dict[str, Any]]:
        limit = self._flow.budget
        minutes = [
            {"spent": spent, "of": limit.minutes, "left": _left(limit.minutes, spent)} for spent in self._moments()
        ]
        questions = [
            {"spent": spent, "of": limit.questions, "left": limit.questions - spent}
            for spent in range(limit.questions + 1)
        ]
        return [{"budget": {"questions": one, "minutes": other}} for one in questions for other in minutes]

    def _moments(self) -> Iterable[float]:
        limit = self._flow.budget.minutes or 0
        near = {0, *(n + step for number in self._numbers for n in (number, limit - number) for step in (-1, 0, 1))}
        return sorted(moment for moment in near if 0 <= moment <= (limit or 240))


_VALUES: Mapping[str, Any] = {
    "choice": lambda trial, point: [option.id for option in point.options],
    "yes_no": lambda trial, point: [True, False],
    "number": Trial._numbers_near,
    "text": Trial._strings,
    "date": Trial._strings,
    "list": Trial._lists,
    "products": Trial._lists,
    "quantities": Trial._by_product,
    "amounts": Trial._by_product,
    "schema": lambda trial, point: [],
}


def named_points(flow: Flow, tree: nodes.Expr) -> dict[str, int]:
    """The points that a condition names (`sales`, `points.sales`), each with where it first does."""
    found: dict[str, int] = {}
    for node in [tree, *tree.find_all((nodes.Name, nodes.Getattr, nodes.Getitem))]:
        name = _named(node)
        if name is not None and flow.point(name):
            found.setdefault(name, node.lineno)
    return found


def _named(node: nodes.Node) -> str | None:
    """What a name, or a part of `points`, is the name of."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr(node=nodes.Name(name="points")):
            return node.attr
        case nodes.Getitem(node=nodes.Name(name="points"), arg=nodes.Const() as part):
            return str(part.value)
    return None


def _is_number(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _left(limit: float | None, spent: float) -> float | None:
    return None if limit is None else max(0.0, limit - spent)
