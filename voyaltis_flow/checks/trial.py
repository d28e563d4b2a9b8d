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
_LONGEST = 200
_FILLER = "…"
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
    def _is_plain(self) -> bool:
        """Whether it does nothing that the values below may not bring out."""
        filters = {node.name for node in self._nodes if isinstance(node, nodes.Filter)}
        points = [self._flow.point(name) for name in named_points(self._flow, self._tree)]
        wholly = any(isinstance(node, nodes.Name) and node.name == "points" for node in self._bare)
        return filters <= _TELLING_FILTERS and not wholly and all(point and point.type != "schema" for point in points)

    @cached_property
    def _bare(self) -> list[nodes.Node]:
        """The names of which no part is taken."""
        taken = {id(node.node) for node in self._nodes if isinstance(node, nodes.Getattr | nodes.Getitem)}
        return [node for node in self._nodes if id(node) not in taken]

    # --- what is compared with

    @cached_property
    def _numbers(self) -> list[float]:
        written = [node.value for node in self._nodes if isinstance(node, nodes.Const)]
        return [value for value in written if isinstance(value, int | float) and not isinstance(value, bool)]

    @cached_property
    def _texts(self) -> list[str]:
        parts = [str(node.attr) for node in self._nodes if isinstance(node, nodes.Getattr)]
        written = [node.value for node in self._nodes if isinstance(node, nodes.Const)]
        return list(dict.fromkeys([*(text for text in written if isinstance(text, str)), *parts]))

    @cached_property
    def _lengths(self) -> list[int]:
        """Lengths on both sides of each number that is written."""
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
        steps = (-1, -0.5, 0, 0.5, 1)
        near = {0, 1, 2, *(number + step for number in self._numbers for step in steps)}
        bounds = {bound for bound in (point.minimum, point.maximum) if bound is not None}
        return sorted(bounds | {number for number in near if low <= number <= high})

    def _strings(self, point: Point) -> list[str]:
        return [*self._texts, *(_FILLER * length for length in self._lengths)]

    def _dates(self, point: Point) -> list[str]:
        return [*self._texts, "0001-01-01", "9999-12-31"]

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
        numbers = self._numbers_near(point)
        keys = self._beginnings(_LONGEST)
        some = [dict.fromkeys(texts, number) for texts in keys for number in numbers if texts]
        return [*some, *({f"{_FILLER}{n}": 1.0 for n in range(length)} for length in self._lengths)]

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
    "date": Trial._dates,
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


def _left(limit: float | None, spent: float) -> float | None:
    return None if limit is None else max(0.0, limit - spent)
